/**
 * PP-OCRv4: one network finds the lines of text in a picture, another reads each of them. Both block their process while they run, a
 * step at a time.
 */
import { readFile } from 'node:fs/promises'
import { type Network, openNetwork } from './network.js'
import { type Raster, type Rectangle, resize } from './raster.js'
import { textBoxes } from './text-boxes.js'

export interface TextReaderOptions {
  /** Folder with the networks `det.onnx` and `rec.onnx` and the alphabet `keys.txt`. */
  readonly dir: string
  readonly runtimeDir: string
  readonly threads: number
}

export interface TextReader {
  /** Where text is, in pixels of the picture; at most `side` pixels of its longer side are looked at. */
  find(raster: Raster, side: number): Promise<Rectangle[]>
  /** Undefined where nothing can be made out. */
  read(
    raster: Raster,
    box: Rectangle,
  ): Promise<{ readonly text: string; readonly confidence: number } | undefined>
  close(): Promise<void>
}

/** What the networks were trained with. */
const DETECTION = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225], multiple: 32 }
const LINE_HEIGHT = 48
/** Wider lines are cut: longer than any that was trained, and a step must stay short. */
const MOST_LINE_WIDTH = 1_600
const LEAST_CONFIDENCE = 0.5

export async function loadTextReader({ dir, runtimeDir, threads }: TextReaderOptions): Promise<TextReader> {
  const detector = await openNetwork({ path: `${dir}/det.onnx`, runtimeDir, threads })
  const recogniser = await openNetwork({ path: `${dir}/rec.onnx`, runtimeDir, threads })
  const letters = await alphabet(`${dir}/keys.txt`)

  async function run(network: Network, values: Float32Array, height: number, width: number) {
    const [output] = await network.run(values, [1, 3, height, width])
    return output!
  }

  return {
    async find(raster, side) {
      const scale = Math.min(1, side / Math.max(raster.width, raster.height))
      const multiple32 = (length: number) => {
        const { multiple } = DETECTION
        return Math.max(multiple, Math.round((length * scale) / multiple) * multiple)
      }
      const width = multiple32(raster.width)
      const height = multiple32(raster.height)
      const planes = resize(
        raster,
        { left: 0, top: 0, width: raster.width, height: raster.height },
        width,
        height,
      )
      const { data } = await run(detector, blueFirst(planes, DETECTION), height, width)
      const acrossX = raster.width / width
      const acrossY = raster.height / height
      return textBoxes(data, width, height).map((box) => ({
        left: box.left * acrossX,
        top: box.top * acrossY,
        width: box.width * acrossX,
        height: box.height * acrossY,
      }))
    },
    async read(raster, box) {
      if (box.width < 3 || box.height < 3) return undefined
      const width = Math.min(
        MOST_LINE_WIDTH,
        Math.max(LINE_HEIGHT, Math.ceil((LINE_HEIGHT * box.width) / box.height)),
      )
      const planes = resize(raster, box, width, LINE_HEIGHT)
      const half = [0.5, 0.5, 0.5]
      const { data, dims } = await run(
        recogniser,
        blueFirst(planes, { mean: half, deviation: half }),
        LINE_HEIGHT,
        width,
      )
      const line = decodeLine(data, dims[1]!, dims[2]!, letters)
      // Digits come now and then as their wide forms, between plain ones.
      const text = line.text.normalize('NFKC').trim()
      return line.confidence >= LEAST_CONFIDENCE && text !== '' ? { ...line, text } : undefined
    },
    async close() {
      await detector.close()
      await recogniser.close()
    },
  }
}

/** The classes of the recogniser: nothing, the letters of the file, a space. */
async function alphabet(path: string): Promise<string[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').map((line) => line.replace(/\r$/, ''))
  if (lines.at(-1) === '') lines.pop()
  return ['', ...lines, ' ']
}

/** Normalised planes in the order blue, green, red. */
function blueFirst(
  planes: Float32Array,
  { mean, deviation }: { readonly mean: readonly number[]; readonly deviation: readonly number[] },
): Float32Array {
  const size = planes.length / 3
  const result = new Float32Array(planes.length)
  for (let channel = 0; channel < 3; channel++) {
    const from = (2 - channel) * size
    const scale = 1 / (255 * deviation[channel]!)
    const shift = mean[channel]! / deviation[channel]!
    for (let index = 0; index < size; index++)
      result[channel * size + index] = planes[from + index]! * scale - shift
  }
  return result
}

/** CTC: the best class of each step, repeats merged, blanks dropped. */
function decodeLine(scores: Float32Array, steps: number, classes: number, letters: readonly string[]) {
  let text = ''
  let sum = 0
  let count = 0
  let last = 0
  for (let step = 0; step < steps; step++) {
    let best = 0
    let score = Number.NEGATIVE_INFINITY
    for (let each = 0; each < classes; each++) {
      const value = scores[step * classes + each]!
      if (value > score) {
        score = value
        best = each
      }
    }
    if (best !== 0 && best !== last) {
      text += letters[best] ?? ''
      sum += score
      count++
    }
    last = best
  }
  return { text, confidence: count === 0 ? 0 : sum / count }
}
