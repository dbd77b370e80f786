/**
 * Speaks a text while it is still being written: cuts it into clauses, has each made into audio in its turn on the processor, and plays them
 * without a gap. It does not know where the text comes from.
 */
import { createAsyncQueue } from '../engine/async-queue.js'
import { type GenerationUsage, SPEECH_OUTPUT_HZ } from '../engine/index.js'
import { createClauseSplitter } from './clauses.js'
import { PRIORITY } from './compute-gate.js'
import type { ResponderOptions, ResponderReport } from './responder.js'
import { mayStart } from './speech-pace.js'
import { createVoiceOutput } from './voice-output.js'

/** With less than this in hand and nothing being made, the next words are spoken as they are: a cut clause beats a silence. */
const URGENT_LEAD_MS = 700

interface SpokenPiece {
  readonly samples: Float32Array
  /** What the clause says, with its first piece; empty with the others. */
  readonly text: string
}

/** Resolves with the usage that the text's generator returns, once all was sent. */
export async function speak(
  options: ResponderOptions,
  texts: AsyncGenerator<string, GenerationUsage>,
  outer: AbortSignal,
  report: ResponderReport,
): Promise<GenerationUsage> {
  const { clock, gate, pace, synthesizer } = options
  // One stage's failure ends the others.
  const stop = new AbortController()
  const signal = AbortSignal.any([outer, stop.signal])
  const clauses = createAsyncQueue<string>()
  /** `undefined` = nothing new but a reason to look again whether playing may start. */
  const made = createAsyncQueue<SpokenPiece | undefined>()
  const state = { pendingLetters: 0, textDone: false, heldSeconds: 0, started: false }
  const output = createVoiceOutput({
    connection: options.connection,
    clock,
    signal,
    released: options.released,
    transcription: options.outputTranscription,
    chunkMs: options.chunkMs,
    live: options.live,
    onWait: () => report.progress(),
    onOutput: (text, audioMs) => report.output(text, audioMs),
  })

  async function write(): Promise<GenerationUsage> {
    const splitter = createClauseSplitter()
    const add = (found: string[]) => {
      for (const clause of found) {
        report.mark('firstClause')
        state.pendingLetters += clause.length
        clauses.push(clause)
        made.push(undefined)
      }
    }
    for (;;) {
      const { done, value } = await texts.next()
      add(done ? splitter.flush() : splitter.push(value))
      if (done) {
        state.textDone = true
        made.push(undefined)
        clauses.end()
        return value
      }
      const leadMs = state.started ? output.leadMs : state.heldSeconds * 1000
      const begun = state.started || state.heldSeconds > 0
      if (begun && state.pendingLetters === 0 && leadMs < URGENT_LEAD_MS) add(splitter.urge())
    }
  }

  async function synthesise(): Promise<void> {
    let priority: number = PRIORITY.firstAudio
    let madeAt: number | undefined
    let clauseNumber = 0
    let audioReady = false
    for await (const clause of clauses) {
      const askedAt = clock.now()
      clauseNumber++
      const pieces = await gate.run('tts', priority, signal, async () => {
        report.mark('synthesisStarted', clauseNumber)
        const all: Float32Array[] = []
        for await (const samples of synthesizer.speak(clause, options.voice, signal)) all.push(samples)
        return all
      })
      report.mark('synthesisEnded', clauseNumber)
      if (pieces.length > 0 && !audioReady) report.mark('firstAudioReady')
      audioReady ||= pieces.length > 0
      report.progress()
      state.pendingLetters -= clause.length
      const seconds = pieces.reduce((sum, piece) => sum + piece.length, 0) / SPEECH_OUTPUT_HZ
      // From one clause to the next: the time in which the model writes counts as well.
      pace.note(seconds, (clock.now() - (madeAt ?? askedAt)) / 1000)
      madeAt = clock.now()
      if (!state.started) state.heldSeconds += seconds
      if (pieces.length === 0) made.push({ samples: new Float32Array(0), text: clause })
      for (const [index, samples] of pieces.entries()) made.push({ samples, text: index === 0 ? clause : '' })
      priority = PRIORITY.nextClause
    }
    made.end()
  }

  async function play(): Promise<void> {
    const held: SpokenPiece[] = []
    for await (const piece of made) {
      if (piece) held.push(piece)
      if (!state.started && options.live() && !mayStart(state, pace)) continue
      if (held.length > 0) state.started = true
      for (const next of held.splice(0)) await output.play(next.samples, next.text)
    }
    for (const next of held) await output.play(next.samples, next.text)
  }

  try {
    const [usage] = await Promise.all([write(), synthesise(), play()])
    return usage
  } catch (error) {
    stop.abort(error)
    clauses.end()
    made.end()
    throw error
  }
}
