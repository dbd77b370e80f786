/**
 * A client that keeps a conversation across connections as a careful program would: it remembers the newest handle, in transparent
 * mode says again what no saved state holds, else waits for the answer that is owed; it knows how large the history must be, remembers
 * the calls that it was told of, and gives a result again where it cannot know that it arrived.
 */
import { WebSocket } from 'ws'
import { textTokens } from '../../src/core/index.js'

const LIVE_PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'
const SYSTEM = 'Answer in one short sentence.'

/** `talk` is answered with its own words; `waits` calls a function and waits; `runs` says a word and calls one in the background. */
export type Kind = 'talk' | 'waits' | 'runs'

const FUNCTIONS = { waits: 'look', runs: 'book' } as const
const WORDS_BEFORE_CALL = 'One moment.'

/** What the scripted engines need to answer a talker: slow enough to be interrupted on any machine. */
export const TALKER_SCRIPT = `
delaysMs: { firstToken: 30, perToken: 15 }
rules:
  - match: { regex: ^Look }
    toolCalls: [{ name: ${FUNCTIONS.waits}, args: { what: it } }]
  - match: { regex: ^Book }
    reply: ${WORDS_BEFORE_CALL}
    toolCalls: [{ name: ${FUNCTIONS.runs} }]
`
const TOOLS = [
  {
    functionDeclarations: [
      { name: FUNCTIONS.waits, behavior: 'BLOCKING' },
      { name: FUNCTIONS.runs, behavior: 'NON_BLOCKING' },
    ],
  },
]

export interface Talker {
  readonly transparent: boolean
  readonly hasHandle: boolean
  /** Opens a connection, with the handle if there is one. Rejects where the server refuses. */
  connect(url: string): Promise<void>
  /** Sends a question. Settles its answer, whole, however many connections that takes. */
  ask(text: string, kind?: Kind): void
  /** Resolves with the next thing that comes of an answer on this connection. */
  output(): Promise<void>
  /** Resolves when the function is called that the question needs: where it is waited for, on this connection. */
  called(): Promise<void>
  /** Gives the function's result: what the question is answered with. */
  giveResult(): void
  /** Resolves when the server has said that all that was said so far is kept: it is busy with it, or has a handle of after it. */
  safe(): Promise<void>
  /** Resolves when the question was answered and a handle of after it has come. Rejects where it takes too long. */
  answered(): Promise<void>
  /** Drops the connection without a word. */
  cut(): void
  /** Leaves the connection open and forgets it; resolves with the code that it is closed with. */
  abandon(): Promise<number>
  /** What went wrong: lost or repeated turns and calls, histories of another size than expected. Empty = nothing. */
  readonly faults: readonly string[]
  /** From the setup of the last resumption to the first of its answer; undefined where none was owed. */
  readonly firstOutputMs: number | undefined
}

interface Call {
  readonly id: string
  readonly name: string
  readonly args: object
}

interface Question {
  readonly text: string
  readonly kind: Kind
  /** Size of the history before it. */
  readonly before: number
  answer: string
  ended: boolean
  call?: Call
  /** The model may still end the turn in which it called. */
  callsTurn: boolean
  result?: string
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
  let unsaved: { index: number; isResult: boolean }[] = []
  let sent = 0
  let results = 0
  let historyTokens = textTokens(SYSTEM)
  let fresh = false
  let kept = false
  let setupAtMs = 0
  let firstOutputMs: number | undefined
  /** Calls of this connection, and the one that was known when the handle came. */
  let toldHere = new Set<string>()
  let knownAtHandle: string | undefined
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

  function send(message: object, isResult: boolean): void {
    sent++
    kept = false
    unsaved.push({ index: sent, isResult })
    socket?.send(JSON.stringify(message))
  }

  function say({ text }: Question): void {
    const turns = [{ role: 'user', parts: [{ text }] }]
    send({ clientContent: { turns, turnComplete: true } }, false)
  }

  function sendResult({ call, result }: Question): void {
    if (!call || result === undefined) return
    const functionResponses = [{ id: call.id, name: call.name, response: { output: result } }]
    send({ toolResponse: { functionResponses } }, true)
  }

  /** Said again, it is answered again: what was answered before is in no saved state. */
  function forget(said: Question): void {
    historyTokens = said.before
    said.ended = false
    said.answer = ''
    said.callsTurn = false
    delete said.call
  }

  function receive(from: WebSocket, data: string): void {
    if (from !== socket) return
    const message = JSON.parse(data)
    const update = message.sessionResumptionUpdate
    if (update) kept = true
    if (update?.resumable) {
      handle = update.newHandle
      fresh = true
      knownAtHandle = question?.call?.id
      if (transparent) {
        const index = Number(update.lastConsumedClientMessageIndex)
        unsaved = unsaved.filter((each) => each.index > index)
      } else unsaved = []
    }
    for (const call of message.toolCall?.functionCalls ?? []) hearCall(call)
    if (message.toolCallCancellation) faults.push('a call was taken back')
    const content = message.serverContent
    const text = content?.modelTurn?.parts?.[0]?.text
    if (text !== undefined) hearText(text)
    if (content?.turnComplete) endTurn(message.usageMetadata)
    tell()
  }

  function hearText(text: string): void {
    firstOutputMs ??= performance.now() - setupAtMs
    const early = question?.kind === 'waits' || question?.call !== undefined
    if (!question || question.ended) faults.push(`an answer that nobody waits for: ${text}`)
    else if (early && question.result === undefined) faults.push(`an answer without its result: ${text}`)
    else question.answer += text
  }

  function hearCall(call: Call): void {
    firstOutputMs ??= performance.now() - setupAtMs
    if (toldHere.has(call.id)) faults.push(`${call.id} was told twice`)
    toldHere.add(call.id)
    if (!question || question.kind === 'talk' || question.ended) {
      faults.push(`a call that nobody needs: ${call.name}`)
      return
    }
    if (question.call) {
      if (question.call.id !== call.id) faults.push(`"${question.text}" was called for twice`)
      if (knownAtHandle === call.id) faults.push(`${call.id} was told again to one who goes on behind it`)
    } else {
      kept = false
      const said = question.answer
      if (said !== '' && said !== WORDS_BEFORE_CALL) faults.push(`"${said}" was said before a call`)
      question.call = call
      question.answer = ''
      question.callsTurn = question.kind === 'runs'
    }
    sendResult(question)
  }

  function endTurn(usage: { promptTokenCount: number; toolUsePromptTokenCount?: number } | undefined): void {
    if (!question || question.ended) {
      faults.push('a turn ended twice')
      return
    }
    const { kind, text, call, result, answer, before } = question
    const isCallsTurn = question.callsTurn && answer === ''
    question.callsTurn = false
    let tokens = before + textTokens(text)
    let expected = text
    if (!isCallsTurn) {
      question.ended = true
      fresh = false
      if (kind !== 'talk') {
        expected = `${call?.name} says "${result}"`
        if (kind === 'runs') tokens += textTokens(WORDS_BEFORE_CALL)
        tokens += textTokens(JSON.stringify({ role: 'call', ...call }))
        const told = { role: 'result', id: call?.id, name: call?.name, result: { output: result } }
        tokens += textTokens(JSON.stringify(told))
      }
      historyTokens = tokens + textTokens(answer)
    }
    if (!exact) return
    if (!isCallsTurn && answer !== expected) faults.push(`"${text}" was answered "${answer}"`)
    const counted = (usage?.promptTokenCount ?? 0) + (usage?.toolUsePromptTokenCount ?? 0)
    if (counted !== tokens) faults.push(`the history has ${counted} tokens instead of ${tokens} ("${text}")`)
  }

  /** In another connection: what the server cannot know is said again. */
  function goOn(): void {
    toldHere = new Set()
    if (!question) return
    if (!question.ended) question.answer = ''
    question.callsTurn = false
    // Nothing was ever saved, or the client is the one that says again what was not.
    const again = transparent || handle === undefined ? unsaved : []
    unsaved = []
    if (again.some(({ isResult }) => !isResult)) {
      forget(question)
      say(question)
    } else if (!question.ended || again.length > 0) {
      // Its result may have been on its way.
      if (question.ended) historyTokens = question.before
      question.ended = false
      question.answer = ''
      sendResult(question)
    }
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
      const ready = new Promise<void>((resolve, reject) => {
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
            ...(exact && { tools: TOOLS }),
            sessionResumption: { ...(handle !== undefined && { handle }), transparent },
          }
          opened.send(JSON.stringify({ setup }))
          goOn()
        })
      })
      await ready
      opened.on('error', () => {})
    },
    ask(text, kind = 'talk') {
      question = { text, kind, before: historyTokens, answer: '', ended: false, callsTurn: false }
      say(question)
    },
    output: () => until(() => question !== undefined && question.answer !== '', answerWithinMs, 'an answer'),
    called: () =>
      until(
        () => {
          const { kind, call } = question ?? {}
          return call !== undefined && (kind === 'runs' || toldHere.has(call.id))
        },
        answerWithinMs,
        `the call for "${question?.text}"`,
      ),
    giveResult() {
      if (!question) return
      question.result = `result ${++results}`
      fresh = false
      sendResult(question)
    },
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
