/** Somebody at a microphone, through @google/genai: streams in real time, and notes what comes back and when. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type FunctionDeclaration,
  GoogleGenAI,
  type LiveServerMessage,
  Modality,
  type Session,
} from '@google/genai'
import { floatToPcm16, pcm16ToFloat, rms } from '../../src/audio/index.js'

const STEP_MS = 20
const INPUT_HZ = 16_000

export interface LiveCaller {
  /** Words for what came, in order: `heard …`, `said …`, `call NAME`, `interrupted`, `waitingForInput`, `turnComplete`. */
  readonly told: readonly string[]
  /** All that the model said, as its transcript says. */
  words(): string
  /** All audio of the model, 24 kHz. */
  audio(): Float32Array
  /** Speaks so long; between, the microphone streams silence. */
  speak(ms: number): Promise<void>
  /** Waits until something was told so often. */
  until(what: string, times?: number): Promise<void>
  close(): Promise<void>
}

export async function callLive(
  baseUrl: string,
  options: {
    readonly model?: string
    readonly functions?: readonly FunctionDeclaration[]
    readonly proactiveAudio?: boolean
    /** Answers a call. */
    readonly carryOut?: (name: string, args: Record<string, unknown>) => Record<string, unknown>
  } = {},
): Promise<LiveCaller> {
  const told: string[] = []
  const pieces: Float32Array[] = []
  let opened = () => {}
  const open = new Promise<void>((resolve) => {
    opened = resolve
  })
  let session: Session | undefined
  const note = (message: LiveServerMessage) => {
    if (message.setupComplete) opened()
    const { inputTranscription, outputTranscription, modelTurn, interrupted, turnComplete, waitingForInput } =
      message.serverContent ?? {}
    for (const { inlineData } of modelTurn?.parts ?? [])
      if (inlineData?.data) pieces.push(pcm16ToFloat(Buffer.from(inlineData.data, 'base64')))
    if (inputTranscription?.text) told.push(`heard ${inputTranscription.text}`)
    if (outputTranscription?.text) told.push(`said ${outputTranscription.text}`)
    if (interrupted) told.push('interrupted')
    if (waitingForInput) told.push('waitingForInput')
    if (turnComplete) told.push('turnComplete')
    for (const { id, name = '', args = {} } of message.toolCall?.functionCalls ?? []) {
      told.push(`call ${name} ${JSON.stringify(args)}`)
      const response = options.carryOut?.(name, args) ?? {}
      session?.sendToolResponse({ functionResponses: [{ ...(id && { id }), name, response }] })
    }
  }
  const client = new GoogleGenAI({ apiKey: 'any-key', httpOptions: { baseUrl } })
  session = await client.live.connect({
    model: options.model ?? 'gemini-live-2.5-flash',
    config: {
      responseModalities: [Modality.AUDIO],
      inputAudioTranscription: {},
      outputAudioTranscription: {},
      ...(options.proactiveAudio && { proactivity: { proactiveAudio: true } }),
      ...(options.functions && { tools: [{ functionDeclarations: [...options.functions] }] }),
    },
    callbacks: {
      onmessage: note,
      onclose: ({ code, reason }) => {
        told.push(`closed ${code} ${reason}`)
        opened()
      },
    },
  })
  await open

  let toSpeakMs = 0
  let phase = 0
  let spoken = () => {}
  const startedAt = performance.now()
  let sentMs = 0
  const microphone = setInterval(() => {
    while (sentMs < performance.now() - startedAt) {
      const samples = new Float32Array((STEP_MS * INPUT_HZ) / 1000)
      if (toSpeakMs > 0) for (const index of samples.keys()) samples[index] = 0.3 * Math.sin(phase++ / 8)
      session?.sendRealtimeInput({
        audio: {
          data: Buffer.from(floatToPcm16(samples)).toString('base64'),
          mimeType: `audio/pcm;rate=${INPUT_HZ}`,
        },
      })
      sentMs += STEP_MS
      toSpeakMs = Math.max(0, toSpeakMs - STEP_MS)
      if (toSpeakMs === 0) spoken()
    }
  }, STEP_MS)

  const caller: LiveCaller = {
    told,
    words: () =>
      told.flatMap((word) => (word.startsWith('said ') ? [word.slice('said '.length)] : [])).join(''),
    audio: () => {
      const whole = new Float32Array(pieces.reduce((sum, { length }) => sum + length, 0))
      let at = 0
      for (const piece of pieces) {
        whole.set(piece, at)
        at += piece.length
      }
      return whole
    },
    speak(ms) {
      toSpeakMs = ms
      return new Promise((resolve) => {
        spoken = resolve
      })
    },
    async until(what, times = 1) {
      const deadline = performance.now() + 30_000
      while (told.filter((word) => word.includes(what)).length < times) {
        if (performance.now() > deadline) throw new Error(`no ${what} in: ${told.join(' | ')}`)
        await sleep(20)
      }
    },
    async close() {
      clearInterval(microphone)
      session?.close()
    },
  }
  return caller
}

/** Seconds of the audio in which something is to be heard. */
export function soundingSeconds(samples: Float32Array, rateHz = 24_000): number {
  const step = rateHz / 100
  let steps = 0
  for (let from = 0; from + step <= samples.length; from += step)
    if (rms(samples.subarray(from, from + step)) > 0.01) steps++
  return steps / 100
}
