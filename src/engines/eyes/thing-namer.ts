/**
 * EfficientNet-Lite2: what a picture shows, by its main thing. It always has an opinion, so one is given only where the network is sure
 * from the whole picture and from its middle together; otherwise nothing is.
 */
import { type NetworkOptions, openNetwork } from './network.js'
import { type Raster, type Rectangle, resize } from './raster.js'
import { THINGS } from './things.js'

export interface ThingNamer {
  /** What is seen, the surest first; often nothing. */
  name(raster: Raster): Promise<readonly NamedThing[]>
  close(): Promise<void>
}

export interface NamedThing {
  readonly name: string
  /** 0 … 1 */
  readonly confidence: number
}

/** What the network was trained with. */
const SIDE = 260
const CENTER = 127
const SPREAD = 128

export async function loadThingNamer(options: NetworkOptions): Promise<ThingNamer> {
  const network = await openNetwork(options)

  async function classes(raster: Raster, piece: Rectangle): Promise<Float32Array> {
    const pixels = resize(raster, piece, SIDE, SIDE).map((value) => (value - CENTER) / SPREAD)
    const [{ data } = { data: new Float32Array(0) }] = await network.run(pixels, [1, 3, SIDE, SIDE])
    return data
  }

  return {
    async name(raster) {
      const { width, height } = raster
      const whole = await classes(raster, { left: 0, top: 0, width, height })
      const side = Math.min(width, height)
      const middle = { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side }
      const close = await classes(raster, middle)
      return namedThings(whole.map((value, index) => Math.sqrt(value * close[index]!)))
    },
    close: () => network.close(),
  }
}

/** From here on a thing is named. Chosen on the tune half of the photographs: see the decision. */
const SURE = 0.45
const MOST_THINGS = 2

/** The finest names that the probabilities of the classes bear; none that shares classes with one before. */
export function namedThings(probabilities: Float32Array, sure = SURE): readonly NamedThing[] {
  const found: NamedThing[] = []
  const taken = new Set<number>()
  for (const { name, classes } of THINGS) {
    if (classes.some((each) => taken.has(each))) continue
    const confidence = classes.reduce((sum, each) => sum + probabilities[each]!, 0)
    if (confidence < sure) continue
    found.push({ name, confidence: Math.min(1, confidence) })
    for (const each of classes) taken.add(each)
  }
  return found.sort((a, b) => b.confidence - a.confidence).slice(0, MOST_THINGS)
}
