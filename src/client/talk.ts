/**
 * A spoken conversation in a few lines: `talk` joins a resuming session, the microphone and the speaker. It knows the
 * rules between them (answers are cut off when interrupted, a muted microphone ends the audio stream, a file speaks in
 * place of the microphone); what is shown is the caller's. Browsers only.
 */

import type { ServerMessage } from '../protocol/index.js'
import type { AudioFrame } from './audio-context.js'
import type { Picture } from './camera.js'
import type { LiveClient } from './live-client.js'
import { audioOf } from './message-parts.js'
import {
  INPUT_SAMPLE_RATE_HZ,
  type Microphone,
  type MicrophoneOptions,
  openMicrophone,
} from './microphone.js'
import { connectResuming, type ResumingOptions } from './resuming-client.js'
import { openSpeaker, type Speaker } from './speaker.js'

export interface TalkOptions extends ResumingOptions {
  /** False: no microphone is opened until `switchMicrophone`. */
  readonly microphone?: Omit<MicrophoneOptions, 'onFrame'> | false
  readonly speakerId?: string
  /** Every message of the server, after the conversation has acted on it. */
  readonly onMessage?: (message: ServerMessage) => void
  /** What is sent as the user's voice, muted frames left out. */
  readonly onInput?: (frame: AudioFrame) => void
  /** What was really played. */
  readonly onOutput?: (frame: AudioFrame) => void
  readonly onPlaying?: (playing: boolean, atMs: number) => void
}

export interface Talk {
  readonly client: LiveClient
  /** Of the microphone in use; undefined without one. */
  readonly microphoneLabel: string | undefined
  readonly muted: boolean
  /** Frames are dropped while muted; with automatic activity detection the server is told. */
  mute(muted: boolean): void
  /** Opens another device, or the first one. Rejects with a `MicrophoneError`; the old one then stays. */
  switchMicrophone(options?: Omit<MicrophoneOptions, 'onFrame'>): Promise<void>
  switchSpeaker(deviceId: string): Promise<boolean>
  /** Speaks 16 kHz audio in real time in place of the microphone; settles when it is over or was stopped. */
  speak(pcm16: Int16Array, signal?: AbortSignal): Promise<void>
  /** Sends a picture, or drops it and returns false while there is no connection or earlier input waits for the network. */
  readonly show: (picture: Pick<Picture, 'bytes' | 'mimeType'>) => boolean
  /** Settles when the session is over. Rejects where it ended with an error. */
  readonly ended: Promise<void>
  close(): Promise<void>
}

/** Rejects as `connectLive` and `openMicrophone` do, and leaves nothing open then. */
export async function talk(options: TalkOptions): Promise<Talk> {
  let client: LiveClient | undefined
  let microphone: Microphone | undefined
  let speaker: Speaker | undefined
  let muted = false
  let speaking = false
  let closed = false
  let connected = false
  const automatic = options.config?.realtimeInputConfig?.automaticActivityDetection?.disabled !== true

  const send = (frame: AudioFrame) => {
    if (client === undefined || closed) return
    client.sendAudio(bytesOf(frame.pcm16))
    options.onInput?.(frame)
  }
  const open = (microphoneOptions: Omit<MicrophoneOptions, 'onFrame'>) =>
    openMicrophone({
      ...microphoneOptions,
      onFrame: (frame) => {
        if (!muted && !speaking) send(frame)
      },
    })
  const release = () => {
    closed = true
    microphone?.close()
    speaker?.close()
  }

  try {
    if (options.microphone !== false) microphone = await open(options.microphone ?? {})
    // Pages that are not secure have no audio thread: then there are the transcripts.
    if (globalThis.isSecureContext) {
      speaker = await openSpeaker({
        ...(options.speakerId && { deviceId: options.speakerId }),
        ...(options.onOutput && { onFrame: options.onOutput }),
        ...(options.onPlaying && { onPlaying: options.onPlaying }),
      })
    }
    client = await connectResuming({
      ...options,
      onConnection: (event) => {
        connected = event.type === 'connected'
        options.onConnection?.(event)
      },
    })
  } catch (error) {
    release()
    throw error
  }
  const session = client
  const output = speaker
  const ended = listen().finally(release)
  ended.catch(() => {})

  async function listen(): Promise<void> {
    for await (const message of session) {
      const audio = audioOf(message)
      if (audio !== undefined) output?.play(audio.pcm16)
      if ('serverContent' in message && message.serverContent.interrupted) output?.clear()
      options.onMessage?.(message)
    }
  }

  return {
    client: session,
    ended,
    get microphoneLabel() {
      return microphone?.label
    },
    get muted() {
      return muted
    },
    mute(next) {
      if (next && !muted && automatic) session.audioStreamEnd()
      muted = next
    },
    async switchMicrophone(microphoneOptions = {}) {
      const next = await open(microphoneOptions)
      if (closed) return next.close()
      microphone?.close()
      microphone = next
    },
    switchSpeaker: async (deviceId) => (await output?.switchDevice(deviceId)) ?? false,
    async speak(pcm16, signal) {
      speaking = true
      try {
        await inRealTime(pcm16, send, () => closed || signal?.aborted === true)
        if ((microphone === undefined || muted) && automatic) session.audioStreamEnd()
      } finally {
        speaking = false
      }
    },
    show({ bytes, mimeType }) {
      if (closed || !connected || session.bufferedBytes > MAX_WAITING_BYTES) return false
      session.sendImage(bytes, mimeType)
      return true
    },
    async close() {
      release()
      if (automatic) session.audioStreamEnd()
      await session.close()
    },
  }
}

/** One second of speech as it goes over the wire: pictures behind more would make it late. */
const MAX_WAITING_BYTES = 43_000

const FRAME_SAMPLES = INPUT_SAMPLE_RATE_HZ / 50
const TICK_MS = 20

/** Frames go out when their time has come; a timer that was late catches up. */
function inRealTime(
  pcm16: Int16Array,
  send: (frame: AudioFrame) => void,
  stopped: () => boolean,
): Promise<void> {
  const startMs = performance.now()
  let sent = 0
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = ((performance.now() - startMs) / 1000) * INPUT_SAMPLE_RATE_HZ
      while (sent < pcm16.length && sent < due && !stopped()) {
        const frame = pcm16.subarray(sent, sent + FRAME_SAMPLES)
        send({ pcm16: frame, atMs: startMs + (sent / INPUT_SAMPLE_RATE_HZ) * 1000 })
        sent += frame.length
      }
      if (sent < pcm16.length && !stopped()) return
      clearInterval(timer)
      resolve()
    }, TICK_MS)
  })
}

const bytesOf = (pcm16: Int16Array) => new Uint8Array(pcm16.buffer, pcm16.byteOffset, pcm16.byteLength)
