import { describe, expect, it } from 'vitest'
import type { FunctionDeclaration } from '../../engine/index.js'
import { createToolCalls, type ToolCallDelta } from './tool-calls.js'

const FUNCTIONS: readonly FunctionDeclaration[] = [
  {
    name: 'add',
    description: 'Add up',
    parameters: { type: 'object', properties: { n: { type: 'integer', maximum: 9 } }, required: ['n'] },
  },
  { name: 'stop', description: 'Stop' },
]

function read(deltas: ToolCallDelta[][], wasCutOff = false): string[] {
  const calls = createToolCalls(FUNCTIONS)
  const parts = [...deltas.flatMap((some) => calls.push(some)), ...calls.flush(wasCutOff)]
  return parts.map(({ name, args }) => `${name} ${JSON.stringify(args)}`)
}
const piece = (
  index: number | undefined,
  id: string | undefined,
  name?: string,
  args?: unknown,
): ToolCallDelta => ({
  ...(index === undefined ? {} : { index }),
  ...(id === undefined ? {} : { id }),
  function: { ...(name === undefined ? {} : { name }), ...(args === undefined ? {} : { arguments: args }) },
})

describe('calls are put together', () => {
  it.each<[string, ToolCallDelta[][], string[]]>([
    [
      'from pieces',
      [
        [piece(0, 'a', 'add', '')],
        [piece(0, undefined, undefined, '{"n"')],
        [piece(0, undefined, undefined, ': 5}')],
      ],
      ['add {"n":5}'],
    ],
    [
      'from whole ones in one event',
      [[piece(0, 'a', 'add', '{"n":1}'), piece(1, 'b', 'stop', '{}')]],
      ['add {"n":1}', 'stop {}'],
    ],
    [
      'that all have the index 0',
      [[piece(0, 'a', 'add', '{"n":1}')], [piece(0, 'b', 'add', '{"n":2}')]],
      ['add {"n":1}', 'add {"n":2}'],
    ],
    [
      'that have neither index nor id',
      [[piece(undefined, undefined, 'add', '{"n":1}')], [piece(undefined, undefined, 'stop')]],
      ['add {"n":1}', 'stop {}'],
    ],
    [
      'whose name and id come with every piece',
      [[piece(0, 'a', 'add', '{"n"')], [piece(0, 'a', 'add', ':3}')]],
      ['add {"n":3}'],
    ],
    ['whose arguments are an object', [[piece(0, 'a', 'add', { n: 4 })]], ['add {"n":4}']],
    ['whose arguments are JSON in JSON', [[piece(0, 'a', 'add', '"{\\"n\\":4}"')]], ['add {"n":4}']],
    [
      'whose arguments are in a code fence',
      [[piece(0, 'a', 'add', '```json\n{"n":4}\n```')]],
      ['add {"n":4}'],
    ],
    ['without arguments', [[piece(0, 'a', 'stop')], [piece(0, undefined, undefined, '')]], ['stop {}']],
    ['with slips of form', [[piece(0, 'a', 'add', '{"n":"4","note":"x"}')]], ['add {"n":4}']],
  ])('%s', (_what, deltas, expected) => {
    expect(read(deltas)).toEqual(expected)
  })

  it('gives each as soon as the next one begins', () => {
    const calls = createToolCalls(FUNCTIONS)
    expect(calls.push([piece(0, 'a', 'stop', '{}')])).toEqual([])
    expect(calls.push([piece(1, 'b', 'add', '')])).toEqual([{ type: 'call', name: 'stop', args: {} }])
  })

  it('leaves out what the limit cut off', () => {
    expect(read([[piece(0, 'a', 'stop', '{}')], [piece(1, 'b', 'add', '{"n":')]], true)).toEqual(['stop {}'])
  })
})

describe('a call that cannot be carried out is an error that names it', () => {
  it.each<[string, ToolCallDelta, RegExp]>([
    ['broken JSON', piece(0, 'a', 'add', '{"n": 5'), /add with broken JSON/],
    ['nobody declared it', piece(0, 'a', 'subtract', '{}'), /subtract, which was not declared/],
    ['an argument is missing', piece(0, 'a', 'add', '{}'), /argument n of add/],
    ['an argument is out of range', piece(0, 'a', 'add', '{"n": 12}'), /argument n of add/],
    ['no object', piece(0, 'a', 'add', '[1]'), /no JSON object/],
  ])('%s', (_what, delta, message) => {
    expect(() => read([[delta]])).toThrow(message)
  })
})
