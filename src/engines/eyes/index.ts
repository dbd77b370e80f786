/**
 * The embedded eyes: the text in a picture, faces and the main thing, each with how sure that is, its colours and what has changed. What
 * is the same as in the picture before is not looked at again. Runs in a process of its own.
 */
import { EngineError } from '../../engine/errors.js'
import type { Fact, LookPart, Picture, View, VisionModel } from '../../engine/vision-model.js'
import { decodePicture } from './decode-picture.js'
import { type Face, loadFaceFinder } from './face-finder.js'
import { changeBetween, type Glance, glance, motion } from './glance.js'
import type { NetworkOptions } from './network.js'
import type { Raster, Rectangle } from './raster.js'
import { loadTextReader, type TextReader, type TextReaderOptions } from './text-reader.js'
import { type TextPiece, textRows } from './text-rows.js'
import { loadThingNamer } from './thing-namer.js'

/** What is absent is not seen; changes and colours always are. */
export interface EyesOptions {
  readonly text?: TextReaderOptions
  readonly things?: NetworkOptions
  readonly faces?: NetworkOptions
}

type Detail = 'low' | 'medium' | 'high'

/** Pixels of the longer side in which text is looked for, and the most pieces that are read. */
const CLOSENESS: Readonly<Record<Detail, { readonly side: number; readonly pieces: number }>> = {
  low: { side: 640, pieces: 24 },
  medium: { side: 1_280, pieces: 80 },
  high: { side: 1_920, pieces: 200 },
}
/** Below this share of changed cells the text is what it was. */
const SAME = 0.002
/** Below this share, against the picture in which it was named, the main thing is what it was. */
const SAME_SCENE = 0.1
/** Pixels of a picture that is too small to show a thing. */
const LEAST_SIDE = 64

interface Senses {
  readonly text?: TextReader
  readonly things?: { name(raster: Raster): Promise<readonly Fact[]>; close(): Promise<void> }
  readonly faces?: { find(raster: Raster): Promise<readonly Fact[]>; close(): Promise<void> }
}

export async function loadEyes(options: EyesOptions): Promise<VisionModel & { close(): Promise<void> }> {
  const [text, things, faces] = await Promise.all([
    options.text && loadTextReader(options.text),
    options.things && loadThingNamer(options.things),
    options.faces && loadFaceFinder(options.faces),
  ])
  const senses: Senses = {
    ...(text && { text }),
    ...(things && {
      things: {
        name: async (raster: Raster) =>
          (await things.name(raster)).map(({ name, confidence }) => ({
            kind: 'thing',
            text: name,
            confidence,
          })),
        close: things.close,
      },
    }),
    ...(faces && {
      faces: {
        find: async (raster: Raster) => (await faces.find(raster)).map((face) => faceFact(face, raster)),
        close: faces.close,
      },
    }),
  }
  const known = [text && 'pp-ocr-v4', things && 'efficientnet-lite2', faces && 'blazeface'].filter(Boolean)
  return {
    info: {
      id: known.join('+') || 'glance',
      kind: 'vision',
      languages: [],
      description: known.length
        ? 'Text in pictures (Latin and Chinese script), faces, the main thing, colours, changes; 1 s for a receipt on one thread.'
        : 'Colours and changes in pictures.',
    },
    open: ({ signal }) => openView(senses, signal),
    close: async () => {
      await Promise.all(Object.values(senses).map((sense) => sense.close()))
    },
  }
}

const LOOKS = { camera: 'looking at the camera', left: 'turned to the left', right: 'turned to the right' }

function faceFact({ box, confidence, looks }: Face, raster: Raster): Fact {
  return {
    kind: 'face',
    text: looks ? LOOKS[looks] : 'half turned',
    confidence,
    box: fractions(box, raster),
  }
}

interface Seen {
  readonly glance: Glance
  readonly detail: Detail
  readonly text: readonly Fact[]
  readonly faces: readonly Fact[]
  readonly things: readonly Fact[]
  /** Of the picture in which the things were named. */
  readonly scene: Glance
  readonly motion: readonly Fact[]
}

function openView(senses: Senses, lifetime: AbortSignal): View {
  let last: Seen | undefined
  const close = () => {
    last = undefined
    lifetime.removeEventListener('abort', close)
  }
  lifetime.addEventListener('abort', close, { once: true })

  return {
    async *look({ bytes }: Picture, { detail }, signal): AsyncGenerator<LookPart> {
      signal.throwIfAborted()
      const raster = await decodePicture(bytes)
      const now = glance(raster)
      const before = last
      const change = before ? changeBetween(before.glance, now) : 1
      const isSame = before !== undefined && change < SAME
      const showsThings = Math.min(raster.width, raster.height) >= LEAST_SIDE
      yield { type: 'progress' }

      let faces: readonly Fact[] = isSame ? before.faces : []
      if (!isSame && senses.faces && showsThings) {
        faces = await explained(senses.faces.find(raster))
        signal.throwIfAborted()
        yield { type: 'progress' }
      }
      let things: readonly Fact[] = []
      let scene = now
      if (before && changeBetween(before.scene, now) < SAME_SCENE) ({ things, scene } = before)
      else if (senses.things && showsThings) {
        things = await explained(senses.things.name(raster))
        signal.throwIfAborted()
        yield { type: 'progress' }
      }
      let text: readonly Fact[] = []
      if (isSame && before.detail === detail) text = before.text
      else if (senses.text) {
        const found: TextPiece[] = []
        for await (const piece of readText(senses.text, raster, detail)) {
          signal.throwIfAborted()
          if (piece) found.push(piece)
          yield { type: 'progress' }
        }
        text = textRows(found).map((row) => ({ kind: 'text', ...row, box: fractions(row.box, raster) }))
      }
      signal.throwIfAborted()
      const moved = before ? motion(before.glance, now) : []
      const current = { glance: now, detail, text, faces, things, scene }
      last = { ...current, motion: moved.length > 0 ? moved : (before?.motion ?? []) }
      const facts = [...text, ...now.facts, ...faces, ...things, ...last.motion]
      yield { type: 'sight', sight: { change, facts } }
    },
    close,
  }
}

/** A step for each piece of text; the first, in which they are found, has none. */
async function* readText(
  reader: TextReader,
  raster: Raster,
  detail: Detail,
): AsyncGenerator<TextPiece | undefined> {
  const { side, pieces } = CLOSENESS[detail]
  const boxes = await explained(reader.find(raster, side))
  yield undefined
  // The largest first: what is left out is the smallest print.
  const largest = boxes.sort((a, b) => b.height - a.height).slice(0, pieces)
  for (const box of largest) {
    const line = await explained(reader.read(raster, box))
    yield line && { ...line, box }
  }
}

async function explained<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work
  } catch (cause) {
    throw cause instanceof EngineError
      ? cause
      : new EngineError('engine-failed', 'A picture could not be looked at.', { cause })
  }
}

function fractions(box: Rectangle, { width, height }: Raster) {
  return {
    left: box.left / width,
    top: box.top / height,
    width: box.width / width,
    height: box.height / height,
  }
}
