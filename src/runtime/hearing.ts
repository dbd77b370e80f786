/**
 * The user's audio of one session: decodes and resamples what comes in, has it scored for speech, keeps the recent past, and runs the
 * recognition of the activities that the core opens. Positions are milliseconds counted in samples. It decides nothing.
 */
import {
  createByteAligner,
  createResampler,
  createSampleQueue,
  pcm16ToFloat,
  type Resampler,
  rms,
  toDbfs,
} from '../audio/index.js'
import { type ActivityId, PRE_ROLL_MS, type SessionEvent } from '../core/index.js'
import {
  EngineError,
  type Recognition,
  type RecognitionOptions,
  type Recognizer,
  SPEECH_FRAME_SAMPLES,
  type SpeakerEncoder,
  type SpeechDetector,
  type ToneReader,
  type Transcript,
  type TurnDetector,
} from '../engine/index.js'
import { type AudioBlob, closeError } from '../protocol/index.js'
import { createActivityScores } from './activity-scores.js'
import type { Clock } from './clock.js'
import { type ComputeGate, PRIORITY, speculative } from './compute-gate.js'
import { describeError } from './describe-error.js'
import { createInputRate } from './input-rate.js'
import { createKnownVoices, type KnownVoices } from './known-voices.js'
import type { Logger } from './logger.js'
import type { Recordings } from './recordings.js'

const INPUT_HZ = 16_000
const SAMPLES_PER_MS = INPUT_HZ / 1000
/** Audio that may wait to be scored, or belong to an open activity: 15 minutes, 58 MB of samples. */
const MAX_HELD_SAMPLES = 15 * 60 * INPUT_HZ
/** Audio kept while nobody speaks, for the pre-roll. */
const KEPT_SAMPLES = 2 * INPUT_HZ
/** The same where it belongs to what is said next. */
const KEPT_BETWEEN_SAMPLES = 60 * INPUT_HZ
/** The turn detector hears the end of an activity, at most this much of it. */
const JUDGED_SAMPLES = 8 * INPUT_HZ
/** As much of it tells whose voice it is. */
const COMPARED_SAMPLES = 10 * INPUT_HZ
/** Whisper hears a partial from its beginning: of longer speech the whole would be heard too often. */
const MAX_PARTIAL_SAMPLES = 12 * INPUT_HZ
/** Pause before a lost detector is opened again. */
const REOPEN_MS = 200

export interface Hearing {
  /** Throws `closeError` when more audio is waiting than can be held. */
  receive(blob: AudioBlob): void
  /** Reports the end of the stream after the scores of everything received before it. */
  endStream(): void
  /** Position of the audio received so far. */
  readonly receivedMs: number
  /** While nobody speaks: no activity that begins later reaches back beyond this position. */
  readonly settledMs: number
  openActivity(id: ActivityId, fromMs: number): void
  /** Reports the words up to here. */
  settleActivity(id: ActivityId, toMs: number): void
  /** Reports the words up to here while it goes on, unless they are being found out already. */
  guessWords(id: ActivityId, toMs: number): void
  /** The same where the recogniser can be asked on the side and has the time; what ends the activity goes before it. */
  partialWords(id: ActivityId, toMs: number): void
  /** Reports how finished it sounds, where a turn detector is there and has nothing else to do for this session. */
  scoreTurn(id: ActivityId, toMs: number): void
  /** Reports how it sounds, where a tone reader is there. */
  readManner(id: ActivityId, toMs: number): void
  /** Reports how alike the voice is to those that were kept, where a speaker encoder is there. */
  compareVoice(id: ActivityId, toMs: number): void
  keepVoice: KnownVoices['keep']
  /** The audio flows on; words that are being found out are given up unless they are wanted. */
  resumeActivity(id: ActivityId, wordsWanted: boolean): void
  /** Reports the transcript. */
  closeActivity(id: ActivityId, toMs: number): void
  /** Lets go of one whose words are known. */
  finishActivity(id: ActivityId): void
  retryActivity(id: ActivityId): void
  dropActivity(id: ActivityId): void
  /** What it has said up to now, as long as that is kept. */
  recording(id: ActivityId): Float32Array | undefined
}

export interface HearingOptions {
  readonly detector: SpeechDetector
  readonly recognizer: Recognizer
  readonly turnDetector: TurnDetector | undefined
  readonly toneReader: ToneReader | undefined
  readonly speakerEncoder: SpeakerEncoder | undefined
  /** False = the client marks activities: nothing is scored. */
  readonly automatic: boolean
  /** What came between two activities belongs to the second. */
  readonly coversAll: boolean
  readonly expects: Pick<RecognitionOptions, 'language' | 'languages'>
  /** Of the conversation so far. */
  readonly languageBefore: () => string
  readonly session: string
  /** Where speech is kept beyond its activity; absent = nobody will hear it. */
  readonly recordings?: Recordings | undefined
  readonly gate: ComputeGate
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly logger: Logger
  readonly emit: (event: SessionEvent) => void
}

interface Activity {
  readonly fromSample: number
  /** Its length counts from here. */
  readonly coveredSample: number
  /** Audio before this position was pushed to the recogniser. */
  pushedSample: number
  /** Audio from here on is held back (a possible end). */
  holdSample: number
  recognition: Recognition
  /** Ends the recognition, for one that hangs or is not wanted any more. */
  abort: AbortController
  transcript: Promise<Transcript> | undefined
  /** Ends the search for that transcript alone. */
  wanted: AbortController
  /** How many reports of words are under way. */
  settling: number
  /** Ends the partial recognition that is under way. */
  partial: AbortController | undefined
  closed: boolean
}

export function createHearing(options: HearingOptions): Hearing {
  const { clock, signal, emit, gate, logger } = options
  const audio = createSampleQueue({ maxSamples: MAX_HELD_SAMPLES })
  const aligner = createByteAligner()
  const scores = createActivityScores(options)
  const voices = createKnownVoices({ ...options, encoder: options.speakerEncoder })
  const rate = createInputRate()
  let live = false
  const keptSamples = options.coversAll ? KEPT_BETWEEN_SAMPLES : KEPT_SAMPLES
  const activities = new Map<ActivityId, Activity>()
  let resampler: { fromHz: number; push: Resampler['push'] } | undefined
  /** Samples that the core has heard of: scored ones, or all where nothing is scored. */
  let knownSample = 0
  /** What belongs to an activity is not heard again as the pre-roll of the next. */
  let takenSample = 0
  let detector = options.automatic ? openDetector(0) : undefined
  /** Positions at which the client ended its stream, until the scores have reached them. */
  const streamEnds: number[] = []

  function openDetector(base: number) {
    const detection = options.detector.open({ signal })
    const follow = async () => {
      for await (const score of detection) {
        const startSample = base + score.startSample
        const endSample = startSample + SPEECH_FRAME_SAMPLES
        const levelDb = toDbfs(rms(audio.read(startSample, endSample)))
        advance(endSample)
        emit({
          type: 'speech-score',
          at: clock.now(),
          startMs: startSample / SAMPLES_PER_MS,
          endMs: endSample / SAMPLES_PER_MS,
          probability: score.probability,
          // Digital silence has no level that could be written down.
          ...(Number.isFinite(levelDb) && { levelDb: Math.round(10 * levelDb) / 10 }),
        })
        reportDrained()
      }
    }
    follow().catch((error) => onDetectorLost(error))
    return detection
  }

  function onDetectorLost(error: unknown): void {
    if (signal.aborted) return
    logger.warn({ error: describeError(error) }, 'speech detection was lost')
    if (error instanceof EngineError && error.code === 'engine-unavailable') {
      emit({ type: 'engine-unavailable', at: clock.now(), engine: 'speech detection' })
      return
    }
    clock.setTimer(clock.now() + REOPEN_MS, () => {
      if (signal.aborted) return
      detector = openDetector(knownSample)
      detector.push(audio.read(knownSample))
    })
  }

  function advance(toSample: number): void {
    knownSample = Math.max(knownSample, toSample)
    for (const activity of activities.values()) pushAudio(activity)
    let oldest = knownSample - keptSamples
    for (const activity of activities.values()) oldest = Math.min(oldest, activity.fromSample)
    audio.dropBefore(oldest)
  }

  function pushAudio(activity: Activity): void {
    const to = Math.min(knownSample, activity.holdSample)
    if (activity.closed || to <= activity.pushedSample) return
    activity.recognition.push(audio.read(activity.pushedSample, to))
    activity.pushedSample = to
    activity.transcript = undefined
  }

  /** The recogniser is given what was said up to here. What it has heard beyond is somebody else's: it is given the rest anew. */
  function holdAt(activity: Activity, toMs: number): void {
    activity.holdSample = Math.round(toMs * SAMPLES_PER_MS)
    if (activity.pushedSample - activity.holdSample >= SPEECH_FRAME_SAMPLES) {
      const { abort } = activity
      Object.assign(activity, openRecognition(), { transcript: undefined, pushedSample: activity.fromSample })
      abort.abort(new DOMException('heard anew without its end', 'AbortError'))
    }
    pushAudio(activity)
  }

  /** Less than one frame is left unscored: nothing more will come of what was received. */
  function reportDrained(): void {
    for (
      let end = streamEnds[0];
      end !== undefined && end - knownSample < SPEECH_FRAME_SAMPLES;
      end = streamEnds[0]
    ) {
      streamEnds.shift()
      emit({ type: 'audio-stream-end', at: clock.now(), audioMs: end / SAMPLES_PER_MS })
      if (audio.end <= end) return
      emit({ type: 'audio-received', at: clock.now(), live })
    }
    if (audio.end - knownSample < SPEECH_FRAME_SAMPLES) emit({ type: 'audio-drained', at: clock.now() })
  }

  /** The end of an activity, at most so much of it. */
  function heardUpTo({ fromSample }: Activity, toMs: number, most = Number.POSITIVE_INFINITY): Float32Array {
    const end = Math.min(Math.round(toMs * SAMPLES_PER_MS), audio.end)
    return audio.read(Math.max(fromSample, audio.start, end - most), end)
  }

  function openRecognition(): Pick<Activity, 'recognition' | 'abort'> {
    const { expects, session } = options
    const languageBefore = options.languageBefore()
    const abort = new AbortController()
    const within = AbortSignal.any([signal, abort.signal])
    const recognition = options.recognizer.open({ ...expects, languageBefore, signal: within, session })
    return { recognition, abort }
  }

  function settle(activity: Activity): Promise<Transcript> {
    if (!activity.transcript) {
      const { recognition, abort } = activity
      const wanted = new AbortController()
      activity.wanted = wanted
      const within = AbortSignal.any([signal, abort.signal, wanted.signal])
      activity.transcript = gate.run(
        'asr',
        () => (activity.closed ? PRIORITY.recognise : speculative(PRIORITY.recognise)),
        within,
        () => recognition.settle(wanted.signal),
      )
      activity.transcript.catch(() => {})
    }
    return activity.transcript
  }

  function report(id: ActivityId, activity: Activity): void {
    const { recognition } = activity
    const audioMs = (activity.pushedSample - activity.coveredSample) / SAMPLES_PER_MS
    settle(activity).then(
      (transcript) => {
        if (activity.recognition !== recognition) return
        finish(id)
        emit({ type: 'transcript', at: clock.now(), activity: id, ...heard(transcript), audioMs })
      },
      (error) => {
        // A late failure of a recognition that was given up already says nothing about the next.
        if (signal.aborted || activity.recognition !== recognition || !activities.has(id)) return
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

  function reportWords(id: ActivityId, activity: Activity, toMs: number): void {
    const audioMs = (activity.pushedSample - activity.coveredSample) / SAMPLES_PER_MS
    activity.settling++
    settle(activity).then(
      (transcript) => {
        activity.settling--
        emit({ type: 'words', at: clock.now(), activity: id, toMs, ...heard(transcript), audioMs })
      },
      // The end of the activity asks again, and reports.
      () => {
        activity.settling--
      },
    )
  }

  /** On a recognition of its own: it can be given up at once, and leaves no trace. */
  async function hearPartial(id: ActivityId, activity: Activity, toMs: number): Promise<void> {
    const to = Math.min(Math.round(toMs * SAMPLES_PER_MS), knownSample)
    const { recognition, abort } = openRecognition()
    const within = AbortSignal.any([signal, abort.signal])
    activity.partial = abort
    try {
      recognition.push(audio.read(activity.fromSample, to))
      const { text, language } = await gate.run('asr', PRIORITY.partials, within, () => recognition.settle())
      const audioMs = (to - activity.fromSample) / SAMPLES_PER_MS
      if (!within.aborted)
        emit({ type: 'words', at: clock.now(), activity: id, toMs, text, language, audioMs })
    } catch (error) {
      // The end of the activity asks again, and reports.
      if (!within.aborted) logger.debug({ error: describeError(error) }, 'no partial words')
    } finally {
      if (activity.partial === abort) activity.partial = undefined
      recognition.close()
    }
  }

  function endPartial(activity: Activity | undefined): void {
    activity?.partial?.abort(new DOMException('its end is heard', 'AbortError'))
  }

  function finish(id: ActivityId): void {
    const activity = activities.get(id)
    if (activity) options.recordings?.keep(id, spoken(activity))
    activities.delete(id)
    endPartial(activity)
    activity?.recognition.close()
    activity?.abort.abort(new DOMException('the activity is over', 'AbortError'))
  }

  const heard = ({ text, language, averageLogProbability: sureness }: Transcript) => ({
    text,
    language,
    ...(sureness !== undefined && { sureness }),
  })

  const spoken = ({ fromSample, pushedSample }: Activity) => audio.read(fromSample, pushedSample)

  return {
    get receivedMs() {
      return audio.end / SAMPLES_PER_MS
    },
    get settledMs() {
      return Math.max(takenSample / SAMPLES_PER_MS, knownSample / SAMPLES_PER_MS - PRE_ROLL_MS)
    },
    receive(blob) {
      const samples = toInputRate(blob)
      if (samples.length === 0) return
      if (audio.end - audio.start + samples.length > MAX_HELD_SAMPLES) {
        throw closeError('audio-waiting', {})
      }
      audio.append(samples)
      const at = clock.now()
      live = rate.note(at, samples.length / SAMPLES_PER_MS)
      emit({ type: 'audio-received', at, live })
      if (options.automatic) {
        detector?.push(samples)
        reportDrained()
      } else advance(audio.end)
    },
    endStream() {
      streamEnds.push(audio.end)
      reportDrained()
    },
    openActivity(id, fromMs) {
      const fromSample = Math.max(audio.start, takenSample, Math.round(fromMs * SAMPLES_PER_MS))
      const activity: Activity = {
        fromSample,
        coveredSample: options.coversAll ? takenSample : fromSample,
        pushedSample: fromSample,
        holdSample: Number.POSITIVE_INFINITY,
        ...openRecognition(),
        transcript: undefined,
        wanted: new AbortController(),
        settling: 0,
        partial: undefined,
        closed: false,
      }
      activities.set(id, activity)
      pushAudio(activity)
    },
    settleActivity(id, toMs) {
      const activity = activities.get(id)
      if (!activity) return
      endPartial(activity)
      holdAt(activity, toMs)
      reportWords(id, activity, toMs)
    },
    guessWords(id, toMs) {
      const activity = activities.get(id)
      if (activity?.settling === 0) reportWords(id, activity, toMs)
    },
    partialWords(id, toMs) {
      const activity = activities.get(id)
      if (!activity || activity.settling || activity.partial || !options.recognizer.info.partials) return
      if (knownSample - activity.fromSample > MAX_PARTIAL_SAMPLES || gate.gives('partials')) return
      void hearPartial(id, activity, toMs)
    },
    scoreTurn(id, toMs) {
      const activity = activities.get(id)
      if (activity) scores.scoreTurn(id, toMs, () => heardUpTo(activity, toMs, JUDGED_SAMPLES))
    },
    readManner(id, toMs) {
      const activity = activities.get(id)
      if (activity) scores.readManner(id, () => heardUpTo(activity, toMs))
    },
    compareVoice(id, toMs) {
      const activity = activities.get(id)
      if (activity) voices.compare(id, () => heardUpTo(activity, toMs, COMPARED_SAMPLES))
    },
    keepVoice: voices.keep,
    resumeActivity(id, wordsWanted) {
      const activity = activities.get(id)
      if (!activity) return
      if (!wordsWanted && activity.settling > 0) {
        activity.wanted.abort(new DOMException('speech goes on', 'AbortError'))
        activity.transcript = undefined
      }
      activity.holdSample = Number.POSITIVE_INFINITY
      pushAudio(activity)
    },
    closeActivity(id, toMs) {
      const activity = activities.get(id)
      if (!activity) return
      endPartial(activity)
      // At the end of a stream the last part of a frame is never scored, but it was said.
      knownSample = Math.max(knownSample, Math.min(Math.round(toMs * SAMPLES_PER_MS), audio.end))
      holdAt(activity, toMs)
      activity.closed = true
      gate.reconsider()
      takenSample = activity.pushedSample
      report(id, activity)
    },
    finishActivity(id) {
      takenSample = activities.get(id)?.pushedSample ?? takenSample
      finish(id)
    },
    retryActivity(id) {
      const activity = activities.get(id)
      if (!activity) return
      const { abort } = activity
      Object.assign(activity, openRecognition(), { transcript: undefined })
      abort.abort(new DOMException('tried again', 'AbortError'))
      activity.recognition.push(audio.read(activity.fromSample, activity.pushedSample))
      report(id, activity)
    },
    dropActivity: finish,
    recording(id) {
      const activity = activities.get(id)
      return activity ? spoken(activity) : options.recordings?.find(id)
    },
  }

  function toInputRate({ bytes, sampleRateHz }: AudioBlob): Float32Array {
    const samples = pcm16ToFloat(aligner.push(bytes))
    if (resampler?.fromHz !== sampleRateHz) {
      const { push } = createResampler(sampleRateHz, INPUT_HZ)
      resampler = { fromHz: sampleRateHz, push }
    }
    return resampler.push(samples)
  }
}
