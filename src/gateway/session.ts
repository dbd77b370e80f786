/**
 * The seam between sockets and conversations: what the gateway asks of whoever holds the sessions, and what
 * it offers them. Types only; the gateway never looks inside a session and a session never sees a socket.
 */

import type { ClientMessage, Setup } from '../protocol/index.js'
import type { SessionConnection } from '../runtime/index.js'

export type { SessionConnection }

/**
 * Opens sessions. `open` throws, or rejects with, a ProtocolError to refuse one (capacity, for example). A session that has to be
 * fetched from somewhere comes later; the client's messages wait for it.
 */
export interface SessionHost {
  open(setup: Setup, connection: SessionConnection): LiveSession | Promise<LiveSession>
}

/** One conversation as its connection sees it. */
export interface LiveSession {
  /** Takes every message after `setup`, in order. Never waits; throws a ProtocolError to end the connection. */
  receive(message: ClientMessage): void
  /** The socket is gone, whoever closed it. Called exactly once, also after `SessionConnection.close`. */
  disconnected(): void
}
