/**
 * The sound of both sides, kept while asked to and not otherwise: frames with their times, to be laid on one axis when
 * they are saved. Knows nothing of files.
 */

import type { AudioFrame } from 'vivavoce/client'

export interface Recorder {
  readonly recording: boolean
  readonly hasSound: boolean
  start(): void
  stop(): void
  input(frame: AudioFrame): void
  output(frame: AudioFrame): void
  clear(): void
  /** One signal per side from the origin on; gaps are silence. */
  laidOut(originMs: number): { readonly input: Int16Array; readonly output: Int16Array }
}

export function createRecorder(inputHz: number, outputHz: number): Recorder {
  let recording = false
  let frames: { input: AudioFrame[]; output: AudioFrame[] } = { input: [], output: [] }
  return {
    get recording() {
      return recording
    },
    get hasSound() {
      return frames.input.length + frames.output.length > 0
    },
    start() {
      recording = true
    },
    stop() {
      recording = false
    },
    input(frame) {
      if (recording) frames.input.push({ pcm16: frame.pcm16.slice(), atMs: frame.atMs })
    },
    output(frame) {
      if (recording) frames.output.push({ pcm16: frame.pcm16.slice(), atMs: frame.atMs })
    },
    clear() {
      frames = { input: [], output: [] }
    },
    laidOut: (originMs) => ({
      input: layOut(frames.input, originMs, inputHz),
      output: layOut(frames.output, originMs, outputHz),
    }),
  }
}

/** Arrival times jitter by some ms: a frame that comes about where the last one ended goes right behind it. */
const JITTER_MS = 60

function layOut(frames: readonly AudioFrame[], originMs: number, rateHz: number): Int16Array {
  const starts: number[] = []
  let end = 0
  for (const { pcm16, atMs } of frames) {
    const at = Math.max(0, Math.round(((atMs - originMs) / 1000) * rateHz))
    const start = Math.abs(at - end) < (JITTER_MS / 1000) * rateHz || at < end ? end : at
    starts.push(start)
    end = start + pcm16.length
  }
  const signal = new Int16Array(end)
  for (const [index, { pcm16 }] of frames.entries()) signal.set(pcm16, starts[index]!)
  return signal
}
