/**
 * Who has the floor, as far as the user's side goes: turns speech scores into the start, the possible end and the end of
 * an activity. It counts audio time only and knows nothing of responses, turns or the wire.
 */
import {
  BACKGROUND_AFTER_MS,
  BACKGROUND_BELOW_DB,
  type FloorSettings,
  PRE_ROLL_MS,
  RESCORE_MS,
  SILENT_BELOW_DB,
  VOTE_MS,
} from './config.js'
import { type Evidence, silenceNeededMs } from './endpointing.js'
import type { ActivityId } from './events.js'
import type { Foreseen } from './turn-end.js'

export type Floor =
  /** Nobody speaks; `onset` is a run of speech frames too short to count yet. */
  | { readonly phase: 'quiet'; readonly onset?: Onset }
  | Speaking
  /** Between the client's own activityStart and activityEnd. */
  | { readonly phase: 'marked'; readonly activity: ActivityId }

interface Onset {
  readonly fromMs: number
  readonly speechMs: number
  readonly loudestDb?: number
}

export interface Speaking {
  readonly phase: 'speaking'
  readonly activity: ActivityId
  readonly lastSpeechMs: number
  /** Where speech was last heard as loud as this speaker's. */
  readonly nearMs: number
  /** Loudest frame of speech, dBFS; absent where levels are not known. */
  readonly loudestDb?: number
  /** The newest frames, kept where voices are told apart by their level: whoever is nearer than who spoke before is somebody else. */
  readonly rise?: Rise
  /** Everything before this was scored. */
  readonly scoredMs: number
  /** The words up to here were asked for while speech went on, or learned in a pause; or here it began. */
  readonly askedMs: number
  /** A silence that may be the end; absent while speech goes on. */
  readonly pause?: Pause
}

export interface Rise {
  /** Frames of speech so far, up to the point from which the newest are kept. */
  readonly frames: number
  /** Loudest frame of speech before the newest ones, dBFS. */
  readonly beforeDb: number
  readonly newest: readonly { readonly startMs: number; readonly levelDb: number }[]
}

export interface Pause {
  /** Audio up to here was settled. It names the pause: words of another position belong to an earlier one. */
  readonly toMs: number
  /** What the activity will have said if it ends here; absent until the recogniser has answered. */
  readonly words?: Words
  /** Probability that the turn is complete, as it sounded last; absent without a turn detector. */
  readonly vote?: number
  /** What may follow the words, as the language model sees it; absent until it has read them. */
  readonly foreseen?: Foreseen
  /** Where it was last asked how it sounds. */
  readonly votedMs: number
  /** The silence was long enough to end the turn, which only waits for its answer to be made. */
  readonly due: boolean
}

/** What the recogniser heard in one activity. */
export interface Words {
  /** Empty where there were none: noise, a cough. */
  readonly text: string
  readonly language: string
  /** Length of the audio that was recognised. */
  readonly audioMs: number
}

export const QUIET: Floor = { phase: 'quiet' }

export type FloorDecision =
  | { readonly type: 'none' }
  | { readonly type: 'start'; readonly fromMs: number; readonly endMs: number; readonly loudestDb?: number }
  /** From here on somebody speaks who is nearer: another activity. */
  | { readonly type: 'nearer'; readonly fromMs: number; readonly endMs: number; readonly loudestDb: number }
  | { readonly type: 'soft-end'; readonly toMs: number }
  /** It is over as soon as its answer is made, or after `leastMs`. */
  | { readonly type: 'due' }
  /** Still silent: how does it sound now? */
  | { readonly type: 'score'; readonly toMs: number }
  | { readonly type: 'resume' }
  | { readonly type: 'end'; readonly toMs: number }

const NONE: FloorDecision = { type: 'none' }
/** A frame that is this much less likely than the threshold no longer counts as speech: hysteresis, as Silero advises. */
const HYSTERESIS = 0.15

export interface Score {
  readonly startMs: number
  readonly endMs: number
  readonly probability: number
  readonly levelDb?: number
}

/** How an activity ends just now. */
export interface FloorRules extends FloorSettings {
  /** After so much silence it may be over. */
  readonly softEndMs: number
  /** No turn ends before so much silence. */
  readonly leastMs: number
  /** A voice so much nearer than the one before begins an activity of its own; absent = all that is said belongs together. */
  readonly nearerDb?: number
  /** Speech so much softer than the speaker's is of the background. */
  readonly backgroundDb?: number
}

/** One scored frame. The caller applies the decision (`start` needs an id from it). */
export function hearFrame(floor: Floor, rules: FloorRules, score: Score): readonly [Floor, FloorDecision] {
  switch (floor.phase) {
    case 'marked':
      return [floor, NONE]
    case 'quiet':
      return hearQuiet(floor, rules, score)
    case 'speaking':
      if (score.probability < rules.speechThreshold - HYSTERESIS || isSilent(floor, score))
        return hearSilence({ ...floor, scoredMs: score.endMs }, rules)
      return hearVoice(withLevel(floor, score, rules), rules)
  }
}

function hearVoice(floor: Speaking, rules: FloorRules): readonly [Floor, FloorDecision] {
  return hearNearer(floor, rules) ?? hearSpeech(floor, rules)
}

function isSilent({ loudestDb }: Speaking, { levelDb }: Score): boolean {
  return levelDb !== undefined && loudestDb !== undefined && levelDb < loudestDb - SILENT_BELOW_DB
}

function withLevel(floor: Speaking, score: Score, rules: FloorRules): Speaking {
  const { startMs, endMs, levelDb } = score
  if (levelDb === undefined) return { ...floor, scoredMs: endMs, nearMs: endMs }
  const loudestDb = Math.max(floor.loudestDb ?? levelDb, levelDb)
  const isNear = levelDb >= loudestDb - (rules.backgroundDb ?? BACKGROUND_BELOW_DB)
  return {
    ...floor,
    scoredMs: endMs,
    loudestDb,
    nearMs: isNear ? endMs : floor.nearMs,
    ...(rules.nearerDb !== undefined && { rise: withFrame(floor, { startMs, levelDb }) }),
  }
}

function withFrame({ rise, loudestDb }: Speaking, frame: Rise['newest'][number]): Rise {
  const { levelDb } = frame
  const frames = rise?.frames ?? 0
  const beforeDb = rise?.beforeDb ?? loudestDb ?? levelDb
  if (frames < RISE_AFTER_FRAMES)
    return { frames: frames + 1, beforeDb: Math.max(beforeDb, levelDb), newest: [] }
  const newest = [...(rise?.newest ?? []), frame]
  const oldest = newest.length > RISE_FRAMES ? newest.shift() : undefined
  return { frames, beforeDb: Math.max(beforeDb, oldest?.levelDb ?? beforeDb), newest }
}

/** A voice far above what was heard before, for longer than a plosive: somebody nearer has begun to speak over it. */
function hearNearer(floor: Speaking, { nearerDb }: FloorRules): readonly [Floor, FloorDecision] | undefined {
  const { rise, loudestDb, scoredMs } = floor
  if (nearerDb === undefined || !rise || loudestDb === undefined) return undefined
  const near = rise.newest.filter(({ levelDb }) => levelDb >= rise.beforeDb + nearerDb)
  if (near.length < NEARER_FRAMES || loudestDb < rise.beforeDb + nearerDb) return undefined
  return [
    QUIET,
    { type: 'nearer', fromMs: near[0]!.startMs - NEARER_PRE_ROLL_MS, endMs: scoredMs, loudestDb },
  ]
}

/** Who is nearer is known after so many of the newest frames of speech. */
const RISE_FRAMES = 16
/** Everybody grows louder in the first 0.6 s of speech; a click or a breath before it, with silence between, is nobody's voice. */
const RISE_AFTER_FRAMES = 19
const NEARER_FRAMES = 4
/** A voice rises within a frame or two. */
const NEARER_PRE_ROLL_MS = 96

/** Speech far softer than the speaker's is that of the background once it has lasted: then it was silence since the speaker stopped. */
function hearSpeech(floor: Speaking, rules: FloorRules): readonly [Floor, FloorDecision] {
  const { nearMs, scoredMs } = floor
  // Where others were heard in the background, their next words are no going on of who pauses.
  const afterMs = floor.pause && rules.backgroundDb !== undefined ? 0 : BACKGROUND_AFTER_MS
  if (scoredMs - nearMs > afterMs)
    return hearSilence({ ...floor, lastSpeechMs: Math.min(floor.lastSpeechMs, nearMs) }, rules)
  const { pause, ...speaking } = floor
  return [{ ...speaking, lastSpeechMs: scoredMs }, pause ? { type: 'resume' } : NONE]
}

function hearSilence(floor: Speaking, rules: FloorRules): readonly [Floor, FloorDecision] {
  const { pause, scoredMs } = floor
  const [judged, decision] = judgeSilence(floor, rules)
  if (decision.type !== 'none') return [judged, decision]
  if (!pause) return scoredMs - floor.lastSpeechMs >= rules.softEndMs ? pauseHere(floor) : [floor, NONE]
  if (scoredMs - pause.votedMs < RESCORE_MS || isDecided(floor, pause, rules)) return [floor, NONE]
  return [
    { ...floor, pause: { ...pause, votedMs: scoredMs } },
    { type: 'score', toMs: scoredMs },
  ]
}

/** A vote that came after the end would say nothing, and take one of two cores from the answer. */
function isDecided(floor: Speaking, pause: Pause, { endpointing }: FloorRules): boolean {
  return silenceNeededMs(endpointing, evidenceOf(pause)) - silenceMs(floor) < VOTE_MS
}

/** What was learned in the pause (words, a vote, that the answer is made) may be what its end was waiting for. */
export function reconsider(floor: Speaking, rules: FloorRules): readonly [Floor, FloorDecision] {
  return floor.pause ? judgeSilence(floor, rules) : [floor, NONE]
}

function judgeSilence(
  floor: Speaking,
  { endpointing, leastMs }: FloorRules,
): readonly [Floor, FloorDecision] {
  const { scoredMs, pause } = floor
  const silence = silenceMs(floor)
  if (silence < silenceNeededMs(endpointing, evidenceOf(pause)))
    // It was due until more was learned.
    return [pause?.due ? { ...floor, pause: { ...pause, due: false } } : floor, NONE]
  // Not further than was settled: the words of a longer piece would have to be waited for again.
  if (silence >= leastMs) return [QUIET, { type: 'end', toMs: pause?.toMs ?? scoredMs }]
  if (!pause || pause.due) return [floor, NONE]
  return [{ ...floor, pause: { ...pause, due: true } }, { type: 'due' }]
}

function evidenceOf(pause: Pause | undefined): Evidence {
  const { words, vote, foreseen } = pause ?? {}
  return {
    ...(words && { text: words.text, language: words.language }),
    ...(vote !== undefined && { vote }),
    ...(foreseen && { foreseen }),
  }
}

const silenceMs = ({ scoredMs, lastSpeechMs }: Speaking): number => scoredMs - lastSpeechMs

/** The user may have finished: settles what was scored so far. */
export function pauseHere(floor: Speaking): readonly [Speaking, FloorDecision] {
  const { scoredMs, nearMs } = floor
  // What the background said meanwhile is not the speaker's.
  const toMs = scoredMs - nearMs > BACKGROUND_AFTER_MS ? nearMs + TAIL_MS : scoredMs
  return [
    { ...floor, pause: { toMs, votedMs: scoredMs, due: false } },
    { type: 'soft-end', toMs },
  ]
}

/** Kept behind the last frame that was near: a last consonant is soft. */
const TAIL_MS = 128

function hearQuiet(
  floor: Extract<Floor, { phase: 'quiet' }>,
  settings: FloorSettings,
  score: Score,
): readonly [Floor, FloorDecision] {
  const frameMs = score.endMs - score.startMs
  if (score.probability < settings.speechThreshold) {
    // One weak frame inside a run is a stop consonant, not the end of the run.
    const keep = floor.onset && score.probability >= settings.speechThreshold - HYSTERESIS
    return [keep ? floor : QUIET, NONE]
  }
  const onset = {
    fromMs: floor.onset?.fromMs ?? score.startMs,
    speechMs: (floor.onset?.speechMs ?? 0) + frameMs,
    ...loudest(floor.onset?.loudestDb, score.levelDb),
  }
  if (onset.speechMs < settings.onsetMs) return [{ phase: 'quiet', onset }, NONE]
  const { fromMs, loudestDb } = onset
  const heard = { endMs: score.endMs, ...loudest(loudestDb) }
  return [QUIET, { type: 'start', fromMs: Math.max(0, fromMs - PRE_ROLL_MS), ...heard }]
}

function loudest(...levels: readonly (number | undefined)[]): { readonly loudestDb?: number } {
  const known = levels.filter((level) => level !== undefined)
  return known.length === 0 ? {} : { loudestDb: Math.max(...known) }
}
