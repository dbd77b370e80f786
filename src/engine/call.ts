/**
 * The messages between the server and a child process that holds an engine; those to the child come as lists. One concept for every kind of engine: a call
 * that takes arguments and inputs and yields parts, pulled by credit, ended, failed or aborted. Types only.
 */
import type { EngineErrorCode } from './errors.js'
import type { EngineInfo } from './info.js'

export type CallMessage =
  /** `credit`: parts that may be made beyond those that were pulled. */
  | {
      readonly type: 'call'
      readonly id: number
      readonly method: string
      readonly args: unknown
      readonly credit: number
    }
  | { readonly type: 'input'; readonly id: number; readonly value: unknown }
  | { readonly type: 'input-end'; readonly id: number }
  | { readonly type: 'pull'; readonly id: number }
  | { readonly type: 'abort'; readonly id: number }
  | { readonly type: 'stop' }

export type CallReply =
  | { readonly type: 'ready'; readonly info: EngineInfo }
  | { readonly type: 'load-failed'; readonly message: string }
  | { readonly type: 'part'; readonly id: number; readonly value: unknown }
  | { readonly type: 'end'; readonly id: number }
  | { readonly type: 'error'; readonly id: number; readonly code: EngineErrorCode; readonly message: string }

/** What a child process is asked to load: a name of the engine registry and that engine's own options. */
export interface EngineLoad {
  readonly engine: string
  readonly options: Readonly<Record<string, unknown>>
}
