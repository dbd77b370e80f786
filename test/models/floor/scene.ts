/**
 * A conversation on virtual time: the core with the real speech detector and the real recogniser, a loudspeaker that plays recorded speech
 * as the model's answer, and a microphone that hears the user and, where asked, that loudspeaker. What is decided depends on
 * sounds alone, not on how busy the machine is. Recognitions take a fixed time, one after the other.
 */
import { fromDbfs, resample, rms, toDbfs } from '../../../src/audio/index.js'
import { createLoudspeaker } from '../../../src/bench/loudspeaker.js'
import { createRandom } from '../../../src/bench/random.js'
import {
  type ActivityId,
  floorSettings,
  type SessionConfig,
  type SessionEvent,
} from '../../../src/core/index.js'
import { sayingsIn, signsIn } from '../../../src/core/sayings.js'
import { openSession, reduce } from '../../../src/core/session.js'
import {
  type Recognizer,
  SPEECH_OUTPUT_HZ,
  type SpeakerEncoder,
  type SpeechDetector,
} from '../../../src/engine/index.js'
import { systemClock } from '../../../src/runtime/clock.js'
import { createKnownVoices } from '../../../src/runtime/known-voices.js'
import { COMPARED_MS, createPlayedSpeech } from '../../../src/runtime/played-speech.js'

export const HZ = 16_000
const FRAME = 512
const FRAME_MS = 32
/** As the runtime sends to a live listener. */
const LEAD_MS = 160
const PIECE_MS = 60
const ECHO_DELAY_MS = 60
/** Of a made-up room: what comes off its walls, as shares of what comes straight, 60 dB softer after 0.35 s. */
const REFLECTIONS = reflections(createRandom(1_712))
const FIRST_SOUND_MS = 400
/** What is not answered by then will not be. */
const UNANSWERED_MS = 6_000
/** The answer is heard for so long before something is said over it. */
const BEFORE_MS = 2_500

export interface Clause {
  readonly text: string
  readonly samples: Float32Array
}

export interface Scene {
  readonly question: Float32Array
  readonly answer: readonly Clause[]
  /** Absent: nobody says anything over the answer. */
  readonly sound?: Float32Array
  /** Where in the sound it becomes audible. */
  readonly onsetMs?: number
  readonly echoDb?: number
  /** The user's voice is so much softer or louder over the answer than it was. */
  readonly gainDb?: number
  /** Spoken by all; absent = English. */
  readonly language?: string
}

export interface Outcome {
  readonly interrupted: boolean
  /** From the audible onset of the sound. */
  readonly toldMs?: number
  /** To the silence at the client, which may have run dry before it was told. */
  readonly silenceMs?: number
  /** Audible gaps in what went on. */
  readonly gapsMs: readonly number[]
  /** How often sending stopped, and for how long in all. */
  readonly pauses: number
  readonly pausedMs: number
  /** What was understood over the answer: after how much, and what. */
  readonly heard: readonly string[]
  /** The transcript that followed an interruption. */
  readonly transcript?: string
  /** Loudest frame of speech over the answer against the user's before, dB. */
  readonly louderDb?: number
  /** How much of what was heard over the answer was the answer, each time that it was compared. */
  readonly shares: readonly number[]
  /** How alike the voice over the answer was to the user's: after how much speech, and the cosine. */
  readonly alike: readonly string[]
}

export interface Ears {
  readonly detector: SpeechDetector
  readonly recognizer: Recognizer
  readonly recognitionMs: number
  /** The recogniser is told what is likely to be said over the answer. */
  readonly sayings: boolean
  /** Absent: voices are not compared. */
  readonly encoder: SpeakerEncoder | undefined
}

/** Comparing a voice takes so long, with the way to the encoder's process and back: measured 12 to 25 ms for a second of speech. */
const COMPARISON_MS = 40

type Due = { readonly at: number; readonly make: () => Promise<SessionEvent | undefined> }
/** Without its time. */
export type Told = SessionEvent extends infer E ? (E extends SessionEvent ? Omit<E, 'at'> : never) : never

const never = new AbortController().signal

/** A session as a client that asks for nothing gets it. */
export const spokenSession = (language: string): SessionConfig => ({
  modality: 'AUDIO',
  system: '',
  style: '',
  floor: floorSettings({ automatic: true }),
  interruptible: true,
  inputTranscription: true,
  outputTranscription: true,
  language,
})

/** Undefined where the question was not heard as one: nothing was answered. */
export async function playScene(scene: Scene, ears: Ears): Promise<Outcome | undefined> {
  const { language = 'en' } = scene
  let [session] = openSession({ ...spokenSession(language), comparesVoices: ears.encoder !== undefined })
  const detection = ears.detector.open({ signal: never })
  const scores = detection[Symbol.asyncIterator]()
  const loudspeaker = createLoudspeaker(HZ)
  const played = createPlayedSpeech(() => now)
  const microphone: Float32Array[] = []
  const timers = new Map<string, number>()
  const activities = new Map<ActivityId, { fromMs: number; over: boolean; busyUntil: number }>()
  let due: Due[] = []
  let recogniserFreeAt = 0
  let now = 0
  const player = { response: 0, clause: 0, sample: 0, runs: false, paused: false, startedAt: 0 }
  const says: { samples: Float32Array; fromMs: number }[] = [{ samples: scene.question, fromMs: 500 }]
  let soundAt = Number.POSITIVE_INFINITY
  let overlapped: ActivityId | undefined
  const outcome = {
    interrupted: false,
    toldMs: 0,
    silenceMs: 0,
    pauses: 0,
    pausedMs: 0,
    heard: [] as string[],
    alike: [] as string[],
    shares: [] as number[],
  }
  let louderDb: number | undefined
  let likeness: SessionEvent | undefined
  let encoding: Promise<unknown> = Promise.resolve()
  const { encoder } = ears
  const voices = createKnownVoices({
    encoder: encoder && {
      info: encoder.info,
      encode(samples, signal) {
        const print = encoder.encode(samples, signal)
        encoding = print
        return print
      },
    },
    clock: { ...systemClock, now: () => now },
    signal: never,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    emit: (event) => {
      likeness = event
    },
  })
  /** Made before time goes on. Nothing where there is too little speech, or nobody to compare with. */
  const compared = async (activity: ActivityId, toMs: number) => {
    likeness = undefined
    voices.compare(activity, () => hearing(activities.get(activity)?.fromMs ?? toMs, toMs))
    await encoding
    await new Promise(setImmediate)
    return likeness as SessionEvent | undefined
  }
  let pausedAt: number | undefined
  let transcript: string | undefined

  const hearing = (fromMs: number, toMs: number) => {
    const whole = new Float32Array(microphone.length * FRAME)
    for (const [index, frame] of microphone.entries()) whole.set(frame, index * FRAME)
    return whole.subarray(Math.round(fromMs * 16), Math.round(Math.min(toMs, microphone.length * 32) * 16))
  }
  const recognised = async (fromMs: number, toMs: number, over: boolean) => {
    const said = over &&
      ears.sayings && { likely: sayingsIn(language) ?? [], rivals: signsIn(language) ?? [] }
    const recognition = ears.recognizer.open({ signal: never, languageBefore: language, ...said })
    recognition.push(hearing(fromMs, toMs))
    const words = await recognition.settle()
    recognition.close()
    return words
  }
  const askWords = (activity: ActivityId, toMs: number, type: 'words' | 'transcript') => {
    const of = activities.get(activity)
    if (!of) return
    const at = Math.max(now, recogniserFreeAt) + ears.recognitionMs
    recogniserFreeAt = at
    of.busyUntil = at
    const { fromMs, over } = of
    due.push({
      at,
      async make() {
        const heard = await recognised(fromMs, toMs, over)
        const { text, language, averageLogProbability: sureness = 0 } = heard
        const lead = heard.lead === undefined ? {} : { lead: heard.lead }
        if (activity === overlapped)
          outcome.heard.push(
            `${Math.round(toMs - fromMs)} ms ${JSON.stringify(text)} (${sureness.toFixed(2)}${heard.lead === undefined ? '' : `, ${heard.lead.toFixed(1)}`})`,
          )
        if (type === 'transcript' && activity === overlapped) transcript = text
        const audioMs = toMs - fromMs
        return type === 'words'
          ? { type, at, activity, toMs, text, language, audioMs, sureness, ...lead }
          : { type, at, activity, text, language, audioMs, sureness, ...lead }
      },
    })
  }
  const tell = (event: Told) => {
    const [next, effects] = reduce(session, { ...event, at: now } as SessionEvent)
    session = next
    for (const effect of effects) {
      switch (effect.type) {
        case 'open-activity':
          activities.set(effect.activity, { fromMs: effect.fromMs, over: effect.over ?? false, busyUntil: 0 })
          if (now >= soundAt || (player.runs && scene.echoDb !== undefined)) overlapped ??= effect.activity
          break
        case 'drop-activity':
          if (effect.activity === overlapped) overlapped = undefined
          break
        case 'settle-activity':
          askWords(effect.activity, effect.toMs, 'words')
          break
        case 'guess-words':
          if ((activities.get(effect.activity)?.busyUntil ?? 0) <= now)
            askWords(effect.activity, effect.toMs, 'words')
          break
        case 'compare-voice': {
          const { activity, toMs } = effect
          const at = now + COMPARISON_MS
          due.push({
            at,
            async make() {
              const event = await compared(activity, toMs)
              if (event?.type !== 'voice') return undefined
              if (activity === overlapped)
                outcome.alike.push(`${event.speechMs} ms ${event.likeness.toFixed(2)}`)
              return { ...event, at }
            },
          })
          break
        }
        case 'compare-echo': {
          const { activity, toMs } = effect
          const compared = hearing(toMs - COMPARED_MS, toMs)
          const share = played.shareOf(compared, toMs)
          const levelDb = toDbfs(rms(compared))
          if (activity === overlapped) outcome.shares.push(Math.round(100 * share) / 100)
          due.push({ at: now, make: async () => ({ type: 'echo', at: now, activity, toMs, share, levelDb }) })
          break
        }
        case 'keep-voice':
          voices.keep(effect.activity, effect.sure)
          break
        case 'close-activity':
          askWords(effect.activity, Math.min(effect.toMs, now), 'transcript')
          break
        case 'start-response': {
          Object.assign(player, { response: effect.response, runs: false })
          const { response } = effect
          const at = now + FIRST_SOUND_MS
          if (effect.standing === 'certain') begin()
          else due.push({ at, make: async () => ({ type: 'response-ready', at, response }) })
          break
        }
        case 'release-response':
          begin()
          break
        case 'pause-response':
          player.paused = true
          pausedAt = now
          outcome.pauses++
          break
        case 'resume-response':
          player.paused = false
          if (pausedAt !== undefined) outcome.pausedMs += now - pausedAt
          pausedAt = undefined
          break
        case 'cancel-response':
          if (effect.response === player.response) player.runs = false
          break
        case 'set-timer':
          timers.set(effect.timer, effect.at)
          break
        case 'clear-timer':
          timers.delete(effect.timer)
          break
        case 'send': {
          const content = 'serverContent' in effect.message ? effect.message.serverContent : {}
          if (content.interrupted) {
            const onset = soundAt + (scene.onsetMs ?? 0)
            if (!outcome.interrupted) outcome.toldMs = now - onset
            if (!outcome.interrupted)
              outcome.silenceMs = Math.min(now, Math.max(loudspeaker.endMs, onset)) - onset
            outcome.interrupted = true
            loudspeaker.clear(now)
          }
          break
        }
      }
    }
  }
  function begin() {
    if (player.runs || outcome.interrupted) return
    Object.assign(player, { runs: true, paused: false, startedAt: now, clause: 0, sample: 0 })
    soundAt = scene.sound || scene.echoDb !== undefined ? now + BEFORE_MS : soundAt
    if (scene.sound)
      says.push({ samples: scene.sound.map((x) => x * fromDbfs(scene.gainDb ?? 0)), fromMs: soundAt })
  }
  const send = () => {
    while (player.runs && !player.paused && loudspeaker.endMs - now < LEAD_MS) {
      const clause = scene.answer[player.clause % scene.answer.length]!
      const piece = clause.samples.subarray(player.sample, player.sample + PIECE_MS * 16)
      const text = player.sample === 0 ? `${clause.text} ` : ''
      played.note(outputRate(piece), Math.max(now, loudspeaker.endMs))
      loudspeaker.receive(now, piece)
      const clauseMs = clause.samples.length / 16
      player.sample += piece.length
      if (player.sample >= clause.samples.length)
        Object.assign(player, { clause: player.clause + 1, sample: 0 })
      tell({ type: 'response-output', response: player.response, text, audioMs: piece.length / 16, clauseMs })
    }
  }
  const lengthMs = (scene.sound?.length ?? 6_000 * 16) / 16
  const unansweredMs = 500 + scene.question.length / 16 + UNANSWERED_MS
  while (now < soundAt + lengthMs + 2_500 && now < (player.startedAt ? 40_000 : unansweredMs)) {
    const frame = new Float32Array(FRAME)
    for (const { samples, fromMs } of says) {
      const offset = Math.round((now - fromMs) * 16)
      for (let index = Math.max(0, -offset); index < FRAME && offset + index < samples.length; index++)
        frame[index]! += samples[offset + index]!
    }
    if (scene.echoDb !== undefined)
      for (const { delayMs, share } of REFLECTIONS)
        loudspeaker.mixInto(frame, HZ, now - ECHO_DELAY_MS - delayMs, share * fromDbfs(scene.echoDb))
    microphone.push(frame)
    detection.push(frame)
    const { value: score } = await scores.next()
    const startMs = now
    now += FRAME_MS
    for (const [timer, at] of [...timers]) {
      if (at > now || timer === 'stream-end') continue
      timers.delete(timer)
      if (timer === 'barge-in') tell({ type: 'timer', timer })
    }
    for (const each of due.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)) {
      const event = await each.make()
      if (event) tell(event)
    }
    due = due.filter(({ at }) => at > now)
    tell({ type: 'audio-received', live: true })
    const levelDb = toDbfs(rms(frame))
    const level = Number.isFinite(levelDb) ? { levelDb } : {}
    tell({ type: 'speech-score', startMs, endMs: now, probability: score.probability, ...level })
    if (session.overlap?.loudestDb !== undefined && session.voiceDb !== undefined)
      louderDb = session.overlap.loudestDb - session.voiceDb
    send()
  }
  detection.finish()
  if (!player.startedAt) return undefined
  if (pausedAt !== undefined && !outcome.interrupted) outcome.pausedMs += now - pausedAt
  const { toldMs, silenceMs, ...rest } = outcome
  const gaps = outcome.interrupted ? [] : loudspeaker.underruns.filter(({ atMs }) => atMs >= soundAt)
  return {
    ...rest,
    gapsMs: gaps.map(({ lengthMs }) => lengthMs),
    ...(outcome.interrupted ? { toldMs, silenceMs } : {}),
    ...(louderDb === undefined ? {} : { louderDb }),
    ...(transcript === undefined ? {} : { transcript }),
  }
}

/** As synthesisers give it. */
const outputRate = (samples: Float32Array): Float32Array => resample(samples, HZ, SPEECH_OUTPUT_HZ)

function reflections(random: () => number): readonly { readonly delayMs: number; readonly share: number }[] {
  const walls = Array.from({ length: 30 }, () => {
    const delayMs = 2 + 200 * random() ** 2
    return { delayMs, share: (random() < 0.5 ? -0.3 : 0.3) * 10 ** ((-3 * delayMs) / 350) }
  })
  return [{ delayMs: 0, share: 1 }, ...walls]
}
