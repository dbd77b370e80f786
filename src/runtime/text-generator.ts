/**
 * Text from the language model without a session: one prompt, one answer, behind live conversations on the processor.
 * Knows no wire format.
 */
import {
  EngineError,
  type FunctionDeclaration,
  type GenerationUsage,
  type JsonObject,
  type LanguageModel,
  type Message,
  type Picture,
  type Prompt,
  type Sampling,
  type VisionModel,
} from '../engine/index.js'
import { pictureTokens, type Setup } from '../protocol/index.js'
import { type ComputeGate, PRIORITY } from './compute-gate.js'
import { seePictures } from './see-pictures.js'
import { createStopFilter } from './stop-filter.js'

export type TextTurn = Message | { readonly role: 'picture'; readonly picture: Picture }

export interface TextRequest {
  readonly system: string
  readonly turns: readonly TextTurn[]
  /** What the model may call. */
  readonly functions?: readonly FunctionDeclaration[]
  /** One of them is called, whatever was said. */
  readonly mustCall?: boolean
  /** The answer is one JSON value of this schema; absent = free text. */
  readonly answerSchema?: JsonObject
  /** The value of that schema is a text, and is given as it is. */
  readonly plainAnswer?: boolean
  /** How closely pictures are looked at. */
  readonly mediaResolution?: Setup['mediaResolution']
  readonly sampling: Sampling
  readonly stopSequences: readonly string[]
}

export type TextPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'call'; readonly name: string; readonly args: JsonObject }
  | { readonly type: 'end'; readonly reason: 'stop' | 'length'; readonly usage: GenerationUsage }

export interface TextGenerator {
  /** Yields text deltas and calls, then exactly one `end`. Throws a TextGenerationError, or the signal's reason. */
  generate(request: TextRequest, signal: AbortSignal): AsyncGenerator<TextPart>
  /** Tokens of the prompt, as the language model counts them. */
  countTokens(request: TextRequest, signal: AbortSignal): Promise<number>
}

/** `busy`: too many at once, later it will do. `refused`: the request is wrong for this model. */
export type TextFailure = 'busy' | 'unavailable' | 'timeout' | 'refused' | 'failed'

export class TextGenerationError extends Error {
  override readonly name = 'TextGenerationError'
  readonly failure: TextFailure
  constructor(failure: TextFailure, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.failure = failure
  }
}

/** A written answer may be longer than a spoken one, where the request does not say. */
const WRITTEN_TOKENS = 1024

const FAILURES: Readonly<Record<EngineError['code'], TextFailure>> = {
  'engine-lost': 'failed',
  'engine-unavailable': 'unavailable',
  'engine-timeout': 'timeout',
  'engine-refused': 'refused',
  'engine-failed': 'failed',
}

export function createTextGenerator(options: {
  readonly llm: LanguageModel
  /** Absent = requests with pictures are refused. */
  readonly vision?: VisionModel | undefined
  readonly gate: ComputeGate
  /** Requests at one time; more are refused as `busy`. */
  readonly maxRequests: number
}): TextGenerator {
  const { llm, gate } = options
  let running = 0

  /** Runs `work` with a conversation of its own, and every step of it in turn with the others. */
  async function* withConversation(
    request: TextRequest,
    sampling: Sampling,
    signal: AbortSignal,
  ): AsyncGenerator<TextPart> {
    if (running >= options.maxRequests) {
      throw new TextGenerationError(
        'busy',
        `The server answers ${running} requests already; try again later.`,
      )
    }
    running++
    const ended = new AbortController()
    let close = async () => {}
    try {
      const { messages, shown } = await seePictures(request, { vision: options.vision, gate }, signal)
      const model = shown ? options.vision?.languageModel : undefined
      const conversation = (model ?? llm).open({ signal: ended.signal })
      const parts = conversation
        .generate(promptOf(request, messages), sampling, signal)
        [Symbol.asyncIterator]()
      close = async () => {
        await parts.return?.().catch(() => {})
        conversation.close()
      }
      const lane = model ? 'vision' : 'llm'
      for (;;) {
        const { done, value } = await gate.run(lane, PRIORITY.background, signal, () => parts.next())
        signal.throwIfAborted()
        if (done) throw new EngineError('engine-failed', 'The language model ended without saying so.')
        if (value.type === 'text' || value.type === 'call') yield value
        if (value.type === 'end') {
          yield value
          return
        }
      }
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      throw new TextGenerationError(FAILURES[error.code], error.message, { cause: error })
    } finally {
      running--
      await close()
      ended.abort(new DOMException('done', 'AbortError'))
    }
  }

  return {
    async *generate(request, signal) {
      if (request.plainAnswer) {
        yield* plainly(withConversation(request, samplingOf(request), signal))
        return
      }
      if (request.stopSequences.length === 0) {
        yield* withConversation(request, samplingOf(request), signal)
        return
      }
      const filter = createStopFilter(request.stopSequences)
      let outputTokens = 0
      for await (const part of withConversation(request, samplingOf(request), signal)) {
        if (part.type === 'text') outputTokens++
        const text = part.type === 'text' ? filter.take(part.text) : filter.rest()
        if (text !== '') yield { type: 'text', text }
        if (part.type !== 'text') yield part
        if (filter.stopped) break
      }
      if (!filter.stopped) return
      // The model was cut off before it could give its figures.
      const promptTokens = await countTokens(request, signal)
      yield { type: 'end', reason: 'stop', usage: { promptTokens, cachedTokens: 0, outputTokens } }
    },
    countTokens,
  }

  /**
   * From the usage of a one-token answer: the only figure that every kind of engine gives, and an exact one. Pictures count what the
   * service counts, without being looked at.
   */
  async function countTokens(request: TextRequest, signal: AbortSignal): Promise<number> {
    const turns = request.turns.filter(({ role }) => role !== 'picture')
    const pictures = (request.turns.length - turns.length) * pictureTokens(request.mediaResolution)
    const { mustCall: _, ...rest } = request
    for await (const part of withConversation({ ...rest, turns }, { maxOutputTokens: 1 }, signal)) {
      if (part.type === 'end') return part.usage.promptTokens + pictures
    }
    throw new TextGenerationError('failed', 'The language model gave no figure.')
  }
}

/** The text of a JSON value, once it is whole. */
async function* plainly(parts: AsyncIterable<TextPart>): AsyncGenerator<TextPart> {
  let json = ''
  for await (const part of parts) {
    if (part.type === 'text') json += part.text
    if (part.type === 'end') yield { type: 'text', text: plainText(json) }
    if (part.type !== 'text') yield part
  }
}

/** What an engine without grammars wrote may be no JSON; then it is the text itself. */
function plainText(json: string): string {
  try {
    const value: unknown = JSON.parse(json)
    return typeof value === 'string' ? value : json
  } catch {
    return json.trim()
  }
}

function promptOf(
  { system, functions = [], mustCall, answerSchema }: TextRequest,
  messages: readonly Message[],
): Prompt {
  const instructions = [system]
  if (answerSchema) instructions.push(jsonInstruction(answerSchema))
  if (functions.length > 0) instructions.push(WRITTEN_STYLE)
  return {
    system: instructions.filter((text) => text !== '').join('\n\n'),
    ...(functions.length > 0 && { functions }),
    ...(mustCall && { mustCall }),
    messages,
  }
}

/** Small models that are told of functions and of nothing else answer small talk in the notation of calls. */
const WRITTEN_STYLE =
  'Everything you answer is read by the user. Answer in the language of the user, in plain sentences.'

/** The grammar sees to the form; what belongs into it, the model must be told. */
function jsonInstruction(schema: JsonObject): string {
  const what = Object.keys(schema).length === 0 ? 'JSON' : `JSON of this schema: ${JSON.stringify(schema)}`
  return `Answer with ${what}`
}

function samplingOf({ sampling, answerSchema }: TextRequest): Sampling {
  return { maxOutputTokens: WRITTEN_TOKENS, ...sampling, ...(answerSchema && { answerSchema }) }
}
