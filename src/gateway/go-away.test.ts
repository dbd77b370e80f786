/** Clients are told before they are closed: a drain, a limit of connections. */
import { afterEach, describe, expect, it } from 'vitest'
import { connectRaw, SETUP, startEchoGateway } from '../testing/echo-gateway.js'
import type { Gateway, GatewayOptions, LiveSession } from './index.js'

let gateway: Gateway | undefined
afterEach(async () => {
  await gateway?.close()
  gateway = undefined
})

async function start(options: Partial<GatewayOptions> = {}) {
  gateway = await startEchoGateway(options)
  return { gateway, url: `ws://127.0.0.1:${gateway.port}/`, http: `http://127.0.0.1:${gateway.port}` }
}

async function connect(url: string) {
  const client = await connectRaw(url)
  client.send(SETUP)
  await client.message(0)
  return client
}

describe('a drain', () => {
  it('[GOA-1] tells every client with a session, takes nobody new, and ends when the last has gone', async () => {
    const { gateway, url, http } = await start()
    const [one, two] = [await connect(url), await connect(url)]
    const drained = gateway.drain(50_000)
    expect(await one.message(1)).toEqual({ goAway: { timeLeft: '50s' } })
    expect(await two.message(1)).toEqual({ goAway: { timeLeft: '50s' } })
    expect((await fetch(`${http}/readyz`)).status).toBe(503)
    await expect(connectRaw(url)).rejects.toThrow('503')
    // The conversation goes on meanwhile.
    one.send({ realtimeInput: { text: 'still here' } })
    expect(await one.message(2)).toMatchObject({ serverContent: {} })
    one.socket.close()
    two.socket.close()
    await drained
  })

  it('[GOA-1] begins no session any more: not for a socket that is open, nor one that is being fetched', async () => {
    let arrive = (_: LiveSession): void => {}
    let left = false
    const fetched = new Promise<LiveSession>((resolve) => {
      arrive = resolve
    })
    let opened = 0
    const { gateway, url, http } = await start({
      sessions: {
        open() {
          opened++
          return fetched
        },
      },
    })
    const [early, resuming] = [await connectRaw(url), await connectRaw(url)]
    resuming.send(SETUP)
    await expect.poll(() => opened).toBe(1)
    const drained = gateway.drain(50_000)
    early.send(SETUP)
    const reason = 'The server is shutting down: connect again, with your handle if you have one.'
    expect(await early.closed).toEqual({ code: 1001, reason })
    expect(await resuming.closed).toEqual({ code: 1001, reason })
    arrive({ receive() {}, disconnected: () => void (left = true) })
    await expect.poll(() => left).toBe(true)
    expect([early.received, resuming.received, opened]).toEqual([[], [], 1])
    await drained
    expect(await (await fetch(`${http}/readyz`)).text()).toContain('The server is stopping')
  })

  it('[GOA-2] ends after its time with clients that stay, who are closed with what to do', async () => {
    const { gateway, url } = await start()
    const client = await connect(url)
    await gateway.drain(30)
    await gateway.close()
    expect(await client.closed).toEqual({
      code: 1001,
      reason: 'The server is shutting down: connect again, with your handle if you have one.',
    })
  })

  it('is over at once where nobody is connected', async () => {
    const { gateway } = await start()
    await gateway.drain(60_000)
  })
})

it('[GOA-3] a limit of connections is announced at half of a short one, and closes with 1011', async () => {
  const { url } = await start({ limits: { connectionLimitMs: 1_000 } })
  const client = await connect(url)
  expect(await client.message(1)).toMatchObject({ goAway: { timeLeft: expect.stringMatching(/^\d+s$/) } })
  expect(await client.closed).toEqual({
    code: 1011,
    reason: 'The connection limit of 1 s is over: connect again with your session handle.',
  })
})
