/**
 * The recognition of one activity: keeps its audio, has the finished windows of a long one transcribed only once, and joins the texts. How a
 * window is transcribed is given to it.
 */
import {
  EngineError,
  type Recognition,
  type RecognitionOptions,
  type Transcript,
} from '../../engine/index.js'
import { windowEnd } from './windows.js'

/** What was heard in one window; `tokenCount` 0 where nothing was. */
export interface WindowTranscript {
  readonly text: string
  readonly language: string
  readonly logProbability: number
  readonly tokenCount: number
  readonly lead?: number
}

export interface RecognitionParts {
  /** Longest window, in samples. */
  readonly maxWindowSamples: number
  readonly transcribe: (samples: Float32Array, options: RecognitionOptions) => Promise<WindowTranscript>
  /** Runs tasks of all recognitions one after the other, in the order given. */
  readonly enqueue: <T>(task: () => Promise<T>) => Promise<T>
}

/** A stretch of long audio that ends in a pause. Transcribed once; its audio is kept until that has worked. */
interface FinishedWindow {
  samples: Float32Array | undefined
  heard: Promise<WindowTranscript> | undefined
}

export function createRecognition(parts: RecognitionParts, options: RecognitionOptions): Recognition {
  const { maxWindowSamples, transcribe, enqueue } = parts
  const { signal } = options
  const finished: FinishedWindow[] = []
  /** Audio after the finished windows. */
  let samples = new Float32Array(maxWindowSamples / 4)
  let length = 0
  let settled: Promise<Transcript> | undefined
  let closed = false

  function finishWindows(): void {
    for (;;) {
      const end = windowEnd(samples.subarray(0, length), maxWindowSamples)
      if (end === undefined) return
      finished.push({ samples: samples.slice(0, end), heard: undefined })
      samples.copyWithin(0, end, length)
      length -= end
    }
  }

  const hear = (window: Float32Array, wanted = signal) =>
    enqueue(async () => {
      wanted.throwIfAborted()
      return transcribe(window, { ...options, signal: wanted })
    })

  async function hearOnce(window: FinishedWindow): Promise<WindowTranscript> {
    window.heard ??= hear(window.samples!)
    try {
      const heard = await window.heard
      window.samples = undefined
      return heard
    } catch (error) {
      window.heard = undefined
      throw error
    }
  }

  /** A turn in the queue per window, so that long audio does not hold up short. */
  async function transcribeAll(
    windows: readonly FinishedWindow[],
    rest: Float32Array,
    wanted: AbortSignal,
  ): Promise<Transcript> {
    const heard: WindowTranscript[] = []
    for (const window of windows) heard.push(await hearOnce(window))
    heard.push(await hear(rest, wanted))
    return join(heard)
  }

  return {
    push(pushed) {
      if (closed || pushed.length === 0) return
      if (length + pushed.length > samples.length) {
        const larger = new Float32Array(Math.max(2 * samples.length, length + pushed.length))
        larger.set(samples.subarray(0, length))
        samples = larger
      }
      samples.set(pushed, length)
      length += pushed.length
      settled = undefined
    },
    settle(wanted) {
      if (settled) return settled
      if (closed) return Promise.reject(new EngineError('engine-failed', 'settle() was called after close()'))
      finishWindows()
      const within = wanted ? AbortSignal.any([signal, wanted]) : signal
      const attempt = transcribeAll([...finished], samples.slice(0, length), within).catch(
        (error: unknown) => {
          // A failure is no answer: the next settle tries again.
          if (settled === attempt) settled = undefined
          throw error
        },
      )
      settled = attempt
      return attempt
    },
    close() {
      closed = true
    },
  }
}

/** The language is that of the window with the most words. */
function join(windows: readonly WindowTranscript[]): Transcript {
  const spoken = windows.filter(({ tokenCount }) => tokenCount > 0)
  const longest = (spoken.length > 0 ? spoken : windows).reduce((best, window) =>
    window.tokenCount > best.tokenCount ? window : best,
  )
  const text = spoken.map((window) => window.text).join(' ')
  if (text === '') return { text, language: longest.language }
  const tokenCount = spoken.reduce((sum, window) => sum + window.tokenCount, 0)
  const logProbability = spoken.reduce((sum, window) => sum + window.logProbability, 0)
  // Of a window among others it says nothing of the whole.
  const [{ lead } = {}] = windows.length === 1 ? windows : []
  return {
    text,
    language: longest.language,
    averageLogProbability: logProbability / tokenCount,
    ...(lead !== undefined && { lead }),
  }
}
