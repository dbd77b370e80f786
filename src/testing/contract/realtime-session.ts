/** One session of the Realtime server of the tests: its settings, its buffer, its conversation, and the responses that it makes by rule. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type {
  ConversationItem,
  RealtimeClientEvent,
  RealtimeResponse,
  RealtimeServerEvent,
} from 'openai/resources/realtime/realtime'
import { floatToPcm16 } from '../../audio/index.js'

export interface SessionBehaviour {
  readonly dialect: 'released' | 'preview'
  /** What its model makes of so much speech; absent = its length. */
  readonly ears?: (ms: number) => string
  /** Wall time that each word takes to make; absent = none. */
  readonly wordMs?: number
  /** Fails every response with this. */
  readonly failure?: { readonly type: string; readonly code: string; readonly message: string }
  /** Stops in the midst of a response, for ever. */
  readonly stalls?: boolean
}

type Sent = RealtimeServerEvent extends infer E ? (E extends unknown ? Omit<E, 'event_id'> : never) : never

interface Held {
  readonly item: ConversationItem
  /** Length of its audio; `text` then what is heard of it. */
  ms: number
  text: string
}

const RATE_HZ = 24_000
const WORD_MS = 250
const BYTES_PER_MS = (RATE_HZ * 2) / 1000
const LEAST_COMMIT_MS = 100

export function serveRealtimeSession(
  model: string,
  behaviour: SessionBehaviour,
  send: (event: Sent) => void,
) {
  const isReleased = behaviour.dialect === 'released'
  const ears = behaviour.ears ?? ((ms: number) => `speech of ${ms} ms`)
  const items: Held[] = []
  let session: Record<string, unknown> = isReleased
    ? {
        type: 'realtime',
        object: 'realtime.session',
        id: `sess_${randomUUID()}`,
        model,
        output_modalities: ['audio'],
        instructions: '',
        tools: [],
        audio: { input: { turn_detection: { type: 'server_vad' } }, output: { voice: 'marin' } },
      }
    : {
        object: 'realtime.session',
        model,
        modalities: ['text', 'audio'],
        tools: [],
        turn_detection: { type: 'server_vad' },
      }
  let bufferMs = 0
  let active: { readonly id: string; isCancelled: boolean } | undefined
  let ended = false

  send({ type: 'session.created', session } as unknown as Sent)

  function refuse(message: string, code: string, about: RealtimeClientEvent): void {
    const error = {
      type: 'invalid_request_error',
      code,
      message,
      param: null,
      event_id: about.event_id ?? null,
    }
    send({ type: 'error', error })
  }

  function hold(item: ConversationItem, ms: number, text: string): Held {
    const previous = items.at(-1)?.item.id ?? null
    const held = { item, ms, text }
    items.push(held)
    send({ type: 'conversation.item.added', item, previous_item_id: previous })
    return held
  }

  function take(event: RealtimeClientEvent): void {
    switch (event.type) {
      case 'session.update':
        return update(event)
      case 'input_audio_buffer.append':
        if (!/^[A-Za-z0-9+/]+=*$/.test(event.audio)) return refuse('Invalid audio.', 'invalid_value', event)
        bufferMs += Buffer.byteLength(event.audio, 'base64') / BYTES_PER_MS
        return
      case 'input_audio_buffer.clear':
        bufferMs = 0
        return send({ type: 'input_audio_buffer.cleared' })
      case 'input_audio_buffer.commit':
        return commit(event)
      case 'conversation.item.create':
        return create(event)
      case 'conversation.item.delete':
        return remove(event)
      case 'conversation.item.truncate':
        return truncate(event)
      case 'response.create':
        if (active)
          return refuse(
            'Conversation already has an active response.',
            'conversation_already_has_active_response',
            event,
          )
        void respond(event)
        return
      case 'response.cancel':
        if (!active)
          return refuse('Cancellation failed: no active response found', 'response_cancel_not_active', event)
        active.isCancelled = true
        return
      default:
        refuse(`Invalid value: '${(event as { type: string }).type}'.`, 'invalid_value', event)
    }
  }

  function update(event: Extract<RealtimeClientEvent, { type: 'session.update' }>): void {
    const given = event.session as unknown as Record<string, unknown>
    if (isReleased && given.type !== 'realtime')
      return refuse("Missing required parameter: 'session.type'.", 'missing_required_parameter', event)
    const unknown = Object.keys(given).find((name) => !KNOWN[behaviour.dialect].includes(name))
    if (unknown !== undefined)
      return refuse(`Unknown parameter: 'session.${unknown}'.`, 'unknown_parameter', event)
    session = { ...session, ...given }
    send({ type: 'session.updated', session } as unknown as Sent)
  }

  function commit(event: RealtimeClientEvent): void {
    if (bufferMs < LEAST_COMMIT_MS) {
      const message = `Error committing input audio buffer: buffer too small. Expected at least 100ms of audio, but buffer only has ${bufferMs}ms of audio.`
      return refuse(message, 'input_audio_buffer_commit_empty', event)
    }
    const ms = Math.round(bufferMs)
    bufferMs = 0
    const id = `item_${randomUUID().slice(0, 8)}`
    send({
      type: 'input_audio_buffer.committed',
      item_id: id,
      previous_item_id: items.at(-1)?.item.id ?? null,
    })
    const content = [{ type: 'input_audio' as const }]
    const { item } = hold({ id, type: 'message', role: 'user', status: 'completed', content }, ms, ears(ms))
    send({ type: 'conversation.item.done', item, previous_item_id: items.at(-2)?.item.id ?? null })
  }

  function create(event: Extract<RealtimeClientEvent, { type: 'conversation.item.create' }>): void {
    const { item } = event
    const id = item.id ?? `item_${randomUUID().slice(0, 8)}`
    if (id.length > 32)
      return refuse('The id is longer than 32 characters.', 'string_above_max_length', event)
    if (items.some((held) => held.item.id === id))
      return refuse(`Item ${id} exists.`, 'item_create_invalid_item_id', event)
    let text = ''
    if (item.type === 'message') {
      const wanted = item.role === 'assistant' ? (isReleased ? 'output_text' : 'text') : 'input_text'
      const wrong = item.content.find(({ type }) => (type as string) !== wanted)
      if (wrong)
        return refuse(`Invalid value: '${wrong.type}'. Supported: '${wanted}'.`, 'invalid_value', event)
      text = item.content.map((part) => ('text' in part ? (part.text ?? '') : '')).join('')
    } else if (item.type === 'function_call') text = `${item.name} ${item.arguments}`
    else if (item.type === 'function_call_output') {
      const call = items.some(
        (held) => held.item.type === 'function_call' && held.item.call_id === item.call_id,
      )
      if (!call)
        return refuse(
          `Tool call ID '${item.call_id}' not found in conversation.`,
          'invalid_tool_call_id',
          event,
        )
      text = item.output
    }
    const held = hold({ ...item, id } as ConversationItem, 0, text)
    send({ type: 'conversation.item.done', item: held.item, previous_item_id: null })
  }

  function remove(event: Extract<RealtimeClientEvent, { type: 'conversation.item.delete' }>): void {
    const index = items.findIndex(({ item }) => item.id === event.item_id)
    if (index < 0)
      return refuse(`Item with item_id ${event.item_id} not found.`, 'item_delete_invalid_item_id', event)
    items.splice(index, 1)
    send({ type: 'conversation.item.deleted', item_id: event.item_id })
  }

  function truncate(event: Extract<RealtimeClientEvent, { type: 'conversation.item.truncate' }>): void {
    const held = items.find(({ item }) => item.id === event.item_id)
    if (!held || held.ms === 0) return refuse(`Item ${event.item_id} not found.`, 'invalid_value', event)
    if (event.audio_end_ms > held.ms || !Number.isInteger(event.audio_end_ms)) {
      const message = `Audio content of ${held.ms}ms is already shorter than ${event.audio_end_ms}ms`
      return refuse(message, 'invalid_value', event)
    }
    held.text = held.text
      .split(' ')
      .slice(0, Math.ceil(event.audio_end_ms / WORD_MS))
      .join(' ')
    held.ms = event.audio_end_ms
    const { item_id, content_index, audio_end_ms } = event
    send({ type: 'conversation.item.truncated', item_id, content_index, audio_end_ms })
  }

  async function respond(event: Extract<RealtimeClientEvent, { type: 'response.create' }>): Promise<void> {
    const id = `resp_${randomUUID().slice(0, 8)}`
    const mine = { id, isCancelled: false }
    active = mine
    const base: RealtimeResponse = { id, object: 'realtime.response', status: 'in_progress', output: [] }
    send({ type: 'response.created', response: base })
    const done = (rest: Partial<RealtimeResponse>) => {
      active = undefined
      send({ type: 'response.done', response: { ...base, ...rest } })
    }
    if (behaviour.failure) {
      const { type, code, message } = behaviour.failure
      return done({
        status: 'failed',
        status_details: { type: 'failed', error: { type, code, message } as object },
      })
    }
    const given = event.response as
      | { max_output_tokens?: number; max_response_output_tokens?: number }
      | undefined
    const limit = Number((isReleased ? given?.max_output_tokens : given?.max_response_output_tokens) ?? 1_000)
    const { words, calls } = answerTo(items, session.tools as { name?: string }[])
    const output: ConversationItem[] = []
    if (words.length > 0) output.push(await say(mine, words.slice(0, limit), output.length))
    for (const call of mine.isCancelled ? [] : calls) output.push(await callOut(mine, call, output.length))
    if (behaviour.stalls || ended) return
    const usage = {
      input_tokens: items.reduce((sum, { text }) => sum + text.split(' ').length, 3),
      output_tokens: Math.min(limit, words.length) + calls.length,
      input_token_details: { cached_tokens: 0 },
    }
    if (mine.isCancelled) {
      const status_details = { type: 'cancelled' as const, reason: 'client_cancelled' as const }
      done({ status: 'cancelled', status_details, output, usage })
    } else if (words.length > limit) {
      const status_details = { type: 'incomplete' as const, reason: 'max_output_tokens' as const }
      done({ status: 'incomplete', status_details, output, usage })
    } else done({ status: 'completed', output, usage })
  }

  async function say(
    mine: { id: string; isCancelled: boolean },
    words: string[],
    output_index: number,
  ): Promise<ConversationItem> {
    const spoken = isReleased
      ? (session.output_modalities as string[]).includes('audio')
      : (session.modalities as string[]).includes('audio')
    const id = `item_${randomUUID().slice(0, 8)}`
    const about = { response_id: mine.id, item_id: id, output_index, content_index: 0 }
    const shell = { id, type: 'message', role: 'assistant', object: 'realtime.item' } as const
    const begun: ConversationItem = { ...shell, status: 'in_progress', content: [] }
    send({ type: 'response.output_item.added', response_id: mine.id, output_index, item: begun })
    const held = hold(begun, 0, '')
    const part = spoken ? ({ type: 'audio', transcript: '' } as const) : ({ type: 'text', text: '' } as const)
    send({ type: 'response.content_part.added', ...about, part })
    for (const word of words) {
      if (behaviour.wordMs) await sleep(behaviour.wordMs)
      else await new Promise((resolve) => setImmediate(resolve))
      if (mine.isCancelled || ended) break
      held.text += word
      if (!spoken) send({ type: 'response.output_text.delta', ...about, delta: word })
      else {
        send({ type: 'response.output_audio_transcript.delta', ...about, delta: word })
        send({ type: 'response.output_audio.delta', ...about, delta: WORD_SOUND })
        held.ms += WORD_MS
      }
      if (behaviour.stalls) await new Promise(() => {})
    }
    const text = held.text
    if (spoken) {
      send({ type: 'response.output_audio.done', ...about })
      send({ type: 'response.output_audio_transcript.done', ...about, transcript: text })
    } else send({ type: 'response.output_text.done', ...about, text })
    send({
      type: 'response.content_part.done',
      ...about,
      part: spoken ? { type: 'audio', transcript: text } : { type: 'text', text },
    })
    const content = spoken
      ? [{ type: 'output_audio' as const, transcript: text }]
      : [{ type: 'output_text' as const, text }]
    const item: ConversationItem = {
      ...shell,
      status: mine.isCancelled ? 'incomplete' : 'completed',
      content,
    }
    send({ type: 'conversation.item.done', item, previous_item_id: null })
    send({ type: 'response.output_item.done', response_id: mine.id, output_index, item })
    return item
  }

  async function callOut(
    mine: { id: string },
    { name, json }: { name: string; json: string },
    output_index: number,
  ): Promise<ConversationItem> {
    const id = `item_${randomUUID().slice(0, 8)}`
    const call_id = `call_${randomUUID().slice(0, 8)}`
    const shell = { id, type: 'function_call', object: 'realtime.item', call_id, name } as const
    const begun: ConversationItem = { ...shell, status: 'in_progress', arguments: '' }
    send({ type: 'response.output_item.added', response_id: mine.id, output_index, item: begun })
    const item: ConversationItem = { ...shell, status: 'completed', arguments: json }
    const previous_item_id = items.at(-1)?.item.id ?? null
    items.push({ item, ms: 0, text: `${name} ${json}` })
    send({ type: 'conversation.item.added', item: begun, previous_item_id })
    const about = { response_id: mine.id, item_id: id, output_index, call_id }
    for (const delta of json.match(/.{1,6}/gs) ?? [])
      send({ type: 'response.function_call_arguments.delta', ...about, delta })
    send({ type: 'response.function_call_arguments.done', ...about, arguments: json, name })
    send({ type: 'conversation.item.done', item, previous_item_id })
    send({ type: 'response.output_item.done', response_id: mine.id, output_index, item })
    return item
  }

  return {
    take,
    end() {
      ended = true
    },
    conversation: () =>
      items.map(({ item, text }) => {
        if (item.type === 'message') return `${item.role} ${text}`
        return `${item.type === 'function_call' ? 'call' : 'result'} ${text}`
      }),
  }
}

const KNOWN: Readonly<Record<SessionBehaviour['dialect'], readonly string[]>> = {
  released: [
    'type',
    'instructions',
    'tools',
    'tool_choice',
    'audio',
    'output_modalities',
    'max_output_tokens',
  ],
  preview: [
    'instructions',
    'tools',
    'tool_choice',
    'modalities',
    'voice',
    'input_audio_format',
    'output_audio_format',
    'turn_detection',
    'temperature',
  ],
}

/** It calls what the user's last words spell out (`call NAME {…}`) where that is declared, tells a result, and else says what it heard. */
function answerTo(items: readonly Held[], tools: readonly { name?: string }[]) {
  const last = items.at(-1)
  const isResult = last?.item.type === 'function_call_output'
  const said = isResult ? 'the result' : (last?.text ?? '')
  const calls = isResult
    ? []
    : [...said.matchAll(/call (\S+) (\{[^}]*\})/g)]
        .map(([, name, json]) => ({ name: name!, json: json! }))
        .filter(({ name }) => tools.some((tool) => tool.name === name))
  const text = calls.length > 0 ? '' : `You said “${said}” — naïve, isn’t it? 🎉👩‍🚀`
  return { words: text === '' ? [] : text.split(/(?<= )/), calls }
}

const WORD_SOUND = (() => {
  const samples = Float32Array.from({ length: (WORD_MS * RATE_HZ) / 1000 }, (_, index) =>
    index < (0.8 * WORD_MS * RATE_HZ) / 1000 ? 0.4 * Math.sin((2 * Math.PI * 220 * index) / RATE_HZ) : 0,
  )
  return Buffer.from(floatToPcm16(samples)).toString('base64')
})()
