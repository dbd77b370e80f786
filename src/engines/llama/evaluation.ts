/**
 * Brings a sequence to a wanted list of tokens, a chunk at a time, reusing everything that is already there: the
 * common beginning, what follows a dropped stretch of history, or a saved system instruction. Knows nothing of calls,
 * turns or who waits.
 */
import type { EncodedPrompt } from './chat-format.js'
import type { LlamaSequence, NextLogits, NextToken, Token } from './runtime-types.js'
import type { SystemStates } from './system-states.js'

/** A chunk can't be interrupted and holds up every other sequence: 16 tokens take 0.15 to 0.3 s on two cores, a tenth more for each token than 32 do. */
export const CHUNK_TOKENS = 16
/** While someone else is being answered: 8 tokens take 0.2 s, so that the other answer keeps above the pace of speech. */
const SHARED_CHUNK_TOKENS = 8
/** The last run, with which something is asked of the model: 32 tokens take 0.27 s on two cores, in two runs 0.30 s. */
export const LAST_RUN_TOKENS = 32
/** So many are evaluated as fast as a sequence that holds them is waited for. */
const SAME_WORDS_TOKENS = 32
/** Moving cached tokens costs some fidelity; for fewer than this it is not worth it. */
const MIN_MOVED_TOKENS = 64

/** `alone`: where nobody else is being answered. */
export function chunkTokens(othersBusy: boolean, alone = CHUNK_TOKENS): number {
  return othersBusy ? SHARED_CHUNK_TOKENS : alone
}

/** Whether the sequence lacks a part of the system instruction. */
export function lacksSystem(sequence: LlamaSequence, plan: EncodedPrompt): boolean {
  return sharedTokens(sequence, plan.tokens) < plan.systemTokens
}

export function holdsSystemOnly(sequence: LlamaSequence, plan: EncodedPrompt): boolean {
  return (
    sequence.nextTokenIndex === plan.sharedTokens && sharedTokens(sequence, plan.tokens) >= plan.sharedTokens
  )
}

/**
 * Of another conversation's words nothing is kept, even where this one begins with the same: tokens that are evaluated one by one and together differ by
 * rounding, and the same seed is to give the same answer.
 */
export async function keepSystem(sequence: LlamaSequence, plan: EncodedPrompt): Promise<void> {
  await eraseAfter(sequence, Math.min(sharedTokens(sequence, plan.tokens), plan.sharedTokens))
}

/**
 * Makes the sequence hold nothing but a beginning of `plan.tokens`, as long a one as can be had without evaluating,
 * and returns its length, at most `limit`.
 */
export async function align(
  sequence: LlamaSequence,
  plan: EncodedPrompt,
  limit: number,
  states: SystemStates,
): Promise<number> {
  if (!lacksSystem(sequence, plan)) await closeGap(sequence, plan)
  else if (!(await states.load(plan.tokens.slice(0, plan.sharedTokens), sequence))) {
    const hasGuide = sharedTokens(sequence, plan.tokens) >= plan.guideTokens
    if (!hasGuide) await states.load(plan.tokens.slice(0, plan.guideTokens), sequence)
  }
  const shared = Math.min(sharedTokens(sequence, plan.tokens), limit)
  await eraseAfter(sequence, shared)
  return shared
}

/**
 * Evaluates one chunk from `done` on, never across the end of the guide or of what all conversations share, whose states are
 * saved for others, and returns the new length.
 */
export async function evaluateChunk(
  sequence: LlamaSequence,
  plan: EncodedPrompt,
  done: number,
  maxTokens: number,
  limit: number,
  states: SystemStates,
): Promise<number> {
  const { guideTokens, sharedTokens } = plan
  const boundary = done < guideTokens ? guideTokens : done < sharedTokens ? sharedTokens : limit
  const end = Math.min(done + maxTokens, boundary, limit)
  if (end > done) await sequence.evaluateWithoutGeneratingNewTokens(plan.tokens.slice(done, end))
  if (end > done && (end === guideTokens || end === sharedTokens))
    await states.save(plan.tokens.slice(0, end), sequence)
  return end
}

/** Erases what differs from `tokens`, and their last one, whose result is what follows them; returns what is left. */
export async function rewind(sequence: LlamaSequence, tokens: readonly Token[]): Promise<number> {
  const shared = Math.min(sharedTokens(sequence, tokens), tokens.length - 1)
  await eraseAfter(sequence, shared)
  return shared
}

/** Logits of the candidates after `tokens`; the sequence then holds just those. */
export async function scoreNext(
  sequence: LlamaSequence,
  tokens: readonly Token[],
  candidates: readonly Token[],
): Promise<number[]> {
  const shared = await rewind(sequence, tokens)
  const generateNext = { logits: { filter: { tokens: candidates } }, options: { temperature: 0 } } as const
  const last = tokens.length - 1 - shared
  const results = await sequence.controlledEvaluate(
    tokens.slice(shared).map((token, index) => (index < last ? token : ([token, { generateNext }] as const))),
  )
  const logits = results[last]?.next.logits
  return candidates.map((token) => logits?.get(token) ?? Number.NEGATIVE_INFINITY)
}

/**
 * Evaluates `tokens`. `likely`: natural logarithms of how likely any token of each group is after the first `end` of them; `next`, with `options`: the
 * token that follows them all. In one run: the weights are read once.
 */
export async function scoreInside(
  sequence: LlamaSequence,
  tokens: readonly Token[],
  end: number,
  groups: readonly (readonly Token[])[],
  options?: NextToken['options'],
): Promise<{ readonly likely: readonly number[]; readonly next?: Token }> {
  const shared = await rewind(sequence, tokens.slice(0, end))
  const [inside, last] = [end - 1 - shared, tokens.length - 1 - shared]
  const results = await sequence.controlledEvaluate(
    tokens.slice(shared).map((token, index) => {
      if (index === inside) return [token, { generateNext: likelihoodOf(groups.flat()) }] as const
      if (index === last && options) return [token, { generateNext: { token: true, options } }] as const
      return token
    }),
  )
  const { logits = new Map<Token, number>(), totalLogitWeight = 1 } = results[inside]?.next ?? {}
  const most = Math.max(...logits.values())
  const likely = groups.map((group) => {
    const weights = group.map((token) => Math.exp((logits.get(token) ?? Number.NEGATIVE_INFINITY) - most))
    return Math.log(weights.reduce((sum, weight) => sum + weight, 0) / totalLogitWeight)
  })
  const next = results[last]?.next.token
  return { likely, ...(typeof next === 'number' && { next }) }
}

const likelihoodOf = (tokens: readonly Token[]): NextLogits => ({
  logits: { filter: { tokens, includeSelected: true } },
  totalLogitWeight: true,
  options: { temperature: 0 },
})

/** Natural logarithm of how likely the tokens from `start` on are, each after those before it, on average; the sequence then holds all but the last. */
export async function scoreTokens(
  sequence: LlamaSequence,
  tokens: readonly Token[],
  start: number,
): Promise<number> {
  const first = start - 1
  const shared = await rewind(sequence, tokens.slice(0, start))
  const results = await sequence.controlledEvaluate(
    tokens.slice(shared, -1).map((token, index) => {
      if (shared + index < first) return token
      return [token, { generateNext: likelihoodOf([tokens[shared + index + 1]!]) }] as const
    }),
  )
  let sum = 0
  for (const [index, result] of results.entries()) {
    if (!result) continue
    const { logits, totalLogitWeight = 1 } = result.next
    const logit = logits?.get(tokens[shared + index + 1]!)
    if (!logits || logit === undefined) return Number.NEGATIVE_INFINITY
    sum += logit - Math.max(...logits.values()) - Math.log(totalLogitWeight)
  }
  return sum / Math.max(1, tokens.length - start)
}

/**
 * After old messages were left out, the rest of the conversation is still in the sequence, further back. Moving it
 * takes milliseconds, evaluating it again would take a minute for a full window.
 */
async function closeGap(sequence: LlamaSequence, plan: EncodedPrompt): Promise<void> {
  const start = plan.systemTokens
  const first = plan.tokens[start]
  if (first === undefined) return
  const present = sequence.contextTokens
  let best = { from: start, length: matchLength(present, start, plan.tokens, start) + MIN_MOVED_TOKENS }
  for (let from = start + 1; from < present.length - MIN_MOVED_TOKENS; from++) {
    // Messages begin with the same template token.
    if (present[from] !== first) continue
    const length = matchLength(present, from, plan.tokens, start)
    if (length > best.length) best = { from, length }
  }
  if (best.from > start) await sequence.eraseContextTokenRanges([{ start, end: best.from }])
}

/** Tokens that are the same in both, from these places on. */
export function matchLength(a: readonly Token[], fromA: number, b: readonly Token[], fromB: number): number {
  let length = 0
  while (fromA + length < a.length && fromB + length < b.length && a[fromA + length] === b[fromB + length])
    length++
  return length
}

/**
 * Tokens behind the system instruction that the sequence has in common with the plan; 0 where it may as well be another conversation that began
 * with the same few words.
 */
export function historyHeld(sequence: LlamaSequence, plan: EncodedPrompt): number {
  const shared = sharedTokens(sequence, plan.tokens)
  const held = shared - plan.systemTokens
  const { firstAnswer = Number.POSITIVE_INFINITY } = plan
  return shared > firstAnswer || held > SAME_WORDS_TOKENS ? held : 0
}

export async function eraseAfter(sequence: LlamaSequence, length: number): Promise<void> {
  if (length < sequence.nextTokenIndex)
    await sequence.eraseContextTokenRanges([{ start: length, end: sequence.nextTokenIndex }])
}

/** Length of the beginning that the sequence has in common with them. */
export function sharedTokens(sequence: LlamaSequence, tokens: readonly Token[]): number {
  return sequence.compareContextTokens(tokens).firstDifferentIndex
}
