/** The conformance suite against our own server with scripted engines: every rule that it can check must hold. */

import { once } from 'node:events'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { CHECKS, type CheckResult, runConformance } from '../../src/conformance/index.js'
import { type ScriptedServer, startScriptedServer } from '../../src/testing/scripted-server.js'
import { tone } from '../../src/testing/session-bench.js'

/** Long answers come slowly enough to be interrupted. */
const SCRIPT = `
rules:
  - match: { contains: long story }
    reply: "${'Once upon a time there was a town. '.repeat(20).trim()}"
    delaysMs: { perToken: 10 }
  - match: { contains: weather }
    toolCalls: [{ name: get_current_weather, args: { city: Oslo } }]
  - match: { contains: Count from one }
    reply: "${'one two three four five six seven eight. '.repeat(2).trim()}"
    delaysMs: { perToken: 10 }
`

let server: ScriptedServer
const results = new Map<string, CheckResult>()
beforeAll(async () => {
  server = await startScriptedServer({ script: SCRIPT, apiKeys: ['good-key'] })
  const found = await runConformance({
    url: server.http,
    apiKey: 'good-key',
    model: 'models/gemini-live-2.5-flash',
    speech: tone(900),
  })
  for (const result of found) results.set(result.rule, result)
}, 120_000)
afterAll(() => server?.close())

describe('our own server', () => {
  test('is checked against each rule once', () => {
    const rules = CHECKS.map(({ rule }) => rule)
    expect(rules).toEqual([...new Set(rules)])
    expect([...results.keys()]).toEqual(rules)
  })

  test.each(CHECKS.map(({ rule, title }) => [rule, title] as const))('[%s] %s', (rule) => {
    expect(results.get(rule)).toMatchObject({ outcome: 'pass', detail: '' })
  })
})

describe('the suite', () => {
  test('finds a server that breaks rules', async () => {
    const { WebSocketServer } = await import('ws')
    const wrong = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    // Answers everything alike, in text frames, and never closes.
    wrong.on('connection', (socket) =>
      socket.on('message', () => socket.send('{"setupComplete":{},"server_content":{}}')),
    )
    await once(wrong, 'listening')
    const { port } = wrong.address() as { port: number }
    const broken = await runConformance({
      url: `ws://127.0.0.1:${port}`,
      model: 'models/x',
      speech: tone(100),
      only: ['CON-4', 'SRV-6', 'CON-9'],
    })
    expect(broken.map(({ rule, outcome }) => `${rule} ${outcome}`)).toEqual([
      'CON-4 fail',
      'CON-9 fail',
      'SRV-6 fail',
    ])
    for (const client of wrong.clients) client.terminate()
    wrong.close()
  })
})
