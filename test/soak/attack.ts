/**
 * Attacks a running server with hostile messages over many short connections, while a healthy session talks beside
 * them, and tells how both fared. Knows no server but its URLs.
 */

import { connect as connectTcp } from 'node:net'

import { WebSocket } from 'ws'

import {
  createRandom,
  hostileMessage,
  MODEL,
  type Random,
  validMessage,
  validSetup,
} from './hostile-messages.js'

export interface AttackOptions {
  /** ws:// with the path of the API. */
  readonly url: string
  readonly messages: number
  readonly seed: number
  /** Hostile connections at one time. */
  readonly connections: number
  /** Told about every 5 % of the messages. */
  readonly onProgress?: (sent: number) => void | Promise<void>
}

export interface AttackReport {
  readonly sent: number
  readonly connections: number
  /** How hostile connections ended: close code → count; `left`: by the attacker itself. */
  readonly endings: Readonly<Record<string, number>>
  /** Close frames of the server without a reason. */
  readonly withoutReason: number
  /** Turns of the healthy session, and what went wrong with them. */
  readonly healthyTurns: number
  readonly complaints: readonly string[]
  readonly slowestTurnMs: number
}

/** A server that answers nothing is found by this. */
const TURN_DEADLINE_MS = 30_000
const CLOSE_DEADLINE_MS = 20_000

export async function attack(options: AttackOptions): Promise<AttackReport> {
  const endings: Record<string, number> = {}
  const healthy = await openHealthySession(options.url)
  let sent = 0
  let opened = 0
  let withoutReason = 0
  let told = 0

  async function attacker(): Promise<void> {
    while (sent < options.messages) {
      opened += 1
      const random = createRandom(options.seed + opened)
      if (random.chance(0.02)) {
        await tcpGarbage(options.url, random)
        continue
      }
      const count = Math.min(1 + random.below(120), options.messages - sent)
      sent += count
      const end = await hostileConnection(options.url, random, count)
      endings[end.code] = (endings[end.code] ?? 0) + 1
      if (end.code !== 'left' && end.reason === '') withoutReason += 1
      if (sent - told >= options.messages / 20) {
        told = sent
        await options.onProgress?.(sent)
      }
    }
  }
  await Promise.all(Array.from({ length: options.connections }, attacker))
  return { sent, connections: opened, endings, withoutReason, ...(await healthy.finish()) }
}

interface End {
  readonly code: string
  readonly reason: string
}

/** Sends `count` messages, hostile ones somewhere among valid ones, and waits until the connection is over. */
function hostileConnection(url: string, random: Random, count: number): Promise<End> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { perMessageDeflate: false })
    const late = setTimeout(() => socket.terminate(), CLOSE_DEADLINE_MS)
    let leaving = false
    socket.on('error', () => {})
    socket.on('close', (code, reason) => {
      clearTimeout(late)
      resolve({ code: leaving ? 'left' : String(code), reason: reason.toString() })
    })
    socket.on('open', () => {
      const isPolite = random.chance(0.8)
      if (isPolite) socket.send(JSON.stringify(validSetup(random)))
      // Valid ones first, so that hostile ones meet a session in every state.
      const hostileFrom = isPolite ? random.below(count + 1) : 0
      for (let index = isPolite ? 1 : 0; index < count; index++) {
        const message =
          index >= hostileFrom && random.chance(0.5)
            ? hostileMessage(random)
            : JSON.stringify(validMessage(random))
        socket.send(message, () => {})
        if (random.chance(0.01)) socket.ping()
      }
      const abrupt = random.chance(0.3)
      setTimeout(
        () => {
          leaving = socket.readyState === WebSocket.OPEN
          if (abrupt) socket.terminate()
          else socket.close()
        },
        abrupt ? random.below(20) : 200,
      )
    })
  })
}

/** Bytes that are no HTTP, or an upgrade that is broken off. */
function tcpGarbage(url: string, random: Random): Promise<void> {
  const { hostname, port, pathname } = new URL(url)
  return new Promise((resolve) => {
    const socket = connectTcp(Number(port), hostname, () => {
      socket.write(
        random.pick([
          'GET\r\n\r\n',
          `GET ${pathname} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`,
          `POST /v1/models/x:generateContent HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n{`,
          '\x16\x03\x01\x00\xa5\x01\x00',
          `GET /${'a'.repeat(100_000)} HTTP/1.1\r\n\r\n`,
        ]),
      )
      setTimeout(() => socket.destroy(), 50)
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
}

/** Asks one question after the other and checks each answer, on an echo. */
async function openHealthySession(url: string) {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  const complaints: string[] = []
  let onMessage: (message: { serverContent?: Content }) => void = () => {}
  let onClose: (why: string) => void = () => {}
  interface Content {
    readonly modelTurn?: { readonly parts: readonly { readonly text?: string }[] }
    readonly turnComplete?: boolean
  }
  socket.on('message', (data) => onMessage(JSON.parse(String(data))))
  socket.on('close', (code, reason) => onClose(`closed with ${code} ${reason}`))
  socket.on('error', (error) => onClose(error.message))
  await new Promise<void>((resolve, reject) => {
    onClose = (why) => reject(new Error(`the healthy session did not open: ${why}`))
    onMessage = () => resolve()
    socket.once('open', () =>
      socket.send(
        JSON.stringify({ setup: { model: MODEL, generationConfig: { responseModalities: ['TEXT'] } } }),
      ),
    )
  })

  let over = false
  let turns = 0
  let slowestTurnMs = 0
  async function talk(): Promise<void> {
    while (!over && complaints.length === 0) {
      const question = `question ${turns} of a healthy session`
      const startMs = performance.now()
      const answer = await new Promise<string>((resolve) => {
        let text = ''
        const late = setTimeout(() => resolve(`nothing for ${TURN_DEADLINE_MS / 1000} s`), TURN_DEADLINE_MS)
        const settle = (found: string) => {
          clearTimeout(late)
          resolve(found)
        }
        onClose = settle
        onMessage = ({ serverContent }) => {
          text += serverContent?.modelTurn?.parts[0]?.text ?? ''
          if (serverContent?.turnComplete) settle(text)
        }
        socket.send(
          JSON.stringify({
            clientContent: { turns: [{ role: 'user', parts: [{ text: question }] }], turnComplete: true },
          }),
        )
      })
      if (answer !== question) complaints.push(`"${question}" was answered with "${answer.slice(0, 100)}"`)
      turns += 1
      slowestTurnMs = Math.max(slowestTurnMs, performance.now() - startMs)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
  const talking = talk()
  return {
    async finish() {
      over = true
      await talking
      socket.terminate()
      return { healthyTurns: turns, complaints, slowestTurnMs: Math.round(slowestTurnMs) }
    },
  }
}
