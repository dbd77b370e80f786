import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readWav, writeWav } from './wav.js'

const SUBFORMAT_TAIL = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]

function littleEndian(value: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => Math.floor(value / 256 ** index) & 255)
}
function chunk(tag: string, body: number[], statedBytes = body.length): number[] {
  return [...ascii(tag), ...littleEndian(statedBytes, 4), ...body, ...(body.length % 2 === 1 ? [0] : [])]
}
function ascii(text: string): number[] {
  return [...text].map((character) => character.charCodeAt(0))
}
function format(
  code: number,
  channels: number,
  rateHz: number,
  bits: number,
  extra: number[] = [],
): number[] {
  const frameBytes = channels * Math.ceil(bits / 8)
  return chunk('fmt ', [
    ...littleEndian(code, 2),
    ...littleEndian(channels, 2),
    ...littleEndian(rateHz, 4),
    ...littleEndian(rateHz * frameBytes, 4),
    ...littleEndian(frameBytes, 2),
    ...littleEndian(bits, 2),
    ...extra,
  ])
}
function wav(...chunks: number[][]): Uint8Array {
  const body = [...ascii('WAVE'), ...chunks.flat()]
  return Uint8Array.from([...ascii('RIFF'), ...littleEndian(body.length, 4), ...body])
}
function floatBytes(...values: number[]): number[] {
  return [...new Uint8Array(Float32Array.from(values).buffer)]
}

describe('readWav', () => {
  it('reads back what writeWav wrote, to half a step', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: -1, max: Math.fround(0.9999), noNaN: true }), { maxLength: 50 }),
        fc.constantFrom(8000, 16_000, 24_000, 44_100),
        (values, rateHz) => {
          const { samples, sampleRateHz } = readWav(writeWav(Float32Array.from(values), rateHz))
          expect(sampleRateHz).toBe(rateHz)
          expect(samples).toHaveLength(values.length)
          for (const [index, value] of values.entries()) {
            expect(Math.abs(samples[index]! - value)).toBeLessThanOrEqual(0.50001 / 32_768)
          }
        },
      ),
    )
  })

  it.each([
    ['8-bit unsigned', 1, 8, [0, 64, 128, 192]],
    ['16-bit', 1, 16, [0, 0x80, 0, 0xc0, 0, 0, 0, 0x40]],
    ['24-bit', 1, 24, [0, 0, 0x80, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0x40]],
    ['20 bits in 3 bytes', 1, 20, [0, 0, 0x80, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0x40]],
    ['32-bit', 1, 32, [0, 0, 0, 0x80, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0, 0x40]],
    ['32-bit float', 3, 32, floatBytes(-1, -0.5, 0, 0.5)],
  ])('reads %s', (_, code, bits, data) => {
    const { samples } = readWav(wav(format(code, 1, 16_000, bits), chunk('data', data)))
    expect([...samples]).toEqual([-1, -0.5, 0, 0.5])
  })

  it('keeps the lowest bits of 24-bit samples', () => {
    const { samples } = readWav(wav(format(1, 1, 16_000, 24), chunk('data', [1, 0, 0, 0xff, 0xff, 0xff])))
    expect([...samples]).toEqual([1 / 8_388_608, -1 / 8_388_608])
  })

  it('mixes channels to their mean', () => {
    const { samples } = readWav(wav(format(3, 2, 48_000, 32), chunk('data', floatBytes(1, 0, 0.5, -0.5))))
    expect([...samples]).toEqual([0.5, 0])
  })

  it('reads extensible headers and skips chunks of odd length', () => {
    const extra = [...littleEndian(22, 2), 16, 0, 4, 0, 0, 0, 1, 0, ...SUBFORMAT_TAIL]
    const file = wav(
      chunk('LIST', [1, 2, 3]),
      format(0xfffe, 1, 22_050, 16, extra),
      chunk('junk', [9]),
      chunk('data', [0, 0x40]),
    )
    expect(readWav(file)).toEqual({ samples: Float32Array.of(0.5), sampleRateHz: 22_050 })
  })

  it('reads a data chunk that is longer than the file as far as it goes', () => {
    const file = wav(format(1, 1, 16_000, 16), chunk('data', [0, 0x40, 0, 0x40, 7], 0xffff_ffff))
    expect([...readWav(file).samples]).toEqual([0.5, 0.5, 7 / 32_768])
  })

  it('works on a view into a larger buffer', () => {
    const file = writeWav(Float32Array.of(0.25), 8000)
    const larger = new Uint8Array(file.length + 3)
    larger.set(file, 3)
    expect([...readWav(larger.subarray(3)).samples]).toEqual([0.25])
  })

  it.each([
    [
      'no WAV file',
      Uint8Array.from(ascii('ID3 something else')),
      /no RIFF\/WAVE header; convert it with: ffmpeg/,
    ],
    ['an empty file', new Uint8Array(0), /no RIFF\/WAVE header/],
    ['mu-law', wav(format(7, 1, 8000, 8), chunk('data', [1])), /holds mu-law .* convert it with/],
    ['an unknown coding', wav(format(0x1234, 1, 8000, 8), chunk('data', [1])), /holds coding 4660/],
    ['64-bit PCM', wav(format(1, 1, 8000, 64), chunk('data', [1])), /holds PCM with 64 bits/],
    ['no data', wav(format(1, 1, 8000, 16)), /has no data chunk/],
    ['no format', wav(chunk('data', [1, 2])), /data chunk comes before the fmt chunk/],
    ['nothing but a header', wav(), /has no fmt chunk/],
    ['a short format', wav(chunk('fmt ', [1, 0])), /fmt chunk has 2 bytes/],
    ['no channels', wav(format(1, 0, 8000, 16), chunk('data', [1, 2])), /0 channels/],
    ['no rate', wav(format(1, 1, 0, 16), chunk('data', [1, 2])), /0 Hz/],
  ])('says what is wrong with %s', (_, bytes, message) => {
    expect(() => readWav(bytes)).toThrow(message)
  })

  it('throws nothing but Error and never hangs on damaged files', () => {
    const file = wav(format(1, 2, 16_000, 16), chunk('LIST', [1, 2]), chunk('data', [1, 2, 3, 4, 5, 6, 7, 8]))
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), fc.nat(file.length), (index, value, length) => {
        const damaged = file.slice(0, length)
        if (index < damaged.length) damaged[index] = value
        try {
          readWav(damaged)
        } catch (error) {
          expect((error as Error).message).toMatch(/WAV file/)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('writeWav', () => {
  it('refuses an impossible rate', () => {
    expect(() => writeWav(new Float32Array(1), 0)).toThrow('sampleRateHz must be a whole number ≥ 1')
  })
})
