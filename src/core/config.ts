/**
 * What one session was set up to do, in the core's own terms: the client's setup, the served model's profile and the
 * server's turn-taking defaults already merged. It knows nothing of the wire names these values came by.
 */
import type { FunctionCalling, FunctionDeclaration, ModelBehaviour } from '../protocol/index.js'
import type { ContextWindow } from './context-window.js'
import type { Endpointing } from './endpointing.js'

export interface SessionConfig {
  readonly modality: 'AUDIO' | 'TEXT'
  /** System instruction as the developer wrote it; may be empty. */
  readonly system: string
  /** Appended to the system instruction: how to answer so that it can be spoken. Empty for text. */
  readonly style: string
  readonly floor: FloorSettings
  /** False = the model finishes what it says; what the user says meanwhile waits its turn. */
  readonly interruptible: boolean
  /** Audio between activities belongs to the turn that follows it; absent = it belongs to none. */
  readonly coversAllAudio?: boolean
  readonly inputTranscription: boolean
  readonly outputTranscription: boolean
  /** Language of the apology when nothing was recognised yet, primary subtag. */
  readonly language: string
  /** Functions of the client that the model may call; absent = none. */
  readonly functions?: readonly FunctionDeclaration[]
  readonly functionCalling?: FunctionCalling
  /** What is said here counts whatever became of it in the session that goes on; absent = nothing. */
  readonly fixed?: { readonly system: boolean; readonly functions: boolean }
  /** How the model that the client named differs from others; absent = as 2.5. */
  readonly behaviour?: ModelBehaviour
  /** Content up to the first turnComplete is history, not a question. */
  readonly initialHistory?: boolean
  /** The client is told when activity starts and ends. */
  readonly voiceActivity?: boolean
  /** How long the history may grow; absent = as long as the service announces. */
  readonly window?: ContextWindow
  /** How the user sounds shapes what is answered and how it is spoken. */
  readonly affective?: boolean
  /** The model takes the user's speech itself; absent = it is told the words. */
  readonly hearsSpeech?: boolean
  /** The language model tells what may follow the words of a held answer. */
  readonly foresees?: boolean
  /** What was not said to the model is not answered. */
  readonly proactive?: ProactiveConfig
  /** Voices are told apart: whoever is heard is compared with those who were answered. */
  readonly comparesVoices?: boolean
  /** What becomes of pictures; absent = nobody here can see them. */
  readonly vision?: VisionConfig
  /** Present = the client wants handles. */
  readonly resumption?: { readonly transparent: boolean }
}

export interface ProactiveConfig {
  /**
   * What the language model is asked where words, dialogue and sound leave it open: for its opinion, or how much likelier the words are after the exchange than
   * among people. Absent = these alone decide.
   */
  readonly asks?: 'opinion' | 'likelihood'
  /** It may speak of itself when something is seen that the user wished to be told of. */
  readonly video: boolean
}

export interface VisionConfig {
  /** words: the model is told what was seen. pictures: it takes the pictures themselves. */
  readonly tells: 'words' | 'pictures'
  /** Which frames belong to a turn: those on view while the user is active, or all. */
  readonly coverage: 'activity' | 'all'
  /** What one picture counts. */
  readonly pictureTokens: number
}

/** Endpointing of automatic activity detection. All durations are audio time. */
export interface FloorSettings {
  /** False = the client marks activities itself. */
  readonly automatic: boolean
  /** Probability from which a frame counts as speech. */
  readonly speechThreshold: number
  /** Speech needed before an activity starts, ms. */
  readonly onsetMs: number
  /** How much silence ends an activity. */
  readonly endpointing: Endpointing
}

/**
 * While the answer is still being made nothing would be heard earlier if the turn were over: up to this much silence the user may go
 * on without being cut off. Two cores have the first sound in hand by then in 12 of 20 turns.
 */
export const MAKING_WAIT_MS = 480
/** The same, where the language model has read the words by then, which the first sound follows in 0.1 to 0.3 s. With 544 ms 26 of 30 turns have it by then, and waits after whole turns are 20 ms longer. */
export const READ_WAIT_MS = 512
/** And where it will tell what may follow the words, but has not read them yet. */
export const READING_WAIT_MS = 640

/** While it is silent and the end is open, it is asked again after this long whether the user sounds finished. */
export const RESCORE_MS = 192
/** So long the answer to that takes, on one core of two. */
export const VOTE_MS = 96
/** Audio kept from before the detected onset, so that the first sounds of a word are not lost. */
export const PRE_ROLL_MS = 300
/** The same of who speaks over the model on a loudspeaker, before which all was the model's. */
export const MIXED_PRE_ROLL_MS = 100
/** What was sent to be heard comes back so much later at the most: buffers of loudspeaker and microphone, the network twice, the air. */
export const LONGEST_ECHO_MS = 1_000
/**
 * Silence after which everything is made ready while the end is not yet decided: words, answer, speech. One frame: the end of speech is seen
 * 30 to 90 ms late, so that to a listener it is 64 ms and more, and the words of 126 whole turns are as right as after two (11 differ, each in marks, capitals or one slip either
 * way). Stop consonants set it off too, some 20 times in a minute of speech: each costs a recognition and a vote.
 */
export const SOFT_END_MS = 32
/**
 * Where no answer is waited for, and where others speak as well: there voices are compared at each pause, words are taken for all that is said, and a stop consonant is to be no pause. Some 3 to 8 in a
 * minute are longer.
 */
export const PLAIN_SOFT_END_MS = 64

/**
 * A frame this far below the loudest of the activity is silent, whatever the detector says: it rings on for one to three frames. At the end of
 * 49 recordings that is 28 ms sooner, and cuts off one pause more than the 18 there are anyway; 40 dB would cut off 5 more.
 */
export const SILENT_BELOW_DB = 45
/**
 * Speech that is this much softer than the loudest of the activity for so long is somebody else's, or a television's: it holds no turn open.
 * Nobody's own words are: in 79 clips of one speaker no such stretch was that long.
 */
export const BACKGROUND_BELOW_DB = 18
export const BACKGROUND_AFTER_MS = 500
/** While the user speaks, the words so far are asked for after so much more of it. A recognition takes 0.1 to 0.2 s of one core. */
export const PARTIAL_MS = 640
/** Wall time without audio after which a burst (sent faster than real time) has ended. */
export const BURST_END_MS = 500
/** Wall time without audio after which a stream that came in real time has ended: a network gap must not cut anyone off. */
export const LIVE_END_MS = 2_000
/** Wall time without any progress after which an answer that is owed counts as failed. */
export const ANSWER_OWED_MS = 90_000

/** Silence that ends an activity where it ends no turn: in a burst, whose activities are answered together, and over the model's own speech. */
export const PLAIN_SILENCE_MS = 500

export interface FloorRequest {
  readonly automatic: boolean
  readonly startSensitivity?: 'HIGH' | 'LOW' | undefined
  readonly endSensitivity?: 'HIGH' | 'LOW' | undefined
  readonly prefixPaddingMs?: number | undefined
  readonly silenceDurationMs?: number | undefined
}

/** What holds where the client does not say. */
export interface FloorDefaults {
  /** Absent = as the named model's flavour has it. */
  readonly startSensitivity?: 'HIGH' | 'LOW'
  readonly endSensitivity?: 'HIGH' | 'LOW'
  /** Absent = graded by what was said and how it sounded. */
  readonly silenceMs?: number
  /** Absent = by sensitivity. */
  readonly onsetMs?: number
}

/** Low sensitivity asks for more speech before it counts and waits longer for its end. */
const HIGH_ONSET_MS = 96
const LOW_ONSET_MS = 192
const LOW_END_EXTRA_MS = 300

/** Explicit durations are obeyed exactly; sensitivities choose the rest: the client's, the operator's, the flavour's. */
export function floorSettings(
  request: FloorRequest,
  defaults: FloorDefaults = {},
  flavour: 'HIGH' | 'LOW' = 'HIGH',
): FloorSettings {
  const eager = (request.startSensitivity ?? defaults.startSensitivity ?? flavour) === 'HIGH'
  const patient = (request.endSensitivity ?? defaults.endSensitivity ?? flavour) === 'LOW'
  return {
    automatic: request.automatic,
    speechThreshold: eager ? 0.5 : 0.7,
    onsetMs: request.prefixPaddingMs ?? defaults.onsetMs ?? (eager ? HIGH_ONSET_MS : LOW_ONSET_MS),
    endpointing: endpointing(request.silenceDurationMs, defaults.silenceMs, patient ? LOW_END_EXTRA_MS : 0),
  }
}

function endpointing(
  askedMs: number | undefined,
  defaultMs: number | undefined,
  extraMs: number,
): Endpointing {
  if (askedMs !== undefined) return { kind: 'fixed', silenceMs: askedMs }
  return defaultMs === undefined
    ? { kind: 'graded', extraMs }
    : { kind: 'fixed', silenceMs: defaultMs + extraMs }
}
