/**
 * A prompt as items of a Realtime conversation, and what has to change there so that it holds just this prompt. The server keeps the items, so
 * only what is new is sent; what the prompt no longer holds is deleted. Pure.
 */
import { createResampler, floatToPcm16, joinSamples } from '../../audio/index.js'
import { type FunctionResult, type Message, messageText, type Speech } from '../../engine/index.js'
import type { ClientEvent, Dialect } from './realtime-link.js'

/** A message that the server has, as items. */
export interface KnownMessage {
  /** Of an answer: all that it said, while the prompt may hold only what was heard of it. */
  readonly message: Message
  readonly items: readonly string[]
}

export interface Changes {
  readonly kept: readonly KnownMessage[]
  readonly deleted: readonly KnownMessage[]
  readonly added: readonly Message[]
}

/** A history may lose its beginning, and its end where something turned out otherwise. */
export function changesTo(known: readonly KnownMessage[], messages: readonly Message[]): Changes {
  const shared = (from: number) => {
    let count = 0
    for (let at = from; at < known.length && count < messages.length; at++, count++)
      if (!isSame(known[at]!.message, messages[count]!)) break
    return count
  }
  let from = 0
  if (shared(0) === 0) {
    while (from < known.length && from + shared(from) < known.length) from++
  }
  const count = shared(from)
  return {
    kept: known.slice(from, from + count),
    deleted: [...known.slice(0, from), ...known.slice(from + count)],
    added: messages.slice(count),
  }
}

function isSame(known: Message, message: Message): boolean {
  if (known.role !== message.role) return false
  if (known.role === 'model') return messageText(known).trim().startsWith(messageText(message).trim())
  return messageText(known) === messageText(message)
}

/** The event that adds a message of words. */
export function itemCreation(message: Message, id: string, dialect: Dialect, callId: string): ClientEvent {
  return { type: 'conversation.item.create', item: { id, ...itemOf(message, dialect, callId) } }
}

function itemOf(message: Message, dialect: Dialect, callId: string): object {
  switch (message.role) {
    case 'user':
      return { type: 'message', role: 'user', content: [{ type: 'input_text', text: message.text }] }
    case 'model': {
      const type = dialect === 'released' ? 'output_text' : 'text'
      return { type: 'message', role: 'assistant', content: [{ type, text: message.text }] }
    }
    case 'call': {
      const { name, args } = message
      return { type: 'function_call', call_id: callId, name, arguments: JSON.stringify(args) }
    }
    case 'result':
      return { type: 'function_call_output', call_id: callId, output: outputText(message.result) }
  }
}

function outputText(result: FunctionResult): string {
  const value = 'output' in result ? result.output : { error: result.error }
  return typeof value === 'string' ? value : JSON.stringify(value)
}

const HEARD_HZ = 16_000
/** Of the protocol, both ways. */
export const WIRE_HZ = 24_000
/** Servers commit no less. */
const LEAST_SAMPLES = WIRE_HZ / 10
/** One event holds a second: 64 KB. */
const EVENT_SAMPLES = WIRE_HZ

/** The events that put speech into the server's buffer, each made when it is asked for, since converting a second takes about 1 ms. */
export function* speechEvents({ recordings }: Speech): Generator<ClientEvent> {
  let sent = 0
  const append = (samples: Float32Array): ClientEvent => {
    sent += samples.length
    return {
      type: 'input_audio_buffer.append',
      audio: Buffer.from(floatToPcm16(samples)).toString('base64'),
    }
  }
  for (const recording of recordings) {
    const resampler = createResampler(HEARD_HZ, WIRE_HZ)
    const step = (EVENT_SAMPLES * HEARD_HZ) / WIRE_HZ
    for (let from = 0; from < recording.length; from += step) {
      const converted = resampler.push(recording.subarray(from, from + step))
      const isLast = from + step >= recording.length
      yield append(isLast ? joinSamples([converted, resampler.flush()]) : converted)
    }
  }
  if (sent < LEAST_SAMPLES) yield append(new Float32Array(LEAST_SAMPLES - sent))
}
