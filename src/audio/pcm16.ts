/**
 * 16-bit little-endian PCM, the audio format of the wire, to and from float samples in ±1. Knows nothing of rates
 * or channels.
 */

/** Decodes whole samples; a trailing odd byte is ignored (see `createByteAligner`). The bytes may lie at any offset. */
export function pcm16ToFloat(bytes: Uint8Array): Float32Array {
  const count = bytes.length >> 1
  const samples = new Float32Array(count)
  for (let index = 0, byte = 0; index < count; index++, byte += 2) {
    samples[index] = (((bytes[byte]! | (bytes[byte + 1]! << 8)) << 16) >> 16) / 32_768
  }
  return samples
}

/** Encodes with rounding; beyond ±1 is clamped, NaN becomes silence. Inverse of `pcm16ToFloat` for every 16-bit value. */
export function floatToPcm16(samples: Float32Array): Uint8Array {
  const bytes = new Uint8Array(samples.length * 2)
  for (let index = 0, byte = 0; index < samples.length; index++, byte += 2) {
    // A typed-array store takes the low 8 bits, and NaN | 0 is 0.
    const value = Math.max(-32_768, Math.min(32_767, Math.round(samples[index]! * 32_768))) | 0
    bytes[byte] = value
    bytes[byte + 1] = value >> 8
  }
  return bytes
}

export interface ByteAligner {
  /** Returns the bytes received so far that form whole 16-bit samples; an odd last byte waits for the next chunk. */
  push(bytes: Uint8Array): Uint8Array
  /** 1 while half a sample waits, else 0. */
  readonly pendingBytes: number
  /** Forgets a waiting byte, e.g. at the end of a stream. */
  reset(): void
}

/** Keeps samples whole when clients cut their byte stream at odd places. Even chunks are returned as they are, uncopied. */
export function createByteAligner(): ByteAligner {
  let pending: number | undefined
  return {
    push(bytes) {
      if (bytes.length === 0) return bytes
      let joined = bytes
      if (pending !== undefined) {
        joined = new Uint8Array(bytes.length + 1)
        joined[0] = pending
        joined.set(bytes, 1)
      }
      const whole = joined.length & ~1
      pending = whole === joined.length ? undefined : joined[whole]
      return whole === joined.length ? joined : joined.subarray(0, whole)
    },
    get pendingBytes() {
      return pending === undefined ? 0 : 1
    },
    reset() {
      pending = undefined
    },
  }
}
