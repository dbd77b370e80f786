/**
 * Turns a prompt into the tokens of a ChatML conversation and fits it into the window. Knows nothing of caches
 * or sequences; the same messages always give the same tokens, so that appending keeps everything cached.
 */
import { EngineError, type Message, type Prompt } from '../../engine/index.js'
import { callText, FUNCTION_GUIDE, instructionWithFunctions, resultText } from './function-notation.js'
import { firstKept } from './history-window.js'
import type { LlamaModel, Token } from './runtime-types.js'

export interface EncodedPrompt {
  readonly tokens: readonly Token[]
  /** How many of them belong to the system instruction and the functions; 0 without any. */
  readonly systemTokens: number
  /** How many are evaluated once for all conversations: these, and what stands before the words of a user who speaks first. */
  readonly sharedTokens: number
  /** How many at the beginning are the same for every application with functions. */
  readonly guideTokens: number
  /** Where the words of the first answer in it begin; absent without one. */
  readonly firstAnswer?: number
  /** Where the words of a last message that may go on end, before the mark behind them; absent where it may not, or has none, or no mark trails off. */
  readonly words?: number
}

export interface ChatFormat {
  /** The prompt as far as it is certain before the answer is asked for: a last user message may still grow. */
  encodeOpen(prompt: Prompt): EncodedPrompt
  /** The whole of it but the end of the last message, a user's; `heard` is where that one's words begin. */
  encodeHeard(prompt: Prompt): EncodedPrompt & { readonly heard: number }
  /** The whole prompt up to where the answer begins. */
  encodeForAnswer(prompt: Prompt): EncodedPrompt
  /** What a sentence ends with, and what it trails off with. */
  readonly endings: readonly [ends: readonly Token[], trailsOff: readonly Token[]]
}

/** The answer gets at least this many tokens, or a quarter of a small window. A spoken answer has 20 to 150. */
const ANSWER_RESERVE_TOKENS = 512

/** Those of them that are one token each. */
const TRAILING_MARKS = ['...', '…']
const END_MARKS = ['.', '?', '!', '.\n', '?\n', '\n', '."', '?"', '。', '？']

/** Throws `EngineError` (`engine-refused`) where the model knows no ChatML, and on encoding where the last turn is too long. */
export function createChatFormat(model: LlamaModel, windowTokens: number): ChatFormat {
  const messageStart = templateToken(model, '<|im_start|>')
  const messageEnd = templateToken(model, '<|im_end|>')
  const newline = model.tokenize('\n', false)
  const answerStart = [messageStart, ...model.tokenize('assistant\n', false)]
  /** The line break behind it may belong to the first token of the words. */
  const userStart = [messageStart, ...model.tokenize('user', false)]
  const userStartTokens = 1 + model.tokenize('user\n', false).length
  const closingTokens = 1 + newline.length
  const reserveTokens = Math.min(ANSWER_RESERVE_TOKENS, windowTokens >> 2)
  let known = new Map<string, readonly Token[]>()

  /** Everything from outside is tokenised as plain text: "<|im_end|>" in it is eight characters, never a template token. */
  function contentTokens(role: string, text: string): readonly Token[] {
    return [messageStart, ...model.tokenize(`${role}\n${text}`, false)]
  }

  function encode(prompt: Prompt): Encoded {
    const used = new Map<string, readonly Token[]>()
    const remember = (key: string, make: () => readonly Token[]): readonly Token[] => {
      const tokens = known.get(key) ?? make()
      used.set(key, tokens)
      return tokens
    }
    const contentOf = ({ role, text }: ChatText) =>
      remember(`${role}\n${text}`, () => contentTokens(role, text))
    const { functions = [] } = prompt
    const guide = functions.length === 0 ? [] : contentOf({ role: 'system', text: FUNCTION_GUIDE })
    const instruction =
      functions.length === 0 ? prompt.system : instructionWithFunctions(prompt.system, functions)
    const body =
      guide.length === 0
        ? instruction === ''
          ? []
          : contentOf({ role: 'system', text: instruction })
        : remember(instruction, () => model.tokenize(instruction, false))
    const system = body.length === 0 ? [] : [...guide, ...body, messageEnd, ...newline]
    const contents = chatTexts(prompt.messages).map(contentOf)
    known = used
    // The last cell of a window is never filled.
    const room = windowTokens - 1 - reserveTokens - system.length - answerStart.length
    const sizes = contents.map((content) => content.length + closingTokens)
    const first = firstKept(prompt.messages, sizes, room, windowTokens)
    const kept = contents.slice(first)
    const answer = prompt.messages.slice(first).findIndex(({ role }) => role === 'model')
    const isUserFirst = system.length > 0 && userStart.every((token, index) => token === kept[0]?.[index])
    const facts = {
      systemTokens: system.length,
      sharedTokens: system.length + (isUserFirst ? userStart.length : 0),
      guideTokens: guide.length,
      ...(answer >= 0 && {
        firstAnswer: system.length + close(kept.slice(0, answer)).length + answerStart.length,
      }),
    }
    return { system, kept, facts }
  }

  const close = (contents: readonly (readonly Token[])[]) =>
    contents.flatMap((content) => [...content, messageEnd, ...newline])

  const singleTokens = (texts: readonly string[]) =>
    texts.map((text) => model.tokenize(text, false)).flatMap((tokens) => (tokens.length === 1 ? tokens : []))

  const endings = [[messageEnd, ...singleTokens(END_MARKS)], singleTokens(TRAILING_MARKS)] as const

  /** Of a user's message. */
  function wordsEnd(content: readonly Token[]): number | undefined {
    if (endings.some((marks) => marks.length === 0)) return undefined
    let end = content.length
    while (end > userStartTokens && MARKS.test(model.detokenize([content[end - 1]!], false, []))) end--
    return end > userStartTokens ? end : undefined
  }

  return {
    endings,
    encodeOpen(prompt) {
      const { system, kept, facts } = encode(prompt)
      // Whoever speaks first is mostly the user.
      const tokensBefore = system.length > 0 ? [...system, ...userStart] : []
      if (kept.length === 0) return { ...facts, tokens: tokensBefore, sharedTokens: tokensBefore.length }
      const last = prompt.messages.at(-1)?.role === 'user' ? kept.pop() : undefined
      const before = [...system, ...close(kept)]
      const tokens =
        last === undefined
          ? // What closes the last message goes with the next one's words: by itself it costs a run of 40 to 80 ms, with them nothing that can be measured.
            before.slice(0, -closingTokens)
          : // The last token of a text that grows often changes ("inter" → "interrupt"), so it waits.
            [...before, ...last.slice(0, -1)]
      return { tokens, ...facts }
    },
    encodeHeard(prompt) {
      const { system, kept, facts } = encode(prompt)
      const last = kept.pop() ?? []
      const before = [...system, ...close(kept)]
      const tokens = [...before, ...last]
      const heard = Math.min(before.length + userStartTokens, tokens.length)
      return { tokens, heard, ...facts }
    },
    encodeForAnswer(prompt) {
      const { system, kept, facts } = encode(prompt)
      const tokens = [...system, ...close(kept), ...answerStart]
      const end = prompt.mayGoOn ? wordsEnd(kept.at(-1) ?? []) : undefined
      const words = end !== undefined && {
        words: tokens.length - answerStart.length - closingTokens - (kept.at(-1)!.length - end),
      }
      return { tokens, ...facts, ...words }
    },
  }
}

/** What is not spoken: "%" and "#" are. */
const MARKS = /^(?:[^\P{P}%#&@*/]|\s)+$/u

interface Encoded {
  readonly system: readonly Token[]
  readonly kept: (readonly Token[])[]
  readonly facts: Pick<EncodedPrompt, 'systemTokens' | 'sharedTokens' | 'guideTokens' | 'firstAnswer'>
}

interface ChatText {
  readonly role: 'system' | 'user' | 'assistant'
  readonly text: string
}

/** One for each message. */
function chatTexts(messages: readonly Message[]): ChatText[] {
  let question = ''
  return messages.map((message) => {
    if (message.role === 'user') question = message.text
    if (message.role === 'result') return { role: 'user', text: resultText(message, question) }
    if (message.role === 'call') {
      return { role: 'assistant', text: callText(message.name, message.args) }
    }
    return { role: message.role === 'user' ? 'user' : 'assistant', text: message.text }
  })
}

function templateToken(model: LlamaModel, text: string): Token {
  const tokens = model.tokenize(text, true)
  const token = tokens[0]
  if (tokens.length === 1 && token !== undefined && model.isSpecialToken(token)) return token
  throw new EngineError(
    'engine-refused',
    `this language model does not know the ChatML token ${text}; choose a model that does (Qwen and many others), ` +
      'or serve it with any OpenAI-compatible server and name its URL',
  )
}
