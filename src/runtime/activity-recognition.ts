/**
 * The recognition of one activity: it is given the audio as it comes, without what lies behind a possible end, and reports the words, meanwhile
 * and at the end. Positions are samples of the session's audio. It decides nothing.
 */
import type { SampleQueue } from '../audio/index.js'
import { type ActivityId, sayingsIn, signsIn } from '../core/index.js'
import { EngineError, type Recognition, SPEECH_FRAME_SAMPLES, type Transcript } from '../engine/index.js'
import { PRIORITY, speculative } from './compute-gate.js'
import { describeError } from './describe-error.js'
import type { HearingOptions } from './hearing.js'

/** 16 kHz, as all engines hear. */
export const SAMPLES_PER_MS = 16
/** Whisper hears a partial from its beginning: of longer speech the whole would be heard too often. */
const MAX_PARTIAL_SAMPLES = 12_000 * SAMPLES_PER_MS

export interface ActivityRecognition {
  readonly fromSample: number
  /** Audio before this position was given to the recogniser. */
  readonly pushedSample: number
  /** More audio may be given to the recogniser. */
  advance(): void
  /** Reports the words up to here, a possible end. */
  settle(toMs: number): void
  /** Reports the words up to here while it goes on, unless they are being found out already. */
  guess(toMs: number): void
  /** The same where the recogniser can be asked on the side and has the time; what ends the activity goes before it. */
  hearPartial(toMs: number): void
  /** It goes on; words that are being found out are given up unless they are wanted. */
  resume(wordsWanted: boolean): void
  /** Its end: reports the transcript. */
  close(toMs: number): void
  retry(): void
  /** Lets go of the recogniser: nothing is reported any more. */
  end(): void
}

export interface ActivityRecognitionOptions
  extends Pick<
    HearingOptions,
    'recognizer' | 'expects' | 'languageBefore' | 'session' | 'gate' | 'clock' | 'signal' | 'logger' | 'emit'
  > {
  readonly id: ActivityId
  readonly audio: SampleQueue
  readonly fromSample: number
  /** It begins while the model is heard. */
  readonly over: boolean
  /** Its length counts from here. */
  readonly coveredSample: number
  /** Samples that the core has heard of. */
  readonly knownSample: () => number
  /** Before the transcript is reported. */
  readonly onTranscript: () => void
}

export function recogniseActivity(options: ActivityRecognitionOptions): ActivityRecognition {
  const { id, audio, fromSample, coveredSample, clock, signal, emit, gate, logger } = options
  let { recognition, abort } = open()
  let pushedSample = fromSample
  /** Audio from here on is held back (a possible end). */
  let holdSample = Number.POSITIVE_INFINITY
  let transcript: Promise<Transcript> | undefined
  /** Ends the search for that transcript alone. */
  let wanted = new AbortController()
  /** Reports of words that are under way, each with what gives it up. */
  const reports = new Set<{ readonly givenUp: AbortSignal }>()
  const isSettling = () => [...reports].some(({ givenUp }) => !givenUp.aborted)
  /** Ends the partial recognition that is under way. */
  let partial: AbortController | undefined
  let closed = false
  let ended = false

  /** `abort` ends a recognition that hangs or is not wanted any more. */
  function open(): { recognition: Recognition; abort: AbortController } {
    const { expects, session } = options
    const languageBefore = options.languageBefore()
    const abort = new AbortController()
    const within = AbortSignal.any([signal, abort.signal])
    const before = languageBefore === undefined ? {} : { languageBefore }
    const language = expects.language ?? languageBefore
    const sayings = options.over && sayingsIn(language)
    const over = sayings && { likely: sayings, rivals: signsIn(language) ?? [] }
    const recognition = options.recognizer.open({ ...expects, ...before, ...over, signal: within, session })
    return { recognition, abort }
  }

  /** From now on a new recognition is meant, which has heard nothing. */
  function openAnew(reason: string): void {
    const before = abort
    ;({ recognition, abort } = open())
    transcript = undefined
    before.abort(new DOMException(reason, 'AbortError'))
  }

  function push(): void {
    const to = Math.min(options.knownSample(), holdSample)
    if (closed || to <= pushedSample) return
    recognition.push(audio.read(pushedSample, to))
    pushedSample = to
    transcript = undefined
  }

  const endPartial = () => partial?.abort(new DOMException('its end is heard', 'AbortError'))

  /** The recogniser is given what was said up to here. What it has heard beyond is somebody else's: it is given the rest anew. */
  function holdAt(toSample: number): void {
    endPartial()
    holdSample = toSample
    if (pushedSample - holdSample >= SPEECH_FRAME_SAMPLES) {
      openAnew('heard anew without its end')
      pushedSample = fromSample
    }
    push()
  }

  function findWords(): Promise<Transcript> {
    if (!transcript) {
      wanted = new AbortController()
      const { signal: stillWanted } = wanted
      const asked = recognition
      const within = AbortSignal.any([signal, abort.signal, stillWanted])
      const urgency = () => (closed ? PRIORITY.recognise : speculative(PRIORITY.recognise))
      transcript = gate.run('asr', urgency, within, () => asked.settle(stillWanted))
      transcript.catch(() => {})
    }
    return transcript
  }

  const audioMs = () => (pushedSample - coveredSample) / SAMPLES_PER_MS

  function report(): void {
    const asked = recognition
    const lengthMs = audioMs()
    findWords().then(
      (transcript) => {
        if (recognition !== asked) return
        options.onTranscript()
        emit({ type: 'transcript', at: clock.now(), activity: id, ...heard(transcript), audioMs: lengthMs })
      },
      (error) => {
        // A late failure of a recognition that was given up already says nothing about the next.
        if (signal.aborted || recognition !== asked || ended) return
        logger.warn({ error: describeError(error) }, 'recognition failed')
        if (error instanceof EngineError && error.code === 'engine-unavailable') {
          emit({ type: 'engine-unavailable', at: clock.now(), engine: 'speech recognition' })
        } else {
          const retryable = !(error instanceof EngineError) || error.retryable
          emit({ type: 'transcript-failed', at: clock.now(), activity: id, retryable })
        }
      },
    )
  }

  function reportWords(toMs: number): void {
    const lengthMs = audioMs()
    const words = findWords()
    const report = { givenUp: wanted.signal }
    reports.add(report)
    words.then(
      (transcript) => {
        reports.delete(report)
        emit({ type: 'words', at: clock.now(), activity: id, toMs, ...heard(transcript), audioMs: lengthMs })
      },
      // The end of the activity asks again, and reports.
      () => reports.delete(report),
    )
  }

  /** On a recognition of its own: it can be given up at once, and leaves no trace. */
  async function reportPartial(toMs: number): Promise<void> {
    const to = Math.min(Math.round(toMs * SAMPLES_PER_MS), options.knownSample())
    const { recognition, abort } = open()
    const within = AbortSignal.any([signal, abort.signal])
    partial = abort
    try {
      recognition.push(audio.read(fromSample, to))
      const { text, language } = await gate.run('asr', PRIORITY.partials, within, () => recognition.settle())
      const lengthMs = (to - fromSample) / SAMPLES_PER_MS
      if (!within.aborted)
        emit({ type: 'words', at: clock.now(), activity: id, toMs, text, language, audioMs: lengthMs })
    } catch (error) {
      // The end of the activity asks again, and reports.
      if (!within.aborted) logger.debug({ error: describeError(error) }, 'no partial words')
    } finally {
      if (partial === abort) partial = undefined
      recognition.close()
    }
  }

  push()
  return {
    fromSample,
    get pushedSample() {
      return pushedSample
    },
    advance: push,
    settle(toMs) {
      holdAt(Math.round(toMs * SAMPLES_PER_MS))
      reportWords(toMs)
    },
    guess(toMs) {
      if (!isSettling()) reportWords(toMs)
    },
    hearPartial(toMs) {
      if (isSettling() || partial || !options.recognizer.info.partials) return
      if (options.knownSample() - fromSample > MAX_PARTIAL_SAMPLES || gate.gives('partials')) return
      void reportPartial(toMs)
    },
    resume(wordsWanted) {
      if (!wordsWanted && isSettling()) {
        wanted.abort(new DOMException('speech goes on', 'AbortError'))
        transcript = undefined
      }
      holdSample = Number.POSITIVE_INFINITY
      push()
    },
    close(toMs) {
      holdAt(Math.round(toMs * SAMPLES_PER_MS))
      closed = true
      gate.reconsider()
      report()
    },
    retry() {
      openAnew('tried again')
      recognition.push(audio.read(fromSample, pushedSample))
      report()
    },
    end() {
      ended = true
      endPartial()
      recognition.close()
      abort.abort(new DOMException('the activity is over', 'AbortError'))
    },
  }
}

const heard = ({ text, language, averageLogProbability: sureness, lead }: Transcript) => ({
  text,
  language,
  ...(sureness !== undefined && { sureness }),
  ...(lead !== undefined && { lead }),
})
