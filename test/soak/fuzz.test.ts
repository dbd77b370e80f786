/** The small version of `fuzz.ts`: a few thousand hostile messages, beside which a session talks undisturbed. */

import { expect, it } from 'vitest'
import { LIVE_PATH } from '../../src/testing/echo-gateway.js'
import { startScriptedServer } from '../../src/testing/scripted-server.js'
import { attack } from './attack.js'
import { startServerProcess } from './server-process.js'

it('[ERR-4] [CON-10] hostile messages of every kind crash nothing, fill nothing and disturb nobody', async () => {
  const server = await startScriptedServer()
  const report = await attack({ url: server.url, messages: 6_000, seed: 20261124, connections: 6 })
  expect(report).toMatchObject({ sent: 6_000, withoutReason: 0, complaints: [] })
  expect(report.healthyTurns).toBeGreaterThan(3)
  // Closed for what they sent, not for an error of ours.
  expect(Object.keys(report.endings)).toEqual(expect.arrayContaining(['1007', 'left']))
  expect(report.endings).not.toHaveProperty('1011')
  expect(({} as { polluted?: true }).polluted).toBeUndefined()
  await expect.poll(() => server.host.openSessions, { timeout: 5_000 }).toBe(0)
  await server.close()
})

it('[ERR-4] clients that hang up in the middle of everything do not stop the program', async () => {
  const server = await startServerProcess({ script: '' })
  try {
    const url = `${server.url.replace('http', 'ws')}${LIVE_PATH}`
    const report = await attack({ url, messages: 4_000, seed: 7, connections: 12 })
    expect(report.complaints).toEqual([])
    // 1001: it is stopping. 1006: it is not there.
    expect(report.endings).not.toHaveProperty('1001')
    expect(report.endings).not.toHaveProperty('1006')
    expect((await fetch(`${server.url}/readyz`)).ok).toBe(true)
  } finally {
    await server.stop()
  }
})
