/**
 * Messages to another process that go in one piece: what a message costs on its way does not depend on its length, so that those of one
 * turn of the event loop, of however many sessions, cost no more than one.
 */
export interface Outbox<Message> {
  push(message: Message): void
}

/** `later` runs what it is given when the present turn is over. Messages leave in the order they came. */
export function createOutbox<Message>(
  send: (messages: readonly Message[]) => void,
  later: (run: () => void) => void,
): Outbox<Message> {
  let waiting: Message[] = []

  function flush(): void {
    const messages = waiting
    waiting = []
    send(messages)
  }

  return {
    push(message) {
      waiting.push(message)
      if (waiting.length === 1) later(flush)
    },
  }
}
