/**
 * What speaks for words being said to the model, or against it, and how strongly: the state of the dialogue, the wording, the phrasing and the length,
 * the sound against the speaker who was answered so far, the language model. It knows nothing of what each is worth.
 */
import { isPlainStatement } from './address-statement.js'
import { assistantNames, type WordingCue, wordingCues } from './address-wording.js'
import { PHRASING_WEIGHTS } from './phrasing-weights.js'
import { textOdds } from './text-odds.js'
import { type HeardVoice, voiceWeight } from './voices.js'

const phrasingOdds = textOdds(PHRASING_WEIGHTS)

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

export type EvidenceCue =
  | WordingCue
  | 'first-words'
  /** The model has just spoken. */
  | 'running'
  /** Longer ago. */
  | 'resting'
  /** The model has just asked, and this may be the answer. */
  | 'answer'
  /** A sentence that takes up nothing of the exchange, asks nothing and speaks of neither "me" nor "you". */
  | 'plain-statement'
  | 'aside'
  | 'distant'
  | 'other-voice'
  /** The odds that it is phrased as what is said to an assistant. */
  | 'phrasing'
  /** How many words, against what is usual: people tell each other more than they tell an assistant. */
  | 'length'
  | 'expected'
  | 'vote'

/** After so long an exchange is over. */
export const EXCHANGE_MS = 20_000
/** So soon most answers and follow-ups begin. */
const PROMPT_MS = 6_000
/** More turns than so many that went to somebody else say no more. */
const MOST_ASIDES = 2
const WORDING_KNOWN = new Set(['en', 'es'])

/** How strongly each speaks, up to 1; of sound, voice and language model in the unit that they are measured in. */
export function addressCues(evidence: AddressEvidence): ReadonlyMap<EvidenceCue, number> {
  const { text, system, sinceMs, lastWords, lastHeard, language, overheard, expected, vote } = evidence
  const cues = wordingCues(text, assistantNames(system))
  const found = new Map<EvidenceCue, number>()
  for (const cue of cues) found.set(cue, 1)
  const isKnown = WORDING_KNOWN.has(language.slice(0, 2))
  if (isKnown) {
    found.set('phrasing', phrasingOdds(text))
    found.set('length', lengthOf(text))
  }
  if (isKnown && sinceMs !== undefined && isPlainStatement(text, cues, { lastWords, lastHeard }))
    found.set('plain-statement', 1)
  if (sinceMs === undefined) found.set('first-words', 1)
  else {
    const over = Math.max(0, Math.min(1, (sinceMs - PROMPT_MS) / (EXCHANGE_MS - PROMPT_MS)))
    found.set(/[?？]["'”’»)\]]*\s*$/.test(lastWords) ? 'answer' : 'running', 1 - over)
    found.set('resting', over)
  }
  if (overheard > 0) found.set('aside', Math.min(MOST_ASIDES, overheard))
  for (const [cue, weight] of soundCues(evidence)) found.set(cue, weight)
  if (expected !== undefined) found.set('expected', expected)
  if (vote !== undefined) found.set('vote', vote)
  return found
}

/** As many words are as often said to the model as to others. */
const USUAL_WORDS = 6

/** Natural logarithm. */
const lengthOf = (text: string): number => Math.log(text.trim().split(/\s+/).length / USUAL_WORDS)

/** Sentences of one speaker were up to 3.9 semitones and 3.6 dB apart: less says nothing. */
export const OTHER_VOICE_SEMITONES = 4.5

/** In log-odds. What the encoder says of the voice goes before its pitch. */
function soundCues({ sound, voice }: AddressEvidence): readonly (readonly [EvidenceCue, number])[] {
  const found: [EvidenceCue, number][] = []
  const unlike = voice ? voiceWeight(voice) : 0
  if (unlike < 0) found.push(['other-voice', unlike])
  if (!sound) return found
  if (sound.levelDb < -7) found.push(['distant', Math.max(-2, 0.25 * (sound.levelDb + 3))])
  const apart = Math.abs(sound.pitchSemitones ?? 0)
  if (!voice && apart > OTHER_VOICE_SEMITONES) found.push(['other-voice', -Math.min(2, 0.4 * (apart - 2))])
  return found
}
