/**
 * Asks the language model whether words were said to it, in a conversation of its own beside the session's: one question at a time, the
 * newest counts. Opened by the first of them. Knows nothing of what is made of the votes.
 */
import type { SessionEvent, SessionPrompt } from '../core/index.js'
import type { Conversation, LanguageModel } from '../engine/index.js'
import type { Clock } from './clock.js'
import { type ComputeGate, PRIORITY, speculative } from './compute-gate.js'
import { enginePrompt } from './engine-prompt.js'
import type { Logger } from './logger.js'

export interface AddressVotes {
  /** Reads ahead what comes before the words, while nobody waits. */
  prepare(prompt: SessionPrompt): void
  /** Reports the vote. */
  ask(question: {
    readonly question: number
    readonly prompt: SessionPrompt
    readonly answers: readonly [yes: string, no: string]
    readonly urgent: boolean
  }): void
  /** Reports how much likelier the words are at the end of the one than of the other. */
  foresee(question: {
    readonly question: number
    readonly exchange: SessionPrompt
    readonly among: SessionPrompt
  }): void
}

export function createAddressVotes(options: {
  readonly llm: LanguageModel
  readonly gate: ComputeGate
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly logger: Logger
  readonly emit: (event: SessionEvent) => void
}): AddressVotes {
  const { gate, clock, signal, logger } = options
  let conversation: Conversation | undefined
  /** Of its own, so that what comes before the words stays read in both. */
  let others: Conversation | undefined
  let current: AbortController | undefined

  /** Runs to the end unless something else is asked meanwhile; the value of the last part. */
  async function run<Part>(
    open: (conversation: Conversation, within: AbortSignal) => AsyncIterable<Part>,
    priority: number,
    done: (last: Part | undefined) => void,
  ): Promise<void> {
    current?.abort(new DOMException('superseded', 'AbortError'))
    const abort = new AbortController()
    current = abort
    const within = AbortSignal.any([signal, abort.signal])
    let last: Part | undefined
    try {
      conversation ??= options.llm.open({ signal })
      const parts = open(conversation, within)[Symbol.asyncIterator]()
      try {
        for (;;) {
          const { done: over, value } = await gate.run('llm', priority, within, () => parts.next())
          if (over) break
          last = value
        }
      } finally {
        await parts.return?.()
      }
      if (!within.aborted) done(last)
    } catch (error) {
      // Without the vote the other evidence decides.
      if (!within.aborted) logger.debug({ error: String(error) }, 'the language model gave no vote')
    }
  }

  return {
    prepare(prompt) {
      void run(
        (conversation, within) => conversation.prefill(enginePrompt(prompt, NOTHING_SHOWN), within),
        PRIORITY.background,
        () => {},
      )
    },
    ask({ question, prompt, answers, urgent }) {
      void run(
        (conversation, within) => conversation.weigh(enginePrompt(prompt, NOTHING_SHOWN), answers, within),
        urgent ? speculative(PRIORITY.firstToken) : PRIORITY.partials,
        (part) => {
          if (part?.type !== 'weights') return
          const [yes = 0, no = 0] = part.weights
          options.emit({ type: 'address-vote', at: clock.now(), question, lead: yes - no })
        },
      )
    },
    foresee({ question, exchange, among }) {
      const weights: number[] = []
      void run(
        async function* (conversation, within) {
          others ??= options.llm.open({ signal })
          for (const [where, prompt] of [
            [conversation, exchange],
            [others, among],
          ] as const) {
            for await (const part of where.foresee!(enginePrompt(prompt, NOTHING_SHOWN), within)) {
              if (part.type === 'weights') weights.push(part.weights[0] ?? 0)
              yield part
            }
          }
        },
        speculative(PRIORITY.firstToken),
        () => {
          const [expected = 0, elsewhere = 0] = weights
          options.emit({ type: 'address-vote', at: clock.now(), question, lead: expected - elsewhere })
        },
      )
    },
  }
}

const NOTHING_SHOWN = { picture: () => undefined, recording: () => undefined }
