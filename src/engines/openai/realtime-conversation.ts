/**
 * A conversation that a Realtime server holds beside ours. Before every answer the server's items are made to hold just the prompt; the answer is
 * asked for and never begun by the server. The prompt is the truth: when the connection is lost, the next one is told all of it.
 */
import {
  type Conversation,
  EngineError,
  type GenerationPart,
  type Message,
  type Prompt,
  type Sampling,
} from '../../engine/index.js'
import { chatTools } from './chat-messages.js'
import { createRealtimeAnswer, type KnownCall, type RealtimeAnswer } from './realtime-answer.js'
import { changesTo, itemCreation, speechEvents, WIRE_HZ } from './realtime-items.js'
import {
  type ClientEvent,
  eventFailure,
  type RealtimeEndpoint,
  type RealtimeLink,
  type ServerEvent,
} from './realtime-link.js'

/** A server that has not stopped by then is left for a new connection. */
const CANCEL_PATIENCE_MS = 3_000

export interface RealtimeConversationOptions {
  readonly endpoint: RealtimeEndpoint
  /** Answers are spoken; else they are written. */
  readonly spoken: boolean
  /** The server's name of a voice; absent = its default. */
  readonly voice: string | undefined
  readonly lifetime: AbortSignal
}

/** `items` of speech come when the server has named them. */
interface Known extends KnownCall {
  readonly items: string[]
  isDeleted?: boolean
}

export function openRealtimeConversation(options: RealtimeConversationOptions): Conversation {
  const { endpoint } = options
  const closed = new AbortController()
  const lifetime = AbortSignal.any([options.lifetime, closed.signal])
  let link: Promise<RealtimeLink> | undefined
  let known: Known[] = []
  let configured = ''
  /** Speech that the server has not named yet, in order. */
  let unnamed: Known[] = []
  /** Speech was put into its buffer and not committed. */
  let isBufferDirty = false
  /** What its errors about these events say matters to nobody: what they ask for has happened, or never will. */
  let harmless = new Set<string>()
  let answer: RealtimeAnswer | undefined
  let turn: Promise<void> = Promise.resolve()
  let itemCount = 0
  lifetime.addEventListener('abort', () => drop(lifetime.reason), { once: true })

  function drop(reason: unknown): void {
    const lost = link
    link = undefined
    known = []
    unnamed = []
    harmless = new Set()
    configured = ''
    isBufferDirty = false
    answer?.fail(reason)
    lost?.then((open) => open.close()).catch(() => {})
  }

  function connected(): Promise<RealtimeLink> {
    if (link) return link
    const opening = endpoint.connect(take, (error) => {
      if (link === opening) drop(error)
    })
    link = opening
    opening.catch(() => {
      if (link === opening) link = undefined
    })
    return opening
  }

  function take(event: ServerEvent): void {
    if (event.type === 'error') {
      const { event_id: about, code } = event.error ?? {}
      if ((about && harmless.has(about)) || code === 'response_cancel_not_active') return
      const error = eventFailure(endpoint, event.error)
      if (answer && !answer.isOver) answer.fail(error)
      // The server does not hold what it should: the next answer begins anew, and fails with its words if it must.
      drop(error)
      return
    }
    if (event.type === 'input_audio_buffer.committed' && event.item_id !== undefined) {
      const speech = unnamed.shift()
      if (speech?.isDeleted) void deleteItems([event.item_id])
      else speech?.items.push(event.item_id)
    }
    answer?.take(event)
  }

  async function deleteItems(items: readonly string[]): Promise<void> {
    const open = await link
    for (const item_id of items)
      if (open) harmless.add(open.send({ type: 'conversation.item.delete', item_id }))
  }

  /** One thing at a time: resolves, when all before it is over, with what ends it. */
  async function takeTurn(signal: AbortSignal): Promise<() => void> {
    const before = turn
    let release = () => {}
    turn = new Promise<void>((resolve) => {
      release = resolve
    })
    try {
      await orAborted(before, signal)
    } catch (error) {
      void before.then(release)
      throw error
    }
    return release
  }

  /** Makes the server hold the prompt. */
  async function follow(prompt: Prompt, signal: AbortSignal): Promise<RealtimeLink> {
    const open = await orAborted(connected(), signal)
    const settings = sessionUpdate(prompt, open.dialect, options)
    const text = JSON.stringify(settings)
    if (text !== configured) open.send(settings)
    configured = text
    if (isBufferDirty) harmless.add(open.send({ type: 'input_audio_buffer.clear' }))
    isBufferDirty = false
    const { kept, deleted, added } = changesTo(known, prompt.messages)
    const callIds = new Map<string, string>()
    for (const [index, { callId }] of (kept as Known[]).entries()) {
      const message = prompt.messages[index]
      if (message?.role === 'call') callIds.set(message.id, callId ?? message.id)
    }
    for (const one of deleted as Known[]) {
      one.isDeleted = true
      await deleteItems(one.items)
    }
    known = [...kept] as Known[]
    const told = new Set(known.flatMap(({ message, callId }) => (message.role === 'result' ? [callId] : [])))
    for (const message of added) {
      signal.throwIfAborted()
      if (message.role === 'user' && message.speech) await speak(open, message, signal)
      else add(open, message, callIds, told)
    }
    return open
  }

  function add(
    open: RealtimeLink,
    message: Message,
    callIds: Map<string, string>,
    told: Set<string | undefined>,
  ): void {
    if ('text' in message && message.text === '') {
      known.push({ message, items: [] })
      return
    }
    const items: string[] = []
    const create = (each: Message, callId: string) => {
      const id = `item_vv${++itemCount}`
      items.push(id)
      open.send(itemCreation(each, id, open.dialect, callId))
    }
    let callId = ''
    if (message.role === 'call') {
      callId = message.id
      callIds.set(message.id, callId)
    } else if (message.role === 'result') {
      callId = callIds.get(message.id) ?? message.id
      // A call has one result: a further one is told as that of another call.
      if (told.has(callId) || !callIds.has(message.id)) {
        callId = `${message.id}-${itemCount + 1}`
        create({ role: 'call', id: callId, name: message.name, args: {} }, callId)
      }
      told.add(callId)
    }
    create(message, callId)
    known.push({ message, items, ...(callId !== '' && { callId }) })
  }

  async function speak(
    open: RealtimeLink,
    message: Extract<Message, { text: string }>,
    signal: AbortSignal,
  ): Promise<void> {
    const speech = message.speech!
    const entry: Known = { message, items: [] }
    if (speech.typed !== '') {
      const id = `item_vv${++itemCount}`
      open.send(itemCreation({ role: 'user', text: speech.typed }, id, open.dialect, ''))
      entry.items.push(id)
      // Should it end in the midst of it, what was said so far is taken back as any other message.
      known.push(entry)
    }
    for (const event of speechEvents(speech)) {
      isBufferDirty = true
      open.send(event)
      await new Promise((resolve) => setImmediate(resolve))
      signal.throwIfAborted()
    }
    open.send({ type: 'input_audio_buffer.commit' })
    isBufferDirty = false
    unnamed.push(entry)
    if (speech.typed === '') known.push(entry)
  }

  async function* generate(
    prompt: Prompt,
    sampling: Sampling,
    outer: AbortSignal,
  ): AsyncGenerator<GenerationPart> {
    const signal = AbortSignal.any([outer, lifetime])
    const release = await takeTurn(signal)
    let open: RealtimeLink | undefined
    let mine: RealtimeAnswer | undefined
    const stop = () => {
      if (!mine || mine.isOver) return
      const stopped = mine
      if (open) harmless.add(open.send({ type: 'response.cancel' }))
      stopped.stop(signal.aborted ? signal.reason : undefined)
      const timer = setTimeout(() => drop(undefined), CANCEL_PATIENCE_MS)
      void stopped.over.then(() => clearTimeout(timer))
    }
    try {
      open = await follow(prompt, signal)
      mine = createRealtimeAnswer(endpoint, prompt.functions)
      answer = mine
      signal.addEventListener('abort', stop, { once: true })
      open.send(responseCreation(sampling, open.dialect))
      for await (const part of mine.parts()) {
        signal.throwIfAborted()
        yield part
        signal.throwIfAborted()
      }
    } finally {
      signal.removeEventListener('abort', stop)
      stop()
      const made = mine
      const from = open
      void (made?.over ?? Promise.resolve()).then(async () => {
        // Of another connection nothing is known.
        if (made && from === (await link?.catch(() => undefined)))
          known.push(...made.known().map((each) => ({ ...each, items: [...each.items] })))
        release()
      })
    }
  }

  return {
    // biome-ignore lint/correctness/useYield: nothing is evaluated ahead, but what is known is told
    async *prefill(prompt, outer) {
      const signal = AbortSignal.any([outer, lifetime])
      signal.throwIfAborted()
      const release = await takeTurn(signal)
      try {
        await follow(prompt, signal)
      } finally {
        release()
      }
    },
    generate,
    // The protocol tells no likelihoods, and what is asked aside has no place in the conversation.
    async *weigh(_prompt, words, signal) {
      signal.throwIfAborted()
      yield { type: 'weights', weights: words.map(() => 0) }
    },
    truncate(heardMs) {
      const cut = answer?.cut(heardMs)
      if (!cut) return
      void deleteItems(cut.after)
      void link?.then((open) => {
        harmless.add(open.send({ type: 'conversation.item.truncate', ...cut.at }))
      })
    },
    close: () =>
      closed.abort(new EngineError('engine-failed', 'this conversation with the language model was closed')),
  }
}

function sessionUpdate(
  { system, functions, mustCall }: Prompt,
  dialect: RealtimeLink['dialect'],
  { spoken, voice }: RealtimeConversationOptions,
): ClientEvent {
  const tools = chatTools(functions).map(({ function: declaration }) => ({
    type: 'function',
    ...(declaration as object),
  }))
  const common = { instructions: system, tools, tool_choice: mustCall ? 'required' : 'auto' }
  if (dialect === 'preview') {
    const formats = { input_audio_format: 'pcm16', output_audio_format: 'pcm16', turn_detection: null }
    const modalities = spoken ? ['text', 'audio'] : ['text']
    return { type: 'session.update', session: { ...common, ...formats, modalities, ...(voice && { voice }) } }
  }
  const format = { type: 'audio/pcm', rate: WIRE_HZ }
  const input = { format, turn_detection: null }
  const output = { format, ...(voice && { voice }) }
  const session = { type: 'realtime', ...common, audio: { input, output } }
  return { type: 'session.update', session: { ...session, output_modalities: [spoken ? 'audio' : 'text'] } }
}

/** The protocol knows no other setting of sampling. */
function responseCreation({ maxOutputTokens }: Sampling, dialect: RealtimeLink['dialect']): ClientEvent {
  if (maxOutputTokens === undefined) return { type: 'response.create' }
  const name = dialect === 'released' ? 'max_output_tokens' : 'max_response_output_tokens'
  return { type: 'response.create', response: { [name]: maxOutputTokens } }
}

function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
