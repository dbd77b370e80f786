/**
 * Says and calls what the script lays down, else echoes the user, word by word. One word is one token; the cache is kept as
 * a real model keeps it, so that prefill and usage figures behave alike.
 */
import {
  type Conversation,
  type FunctionResult,
  type GenerationPart,
  type JsonValue,
  type LanguageModel,
  messageText,
  type PrefillProgress,
  type Prompt,
  type WeighingPart,
} from '../../engine/index.js'
import { failureError, type Occasion, type Rules } from './rules.js'
import type { ToolCall } from './script.js'
import { type ScriptedClock, wait } from './wait.js'

/** Where nobody has said anything yet: a client may ask the model to speak first. */
const NOTHING_TO_ECHO = 'Hello.'
/** In natural logarithms: what is said outweighs every other reason. */
const SURE = 20
/** As in the contract of `Conversation.prefill`. */
const CHUNK_TOKENS = 32

export function createScriptedLanguageModel(rules: Rules, clock: ScriptedClock): LanguageModel {
  return {
    info: {
      id: 'scripted',
      kind: 'llm',
      languages: [],
      description: 'Answers by the rules of a script, else echoes the user.',
      judges: true,
    },
    open({ signal }) {
      rules.startConversation()
      return createConversation(rules, clock, signal)
    },
  }
}

function createConversation(rules: Rules, clock: ScriptedClock, lifetime: AbortSignal): Conversation {
  let cache: readonly string[] = []
  const forget = () => {
    cache = []
  }
  lifetime.addEventListener('abort', forget, { once: true })

  async function* evaluate(tokens: readonly string[], signal: AbortSignal): AsyncGenerator<PrefillProgress> {
    for (let evaluatedTokens = sharedLength(cache, tokens); evaluatedTokens < tokens.length; ) {
      signal.throwIfAborted()
      evaluatedTokens = Math.min(tokens.length, evaluatedTokens + CHUNK_TOKENS)
      cache = tokens.slice(0, evaluatedTokens)
      yield { evaluatedTokens, totalTokens: tokens.length }
    }
  }

  return {
    prefill: (prompt, signal) => evaluate(promptTokens(prompt), signal),
    async *generate(prompt, sampling, signal): AsyncGenerator<GenerationPart> {
      signal.throwIfAborted()
      const tokens = promptTokens(prompt)
      const cachedTokens = sharedLength(cache, tokens)
      for await (const progress of evaluate(tokens, signal)) yield { type: 'prefill', ...progress }

      const occasion = occasionOf(prompt)
      const answer = rules.findAnswer(occasion)
      const reply = answer ? (answer.reply ?? '') : prompt.mustCall ? '' : echo(occasion)
      rules.rememberReply(reply, occasion)
      const failure = rules.takeFailure('llm', occasion)
      const words = splitWords(reply)
      const limit = Math.min(words.length, sampling.maxOutputTokens ?? words.length)
      for (let index = 0; index < limit; index++) {
        await wait(clock, rules.delayMs(index === 0 ? 'firstToken' : 'perToken', occasion), signal)
        if (failure !== undefined && index >= failure.afterTokens) throw failureError(failure)
        cache = [...tokens, '<model>', ...words.slice(0, index + 1)]
        yield { type: 'text', text: words[index]! }
      }
      signal.throwIfAborted()
      if (failure !== undefined) throw failureError(failure)
      if (limit === 0) await wait(clock, rules.delayMs('firstToken', occasion), signal)
      for (const { name, args } of callsOf(prompt, answer?.toolCalls)) yield { type: 'call', name, args }
      yield {
        type: 'end',
        reason: limit < words.length ? 'length' : 'stop',
        usage: { promptTokens: tokens.length, cachedTokens, outputTokens: limit },
      }
    },
    async *weigh(prompt, words, signal): AsyncGenerator<WeighingPart> {
      for await (const progress of evaluate(promptTokens(prompt), signal))
        yield { type: 'prefill', ...progress }
      signal.throwIfAborted()
      const addressed = rules.findAddressed(occasionOf(prompt))
      const said = addressed === undefined ? undefined : addressed ? 0 : 1
      yield { type: 'weights', weights: words.map((_, index) => (index === said ? SURE : 0)) }
    },
    close() {
      lifetime.removeEventListener('abort', forget)
      forget()
    },
  }
}

function occasionOf({ messages }: Prompt): Occasion {
  const words = messages.findLastIndex(({ role }) => role === 'user' || role === 'model')
  const results = messages
    .slice(words + 1)
    .flatMap((message) =>
      message.role === 'result'
        ? [{ name: message.name, json: JSON.stringify(resultValue(message.result)) }]
        : [],
    )
  const last = messages[words]
  return {
    turn: messages.filter(({ role }) => role === 'user').length,
    text: last?.role === 'user' ? last.text.trim() : '',
    ...(results.length > 0 && { results }),
    ...(last?.role === 'user' && last.pictures && { pictures: last.pictures }),
  }
}

/** As a real model, it calls only what it was told of; where it must call and the script says nothing, the first function. */
function callsOf(
  { functions = [], mustCall }: Prompt,
  scripted: readonly ToolCall[] = [],
): readonly ToolCall[] {
  const calls = scripted.filter((call) => functions.some(({ name }) => name === call.name))
  const [first] = functions
  return mustCall && calls.length === 0 && first ? [{ name: first.name, args: {} }] : calls
}

/** The user's words, or what the functions gave back. */
function echo({ text, results = [] }: Occasion): string {
  if (results.length > 0) return results.map(({ name, json }) => `${name} says ${json}`).join(' ')
  return text || NOTHING_TO_ECHO
}

function resultValue(result: FunctionResult): JsonValue {
  return 'output' in result ? result.output : result.error
}

function promptTokens(prompt: Prompt): string[] {
  return [
    '<system>',
    ...splitWords(prompt.system),
    ...prompt.messages.flatMap((message) => [`<${message.role}>`, ...splitWords(messageText(message))]),
  ]
}

/** Every word with the space before it, so that the pieces joined are the text again. */
function splitWords(text: string): string[] {
  return text.match(/\s*\S+(?:\s+$)?/g) ?? []
}

function sharedLength(a: readonly string[], b: readonly string[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1
  return length
}
