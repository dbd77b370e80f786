/**
 * Turns a prompt into the tokens of a ChatML conversation and fits it into the window. Knows nothing of caches
 * or sequences; the same messages always give the same tokens, so that appending keeps everything cached.
 */
import { EngineError, type Message, messageText, type Prompt } from '../../engine/index.js'
import type { LlamaModel, Token } from './runtime-types.js'

export interface EncodedPrompt {
  readonly tokens: readonly Token[]
  /** How many of them belong to the system instruction; 0 without one. */
  readonly systemTokens: number
}

export interface ChatFormat {
  /** The prompt as far as it is certain before the answer is asked for: a last user message may still grow. */
  encodeOpen(prompt: Prompt): EncodedPrompt
  /** The whole prompt up to where the answer begins. */
  encodeForAnswer(prompt: Prompt): EncodedPrompt
}

/** The answer gets at least this many tokens, or a quarter of a small window. A spoken answer has 20 to 150. */
const ANSWER_RESERVE_TOKENS = 512

/**
 * Context overflow: when the prompt leaves less than the answer's reserve, the oldest messages are left out, up to the
 * start of a user turn where what remains fills at most half of the room; the system instruction always stays. Dropping
 * half at once keeps the cache usable for many turns, and the choice depends only on the messages before
 * it, so that the same cut is found again on every later call.
 *
 * Throws `EngineError` (`engine-refused`) where the model knows no ChatML, and on encoding where the system
 * instruction and the last turn alone are too long.
 */
export function createChatFormat(model: LlamaModel, windowTokens: number): ChatFormat {
  const messageStart = templateToken(model, '<|im_start|>')
  const messageEnd = templateToken(model, '<|im_end|>')
  const newline = model.tokenize('\n', false)
  const answerStart = [messageStart, ...model.tokenize('assistant\n', false)]
  const reserveTokens = Math.min(ANSWER_RESERVE_TOKENS, windowTokens >> 2)
  let known = new Map<string, readonly Token[]>()

  /** Everything from outside is tokenised as plain text: "<|im_end|>" in it is eight characters, never a template token. */
  function contentTokens(role: string, text: string): readonly Token[] {
    return [messageStart, ...model.tokenize(`${role}\n${text}`, false)]
  }

  function encode(prompt: Prompt): { system: readonly Token[]; kept: (readonly Token[])[] } {
    const used = new Map<string, readonly Token[]>()
    const remember = (role: string, text: string): readonly Token[] => {
      const key = `${role}\n${text}`
      const tokens = known.get(key) ?? contentTokens(role, text)
      used.set(key, tokens)
      return tokens
    }
    const system = prompt.system === '' ? [] : [...remember('system', prompt.system), messageEnd, ...newline]
    const contents = prompt.messages.map((message) => remember(roleName(message), messageText(message)))
    known = used
    const closingTokens = 1 + newline.length
    // The last cell of a window is never filled.
    const room = windowTokens - 1 - reserveTokens - system.length - answerStart.length
    const sizes = contents.map((content) => content.length + closingTokens)
    return { system, kept: contents.slice(firstKept(prompt.messages, sizes, room, windowTokens)) }
  }

  const close = (contents: readonly (readonly Token[])[]) =>
    contents.flatMap((content) => [...content, messageEnd, ...newline])

  return {
    encodeOpen(prompt) {
      const { system, kept } = encode(prompt)
      const last = prompt.messages.at(-1)?.role === 'user' ? kept.pop() : undefined
      // The last token of a text that grows often changes ("inter" → "interrupt"), so it waits.
      const open = last === undefined ? [] : last.slice(0, -1)
      return { tokens: [...system, ...close(kept), ...open], systemTokens: system.length }
    },
    encodeForAnswer(prompt) {
      const { system, kept } = encode(prompt)
      return { tokens: [...system, ...close(kept), ...answerStart], systemTokens: system.length }
    },
  }
}

function firstKept(
  messages: readonly Message[],
  sizes: readonly number[],
  room: number,
  windowTokens: number,
): number {
  let first = 0
  let total = 0
  for (let index = 0; index < messages.length; index++) {
    total += sizes[index]!
    if (total <= room) continue
    let remaining = total
    for (let next = first + 1; next <= index; next++) {
      remaining -= sizes[next - 1]!
      if (!startsUserTurn(messages, next)) continue
      first = next
      total = remaining
      if (total <= room / 2) break
    }
  }
  if (total <= room) return first
  throw new EngineError(
    'engine-refused',
    `the prompt is too long for the language model's window of ${windowTokens} tokens: the last turn has ${total} tokens, ` +
      `and ${Math.max(0, room)} are left beside the system instruction and the answer; shorten them or choose a larger window`,
  )
}

function startsUserTurn(messages: readonly Message[], index: number): boolean {
  return messages[index]?.role === 'user' && messages[index - 1]?.role !== 'user'
}

function roleName(message: Message): string {
  return message.role === 'user' || message.role === 'result' ? 'user' : 'assistant'
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
