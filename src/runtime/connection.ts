/** What a session needs of the socket it talks through. Calls after the socket has gone do nothing. */
import type { Closing, ServerMessage } from '../protocol/index.js'

export interface SessionConnection {
  readonly id: string
  /** The header `x-goog-api-client`, by which SDKs and frameworks name themselves; absent where they don't. */
  readonly apiClient?: string
  /** Hands a message to the socket without waiting; messages leave in call order. */
  send(message: ServerMessage): void
  /** Bytes accepted by `send` that have not reached the network yet: pause sending while it is high. */
  readonly bufferedBytes: number
  /** Calls back once when the client has received everything sent so far; never, if the connection ends before. */
  whenReceived(run: () => void): void
  /** Closes the socket; `reason` is cut to 123 bytes. */
  close(closing: Closing): void
}
