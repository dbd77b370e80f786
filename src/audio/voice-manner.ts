/**
 * How a stretch of speech sounds, in figures that say nothing of its words: pitch, loudness, brightness and pace. Pitch by
 * the difference function of YIN (de Cheveigné and Kawahara, 2002); syllables as dips and peaks of the level of voiced sound
 * (de Jong and Wempe, 2009). 12 ms of one core for a second of speech.
 */

export const MANNER_HZ = 16_000

export interface VoiceManner {
  /** Sound with a pitch, ms: all that the other figures rest on. Where it is 0, so are they. */
  readonly voicedMs: number
  /** Median fundamental frequency. */
  readonly pitchHz: number
  /** From the 10th to the 90th percentile of pitch, semitones. */
  readonly pitchSpan: number
  /** Median level of voiced sound, dBFS. */
  readonly loudnessDb: number
  /** Level of the sound's slope over the sound's own, dB: a raised voice is brighter, whatever the microphone's gain. */
  readonly brightnessDb: number
  /** Syllables a second of speech, pauses left out. */
  readonly syllablesPerS: number
}

export const NO_VOICE: VoiceManner = {
  voicedMs: 0,
  pitchHz: 0,
  pitchSpan: 0,
  loudnessDb: 0,
  brightnessDb: 0,
  syllablesPerS: 0,
}

const HOP = MANNER_HZ / 100
const WINDOW = 640
/** Short enough to fall between two syllables. */
const LEVEL_WINDOW = 320
const SHORTEST_LAG = Math.floor(MANNER_HZ / 450)
const LONGEST_LAG = Math.floor(MANNER_HZ / 65)
/** Pitch is looked for in every second frame: 20 ms apart. */
const PITCH_EVERY = 2
/** A dip of YIN's function below this counts as a pitch. */
const PERIODIC = 0.3
/** Frames this far below the loudest are not speech. */
const SPEECH_RANGE_DB = 32
/** Level must fall by this much between two syllables. */
const DIP_DB = 2
const QUIETEST_DB = -65

/** `samples`: mono at 16 kHz. Fewer than 60 ms give `NO_VOICE`. */
export function voiceManner(samples: Float32Array): VoiceManner {
  const frames = Math.floor((samples.length - WINDOW - LONGEST_LAG) / HOP)
  if (frames < 2) return NO_VOICE
  const levels = frameLevels(samples, frames)
  const floorDb = Math.max(QUIETEST_DB, levels.reduce((a, b) => Math.max(a, b)) - SPEECH_RANGE_DB)
  const pitches: number[] = []
  const loudness: number[] = []
  const brightness: number[] = []
  const voiced = new Uint8Array(frames)
  for (let frame = 0; frame < frames; frame += PITCH_EVERY) {
    if (levels[frame]! < floorDb) continue
    const pitch = pitchAt(samples, frame * HOP)
    if (pitch === undefined) continue
    pitches.push(pitch)
    loudness.push(levels[frame]!)
    brightness.push(brightnessAt(samples, frame * HOP))
    voiced.fill(1, frame, Math.min(frames, frame + PITCH_EVERY))
  }
  if (pitches.length < 3) return NO_VOICE
  const sorted = pitches.map((hz) => 12 * Math.log2(hz)).sort(ascending)
  const speechS = levels.filter((level) => level >= floorDb).length / 100
  return {
    voicedMs: pitches.length * PITCH_EVERY * 10,
    pitchHz: 2 ** (percentile(sorted, 0.5) / 12),
    pitchSpan: percentile(sorted, 0.9) - percentile(sorted, 0.1),
    loudnessDb: percentile(loudness.sort(ascending), 0.5),
    brightnessDb: percentile(brightness.sort(ascending), 0.5),
    syllablesPerS: syllables(levels, voiced, floorDb) / speechS,
  }
}

const ascending = (a: number, b: number) => a - b

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.round((sorted.length - 1) * share)]!
}

/** dBFS of each frame's window. */
function frameLevels(samples: Float32Array, frames: number): number[] {
  const levels: number[] = []
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0
    for (let index = frame * HOP; index < frame * HOP + LEVEL_WINDOW; index++) sum += samples[index]! ** 2
    levels.push(10 * Math.log10(sum / LEVEL_WINDOW + 1e-12))
  }
  return levels
}

/** Fundamental frequency of the window that begins here; undefined where it has none. */
function pitchAt(samples: Float32Array, from: number): number | undefined {
  const difference = new Float32Array(LONGEST_LAG + 1)
  let running = 0
  for (let lag = 1; lag <= LONGEST_LAG; lag++) {
    let sum = 0
    for (let index = from; index < from + WINDOW; index += 2) {
      const delta = samples[index]! - samples[index + lag]!
      sum += delta * delta
    }
    running += sum
    difference[lag] = running === 0 ? 1 : (sum * lag) / running
  }
  for (let lag = SHORTEST_LAG; lag < LONGEST_LAG; lag++) {
    if (difference[lag]! >= PERIODIC) continue
    while (lag < LONGEST_LAG && difference[lag + 1]! < difference[lag]!) lag++
    return MANNER_HZ / refined(difference, lag)
  }
  return undefined
}

/** The lowest point of the parabola through a minimum and its neighbours. */
function refined(values: Float32Array, at: number): number {
  const before = values[at - 1]!
  const after = values[at + 1] ?? values[at]!
  const curvature = before - 2 * values[at]! + after
  return curvature === 0 ? at : at + (before - after) / (2 * curvature)
}

function brightnessAt(samples: Float32Array, from: number): number {
  let energy = 0
  let slope = 0
  for (let index = from + 1; index < from + WINDOW; index++) {
    energy += samples[index]! ** 2
    slope += (samples[index]! - samples[index - 1]!) ** 2
  }
  return 10 * Math.log10((slope + 1e-12) / (energy + 1e-12))
}

/** Peaks of the level that are voiced and have a dip on their way from the one before. */
function syllables(levels: readonly number[], voiced: Uint8Array, floorDb: number): number {
  let count = 0
  let dip = QUIETEST_DB
  let crest = Number.NEGATIVE_INFINITY
  let crestIsVoiced = false
  for (let frame = 0; frame < levels.length; frame++) {
    const level = Math.max(floorDb, levels[frame]!)
    if (level > crest) {
      crest = level
      crestIsVoiced = voiced[frame] === 1
    } else if (level < crest - DIP_DB) {
      if (crestIsVoiced && crest > dip + DIP_DB) count++
      dip = level
      crest = level
      crestIsVoiced = false
    }
    dip = Math.min(dip, level)
  }
  return count
}
