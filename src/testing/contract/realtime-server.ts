/**
 * A small server on loopback that speaks the OpenAI Realtime protocol, as OpenAI serves it (`released`) or with the names from before
 * (`preview`). It is strict where OpenAI is: what a client does wrong is answered with an error. Its "model" answers by rule, its voice is a tone of
 * 250 ms for each word, made at once or at a pace. It never begins an answer by itself.
 */
import { randomUUID } from 'node:crypto'
import { createServer as createPlain, type IncomingMessage } from 'node:http'
import { createServer as createSecure } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { RealtimeClientEvent, RealtimeServerEvent } from 'openai/resources/realtime/realtime'
import { type WebSocket, WebSocketServer } from 'ws'
import { type SessionBehaviour, serveRealtimeSession } from './realtime-session.js'

export interface RealtimeServer {
  /** `http://127.0.0.1:port/v1`, or https. */
  readonly url: string
  /** All that went over the wire, in order. */
  readonly wire: readonly WireEvent[]
  /** What clients sent, of one type where it is given. */
  received(type?: string): readonly Record<string, unknown>[]
  /** Connections so far. */
  readonly connections: number
  /** What the last connection's conversation holds, as words: `user …`, `assistant …`, `call …`, `result …`. */
  conversation(): readonly string[]
  /** Ends every connection without a word. */
  cut(): void
  close(): Promise<void>
}

export interface WireEvent {
  readonly from: 'client' | 'server'
  readonly event: Record<string, unknown>
}

export interface RealtimeServerOptions extends Partial<SessionBehaviour> {
  readonly apiKey?: string
  /** Refuses every connection so. */
  readonly refuse?: { readonly status: number; readonly message: string }
  /** Accepts connections and says nothing. */
  readonly silent?: boolean
  readonly tls?: { readonly key: string; readonly cert: string }
}

export async function startRealtimeServer(options: RealtimeServerOptions = {}): Promise<RealtimeServer> {
  const { apiKey, refuse, silent = false, tls, ...behaviour } = options
  const server = tls ? createSecure(tls) : createPlain()
  const sockets = new WebSocketServer({ noServer: true })
  const wire: WireEvent[] = []
  let connections = 0
  let conversation: () => readonly string[] = () => []

  server.on('upgrade', (request: IncomingMessage, socket, head) => {
    const address = new URL(request.url ?? '/', 'http://127.0.0.1')
    const turnAway = (status: number, message: string) => {
      const body = JSON.stringify({ error: { message } })
      socket.end(
        `HTTP/1.1 ${status} No\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
      )
    }
    if (refuse) return turnAway(refuse.status, refuse.message)
    if (address.pathname !== '/v1/realtime') return turnAway(404, `no route ${address.pathname}`)
    if (apiKey !== undefined && request.headers.authorization !== `Bearer ${apiKey}`)
      return turnAway(401, `Incorrect API key provided: ${request.headers.authorization}`)
    if (!address.searchParams.get('model')) return turnAway(400, 'model is missing')
    sockets.handleUpgrade(request, socket, head, (client) => {
      connections++
      if (!silent) conversation = serve(client, address.searchParams.get('model')!)
    })
  })

  function serve(client: WebSocket, model: string): () => readonly string[] {
    const session = serveRealtimeSession(model, { dialect: 'released', ...behaviour }, (event) => {
      if (client.readyState !== client.OPEN) return
      const sent = { event_id: `event_${randomUUID()}`, ...event } as RealtimeServerEvent
      for (const told of behaviour.dialect === 'preview' ? previewNames(sent) : [sent]) {
        wire.push({ from: 'server', event: told as unknown as Record<string, unknown> })
        client.send(JSON.stringify(told))
      }
    })
    client.on('message', (data) => {
      const event = JSON.parse(data.toString()) as RealtimeClientEvent
      wire.push({ from: 'client', event: event as unknown as Record<string, unknown> })
      session.take(event)
    })
    client.on('close', () => session.end())
    return session.conversation
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    wire,
    received: (type) =>
      wire.flatMap(({ from, event }) =>
        from === 'client' && (type === undefined || event.type === type) ? [event] : [],
      ),
    get connections() {
      return connections
    },
    conversation: () => conversation(),
    cut() {
      for (const client of sockets.clients) client.terminate()
    },
    async close() {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What was renamed when the protocol was released; `conversation.item.done` is new. */
function previewNames(event: RealtimeServerEvent): object[] {
  if (event.type === 'conversation.item.done') return []
  const type = event.type
    .replace('conversation.item.added', 'conversation.item.created')
    .replace('response.output_audio', 'response.audio')
    .replace('response.output_text', 'response.text')
  return [{ ...event, type }]
}
