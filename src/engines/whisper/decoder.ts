/**
 * Greedy decoding of one window of speech: the language first, then token by token until the model ends, repeats itself or
 * has said more than can be said in that time. Where it is known what is likely to be said, that is tried as well.
 */

import type { Heard, TokenCache, WhisperModel } from './model.js'
import { repeatedTail, saidAgain } from './repetition.js'
import {
  isBeginning,
  leadOver,
  likeliestSaying,
  type Outlook,
  type Said,
  type SayingTree,
  type Step,
} from './sayings.js'
import { candidateLanguages, type Likelihood } from './spoken-language.js'
import type { WhisperTokenizer } from './tokenizer.js'

export interface Decoded {
  readonly text: string
  readonly language: string
  /** Of all text tokens and the end, summed, and their number. */
  readonly logProbability: number
  readonly tokenCount: number
  /** The model's own doubt that anyone speaks, 0 … 1. */
  readonly noSpeechProbability: number
  /** It had to be stopped in a loop. */
  readonly repeated: boolean
  /** How much likelier it is than any of the rivals, 0 … 8; absent where there are none. */
  readonly lead?: number
  /** What is likely to be said, where it is hardly less likely to have been. */
  readonly saying?: Omit<Decoded, 'saying'>
}

export interface DecodeOptions {
  readonly seconds: number
  /** Primary subtag; absent = found out. */
  readonly language: string | undefined
  /** Where none is given: those that it may be; empty = any. */
  readonly among: readonly string[]
  /** Taken where the speech leaves doubt. */
  readonly before: string
  /** Tokens of what may be said, which the model takes for what was said before. */
  readonly prompt?: readonly number[]
  /** What is likely to be said: looked for as well. */
  readonly likely?: SayingTree
  /** What is heard is compared with the likeliest of these. */
  readonly rivals?: SayingTree
  /** Rejects with its reason between two tokens. */
  readonly signal: AbortSignal
}

/** Fast speech is about 5 words a second, and a number read digit by digit 8 tokens a second. */
const TOKENS_PER_SECOND = 14
const MIN_TOKENS = 16

export async function decode(
  model: WhisperModel,
  tokenizer: WhisperTokenizer,
  heard: Heard,
  options: DecodeOptions,
): Promise<Decoded> {
  const { prompt } = options
  const { startOfTranscript, startOfPrevious } = tokenizer
  const before = prompt && startOfPrevious !== undefined ? [startOfPrevious, ...prompt] : []
  const first = await model.step([...before, startOfTranscript], model.emptyCache, heard)
  const noSpeechProbability = probabilityOf(first.logits, tokenizer.noSpeech)
  const [language, other] = languagesToTry(first.logits, tokenizer, options)
  const inLanguage = (chosen: string) => decodeAs(chosen, model, tokenizer, heard, first.cache, options)
  const decoded = await inLanguage(language)
  const second = other === undefined ? undefined : await inLanguage(other)
  const { begun: _, ...surer } = second && average(second) > average(decoded) ? second : decoded
  const step = oncePerPath(async (token, { cache }) => {
    options.signal.throwIfAborted()
    return outlook(await model.step([token], cache, heard), tokenizer, false)
  })
  const saying = await sayingFor(surer, decoded, tokenizer, options, step)
  const free = { ...surer, noSpeechProbability }
  // They are of the language that was expected, and compared in it, also where another was surer; not where another was certain.
  const rivals = language === (options.language ?? options.before) ? options.rivals : undefined
  const withLead = async (said: Said & typeof free) => {
    // What was stopped has no end, as the rivals have.
    if (!rivals || said.repeated || said.ids.length === 0) return said
    return { ...said, lead: await leadOver(rivals, decoded.begun, said, tokenizer.endOfText, step) }
  }
  const known = await withLead(free)
  return saying ? { ...known, saying: await withLead({ ...saying, noSpeechProbability }) } : known
}

/** Searches that follow the same paths pay for each step once. */
function oncePerPath(step: Step): Step {
  const known = new Map<Outlook, Map<number, Promise<Outlook>>>()
  return (token, before) => {
    const behind = known.get(before) ?? new Map<number, Promise<Outlook>>()
    known.set(before, behind)
    const next = behind.get(token) ?? step(token, before)
    behind.set(token, next)
    return next
  }
}

/** Undefined where what was heard freely stands. */
async function sayingFor(
  free: Spoken,
  { language, begun }: Begun,
  tokenizer: WhisperTokenizer,
  { likely }: DecodeOptions,
  step: Step,
): Promise<Spoken | undefined> {
  if (!likely) return undefined
  const found = await likeliestSaying(likely, begun, free, tokenizer.endOfText, step)
  if (!found) return undefined
  const { ids, logProbability } = found
  const text = tokenizer.decode(ids).trim()
  if (isBeginning(text, free.text)) return undefined
  return { ids, text, language, logProbability, tokenCount: ids.length + 1, repeated: false }
}

/** Before its first token. */
type Begun = { readonly language: string; readonly begun: Outlook }
type Spoken = Omit<Decoded, 'noSpeechProbability' | 'saying'> & Said

const average = ({ logProbability, tokenCount }: Pick<Decoded, 'logProbability' | 'tokenCount'>) =>
  logProbability / tokenCount

async function decodeAs(
  language: string,
  model: WhisperModel,
  tokenizer: WhisperTokenizer,
  heard: Heard,
  started: TokenCache,
  { seconds, signal }: DecodeOptions,
): Promise<Spoken & Begun> {
  const { endOfText } = tokenizer
  const prefix = [tokenizer.languages.get(language)!, tokenizer.transcribe, tokenizer.noTimestamps]
  const begun = outlook(await model.step(prefix, started, heard), tokenizer, true)
  let now = begun
  const ids: number[] = []
  let logProbability = 0
  /** Behind each token. */
  const sums: number[] = []
  let repeated = false
  const limit = Math.min(
    MIN_TOKENS + Math.ceil(seconds * TOKENS_PER_SECOND),
    // The prompt takes four of the decoder's positions.
    Math.floor(model.dims.maxTokens / 2) - 4,
  )
  for (;;) {
    signal.throwIfAborted()
    logProbability += now.logProbability(now.best)
    if (now.best === endOfText) break
    ids.push(now.best)
    sums.push(logProbability)
    const excess = repeatedTail(ids, ids.length === limit)
    if (excess > 0) {
      ids.length -= excess
      repeated = true
    }
    if (ids.length >= limit || repeated) break
    now = outlook(await model.step([now.best], now.cache, heard), tokenizer, false)
  }
  const again = saidAgain(ids, tokenizer.decode(ids).length, seconds)
  ids.length -= again
  if (again > 0) logProbability = sums[ids.length - 1]!
  return {
    begun,
    ids,
    text: tokenizer.decode(ids).trim(),
    language,
    logProbability,
    tokenCount: ids.length + 1,
    repeated,
  }
}

/** Whoever names a few languages knows that it is one of them. */
function languagesToTry(
  logits: Float32Array,
  tokenizer: WhisperTokenizer,
  { language, among, before }: DecodeOptions,
): readonly [string, other?: string] {
  if (language !== undefined) return [language]
  const likeliest = likeliestLanguage(logits, tokenizer, among)
  return among.length > 0 ? [likeliest.language] : candidateLanguages(likeliest, before)
}

function likeliestLanguage(
  logits: Float32Array,
  { languages }: WhisperTokenizer,
  among: readonly string[],
): Likelihood {
  let best = ''
  let bestLogit = Number.NEGATIVE_INFINITY
  for (const [language, id] of languages) {
    if ((among.length === 0 || among.includes(language)) && logits[id]! > bestLogit) {
      bestLogit = logits[id]!
      best = language
    }
  }
  let sum = 0
  for (const id of languages.values()) sum += Math.exp(logits[id]! - bestLogit)
  return { language: best, probability: 1 / sum }
}

/** Share of one token among all. */
function probabilityOf(logits: Float32Array, id: number): number {
  let sum = 0
  for (let index = 0; index < logits.length; index++) sum += Math.exp(logits[index]! - logits[id]!)
  return 1 / sum
}

/** The likeliest text token (or the end), and how likely each of those is. Overwrites suppressed logits. */
function outlook(
  { logits, cache }: { readonly logits: Float32Array; readonly cache: TokenCache },
  tokenizer: WhisperTokenizer,
  isFirst: boolean,
): Outlook & { readonly best: number } {
  for (const id of tokenizer.suppressed) logits[id] = Number.NEGATIVE_INFINITY
  if (isFirst) for (const id of tokenizer.suppressedFirst) logits[id] = Number.NEGATIVE_INFINITY
  let best = 0
  for (let index = 0; index <= tokenizer.endOfText; index++) if (logits[index]! > logits[best]!) best = index
  const highest = logits[best]!
  let sum = 0
  for (let index = 0; index <= tokenizer.endOfText; index++) {
    const distance = logits[index]! - highest
    // What is e^-15 times as likely adds nothing; skipping it saves most of 50,000 exponentials.
    if (distance > -15) sum += Math.exp(distance)
  }
  const total = highest + Math.log(sum)
  return { best, cache, logProbability: (id) => logits[id]! - total }
}
