/**
 * Whether what was heard was said to the model: what speaks for it and against it is weighed together. A pure function of the evidence, so that
 * it can be tested as a table.
 */
import { type AddressEvidence, addressCues, type EvidenceCue, EXCHANGE_MS } from './address-cues.js'

export type AddressCue =
  | EvidenceCue
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
  /** A direct question that may be for anybody in the room: how likely it is here can speak against it. */
  readonly doubted?: true
}

/** Who thinks about an answer before the next question is still in the exchange, unless somebody else has spoken in the meantime. */
const THOUGHT_MS = 60_000
/** Beyond this the wording speaks for itself, and the language model is not asked. */
export const SURE = 1.8
/** And below this; nobody waits there, so that it may take more to be left alone. */
export const SURELY_NOT = -3
/** So alike it is plainly the same voice (test/models/speaker). */
const SAME_VOICE = 0.8

/**
 * Log-odds that each cue adds, of those that are measured in a unit for each of it. From a logistic regression with a ridge on 1,442 utterances of ten sets, each
 * judged by the weights of the other nine (docs/decisions/2026-11-who-is-addressed.md); rounded, and drawn for recall where an exchange is going on; length and rest
 * softened with the eleventh in view.
 * Asides, sound and the model's opinion, of which no set has any, are set by hand, and so are names and first words.
 */
const WEIGHTS: Readonly<Record<EvidenceCue, number>> = {
  called: 4.5,
  mentioned: -4,
  'other-called': -3.5,
  question: 0.3,
  request: 0.8,
  'second-person': -1.2,
  thanks: 1.8,
  'about-others': 0,
  broadcast: -1,
  'to-oneself': -1.5,
  'first-words': 1.2,
  running: 0.4,
  answer: 0.8,
  resting: -1.5,
  'plain-statement': -1.6,
  aside: -0.5,
  distant: 1.8,
  'other-voice': 1.4,
  phrasing: 0.4,
  length: -1.5,
  expected: 2.2,
  vote: 0.6,
}

/** Beyond these a cue that is measured says no more: how likely the words are, the language model's opinion, the phrasing, the length (3 and 12 words). */
const MOST_EXPECTED = 1.4
const MOST_VOTE = 4.2
const MOST_PHRASING = 6
const MOST_LENGTH = 0.7
/** Where how likely the words are speaks neither way, drawn for recall. */
const AS_LIKELY = 0.5
/** Phrased so little like what is asked of an assistant, a question is doubted. */
const DOUBTED_PHRASING = -2
/** Then these together tell: of eleven sets none of 455 for the model had less, of which 35 are doubted, and two of three others that are. */
const OF_THE_WORDS = ['phrasing', 'expected', 'length', 'second-person'] as const
const UNLIKELY = -2.3

export function judgeAddress(evidence: AddressEvidence): AddressVerdict {
  const cues = addressCues(evidence)
  const left = overruled(cues)
  const why = [...cues]
    .filter(([cue]) => !left.has(cue))
    .map(([cue, strength]) => [cue, weightOf(cue, strength)] as const)
    .filter(([, weight]) => weight !== 0)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
  const lead = why.reduce((sum, [, weight]) => sum + weight, 0)
  const reasons = why.map(([cue]) => cue)
  const alike = evidence.voice && { likeness: evidence.voice.likeness }
  const isDirect = isDirectQuestion(cues) && !isUnlikely(cues)
  if (isInExchange(evidence) && isDirect && !isElsewhere(evidence, cues)) {
    const why = ['direct-question', ...reasons] as const
    const doubted = isDoubted(cues) && { doubted: true as const }
    return { addressed: true, lead: Math.max(lead, SURE), why, ...alike, ...doubted }
  }
  return { addressed: lead > 0, lead, why: reasons, ...alike }
}

/** What says nothing beside others. */
function overruled(cues: ReadonlyMap<EvidenceCue, number>): ReadonlySet<EvidenceCue> {
  // Once somebody is called by name, "you" and a question are for them.
  if (cues.has('other-called') || cues.has('mentioned'))
    return new Set(['question', 'request', 'second-person'])
  const left = new Set<EvidenceCue>()
  // "You" in a statement is somebody else; asked or told to do something it may be anybody.
  if (cues.has('question') || cues.has('request')) left.add('second-person')
  if (cues.has('request')) left.add('broadcast')
  return left
}

const weightOf = (cue: EvidenceCue, strength: number): number => WEIGHTS[cue] * limited(cue, strength)

/** The strength that counts. */
export function limited(cue: EvidenceCue, strength: number): number {
  if (cue === 'expected') return clamp(strength - AS_LIKELY, MOST_EXPECTED)
  if (cue === 'phrasing') return clamp(strength, MOST_PHRASING)
  if (cue === 'length') return clamp(strength, MOST_LENGTH)
  return cue === 'vote' ? clamp(strength, MOST_VOTE) : strength
}

function isInExchange({ sinceMs, overheard }: AddressEvidence): boolean {
  return sinceMs !== undefined && sinceMs < (overheard === 0 ? THOUGHT_MS : EXCHANGE_MS)
}

/** A question in a running exchange is never ignored, unless it names who else it is for. */
function isDirectQuestion(cues: ReadonlyMap<EvidenceCue, number>): boolean {
  const away = ['other-called', 'mentioned', 'broadcast', 'to-oneself'] as const
  return cues.has('question') && !away.some((cue) => cues.has(cue))
}

const isDoubted = (cues: ReadonlyMap<EvidenceCue, number>): boolean =>
  (cues.get('phrasing') ?? 0) < DOUBTED_PHRASING

function isUnlikely(cues: ReadonlyMap<EvidenceCue, number>): boolean {
  const expected = cues.get('expected')
  if (expected === undefined || !isDoubted(cues)) return false
  return OF_THE_WORDS.reduce((sum, cue) => sum + weightOf(cue, cues.get(cue) ?? 0), 0) < UNLIKELY
}

/** Plainly somebody else's voice from afar; or as far away as others were before, and not plainly the voice that was answered. */
function isElsewhere({ sound, voice }: AddressEvidence, cues: ReadonlyMap<EvidenceCue, number>): boolean {
  if (cues.has('distant') && cues.has('other-voice')) return true
  return sound?.amongOthers === true && (voice?.likeness ?? 0) < SAME_VOICE
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value))
}
