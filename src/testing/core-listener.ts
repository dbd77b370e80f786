/**
 * A person who listens to what the core lets out: plays the pieces of each answer one after the other, stops where it is told to, and so knows
 * which words were heard, which questions were answered, and how often each answer ended. It shares no code with the core's own
 * reckoning.
 */
import { expect } from 'vitest'
import type { Effect, Session, SessionEvent } from '../core/index.js'

export interface CoreListener {
  /** To be told of every event, with the session before it. Fails where an answer ends twice or goes on after `interrupted`. */
  hear(before: Session, event: SessionEvent, effects: readonly Effect[]): void
  /** What the history must hold of the model. */
  readonly heard: readonly string[]
  /** Typed questions whose answer has not come. */
  readonly unanswered: ReadonlySet<string>
}

interface Piece {
  readonly startsAt: number
  readonly audioMs: number
}

/** Its words are of one length. */
interface Clause {
  readonly words: readonly string[]
  readonly lengthMs: number
  readonly pieces: Piece[]
}

export function createCoreListener(): CoreListener {
  const answers = new Map<number, Clause[]>()
  /** By answer, in the order in which they came to the history. */
  const heard = new Map<number, string>()
  const prompts = new Map<number, string>()
  const ended = new Set<number>()
  const unanswered = new Set<string>()

  function play(response: number, event: Extract<SessionEvent, { type: 'response-output' }>): void {
    const { at, text, audioMs, clauseMs = audioMs } = event
    const clauses = answers.get(response) ?? []
    answers.set(response, clauses)
    if (text !== '') clauses.push({ words: text.match(/\S+/g) ?? [], lengthMs: clauseMs, pieces: [] })
    const free = Math.max(0, ...clauses.flatMap(({ pieces }) => pieces.map(endOf)))
    clauses.at(-1)?.pieces.push({ startsAt: Math.max(at, free), audioMs })
  }

  function keep(response: number, untilMs: number): void {
    const words = (answers.get(response) ?? []).flatMap((clause) => wordsUntil(clause, untilMs))
    if (words.length === 0) heard.delete(response)
    else heard.set(response, words.join(' '))
  }

  function answered(prompt: string): void {
    for (const question of unanswered) if (prompt.includes(question)) unanswered.delete(question)
  }

  return {
    unanswered,
    get heard() {
      return [...heard.values()]
    },
    hear(before, event, effects) {
      const { output } = before
      let response = output.phase === 'silent' ? undefined : output.response
      const apologises = output.phase === 'responding' && output.stage === 'apology'
      if (event.type === 'content' && event.turnComplete)
        for (const turn of event.turns) if (turn.role === 'user') unanswered.add(`<${turn.text}>`)
      if (event.type === 'realtime-text') unanswered.add(`<${event.text}>`)
      if (event.type === 'response-output' && output.phase === 'responding' && response === event.response) {
        expect(ended).not.toContain(response)
        play(response, event)
      }
      let interrupted = false
      let calls = output.phase === 'calling'
      for (const effect of effects) {
        if (effect.type === 'start-response') {
          const told = effect.prompt.messages.map((message) => ('text' in message ? message.text : ''))
          prompts.set(effect.response, told.join(' ').replace(/\S+/g, '<$&>'))
        }
        if (effect.type === 'apologise') {
          prompts.set(effect.response, [...unanswered].join(' '))
          if (response !== undefined && !apologises) keep(response, Number.POSITIVE_INFINITY)
        }
        if (effect.type !== 'send') continue
        const { message } = effect
        if (response === undefined) {
          // Its functions have said all there was to say.
          if ('serverContent' in message && message.serverContent.turnComplete)
            answered([...prompts.values()].at(-1) ?? '')
          continue
        }
        if ('toolCall' in message) {
          calls = true
          keep(response, Number.POSITIVE_INFINITY)
        }
        if (!('serverContent' in message)) continue
        if (message.serverContent.interrupted) {
          interrupted = true
          // Nothing more of it can leave: it was cancelled before the client was told. One that calls is not running.
          if (!calls)
            expect(effects.slice(0, effects.indexOf(effect))).toContainEqual(
              expect.objectContaining({ type: 'cancel-response', response }),
            )
        }
        if (!message.serverContent.turnComplete) continue
        expect(ended).not.toContain(response)
        ended.add(response)
        if (!apologises) keep(response, interrupted ? event.at : Number.POSITIVE_INFINITY)
        answered(prompts.get(response) ?? '')
        // What may end behind it in the same event is a turn of its own.
        response = undefined
      }
    },
  }
}

const endOf = ({ startsAt, audioMs }: Piece) => startsAt + audioMs

/** Those whose sound had begun. */
function wordsUntil({ words, lengthMs, pieces }: Clause, untilMs: number): readonly string[] {
  if (untilMs === Number.POSITIVE_INFINITY) return words
  const played = pieces.reduce(
    (sum, { startsAt, audioMs }) => sum + Math.max(0, Math.min(untilMs - startsAt, audioMs)),
    0,
  )
  return words.filter((_, index) => (index / words.length) * lengthMs < played)
}
