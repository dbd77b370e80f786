/** The whole state of a conversation, as one value: it can be logged, compared and replayed. */

import { type Addressing, NEW_ADDRESSING } from './addressing.js'
import { type Affect, type HeardQuestion, NEW_AFFECT } from './affect.js'
import type { SessionConfig } from './config.js'
import { type ContextSize, EMPTY_CONTEXT } from './context-window.js'
import type { SessionMessage, SessionPrompt } from './effects.js'
import type { ResponseId } from './events.js'
import { type Floor, QUIET } from './floor.js'
import type { Overlap } from './overlap.js'
import type { PlayedBack } from './played-back.js'
import type { Clause } from './playout.js'
import { promptMessages } from './prompt-messages.js'
import type { Resumption } from './resumption.js'
import { type AwaitedCall, newTools, promptFunctions, type Tools } from './tools-state.js'
import type { OpenTurn } from './turn.js'
import { NOTHING_SHOWN, type View } from './view.js'
import type { Voices } from './voices.js'

export interface Session {
  readonly config: SessionConfig
  /** System instruction in force; a `system` turn replaces it. */
  readonly system: string
  readonly floor: Floor
  readonly stream: Stream
  /** The user's turn that waits for words, for silence or for the model to finish. */
  readonly turn: OpenTurn | undefined
  readonly output: Output
  /** The answer that is made while the end of the turn is not certain yet; only where the model is silent. */
  readonly speculation?: Speculation
  /** Speech over the model's own, as long as it may be no interruption. */
  readonly overlap?: Overlap
  /** The activity that goes on may be the model itself, out of the user's loudspeaker. */
  readonly playedBack?: PlayedBack
  /** When the model was heard last. */
  readonly soundedAt?: number
  /** The model was heard back in its client's microphone. */
  readonly echoes?: true
  /** How loud those speak whom the model answers, dBFS; absent = not known. */
  readonly voiceDb?: number
  /** What was said, on the model's side only as far as it was heard. */
  readonly messages: readonly SessionMessage[]
  readonly tools: Tools
  /** What comes as content is history still. */
  readonly awaitsHistory: boolean
  readonly view: View
  /** How large they are. */
  readonly context: ContextSize
  /** Absent = the client wants no handles. */
  readonly resumption?: Resumption
  readonly nextId: number
  /** Length of all user audio that was recognised, ms. */
  readonly userAudioMs: number
  /** Language the user last spoke, primary subtag. */
  readonly language: string
  readonly closed: boolean
  /** Absent = how the user sounds is not asked for. */
  readonly affect?: Affect
  /** Absent = everything that is heard is for the model. */
  readonly addressing?: Addressing
  /** Absent = voices are not told apart. */
  readonly voices?: Voices
}

/** The client's audio stream. A burst is a file sent at once: it is answered when it has ended. */
export type Stream =
  | { readonly phase: 'none' }
  | { readonly phase: 'flowing'; readonly live: boolean }
  | { readonly phase: 'ended'; readonly live: boolean }

export type Output =
  | { readonly phase: 'silent' }
  | Responding
  /** The model waits for results; `clauses` is what it said before it called. */
  | {
      readonly phase: 'calling'
      readonly response: ResponseId
      readonly clauses: readonly Clause[]
      readonly usage: Spent
      readonly calls: readonly AwaitedCall[]
    }
  /** All was produced and sent, and the client is still playing it. */
  | {
      readonly phase: 'playing'
      readonly response: ResponseId
      readonly clauses: readonly Clause[]
      readonly usage: Spent
    }

export interface Responding {
  readonly phase: 'responding'
  readonly response: ResponseId
  /** answer = first try; retry = second try after an engine was lost; apology = both failed. */
  readonly stage: 'answer' | 'retry' | 'apology'
  readonly clauses: readonly Clause[]
  /** The user's turn that is being answered and the number of messages before it: what is put back if the user goes on. */
  readonly answers: { readonly turn: OpenTurn; readonly messagesBefore: number } | undefined
}

export interface Speculation {
  readonly response: ResponseId
  /** The question that it answers, after these messages (compared by identity) and under this system instruction. */
  readonly text: string
  readonly messagesBefore: readonly SessionMessage[]
  readonly system: string
  /** The question as the model was given it, and how the user sounded then. */
  readonly heard: HeardQuestion
  /** The turn is over as soon as this is ready. */
  readonly due: boolean
  /** Its first output is there, and is held. */
  readonly ready: boolean
  readonly failed: boolean
}

export interface Spent {
  readonly promptTokens: number
  readonly outputTokens: number
}

export const SILENT: Output = { phase: 'silent' }

export function newSession(config: SessionConfig): Session {
  return {
    config,
    system: config.system,
    floor: QUIET,
    stream: { phase: 'none' },
    turn: undefined,
    output: SILENT,
    messages: [],
    tools: newTools(config),
    awaitsHistory: config.initialHistory ?? false,
    view: NOTHING_SHOWN,
    context: EMPTY_CONTEXT,
    ...(config.resumption && {
      resumption: { checkpoint: 0, points: [], saved: undefined, detached: false },
    }),
    ...(config.affective && { affect: NEW_AFFECT }),
    ...(config.proactive && { addressing: NEW_ADDRESSING }),
    ...(config.comparesVoices && { voices: { heard: [] } }),
    nextId: 1,
    userAudioMs: 0,
    language: config.language,
    closed: false,
  }
}

export function sessionPrompt(session: Session): SessionPrompt {
  const system = [session.system, session.config.style].filter((text) => text !== '').join('\n\n')
  const functions = promptFunctions(session.config, session.tools)
  return {
    system,
    ...(functions && { functions, ...(mustCall(session) && { mustCall: true }) }),
    messages: promptMessages(session.messages, session.config.vision?.tells === 'pictures'),
  }
}

/** Mode ANY is about what the user says: had the model to call after its results too, it would never tell them. */
function mustCall({ config, messages }: Session): boolean {
  if (config.functionCalling?.mode !== 'ANY') return false
  const last = messages.findLast((message) => !('picture' in message))?.role
  return last !== 'call' && last !== 'result'
}
