/**
 * Reads the frozen set and holds what a model did against what was expected. Knows nothing of how models are run.
 *
 * A line: `app` names the declarations, `say` is the only user turn or `turns` the conversation so far, `expect` lists
 * the calls, empty where the model should talk. An argument has a list of accepted values; null = it may be absent, "~x" = a
 * regular expression. `language` and `mention` (a regular expression) are about the words of an answer.
 */
import { join } from 'node:path'
import type {
  FunctionDeclaration,
  JsonObject,
  JsonValue,
  Message,
  Prompt,
} from '../../../src/engine/index.js'
import { fitArguments } from '../../../src/engines/function-arguments.js'
import { readLines } from '../json-lines.js'
import { APPLICATIONS } from './functions.js'

/** `practice` is tuned on as well: more applications, so that nothing is fitted to two. */
export type Half = 'tune' | 'practice' | 'report'

export interface Item {
  readonly id: string
  readonly app: string
  readonly say?: string
  readonly turns?: readonly (readonly ['user' | 'model', string] | readonly ['call' | 'result', JsonObject])[]
  readonly expect: readonly {
    readonly name: string
    readonly args: Readonly<Record<string, readonly JsonValue[]>>
  }[]
  readonly language?: 'en' | 'es'
  readonly mention?: string
}

export interface Outcome {
  readonly text: string
  readonly calls: readonly { readonly name: string; readonly args: JsonObject }[]
}

export interface Verdict {
  /** The right functions with the right arguments, or none where none was wanted. */
  readonly right: boolean
  readonly rightFunctions: boolean
  readonly conforming: boolean
  /** What is wrong with the words: another language, Markdown, JSON, a fact left out. */
  readonly flaw?: string
}

const SYSTEM =
  'You are Ada, a friendly voice assistant. Reply in one or two short sentences of plain spoken text.'

export const readFrozenSet = (half: Half): Item[] => readLines(join(import.meta.dirname, `${half}.jsonl`))

export function promptOf(item: Item): Prompt & { readonly functions: readonly FunctionDeclaration[] } {
  const turns = item.turns ?? [['user', item.say ?? ''] as const]
  let calls = 0
  let name = ''
  const messages = turns.map(([role, content]): Message => {
    if (typeof content === 'string') return { role: role === 'user' ? 'user' : 'model', text: content }
    if (role === 'call') {
      name = content.name as string
      return { role, id: `c${++calls}`, name, args: content.args as JsonObject }
    }
    return { role: 'result', id: `c${calls}`, name, result: content as { output: JsonValue } }
  })
  return { system: SYSTEM, functions: APPLICATIONS[item.app]!, messages }
}

export function judge(item: Item, { text, calls }: Outcome): Verdict {
  const names = (list: readonly { name: string }[]) =>
    list
      .map(({ name }) => name)
      .sort()
      .join()
  const rightFunctions = names(calls) === names(item.expect)
  const right =
    rightFunctions &&
    item.expect.every((wanted) =>
      calls.some((call) => call.name === wanted.name && argsMatch(wanted.args, call.args)),
    )
  const conforming = calls.every(({ name, args }) => {
    const declaration = APPLICATIONS[item.app]!.find((one) => one.name === name)
    return declaration !== undefined && 'args' in fitArguments(declaration, args)
  })
  const flaw = calls.length === 0 ? flawOf(item, text) : undefined
  return { right, rightFunctions, conforming, ...(flaw === undefined ? {} : { flaw }) }
}

function argsMatch(wanted: Item['expect'][number]['args'], args: JsonObject): boolean {
  if (Object.keys(args).some((key) => !Object.hasOwn(wanted, key))) return false
  return Object.entries(wanted).every(([key, values]) =>
    args[key] === undefined ? values.includes(null) : values.some((value) => valueMatches(value, args[key]!)),
  )
}

function valueMatches(wanted: JsonValue, value: JsonValue): boolean {
  if (typeof wanted === 'string' && typeof value === 'string') {
    const plain = simplify(value)
    return wanted.startsWith('~') ? new RegExp(wanted.slice(1), 'i').test(plain) : simplify(wanted) === plain
  }
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(value) &&
      value.length === wanted.length &&
      wanted.every((item) => value.some((one) => valueMatches(item, one)))
    )
  }
  if (typeof wanted !== 'object' || wanted === null) return wanted === value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const keys = Object.keys(wanted)
  return (
    Object.keys(value).length === keys.length &&
    keys.every((key) => {
      const item = (value as JsonObject)[key]
      return item !== undefined && valueMatches((wanted as JsonObject)[key]!, item)
    })
  )
}

/** Case, accents, articles and punctuation make no difference to a listener. */
function simplify(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/^(the|a|an|la|el|los|las|un|una) /, '')
    .replace(/[.,!?'’¿¡"]/g, '')
    .trim()
}

const COMMON_WORDS = {
  en: /\b(the|is|are|was|of|and|you|your|it|has|been|there|in|to|no|not)\b/gi,
  es: /\b(el|la|los|las|es|está|de|y|que|en|se|ha|con|un|una|para|tu|su|son|por)\b/gi,
}

function flawOf(item: Item, text: string): string | undefined {
  if (text.trim() === '') return 'says nothing'
  if (/[{}`]|\*\*|^\s*[#*-] |tool_response|→/m.test(text)) return 'reads JSON or Markdown aloud'
  if (item.mention !== undefined && !new RegExp(item.mention, 'i').test(text)) return 'leaves the result out'
  if (item.language === undefined) return undefined
  const count = (language: 'en' | 'es') => text.match(COMMON_WORDS[language])?.length ?? 0
  const other = item.language === 'en' ? 'es' : 'en'
  return count(item.language) < count(other) ? 'in another language' : undefined
}
