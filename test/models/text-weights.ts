/** Fits the weights of `textOdds` (src/core/text-odds.ts) to texts of two kinds, and writes them. */
import { writeFileSync } from 'node:fs'
import { createRandom } from '../../src/bench/random.js'
import { TEXT_PLACES, type TextWeights, textPlaces } from '../../src/core/text-odds.js'

export interface KnownText {
  readonly text: string
  /** Of the kind that high odds are for. */
  readonly isKind: boolean
}

const ROUNDS = 40
const RIDGE = 0.02
const STEP = 0.5
const BIAS_STEP = 0.01
/** Base64 in a line of source. */
const LINE = 110

/** Stochastic gradient descent with a step for each weight (AdaGrad), in an order from a seed: the sum is convex. */
export function fitText(texts: readonly KnownText[]): TextWeights {
  const weights = new Float64Array(TEXT_PLACES)
  const slopes = new Float64Array(TEXT_PLACES).fill(1e-6)
  let bias = 0
  const rows = texts.map(({ text, isKind }) => {
    const places = [...textPlaces(text)]
    return { places, scale: 1 / Math.sqrt(places.length), isKind }
  })
  const random = createRandom(1)
  for (let round = 0; round < ROUNDS; round++) {
    for (let last = rows.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1))
      ;[rows[last], rows[other]] = [rows[other]!, rows[last]!]
    }
    for (const { places, scale, isKind } of rows) {
      const lead = bias + scale * places.reduce((sum, place) => sum + weights[place]!, 0)
      const error = 1 / (1 + Math.exp(-lead)) - Number(isKind)
      bias -= BIAS_STEP * error
      for (const place of places) {
        const slope = error * scale + (RIDGE / rows.length) * weights[place]!
        slopes[place]! += slope * slope
        weights[place]! -= (STEP * slope) / Math.sqrt(slopes[place]!)
      }
    }
  }
  const step = Math.max(...weights.map(Math.abs)) / 127
  const rounded = Int8Array.from(weights, (weight) => Math.round(weight / step))
  return { places: Buffer.from(rounded.buffer).toString('base64'), step, bias }
}

/** `about`: what the weights tell, for the comment above them. */
export function writeWeights(path: string, name: string, about: string, weights: TextWeights): void {
  const lines = weights.places.match(new RegExp(`.{1,${LINE}}`, 'g'))!.map((line) => `    '${line}'`)
  const text = `/** ${about} */
import type { TextWeights } from './text-odds.js'

export const ${name}: TextWeights = {
  step: ${weights.step.toPrecision(6)},
  bias: ${weights.bias.toPrecision(6)},
  places:
${lines.join(' +\n')},
}
`
  writeFileSync(path, text)
}
