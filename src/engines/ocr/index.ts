/**
 * The embedded eyes: the text in a picture, where it stands and how sure that is, its colours and what has changed. A picture that is
 * the same as the one before is not read again. Runs in a process of its own.
 */
import { EngineError } from '../../engine/errors.js'
import type { Fact, LookPart, Picture, View, VisionModel } from '../../engine/vision-model.js'
import { decodePicture } from './decode-picture.js'
import { changeBetween, type Glance, glance, motion } from './glance.js'
import type { Raster, Rectangle } from './raster.js'
import { loadTextReader, type TextReader, type TextReaderOptions } from './text-reader.js'
import { type TextPiece, textRows } from './text-rows.js'

/** Absent text reader = what changes and colours are seen, text is not. */
export interface EyesOptions {
  readonly text?: TextReaderOptions
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

export async function loadEyes({ text }: EyesOptions): Promise<VisionModel & { close(): Promise<void> }> {
  const reader = text && (await loadTextReader(text))
  return {
    info: {
      id: reader ? 'pp-ocr-v4' : 'glance',
      kind: 'vision',
      languages: [],
      description: reader
        ? 'PP-OCRv4: text in pictures (Latin and Chinese script), colours, changes; 1 s for a receipt on one thread.'
        : 'Colours and changes in pictures.',
    },
    open: ({ signal }) => openView(reader, signal),
    close: async () => reader?.close(),
  }
}

function openView(reader: TextReader | undefined, lifetime: AbortSignal): View {
  let last: { readonly glance: Glance; readonly detail: Detail; readonly text: readonly Fact[] } | undefined
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
      yield { type: 'progress' }
      let text: readonly Fact[] = []
      if (before && before.detail === detail && change < SAME) text = before.text
      else if (reader) {
        const found: TextPiece[] = []
        for await (const piece of readText(reader, raster, detail)) {
          signal.throwIfAborted()
          if (piece) found.push(piece)
          yield { type: 'progress' }
        }
        text = textRows(found).map((row) => ({ kind: 'text', ...row, box: fractions(row.box, raster) }))
      }
      signal.throwIfAborted()
      last = { glance: now, detail, text }
      const facts = [...text, ...now.facts, ...motion(before ? change : 0)]
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
  try {
    const boxes = await reader.find(raster, side)
    yield undefined
    // The largest first: what is left out is the smallest print.
    const largest = boxes.sort((a, b) => b.height - a.height).slice(0, pieces)
    for (const box of largest) {
      const line = await reader.read(raster, box)
      yield line && { ...line, box }
    }
  } catch (cause) {
    throw cause instanceof EngineError
      ? cause
      : new EngineError('engine-failed', 'The text of a picture could not be read.', { cause })
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
