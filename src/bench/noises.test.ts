import { expect, test } from 'vitest'
import { peak, rms, toDbfs } from '../audio/index.js'
import { babble, cough, keyboard, music, noise, television } from './noises.js'
import { createRandom } from './random.js'

const speech = [Float32Array.from({ length: 16_000 }, (_, i) => 0.3 * Math.sin(i / 8))]
const makers = {
  cough,
  keyboard,
  noise,
  music,
  babble: (random: () => number) => babble(random, speech),
  television: (random: () => number) => television(random, speech),
}

test.each(Object.entries(makers))(
  '%s: the same seed, the same sound; audible, and within bounds',
  (_name, make) => {
    const sound = make(createRandom(7))
    expect(make(createRandom(7))).toEqual(sound)
    expect(make(createRandom(8))).not.toEqual(sound)
    expect(peak(sound)).toBeLessThanOrEqual(1)
    expect(toDbfs(rms(sound))).toBeGreaterThan(-45)
    expect(toDbfs(rms(sound))).toBeLessThan(-15)
  },
)
