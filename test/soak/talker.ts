/**
 * A client that keeps a conversation across connections as a careful program would: it remembers the newest handle, in transparent
 * mode says again what no saved state holds, else waits for the answer that is owed, and knows how large the history must be.
 */
import { WebSocket } from 'ws'
import { textTokens } from '../../src/core/index.js'

const LIVE_PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'
const SYSTEM = 'Answer in one short sentence.'

export interface Talker {
  readonly transparent: boolean
  readonly hasHandle: boolean
  /** Opens a connection, with the handle if there is one. Rejects where the server refuses. */
  connect(url: string): Promise<void>
  /** Sends a question. Settles its answer, whole, however many connections that takes. */
  ask(text: string): void
  /** Resolves with the next thing that comes of an answer on this connection. */
  output(): Promise<void>
  /** Resolves when the server has said that the question is kept: it is busy with it, or has a handle of after it. */
  safe(): Promise<void>
  /** Resolves when the question was answered and a handle of after it has come. Rejects where it takes too long. */
  answered(): Promise<void>
  /** Drops the connection without a word. */
  cut(): void
  /** Leaves the connection open and forgets it; resolves with the code that it is closed with. */
  abandon(): Promise<number>
  /** What went wrong: lost or repeated turns, histories of another size than expected. Empty = nothing. */
  readonly faults: readonly string[]
  /** From the setup of the last resumption to the first of its answer; undefined where none was owed. */
  readonly firstOutputMs: number | undefined
}

interface Question {
  readonly text: string
  answer: string
  ended: boolean
}

/** `exact`: answers repeat the question, as the scripted engines do; else any answer will do. */
export function createTalker(
  transparent: boolean,
  exact: boolean,
  answerWithinMs = 30_000,
  model = 'gemini-live-2.5-flash',
): Talker {
  const faults: string[] = []
  let handle: string | undefined
  let socket: WebSocket | undefined
  let question: Question | undefined
  /** Messages that no saved state holds, each with its index on the connection that it was last sent on. */
  let unsaved: { index: number; text: string }[] = []
  let sent = 0
  let historyTokens = textTokens(SYSTEM)
  let fresh = false
  let kept = false
  let setupAtMs = 0
  let firstOutputMs: number | undefined
  const listeners = new Set<() => void>()

  const tell = () => {
    for (const listener of listeners) listener()
  }
  function until(isTrue: () => boolean, withinMs: number, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        listeners.delete(check)
        reject(new Error(`${what} did not come within ${withinMs} ms`))
      }, withinMs)
      const check = () => {
        if (!isTrue()) return
        clearTimeout(timer)
        listeners.delete(check)
        resolve()
      }
      listeners.add(check)
      check()
    })
  }

  function say(text: string): void {
    sent++
    unsaved.push({ index: sent, text })
    socket?.send(
      JSON.stringify({
        clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete: true },
      }),
    )
  }

  /** Said again, it is answered again: what was answered before is in no saved state. */
  function forget(said: Question): void {
    if (said.ended) historyTokens -= textTokens(said.text) + textTokens(said.answer)
    said.ended = false
    said.answer = ''
  }

  function receive(from: WebSocket, data: string): void {
    if (from !== socket) return
    const message = JSON.parse(data)
    const update = message.sessionResumptionUpdate
    if (update) kept = true
    if (update?.resumable) {
      handle = update.newHandle
      fresh = true
      if (transparent) {
        const index = Number(update.lastConsumedClientMessageIndex)
        unsaved = unsaved.filter((each) => each.index > index)
      } else unsaved = []
    }
    const content = message.serverContent
    const text = content?.modelTurn?.parts?.[0]?.text
    if (text !== undefined) {
      firstOutputMs ??= performance.now() - setupAtMs
      if (!question || question.ended) faults.push(`an answer that nobody waits for: ${text}`)
      else question.answer += text
    }
    if (content?.turnComplete) endTurn(message.usageMetadata)
    tell()
  }

  function endTurn(usage: { promptTokenCount: number } | undefined): void {
    if (!question || question.ended) {
      faults.push('a turn ended twice')
      return
    }
    question.ended = true
    fresh = false
    const tokens = historyTokens + textTokens(question.text)
    historyTokens = tokens + textTokens(question.answer)
    if (!exact) return
    if (question.answer !== question.text) faults.push(`"${question.text}" was answered "${question.answer}"`)
    if (usage?.promptTokenCount !== tokens)
      faults.push(`the history has ${usage?.promptTokenCount} tokens instead of ${tokens}`)
  }

  return {
    transparent,
    faults,
    get hasHandle() {
      return handle !== undefined
    },
    get firstOutputMs() {
      return firstOutputMs
    },
    async connect(url) {
      const opened = new WebSocket(`${url.replace('http', 'ws')}${LIVE_PATH}`, { perMessageDeflate: false })
      socket = opened
      sent = 0
      firstOutputMs = undefined
      if (question && !question.ended) question.answer = ''
      await new Promise<void>((resolve, reject) => {
        opened.once('message', () => resolve())
        opened.once('error', reject)
        opened.once('close', (code, reason) => reject(new Error(`closed ${code} ${reason.toString()}`)))
        opened.on('message', (data) => receive(opened, String(data)))
        opened.once('open', () => {
          setupAtMs = performance.now()
          const setup = {
            model: `models/${model}`,
            generationConfig: { responseModalities: ['TEXT'] },
            systemInstruction: SYSTEM,
            sessionResumption: { ...(handle !== undefined && { handle }), transparent },
          }
          opened.send(JSON.stringify({ setup }))
        })
      })
      opened.on('error', () => {})
      // Nothing was ever saved, or the client is the one that says again what was not.
      const again = transparent || handle === undefined ? unsaved : []
      unsaved = []
      for (const { text } of again) {
        if (question?.text === text) forget(question)
        say(text)
      }
    },
    ask(text) {
      question = { text, answer: '', ended: false }
      kept = false
      say(text)
    },
    output: () => until(() => question !== undefined && question.answer !== '', answerWithinMs, 'an answer'),
    safe: () => until(() => kept, answerWithinMs, 'a word that the question is kept'),
    answered: () =>
      until(() => question?.ended === true && fresh, answerWithinMs, `the answer to "${question?.text}"`),
    cut() {
      socket?.terminate()
      socket = undefined
    },
    abandon() {
      const left = socket
      socket = undefined
      return new Promise((resolve) => left?.once('close', resolve))
    },
  }
}
