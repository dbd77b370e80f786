/**
 * Speaks a text while it is still being written: takes clauses from it as the pace of speech allows, has each made into audio in its turn on the
 * processor, and plays them without a gap. It does not know where the text comes from.
 */
import { createAsyncQueue } from '../engine/async-queue.js'
import { type GenerationUsage, SPEECH_OUTPUT_HZ } from '../engine/index.js'
import { createClauseText } from './clauses.js'
import { PRIORITY } from './compute-gate.js'
import type { ResponderOptions, ResponderReport } from './responder.js'
import { clauseLimits, mayStart, type SpeechInHand } from './speech-plan.js'
import { createVoiceOutput } from './voice-output.js'

/** With less than this in hand the listener is about to hear a gap: as urgent as a first clause. */
const SHORT_LEAD_SECONDS = 1

interface SpokenPiece {
  readonly samples: Float32Array
  /** What the clause says, with its first piece; empty with the others. */
  readonly text: string
  /** Length of the whole clause. */
  readonly clauseMs?: number
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
  const text = createClauseText()
  /** `undefined` = nothing new but a reason to look again whether playing may start. */
  const made = createAsyncQueue<SpokenPiece | undefined>()
  const state = { madeSeconds: 0, inWorkLetters: 0, started: false, makingMs: 0, clauseNumber: 0 }
  let making: Promise<void> | undefined
  const output = createVoiceOutput(options, signal, report)

  function inHand(): SpeechInHand {
    // What may start and has not been released yet is not played either.
    const started = output.sentSeconds > 0
    const sentAheadSeconds = started ? Math.max(0, output.leadMs / 1000) : 0
    return {
      leadSeconds: state.madeSeconds - output.sentSeconds + sentAheadSeconds,
      started,
      waiting: text.waiting,
      inWorkLetters: state.inWorkLetters,
      ended: text.ended,
    }
  }

  async function write(): Promise<GenerationUsage> {
    for (let first = true; ; first = false) {
      const askedAt = clock.now() - state.makingMs
      const { done, value } = await texts.next()
      if (done) {
        text.end()
        made.push(undefined)
        while (making || makeNextClause()) await making
        made.end()
        return value
      }
      // On few cores the model stands still while a clause is made: that time is not the model's. Nor is reading the prompt.
      if (!first && state.inWorkLetters === 0)
        pace.noteWritten(value.length, (clock.now() - state.makingMs - askedAt) / 1000)
      text.push(value)
      // In the same tick, so that the voice is in the queue for the processor before the next token is.
      makeNextClause()
      made.push(undefined)
    }
  }

  /** False where nothing is there to be made. One clause is made at a time. */
  function makeNextClause(): boolean {
    if (making) return true
    const clause = text.take(clauseLimits(inHand(), pace))
    if (clause === undefined) return false
    report.mark('firstClause')
    making = make(clause).then(() => {
      making = undefined
      makeNextClause()
    })
    making.catch(fail)
    return true
  }

  function fail(error: unknown): void {
    stop.abort(error)
    made.fail(error)
  }

  async function make(clause: string): Promise<void> {
    const askedAt = clock.now()
    let beganAt = askedAt
    state.clauseNumber++
    state.inWorkLetters = clause.length
    made.push(undefined)
    const urgency = () => {
      const { started, leadSeconds } = inHand()
      return started && leadSeconds > SHORT_LEAD_SECONDS ? PRIORITY.nextClause : PRIORITY.firstAudio
    }
    const pieces = await gate.run('tts', urgency, signal, async () => {
      beganAt = clock.now()
      report.mark('synthesisStarted', state.clauseNumber)
      const all: Float32Array[] = []
      for await (const samples of synthesizer.speak(clause, options.voice, signal)) all.push(samples)
      return all
    })
    report.mark('synthesisEnded', state.clauseNumber)
    if (pieces.length > 0 && state.madeSeconds === 0) report.mark('firstAudioReady')
    report.progress()
    const samples = pieces.reduce((sum, piece) => sum + piece.length, 0)
    const madeMs = clock.now() - beganAt
    state.makingMs += clock.now() - askedAt
    state.inWorkLetters = 0
    state.madeSeconds += samples / SPEECH_OUTPUT_HZ
    pace.noteSpoken({
      letters: clause.length,
      audioSeconds: samples / SPEECH_OUTPUT_HZ,
      waitedSeconds: (beganAt - askedAt) / 1000,
      madeSeconds: madeMs / 1000,
    })
    if (pieces.length === 0) made.push({ samples: new Float32Array(0), text: clause })
    const clauseMs = (samples / SPEECH_OUTPUT_HZ) * 1000
    for (const [index, piece] of pieces.entries())
      made.push(index === 0 ? { samples: piece, text: clause, clauseMs } : { samples: piece, text: '' })
  }

  async function play(): Promise<void> {
    const held: SpokenPiece[] = []
    for await (const piece of made) {
      if (piece) held.push(piece)
      if (!state.started && options.live() && !mayStart(inHand(), pace)) continue
      if (held.length > 0) state.started = true
      for (const next of held.splice(0)) await output.play(next.samples, next.text, next.clauseMs)
    }
    for (const next of held) await output.play(next.samples, next.text, next.clauseMs)
  }

  try {
    const [usage] = await Promise.all([write(), play()])
    return usage
  } catch (error) {
    fail(error)
    throw error
  }
}
