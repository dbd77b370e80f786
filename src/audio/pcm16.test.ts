import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createByteAligner, floatToPcm16, pcm16ToFloat } from './pcm16.js'

describe('pcm16', () => {
  it('reads little-endian samples', () => {
    expect([...pcm16ToFloat(Uint8Array.of(0x00, 0x80, 0xff, 0x7f, 0xff, 0xff, 0x00, 0x40))]).toEqual([
      -1,
      32_767 / 32_768,
      -1 / 32_768,
      0.5,
    ])
  })

  it('is undone by floatToPcm16 for all bytes, at any offset in the buffer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 0, max: 3 }), (bytes, offset) => {
        const shifted = new Uint8Array(bytes.length + offset)
        shifted.set(bytes, offset)
        const whole = bytes.subarray(0, bytes.length & ~1)
        expect(floatToPcm16(pcm16ToFloat(shifted.subarray(offset)))).toEqual(Uint8Array.from(whole))
      }),
    )
  })

  it('rounds, clamps beyond full scale and turns NaN into silence', () => {
    const samples = Float32Array.of(0.6 / 32_768, -0.6 / 32_768, 1, 1.5, -1.5, Number.NaN, Infinity)
    const view = new DataView(floatToPcm16(samples).buffer)
    const values = Array.from(samples, (_, index) => view.getInt16(index * 2, true))
    expect(values).toEqual([1, -1, 32_767, 32_767, -32_768, 0, 32_767])
  })
})

describe('createByteAligner', () => {
  it('never splits a sample and loses no byte but an odd last one', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 12 }), (chunks) => {
        const aligner = createByteAligner()
        const output: number[] = []
        for (const chunk of chunks) {
          const aligned = aligner.push(chunk)
          expect(aligned.length % 2).toBe(0)
          output.push(...aligned)
        }
        const input = chunks.flatMap((chunk) => [...chunk])
        expect(output).toEqual(input.slice(0, input.length & ~1))
        expect(aligner.pendingBytes).toBe(input.length & 1)
      }),
    )
  })

  it('forgets a waiting byte on reset', () => {
    const aligner = createByteAligner()
    aligner.push(Uint8Array.of(1))
    aligner.reset()
    expect([...aligner.push(Uint8Array.of(2, 3))]).toEqual([2, 3])
  })
})
