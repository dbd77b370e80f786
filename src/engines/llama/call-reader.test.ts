import { describe, expect, it } from 'vitest'
import { createCallReader } from './call-reader.js'

const FUNCTIONS = [
  { name: 'go', description: '' },
  {
    name: 'say',
    description: '',
    parameters: {
      type: 'object',
      properties: { text: { type: 'string', pattern: '^[^!]*$' } },
      required: ['text'],
    },
  },
]

/** Text in pieces of one character; what was read, and after how many of them the reader had enough. */
function read(text: string) {
  const reader = createCallReader(FUNCTIONS, 'say a, say no')
  const calls: string[] = []
  let endedAt: number | undefined
  for (const [index, character] of [...text].entries()) {
    for (const { name, args } of reader.push(character)) calls.push(`${name} ${JSON.stringify(args)}`)
    if (reader.ended()) endedAt ??= index + 1
  }
  return { calls, endedAt }
}

describe('the reader of calls', () => {
  it.each<[string, string[], number | undefined]>([
    [' request: go {}', ['go {}'], undefined],
    [' request: say {"text": "a {b} \\"c\\" }"}', ['say {"text":"a {b} \\"c\\" }"}'], undefined],
    [' request: say {"text": "a"}; go {}', ['say {"text":"a"}', 'go {}'], undefined],
    [' request: say {"text": "a', [], undefined],
    [' request', [], undefined],
    [' chat', [], 2],
    [' request: go {}; go {}', ['go {}'], 22],
    [' request: say {"text": "no!"}; go {}', ['go {}'], undefined],
  ])('%s', (text, calls, endedAt) => {
    expect(read(text)).toEqual({ calls, endedAt })
  })
})
