/**
 * A simulated person with a microphone and a loudspeaker in one session: speaks when told to, plays what comes and flushes it on
 * `interrupted`, as clients must. Keeps everything that came with its time; what it means is the bench's business.
 */
import { fromDbfs, pcm16ToFloat } from '../audio/index.js'
import { audioOf, type ConnectOptions, connectLive } from '../client/index.js'
import { createLoudspeaker, type Loudspeaker } from './loudspeaker.js'
import { type Microphone, openMicrophone } from './microphone.js'
import { QUESTION_HZ } from './question.js'

export interface Heard {
  readonly atMs: number
  readonly kind: 'audio' | 'interrupted' | 'turnComplete' | 'input' | 'output'
  /** Transcripts. */
  readonly text?: string
}

export interface Listener {
  readonly session: string
  readonly microphone: Microphone
  /** What sounds since the last turn began; a new one after each `turnComplete` or `interrupted`. */
  readonly speaker: Loudspeaker
  /** Since the session began, in order. */
  readonly heard: readonly Heard[]
  sendText(text: string): void
  /** Resolves true once `condition` holds, false at the deadline. Rejects where the session ends or the signal aborts. */
  until(condition: () => boolean, deadlineMs: number): Promise<boolean>
  close(): Promise<void>
}

export interface ListenerOptions {
  readonly connect: ConnectOptions
  readonly now: () => number
  readonly signal: AbortSignal
  /** Level at which the microphone hears the loudspeaker, dB; absent = not at all (headphones). */
  readonly echoDb?: number
  /** Way of the echo through air and buffers. */
  readonly echoDelayMs?: number
  /** Adds what else sounds in the room to a frame of the microphone. */
  readonly room?: (frame: Float32Array, startMs: number) => void
}

const OUTPUT_HZ = 24_000
const POLL_MS = 5
const ECHO_DELAY_MS = 60

export async function openListener(options: ListenerOptions): Promise<Listener> {
  const { now, signal, echoDb, echoDelayMs = ECHO_DELAY_MS, room } = options
  const transcripts = { inputAudioTranscription: {}, outputAudioTranscription: {} }
  const client = await connectLive({
    ...options.connect,
    config: { ...transcripts, ...options.connect.config },
    signal,
  })
  const heard: Heard[] = []
  let speaker = createLoudspeaker(OUTPUT_HZ)
  let failure: unknown
  let ended = false
  const gain = echoDb === undefined ? 0 : fromDbfs(echoDb)
  const microphone = openMicrophone(client, now, (frame, startMs) => {
    if (gain > 0) speaker.mixInto(frame, QUESTION_HZ, startMs - echoDelayMs, gain)
    room?.(frame, startMs)
  })

  const read = async () => {
    for await (const message of client) {
      const atMs = now()
      const audio = audioOf(message)
      if (audio) {
        speaker.receive(atMs, pcm16ToFloat(audio.pcm16))
        heard.push({ atMs, kind: 'audio' })
      }
      if (!('serverContent' in message)) continue
      const { inputTranscription, outputTranscription, interrupted, turnComplete } = message.serverContent
      if (inputTranscription?.text) heard.push({ atMs, kind: 'input', text: inputTranscription.text })
      if (outputTranscription?.text) heard.push({ atMs, kind: 'output', text: outputTranscription.text })
      if (interrupted) {
        speaker.clear(atMs)
        heard.push({ atMs, kind: 'interrupted' })
      }
      if (turnComplete) heard.push({ atMs, kind: 'turnComplete' })
    }
  }
  read().then(
    () => {
      ended = true
    },
    (error) => {
      failure = error
      ended = true
    },
  )

  return {
    session: client.sessionId ?? '',
    microphone,
    get speaker() {
      return speaker
    },
    heard,
    sendText(text) {
      speaker = createLoudspeaker(OUTPUT_HZ)
      client.sendText(text)
    },
    async until(condition, deadlineMs) {
      for (;;) {
        if (condition()) return true
        signal.throwIfAborted()
        if (ended) throw failure ?? new Error('the session ended')
        if (now() >= deadlineMs) return false
        await new Promise((resolve) => setTimeout(resolve, POLL_MS))
      }
    },
    async close() {
      microphone.stop()
      await client.close()
    },
  }
}
