/**
 * Google's SDKs in four languages and in a browser, each an ordinary program that is given nothing but the environment of
 * `vivavoce env`, against the real server with scripted engines: what they receive must be whole and in order.
 */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Capability, noteCapability } from './client-table.js'
import {
  buildBrowserBundle,
  buildGo,
  buildJava,
  findChromium,
  findPython,
  type Runtime,
  requireRuntime,
} from './runtimes.js'
import { PATIENCE_MS, questionPcm, ROOT, startServer, type TestServer } from './server.js'

/** The story is slow enough to be interrupted on any machine: its 60 words take 3 s to come. */
const SCRIPT = `
rules:
  - match: { contains: long story }
    reply: "${'Once upon a time there was a town. '.repeat(8).trim()}"
    delaysMs: { perToken: 50 }
  - match: { contains: what is my name, turn: 2 }
    reply: Your name is Ada.
  - match: { contains: stop }
    reply: I have stopped.
  - match: { contains: weather }
    toolCalls: [{ name: get_weather, args: { city: Oslo } }]
  - match: { toolResult: get_weather, result: snow }
    reply: Snow is coming.
  - match: { audioMs: { min: 1 } }
    transcript: Hello, are you there?
`

interface Turn {
  readonly audioBytes: number
  readonly audioMime: string
  readonly text: string
  readonly inputTranscript: string
  readonly outputTranscript: string
  readonly generationComplete: boolean
  readonly interrupted: boolean
  readonly turnComplete: boolean
  readonly totalTokens: number
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly args: object }[]
  readonly cancelled?: readonly string[]
}

type ToolScenario = 'tool' | 'vertex-tool' | 'tool-background' | 'tool-cancelled'
type Scenario =
  | ToolScenario
  | (
      | 'text'
      | 'text-modality'
      | 'audio-blob'
      | 'audio-streamed'
      | 'interruption'
      | 'resumption'
      | 'vertex-text'
    )

const TOOLS: readonly ToolScenario[] = ['tool', 'vertex-tool', 'tool-background', 'tool-cancelled']
/** What every SDK is put through; the newest Python and JavaScript show the rest. */
const EVERYWHERE: readonly Scenario[] = [
  'text',
  'text-modality',
  'audio-streamed',
  'interruption',
  'tool',
  'resumption',
  'vertex-text',
]

const folder = mkdtempSync(join(tmpdir(), 'vivavoce-pcm-'))
const pcmFile = join(folder, 'question.pcm')
let server: TestServer
let environment: NodeJS.ProcessEnv
beforeAll(async () => {
  writeFileSync(pcmFile, questionPcm())
  server = await startServer({ script: SCRIPT })
  environment = server.environment()
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const program = (command: string, ...args: string[]): Runtime => ({ command, arguments: args })
const sdk = (language: string) => join(ROOT, 'test/sdk', language)

const SDKS: readonly {
  readonly name: string
  readonly find: () => Runtime
  readonly scenarios: readonly Scenario[]
  /** Base URLs that reach the plain port, where the SDK can do without TLS. */
  readonly plainScheme?: 'http' | 'ws'
  /** It has no environment: only the plain port is told to it. */
  readonly plainOnly?: true
}[] = [
  {
    name: 'google-genai 3.6 (Python)',
    find: () => program(findPython([]), join(sdk('python'), 'drive.py')),
    scenarios: [...EVERYWHERE, 'audio-blob', ...TOOLS.filter((tool) => tool !== 'tool')],
  },
  {
    name: 'google-genai 1.75 (Python)',
    find: () => program(findPython([], '.venv-genai-1'), join(sdk('python'), 'drive.py')),
    scenarios: EVERYWHERE,
  },
  {
    name: '@google/genai 2.32 (Node)',
    find: () => program(process.execPath, join(sdk('node'), 'drive.mjs')),
    scenarios: [...EVERYWHERE, 'audio-blob', ...TOOLS.filter((tool) => tool !== 'tool')],
    plainScheme: 'http',
  },
  {
    name: '@google/genai 2.32 (Chromium)',
    find: () =>
      program(process.execPath, join(sdk('node'), 'drive-browser.mjs'), buildBrowserBundle(), findChromium()),
    // Its pages can't authenticate to Vertex AI.
    scenarios: EVERYWHERE.filter((scenario) => scenario !== 'vertex-text'),
    plainScheme: 'http',
    plainOnly: true,
  },
  {
    name: 'google.golang.org/genai 1.77 (Go)',
    find: () => program(buildGo()),
    scenarios: EVERYWHERE,
    plainScheme: 'ws',
  },
  {
    name: 'com.google.genai 1.70 (Java)',
    find: () => program('java', '-cp', buildJava(), 'Drive'),
    scenarios: EVERYWHERE,
  },
]

const CAPABILITIES: Partial<Record<Scenario, Capability>> = {
  text: 'connect',
  'audio-streamed': 'audio turn',
  interruption: 'interruption',
  tool: 'function call',
  resumption: 'resumption',
  'vertex-text': 'Vertex AI',
}

interface Outcome {
  readonly scenario: Scenario
  readonly turns?: readonly Turn[]
  readonly error?: string
}

/**
 * Starts the program once for all its scenarios, which it goes through at the same time: most of the time is spent starting
 * interpreters. A scenario that is asked for again, since it failed, gets a start of its own.
 */
function createDrive(runtime: Runtime, scenarios: readonly Scenario[], scheme?: string) {
  const start = async (chosen: readonly Scenario[]): Promise<readonly Outcome[]> => {
    // Not before: the body of a suite that is skipped runs as well, without its runtime.
    const { command, arguments: before } = runtime
    const plain = scheme !== undefined && { GOOGLE_GEMINI_BASE_URL: server.url.replace('http', scheme) }
    const options = { env: { ...environment, ...plain }, timeout: PATIENCE_MS }
    // What a program printed before it was ended counts; it may hang in a single scenario.
    const { stdout, stderr } = await promisify(execFile)(
      command,
      [...before, pcmFile, ...chosen],
      options,
    ).catch((error: { stdout: string; stderr: string }) => error)
    const told = stdout
      .split('\n')
      .flatMap((line): Outcome[] => (line.startsWith('{') ? [JSON.parse(line)] : []))
    return chosen.map(
      (scenario) =>
        told.find((each) => each.scenario === scenario) ?? { scenario, error: `nothing: ${stderr}` },
    )
  }
  let all: Promise<readonly Outcome[]> | undefined
  const taken = new Set<Scenario>()
  return async (scenario: Scenario): Promise<readonly Turn[]> => {
    all ??= start(scenarios)
    const outcomes = await (taken.has(scenario) ? start([scenario]) : all)
    taken.add(scenario)
    const { turns, error } = outcomes.find((each) => each.scenario === scenario)!
    if (!turns) throw new Error(error)
    return turns
  }
}

function expectSpoken(turn: Turn | undefined, said: string): void {
  expect(turn).toMatchObject({
    audioMime: 'audio/pcm;rate=24000',
    generationComplete: true,
    interrupted: false,
    turnComplete: true,
    text: '',
  })
  expect(turn!.outputTranscript.trim()).toBe(said)
  // A word is a tone of 0.2 s and a pause: 24,000 samples a second of 2 bytes.
  expect(turn!.audioBytes).toBeGreaterThan(said.split(' ').length * 0.2 * 48_000)
  expect(turn!.totalTokens).toBeGreaterThan(0)
}

const CHECKS: Record<Scenario, (turns: readonly Turn[]) => void> = {
  text: ([turn]) => {
    expectSpoken(turn, 'Hello there, my friend')
    expect(turn!.inputTranscript).toBe('')
  },
  'vertex-text': ([turn]) => expectSpoken(turn, 'Hello there, my friend'),
  'text-modality': ([turn]) => {
    expect(turn).toMatchObject({ text: 'Hello there, my friend', audioBytes: 0, outputTranscript: '' })
    expect(turn).toMatchObject({ generationComplete: true, turnComplete: true })
  },
  'audio-blob': ([turn]) => {
    expect(turn!.inputTranscript.trim()).toBe('Hello, are you there?')
    expectSpoken(turn, 'Hello, are you there?')
  },
  'audio-streamed': ([turn]) => {
    expect(turn!.inputTranscript.trim()).toBe('Hello, are you there?')
    expectSpoken(turn, 'Hello, are you there?')
  },
  // The second question is answered by what was said in the connection before.
  resumption: ([first, second]) => {
    expectSpoken(first, 'My name is Ada')
    expectSpoken(second, 'Your name is Ada.')
  },
  interruption: ([broken, answer]) => {
    expect(broken).toMatchObject({ interrupted: true, generationComplete: false, turnComplete: true })
    expectSpoken(answer, 'I have stopped.')
  },
  tool: ([turn]) => {
    expect(turn!.calls).toMatchObject([
      { id: expect.any(String), name: 'get_weather', args: { city: 'Oslo' } },
    ])
    expectSpoken(turn, 'Snow is coming.')
  },
  'vertex-tool': ([turn]) => {
    expect(turn!.calls).toHaveLength(1)
    expectSpoken(turn, 'Snow is coming.')
  },
  'tool-background': ([meanwhile, told]) => {
    expect(meanwhile!.calls).toHaveLength(1)
    expectSpoken(meanwhile, 'Hello meanwhile')
    expectSpoken(told, 'Snow is coming.')
  },
  'tool-cancelled': ([broken, answer]) => {
    expect(broken).toMatchObject({ interrupted: true, generationComplete: false, turnComplete: true })
    expect(broken!.cancelled).toEqual(broken!.calls!.map(({ id }) => id))
    expectSpoken(answer, 'Never mind')
  },
}

for (const { name, find, scenarios, plainScheme, plainOnly } of SDKS) {
  const runtime = requireRuntime(name, find)
  describe.skipIf(runtime === undefined)(name, () => {
    const drive = createDrive(runtime!, scenarios, plainOnly && plainScheme)
    test.concurrent.each(scenarios)(
      `%s, ${plainOnly ? 'from a page' : 'with the environment of vivavoce env'}`,
      async (scenario) => {
        CHECKS[scenario](await drive(scenario))
        const capability = CAPABILITIES[scenario]
        if (capability) noteCapability(name, capability)
      },
    )
    if (plainScheme === undefined || plainOnly) return
    const driveWithoutTls = createDrive(runtime!, ['text'], plainScheme)
    test.concurrent('text, without TLS', async () => {
      CHECKS.text(await driveWithoutTls('text'))
    })
  })
}
