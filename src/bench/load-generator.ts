/**
 * Many clients in one process, as cheap as can be, so that a server is loaded and not the generator: each streams 20 ms frames in real
 * time, asks the same recorded question again and again, and times what comes back. It parses no more of a message than it needs.
 */
import { WebSocket } from 'ws'
import { floatToPcm16 } from '../audio/index.js'
import { bytesToBase64, liveUrl } from '../client/index.js'
import { FRAME_MS } from './microphone.js'
import { QUESTION_HZ, type Question } from './question.js'

export interface GeneratorOptions {
  readonly url: string
  readonly model: string
  readonly apiKey?: string
  readonly question: Question
  readonly sessions: number
  /** Silence between the end of an answer and the next question. */
  readonly thinkMs: number
  /** 0 … 1, for the phases. */
  readonly random: () => number
}

export interface LoadMeasures {
  /** From the last frame of the question's speech to the first audio of its answer, one for each turn. */
  readonly responseMs: readonly number[]
  /** How much later than a metronome each piece of a paced answer came, one for each piece. */
  readonly latenessMs: readonly number[]
  /** Times that a client that plays at once would have run dry. */
  readonly underruns: number
  readonly turns: number
  readonly closed: readonly string[]
  /** How late the generator itself was; a generator that is late measures itself. */
  readonly generatorDelayMs: readonly number[]
}

export interface LoadGenerator {
  /** Forgets what was measured until now. */
  reset(): void
  readonly measures: LoadMeasures
  close(): Promise<void>
}

/** Speech begins at multiples of this, so that the frames of the detector always lie alike: 5 × 32 ms = 8 × 20 ms. */
const GRID_FRAMES = 8
const OUTPUT_BYTES_PER_MS = 48

export async function startLoad(options: GeneratorOptions): Promise<LoadGenerator> {
  const speech = encodeFrames(options.question.samples)
  const silence = encodeFrames(new Float32Array((QUESTION_HZ * FRAME_MS) / 1000))[0]!
  const measures = { responseMs: [] as number[], latenessMs: [] as number[], underruns: 0, turns: 0 }
  const closed: string[] = []
  const generatorDelayMs: number[] = []
  const speechEndFrames = Math.ceil(options.question.speechEndMs / FRAME_MS)
  const thinkFrames = Math.round(options.thinkMs / FRAME_MS)

  const clients = await Promise.all(Array.from({ length: options.sessions }, () => connect()))
  const originMs = performance.now()
  for (const client of clients) {
    client.phaseMs = options.random() * FRAME_MS
    client.nextSpeechFrame = gridded(Math.floor((options.random() * (options.thinkMs + 4_000)) / FRAME_MS))
  }
  let stopped = false
  const timer = setInterval(sendDue, 4)

  async function connect() {
    const socket = new WebSocket(liveUrl(options.url, options.apiKey), { perMessageDeflate: false })
    const client = {
      socket,
      phaseMs: 0,
      sentFrames: 0,
      nextSpeechFrame: 0,
      speechEndedAt: undefined as number | undefined,
      /** Of the answer under way. */
      firstAudioAt: undefined as number | undefined,
      receivedMs: 0,
      paceOffsetMs: 0,
    }
    await new Promise<void>((resolve, reject) => {
      socket.once('open', () => {
        const model = options.model.includes('/') ? options.model : `models/${options.model}`
        const generationConfig = { responseModalities: ['AUDIO'] }
        const realtimeInputConfig = { automaticActivityDetection: { silenceDurationMs: 500 } }
        socket.send(JSON.stringify({ setup: { model, generationConfig, realtimeInputConfig } }))
      })
      socket.once('message', () => resolve())
      socket.once('error', reject)
      socket.once('close', (code, reason) => reject(new Error(`closed at setup: ${code} ${reason}`)))
    })
    socket.on('message', (data: Buffer) => receive(client, data))
    socket.on('close', (code, reason) => {
      if (!stopped) closed.push(`${code} ${reason}`)
    })
    return client
  }
  type Client = Awaited<ReturnType<typeof connect>>

  function sendDue(): void {
    const now = performance.now()
    for (const client of clients) {
      for (;;) {
        const dueMs = originMs + client.phaseMs + (client.sentFrames + 1) * FRAME_MS
        if (dueMs > now) break
        const at = client.sentFrames - client.nextSpeechFrame
        client.socket.send(at >= 0 && at < speech.length ? speech[at]! : silence)
        if (at + 1 === speechEndFrames) client.speechEndedAt = dueMs
        // Until the answer is over nothing more is said.
        if (at + 1 === speech.length) client.nextSpeechFrame = Number.POSITIVE_INFINITY
        client.sentFrames++
        if (client === clients[0]) generatorDelayMs.push(now - dueMs)
      }
    }
  }

  function receive(client: Client, data: Buffer): void {
    const now = performance.now()
    const audio = audioMs(data)
    if (audio > 0) {
      if (client.firstAudioAt === undefined) {
        client.firstAudioAt = now
        client.receivedMs = 0
        client.paceOffsetMs = Number.POSITIVE_INFINITY
        if (client.speechEndedAt !== undefined) measures.responseMs.push(now - client.speechEndedAt)
      } else {
        const aheadMs = client.firstAudioAt + client.receivedMs - now
        if (aheadMs < 0) measures.underruns++
        // Once the lead is used up pieces come as a metronome: the earliest so far says when they are due.
        const offsetMs = -aheadMs
        if (client.receivedMs > 1_000) {
          client.paceOffsetMs = Math.min(client.paceOffsetMs, offsetMs)
          measures.latenessMs.push(offsetMs - client.paceOffsetMs)
        }
      }
      client.receivedMs += audio
    }
    if (data.includes('"turnComplete"')) {
      client.firstAudioAt = undefined
      client.speechEndedAt = undefined
      client.nextSpeechFrame = gridded(client.sentFrames + thinkFrames)
      measures.turns++
    }
  }

  return {
    reset() {
      measures.responseMs = []
      measures.latenessMs = []
      measures.underruns = 0
      measures.turns = 0
      generatorDelayMs.length = 0
    },
    get measures() {
      return { ...measures, closed, generatorDelayMs }
    },
    async close() {
      stopped = true
      clearInterval(timer)
      for (const { socket } of clients) socket.terminate()
    },
  }
}

const gridded = (frame: number) => Math.ceil(frame / GRID_FRAMES) * GRID_FRAMES

/** Length of the audio in a message; 0 where it has none. */
function audioMs(data: Buffer): number {
  const marker = data.indexOf('"data":"')
  if (marker < 0) return 0
  const from = marker + 8
  const to = data.indexOf('"', from)
  // '=' is 61: padding carries nothing.
  const padding = data[to - 1] !== 61 ? 0 : data[to - 2] !== 61 ? 1 : 2
  return (((to - from) * 3) / 4 - padding) / OUTPUT_BYTES_PER_MS
}

function encodeFrames(samples: Float32Array): Buffer[] {
  const length = (QUESTION_HZ * FRAME_MS) / 1000
  const frames: Buffer[] = []
  for (let from = 0; from < samples.length; from += length) {
    const frame = new Float32Array(length)
    frame.set(samples.subarray(from, from + length))
    const audio = { mimeType: `audio/pcm;rate=${QUESTION_HZ}`, data: bytesToBase64(floatToPcm16(frame)) }
    frames.push(Buffer.from(JSON.stringify({ realtimeInput: { audio } })))
  }
  return frames
}
