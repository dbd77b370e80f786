/**
 * Reads calls out of what the model writes after the call mark, each as soon as it is complete. Knows nothing of models
 * or grammars.
 */
import type { FunctionDeclaration, GenerationPart } from '../../engine/index.js'
import { fitArguments } from '../function-arguments.js'
import { CALL_SEPARATOR, REQUEST } from './function-notation.js'
import { keepSaid } from './said-arguments.js'

export type CallPart = Extract<GenerationPart, { type: 'call' }>

export interface CallReader {
  /** Returns the calls that this text completed. A call whose arguments break a rule that no grammar knows is left out. */
  push(text: string): CallPart[]
  /** Nothing more is to be expected: the words are no request, or the model repeats itself. */
  ended(): boolean
}

/** `said`: what arguments can be taken from; absent = a call is wanted whatever was said, and its arguments are what the model makes of it. */
export function createCallReader(
  functions: readonly FunctionDeclaration[],
  said: string | undefined,
): CallReader {
  const read = new Set<string>()
  let opening = `${REQUEST} `
  let rest = ''
  let ended = false

  function next(): CallPart | undefined {
    if (!rest.startsWith(opening)) {
      ended ||= !opening.startsWith(rest)
      return undefined
    }
    const [before, name] = /^(\S+) (?=\{)/.exec(rest.slice(opening.length)) ?? []
    if (before === undefined) return undefined
    const start = opening.length + before.length
    const end = objectEnd(rest, start)
    if (end < 0) return undefined
    const json = rest.slice(start, end)
    rest = rest.slice(end)
    opening = CALL_SEPARATOR
    const key = `${name} ${json}`
    if (read.has(key)) {
      ended = true
      return undefined
    }
    read.add(key)
    const declaration = functions.find((one) => one.name === name)
    const fitted = declaration && fitArguments(declaration, JSON.parse(json))
    if (declaration === undefined || fitted === undefined || 'problem' in fitted) return next()
    const kept =
      said === undefined ? { args: fitted.args, isInvented: false } : keepSaid(declaration, fitted.args, said)
    return kept.isInvented ? next() : { type: 'call', name: declaration.name, args: kept.args }
  }

  return {
    push(text) {
      rest += text
      const calls: CallPart[] = []
      for (let call = next(); call !== undefined && !ended; call = next()) calls.push(call)
      return calls
    },
    ended: () => ended,
  }
}

/** The index after the object that begins at `start`, or −1 while it is open. */
function objectEnd(text: string, start: number): number {
  let depth = 0
  let inString = false
  for (let index = start; index < text.length; index++) {
    const character = text[index]
    if (inString) {
      if (character === '\\') index++
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{') depth++
    else if (character === '}' && --depth === 0) return index + 1
  }
  return -1
}
