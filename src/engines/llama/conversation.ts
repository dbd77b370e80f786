/**
 * One session's conversation with the model: its calls, one at a time, on whatever sequence it can have. Knows
 * nothing of files, templates or how sequences are chosen.
 */
import {
  type Conversation,
  EngineError,
  type GenerationPart,
  type Sampling,
  type WeighingPart,
} from '../../engine/index.js'
import type { AnswerGrammar } from './answer-grammar.js'
import { asEngineError, type Call, createCallQueue } from './call-queue.js'
import { writeCalls } from './call-writer.js'
import type { ChatFormat, EncodedPrompt } from './chat-format.js'
import type { ConversationStates } from './conversation-states.js'
import {
  align,
  CHUNK_TOKENS,
  chunkTokens,
  evaluateChunk,
  historyHeld,
  holdsSystemOnly,
  keepSystem,
  LAST_RUN_TOKENS,
  lacksSystem,
  rewind,
  scoreInside,
  scoreNext,
  scoreTokens,
} from './evaluation.js'
import type { FunctionSets } from './function-sets.js'
import type { EvaluateOptions, LlamaModel, LlamaSequence, Token } from './runtime-types.js'
import { evaluateOptions } from './sampling-options.js'
import type { Holder, SequencePool, Slot } from './sequence-pool.js'
import type { SystemStates } from './system-states.js'
import { createTokenTextDecoder } from './text-decoder.js'

export interface ConversationParts {
  readonly model: LlamaModel
  readonly format: ChatFormat
  readonly pool: SequencePool
  readonly states: SystemStates
  readonly conversationStates: ConversationStates
  readonly answerGrammar: AnswerGrammar
  readonly functionSets: FunctionSets
  /** Tokens that a sequence can hold. */
  readonly windowTokens: number
  /** Every run of the model goes through here. */
  counted<Result>(run: () => Promise<Result>): Promise<Result>
}

/** Spoken answers; the small models that run on a CPU ignore "be brief". */
const DEFAULT_OUTPUT_TOKENS = 200
/** Of all calls of one answer. */
const MAX_CALL_TOKENS = 400

/**
 * A conversation does one thing at a time: a new call ends the one before it (an earlier `prefill` just ends, an
 * earlier `generate` throws `engine-failed`).
 */
export function openConversation(parts: ConversationParts, signal: AbortSignal): Conversation {
  const {
    model,
    format,
    pool,
    states,
    conversationStates,
    functionSets,
    answerGrammar,
    windowTokens,
    counted,
  } = parts
  const owner: Holder = { systemTokens: 0, isOver: false }
  const closing = new AbortController()
  /** It has had a sequence. */
  let hasBegun = false
  const calls = createCallQueue(closing.signal, () => pool.release(owner))

  /**
   * The next session mostly has the same system instruction, and may be asked at once: 3,000 tokens of it take 50 ms to load, which
   * nobody waits for at the end of an answer.
   */
  function prepareNext(plan: EncodedPrompt): void {
    const system = plan.tokens.slice(0, plan.sharedTokens)
    const load = async (slot: Slot) => {
      states.assign(slot, undefined)
      await states.load(system, slot.sequence).catch(() => false)
    }
    calls.afterwards(() => {
      if (!closing.signal.aborted) void pool.prepare((slot) => holdsSystemOnly(slot.sequence, plan), load)
    })
  }

  /** Waits for a sequence, then makes it hold a beginning of the plan; at most `limit` tokens of it. */
  async function alignedSlot(
    plan: EncodedPrompt,
    urgent: boolean,
    limit: number,
    call: Call,
  ): Promise<Aligned> {
    const system = plan.tokens.slice(0, plan.sharedTokens)
    let begins = false
    let loser: Holder | undefined
    const slot = await pool.acquire(
      {
        owner,
        urgent,
        wanted: () => states.evaluatedIn(system),
        held: (held) => historyHeld(held.sequence, plan),
        ready: (free) => holdsSystemOnly(free.sequence, plan),
        onTaken: (taken, isNew, before) => {
          begins = isNew && !hasBegun
          hasBegun = true
          loser = before
          states.assign(taken, lacksSystem(taken.sequence, plan) ? system : undefined)
        },
      },
      call.signal,
    )
    if (loser) await conversationStates.keep(loser, slot.sequence)
    owner.systemTokens = plan.systemTokens
    if (begins) await keepSystem(slot.sequence, plan)
    else await conversationStates.restore(owner, plan, slot.sequence)
    // It came with what was kept: nobody waits for it here.
    if (!lacksSystem(slot.sequence, plan) && states.evaluatedIn(system) === slot) {
      states.assign(slot, undefined)
      pool.changed()
    }
    return { slot, done: await align(slot.sequence, plan, limit, states) }
  }

  /** Evaluates one chunk, and lets those go on who waited for the same system instruction. */
  async function evaluateNext(slot: Slot, plan: EncodedPrompt, done: number, limit: number): Promise<number> {
    const chunk = chunkTokens(pool.othersAnswering(owner))
    const end = await counted(() => evaluateChunk(slot.sequence, plan, done, chunk, limit, states))
    if (end === plan.sharedTokens) pool.changed()
    return end
  }

  /** Tokens until the model ends its answer; the sequence may be used again when it has returned. */
  async function* decode(
    call: Call,
    slot: Slot,
    tokens: readonly Token[],
    options: EvaluateOptions,
  ): AsyncGenerator<Token, void, void> {
    const decoding = slot.sequence.evaluate(tokens, options)
    call.decoding = decoding
    try {
      for (;;) {
        const { value: token } = await call.run(() => counted(() => decoding.next()))
        if (token === undefined || isEnd(token)) return
        yield token
      }
    } finally {
      if (!call.signal.aborted) await decoding.return()
    }
  }

  /** `first` is chosen already. */
  async function* decodeFrom(
    first: Token,
    call: Call,
    slot: Slot,
    options: EvaluateOptions,
  ): AsyncGenerator<Token, void, void> {
    call.signal.throwIfAborted()
    if (isEnd(first)) return
    yield first
    yield* decode(call, slot, [first], options)
  }

  /** A template token that ends nothing means that the model lost its way; it is never text. */
  const isEnd = (token: Token) => model.isEogToken(token) || model.isSpecialToken(token)

  async function* prefill(
    prompt: Parameters<Conversation['prefill']>[0],
    callSignal: AbortSignal,
  ): ReturnType<Conversation['prefill']> {
    const call = calls.begin(callSignal)
    try {
      const plan = format.encodeOpen(prompt)
      const totalTokens = plan.tokens.length
      let evaluatedTokens = 0
      while (evaluatedTokens < totalTokens) {
        evaluatedTokens = await call.run(async () => {
          const { slot, done } = await alignedSlot(plan, false, totalTokens, call)
          try {
            return await evaluateNext(slot, plan, done, totalTokens)
          } finally {
            pool.pause(slot)
          }
        })
        yield { evaluatedTokens, totalTokens }
      }
    } catch (error) {
      if (call.superseded) return
      throw asEngineError(error, call)
    } finally {
      call.end()
    }
  }

  /** Evaluates what an answer needs, but for the last few tokens: those go with whatever is asked of the model then. */
  async function* evaluated(
    plan: EncodedPrompt,
    call: Call,
    lastRun: number,
  ): AsyncGenerator<PrefillPart, { slot: Slot; cached: number; reached: number }> {
    const totalTokens = plan.tokens.length
    // The last token is always evaluated again: what follows is sampled from its result. So is the last of the words, where that is asked.
    const limit = (plan.words ?? totalTokens) - 1
    const { slot, done: cached } = await call.run(() => alignedSlot(plan, true, limit, call))
    let reached = cached
    while (
      reached < Math.min(plan.sharedTokens, limit) ||
      (reached < limit && totalTokens - reached > chunkTokens(pool.othersAnswering(owner), lastRun))
    ) {
      reached = await call.run(() => evaluateNext(slot, plan, reached, limit))
      yield { type: 'prefill', evaluatedTokens: reached, totalTokens }
    }
    return { slot, cached, reached }
  }

  function weigh(
    prompt: Parameters<Conversation['weigh']>[0],
    words: readonly string[],
    callSignal: AbortSignal,
  ): AsyncGenerator<WeighingPart> {
    return weighed(callSignal, () => {
      const plan = format.encodeForAnswer(prompt)
      const candidates = words.map((word) => model.tokenize(word, false)[0]!)
      return { plan, score: (sequence) => scoreNext(sequence, plan.tokens, candidates) }
    })
  }

  function foresee(
    prompt: Parameters<Conversation['weigh']>[0],
    callSignal: AbortSignal,
  ): AsyncGenerator<WeighingPart> {
    return weighed(callSignal, () => {
      const { heard, ...whole } = format.encodeHeard(prompt)
      const plan = { ...whole, tokens: whole.tokens.slice(0, heard) }
      return { plan, score: async (sequence) => [await scoreTokens(sequence, whole.tokens, heard)] }
    })
  }

  /** `score`: behind what the plan evaluates. */
  async function* weighed(
    callSignal: AbortSignal,
    begin: () => { plan: EncodedPrompt; score: (sequence: LlamaSequence) => Promise<readonly number[]> },
  ): AsyncGenerator<WeighingPart> {
    const call = calls.begin(callSignal)
    try {
      const { plan, score } = begin()
      const { slot } = yield* evaluated(plan, call, CHUNK_TOKENS)
      const weights = await call.run(() => counted(() => score(slot.sequence)))
      call.end()
      yield { type: 'weights', weights }
    } catch (error) {
      throw asEngineError(error, call)
    } finally {
      call.end()
    }
  }

  async function* generate(
    prompt: Parameters<Conversation['generate']>[0],
    sampling: Sampling,
    callSignal: AbortSignal,
  ): AsyncGenerator<GenerationPart> {
    const call = calls.begin(callSignal)
    try {
      const plan = format.encodeForAnswer(prompt)
      const promptTokens = plan.tokens.length
      const ready = yield* evaluated(plan, call, LAST_RUN_TOKENS)
      const { slot, cached: done } = ready
      let reached = ready.reached
      slot.answering = true

      const room = windowTokens - 1 - promptTokens
      const maxTokens = Math.min(sampling.maxOutputTokens ?? DEFAULT_OUTPUT_TOKENS, room)
      const usage = (outputTokens: number) => ({ promptTokens, cachedTokens: done, outputTokens })
      const { functions = [], mustCall = false, messages } = prompt
      const produced: Token[] = []
      const options = evaluateOptions(sampling, produced)
      let first: Token | undefined
      if (plan.words !== undefined) {
        const { words } = plan
        // A grammar and a call choose their tokens themselves, and dice are thrown by one run: another with the same seed begins with the same throw again.
        const isPlain = functions.length === 0 && !sampling.answerSchema && options.temperature === 0
        const chosen = isPlain ? options : undefined
        const scored = await call.run(() =>
          counted(() => scoreInside(slot.sequence, plan.tokens, words, format.endings, chosen)),
        )
        first = scored.next
        const [ends = 0, trailsOff = 0] = scored.likely
        yield { type: 'ending', ends, trailsOff }
      }
      // Only the user's words ask for a call. After a result the model tells it; small models would call the same function again.
      if (functions.length > 0 && (mustCall || messages.at(-1)?.role === 'user')) {
        const writing = writeCalls({
          model,
          functionSets,
          functions,
          mustCall,
          messages,
          maxTokens: Math.min(MAX_CALL_TOKENS, room),
          score: (path, candidates) =>
            call.run(() => counted(() => scoreNext(slot.sequence, [...plan.tokens, ...path], candidates))),
          decode: async function* (start, options) {
            reached = await call.run(() => rewind(slot.sequence, plan.tokens))
            yield* decode(call, slot, [...plan.tokens.slice(reached), ...start], options)
          },
        })
        let written = 0
        let next = await writing.next()
        for (; !next.done; next = await writing.next()) {
          written++
          yield next.value
        }
        if (written > 0) {
          call.end()
          yield { type: 'end', reason: 'stop', usage: usage(next.value) }
          return
        }
      }
      if (first === undefined) reached = await call.run(() => rewind(slot.sequence, plan.tokens))
      if (sampling.answerSchema) options.grammarEvaluationState = await answerGrammar(sampling.answerSchema)
      const text = createTokenTextDecoder(model)
      let reason: 'stop' | 'length' = 'stop'
      const answer =
        first === undefined
          ? decode(call, slot, plan.tokens.slice(reached), options)
          : decodeFrom(first, call, slot, options)
      for await (const token of answer) {
        produced.push(token)
        const piece = text.push(token)
        if (piece !== '') yield { type: 'text', text: piece }
        if (produced.length < maxTokens) continue
        reason = 'length'
        break
      }
      const rest = text.flush()
      if (rest !== '') yield { type: 'text', text: rest }
      call.end()
      prepareNext(plan)
      yield {
        type: 'end',
        reason,
        usage: usage(produced.length),
      }
    } catch (error) {
      throw asEngineError(error, call)
    } finally {
      call.end()
    }
  }

  const conversation: Conversation = {
    prefill,
    generate,
    weigh,
    foresee,
    close() {
      closing.abort(new EngineError('engine-failed', 'this conversation with the language model was closed'))
      pool.leave(owner)
      conversationStates.forget(owner)
      calls.afterwards(() => pool.forget(owner))
    },
  }
  const onAbort = () => {
    closing.abort(signal.reason)
    conversation.close()
  }
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  return conversation
}

type PrefillPart = Extract<WeighingPart, { type: 'prefill' }>

interface Aligned {
  readonly slot: Slot
  readonly done: number
}
