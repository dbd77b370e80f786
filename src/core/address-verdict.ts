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
const THOUGHT_MS = 45_000
/** Beyond this the wording speaks for itself, and the language model is not asked. */
export const SURE = 1.8
/** And below this; nobody waits there, so that it may take more to be left alone. */
export const SURELY_NOT = -3
/** So alike it is plainly the same voice (test/models/speaker). */
const SAME_VOICE = 0.8

/**
 * Log-odds that each cue adds, of those that are measured in a unit for each of it. From a logistic regression with a ridge on 1,248 utterances of nine sets, each
 * judged by the weights of the other eight (docs/decisions/2026-11-who-is-addressed.md); rounded, and drawn for recall where an exchange is going on.
 * Asides, sound and the model's opinion, of which no set has any, are set by hand, and so are names and first words.
 */
const WEIGHTS: Readonly<Record<EvidenceCue, number>> = {
  called: 4.5,
  mentioned: -4,
  'other-called': -3.5,
  question: 0.3,
  request: 1,
  'second-person': -1,
  thanks: 2,
  'in-the-room': -1,
  'about-others': 0,
  broadcast: -1,
  'to-oneself': -1.5,
  'asks-you': -1.4,
  'deed-asked': -1.1,
  'you-told': -1,
  yours: -0.8,
  'joint-plan': -0.8,
  'first-words': 1.5,
  running: 0.4,
  answer: 0.8,
  resting: -1.9,
  'plain-statement': -1.8,
  aside: -0.5,
  distant: 1.4,
  'other-voice': 1.4,
  phrasing: 0.4,
  expected: 2.3,
  vote: 0.6,
}

/** As people speak to each other. */
const FOR_PEOPLE = ['deed-asked', 'you-told', 'yours', 'joint-plan'] as const
/** Beyond these a cue that is measured says no more: how likely the words are, the language model's opinion, the phrasing. */
const MOST_EXPECTED = 1.4
const MOST_VOTE = 4.2
const MOST_PHRASING = 4
/** Where how likely the words are speaks neither way, drawn for recall. */
const AS_LIKELY = 0.5
/** So likely here a question about the listener is for the model: of eight sets those for it were at 1.46 and more. */
const LIKELY = 1.3
/** Phrased so little like what is asked of an assistant, any question is doubted: one in fourteen of those for the model, and one in two of the others. */
const DOUBTED_PHRASING = -3
/** Then phrasing and likelihood together tell: of ten sets none of 386 for the model had less than this, and of nine sets twelve of 34 others. */
const UNLIKELY = -1.4

export function judgeAddress(evidence: AddressEvidence): AddressVerdict {
  const cues = addressCues(evidence)
  const found = (...some: readonly EvidenceCue[]) => some.some((cue) => cues.has(cue))
  const forPeople = found(...FOR_PEOPLE)
  const left = overruled(cues, forPeople)
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
function overruled(cues: ReadonlyMap<EvidenceCue, number>, forPeople: boolean): ReadonlySet<EvidenceCue> {
  // Once somebody is called by name, "you" and a question are for them.
  if (forPeople || cues.has('other-called') || cues.has('mentioned'))
    return new Set(['question', 'request', 'second-person'])
  const left = new Set<EvidenceCue>()
  if (cues.has('asks-you')) left.add('question')
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

/** Lists of words alone refuse none: "What colour did we put on her in March?", of a hairdresser, is for the model as well. */
const DOUBTED: readonly EvidenceCue[] = ['asks-you', 'in-the-room', ...FOR_PEOPLE]
const isDoubted = (cues: ReadonlyMap<EvidenceCue, number>): boolean =>
  DOUBTED.some((cue) => cues.has(cue)) || (cues.get('phrasing') ?? 0) < DOUBTED_PHRASING

function isUnlikely(cues: ReadonlyMap<EvidenceCue, number>): boolean {
  const expected = cues.get('expected')
  if (expected === undefined || !isDoubted(cues)) return false
  if (cues.has('asks-you') && expected < LIKELY) return true
  return weightOf('phrasing', cues.get('phrasing') ?? 0) + weightOf('expected', expected) < UNLIKELY
}

/** Plainly somebody else's voice from afar; or as far away as others were before, and not plainly the voice that was answered. */
function isElsewhere({ sound, voice }: AddressEvidence, cues: ReadonlyMap<EvidenceCue, number>): boolean {
  if (cues.has('distant') && cues.has('other-voice')) return true
  return sound?.amongOthers === true && (voice?.likeness ?? 0) < SAME_VOICE
}

function clamp(value: number, most: number): number {
  return Math.max(-most, Math.min(most, value))
}
