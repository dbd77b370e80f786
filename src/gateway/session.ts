/**
 * The seam between sockets and conversations: what the gateway asks of whoever holds the sessions, and what
 * it offers them. Types only; the gateway never looks inside a session and a session never sees a socket.
 */

import type { ClientMessage, ServerMessage, Setup } from '../protocol/index.js'

/** Opens sessions. `open` throws a ProtocolError to refuse one (capacity, for example). */
export interface SessionHost {
  open(setup: Setup, connection: SessionConnection): LiveSession
}

/** One conversation as its connection sees it. */
export interface LiveSession {
  /** Takes every message after `setup`, in order. Never waits; throws a ProtocolError to end the connection. */
  receive(message: ClientMessage): void
  /** The socket is gone, whoever closed it. Called exactly once, also after `SessionConnection.close`. */
  disconnected(): void
}

/** One socket as its session sees it. Calls after the socket has gone do nothing. */
export interface SessionConnection {
  readonly id: string
  /** Hands a message to the socket without waiting; messages leave in call order. */
  send(message: ServerMessage): void
  /** Bytes accepted by `send` that have not reached the network yet: pause sending while it is high. */
  readonly bufferedBytes: number
  /** Closes the socket; `reason` is cut to 123 bytes. */
  close(code: number, reason: string): void
}
