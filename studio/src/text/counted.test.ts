/** Numbers and the words beside them, in both languages. */
import { expect, test } from 'vitest'
import { counted, textIn } from './words'

test.each([
  ['en', 0, '0 tokens', '0 messages'],
  ['en', 1, '1 token', '1 message'],
  ['en', 2, '2 tokens', '2 messages'],
  ['es', 0, '0 tokens', '0 mensajes'],
  ['es', 1, '1 token', '1 mensaje'],
  ['es', 2, '2 tokens', '2 mensajes'],
] as const)('%s, %i', (language, count, tokens, messages) => {
  const text = textIn(language)
  expect(counted(text, 'tokens', count)).toBe(tokens)
  expect(counted(text, 'messages', count)).toBe(messages)
})
