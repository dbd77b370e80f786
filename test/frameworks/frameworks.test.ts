/**
 * Frameworks that speak the Live API, each driven through one conversation by voice: a question, a long answer that is
 * interrupted, a function call, and a question after every connection was cut. Programs, environment and server are
 * what a user has; only the network in between is ours.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { noteCapability } from '../sdk/client-table.js'
import { findPython, requireRuntime } from '../sdk/runtimes.js'
import { questionPcm, ROOT, startServer, type TestServer } from '../sdk/server.js'

/** The same sound is heard as other words each time; the answer to the fifth knows that four came before. */
const SCRIPT = `
rules:
  - match: { turn: 5 }
    reply: This is your fifth question.
  - match: { turn: 2 }
    transcript: Tell me a long story
    reply: "${'Once upon a time there was a town. '.repeat(8)}The end."
    delaysMs: { perToken: 50 }
  - match: { turn: 3 }
    transcript: And a second question?
    reply: That was the second question.
  - match: { turn: 4 }
    transcript: How is the weather in Paris?
    toolCalls: [{ name: get_weather, args: { city: Paris } }]
  - match: { toolResult: get_weather }
    reply: It is sunny in Paris.
  - match: { audioMs: { min: 1 } }
    transcript: Hello, are you there?
    reply: Yes, I am here.
`

interface Journey {
  readonly turn: { readonly heard: string; readonly said: string; readonly samples: number }
  readonly interruption: { readonly cutShort: boolean; readonly said: string }
  readonly tool: { readonly name: string; readonly args: unknown; readonly said: string }
  readonly resumption: { readonly handle: boolean; readonly said: string }
}

const folder = mkdtempSync(join(tmpdir(), 'vivavoce-frameworks-'))
const pcmFile = join(folder, 'question.pcm')
let server: TestServer
beforeAll(async () => {
  writeFileSync(pcmFile, questionPcm())
  // A script knows the whole question in every pause of it: without this the recording would be two questions.
  server = await startServer({ script: SCRIPT, arguments: ['--silence-duration-ms', '600'] })
}, 60_000)
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe.each([
  {
    name: 'LiveKit 1.8 (Google plugin)',
    driver: 'livekit_drive.py',
    module: 'livekit',
    environment: '.venv-frameworks',
  },
  {
    name: 'Pipecat 1.14 (Gemini Live service)',
    driver: 'pipecat_drive.py',
    module: 'pipecat',
    environment: '.venv-frameworks',
  },
  // Its dependencies and LiveKit's exclude each other.
  {
    name: 'Google ADK 2.13 (live runner)',
    driver: 'adk_drive.py',
    module: 'google.adk',
    environment: '.venv-adk',
  },
])('$name', ({ name, driver, module, environment }) => {
  const python = requireRuntime(name, () => findPython([module], environment))
  test.skipIf(python === undefined)('question, interruption, function call, resumption', async () => {
    const journey = await travel(python!, driver)
    noteCapability(name, 'connect')
    expect(journey.turn).toMatchObject({ heard: 'Hello, are you there?', said: 'Yes, I am here.' })
    // A word is a tone of 0.2 s.
    expect(journey.turn.samples).toBeGreaterThan(4 * 0.2 * 24_000)
    noteCapability(name, 'audio turn')
    expect(journey.interruption.cutShort).toBe(true)
    expect(journey.interruption.said).toMatch(/That was the second question\.$/)
    noteCapability(name, 'interruption')
    expect(journey.tool).toMatchObject({ name: 'get_weather', said: 'It is sunny in Paris.' })
    noteCapability(name, 'function call')
    expect(journey.resumption).toEqual({ handle: true, said: 'This is your fifth question.' })
    noteCapability(name, 'resumption')
  })
})

/** Runs one driver behind a network of its own. Rejects with the driver's own words. */
async function travel(python: string, driver: string): Promise<Journey> {
  const network = await createNetwork(Number(new URL(server.tlsUrl).port))
  const child = spawn(python, [join(ROOT, 'test/frameworks', driver), pcmFile], {
    env: { ...server.environment(), GOOGLE_GEMINI_BASE_URL: `https://localhost:${network.port}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let words = ''
  child.stderr.on('data', (data) => {
    words = (words + String(data)).slice(-6000)
  })
  try {
    for await (const line of createInterface(child.stdout)) {
      if (!line.startsWith('{')) continue
      const said = JSON.parse(line)
      if (!said.cut) return said
      network.cut()
    }
    throw new Error(`${driver} ended without a report:\n${words}`)
  } finally {
    child.kill('SIGKILL')
    network.close()
  }
}

/** Passes bytes on to a port of this machine, until it is told to cut what is connected. */
async function createNetwork(target: number) {
  const sockets = new Set<Socket>()
  const listener = createServer((client) => {
    const upstream = connect(target, '127.0.0.1')
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from)
      from.pipe(to)
      from.on('error', () => {})
      from.once('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    port: (listener.address() as { port: number }).port,
    cut,
    close: () => {
      cut()
      listener.close()
    },
  }
}
