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
  type RecognitionOptions,
  type Recognizer,
  SPEECH_FRAME_SAMPLES,
  type SpeakerEncoder,
  type SpeechDetector,
  type ToneReader,
  type TurnDetector,
} from '../engine/index.js'
import { type AudioBlob, closeError } from '../protocol/index.js'
import { type ActivityRecognition, recogniseActivity, SAMPLES_PER_MS } from './activity-recognition.js'
import { createActivityScores } from './activity-scores.js'
import type { Clock } from './clock.js'
import type { ComputeGate } from './compute-gate.js'
import { describeError } from './describe-error.js'
import { createInputRate } from './input-rate.js'
import { createKnownVoices, type KnownVoices } from './known-voices.js'
import type { Logger } from './logger.js'
import { COMPARED_MS, type PlayedSpeech } from './played-speech.js'
import type { Recordings } from './recordings.js'

const INPUT_HZ = 1000 * SAMPLES_PER_MS
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
/** What is softer has no level that could be written down. */
const SILENCE_DB = -120
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
  /** `over`: while the model is heard. */
  openActivity(id: ActivityId, fromMs: number, over?: boolean): void
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
  /** Reports how much of its last sound before here is what the client plays. */
  compareEcho(id: ActivityId, toMs: number): void
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
  readonly played: PlayedSpeech
  /** False = the client marks activities: nothing is scored. */
  readonly automatic: boolean
  /** What came between two activities belongs to the second. */
  readonly coversAll: boolean
  readonly expects: Pick<RecognitionOptions, 'language' | 'languages'>
  /** Of the conversation so far; undefined = nothing was said yet. */
  readonly languageBefore: () => string | undefined
  readonly session: string
  /** Where speech is kept beyond its activity; absent = nobody will hear it. */
  readonly recordings?: Recordings | undefined
  readonly gate: ComputeGate
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly logger: Logger
  readonly emit: (event: SessionEvent) => void
}

export function createHearing(options: HearingOptions): Hearing {
  const { clock, signal, emit, logger } = options
  const audio = createSampleQueue({ maxSamples: MAX_HELD_SAMPLES })
  const aligner = createByteAligner()
  const scores = createActivityScores(options)
  const voices = createKnownVoices({ ...options, encoder: options.speakerEncoder })
  const rate = createInputRate()
  let live = false
  const keptSamples = options.coversAll ? KEPT_BETWEEN_SAMPLES : KEPT_SAMPLES
  const activities = new Map<ActivityId, ActivityRecognition>()
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
    for (const activity of activities.values()) activity.advance()
    let oldest = knownSample - keptSamples
    for (const activity of activities.values()) oldest = Math.min(oldest, activity.fromSample)
    audio.dropBefore(oldest)
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
  function heardUpTo(
    { fromSample }: ActivityRecognition,
    toMs: number,
    most = Number.POSITIVE_INFINITY,
  ): Float32Array {
    const end = Math.min(Math.round(toMs * SAMPLES_PER_MS), audio.end)
    return audio.read(Math.max(fromSample, audio.start, end - most), end)
  }

  function finish(id: ActivityId): void {
    const activity = activities.get(id)
    if (!activity) return
    options.recordings?.keep(id, spoken(activity))
    activities.delete(id)
    activity.end()
  }

  const spoken = ({ fromSample, pushedSample }: ActivityRecognition) => audio.read(fromSample, pushedSample)

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
    openActivity(id, fromMs, over = false) {
      const fromSample = Math.max(audio.start, takenSample, Math.round(fromMs * SAMPLES_PER_MS))
      const activity = recogniseActivity({
        ...options,
        id,
        audio,
        fromSample,
        over,
        coveredSample: options.coversAll ? takenSample : fromSample,
        knownSample: () => knownSample,
        onTranscript: () => finish(id),
      })
      activities.set(id, activity)
    },
    settleActivity: (id, toMs) => activities.get(id)?.settle(toMs),
    guessWords: (id, toMs) => activities.get(id)?.guess(toMs),
    partialWords: (id, toMs) => activities.get(id)?.hearPartial(toMs),
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
    compareEcho(id, toMs) {
      const activity = activities.get(id)
      if (!activity) return
      const heard = heardUpTo(activity, toMs, COMPARED_MS * SAMPLES_PER_MS)
      const end = Math.min(Math.round(toMs * SAMPLES_PER_MS), audio.end)
      const at = clock.now()
      const share = options.played.shareOf(heard, at - (audio.end - end) / SAMPLES_PER_MS)
      const levelDb = Math.max(SILENCE_DB, toDbfs(rms(heard)))
      const rounded = { share: Math.round(1000 * share) / 1000, levelDb: Math.round(10 * levelDb) / 10 }
      emit({ type: 'echo', at, activity: id, toMs, ...rounded })
    },
    resumeActivity: (id, wordsWanted) => activities.get(id)?.resume(wordsWanted),
    closeActivity(id, toMs) {
      const activity = activities.get(id)
      if (!activity) return
      // At the end of a stream the last part of a frame is never scored, but it was said.
      knownSample = Math.max(knownSample, Math.min(Math.round(toMs * SAMPLES_PER_MS), audio.end))
      activity.close(toMs)
      takenSample = activity.pushedSample
    },
    finishActivity(id) {
      takenSample = activities.get(id)?.pushedSample ?? takenSample
      finish(id)
    },
    retryActivity: (id) => activities.get(id)?.retry(),
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
