/**
 * "Hears" what the script lays down for a turn; otherwise says how long the speech was. Keeps no audio, only where it
 * was loud.
 */
import { createFramer } from '../../audio/index.js'
import {
  EngineError,
  type Recognition,
  type RecognitionOptions,
  type Recognizer,
  type Transcript,
} from '../../engine/index.js'
import { failureError, type Occasion, type Rules, unscriptedTranscript } from './rules.js'
import { loudnessProbability } from './speech-detector.js'
import type { ScriptedClock } from './wait.js'
import { wait } from './wait.js'

/** 10 ms at 16 kHz: fine enough for a length that is rounded to 100 ms. */
const FRAME_SAMPLES = 160
const SAMPLES_PER_MS = 16

export function createScriptedRecognizer(rules: Rules, clock: ScriptedClock): Recognizer {
  return {
    info: {
      id: 'scripted',
      kind: 'asr',
      languages: [],
      description: 'Hears what the script says, else the length of the speech.',
    },
    open: (options) => createRecognition(rules, clock, options),
  }
}

function createRecognition(rules: Rules, clock: ScriptedClock, options: RecognitionOptions): Recognition {
  const { signal } = options
  const language = (options.language ?? options.languages?.[0])?.split('-')[0]?.toLowerCase() ?? 'en'
  const framer = createFramer(FRAME_SAMPLES)
  let seenFrames = 0
  let firstLoudFrame: number | undefined
  let lastLoudFrame = 0
  let turn: number | undefined
  let settled: Promise<Transcript> | undefined
  let closed = false

  async function transcribe(audioMs: number, wanted: AbortSignal): Promise<Transcript> {
    wanted.throwIfAborted()
    if (audioMs === 0) return { text: '', language }
    // Numbered when first settled: noise that nobody asks about is not a turn.
    turn ??= rules.nextHeardTurn(options.session)
    const occasion: Occasion = { turn, audioMs }
    const failure = rules.takeFailure('asr', occasion)
    await wait(clock, rules.delayMs('recognizer', occasion), wanted)
    if (failure !== undefined) throw failureError(failure)
    return { text: (rules.findTranscript(occasion) ?? unscriptedTranscript(audioMs)).trim(), language }
  }

  return {
    push(samples) {
      if (closed) return
      for (const frame of framer.push(samples)) {
        if (loudnessProbability(frame) >= 0.5) {
          firstLoudFrame ??= seenFrames
          lastLoudFrame = seenFrames
        }
        seenFrames += 1
      }
      if (samples.length > 0) settled = undefined
    },
    settle(wanted) {
      if (settled === undefined) {
        if (closed)
          return Promise.reject(new EngineError('engine-failed', 'settle() was called after close()'))
        const loudFrames = firstLoudFrame === undefined ? 0 : lastLoudFrame - firstLoudFrame + 1
        const within = wanted ? AbortSignal.any([signal, wanted]) : signal
        const attempt = transcribe((loudFrames * FRAME_SAMPLES) / SAMPLES_PER_MS, within)
        settled = attempt
        // A failure is not an answer: the next settle() tries again.
        attempt.catch(() => {
          if (settled === attempt) settled = undefined
        })
      }
      return settled
    },
    close() {
      closed = true
    },
  }
}
