/**
 * Text to phonemes with eSpeak NG (GPL-3.0, as WebAssembly): the only file that touches it, so that another
 * lexicon can take its place. Owns the choice of eSpeak's voice for a language tag and the cutting of a text at its
 * punctuation. It doesn't know which model will speak; each model maps these IPA units onto its own alphabet.
 */
import create, { type EspeakModule, type EspeakWorker } from '@echogarden/espeak-ng-emscripten'
import { EngineError } from '../engine/index.js'

/** A stretch of text between two punctuation marks. */
export interface PhonemeSegment {
  /** Words as IPA units; a diphthong or affricate is one unit, a stress mark leads the unit it belongs to. */
  readonly words: readonly (readonly string[])[]
  /** The mark that followed: one of `, ; : — … . ! ?`, or empty at an unmarked end. */
  readonly mark: string
}

export interface Phonemizer {
  /** Takes plain text (see `speech-text.ts`); segments without words are left out. 1–2 ms a sentence. */
  phonemize(text: string, voice: EspeakVoice): PhonemeSegment[]
}

export type EspeakVoice = (typeof ESPEAK_VOICES)[keyof typeof ESPEAK_VOICES]

/**
 * eSpeak's identifiers, not its names: an unknown name such as `en-gb` is half accepted and then spells words with
 * the phonemes of two voices. Japanese and Chinese are missing on purpose: kanji are read as "Chinese letter" and
 * tones are lost.
 */
export const ESPEAK_VOICES = {
  'en-us': 'gmw/en-US',
  'en-gb': 'gmw/en',
  es: 'roa/es',
  'es-419': 'roa/es-419',
  fr: 'roa/fr',
  hi: 'inc/hi',
  it: 'roa/it',
  'pt-br': 'roa/pt-BR',
  pt: 'roa/pt',
} as const

/** Spanish of these regions has no theta; everything but Spain is spoken the Latin American way. */
const CASTILIAN = new Set(['es', 'es-es'])

/** eSpeak's voice for a BCP-47 tag; undefined where no measured language matches. */
export function espeakVoiceFor(language: string): EspeakVoice | undefined {
  const tag = language.toLowerCase().replaceAll('_', '-')
  const primary = tag.split('-')[0] ?? ''
  if (primary === 'en')
    return /-(gb|uk|ie|au|nz|in|za)\b/.test(tag) ? ESPEAK_VOICES['en-gb'] : ESPEAK_VOICES['en-us']
  if (primary === 'es') return CASTILIAN.has(tag) ? ESPEAK_VOICES.es : ESPEAK_VOICES['es-419']
  if (primary === 'pt') return tag === 'pt-pt' ? ESPEAK_VOICES.pt : ESPEAK_VOICES['pt-br']
  if (primary === 'fr' || primary === 'it' || primary === 'hi') return ESPEAK_VOICES[primary]
  return undefined
}

let shared: Promise<Phonemizer> | undefined

/** The phonemizer of this process (84 MB resident, 0.1–0.2 s to load; loaded once). */
export function loadPhonemizer(): Promise<Phonemizer> {
  shared ??= createPhonemizer().catch((error: unknown) => {
    shared = undefined
    throw new EngineError('engine-failed', 'eSpeak NG, which turns text into phonemes, did not load.', {
      cause: error,
    })
  })
  return shared
}

async function createPhonemizer(): Promise<Phonemizer> {
  const module = await create()
  const worker = await new module.eSpeakNGWorker()
  return {
    phonemize(text, voice) {
      if (worker.set_voice(voice) !== 0)
        throw new EngineError('engine-failed', `eSpeak NG has no voice "${voice}".`)
      return splitAtMarks(text).flatMap(({ spoken, mark }) => {
        const words = phonemesOf(module, worker, spoken)
        return words.length > 0 ? [{ words, mark }] : []
      })
    },
  }
}

function phonemesOf(module: EspeakModule, worker: EspeakWorker, spoken: string): string[][] {
  if (!/[\p{L}\p{N}]/u.test(spoken)) return []
  const start = worker.convert_to_phonemes(spoken, true).ptr
  const end = module.HEAPU8.indexOf(0, start)
  const phonemes = new TextDecoder().decode(module.HEAPU8.subarray(start, end))
  return phonemes
    .replace(/\([a-z-]+\)/g, ' ') // a switch to another language's rules, e.g. `(en)`
    .split(/[\s|]+/)
    .map((word) => word.split('_').filter((unit) => unit !== ''))
    .filter((word) => word.length > 0)
}

/** Marks count where white space, a closing quote or the end follows: "3.14", "3:45" and "a,b" are not cut. */
const MARK =
  /\s*([,;:.!?…。！？，；：、।]+)["'”’»)\]]*(?=\s|$)|\s+(?:[—–-]+\s+)+|\s*([—])\s*|\s*[()[\]{}]+\s*|["“”„«»¿¡]+/gu

/** Exported for its tests: cuts a text into what is said and the mark that followed it. */
export function splitAtMarks(text: string): { spoken: string; mark: string }[] {
  const pieces: { spoken: string; mark: string }[] = []
  let from = 0
  let spoken = ''
  for (const match of text.matchAll(MARK)) {
    spoken += text.slice(from, match.index)
    from = match.index + match[0].length
    const mark = markOf(match[0])
    if (mark === '') {
      spoken += ' '
      continue
    }
    if (spoken.trim() !== '') pieces.push({ spoken: spoken.trim(), mark })
    spoken = ''
  }
  spoken = (spoken + text.slice(from)).trim()
  if (spoken !== '') pieces.push({ spoken, mark: '' })
  return pieces
}

function markOf(matched: string): string {
  if (/[?？]/.test(matched)) return '?'
  if (/[!！]/.test(matched)) return '!'
  if (/…|\.\.\./.test(matched)) return '…'
  if (/[.。।]/.test(matched)) return '.'
  if (/[;；]/.test(matched)) return ';'
  if (/[:：]/.test(matched)) return ':'
  if (/[,，、()[\]{}]/.test(matched)) return ','
  if (/[—–-]/.test(matched)) return '—'
  return ''
}
