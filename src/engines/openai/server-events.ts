/** The events of a streamed reply, as text. Knows nothing of what is in them. */
import { createParser } from 'eventsource-parser'
import type { Reply } from './http.js'

/** Yields the data of each event, comments left out; an event that the end of the stream cut short counts too. */
export async function* serverEvents(reply: Reply, patienceMs: () => number): AsyncGenerator<string> {
  let arrived: string[] = []
  const parser = createParser({
    onEvent: ({ data }) => arrived.push(data),
    // llama.cpp reports errors in a field of its own: `error: {…}`.
    onError: ({ field, value }) => {
      if (field === 'error' && value !== undefined) arrived.push(`{"error":${value}}`)
    },
  })
  function* take(): Generator<string> {
    const events = arrived
    arrived = []
    yield* events
  }
  const utf8 = new TextDecoder()
  for await (const chunk of reply.chunks(patienceMs)) {
    parser.feed(utf8.decode(chunk, { stream: true }))
    yield* take()
  }
  parser.feed(`${utf8.decode()}\n\n`)
  yield* take()
}
