/**
 * The light voices by language, and how each is told apart as 30 names. Only data and the look-up: shapes are those of `voice-shapes.ts`,
 * seen from these voices' own pitch and size.
 */
import type { VoiceShape } from '../voice-shapes.js'

export interface PicoVoice {
  /** Text analysis and signal generation. */
  readonly files: readonly [analysis: string, signal: string]
  /** The recorded speaker, as `voice-shapes.ts` counts: a woman each. */
  readonly speaker: VoiceShape
  /** Brings its speech to about −20.5 dBFS. */
  readonly gainDb: number
}

/** Pitches were measured; the size is that of a woman. */
const WOMANS_FORMANT = 1.17

export const PICO_VOICES: Readonly<Record<string, PicoVoice>> = {
  en: {
    files: ['en-US_ta.bin', 'en-US_lh0_sg.bin'],
    speaker: { pitch: 1.75, formant: WOMANS_FORMANT },
    gainDb: -4,
  },
  es: {
    files: ['es-ES_ta.bin', 'es-ES_zl0_sg.bin'],
    speaker: { pitch: 2.03, formant: WOMANS_FORMANT },
    gainDb: -2,
  },
  fr: {
    files: ['fr-FR_ta.bin', 'fr-FR_nk0_sg.bin'],
    speaker: { pitch: 2.03, formant: WOMANS_FORMANT },
    gainDb: -1,
  },
  it: {
    files: ['it-IT_ta.bin', 'it-IT_cm0_sg.bin'],
    speaker: { pitch: 1.86, formant: WOMANS_FORMANT },
    gainDb: 0,
  },
  de: {
    files: ['de-DE_ta.bin', 'de-DE_gl0_sg.bin'],
    speaker: { pitch: 1.72, formant: WOMANS_FORMANT },
    gainDb: -2,
  },
}
