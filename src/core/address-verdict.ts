/**
 * Whether what was heard was said to the model: the state of the dialogue, the wording, the sound against the speaker who was answered
 * so far and the language model's vote are weighed together. A pure function of the evidence, so that it can be tested as a table.
 */
import { type PeopleCue, peopleCues } from './address-people.js'
import { isPlainStatement } from './address-statement.js'
import { assistantNames, isAboutStranger, type WordingCue, wordingCues } from './address-wording.js'
import { type HeardVoice, voiceWeight } from './voices.js'

export interface AddressEvidence {
  readonly text: string
  readonly system: string
  /** From the end of the model's last words to the beginning of these; absent = the model has not spoken yet. */
  readonly sinceMs?: number
  /** What the model said last; empty = nothing. */
  readonly lastWords: string
  /** What the user said last that was answered; empty = nothing. */
  readonly lastHeard: string
  /** Of these words; the wording of others than English and Spanish says little. */
  readonly language: string
  /** Turns since then that were said to somebody else. */
  readonly overheard: number
  readonly sound?: RelativeSound
  /** Against the voices that the model has answered; absent = not known, or too little speech to tell. */
  readonly voice?: Omit<HeardVoice, 'activity'>
  /** How much likelier the words are after the exchange than among people, natural logarithm for a token; absent = not asked, or not known yet. */
  readonly expected?: number
  /** The language model's lead for "yes" over "no", in logits; absent = not asked, or not known yet. */
  readonly vote?: number
}

/** Against the speaker whom the model has answered. */
export interface RelativeSound {
  /** Louder is positive. */
  readonly levelDb: number
  /** Absent = not measured. */
  readonly pitchSemitones?: number
  /** From where others were overheard before. */
  readonly amongOthers?: boolean
}

export type AddressCue =
  | WordingCue
  | PeopleCue
  | 'first-words'
  | 'running'
  | 'resting'
  | 'answer'
  /** A sentence that takes up nothing of the exchange, asks nothing and speaks of neither "me" nor "you". */
  | 'plain-statement'
  | 'aside'
  | 'distant'
  | 'other-voice'
  | 'vote'
  | 'instruction'
  | 'direct-question'
  /** The model's own words, out of a loudspeaker. */
  | 'echo'
  /** Nothing was said: what the user wished to be told of was seen. */
  | 'seen'

export interface AddressVerdict {
  readonly addressed: boolean
  /** Log-odds. */
  readonly lead: number
  /** What spoke for it or against it, the weightiest first. */
  readonly why: readonly AddressCue[]
  /** How alike the voice was to those that were answered; absent = not known. */
  readonly likeness?: number
}

/** After so long an exchange is over. */
export const EXCHANGE_MS = 20_000
/** Who thinks about an answer before the next question is still in the exchange, unless somebody else has spoken in the meantime. */
const THOUGHT_MS = 45_000
/** Beyond this the wording speaks for itself, and the language model is not asked. */
export const SURE = 2.2

/** So alike it is plainly the same voice (test/models/speaker). */
const SAME_VOICE = 0.8

/** Log-odds that each cue adds. */
const WORDING: Readonly<Record<WordingCue, number>> = {
  called: 4,
  mentioned: -3,
  'other-called': -3.5,
  question: 0.8,
  request: 1.5,
  'second-person': 0.4,
  thanks: 1.2,
  'in-the-room': -2,
  'about-others': -1.2,
  broadcast: -2.5,
  'to-oneself': -2,
}
const PEOPLE: Readonly<Record<PeopleCue, number>> = {
  'deed-asked': -2.5,
  'you-told': -2,
  yours: -2,
  hands: -2,
  'joint-plan': -2,
  hearsay: -1,
  'asks-oneself': -2.5,
  unrelated: -0.8,
}
/** What weighs so much is plainly said to people: beside it a question is none for the model. */
const PLAINLY = -2
/** About somebody who was not spoken of. */
const ABOUT_STRANGERS = -2.2
const FIRST_WORDS = 1.5
/** Right after the model's words; it fades until the exchange is over. */
const RUNNING = 1
const RESTING = -1.2
/** The model has asked, and this may be the answer. */
const ANSWER = 2
/** So soon most answers and follow-ups begin. */
const PROMPT_MS = 6_000
const PLAIN_STATEMENT = -1.6
/** Each turn that went to somebody else, up to two. */
const ASIDE = -0.5
/** How much of the vote counts, and how much at most. */
const VOTE = 0.6
const MOST_VOTE = 2.5

/** Fitted with the sum of the other evidence on test/models/addressee situations and household; and where it speaks neither way, drawn for recall. */
const EXPECTED = 1.75
const AS_LIKELY = 0.65

export function judgeAddress(evidence: AddressEvidence): AddressVerdict {
  const { text, system, sinceMs, lastWords, lastHeard, language, overheard, vote } = evidence
  const heard = soundWeights(evidence)
  const alike = evidence.voice && { likeness: evidence.voice.likeness }
  const cues = wordingCues(text, assistantNames(system))
  const weights = new Map<AddressCue, number>()
  for (const cue of cues) weights.set(cue, WORDING[cue])
  const isReadable = WORDING_KNOWN.has(language.slice(0, 2))
  const exchange = `${lastHeard} ${lastWords}`
  const among =
    isReadable && !cues.has('called') && sinceMs !== undefined
      ? peopleCues(text, language, cues.has('question'), exchange)
      : NOBODY
  for (const cue of among) weights.set(cue, PEOPLE[cue])
  const forPeople = [...among].some((cue) => PEOPLE[cue] <= PLAINLY)
  if (cues.has('about-others') && isAboutStranger(text, exchange))
    weights.set('about-others', ABOUT_STRANGERS)
  const runs = sinceMs !== undefined && sinceMs < EXCHANGE_MS
  const asked = runs && /[?？]["'”’»)\]]*\s*$/.test(lastWords)
  if (sinceMs === undefined) weights.set('first-words', FIRST_WORDS)
  else if (runs) weights.set(asked ? 'answer' : 'running', faded(asked ? ANSWER : RUNNING, sinceMs))
  else weights.set('resting', RESTING)
  if (isReadable && sinceMs !== undefined && isPlainStatement(text, cues, { lastWords, lastHeard }))
    weights.set('plain-statement', PLAIN_STATEMENT)
  if (overheard > 0) weights.set('aside', ASIDE * Math.min(2, overheard))
  for (const [cue, weight] of heard) weights.set(cue, weight)
  if (vote !== undefined) weights.set('vote', clamp(VOTE * vote, MOST_VOTE))
  if (evidence.expected !== undefined)
    weights.set('vote', clamp(EXPECTED * (evidence.expected - AS_LIKELY), MOST_VOTE))
  // Once somebody is called by name, "you" and a question are for them.
  if (forPeople || cues.has('other-called') || cues.has('mentioned')) {
    for (const cue of ['question', 'request', 'second-person'] as const) weights.delete(cue)
  }
  if (cues.has('request') && !forPeople) weights.delete('broadcast')
  const lead = [...weights.values()].reduce((sum, weight) => sum + weight, 0)
  const why = [...weights]
    .filter(([, weight]) => weight !== 0)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
  const reasons = why.map(([cue]) => cue)
  const thought = sinceMs !== undefined && sinceMs < THOUGHT_MS && overheard === 0
  if ((runs || thought) && isDirectQuestion(cues) && !forPeople && !isElsewhere(evidence, heard.length))
    return { addressed: true, lead: Math.max(lead, SURE), why: ['direct-question', ...reasons], ...alike }
  return { addressed: lead > 0, lead, why: reasons, ...alike }
}

const NOBODY: ReadonlySet<PeopleCue> = new Set()

const WORDING_KNOWN = new Set(['en', 'es'])

/** From the full weight to that of a resting exchange. */
function faded(weight: number, sinceMs: number): number {
  const over = Math.max(0, sinceMs - PROMPT_MS) / (EXCHANGE_MS - PROMPT_MS)
  return weight + over * (RESTING - weight)
}

/** A question in a running exchange is never ignored, unless it names who else it is for. */
function isDirectQuestion(cues: ReadonlySet<WordingCue>): boolean {
  if (!cues.has('question')) return false
  const away = (['other-called', 'mentioned', 'broadcast', 'to-oneself', 'in-the-room'] as const).some(
    (cue) => cues.has(cue),
  )
  return !away
}

/** Plainly somebody else's voice from afar; or as far away as others were before, and not plainly the voice that was answered. */
function isElsewhere({ sound, voice }: AddressEvidence, soundCues: number): boolean {
  return soundCues >= 2 || (sound?.amongOthers === true && (voice?.likeness ?? 0) < SAME_VOICE)
}

/** Sentences of one speaker were up to 3.9 semitones and 3.6 dB apart: less says nothing. */
export const OTHER_VOICE_SEMITONES = 4.5

/** What the encoder says of the voice goes before its pitch. */
function soundWeights({ sound, voice }: AddressEvidence): readonly (readonly [AddressCue, number])[] {
  const weights: [AddressCue, number][] = []
  const unlike = voice ? voiceWeight(voice) : 0
  if (unlike < 0) weights.push(['other-voice', unlike])
  if (!sound) return weights
  if (sound.levelDb < -7) weights.push(['distant', Math.max(-2, 0.25 * (sound.levelDb + 3))])
  const apart = Math.abs(sound.pitchSemitones ?? 0)
  if (!voice && apart > OTHER_VOICE_SEMITONES) weights.push(['other-voice', -Math.min(2, 0.4 * (apart - 2))])
  return weights
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value))
}

/** Where the instruction says when the model may speak, what it makes of that decides. */
export function judgePermission(vote: number): AddressVerdict {
  const lead = vote - NOT_ALLOWED
  return { addressed: lead > 0, lead, why: ['instruction'] }
}

/** The language model's lead from which on it is taken for a yes, between the two kinds of test/models/addressee/practice.jsonl. */
const NOT_ALLOWED = -0.2

/** "Only speak when …", "stay silent unless …": whether the model may speak is a question of its own then. */
const LIMITS = [
  /\b(?:only|just|solely|never|don't|do not)\b[^.]{0,40}\b(?:speak|talk|answer|respond|reply|say anything|interrupt)\b[^.]{0,40}\b(?:when|if|about|unless|to|questions|until)\b/i,
  /\b(?:speak|talk|answer|respond|reply)\b[^.]{0,20}\b(?:only|solely|unless)\b/i,
  /\b(?:stay|remain|be|keep) (?:silent|quiet)\b|\bsay nothing\b|\bignore (?:everything|anything|all|whatever)\b/i,
  /\b(?:solo|sólo|solamente|únicamente|nunca|no)\b[^.]{0,30}\b(?:habl\w+|respond\w+|contest\w+|digas nada|intervén|intervengas)[^.]{0,40}(?:\bsi\b|\bcuando\b|\bsobre\b|\bsalvo\b|\ba menos que\b|\bpreguntas\b|\bhasta\b)/iu,
  /\b(?:habla|responde|contesta)\b[^.]{0,20}(?:\bsolo\b|\bsólo\b|\bsolamente\b|\búnicamente\b)/iu,
  /\b(?:guarda|mantén|permanece en) silencio\b|\bqu[eé]date callad[oa]\b|\bcállate\b|\bno digas nada\b|\bignora (?:todo|cualquier|lo demás)/iu,
]

export function limitsSpeaking(system: string): boolean {
  return LIMITS.some((pattern) => pattern.test(system))
}
