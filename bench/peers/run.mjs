/**
 * Voice-to-voice latency of Viva Voce and of Pipecat on this machine, in one run: the same recordings through the same simulated
 * microphone, conversations in turn, and times taken from the waveform that a listener would hear. See README.md.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { WebSocket } from 'ws'
import { converseOver, openConversation } from '../../dist/bench/conversation.js'
import { aligned, openResult, readQuestion, summarize } from '../../dist/bench/index.js'
import { bytesToBase64 } from '../../dist/client/index.js'

const here = fileURLToPath(new URL('.', import.meta.url))
const root = join(here, '../..')
const flags = new Command()
  .option('--python <program>', 'Python with requirements.txt installed', 'python3')
  .option('--rounds <number>', 'conversations of each system', Number, 4)
  .option('--turns <number>', 'turns of a conversation', Number, 4)
  .option('--services <name>', 'services of the peer: ours, or stock (its own local ones)', 'ours')
  .option('--whisper <dir>', 'stock: CTranslate2 Whisper base; the hub where absent')
  .option('--kokoro <dir>', 'stock: kokoro-v1.0.onnx and voices-v1.0.bin; the hub where absent')
  .option('--ollama <url>', 'stock: Ollama, or what stands for it', 'http://localhost:11434/v1')
  .option('--ollama-is <words>', 'stock: what answers at --ollama; Ollama is asked for its version')
  .option('--tts <name>', 'voice of both; with stock services, of ours', 'auto')
  .option('--home <dir>', 'home with the weights')
  .option('--out <file>', 'result file (default: bench/results/peers-pipecat.json, or …-stock.json)')
  .parse()
  .opts()

/** What Viva Voce gives its language model where the developer says nothing; the peer gets the same. */
const SYSTEM =
  'You are a friendly and helpful voice assistant.\n\nEverything you answer is spoken aloud. Answer in the language of the user, in one to three short plain sentences, without lists, markdown, emoji or code.'
/** A peer that pauses between sentences has not ended its turn. */
const TURN_OVER_MS = 2_500
const MODEL = flags.services === 'ours' ? 'ours' : 'qwen2.5-coder:1.5b'
const now = () => performance.now()
const home = flags.home === undefined ? [] : ['--home', flags.home]
const children = []

function start(command, args, ready) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: root })
  children.push(child)
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout.on('data', (data) => {
      text += data
      const found = ready.exec(text)
      if (found) resolve({ child, found })
    })
    child.once('close', (code) => reject(new Error(`${command} ended with ${code} before it was ready`)))
  })
}

async function stop(child) {
  const ended = new Promise((resolve) => child.once('close', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000)
  await ended
  clearTimeout(timer)
}

/** The part of a LiveClient that a conversation uses, over plain PCM and marks. */
function plainClient(socket) {
  const waiting = []
  let wake
  let over
  /** The answer is over when it has been silent for long enough and Pipecat has sent the last of it. */
  let silent = false
  let said = false
  /** Pipecat announces an interruption at the start of every user turn, whether or not anything sounds. */
  let sounding = false
  const push = (message) => {
    waiting.push(message)
    wake?.()
  }
  const content = (serverContent) => push({ serverContent })
  const goesOn = () => {
    clearTimeout(over)
    over = undefined
    silent = false
  }
  const maybeOver = () => {
    if (!silent || !said) return
    goesOn()
    said = false
    sounding = false
    content({ turnComplete: true })
  }
  const marks = {
    interrupted() {
      goesOn()
      if (sounding) content({ interrupted: true, turnComplete: true })
      sounding = false
    },
    heard(text) {
      said = false
      content({ inputTranscription: { text } })
    },
    said(text) {
      said = true
      content({ outputTranscription: { text } })
      maybeOver()
    },
    turnComplete() {
      over ??= setTimeout(() => {
        silent = true
        maybeOver()
      }, TURN_OVER_MS)
    },
  }
  socket.on('message', (data, isBinary) => {
    if (isBinary) {
      goesOn()
      sounding = true
      const inlineData = { mimeType: 'audio/pcm;rate=24000', data: bytesToBase64(data) }
      content({ modelTurn: { role: 'model', parts: [{ inlineData }] } })
    } else {
      const [, mark, text] = /^(\w+) ?(.*)$/s.exec(String(data))
      marks[mark](text)
    }
  })
  let ended = false
  socket.on('close', () => {
    ended = true
    wake?.()
  })
  return {
    sessionId: 'peer',
    sendAudio: (pcm16) => socket.send(pcm16),
    async close() {
      clearTimeout(over)
      socket.terminate()
    },
    [Symbol.asyncIterator]: () => ({
      async next() {
        while (waiting.length === 0 && !ended) {
          await new Promise((resolve) => {
            wake = resolve
          })
        }
        return waiting.length > 0 ? { done: false, value: waiting.shift() } : { done: true, value: undefined }
      },
    }),
  }
}

/** As a session of ours does when it opens: the system instruction is in the cache before anybody speaks. */
async function warmUp(url) {
  const messages = [
    { role: 'system', content: SYSTEM },
    { role: 'user', content: 'Hello.' },
  ]
  const response = await fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, stream: true, messages }),
  })
  const reader = response.body.getReader()
  await reader.read()
  await reader.cancel()
}

async function openPeer(url) {
  await warmUp(url)
  const port = 18_000 + Math.floor(Math.random() * 1_000)
  const args = [
    join(here, 'pipecat_bot.py'),
    '--port',
    port,
    '--services',
    flags.services,
    '--system',
    SYSTEM,
  ]
  if (flags.services === 'ours') args.push('--url', url)
  else args.push('--ollama', url)
  if (flags.whisper !== undefined) args.push('--whisper', flags.whisper)
  if (flags.kokoro !== undefined) args.push('--kokoro', flags.kokoro)
  const { child } = await start(flags.python, args.map(String), /ready/)
  const socket = new WebSocket(`ws://127.0.0.1:${port}`)
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const conversation = converseOver(plainClient(socket), now)
  return {
    ask: conversation.ask,
    async close() {
      await conversation.close()
      await stop(child)
    },
  }
}

/** What the peer's services run on, for whoever reads the result. */
async function describeStock() {
  const weights = (dir, name) =>
    dir === undefined
      ? 'from the hub'
      : `sha256 ${createHash('sha256')
          .update(readFileSync(join(dir, name)))
          .digest('hex')}`
  const version = async () => {
    const response = await fetch(new URL('/api/version', flags.ollama))
    if (!response.ok) throw new Error(`no Ollama at ${flags.ollama}: say with --ollama-is what it is`)
    return `Ollama ${(await response.json()).version}`
  }
  return {
    recogniser: `faster-whisper base, ${weights(flags.whisper, 'model.bin')}`,
    languageModel: `${MODEL}, ${flags.ollamaIs ?? (await version())}`,
    voice: `kokoro-onnx af_heart, ${weights(flags.kokoro, 'kokoro-v1.0.onnx')}`,
  }
}

const folder = join(root, 'dist/bench/questions')
const questions = readdirSync(folder)
  .filter((name) => name.endsWith('.wav'))
  .sort()
  .map((name) => readQuestion(name, readFileSync(join(folder, name))))
const { rounds, turns: turnsEach, services, tts } = flags
const stock = services === 'stock' ? await describeStock() : undefined
const out =
  flags.out ?? join(root, 'bench/results', stock ? 'peers-pipecat-stock.json' : 'peers-pipecat.json')
const file = openResult(out, 'peers', {
  rounds,
  turns: turnsEach,
  services,
  tts,
  peer: 'pipecat-ai 1.14.0',
  ...(stock && { stock }),
  questions: questions.length,
})
const signal = new AbortController().signal

try {
  const program = [join(root, 'dist/cli/main.js'), 'serve', '--port', '0', '--tls-port', '0']
  const serveArgs = [...program, '--tts', flags.tts, '--log-level', 'error', ...home]
  const { found: served } = await start(
    process.execPath,
    serveArgs,
    /Plain\s+(http:\/\/\S+)[\s\S]*Engines\n([\s\S]*?)\n\n/,
  )
  const ourUrl = served[1]
  process.stderr.write(`${served[2]}\n`)
  let engineUrl = flags.ollama
  if (flags.services === 'ours') {
    const args = [join(here, 'engine-services.mjs'), '0', '--tts', flags.tts, ...home]
    engineUrl = (await start(process.execPath, args, /ready (\S+)/)).found[1]
  }
  const connect = { url: ourUrl, model: 'gemini-live-2.5-flash', WebSocket }
  const systems = [
    { name: 'viva voce', open: () => openConversation(connect, now) },
    { name: `pipecat, ${flags.services} services`, open: () => openPeer(engineUrl) },
  ]
  for (let round = 0; round < flags.rounds; round++) {
    for (const { name, open } of systems) {
      if (file.units.some((unit) => unit.round === round && unit.system === name)) continue
      const conversation = await open()
      const turns = []
      try {
        for (let index = 0; index < flags.turns; index++) {
          const question = questions[(round * flags.turns + index) % questions.length]
          const turn = await conversation.ask(question, signal)
          turns.push(turn)
          process.stderr.write(
            `${round + 1}/${flags.rounds}  ${name}  ${question.name}  ${turn.problem ?? `${Math.round(turn.voiceToVoiceMs)} ms`}\n`,
          )
          if (turn.problem !== undefined) break
        }
      } catch (error) {
        turns.push({ problem: error.message })
      } finally {
        await conversation.close()
      }
      for (const turn of turns) file.add({ round, system: name, turn })
    }
  }
  const rows = systems.map(({ name }) => {
    const turns = file.units.filter(({ system }) => system === name).map(({ turn }) => turn)
    return {
      system: name,
      voiceToVoiceMs: summarize(turns.flatMap(({ voiceToVoiceMs }) => voiceToVoiceMs ?? [])),
      brokenOff: turns.reduce((sum, { brokenOff = 0 }) => sum + brokenOff, 0),
      underrunMs: turns.reduce((sum, { underrunMs = 0 }) => sum + underrunMs, 0),
      problems: turns.filter(({ problem }) => problem !== undefined).length,
    }
  })
  const [own, peer] = rows.map(({ voiceToVoiceMs }) => voiceToVoiceMs)
  const ratio = own && peer ? { p50: own.p50 / peer.p50, p90: own.p90 / peer.p90 } : undefined
  file.finish(true, { rows, ratio, engines: served[2] })
  const cell = (value) => (value === undefined ? '-' : String(Math.round(value)))
  process.stdout.write(
    `${aligned([
      ['voice to voice, ms', 'P50', 'P90', 'P99', 'turns', 'broken off', 'under-run ms', 'failed'],
      ...rows.map(({ system, voiceToVoiceMs: ms, brokenOff, underrunMs, problems }) => [
        system,
        ...[ms?.p50, ms?.p90, ms?.p99, ms?.count, brokenOff, underrunMs, problems].map(cell),
      ]),
    ])}\n`,
  )
  if (ratio) process.stdout.write(`${ratio.p50.toFixed(2)} × at P50, ${ratio.p90.toFixed(2)} × at P90\n`)
} finally {
  await Promise.all(
    children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null).map(stop),
  )
}
process.exit(0)
