/** What a check is, and the few sentences in which checks speak. Knows no rule. */

import type { Closed, Peer, ServerJson } from './peer.js'

/** One rule of PROTOCOL.md, tested from outside. */
export interface Check {
  /** Its id there. */
  readonly rule: string
  readonly title: string
  /** Throws a Skip, or an Error whose message says what was wrong. */
  run(context: CheckContext): Promise<void>
}

export interface CheckContext {
  readonly model: string
  /** Speech, PCM16 at 16 kHz, without a long silence at its end. */
  readonly speech: Uint8Array
  /** A connection with the credential, at the path of the Developer API. */
  connect(options?: ConnectOptions): Promise<Peer>
  /** A connection that has been set up; `setup` is without its model. */
  open(setup?: object): Promise<Peer>
  /** A REST call with the credential; `path` begins with `/v1…`. */
  rest(path: string, body?: object): Promise<{ readonly status: number; readonly body: unknown }>
  /** Every message of every connection so far, one for each kind and form. */
  readonly seen: readonly ServerJson[]
  readonly largestBytes: number
}

export interface ConnectOptions {
  /** Instead of the path of the Developer API. */
  readonly path?: string
  /** `header` (the default), `query` or a wrong one. */
  readonly credential?: 'header' | 'query' | 'wrong'
}

/** The rule can't be tested at this server. */
export class Skip extends Error {
  override readonly name = 'SkipError'
}

export function skip(why: string): never {
  throw new Skip(why)
}

export function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(otherwise)
}

export interface Turn {
  readonly text: string
  readonly audioBytes: number
  readonly said: string
  readonly heard: string
  /** Kinds in order: audio, text, heard, said, generationComplete, interrupted, turnComplete … */
  readonly kinds: readonly string[]
  readonly messages: readonly ServerJson[]
}

/** Reads to the next `turnComplete`. */
export async function readTurn(peer: Peer, withinMs?: number): Promise<Turn> {
  const messages: ServerJson[] = []
  for (;;) {
    const message = await peer.next(withinMs)
    messages.push(message)
    if (message.serverContent?.turnComplete) return summarise(messages)
  }
}

export function summarise(messages: readonly ServerJson[]): Turn {
  const contents = messages.flatMap((message) => (message.serverContent ? [message.serverContent] : []))
  const parts = contents.flatMap((content) => content.modelTurn?.parts ?? [])
  const audio = parts.flatMap((part) => (part.inlineData ? [part.inlineData.data] : []))
  return {
    text: parts.map((part) => (part.thought ? '' : (part.text ?? ''))).join(''),
    audioBytes: audio.reduce((sum, data) => sum + Buffer.from(data, 'base64').length, 0),
    said: contents.map((content) => content.outputTranscription?.text ?? '').join(''),
    heard: contents.map((content) => content.inputTranscription?.text ?? '').join(''),
    kinds: messages.flatMap(kindsOf),
    messages,
  }
}

/** What a message says, in one word for each event in it. */
export function kindsOf(message: ServerJson): string[] {
  if (!message.serverContent) return Object.keys(message).filter((key) => key !== 'usageMetadata')
  const { modelTurn, inputTranscription, outputTranscription, ...flags } = message.serverContent
  return [
    ...(inputTranscription ? ['heard'] : []),
    ...(outputTranscription ? ['said'] : []),
    ...(modelTurn?.parts ?? []).map((part) => (part.inlineData ? 'audio' : 'text')),
    ...Object.keys(flags),
  ]
}

export const userText = (text: string, turnComplete = true) => ({
  clientContent: { turns: [{ role: 'user', parts: [{ text }] }], turnComplete },
})

export const audioChunk = (pcm16: Uint8Array, mimeType = 'audio/pcm;rate=16000') => ({
  data: Buffer.from(pcm16).toString('base64'),
  mimeType,
})

export const TEXT = { generationConfig: { responseModalities: ['TEXT'] } }

export async function mustClose(peer: Peer, codes: readonly number[], naming?: string): Promise<Closed> {
  const closed = await peer.closed(15_000)
  must(
    codes.includes(closed.code),
    `closed with ${closed.code} (${closed.reason}), not ${codes.join(' or ')}`,
  )
  must(closed.reason !== '', 'the close frame has no reason')
  if (naming !== undefined)
    must(closed.reason.includes(naming), `the reason does not name ${naming}: ${closed.reason}`)
  return closed
}
