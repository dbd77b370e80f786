/**
 * Puts the function calls of a chat completion together from what servers send: names and arguments in pieces, all at once,
 * with an index or without, arguments as text or as an object. Knows nothing of requests or streams.
 */
import { EngineError, type FunctionDeclaration, type GenerationPart } from '../../engine/index.js'
import { fitArguments } from '../function-arguments.js'

export interface ToolCallDelta {
  readonly index?: number
  readonly id?: string | null
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null
}

type CallPart = Extract<GenerationPart, { type: 'call' }>

export interface ToolCalls {
  /** Takes what came and returns the calls that are complete because another one has begun. */
  push(deltas: readonly ToolCallDelta[] | null | undefined): CallPart[]
  /** The last ones. Throws `EngineError` (`engine-failed`) for a call that can't be carried out; one that was cut off is none. */
  flush(wasCutOff: boolean): CallPart[]
}

interface OpenCall {
  readonly index: number | undefined
  readonly id: string | undefined
  name: string
  json: string
}

export function createToolCalls(functions: readonly FunctionDeclaration[] = []): ToolCalls {
  let open: OpenCall | undefined

  function complete(call: OpenCall): CallPart {
    const declaration = functions.find(({ name }) => name === call.name)
    if (declaration === undefined) {
      throw new EngineError('engine-failed', `the language model called ${call.name}, which was not declared`)
    }
    const value = parseArguments(call.json)
    if (value === undefined) {
      throw new EngineError('engine-failed', `the language model called ${call.name} with broken JSON`)
    }
    const fitted = fitArguments(declaration, value)
    if ('problem' in fitted)
      throw new EngineError('engine-failed', `the language model erred: ${fitted.problem}`)
    return { type: 'call', name: call.name, args: fitted.args }
  }

  /** Some servers number no calls, some give all of them the index 0, some repeat id and name in every piece. */
  function isAnother({ index, id, function: part }: ToolCallDelta, call: OpenCall): boolean {
    if (id && call.id && id !== call.id) return true
    if (index !== undefined && call.index !== undefined && index !== call.index) return true
    if (id && id === call.id) return false
    return Boolean(part?.name) && call.json !== '' && parseArguments(call.json) !== undefined
  }

  return {
    push(deltas) {
      const completed: CallPart[] = []
      for (const delta of deltas ?? []) {
        const { name, arguments: given } = delta.function ?? {}
        if (open !== undefined && isAnother(delta, open)) {
          completed.push(complete(open))
          open = undefined
        }
        open ??= { index: delta.index, id: delta.id ?? undefined, name: '', json: '' }
        if (name && open.name !== name) open.name += name
        if (typeof given === 'string') open.json += given
        else if (given !== undefined && given !== null) open.json = JSON.stringify(given)
      }
      return completed
    },
    flush(wasCutOff) {
      const last = open
      open = undefined
      if (last === undefined || (wasCutOff && parseArguments(last.json) === undefined)) return []
      return [complete(last)]
    },
  }
}

/** No arguments at all mean none; some servers wrap the JSON in a string or a code fence. */
function parseArguments(json: string): unknown {
  const text = json.replace(/^\s*```(?:json)?|```\s*$/g, '').trim()
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? JSON.parse(value) : (value ?? {})
  } catch {
    return undefined
  }
}
