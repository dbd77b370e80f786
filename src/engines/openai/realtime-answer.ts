/**
 * One response of a Realtime server while it is made: which of the server's events belong to it, what they say, and which items it leaves in
 * the conversation there. It sends nothing.
 */
import { pcm16ToFloat } from '../../audio/index.js'
import { createAsyncQueue } from '../../engine/async-queue.js'
import {
  EngineError,
  type FunctionDeclaration,
  type GenerationPart,
  type Message,
} from '../../engine/index.js'
import type { KnownMessage } from './realtime-items.js'
import { WIRE_HZ } from './realtime-items.js'
import {
  eventFailure,
  type RealtimeEndpoint,
  type ServerEvent,
  type ServerResponse,
} from './realtime-link.js'
import { createToolCalls } from './tool-calls.js'

export interface RealtimeAnswer {
  /** Takes every event of the connection; those of other responses change nothing. */
  take(event: ServerEvent): void
  /** Nobody listens any more; the server may still be making it. */
  stop(reason: unknown): void
  /** Ends it with this error. */
  fail(error: unknown): void
  /** What it says and calls as it comes, then the end. Throws what it failed with. */
  parts(): AsyncGenerator<GenerationPart>
  /** Resolves when the server makes no more of it. */
  readonly over: Promise<void>
  readonly isOver: boolean
  /** What it leaves behind: words as far as they came, then calls. */
  known(): KnownCall[]
  /** Where so much of its speech ends; undefined where it is over before that. Items that begin later are `after`. */
  cut(heardMs: number): { readonly at: Cut; readonly after: readonly string[] } | undefined
}

export interface KnownCall extends KnownMessage {
  /** Of a call: the server's own. */
  readonly callId?: string
}

interface Cut {
  readonly item_id: string
  readonly content_index: number
  readonly audio_end_ms: number
}

interface AnswerItem {
  readonly id: string
  readonly call?: {
    readonly id: string
    readonly name: string
    readonly args: Extract<Message, { role: 'call' }>['args']
  }
  contentIndex: number
  ms: number
}

const WORDS = /^response\.(output_)?(audio_transcript|text)\.delta$/
const SOUND = /^response\.(output_)?audio\.delta$/
const BYTES_PER_MS = (WIRE_HZ * 2) / 1000

export function createRealtimeAnswer(
  endpoint: RealtimeEndpoint,
  functions: readonly FunctionDeclaration[] | undefined,
): RealtimeAnswer {
  const events = createAsyncQueue<ServerEvent>()
  const items: AnswerItem[] = []
  const called: KnownCall[] = []
  let id: string | undefined
  let text = ''
  let isOver = false
  let isStopped = false
  let end = () => {}
  const over = new Promise<void>((resolve) => {
    end = resolve
  })
  let timer: NodeJS.Timeout | undefined
  awaitMore()

  /** The server is heard of again within its time. */
  function awaitMore(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const { timeoutMs, model } = endpoint
      const problem = `sent nothing for ${timeoutMs} ms; is the server overloaded or still loading "${model}"? Otherwise raise the timeout`
      events.fail(endpoint.failure('engine-timeout', problem))
    }, endpoint.timeoutMs)
  }

  function finish(): void {
    clearTimeout(timer)
    isOver = true
    end()
  }

  function itemOf(itemId: string | undefined): AnswerItem | undefined {
    if (itemId === undefined) return undefined
    const known = items.find((item) => item.id === itemId)
    if (known) return known
    const item = { id: itemId, contentIndex: 0, ms: 0 }
    items.push(item)
    return item
  }

  function isMine({ response_id, response }: ServerEvent): boolean {
    const about = response_id ?? response?.id
    return about === undefined || id === undefined || about === id
  }

  async function* parts(): AsyncGenerator<GenerationPart> {
    const calls = createToolCalls(functions)
    for await (const event of events) {
      if (WORDS.test(event.type) && event.delta) yield { type: 'text', text: event.delta }
      else if (SOUND.test(event.type) && event.delta) {
        yield { type: 'audio', samples: pcm16ToFloat(Buffer.from(event.delta, 'base64')) }
      } else if (event.type === 'response.output_item.done' && event.item?.type === 'function_call') {
        const { call_id, name, arguments: json } = event.item
        const index = called.length
        called.push({
          message: { role: 'call', id: '', name: name ?? '', args: {} },
          items: event.item.id === undefined ? [] : [event.item.id],
          ...(call_id !== undefined && { callId: call_id }),
        })
        yield* noted(
          calls.push([
            { index, ...(call_id && { id: call_id }), function: { name: name ?? '', arguments: json } },
          ]),
        )
      } else if (event.type === 'response.done') {
        const reason = endOf(event.response)
        yield* noted(calls.flush(reason === 'length'))
        const usage = event.response?.usage
        yield {
          type: 'end',
          reason,
          usage: {
            promptTokens: usage?.input_tokens ?? 0,
            cachedTokens: usage?.input_token_details?.cached_tokens ?? 0,
            outputTokens: usage?.output_tokens ?? Math.ceil(text.length / 4),
          },
        }
        return
      }
    }
  }

  let notedCalls = 0
  /** As they are passed on, so will they come back. */
  function noted(complete: readonly Extract<GenerationPart, { type: 'call' }>[]) {
    for (const { name, args } of complete) {
      const known = called[notedCalls]
      if (known) called[notedCalls] = { ...known, message: { role: 'call', id: '', name, args } }
      notedCalls++
    }
    return complete
  }

  function endOf(response: ServerResponse | undefined): 'stop' | 'length' {
    const { status, status_details: details } = response ?? {}
    if (status === 'failed') throw eventFailure(endpoint, details?.error ?? undefined)
    if (status === 'cancelled') {
      throw new EngineError(
        'engine-failed',
        `${endpoint.url} cancelled its answer (${details?.reason ?? 'no reason given'}); its own turn detection must be off`,
      )
    }
    return status === 'incomplete' && details?.reason !== 'content_filter' ? 'length' : 'stop'
  }

  return {
    take(event) {
      if (isOver || !isMine(event)) return
      if (!isStopped) awaitMore()
      if (event.type === 'response.created') id ??= event.response?.id
      if (event.type === 'response.output_item.added' && event.item?.type === 'message') itemOf(event.item.id)
      if (WORDS.test(event.type)) text += event.delta ?? ''
      const item = SOUND.test(event.type) ? itemOf(event.item_id) : undefined
      if (item && event.delta) {
        item.contentIndex = event.content_index ?? 0
        item.ms += Buffer.byteLength(event.delta, 'base64') / BYTES_PER_MS
      }
      events.push(event)
      if (event.type === 'response.done') {
        events.end()
        finish()
      }
    },
    stop(reason) {
      clearTimeout(timer)
      isStopped = true
      events.fail(reason)
    },
    fail(error) {
      events.fail(error)
      finish()
    },
    parts,
    over,
    get isOver() {
      return isOver
    },
    known() {
      const words = items.map((item) => item.id)
      const said = words.length > 0 ? [{ message: { role: 'model' as const, text }, items: words }] : []
      return [...said, ...called]
    },
    cut(heardMs) {
      let left = heardMs
      const speech = items.filter(({ ms }) => ms > 0)
      for (const [index, { id: item_id, contentIndex: content_index, ms }] of speech.entries()) {
        // Of an answer that was broken off the server may have made more than it has sent.
        const isLast = index === speech.length - 1
        if (left >= ms && !isLast) left -= ms
        else {
          const audio_end_ms = Math.floor(Math.min(left, ms))
          const after = speech.slice(index + 1).map(({ id }) => id)
          return { at: { item_id, content_index, audio_end_ms }, after }
        }
      }
      return undefined
    },
  }
}
