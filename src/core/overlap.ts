/**
 * The user makes sounds while the model is heard. Output stops at once; the words then tell an interruption from an "mm-hm", a cough or the
 * model's own echo, their level tells the user from a television, and it ends for good or goes on at the same sample. An overlap ends with
 * the response it began in: what the user says after that is a turn as any other.
 */

import { type Assent, type Heard, isAssentStill, withAssent } from './assent.js'
import { MIXED_PRE_ROLL_MS, PRE_ROLL_MS } from './config.js'
import { PLAIN_ECHO_WORDS } from './echo.js'
import type { Effect } from './effects.js'
import type { ActivityId } from './events.js'
import type { Speaking } from './floor.js'
import { isFarVoice, softness } from './own-voice.js'
import { isPlayedBack, isUnlikePlayed } from './played-back.js'
import { begunText, heardText, playoutEnd } from './playout.js'
import * as response from './response.js'
import type { Session } from './session-state.js'
import {
  countWords,
  isApartFromSigns,
  isDoubtful,
  isFarFromSign,
  isHardlySign,
  isOrder,
  isPlainOrder,
  isSpeltSign,
  judgeSpeech,
  mayBeBeginning,
  type SpokenOver,
  type Verdict,
} from './spoken-over.js'
import { withoutActivity } from './turn.js'
import { isOtherVoice } from './voices.js'

/** Suspicion may stop output for so long: then it is decided by what is known. */
export const DECIDE_MS = 500
/** Once more, where the words heard by then leave doubt, or there are none yet. */
const DOUBT_MS = 300
/** Where words are in doubt, or a sign of listening goes on ("right, so which bus …"), they are waited for so often. */
const MOST_DOUBTS = 3
/**
 * Speech after its onset that is enough for a first guess at the words: of 20 barge-ins 14 were understood from 350 ms, and 9 from 260. With 0.2 s for
 * the recognition the guess is there in time.
 */
const FIRST_WORDS_MS = 256
/** The words are asked for again after so much speech: in its first second, and while it goes on. */
const SOON_WORDS_MS = 256
const NEXT_WORDS_MS = 640
const SOON_MS = 1_000
/** By then the voice was compared, if it can be. */
const VOICE_MS = 1_600
/** Words of the model that may come back as an echo: those played this long before. */
const ECHO_MS = 12_000

/**
 * far: words of somebody else, by their level and voice. soft: words, softer than the user was, of a voice that is not known yet.
 * beginning: one word that may be the beginning of another. doubtful: a few that were hardly understood, and may become a sign of listening.
 */
type OverlapVerdict = Verdict | 'far' | 'soft' | 'beginning' | 'doubtful'

export interface Overlap {
  readonly activity: ActivityId
  readonly response: number
  /** Nothing leaves until it is decided, at the latest when the timer runs out. */
  readonly paused: boolean
  /** So many times it has been stopped for longer, since it was in doubt. */
  readonly doubts?: number
  /** Audio at which it was suspected, and from which on words are asked for, ms. */
  readonly onsetMs: number
  readonly askMs: number
  /** What the last words were taken for; absent while none have come. */
  readonly verdict?: OverlapVerdict
  /** How sure the last guess was, where it was at words in doubt that are plainly no sign of listening. */
  readonly doubtSureness?: number
  /** The sign of listening that was understood last. */
  readonly assent?: Assent
  /** Words of the model's own that were heard back; `echoDoubted`: what was heard after them is something else. */
  readonly echoWords?: number
  readonly echoDoubted?: true
  /** It began over the model itself, out of the user's loudspeaker: of its first words little can be understood, but somebody speaks. */
  readonly mixed?: true
  /** Loudest frame of speech, dBFS; absent where levels are not known. */
  readonly loudestDb?: number
}

/** Whether speech now would be heard over the model's own: a live listener hears an answer that its speech may interrupt. */
export function isTalkedOver({ config, output, stream }: Session): boolean {
  if (!config.interruptible || !config.floor.automatic || config.modality === 'TEXT') return false
  if (output.phase === 'silent' || output.clauses.length === 0) return false
  return stream.phase === 'flowing' && stream.live
}

export function beginOverlap(
  session: Session,
  at: number,
  effects: Effect[],
  activity: ActivityId,
  onsetMs: number,
  mixed = false,
): Session {
  const { output } = session
  if (output.phase === 'silent') return session
  const overlap = { activity, response: output.response, ...(mixed && { mixed }) }
  return { ...session, overlap: suspect(overlap, at, effects, onsetMs) }
}

/** Asks for the words of speech that goes on. To be called after every frame. */
export function askForWords(session: Session, at: number, effects: Effect[]): Session {
  const { floor } = session
  if (!session.overlap || floor.phase !== 'speaking' || floor.activity !== session.overlap.activity)
    return session
  const overlap = withLevel(session, session.overlap, floor, at, effects)
  const next = overlap === session.overlap ? session : { ...session, overlap }
  const toMs = floor.scoredMs
  if (floor.pause || toMs < overlap.askMs || isPlayedBack(session, overlap.activity)) return next
  effects.push({ type: 'guess-words', activity: overlap.activity, toMs })
  const isNew = toMs - overlap.onsetMs < SOON_MS && overlap.verdict !== 'far'
  const askMs = toMs + (isNew ? SOON_WORDS_MS : NEXT_WORDS_MS)
  return { ...next, overlap: { ...overlap, askMs } }
}

/** Where somebody near begins to speak over a voice from afar, it is suspected anew. */
function withLevel(
  session: Session,
  overlap: Overlap,
  { loudestDb, scoredMs }: Speaking,
  at: number,
  effects: Effect[],
): Overlap {
  if (loudestDb === undefined || loudestDb === overlap.loudestDb) return overlap
  const louder = { ...overlap, loudestDb }
  if (overlap.verdict !== 'far' || whoseVoice(session, louder) === 'far') return louder
  const { verdict: _, doubts: __, ...unknown } = louder
  return suspect(unknown, at, effects, scoredMs)
}

/** far: not the user's. Softer speech alone may be the user's who turned away, and a strange voice nearby may be a second user's: both are needed. */
function whoseVoice(session: Session, { activity, loudestDb, mixed }: Overlap): 'far' | 'own' | 'unknown' {
  const { voiceDb, voices } = session
  if (isFarVoice(loudestDb, voiceDb)) return 'far'
  const softerDb = softness(loudestDb, voiceDb)
  // Mixed with the model's own a voice is like nobody's.
  if (!voices?.kept || softerDb === 0 || mixed) return 'own'
  const isOther = isOtherVoice(session, activity, softerDb)
  return isOther === undefined ? 'unknown' : isOther ? 'far' : 'own'
}

/** The voice was compared: words that waited for it are decided. */
export function judgeVoice(session: Session, at: number, effects: Effect[]): Session {
  const { overlap } = session
  if (overlap?.verdict !== 'soft') return session
  const whose = whoseVoice(session, overlap)
  if (whose === 'own') return response.interrupt(session, at, effects)
  return whose === 'far' ? resume({ ...session, overlap: { ...overlap, verdict: whose } }, effects) : session
}

function suspect(
  overlap: Omit<Overlap, 'paused' | 'onsetMs' | 'askMs'>,
  at: number,
  effects: Effect[],
  onsetMs: number,
): Overlap {
  effects.push({ type: 'pause-response', response: overlap.response })
  effects.push({ type: 'set-timer', timer: 'barge-in', at: at + DECIDE_MS })
  return { ...overlap, paused: true, onsetMs, askMs: onsetMs + FIRST_WORDS_MS }
}

/** Words of the overlap. `final`: no more of them will come unless speech goes on. */
export function hearOverlap(
  session: Session,
  at: number,
  effects: Effect[],
  heard: Heard,
  final: boolean,
): Session {
  const { text, audioMs, sureness, lead } = heard
  const { overlap, output } = session
  if (!overlap || output.phase === 'silent') return session
  const { clauses } = output
  const speechMs = audioMs - (overlap.mixed ? MIXED_PRE_ROLL_MS : PRE_ROLL_MS)
  const over: SpokenOver = {
    played: begunText(clauses, at - ECHO_MS, at),
    wasAsked: /[?？]["'”’)]*$/.test(heardText(clauses, at)) && at >= playoutEnd(clauses) - DECIDE_MS,
    echoes: session.echoes ?? false,
    isUnlike: isUnlikePlayed(session, overlap.activity),
    isWhole: final,
    speechMs,
    ...(sureness !== undefined && { sureness }),
    ...(lead !== undefined && { lead }),
    language: session.language,
  }
  const asHeard = isPlayedBack(session, overlap.activity) ? 'echo' : judgeSpeech(text, over)
  const judged = asHeard === 'backchannel' && isWorseGuess(overlap, heard, final) ? 'words' : asHeard
  // Of what goes on the next guess tells: the client stays silent meanwhile.
  const isPlain = (final && isFarFromSign(text, session.language)) || isApartFromSigns(text, over)
  if (judged === 'words' && !isPlain && isAssentStill(overlap.assent, heard, final))
    return final ? resume(session, effects) : { ...session, overlap: { ...overlap, verdict: 'unsure' } }
  if (judged === 'words' && isEchoStill(overlap, text, sureness, final))
    return { ...session, overlap: { ...overlap, echoDoubted: true } }
  const heardFrom = judged === 'words' ? whoseVoice(session, overlap) : 'own'
  const whose = heardFrom === 'unknown' && isPlainOrder(text, sureness) ? 'own' : heardFrom
  const isFar = whose === 'far'
  // Once it is over, or has gone on for longer than any voice takes to be known, no more is learned of it.
  const isSoft = whose === 'unknown' && !final && speechMs < VOICE_MS
  const isBeginning = judged === 'words' && !final && mayBeBeginning(text, over)
  const begun = isBeginning && (isDoubtful(text, sureness) ? 'doubtful' : 'beginning')
  // A word that was understood is not taken back by a worse guess; what waited for its voice alone was understood.
  const isWorse = judged === 'unsure' || judged === 'noise'
  const waited = isWorse && overlap.verdict === 'soft'
  const isMeant = (judged === 'words' && !isFar && !isSoft && !isBeginning) || (waited && final)
  if (isMeant) return response.interrupt(session, at, effects)
  const held = begun || (isWorse && !final && isBegun(overlap.verdict) && overlap.verdict)
  // Words in doubt that go on were not nothing.
  const known =
    judged === 'noise' && !final && (overlap.verdict === 'unsure' || overlap.mixed) ? 'unsure' : judged
  const verdict: OverlapVerdict = isFar ? 'far' : held || (isSoft || waited ? 'soft' : known)
  const assent = judged === 'backchannel' && withAssent(overlap.assent, heard)
  const isDoubted = begun === 'doubtful' && isHardlySign(text, session.language)
  const doubtSureness = begun ? (isDoubted ? sureness : undefined) : overlap.doubtSureness
  const doubt = verdict === 'doubtful' && doubtSureness !== undefined && { doubtSureness }
  const { echoDoubted: _, doubtSureness: __, ...rest } = overlap
  const echo = judged === 'echo' && { echoWords: countWords(text) }
  const echoes = judged === 'echo' && countWords(text) >= PLAIN_ECHO_WORDS && { echoes: true as const }
  const next = {
    ...session,
    ...echoes,
    overlap: { ...rest, verdict, ...(assent && { assent }), ...echo, ...doubt },
  }
  const goesOn = !final && verdict === 'backchannel'
  return final || (overlap.doubts && isSettled(verdict) && !goesOn) ? resume(next, effects) : next
}

/** "Conwesa" for what was "con hueso" a moment before, and surer: in doubt, a sign of listening is what is spelt as one. */
function isWorseGuess({ doubtSureness }: Overlap, { text, sureness }: Heard, isWhole: boolean): boolean {
  if (!isWhole || doubtSureness === undefined || sureness === undefined) return false
  return sureness < doubtSureness && isDoubtful(text, sureness, isWhole) && !isSpeltSign(text)
}

/** Words of which more will tell. */
function isBegun(verdict: OverlapVerdict | undefined): boolean {
  return verdict === 'beginning' || verdict === 'doubtful'
}

/** No words of the user's, and none that may become such. */
function isSettled(verdict: OverlapVerdict | undefined): boolean {
  return verdict === 'noise' || verdict === 'echo' || verdict === 'backchannel' || verdict === 'far'
}

/** From so many words of its own on a guess that has others at its end is waited for once more. */
const LONG_ECHO_WORDS = 6

/** The end of what is heard is guessed ("Most visitors take a look at" for "take the small ferry"), and a moment later it is the model's own again. */
function isEchoStill(
  { echoWords = 0, echoDoubted }: Overlap,
  text: string,
  sureness: number | undefined,
  isWhole: boolean,
): boolean {
  return !isWhole && !echoDoubted && echoWords >= LONG_ECHO_WORDS && !isOrder(text, sureness)
}

/**
 * Time is up. What goes on nearby is waited for once more, whatever its first quarter of a second was taken for: of ten barge-ins three began as a
 * noise or as an echo ("how much", where the model had said "much"), and the answer went on for as long as their next words took. The client is silent already.
 * Then sound that has said nothing yet is taken for speech: being overheard is worse. Words that are in doubt still are waited for again: a hum would be over.
 */
export function decideOverlap(session: Session, at: number, effects: Effect[]): Session {
  const { overlap, floor } = session
  if (!overlap?.paused) return session
  const speaking = floor.phase === 'speaking' && floor.activity === overlap.activity ? floor : undefined
  if (!speaking || whoseVoice(session, overlap) === 'far') return resume(session, effects)
  const { verdict, doubts = 0 } = overlap
  // Behind "excuse me", say, the words of the pause decide.
  const isUnknown = isBegun(verdict) || verdict === 'soft' || verdict === 'unsure'
  const awaitsPause = speaking.pause && !speaking.pause.words && isUnknown
  const beganAsSign = verdict === 'beginning' && overlap.assent !== undefined
  const isOpen = verdict === 'unsure' || verdict === 'backchannel' || verdict === 'doubtful' || beganAsSign
  const awaitsMore = !speaking.pause && (doubts === 0 || (isOpen && doubts < MOST_DOUBTS))
  if (awaitsPause || awaitsMore) {
    effects.push({ type: 'set-timer', timer: 'barge-in', at: at + DOUBT_MS })
    return awaitsPause ? session : { ...session, overlap: { ...overlap, doubts: doubts + 1 } }
  }
  const isNothing = isSettled(verdict) || (verdict === 'unsure' && !overlap.mixed)
  return speaking.pause || isNothing ? resume(session, effects) : response.interrupt(session, at, effects)
}

/** The sound is over and was no interruption: nobody will answer it. */
export function dismissOverlap(session: Session, effects: Effect[]): Session {
  const { overlap, turn } = session
  if (!overlap) return session
  const { overlap: _, ...rest } = resume(session, effects)
  return { ...rest, turn: turn && withoutActivity(turn, overlap.activity) }
}

/** To be called after every event: an overlap does not outlive its response. */
export function endOverlap(session: Session, effects: Effect[]): Session {
  const { overlap, output } = session
  if (!overlap || (output.phase !== 'silent' && output.response === overlap.response)) return session
  if (overlap.paused) effects.push({ type: 'clear-timer', timer: 'barge-in' })
  const { overlap: _, ...rest } = session
  return rest
}

/** Whether this activity may still turn out to be nothing. */
export function overlaps(session: Session, activity: ActivityId): boolean {
  return session.overlap?.activity === activity
}

export function resume(session: Session, effects: Effect[]): Session {
  const { overlap } = session
  if (!overlap?.paused) return session
  effects.push({ type: 'clear-timer', timer: 'barge-in' })
  effects.push({ type: 'resume-response', response: overlap.response })
  return { ...session, overlap: { ...overlap, paused: false } }
}
