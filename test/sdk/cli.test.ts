/** `vivavoce ask` and `vivavoce bench latency` as a user runs them, with a server that runs and without one. */
import { type ExecFileException, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pcm16ToFloat, readWav, resample, rms, writeWav } from '../../src/audio/index.js'
import {
  cleanEnvironment,
  PATIENCE_MS,
  PROGRAM,
  questionPcm,
  startServer,
  type TestServer,
} from './server.js'

const SCRIPT = `
rules:
  - match: { audioMs: { min: 1 } }
    transcript: Hello, are you there?
  - match: { contains: are you there }
    reply: Yes, I am here.
`
const ANY_PORTS = ['--port', '0', '--tls-port', '0']
const folder = mkdtempSync(join(tmpdir(), 'vivavoce-cli-'))
const questionFile = join(folder, 'question.wav')
const answerFile = join(folder, 'answer.wav')

interface Outcome {
  readonly code: number
  readonly stdout: Buffer
  readonly stderr: string
}

function vivavoce(home: string, args: readonly string[], input?: Uint8Array, env = {}): Promise<Outcome> {
  const [command, ...program] = PROGRAM
  return new Promise((resolve) => {
    const options = {
      cwd: folder,
      env: { ...cleanEnvironment(home), ...env },
      encoding: 'buffer',
      timeout: PATIENCE_MS,
    } as const
    const child = execFile(
      command,
      [...program, ...args],
      options,
      (error: ExecFileException | null, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr: String(stderr) }),
    )
    child.stdin?.end(input)
  })
}

let server: TestServer
beforeAll(async () => {
  const question = pcm16ToFloat(questionPcm())
  // A rate that must be converted, as a phone records.
  writeFileSync(questionFile, writeWav(resample(question, 16_000, 44_100), 44_100))
  server = await startServer({ script: SCRIPT })
})
afterAll(async () => {
  await server?.stop()
  rmSync(folder, { recursive: true, force: true })
})

// Concurrent: the time goes into starting programs and listening in real time.
describe.concurrent('ask', () => {
  test('a recording: transcripts on the terminal, the answer in a file', async () => {
    const { code, stdout } = await vivavoce(server.home, ['ask', questionFile, '-o', answerFile])
    expect(code).toBe(0)
    expect(String(stdout)).toMatch(
      /^You: Hello, are you there\?\nAnswer: Yes, I am here\.\nFirst audio after [\d.]+ m?s, all of it after [\d.]+ m?s\.\n[\d.]+ s of speech, \d+ tokens\.\nWritten to .*answer\.wav\.\n$/,
    )
    const answer = readWav(readFileSync(answerFile))
    expect(answer.sampleRateHz).toBe(24_000)
    expect(answer.samples.length / 24_000).toBeGreaterThan(0.8)
    expect(rms(answer.samples)).toBeGreaterThan(0.05)
  })

  test('from standard input to standard output', async () => {
    const { code, stdout, stderr } = await vivavoce(
      server.home,
      ['ask', '-', '-o', '-'],
      readFileSync(questionFile),
    )
    expect(code).toBe(0)
    expect(readWav(stdout).samples.length / 24_000).toBeGreaterThan(0.8)
    expect(stderr).toContain('Answer: Yes, I am here.')
  })

  test('a typed question, answered as text, as JSON', async () => {
    const args = ['ask', 'Are you there?', '--text-only', '--json', '--url', server.url]
    const { code, stdout } = await vivavoce(join(folder, 'no-home'), args)
    expect(code).toBe(0)
    expect(JSON.parse(String(stdout))).toMatchObject({
      heard: '',
      answer: 'Yes, I am here.',
      answerSeconds: 0,
      server: { url: server.url, origin: 'named' },
    })
  })

  test('starts a server where none runs, and ends it', async () => {
    const home = join(folder, 'fresh-home')
    const { code, stdout, stderr } = await vivavoce(home, ['ask', 'Good morning', '--json'], undefined, {
      VIVAVOCE_ENGINES: 'scripted',
    })
    expect(stderr).toContain('starting one for this command')
    expect(code).toBe(0)
    const { answer, server: used } = JSON.parse(String(stdout))
    expect(answer).toBe('Good morning')
    expect(used.origin).toBe('started')
    await expect(fetch(`${used.url}/readyz`)).rejects.toThrow()
    expect(readdirSync(join(home, 'servers'))).toEqual([])
  })

  test('told to stop, ends the server that it started', async () => {
    const home = join(folder, 'stopped-home')
    const script = join(folder, 'slow.yaml')
    writeFileSync(script, 'delaysMs: { firstToken: 600000 }\nrules: []\n')
    const [command, ...program] = PROGRAM
    const env = { ...cleanEnvironment(home), VIVAVOCE_ENGINES: 'scripted', VIVAVOCE_SCRIPT: script }
    const child = spawn(command, [...program, 'ask', 'hi', '--json'], { cwd: folder, env, stdio: 'ignore' })
    const ended = once(child, 'exit')
    const servers = () => (existsSync(join(home, 'servers')) ? readdirSync(join(home, 'servers')) : [])
    await expect.poll(servers, { timeout: 60_000 }).toHaveLength(1)
    child.kill('SIGTERM')
    expect(await ended).toEqual([130, null])
    expect(servers()).toEqual([])
  })

  test.each([
    [['ask', 'missing.wav'], 'there is no file missing.wav'],
    [['ask', '-o', 'x.wav', '--text-only', 'hi'], '--text-only makes no audio to write'],
    [['ask', ''], 'the question is empty'],
    [['ask', 'hi', '--url', 'http://127.0.0.1:2'], 'no server answers at http://127.0.0.1:2 (ECONNREFUSED)'],
    [['ask', 'hi', '--url', 'notaurl'], 'Write an address such as http://127.0.0.1:8484.'],
    [['token', '--setup', 'nosuch.json'], 'there is no file nosuch.json'],
    [['replay', 'nosuch'], 'there is no file nosuch'],
    [
      ['serve', '--home', questionFile],
      'cannot be the home: a file is in the way. Choose another with --home',
    ],
    [['conformance', 'http://127.0.0.1:2'], 'no server answers at http://127.0.0.1:2 (ECONNREFUSED)'],
    [['bench', 'latency', '--url', 'http://127.0.0.1:2'], 'no server answers at'],
    [['bench', 'interruption', '--kinds', 'tv,birds'], 'There is no "birds"; use any of barge-in, '],
    [['bench', 'endpointing', '--sounds', '.'], 'there is no manifest.json in .; `vivavoce bench sounds`'],
    [['bench', 'load', '--vad', 'energy'], 'Allowed choices are scripted, silero.'],
    [['ask', 'hi', '--model', 'gpt-9'], 'setup.model "gpt-9" is not served'],
    [['ask', 'hi', '-o', 'none/answer.wav'], 'there is no folder none'],
    [['asc', 'hi'], "unknown command 'asc'\n(Did you mean ask?)"],
    [['serve', ...ANY_PORTS, '--engines', 'scripted', '--script', 'none.yaml'], 'script: there is no file /'],
  ])('%j fails with the reason', async (args, reason) => {
    const { code, stderr } = await vivavoce(server.home, args)
    expect(stderr).toContain(reason)
    expect(stderr).not.toContain('    at ')
    expect(code).toBe(1)
    expect(existsSync(join(folder, 'bench'))).toBe(false)
  })

  test('a reader that goes away ends it as it ends other programs, without a word', async () => {
    const [command, ...program] = PROGRAM
    const args = [...program, 'ask', questionFile, '-o', '-']
    const env = cleanEnvironment(server.home)
    const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (data: Buffer) => {
      stderr += String(data)
    })
    expect(await once(child, 'close')).toEqual([141, null])
    expect(stderr).toMatch(/^You: Hello, are you there\?\nAnswer: Yes, I am here\.$/)
  })

  test('a file that is no recording is named', async () => {
    writeFileSync(join(folder, 'not.wav'), 'text')
    const { code, stderr } = await vivavoce(server.home, ['ask', 'not.wav'])
    expect(stderr).toContain('not.wav: not a WAV file')
    expect(code).toBe(1)
  })
})

test('a benchmark in which nothing could be measured fails, and its result is not complete', async () => {
  const sounds = join(folder, 'sounds')
  const resultFile = join(folder, 'results/nothing.json')
  mkdirSync(sounds)
  const entry = { real: false, source: 'test', licence: 'none', half: 'report' }
  const entries = [
    { ...entry, kind: 'finished', file: 'asked.wav', text: 'Hello, are you there?' },
    { ...entry, kind: 'cough', file: 'cough.wav' },
  ]
  writeFileSync(join(sounds, 'manifest.json'), JSON.stringify({ version: 'test', sounds: entries }))
  for (const { file } of entries) copyFileSync(questionFile, join(sounds, file))
  // Over before anybody coughs.
  const args = ['bench', 'interruption', '--sounds', sounds, '--kinds', 'cough', '--out', resultFile]
  const { code, stderr } = await vivavoce(server.home, args)
  expect(stderr).toContain('no case could be measured; the first: the answer was too short to interrupt')
  expect(code).toBe(1)
  expect(JSON.parse(readFileSync(resultFile, 'utf8')).complete).toBe(false)
})

describe.concurrent('bench latency', () => {
  test('measures turns in real time and keeps the result', async () => {
    const resultFile = join(folder, 'results/turns.json')
    const args = ['bench', 'latency', '--turns', '3', '--sessions', '2', '--turns-per-session', '2']
    const { code, stdout } = await vivavoce(server.home, [
      ...args,
      '--wav',
      questionFile,
      '--out',
      resultFile,
    ])
    expect(code).toBe(0)
    expect(String(stdout)).toMatch(/^voice to voice +\d+ +\d+ +\d+ +\d+ +3$/m)
    const file = JSON.parse(readFileSync(resultFile, 'utf8'))
    expect(file).toMatchObject({ benchmark: 'latency', configuration: { turns: 3, sessions: 2 } })
    expect(file.machine.cores).toBeGreaterThan(0)
    const { result } = file
    expect(result).toMatchObject({ complete: true, problems: 0, answeredTooEarly: 0, brokenOff: 0 })
    for (const { turn } of file.units) {
      expect(turn.heard.trim()).toBe('Hello, are you there?')
      expect(turn.said.trim()).toBe('Yes, I am here.')
      // Nothing can be answered before the silence that ends a turn (0.5 s, less one frame of the detector).
      expect(turn.voiceToVoiceMs).toBeGreaterThan(300)
    }
    const stages = result.stages.map(({ name }: { name: string }) => name)
    expect(stages).toEqual(['endpointing', 'recogniser', 'LLM first token', 'first clause', 'synthesiser'])
    expect(result.memory.peakRssBytes).toBeGreaterThan(20e6)
  })

  test('measures system instructions of a size, typed and aloud', async () => {
    const resultFile = join(folder, 'results/sizes.json')
    const args = ['bench', 'latency', '--system-tokens', '1000', '--wav', questionFile, '--out', resultFile]
    const { code, stdout } = await vivavoce(server.home, args)
    expect(code).toBe(0)
    expect(String(stdout)).toMatch(/^1000 +\d+( +\d+ ms){8}$/m)
    const file = JSON.parse(readFileSync(resultFile, 'utf8'))
    expect(file.complete).toBe(true)
    expect(file.units[0].promptTokens).toBeGreaterThan(600)
    expect(file.units[0].spokenMs.count).toBe(5)
    expect(file.units[0].aloneMs.count).toBe(5)
    expect(file.units[0].besideMs.count).toBeGreaterThan(0)
  })

  test('refuses numbers that mean nothing', async () => {
    const { code, stderr } = await vivavoce(server.home, ['bench', 'latency', '--turns', '0'])
    expect(stderr).toContain('must be a whole number ≥ 1')
    expect(code).toBe(1)
  })
})
