/**
 * Runs the checks against a server, one after the other, and tells how each went. It knows how to reach a server, not
 * what is right.
 */

import { Agent, fetch } from 'undici'

import type { Check, CheckContext, ConnectOptions } from './check.js'
import { Skip } from './check.js'
import { connectionChecks, overallChecks } from './checks/connection.js'
import { contentChecks } from './checks/content.js'
import { lifecycleChecks } from './checks/lifecycle.js'
import { realtimeChecks } from './checks/realtime.js'
import { restChecks } from './checks/rest.js'
import { setupChecks } from './checks/setup.js'
import { openPeer, type Peer, type ServerJson } from './peer.js'

export const CHECKS: readonly Check[] = [
  ...connectionChecks,
  ...setupChecks,
  ...contentChecks,
  ...realtimeChecks,
  ...lifecycleChecks,
  ...restChecks,
  ...overallChecks,
]

export interface CheckResult {
  readonly rule: string
  readonly title: string
  readonly outcome: 'pass' | 'fail' | 'skip'
  /** Why, where it did not pass. */
  readonly detail: string
  readonly ms: number
}

export interface ConformanceOptions {
  /** ws(s):// or http(s)://, with a prefix before the API's path or without. */
  readonly url: string
  readonly apiKey?: string
  /** `models/…`. */
  readonly model: string
  /** Speech, PCM16 at 16 kHz, without a long silence at its end. */
  readonly speech: Uint8Array
  /** Ids or groups (`SET`) to run; all where there are none. */
  readonly only?: readonly string[]
  readonly onResult?: (result: CheckResult) => void
}

const LIVE_PATH = '/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent'

export async function runConformance(options: ConformanceOptions): Promise<CheckResult[]> {
  const results: CheckResult[] = []
  const wanted = ({ rule }: Check) =>
    !options.only?.length || options.only.some((name) => rule === name || rule.startsWith(`${name}-`))
  const context = createContext(options)
  for (const check of CHECKS.filter(wanted)) {
    const startMs = performance.now()
    const result = { rule: check.rule, title: check.title, ...(await outcomeOf(check, context)) }
    const timed = { ...result, ms: Math.round(performance.now() - startMs) }
    results.push(timed)
    options.onResult?.(timed)
    context.leaveAll()
  }
  return results
}

async function outcomeOf(
  check: Check,
  context: CheckContext,
): Promise<Pick<CheckResult, 'outcome' | 'detail'>> {
  try {
    await check.run(context)
    return { outcome: 'pass', detail: '' }
  } catch (error) {
    if (error instanceof Skip) return { outcome: 'skip', detail: error.message }
    return { outcome: 'fail', detail: error instanceof Error ? error.message : String(error) }
  }
}

function createContext(options: ConformanceOptions): CheckContext & { leaveAll(): void } {
  const { model, speech, apiKey } = options
  const base = new URL(options.url.replace(/^http/, 'ws'))
  const prefix = base.pathname.replace(/\/ws\/google\..*$/, '').replace(/\/+$/, '')
  const peers = new Set<Peer>()
  /** By form, so that hours of audio are not kept. */
  const seen = new Map<string, ServerJson>()
  let largestBytes = 0
  // As on the sockets: certificates are not what is tested, and servers at home have their own.
  const anyCertificate = new Agent({ connect: { rejectUnauthorized: false } })

  async function connect({ path = LIVE_PATH, credential = 'header' }: ConnectOptions = {}): Promise<Peer> {
    const key = credential === 'wrong' ? 'no-such-key' : apiKey
    const hasOwn = path.includes('access_token=')
    const query =
      credential === 'query' && key !== undefined && !hasOwn ? `?key=${encodeURIComponent(key)}` : ''
    const headers: Record<string, string> =
      credential === 'query' || key === undefined || hasOwn ? {} : { 'x-goog-api-key': key }
    const peer = await openPeer(
      `${base.protocol}//${base.host}${prefix}${path}${query}`,
      headers,
      (received) => {
        largestBytes = Math.max(largestBytes, received.bytes)
        const form = JSON.stringify(received.message, (_, value) =>
          Array.isArray(value) || typeof value === 'object' ? value : typeof value,
        )
        if (!seen.has(form)) seen.set(form, received.message)
      },
    )
    peers.add(peer)
    return peer
  }

  return {
    model,
    speech,
    connect,
    async open(setup = {}) {
      const peer = await connect()
      peer.send({ setup: { model, ...setup } })
      const first = await peer.next()
      if (first.setupComplete === undefined)
        throw new Error(`setup was answered with ${Object.keys(first).join()}`)
      return peer
    },
    async rest(path, body) {
      const response = await fetch(`${base.protocol.replace('ws', 'http')}//${base.host}${prefix}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          'content-type': 'application/json',
          ...(apiKey !== undefined && { 'x-goog-api-key': apiKey }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        dispatcher: anyCertificate,
      })
      return { status: response.status, body: await response.json().catch(() => ({})) }
    },
    get seen() {
      return [...seen.values()]
    },
    get largestBytes() {
      return largestBytes
    },
    leaveAll() {
      for (const peer of peers) peer.leave()
      peers.clear()
    },
  }
}
