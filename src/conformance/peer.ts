/**
 * One raw connection to the server under test: sends anything, keeps everything, waits with a deadline. It knows the
 * outline of server messages and nothing of rules.
 */

import { WebSocket } from 'ws'

export interface Received {
  readonly message: ServerJson
  readonly isBinary: boolean
  readonly bytes: number
}

/** A server message as it came; members are looked at by the checks. */
export interface ServerJson {
  readonly setupComplete?: { readonly sessionId?: string }
  readonly serverContent?: {
    readonly modelTurn?: {
      readonly role?: string
      readonly parts?: readonly {
        readonly text?: string
        readonly thought?: boolean
        readonly inlineData?: { readonly mimeType: string; readonly data: string }
      }[]
    }
    readonly inputTranscription?: { readonly text?: string }
    readonly outputTranscription?: { readonly text?: string }
    readonly generationComplete?: boolean
    readonly turnComplete?: boolean
    readonly interrupted?: boolean
  }
  readonly toolCall?: {
    readonly functionCalls: readonly {
      readonly id: string
      readonly name: string
      readonly args: Readonly<Record<string, unknown>>
    }[]
  }
  readonly toolCallCancellation?: { readonly ids: readonly string[] }
  readonly sessionResumptionUpdate?: { readonly newHandle?: string; readonly resumable?: boolean }
  readonly goAway?: { readonly timeLeft?: string }
  readonly usageMetadata?: Readonly<Record<string, unknown>>
}

export interface Closed {
  readonly code: number
  readonly reason: string
}

export interface Peer {
  readonly received: readonly Received[]
  /** Objects as JSON text, everything else as it is. */
  send(message: object | string | Uint8Array): void
  /** The next message that was not taken yet. Rejects when the socket closes or `withinMs` is over. */
  next(withinMs?: number): Promise<ServerJson>
  /** Resolves with undefined where nothing came for `ms`; with the message otherwise, which stays to be taken. */
  quiet(ms: number): Promise<ServerJson | undefined>
  /** Waits for the server to close. Rejects when it doesn't within `withinMs`. */
  closed(withinMs?: number): Promise<Closed>
  ping(withinMs: number): Promise<void>
  leave(): void
}

export const DEFAULT_WAIT_MS = 60_000

/** Rejects with a sentence where the server does not accept the socket. */
export function openPeer(
  url: string,
  headers: Readonly<Record<string, string>>,
  observe: (received: Received) => void,
): Promise<Peer> {
  const socket = new WebSocket(url, { headers, perMessageDeflate: false, rejectUnauthorized: false })
  const received: Received[] = []
  let taken = 0
  let closed: Closed | undefined
  let notify = (): void => {}

  socket.on('message', (data: Buffer, isBinary) => {
    const text = data.toString('utf8')
    const item = { message: JSON.parse(text) as ServerJson, isBinary, bytes: data.length }
    received.push(item)
    observe(item)
    notify()
  })
  socket.on('close', (code, reason) => {
    closed = { code, reason: reason.toString() }
    notify()
  })

  /** Resolves when something happens or the time is over. */
  function change(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms)
      notify = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  async function until(ready: () => boolean, ms: number): Promise<boolean> {
    const endMs = performance.now() + ms
    while (!ready()) {
      const leftMs = endMs - performance.now()
      if (leftMs <= 0) return false
      await change(leftMs)
    }
    return true
  }

  const peer: Peer = {
    received,
    send(message) {
      const raw = typeof message === 'string' || message instanceof Uint8Array
      socket.send(raw ? message : JSON.stringify(message), () => {})
    },
    async next(withinMs = DEFAULT_WAIT_MS) {
      const came = await until(() => taken < received.length || closed !== undefined, withinMs)
      if (taken < received.length) return received[taken++]!.message
      if (!came) throw new Error(`nothing came for ${withinMs / 1000} s`)
      throw new Error(`the server closed the connection: ${closed?.code} ${closed?.reason}`)
    },
    async quiet(ms) {
      await until(() => taken < received.length || closed !== undefined, ms)
      return received[taken]?.message
    },
    async closed(withinMs = DEFAULT_WAIT_MS) {
      if (!(await until(() => closed !== undefined, withinMs))) {
        throw new Error(`the server did not close the connection within ${withinMs / 1000} s`)
      }
      return closed!
    },
    async ping(withinMs) {
      const pong = new Promise<void>((resolve) => socket.once('pong', () => resolve()))
      socket.ping()
      const late = new Promise<never>((_, reject) =>
        setTimeout(() => reject(new Error(`no pong came within ${withinMs / 1000} s`)), withinMs).unref(),
      )
      await Promise.race([pong, late])
    },
    leave() {
      socket.close()
      setTimeout(() => socket.terminate(), 500).unref()
    },
  }
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.on('error', () => {})
      resolve(peer)
    })
    socket.once('error', (error) => reject(error))
    socket.once('unexpected-response', (_, response) => {
      response.resume()
      reject(new Error(`the server answered the upgrade with HTTP ${response.statusCode}`))
    })
  })
}
