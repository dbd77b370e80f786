/** The part of the WebSocket interface that the client uses, which browsers, newer Nodes and `ws` share. */

export interface LiveSocket {
  binaryType: string
  readonly bufferedAmount: number
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  send(data: string): void
  close(code?: number, reason?: string): void
}

export type LiveSocketConstructor = new (url: string) => LiveSocket

/** The runtime's own WebSocket. Throws where it has none (Node before 22), naming the cure. */
export function globalWebSocket(): LiveSocketConstructor {
  const found = (globalThis as { WebSocket?: unknown }).WebSocket
  if (typeof found === 'function') return found as LiveSocketConstructor
  throw new TypeError(
    'this runtime has no WebSocket of its own: pass one, e.g. { WebSocket } from the package "ws"',
  )
}
