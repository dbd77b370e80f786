/**
 * Sounds that should interrupt nobody, made from random numbers: the same seed gives the same samples everywhere. They are what they are,
 * synthetic: no claim rests on them alone. Pure.
 */
import { fromDbfs, rms } from '../audio/index.js'

type Random = () => number

const HZ = 16_000
const seconds = (length: number) => new Float32Array(Math.round(length * HZ))
const between = (random: Random, low: number, high: number) => low + (high - low) * random()
const white = (random: Random) => random() * 2 - 1

/** Brought to an overall level; silence stays silence. */
export function atLevel(samples: Float32Array, dbfs: number): Float32Array {
  const level = rms(samples)
  if (level === 0) return samples
  const gain = fromDbfs(dbfs) / level
  return samples.map((sample) => Math.max(-1, Math.min(1, sample * gain)))
}

/** A resonance at `hz` of the given width: two poles. */
function resonator(hz: number, widthHz: number): (input: number) => number {
  const radius = Math.exp((-Math.PI * widthHz) / HZ)
  const feedback = 2 * radius * Math.cos((2 * Math.PI * hz) / HZ)
  let one = 0
  let two = 0
  return (input) => {
    const output = (1 - radius) * input + feedback * one - radius * radius * two
    two = one
    one = output
    return output
  }
}

/** One to three bursts: an explosive start, breath through a throat, a voiced end. */
export function cough(random: Random): Float32Array {
  const bursts = 1 + Math.floor(random() * 3)
  const output = seconds(0.1 + bursts * 0.45)
  for (let burst = 0; burst < bursts; burst++) {
    const from = Math.round((0.05 + burst * between(random, 0.36, 0.45)) * HZ)
    const throat = [
      resonator(between(random, 450, 750), 160),
      resonator(between(random, 1_200, 1_700), 260),
      resonator(between(random, 2_400, 3_200), 400),
    ]
    const pitch = between(random, 110, 260)
    const length = Math.round(between(random, 0.22, 0.34) * HZ)
    for (let index = 0; index < length && from + index < output.length; index++) {
      const at = index / length
      const attack = Math.min(1, index / (0.006 * HZ))
      const voiced = at > 0.45 ? Math.sign(Math.sin((2 * Math.PI * pitch * index) / HZ)) * 0.35 : 0
      const input = (white(random) + voiced) * attack * Math.exp(-4 * at)
      output[from + index]! += throat.reduce((sum, filter) => sum + filter(input), 0)
    }
  }
  return atLevel(output, between(random, -26, -20))
}

/** Four seconds of typing: clicks of two parts, in bursts. */
export function keyboard(random: Random): Float32Array {
  const output = seconds(4)
  for (
    let at = 0.05;
    at < 3.9;
    at += random() < 0.12 ? between(random, 0.3, 0.7) : between(random, 0.07, 0.2)
  ) {
    const body = resonator(between(random, 1_800, 3_800), 700)
    const strength = between(random, 0.4, 1)
    for (const [delay, part] of [
      [0, 1],
      [between(random, 0.03, 0.07), 0.5],
    ] as const) {
      const from = Math.round((at + delay) * HZ)
      for (let index = 0; index < 0.018 * HZ && from + index < output.length; index++) {
        output[from + index]! += body(white(random)) * strength * part * Math.exp(-index / (0.003 * HZ))
      }
    }
  }
  return atLevel(output, between(random, -40, -30))
}

/** Four seconds of a fan, a street or a kitchen: noise that falls with frequency, swelling a little. */
export function noise(random: Random): Float32Array {
  const output = seconds(4)
  const low = [0, 0, 0]
  const swell = between(random, 0.2, 1.2)
  for (let index = 0; index < output.length; index++) {
    const input = white(random)
    low[0] = 0.997 * low[0]! + 0.03 * input
    low[1] = 0.96 * low[1]! + 0.06 * input
    low[2] = 0.6 * low[2]! + 0.1 * input
    const loudness = 1 + 0.4 * Math.sin((2 * Math.PI * swell * index) / HZ)
    output[index] = (low[0]! + low[1]! + low[2]!) * loudness
  }
  return atLevel(output, between(random, -38, -28))
}

/** Four seconds of chords with overtones over a beat. */
export function music(random: Random): Float32Array {
  const output = seconds(4)
  const root = 110 * 2 ** (Math.floor(random() * 12) / 12)
  const beat = between(random, 0.35, 0.6)
  for (let start = 0, bar = 0; start < 4; start += beat, bar++) {
    const step = [0, 5, 7, 3][bar % 4]!
    for (const interval of [0, 4, 7, 12]) {
      const hz = root * 2 ** ((step + interval) / 12)
      const from = Math.round(start * HZ)
      for (let index = 0; index < beat * 1.5 * HZ && from + index < output.length; index++) {
        const phase = (2 * Math.PI * hz * index) / HZ
        const tone = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.25 * Math.sin(3 * phase)
        output[from + index]! += tone * Math.exp(-index / (0.35 * HZ)) * Math.min(1, index / (0.01 * HZ))
      }
    }
  }
  return atLevel(output, between(random, -34, -24))
}

/** Many people at once, far away: several recordings at random places over each other, four seconds. */
export function babble(random: Random, speech: readonly Float32Array[]): Float32Array {
  const output = seconds(4)
  for (let voice = 0; voice < 8; voice++) {
    const samples = speech[Math.floor(random() * speech.length)]!
    const offset = Math.floor(random() * output.length)
    for (let index = 0; index < samples.length; index++) {
      output[(offset + index) % output.length]! += samples[index]!
    }
  }
  return atLevel(output, between(random, -38, -30))
}

/** A television in the room: one voice after the other, muffled, with echoes of the walls, over a little noise. */
export function television(random: Random, speech: readonly Float32Array[]): Float32Array {
  const dry = seconds(4)
  for (let from = 0; from < dry.length; ) {
    const samples = speech[Math.floor(random() * speech.length)]!
    dry.set(samples.subarray(0, dry.length - from), from)
    from += samples.length + Math.round(0.15 * HZ)
  }
  const output = dry.slice()
  for (let echo = 0; echo < 6; echo++) {
    const delay = Math.round(between(random, 0.01, 0.09) * HZ)
    const gain = between(random, 0.15, 0.4)
    for (let index = delay; index < output.length; index++) output[index]! += gain * dry[index - delay]!
  }
  let low = 0
  for (let index = 0; index < output.length; index++) {
    low += 0.45 * (output[index]! + 0.01 * white(random) - low)
    output[index] = low
  }
  return atLevel(output, between(random, -40, -32))
}
