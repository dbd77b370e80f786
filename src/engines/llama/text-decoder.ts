/**
 * Turns generated tokens into text as they come. A character whose bytes are spread over several tokens (emoji,
 * accents, CJK) waits until it is whole. Knows nothing of where tokens come from.
 */
import type { LlamaModel, Token } from './runtime-types.js'

export interface TokenTextDecoder {
  /** The text that became certain with this token; often empty inside an emoji. */
  push(token: Token): string
  /** What was held back, without a character that never became whole. */
  flush(): string
}

const REPLACEMENT = '\uFFFD'
/** A character has at most four bytes, so at most four tokens, and may share one with the next. A real U+FFFD must not wait for ever. */
const MAX_HELD_TOKENS = 8

export function createTokenTextDecoder(model: Pick<LlamaModel, 'detokenize'>): TokenTextDecoder {
  let held: Token[] = []
  let before: Token[] = []
  return {
    push(token) {
      held.push(token)
      const text = model.detokenize(held, false, before)
      if (text.endsWith(REPLACEMENT) && held.length < MAX_HELD_TOKENS) return ''
      before = held
      held = []
      return text
    },
    flush() {
      const text = held.length === 0 ? '' : model.detokenize(held, false, before)
      held = []
      return text.replace(/\uFFFD+$/u, '')
    },
  }
}
