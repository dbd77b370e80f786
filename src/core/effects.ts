/** What the runtime is told to do, in order. Effects name activities and responses by id and never carry audio. */
import type { Closing, ContentTurn, FunctionDeclaration, ServerMessage } from '../protocol/index.js'
import type { AddressVerdict } from './address-verdict.js'
import type { ActivityId, PictureId, PictureSource, ResponseId, TimerName } from './events.js'
import type { Snapshot } from './snapshot.js'
import type { SpeakingManner, Tone } from './tone.js'

export type Effect =
  | { readonly type: 'send'; readonly message: ServerMessage }
  /** Begin to recognise the audio from this position on. */
  | {
      readonly type: 'open-activity'
      readonly activity: ActivityId
      readonly fromMs: number
      /** It begins while the model is heard. */
      readonly over?: true
    }
  /** The user may have finished: settle the transcript of the audio up to here, answer with `words`, and hold back what follows. */
  | { readonly type: 'settle-activity'; readonly activity: ActivityId; readonly toMs: number }
  /** It goes on: what was said up to here? Answer with `words`. */
  | { readonly type: 'guess-words'; readonly activity: ActivityId; readonly toMs: number }
  /** The same where it costs nobody anything: the words are of use, but nobody waits for them. */
  | { readonly type: 'partial-words'; readonly activity: ActivityId; readonly toMs: number }
  /** Does the activity sound finished up to here? A `turn-vote` answers where there is a turn detector. */
  | { readonly type: 'score-turn'; readonly activity: ActivityId; readonly toMs: number }
  /** How does the activity sound up to here? A `manner` answers where there is a tone reader. */
  | { readonly type: 'read-manner'; readonly activity: ActivityId; readonly toMs: number }
  /** Whose voice is it, up to here? A `voice` answers where one was answered before and there is enough to tell. */
  | { readonly type: 'compare-voice'; readonly activity: ActivityId; readonly toMs: number }
  /** Is it the model itself, out of the user's loudspeaker, just before here? An `echo` answers. */
  | { readonly type: 'compare-echo'; readonly activity: ActivityId; readonly toMs: number }
  /** The activity was answered: what is heard later is compared with its voice. `sure`: even one that is unlike those before. */
  | { readonly type: 'keep-voice'; readonly activity: ActivityId; readonly sure: boolean }
  /** Speech goes on: recognise from where it was held. `wordsWanted` false = words that are being found out say nothing any more. */
  | { readonly type: 'resume-activity'; readonly activity: ActivityId; readonly wordsWanted: boolean }
  /** The activity ended here. Answer with `transcript` or `transcript-failed`. */
  | { readonly type: 'close-activity'; readonly activity: ActivityId; readonly toMs: number }
  /** It ended where it was settled, and its words are known: nothing more is to be recognised. */
  | { readonly type: 'finish-activity'; readonly activity: ActivityId }
  /** The recogniser was lost: try the same audio once more. */
  | { readonly type: 'retry-activity'; readonly activity: ActivityId }
  /** Its words will never be known: let go of its audio. */
  | { readonly type: 'drop-activity'; readonly activity: ActivityId }
  /** Have the language model read what it will be asked about words that may not be for it. */
  | { readonly type: 'prepare-address'; readonly prompt: SessionPrompt }
  /** Which of the answers is likelier? An `address-vote` answers, unless another question comes first. `urgent`: somebody waits for it. */
  | {
      readonly type: 'ask-address'
      readonly question: number
      readonly prompt: SessionPrompt
      readonly answers: readonly [yes: string, no: string]
      readonly urgent: boolean
    }
  /** How much likelier are the last words after the exchange than among people? Answered as `ask-address` is, in natural logarithms for a token; somebody waits for it. */
  | {
      readonly type: 'foresee-address'
      readonly question: number
      readonly exchange: SessionPrompt
      readonly among: SessionPrompt
    }
  /** For the record of the turn: whether it was for the model, and why. */
  | { readonly type: 'note-address'; readonly verdict: AddressVerdict }
  /** Bring the language model's cache up to date while nothing else is to be done, and say `prompt-read` as it goes on. */
  /** `soon`: somebody speaks, and it is what they may ask about. */
  | { readonly type: 'prefill'; readonly prompt: SessionPrompt; readonly soon?: true }
  | {
      readonly type: 'start-response'
      readonly response: ResponseId
      readonly prompt: SessionPrompt
      readonly language: string
      /** How the user sounds; absent = not asked for, or nothing is known. */
      readonly tone?: Tone
      /** Absent = as ever. */
      readonly manner?: SpeakingManner
      readonly standing: Standing
    }
  /** A possible answer has become due. */
  | { readonly type: 'hasten-response'; readonly response: ResponseId }
  /** The turn is over: what was made already goes out now. */
  | { readonly type: 'release-response'; readonly response: ResponseId }
  /** Send nothing more of it, until `resume-response` lets it go on at the same sample. */
  | { readonly type: 'pause-response'; readonly response: ResponseId }
  | { readonly type: 'resume-response'; readonly response: ResponseId }
  /** No further byte of this response may leave. `heardMs`: what it said was heard so far, and is cut off there; absent = nobody will hear of it. */
  | { readonly type: 'cancel-response'; readonly response: ResponseId; readonly heardMs?: number }
  /** Say in a short sentence that something went wrong, as the output of this response. */
  | { readonly type: 'apologise'; readonly response: ResponseId; readonly language: string }
  /** Answer with `sight` or `sight-failed`. */
  | { readonly type: 'look-at'; readonly picture: PictureId }
  /** Nobody will look at it. */
  | { readonly type: 'drop-picture'; readonly picture: PictureId }
  /** Keep this beyond the connection, and say `checkpoint-saved`. `last`: nothing comes after it. */
  | {
      readonly type: 'checkpoint'
      readonly checkpoint: number
      readonly snapshot: Snapshot
      readonly last: boolean
    }
  /** Say `delivered` when the client has received everything sent so far. */
  | { readonly type: 'confirm-delivery'; readonly checkpoint: number }
  | { readonly type: 'set-timer'; readonly timer: TimerName; readonly at: number }
  | { readonly type: 'clear-timer'; readonly timer: TimerName }
  | { readonly type: 'close'; readonly closing: Closing }

/**
 * How certain it is that an answer is wanted. possible: the user may go on, and whatever is certain goes before it. due: the user has
 * finished as far as silence can tell; it is made as if it were certain. Nothing of either may leave before `release-response`;
 * `response-ready` says that something could.
 */
export type Standing = 'possible' | 'due' | 'certain'

export interface SessionPrompt {
  readonly system: string
  readonly functions?: readonly PromptFunction[]
  /** True = it calls one of them, whatever was said. */
  readonly mustCall?: boolean
  readonly messages: readonly PromptMessage[]
}

/** The history as engines take it; pictures by id, for a model that takes them. */
export type PromptMessage =
  | {
      readonly role: 'user' | 'model'
      readonly text: string
      readonly pictures?: readonly PictureId[]
      readonly speech?: SpokenParts
    }
  | Extract<SessionMessage, { role: 'call' } | { role: 'result' }>

/** What of a message was spoken, for a model that hears. */
export interface SpokenParts {
  readonly activities: readonly ActivityId[]
  /** What was typed beside it. */
  readonly typed: string
}

export interface ShownPicture {
  readonly id: PictureId
  readonly source: PictureSource
}

export type PromptFunction = Omit<FunctionDeclaration, 'behavior'>

/** What was said, called and given back. */
export type SessionMessage =
  /** `picture`: what was shown, `text` then what was seen in it; empty as long as nobody has looked. */
  | {
      readonly role: 'user' | 'model'
      readonly text: string
      readonly picture?: ShownPicture
      readonly speech?: SpokenParts
      /** It was said to somebody else. */
      readonly overheard?: boolean
    }
  | Extract<ContentTurn, { role: 'call' } | { role: 'result' }>
