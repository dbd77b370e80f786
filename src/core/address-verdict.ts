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
}

/** Who thinks about an answer before the next question is still in the exchange, unless somebody else has spoken in the meantime. */
const THOUGHT_MS = 45_000
/** Beyond this the wording speaks for itself, and the language model is not asked. */
export const SURE = 2.2
/** So alike it is plainly the same voice (test/models/speaker). */
const SAME_VOICE = 0.8

/** Log-odds that each cue adds, of those that are measured in a unit for each of it. */
const WEIGHTS: Readonly<Record<EvidenceCue, number>> = {
  called: 4,
  mentioned: -3,
  'other-called': -3.5,
  question: 0.8,
  request: 1.5,
  'second-person': 0.4,
  thanks: 1.2,
  'in-the-room': -2,
  'about-others': -1.2,
  'about-strangers': -2.2,
  broadcast: -2.5,
  'to-oneself': -2,
  'deed-asked': -2.5,
  'you-told': -2,
  yours: -2,
  hands: -2,
  'joint-plan': -2,
  hearsay: -1,
  'asks-oneself': -2.5,
  unrelated: -0.8,
  'first-words': 1.5,
  running: 1,
  answer: 2,
  resting: -1.2,
  'plain-statement': -1.6,
  aside: -0.5,
  distant: 1,
  'other-voice': 1,
  expected: 1.75,
  vote: 0.6,
}
/** Plainly said to people: beside one of these a question is none for the model. */
const FOR_PEOPLE = ['deed-asked', 'you-told', 'yours', 'hands', 'joint-plan', 'asks-oneself'] as const
/** Where one of these is found, "you" and a question are for somebody else. */
const ELSEWHERE = ['other-called', 'mentioned'] as const
const TURNED = ['question', 'request', 'second-person'] as const

/** Log-odds that the language model adds at most. */
const MOST_VOTE = 2.5
/** Where how likely the words are speaks neither way, drawn for recall. */
const AS_LIKELY = 0.65

export function judgeAddress(evidence: AddressEvidence): AddressVerdict {
  const cues = addressCues(evidence)
  const found = (...some: readonly EvidenceCue[]) => some.some((cue) => cues.has(cue))
  const forPeople = found(...FOR_PEOPLE)
  const left = new Set<EvidenceCue>(forPeople || found(...ELSEWHERE) ? TURNED : [])
  if (found('request') && !forPeople && !left.has('request')) left.add('broadcast')
  const why = [...cues]
    .filter(([cue]) => !left.has(cue))
    .map(([cue, strength]) => [cue, weightOf(cue, strength)] as const)
    .filter(([, weight]) => weight !== 0)
    .sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))
  const lead = why.reduce((sum, [, weight]) => sum + weight, 0)
  const reasons = why.map(([cue]) => cue)
  const alike = evidence.voice && { likeness: evidence.voice.likeness }
  if (isInExchange(evidence) && isDirectQuestion(cues) && !forPeople && !isElsewhere(evidence, cues))
    return { addressed: true, lead: Math.max(lead, SURE), why: ['direct-question', ...reasons], ...alike }
  return { addressed: lead > 0, lead, why: reasons, ...alike }
}

function weightOf(cue: EvidenceCue, strength: number): number {
  if (cue === 'expected') return clamp(WEIGHTS.expected * (strength - AS_LIKELY), MOST_VOTE)
  if (cue === 'vote') return clamp(WEIGHTS.vote * strength, MOST_VOTE)
  return WEIGHTS[cue] * strength
}

function isInExchange({ sinceMs, overheard }: AddressEvidence): boolean {
  return sinceMs !== undefined && sinceMs < (overheard === 0 ? THOUGHT_MS : EXCHANGE_MS)
}

/** A question in a running exchange is never ignored, unless it names who else it is for. */
function isDirectQuestion(cues: ReadonlyMap<EvidenceCue, number>): boolean {
  const away = ['other-called', 'mentioned', 'broadcast', 'to-oneself', 'in-the-room'] as const
  return cues.has('question') && !away.some((cue) => cues.has(cue))
}

/** Plainly somebody else's voice from afar; or as far away as others were before, and not plainly the voice that was answered. */
function isElsewhere({ sound, voice }: AddressEvidence, cues: ReadonlyMap<EvidenceCue, number>): boolean {
  if (cues.has('distant') && cues.has('other-voice')) return true
  return sound?.amongOthers === true && (voice?.likeness ?? 0) < SAME_VOICE
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value))
}
