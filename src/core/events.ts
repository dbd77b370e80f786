/**
 * Everything that can happen to a session. Each event carries `at`, wall-clock milliseconds of a monotonic clock set by
 * the runtime; positions in audio are milliseconds counted in samples from the first sample of the session.
 */
import type { ContentTurn, FunctionDeclaration, JsonObject, ToolResult } from '../protocol/index.js'
import type { Manner } from './tone.js'
import type { Foreseen } from './turn-end.js'

export type ActivityId = number
/** How sure the recogniser is of its words: mean log-probability of a token, 0 … −∞; absent = it does not say. */
export type Sureness = number
/** How much likelier the words are than any row of signs of listening, natural logarithms, 0 … 8; absent = the recogniser does not say. */
export type Lead = number
export type ResponseId = number
/** Names a picture across all connections of a session. */
export type PictureId = string
/** A frame of what is on view now, or a picture that belongs to what was written. */
export type PictureSource = 'video' | 'image'

/** Content with its pictures by name. */
export type SessionTurn =
  | Exclude<ContentTurn, { role: 'picture' }>
  | { readonly role: 'picture'; readonly picture: PictureId }

export type SessionEvent =
  | {
      readonly type: 'content'
      readonly at: number
      readonly turns: readonly SessionTurn[]
      readonly turnComplete: boolean
      /** Of the user's last words; absent = unknown. */
      readonly language?: string
    }
  /** `language`: absent = unknown. */
  | {
      readonly type: 'realtime-text'
      readonly at: number
      readonly text: string
      readonly language?: string
    }
  /** A frame of video came. */
  | { readonly type: 'picture'; readonly at: number; readonly picture: PictureId }
  /** What was seen, in words (empty where the model takes the picture itself), and how much of it has changed, 0 … 1. */
  | {
      readonly type: 'sight'
      readonly at: number
      readonly picture: PictureId
      readonly words: string
      readonly change: number
    }
  /** It is no picture, or took too long. */
  | { readonly type: 'sight-failed'; readonly at: number; readonly picture: PictureId }
  | { readonly type: 'tool-results'; readonly at: number; readonly results: readonly ToolResult[] }
  /** The client changes the setup of the running session; what is absent stays. */
  | {
      readonly type: 'context-update'
      readonly at: number
      readonly system?: string
      readonly functions?: readonly FunctionDeclaration[]
    }
  /** The client's own marks; `audioMs` is the position of the audio received so far. */
  | { readonly type: 'activity-start'; readonly at: number; readonly audioMs: number }
  | { readonly type: 'activity-end'; readonly at: number; readonly audioMs: number }
  /** The client paused its microphone; comes after the scores of all audio received before it, which ends at `audioMs`. */
  | { readonly type: 'audio-stream-end'; readonly at: number; readonly audioMs: number }
  /** Audio came in. `live` = at no more than 1.5 × real time, so a person is probably at the microphone. */
  | { readonly type: 'audio-received'; readonly at: number; readonly live: boolean }
  /** All audio received so far has been scored. */
  | { readonly type: 'audio-drained'; readonly at: number }
  | {
      readonly type: 'speech-score'
      readonly at: number
      readonly startMs: number
      readonly endMs: number
      readonly probability: number
      /** Of the frame, dBFS; absent = not known. */
      readonly levelDb?: number
    }
  /** What an open activity has said up to `toMs`; its last words if it was settled there and ends. */
  | {
      readonly type: 'words'
      readonly at: number
      readonly activity: ActivityId
      readonly toMs: number
      readonly text: string
      readonly language: string
      readonly audioMs: number
      readonly sureness?: Sureness
      readonly lead?: Lead
    }
  /** How finished the activity sounds up to `toMs`. */
  | {
      readonly type: 'turn-vote'
      readonly at: number
      readonly activity: ActivityId
      readonly toMs: number
      /** 0 … 1 */
      readonly probability: number
    }
  /** How the activity sounds up to where that was asked. */
  | {
      readonly type: 'manner'
      readonly at: number
      readonly activity: ActivityId
      readonly manner: Manner
    }
  /** How alike the activity's voice is to those that were answered (the cosine, 1 = the same), of so much speech. */
  | {
      readonly type: 'voice'
      readonly at: number
      readonly activity: ActivityId
      readonly speechMs: number
      readonly likeness: number
    }
  /** How much of the activity's sound just before here is the model's own, out of the user's loudspeaker: 0 … 1 of its power; and its level, dBFS. */
  | {
      readonly type: 'echo'
      readonly at: number
      readonly activity: ActivityId
      readonly toMs: number
      readonly share: number
      readonly levelDb: number
    }
  /** The language model's lead for the first answer over the second, in natural logarithms. */
  | {
      readonly type: 'address-vote'
      readonly at: number
      readonly question: number
      readonly lead: number
    }
  | {
      readonly type: 'transcript'
      readonly at: number
      readonly activity: ActivityId
      readonly text: string
      readonly language: string
      /** Length of the audio that was recognised. */
      readonly audioMs: number
      readonly sureness?: Sureness
      readonly lead?: Lead
    }
  /** `retryable`: a second try may work. */
  | {
      readonly type: 'transcript-failed'
      readonly at: number
      readonly activity: ActivityId
      readonly retryable: boolean
    }
  /** The language model has read on in the prompt that it was given last: so many tokens of it are left. */
  | { readonly type: 'prompt-read'; readonly at: number; readonly unreadTokens: number }
  /** The engines are at work (a chunk of prompt evaluated, a token made): the answer is not stuck. */
  | { readonly type: 'response-progress'; readonly at: number; readonly response: ResponseId }
  /** What may follow the words that a held response answers, as its language model sees it. */
  | ({ readonly type: 'response-ending'; readonly at: number; readonly response: ResponseId } & Foreseen)
  /** Something of a held response could leave. */
  | { readonly type: 'response-ready'; readonly at: number; readonly response: ResponseId }
  /** A piece of a clause went out to the client. `text` comes with the first one. `audioMs` is its length, 0 for text. */
  | {
      readonly type: 'response-output'
      readonly at: number
      readonly response: ResponseId
      readonly text: string
      readonly audioMs: number
      /** Of the whole clause, where this is its beginning only. */
      readonly clauseMs?: number
    }
  /** All of the response was produced and sent; with `calls` the model wants them carried out now. */
  | {
      readonly type: 'response-generated'
      readonly at: number
      readonly response: ResponseId
      readonly promptTokens: number
      readonly outputTokens: number
      readonly calls?: readonly RequestedCall[]
    }
  | {
      readonly type: 'response-failed'
      readonly at: number
      readonly response: ResponseId
      readonly retryable: boolean
    }
  /** An engine did not come back within its grace (30 s): nothing can be answered. */
  | { readonly type: 'engine-unavailable'; readonly at: number; readonly engine: string }
  /** The checkpoint is safe. `handle` leads to it; `consumedIndex` is the last client message that it holds. */
  | {
      readonly type: 'checkpoint-saved'
      readonly at: number
      readonly checkpoint: number
      readonly handle: string
      readonly consumedIndex: number
    }
  /** The client has received everything that was sent before the effect with this number. */
  | { readonly type: 'delivered'; readonly at: number; readonly checkpoint: number }
  /** Another connection goes on with this session. */
  | { readonly type: 'taken-over'; readonly at: number }
  | { readonly type: 'timer'; readonly at: number; readonly timer: TimerName }
  | { readonly type: 'disconnected'; readonly at: number }

/** A call as the model made it. */
export interface RequestedCall {
  readonly name: string
  readonly args: JsonObject
}

/**
 * look: the next frame may be looked at. checkpoint: nothing happened for long. stream-end: no more audio came. barge-in: it must be decided whether the user interrupts.
 * address: the vote on whether the words are for the model has not come. playout: the client has probably played everything. answer-owed: the watchdog.
 */
export type TimerName =
  | 'stream-end'
  | 'barge-in'
  | 'playout'
  | 'answer-owed'
  | 'checkpoint'
  | 'look'
  | 'address'
