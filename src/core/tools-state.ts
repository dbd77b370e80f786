/**
 * What a session knows of the client's functions: which there are, which calls run in the background, and what has come
 * back and is not told yet. Data and small questions about it; decisions are in `tools.ts`.
 */
import {
  behaviourOf,
  type FunctionDeclaration,
  type FunctionResult,
  isBlocking,
  mayCall,
  type ToolResult,
} from '../protocol/index.js'
import type { SessionConfig } from './config.js'
import type { PromptFunction } from './effects.js'

export interface Tools {
  readonly functions: readonly FunctionDeclaration[]
  /** Calls that the model does not wait for, oldest first. */
  readonly background: readonly OpenCall[]
  /** Results that came while the model was busy: they join the history when it is silent. */
  readonly arrived: readonly ArrivedResult[]
  /** The history ends in results that nobody has spoken of yet. */
  readonly due: boolean
  /** Nothing was said with the calls in the background: their turn ends with what is said of the results. */
  readonly turnGoesOn?: true
  /** Names of calls that were taken back: a result without an id may still come for each. */
  readonly cancelled: readonly string[]
}

export interface OpenCall {
  readonly id: string
  readonly name: string
}

/** A call that the model waits for, with what came back so far. */
export interface AwaitedCall extends OpenCall {
  readonly results: readonly FunctionResult[]
  readonly done: boolean
  /** Its result is not to be spoken of. */
  readonly silent: boolean
}

export interface ArrivedResult extends OpenCall {
  readonly result: FunctionResult
  readonly silent: boolean
}

export function newTools(config: SessionConfig): Tools {
  return { functions: setupFunctions(config), background: [], arrived: [], due: false, cancelled: [] }
}

/** The same value for the same setup. */
export const setupFunctions = ({ functions = NO_FUNCTIONS }: SessionConfig) => functions
const NO_FUNCTIONS: readonly FunctionDeclaration[] = []

/** What the model is told of; undefined = it calls nothing. */
export function promptFunctions(
  { functionCalling }: SessionConfig,
  tools: Tools,
): readonly PromptFunction[] | undefined {
  const allowed = tools.functions.filter(({ name }) => !functionCalling || mayCall(functionCalling, name))
  return allowed.length === 0 ? undefined : allowed.map(({ behavior: _, ...declaration }) => declaration)
}

export function sessionBehaviour(config: SessionConfig) {
  return config.behaviour ?? DEFAULT_BEHAVIOUR
}

const DEFAULT_BEHAVIOUR = behaviourOf('')

export function waitsFor(config: SessionConfig, tools: Tools, name: string): boolean {
  const declared = tools.functions.find((each) => each.name === name)
  return isBlocking(sessionBehaviour(config), declared?.behavior)
}

/** The open call that a result belongs to: by id; without one the oldest of that name, or without a name the oldest. */
export function callOf<Call extends OpenCall>(calls: readonly Call[], result: ToolResult): Call | undefined {
  if (result.id !== undefined) return calls.find(({ id }) => id === result.id)
  return calls.find(({ name }) => result.name === undefined || name === result.name)
}

/** A generator's results are one result, in order; its last, empty one only ends it. */
export function wholeResult(results: readonly FunctionResult[]): FunctionResult {
  const told = results.filter((result, index) => index === 0 || !isEmpty(result))
  const failed = told.find((result) => 'error' in result)
  if (failed) return failed
  if (told.length === 1) return told[0]!
  return { output: told.flatMap((result) => ('output' in result ? [result.output] : [])) }
}

export function isEmpty(result: FunctionResult): boolean {
  const value = 'output' in result ? result.output : result.error
  return value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)
}
