/**
 * WAV files: reads the kinds that recorders write (PCM of 8 to 32 bits, floats, extensible headers, any channels) as
 * one mono signal, and writes 16-bit mono. Knows nothing of compressed formats but their names.
 */
import { floatToPcm16 } from './pcm16.js'

export interface WavAudio {
  /** Mean of the channels, ±1. */
  readonly samples: Float32Array
  readonly sampleRateHz: number
}

const FORMAT_PCM = 1
const FORMAT_FLOAT = 3
const FORMAT_EXTENSIBLE = 0xfffe
const OTHER_FORMATS = new Map([
  [2, 'Microsoft ADPCM'],
  [6, 'A-law'],
  [7, 'mu-law'],
  [0x11, 'IMA ADPCM'],
  [0x50, 'MPEG'],
  [0x55, 'MP3'],
])
const CURE = 'convert it with: ffmpeg -i INPUT -ac 1 -ar 16000 -c:a pcm_s16le OUTPUT.wav'

/**
 * Reads a WAV file. A `data` chunk that is longer than the file (a recorder that was stopped, a pipe) is read as far
 * as it goes. Throws `Error` with the reason and the cure where the bytes are no WAV file or its coding is not PCM.
 */
export function readWav(bytes: Uint8Array): WavAudio {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12 || tagAt(bytes, 0) !== 'RIFF' || tagAt(bytes, 8) !== 'WAVE') {
    throw new Error(`not a WAV file: it has no RIFF/WAVE header; ${CURE}`)
  }
  let format: WavFormat | undefined
  for (let offset = 12; offset + 8 <= bytes.length; ) {
    const tag = tagAt(bytes, offset)
    const statedBytes = view.getUint32(offset + 4, true)
    const bodyStart = offset + 8
    if (tag === 'fmt ') format = readFormat(view, bodyStart, statedBytes)
    if (tag === 'data') {
      if (format === undefined) throw new Error('broken WAV file: the data chunk comes before the fmt chunk')
      return decode(view, bodyStart, Math.min(statedBytes, bytes.length - bodyStart), format)
    }
    // Chunks are padded to an even length.
    offset = bodyStart + statedBytes + (statedBytes & 1)
  }
  throw new Error(`broken WAV file: it has no ${format === undefined ? 'fmt' : 'data'} chunk`)
}

/** A 16-bit mono PCM file. Throws `RangeError` unless the rate is a whole number ≥ 1. */
export function writeWav(samples: Float32Array, sampleRateHz: number): Uint8Array {
  if (!Number.isInteger(sampleRateHz) || sampleRateHz < 1) {
    throw new RangeError(`sampleRateHz must be a whole number ≥ 1, not ${sampleRateHz}`)
  }
  const data = floatToPcm16(samples)
  const bytes = new Uint8Array(44 + data.length)
  const view = new DataView(bytes.buffer)
  writeTag(bytes, 0, 'RIFF')
  view.setUint32(4, 36 + data.length, true)
  writeTag(bytes, 8, 'WAVE')
  writeTag(bytes, 12, 'fmt ')
  view.setUint32(16, 16, true)
  view.setUint16(20, FORMAT_PCM, true)
  view.setUint16(22, 1, true)
  view.setUint32(24, sampleRateHz, true)
  view.setUint32(28, sampleRateHz * 2, true)
  view.setUint16(32, 2, true)
  view.setUint16(34, 16, true)
  writeTag(bytes, 36, 'data')
  view.setUint32(40, data.length, true)
  bytes.set(data, 44)
  return bytes
}

interface WavFormat {
  readonly channels: number
  readonly sampleRateHz: number
  readonly frameBytes: number
  readonly read: (view: DataView, offset: number) => number
}

function readFormat(view: DataView, start: number, statedBytes: number): WavFormat {
  const available = Math.min(statedBytes, view.byteLength - start)
  if (available < 16) throw new Error(`broken WAV file: the fmt chunk has ${available} bytes instead of 16`)
  let code = view.getUint16(start, true)
  const channels = view.getUint16(start + 2, true)
  const sampleRateHz = view.getUint32(start + 4, true)
  const frameBytes = view.getUint16(start + 12, true)
  const bits = view.getUint16(start + 14, true)
  // The extensible header holds the true coding in the first two bytes of its sub-format.
  if (code === FORMAT_EXTENSIBLE && available >= 26) code = view.getUint16(start + 24, true)
  if (channels < 1) throw new Error('broken WAV file: it states 0 channels')
  if (sampleRateHz < 1) throw new Error('broken WAV file: it states a rate of 0 Hz')
  // Containers may be wider than the bits used (20 bits in 3 bytes); the bits are at the top, so the container counts.
  const sampleBytes = frameBytes > 0 && frameBytes % channels === 0 ? frameBytes / channels : bits >> 3
  const read = readerFor(code, sampleBytes)
  if (read === undefined) {
    const name = OTHER_FORMATS.get(code) ?? `coding ${code}`
    const kind = code === FORMAT_PCM ? 'PCM' : code === FORMAT_FLOAT ? 'float' : name
    throw new Error(`this WAV file holds ${kind} with ${bits} bits a sample, which is not supported; ${CURE}`)
  }
  return { channels, sampleRateHz, frameBytes: sampleBytes * channels, read }
}

function readerFor(code: number, sampleBytes: number): WavFormat['read'] | undefined {
  if (code === FORMAT_FLOAT) {
    if (sampleBytes === 4) return (view, offset) => finite(view.getFloat32(offset, true))
    if (sampleBytes === 8) return (view, offset) => finite(view.getFloat64(offset, true))
    return undefined
  }
  if (code !== FORMAT_PCM) return undefined
  // 8 bits are unsigned, everything wider is signed.
  if (sampleBytes === 1) return (view, offset) => (view.getUint8(offset) - 128) / 128
  if (sampleBytes === 2) return (view, offset) => view.getInt16(offset, true) / 32_768
  if (sampleBytes === 3) {
    return (view, offset) => ((view.getInt16(offset + 1, true) << 8) | view.getUint8(offset)) / 8_388_608
  }
  if (sampleBytes === 4) return (view, offset) => view.getInt32(offset, true) / 2_147_483_648
  return undefined
}

function decode(view: DataView, start: number, dataBytes: number, format: WavFormat): WavAudio {
  const { channels, frameBytes, read, sampleRateHz } = format
  const sampleBytes = frameBytes / channels
  const samples = new Float32Array(Math.floor(dataBytes / frameBytes))
  for (let frame = 0; frame < samples.length; frame++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++) {
      sum += read(view, start + frame * frameBytes + channel * sampleBytes)
    }
    samples[frame] = sum / channels
  }
  return { samples, sampleRateHz }
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : 0
}

function tagAt(bytes: Uint8Array, offset: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + 4))
}

function writeTag(bytes: Uint8Array, offset: number, tag: string): void {
  for (let index = 0; index < tag.length; index++) bytes[offset + index] = tag.charCodeAt(index)
}
