/** A session file that was opened: where the listener is in it, and its playback. */

import { create } from 'zustand'
import type { Sound } from './session-file'

interface ReplayState {
  readonly name: string | undefined
  readonly durationMs: number
  /** Undefined outside of a replay. */
  readonly positionMs: number | undefined
  readonly playing: boolean
  readonly hasSound: boolean
  open(name: string, durationMs: number, sound: Sound | undefined): void
  seek(positionMs: number): void
  play(): void
  pause(): void
  close(): void
}

let sound: Sound | undefined
let player: { stop(): void } | undefined

export const useReplay = create<ReplayState>((set, get) => ({
  name: undefined,
  durationMs: 0,
  positionMs: undefined,
  playing: false,
  hasSound: false,
  open(name, durationMs, opened) {
    player?.stop()
    sound = opened
    set({ name, durationMs, positionMs: 0, playing: false, hasSound: opened !== undefined })
  },
  seek(positionMs) {
    const { playing } = get()
    player?.stop()
    set({ positionMs })
    if (playing) get().play()
  },
  play() {
    player?.stop()
    const { positionMs = 0, durationMs } = get()
    const from = positionMs >= durationMs ? 0 : positionMs
    set({ playing: true, positionMs: from })
    player = startPlayer(sound, from, (atMs) => {
      if (atMs < durationMs) return set({ positionMs: atMs })
      player?.stop()
      set({ positionMs: durationMs, playing: false })
    })
  },
  pause() {
    player?.stop()
    set({ playing: false })
  },
  close() {
    player?.stop()
    sound = undefined
    set({ name: undefined, positionMs: undefined, playing: false })
  },
}))

function startPlayer(recorded: Sound | undefined, fromMs: number, tick: (atMs: number) => void) {
  const context = recorded === undefined ? undefined : new AudioContext()
  if (context && recorded) {
    for (const [samples, rateHz, pan] of [
      [recorded.input, 16_000, -0.3],
      [recorded.output, 24_000, 0.3],
    ] as const) {
      if (samples.length === 0 || fromMs / 1000 >= samples.length / rateHz) continue
      const buffer = context.createBuffer(1, samples.length, rateHz)
      const channel = buffer.getChannelData(0)
      for (let index = 0; index < samples.length; index++) channel[index] = samples[index]! / 32_768
      const source = new AudioBufferSourceNode(context, { buffer })
      source.connect(new StereoPannerNode(context, { pan })).connect(context.destination)
      source.start(0, fromMs / 1000)
    }
  }
  const startedMs = performance.now()
  let frame = requestAnimationFrame(function step() {
    frame = requestAnimationFrame(step)
    tick(fromMs + performance.now() - startedMs)
  })
  return {
    stop() {
      cancelAnimationFrame(frame)
      player = undefined
      void context?.close()
    },
  }
}
