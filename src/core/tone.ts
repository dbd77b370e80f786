/**
 * How the user sounds, and what that changes: a stretch of speech is compared with how this speaker has sounded so far, its words
 * say whether that is good or bad, and the answer is worded and spoken accordingly. Pure; measures no sound itself.
 */
import { wordValence } from './valence.js'

/** Figures of one activity's sound, as `engine` measures them; all 0 where there was no voice. */
export interface Manner {
  readonly voicedMs: number
  readonly pitchHz: number
  readonly pitchSpan: number
  readonly loudnessDb: number
  readonly brightnessDb: number
  readonly syllablesPerS: number
}

/**
 * excited, upset: a raised voice, by the words' valence. sad, calm: a lowered one. neutral: as ever. unknown: too little to tell.
 */
export type ToneName = 'unknown' | 'neutral' | 'excited' | 'upset' | 'sad' | 'calm'

export interface Tone {
  readonly name: ToneName
  /** −1 (flat, slow, low) … 1 (loud, fast, high), against this speaker's own way. */
  readonly arousal: number
  /** −1 … 1, from the words alone. */
  readonly valence: number
  /** 0 … 1 */
  readonly confidence: number
}

/** What is known of a speaker's own way: sums over the activities heard, each figure in its own unit. */
export interface SpeakerManner {
  readonly heard: number
  readonly means: Readonly<Record<Trait, number>>
}

type Trait = 'pitch' | 'span' | 'loudness' | 'brightness' | 'pace'

/**
 * For each trait: what is usual among people, how much people differ, and how much one person differs from sentence to sentence without
 * meaning anything by it (from the sentences of test fixtures); then how much it tells of arousal.
 */
const TRAITS: Readonly<
  Record<Trait, { usual: number; between: number; within: number; weight: number; of: (m: Manner) => number }>
> = {
  pitch: { usual: 85, between: 6, within: 1.6, weight: 1, of: (m) => 12 * Math.log2(m.pitchHz) },
  span: { usual: 7.5, between: 1.5, within: 2.5, weight: 0.5, of: (m) => m.pitchSpan },
  loudness: { usual: -20, between: 9, within: 2.5, weight: 1, of: (m) => m.loudnessDb },
  brightness: { usual: -13.5, between: 2, within: 2, weight: 0.7, of: (m) => m.brightnessDb },
  pace: { usual: 3.8, between: 0.6, within: 0.9, weight: 0.7, of: (m) => m.syllablesPerS },
}
const NAMES = Object.keys(TRAITS) as Trait[]
/** Standard deviation of the weighted sum where nothing is meant: a little over 1, since loud, high and bright go together. */
const SPREAD = Math.sqrt(NAMES.reduce((sum, name) => sum + TRAITS[name].weight ** 2, 0)) * 1.2

/** Less voice than this tells nothing. */
const ENOUGH_VOICED_MS = 300
const SURE_VOICED_MS = 1_200
/** From here on a voice counts as raised or lowered. */
const MARKED = 0.55
/** Older sentences count no longer: people change their place and their microphone. */
const REMEMBERED = 8
/** After so many sentences a speaker's way is known, and moves in small steps. */
const SETTLED = 2

export const NEW_SPEAKER: SpeakerManner = {
  heard: 0,
  means: { pitch: 0, span: 0, loudness: 0, brightness: 0, pace: 0 },
}

export function withManner(speaker: SpeakerManner, manner: Manner): SpeakerManner {
  if (manner.voicedMs < ENOUGH_VOICED_MS) return speaker
  const heard = Math.min(speaker.heard + 1, REMEMBERED)
  const mean = (name: Trait) => {
    const { of, within } = TRAITS[name]
    const step = of(manner) - speaker.means[name]
    // One raised voice must not make the next usual one a lowered one.
    const most = speaker.heard < SETTLED ? Number.POSITIVE_INFINITY : within
    return speaker.means[name] + Math.max(-most, Math.min(most, step)) / heard
  }
  const means = Object.fromEntries(NAMES.map((name) => [name, mean(name)])) as Record<Trait, number>
  return { heard, means }
}

/** `speaker` as known before this activity. */
export function readTone(manner: Manner, words: string, language: string, speaker: SpeakerManner): Tone {
  const valence = wordValence(words, language)
  if (manner.voicedMs < ENOUGH_VOICED_MS) return { name: 'unknown', arousal: 0, valence, confidence: 0 }
  const arousal = Math.tanh(arousalScore(manner, speaker) / 2)
  const confidence =
    Math.min(1, manner.voicedMs / SURE_VOICED_MS) * (speaker.heard === 0 ? 0.6 : 1 - 0.3 / speaker.heard)
  return { name: toneName(arousal, valence, confidence), arousal, valence, confidence }
}

/** Standard deviations from this speaker's own way. Of an unknown speaker the way is unsure, so that less is told by the same sound. */
function arousalScore(manner: Manner, speaker: SpeakerManner): number {
  let score = 0
  for (const name of NAMES) {
    const { usual, between, within, weight, of } = TRAITS[name]
    const precision = 1 / between ** 2 + speaker.heard / within ** 2
    const expected = (usual / between ** 2 + (speaker.heard * speaker.means[name]) / within ** 2) / precision
    const deviation = (of(manner) - expected) / Math.sqrt(within ** 2 + 1 / precision)
    score += weight * Math.max(-3, Math.min(3, deviation))
  }
  return score / SPREAD
}

function toneName(arousal: number, valence: number, confidence: number): ToneName {
  if (confidence < 0.3) return 'unknown'
  if (Math.abs(arousal) < MARKED) return 'neutral'
  return markedTone(arousal, valence < 0)
}

/** Of a raised or a lowered voice that says something good or bad. */
export function markedTone(arousal: number, isBad: boolean): ToneName {
  if (arousal > 0) return isBad ? 'upset' : 'excited'
  return isBad ? 'sad' : 'calm'
}

/** Told to the model before the user's words, in their language; empty where there is nothing to tell. */
export function toneNote({ name }: Tone, language: string): string {
  return NOTES[language]?.[name] ?? ''
}

/**
 * What to do is said as well: told only how the user sounds, a small model repeats the words. A calm voice changes the answer's voice alone.
 * A note in another language than the words makes a small model answer in that one: others get none.
 */
const NOTES: Readonly<Record<string, Readonly<Partial<Record<ToneName, string>>>>> = {
  en: {
    excited: '[The user sounds excited: be lively and share it.]',
    upset: '[The user sounds upset: be kind and calming, offer help.]',
    sad: '[The user sounds sad: be gentle and caring.]',
  },
  es: {
    excited: '[El usuario suena entusiasmado: responde con alegría.]',
    upset: '[El usuario suena disgustado: responde con calma y amabilidad, ofrece ayuda.]',
    sad: '[El usuario suena triste: responde con cariño.]',
  },
}

/** Appended to the system instruction where tones are told. */
export const TONE_STYLE =
  'A note in square brackets tells how the user sounds and how to answer. Follow it, and never write or mention such notes.'

/** How an answer is spoken, beside the chosen voice. */
export interface SpeakingManner {
  /** Factor of the pace. */
  readonly pace: number
  readonly pitchSemitones: number
  readonly gainDb: number
}

/** Lively to the excited, calm to the upset; undefined = as ever. */
export function answeringManner({ name }: Tone): SpeakingManner | undefined {
  return MANNERS[name]
}

const MANNERS: Readonly<Partial<Record<ToneName, SpeakingManner>>> = {
  excited: { pace: 1.1, pitchSemitones: 1.2, gainDb: 1.5 },
  upset: { pace: 0.92, pitchSemitones: -0.7, gainDb: -2 },
  sad: { pace: 0.9, pitchSemitones: -0.7, gainDb: -2 },
  calm: { pace: 0.95, pitchSemitones: -0.4, gainDb: -1.5 },
}
