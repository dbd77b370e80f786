/**
 * Passes on what a model speaks itself: its speech at the pace of the listener, and the words of it as they are heard. It does not know where
 * words and speech meet: words that come before some speech are taken for what that speech says.
 */
import { createAsyncQueue } from '../engine/async-queue.js'
import { type GenerationUsage, SPEECH_OUTPUT_HZ } from '../engine/index.js'
import type { ResponderOptions, ResponderReport, SpokenPart } from './responder.js'
import { createVoiceOutput } from './voice-output.js'

/** Words and the speech that came after them, before the next words. */
interface Stretch {
  text: string
  /** Of its speech, as far as it has come. */
  lengthMs: number
  isBegun: boolean
}

interface Piece {
  readonly samples: Float32Array
  readonly stretch: Stretch
}

const SILENT = new Float32Array(0)

/** Resolves with the usage that `parts` returns, once all was sent. */
export async function relay(
  options: ResponderOptions,
  parts: AsyncGenerator<SpokenPart, GenerationUsage>,
  outer: AbortSignal,
  report: ResponderReport,
): Promise<GenerationUsage> {
  // One side's failure ends the other.
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  const pieces = createAsyncQueue<Piece>()
  const output = createVoiceOutput(options, signal, report)

  async function listen(): Promise<GenerationUsage> {
    let stretch: Stretch = { text: '', lengthMs: 0, isBegun: false }
    let heard = false
    for (;;) {
      const { done, value } = await parts.next()
      if (done) {
        // Words behind the last sound, or a model that has only written.
        if (stretch.lengthMs === 0 && stretch.text !== '') pieces.push({ samples: SILENT, stretch })
        pieces.end()
        return value
      }
      if (value.type === 'text') {
        if (stretch.lengthMs > 0) stretch = { text: '', lengthMs: 0, isBegun: false }
        stretch.text += value.text
        continue
      }
      if (!heard) report.mark('firstAudioReady')
      heard = true
      stretch.lengthMs += (value.samples.length / SPEECH_OUTPUT_HZ) * 1000
      pieces.push({ samples: value.samples, stretch })
    }
  }

  async function play(): Promise<void> {
    for await (const { samples, stretch } of pieces) {
      const text = stretch.isBegun ? '' : stretch.text
      stretch.isBegun = true
      // With a message of its own for each length that becomes known, the words are told apart by when they are heard.
      await output.play(samples, text, stretch.lengthMs)
    }
  }

  try {
    const [usage] = await Promise.all([listen(), play()])
    return usage
  } catch (error) {
    stop.abort(error)
    pieces.end()
    throw error
  } finally {
    void parts.return(NO_USAGE)
  }
}

const NO_USAGE: GenerationUsage = { promptTokens: 0, cachedTokens: 0, outputTokens: 0 }
