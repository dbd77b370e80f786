/**
 * Whisper's vocabulary: ids of its special tokens, the text of a sequence of tokens and the tokens of a text.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeText } from './byte-pairs.js'

export interface WhisperTokenizer {
  /** Ids below this one are text. */
  readonly endOfText: number
  readonly startOfTranscript: number
  /** Behind it stands what was said before; absent in what is no whole vocabulary. */
  readonly startOfPrevious: number | undefined
  readonly transcribe: number
  readonly noTimestamps: number
  /** Its probability after `startOfTranscript` is the model's own doubt that anyone speaks. */
  readonly noSpeech: number
  /** Ids of the language tokens by primary subtag. */
  readonly languages: ReadonlyMap<string, number>
  /** Never wanted: brackets, notes, speaker marks. */
  readonly suppressed: Int32Array
  /** Not wanted as the first token either: blank, end. */
  readonly suppressedFirst: Int32Array
  /** Text of tokens; special ones are left out. Not trimmed. */
  decode(ids: readonly number[]): string
  /** Without special tokens. */
  encode(text: string): readonly number[]
}

interface TokenizerFile {
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[]
  readonly model: {
    readonly vocab: Readonly<Record<string, number>>
    /** "a b" or [a, b]: pairs in the order in which they were learned. */
    readonly merges?: readonly (string | readonly string[])[]
  }
}

/** Ids of single bytes come first; behind them stands the pair that was learned first. In the published tokenizer.json that pair, " t", is missing from `merges`: without it " true" is three tokens. */
const BYTES = 256

interface ConfigFile {
  readonly suppress_ids?: readonly number[]
  readonly suppress_ids_begin?: readonly number[]
}

/** Reads tokenizer.json and config.json of `dir`. Throws where they are missing or of another model. */
export async function readTokenizer(dir: string): Promise<WhisperTokenizer> {
  const [tokenizer, config] = await Promise.all(
    ['tokenizer.json', 'config.json'].map(async (name) =>
      JSON.parse(await readFile(join(dir, name), 'utf8')),
    ),
  )
  return createTokenizer(tokenizer as TokenizerFile, config as ConfigFile)
}

export function createTokenizer(file: TokenizerFile, config: ConfigFile): WhisperTokenizer {
  const special = new Map(file.added_tokens.map(({ content, id }) => [content, id]))
  const idOf = (...names: string[]): number => {
    for (const name of names) {
      const id = special.get(name)
      if (id !== undefined) return id
    }
    throw new Error(
      `tokenizer.json has no token ${names[0]}: it is not that of a multilingual Whisper model.`,
    )
  }
  const endOfText = idOf('<|endoftext|>')
  const pieces: Uint8Array[] = []
  for (const [text, id] of Object.entries(file.model.vocab))
    if (id < endOfText) pieces[id] = bytesOfPiece(text)
  const merges = file.model.merges ?? []
  const ranks = new Map(merges.map((pair, rank) => [typeof pair === 'string' ? pair : pair.join(' '), rank]))
  const firstLearned = Object.entries(file.model.vocab).find(([, id]) => id === BYTES)?.[0]
  if (firstLearned?.length === 2 && merges.length > 0 && !ranks.has([...firstLearned].join(' ')))
    ranks.set([...firstLearned].join(' '), -1)
  const pairs = {
    ids: new Map(Object.entries(file.model.vocab)),
    ranks,
    letterOf: (byte: number) => letters[byte] ?? '',
  }
  const languages = new Map<string, number>()
  for (const [content, id] of special) {
    const language = /^<\|([a-z]{2,3})\|>$/.exec(content)?.[1]
    if (language) languages.set(language, id)
  }
  return {
    endOfText,
    startOfTranscript: idOf('<|startoftranscript|>'),
    startOfPrevious: special.get('<|startofprev|>'),
    transcribe: idOf('<|transcribe|>'),
    noTimestamps: idOf('<|notimestamps|>'),
    noSpeech: idOf('<|nospeech|>', '<|nocaptions|>'),
    languages,
    suppressed: Int32Array.from((config.suppress_ids ?? []).filter((id) => id >= 0)),
    suppressedFirst: Int32Array.from(config.suppress_ids_begin ?? [endOfText]),
    decode(ids) {
      const known = ids.map((id) => pieces[id]).filter((piece) => piece !== undefined)
      return new TextDecoder().decode(Buffer.concat(known))
    },
    encode: (text) => encodeText(text, pairs),
  }
}

/** Byte-level vocabularies write every byte as a printable letter: most as themselves, the others from 256 on. */
const letters: readonly string[] = (() => {
  const printable = (byte: number) =>
    (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174
  let next = 256
  return Array.from({ length: 256 }, (_, byte) => String.fromCodePoint(printable(byte) ? byte : next++))
})()
const byteByLetter: ReadonlyMap<string, number> = new Map(letters.map((letter, byte) => [letter, byte]))

const bytesOfPiece = (text: string): Uint8Array =>
  Uint8Array.from([...text].map((letter) => byteByLetter.get(letter) ?? 63))
