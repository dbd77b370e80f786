/**
 * Plays the model's audio without gaps behind a jitter buffer of 60 ms, and falls silent at once when told to. Reports
 * what was really played. It knows neither sockets nor the protocol. Browsers only.
 */

import { type AudioFrame, openContext } from './audio-context.js'

export interface SpeakerOptions {
  /** An output device of `enumerateDevices`, where the browser lets pages choose. */
  readonly deviceId?: string
  readonly onFrame?: (frame: AudioFrame) => void
  readonly onPlaying?: (playing: boolean, atMs: number) => void
}

export interface Speaker {
  /** PCM16 little-endian mono at 24 kHz; its memory is given away. */
  play(pcm16: Uint8Array): void
  /** Drops everything that is queued; silence within 3 ms and what the device itself has buffered. */
  clear(): void
  /** Resolves false where the browser has no choice of outputs. */
  switchDevice(deviceId: string): Promise<boolean>
  close(): void
}

export const OUTPUT_SAMPLE_RATE_HZ = 24_000

/** Call it from a click: browsers keep audio asleep until one. */
export async function openSpeaker(options: SpeakerOptions = {}): Promise<Speaker> {
  const opened = await openContext({ sampleRate: OUTPUT_SAMPLE_RATE_HZ })
  const { context, pageTimeMs } = opened
  const node = new AudioWorkletNode(context, 'vivavoce-speaker', {
    numberOfInputs: 0,
    outputChannelCount: [1],
  })
  node.connect(context.destination)
  type Report = { pcm16?: ArrayBuffer; playing?: boolean; at: number }
  node.port.onmessage = ({ data }: MessageEvent<Report>) => {
    const atMs = pageTimeMs(data.at)
    if (data.pcm16 !== undefined) options.onFrame?.({ pcm16: new Int16Array(data.pcm16), atMs })
    if (data.playing !== undefined) options.onPlaying?.(data.playing, atMs)
  }
  const switchDevice = async (deviceId: string) => {
    const choosing = context as AudioContext & { setSinkId?: (id: string) => Promise<void> }
    if (choosing.setSinkId === undefined) return false
    await choosing.setSinkId(deviceId)
    return true
  }
  if (options.deviceId) await switchDevice(options.deviceId).catch(() => false)
  return {
    play(pcm16) {
      const whole = pcm16.byteLength & ~1
      const samples = pcm16.slice(0, whole).buffer
      node.port.postMessage(samples, [samples])
    },
    clear: () => node.port.postMessage('clear'),
    switchDevice,
    close() {
      node.disconnect()
      opened.close()
    },
  }
}
