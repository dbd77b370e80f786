/** The grammar without a model: its rules, which are regular for these schemas, are read as a regular expression. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../engine/index.js'
import { callGrammar, integerBetween, valueGrammar } from './argument-grammar.js'

/** `""` and `"text"` become text, rule names become what they stand for. */
function toRegExp(grammar: string): RegExp {
  const rules = new Map<string, string>()
  for (const line of grammar.trim().split('\n')) {
    const at = line.indexOf(' ::= ')
    rules.set(line.slice(0, at), line.slice(at + 5))
  }
  const expand = (body: string, depth = 0): string =>
    body.replace(/"((?:\\.|[^"\\])*)"|(\[(?:\\.|[^\]\\])*\])|([a-z]\w*)|\s+/g, (all, text, set, name) => {
      if (text !== undefined) return text.replace(/\\(.)/g, '$1').replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
      if (set !== undefined) return set
      if (name === undefined) return ''
      if (depth > 40) return '(?:)'
      const rule = rules.get(all)
      if (rule === undefined) throw new Error(`no rule ${all}`)
      return `(?:${expand(rule, name === 'anything' ? 99 : depth + 1)})`
    })
  return new RegExp(`^(?:${expand(rules.get('root')!)})$`)
}

function accepts(parameters: JsonObject | undefined, args: string): boolean {
  const declaration = { name: 'f', description: '' }
  const grammar = callGrammar([parameters === undefined ? declaration : { ...declaration, parameters }], 'f')
  return toRegExp(grammar).test(` ${args}`)
}
const object = (properties: JsonObject, required: string[] = []): JsonObject => ({
  type: 'object',
  properties,
  required,
})

describe('arguments', () => {
  const cases: [string, JsonObject | undefined, string[], string[]][] = [
    ['none', undefined, ['{}'], ['{"a": 1}', '']],
    [
      'a string',
      object({ a: { type: 'string' } }, ['a']),
      ['{"a": "x"}', '{"a": "\\"é\\n"}'],
      ['{}', '{"a": 1}', '{"a": "x", "b": 1}', '{"a": "x"'],
    ],
    [
      'some optional',
      object({ a: { type: 'boolean' }, b: { type: 'null' }, c: { type: 'boolean' } }, ['b']),
      [
        '{"b": null}',
        '{"a": true, "b": null}',
        '{"b": null, "c": false}',
        '{"a": true, "b": null, "c": true}',
      ],
      ['{}', '{"a": true}', '{"b": null, "a": true}', '{, "b": null}', '{"b": null, }'],
    ],
    [
      'all optional',
      object({ a: { type: 'boolean' }, b: { type: 'boolean' } }),
      ['{}', '{"a": true}', '{"b": true}', '{"a": true, "b": true}'],
      ['{, "b": true}'],
    ],
    [
      'an enum',
      object({ a: { type: 'string', enum: ['x y', 'z"'] } }, ['a']),
      ['{"a": "x y"}', '{"a": "z\\""}'],
      ['{"a": "x"}'],
    ],
    [
      'an enum of numbers',
      object({ a: { enum: [1, 2, null] } }, ['a']),
      ['{"a": 2}', '{"a": null}'],
      ['{"a": 12}'],
    ],
    [
      'a nullable',
      object({ a: { type: 'boolean', nullable: true } }, ['a']),
      ['{"a": null}', '{"a": true}'],
      ['{"a": 1}'],
    ],
    [
      'several types',
      object({ a: { type: ['boolean', 'integer'] } }, ['a']),
      ['{"a": -3}', '{"a": true}'],
      ['{"a": 1.5}'],
    ],
    [
      'branches',
      object({ a: { anyOf: [{ type: 'integer', minimum: 5, maximum: 6 }, { const: 'no' }] } }, ['a']),
      ['{"a": 5}', '{"a": "no"}'],
      ['{"a": 7}', '{"a": "yes"}'],
    ],
    [
      'a list of objects',
      object(
        { a: { type: 'array', minItems: 1, maxItems: 2, items: object({ n: { type: 'integer' } }, ['n']) } },
        ['a'],
      ),
      ['{"a": [{"n": 1}]}', '{"a": [{"n": 1}, {"n": 2}]}'],
      ['{"a": []}', '{"a": [{}]}', '{"a": [{"n": 1}, {"n": 2}, {"n": 3}]}'],
    ],
    [
      'a list that may be empty',
      object({ a: { type: 'array', items: { type: 'boolean' } } }, ['a']),
      ['{"a": []}', '{"a": [true]}'],
      ['{"a": true}'],
    ],
    [
      'a number',
      object({ a: { type: 'number', minimum: 0 } }, ['a']),
      ['{"a": 0}', '{"a": 2.5}'],
      ['{"a": -1}', '{"a": 01}'],
    ],
    [
      'a date',
      object({ a: { type: 'string', format: 'date' } }, ['a']),
      ['{"a": "2026-02-28"}'],
      ['{"a": "tomorrow"}', '{"a": "2026-13-01"}'],
    ],
    [
      'a length',
      object({ a: { type: 'string', minLength: 2, maxLength: 3 } }, ['a']),
      ['{"a": "ab"}'],
      ['{"a": "a"}', '{"a": "abcd"}'],
    ],
    [
      'a reference',
      { ...object({ a: { $ref: '#/$defs/B' } }, ['a']), $defs: { B: { type: 'boolean' } } },
      ['{"a": true}'],
      ['{"a": 1}'],
    ],
    [
      'counts as text, as in Google’s schemas',
      object({ a: { type: 'array', items: { type: 'boolean' }, minItems: '1' } }, ['a']),
      ['{"a": [true]}'],
      ['{"a": []}'],
    ],
  ]
  it.each(cases)('%s', (_what, parameters, good, bad) => {
    for (const args of good) expect([args, accepts(parameters, args)]).toEqual([args, true])
    for (const args of bad) expect([args, accepts(parameters, args)]).toEqual([args, false])
  })

  it('of a schema that holds itself end somewhere', () => {
    const list = { ...object({ next: { $ref: '#' } }), $defs: {} }
    expect(callGrammar([{ name: 'f', description: '', parameters: list }], 'f').length).toBeLessThan(20_000)
  })
})

describe('calls', () => {
  const functions = [
    { name: 'go', description: '' },
    { name: 'go_home', description: '' },
  ]
  it.each<[string, boolean]>([
    [' {}', true],
    [' {}; go {}', true],
    [' {}; go_home {}; go {}', true],
    [' {', false],
    ['', false],
    [' go {}', false],
    [' {}; stay {}', false],
    [' {}; chat', false],
    [' {"a": 1}', false],
  ])('%s: %s', (text, expected) => {
    expect(toRegExp(callGrammar(functions, 'go')).test(text)).toBe(expected)
  })

  it('begin with the arguments of the function that was decided on', () => {
    const both = [
      ...functions,
      { name: 'say', description: '', parameters: object({ a: { const: 1 } }, ['a']) },
    ]
    expect(toRegExp(callGrammar(both, 'say')).test(' {"a": 1}; go {}')).toBe(true)
    expect(toRegExp(callGrammar(both, 'say')).test(' {}')).toBe(false)
  })
})

describe('whole numbers', () => {
  it('of a range are exactly those', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 3_000 }), fc.nat(2_000), fc.nat(6_000), (least, span, probe) => {
        const pattern = toRegExp(`root ::= ${integerBetween(least, least + span)}`)
        return pattern.test(String(probe)) === (probe >= least && probe <= least + span)
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    [-5, 5, '-3', true],
    [1, Number.POSITIVE_INFINITY, '0', false],
    [0, Number.POSITIVE_INFINITY, '0', true],
    [Number.NEGATIVE_INFINITY, 7, '-7', true],
  ])('from %s to %s: %s', (least, most, text, expected) => {
    const grammar = callGrammar([], '').split('\n').slice(1).join('\n')
    expect(toRegExp(`root ::= ${integerBetween(least, most)}\n${grammar}`).test(text)).toBe(expected)
  })
})

describe('the grammar of an answer', () => {
  const value = (schema: JsonObject) => toRegExp(valueGrammar(schema))

  it.each([
    [{ type: 'array', items: { type: 'integer' } }, '[1, 2]', '[1, "a"]'],
    [{ type: 'object', properties: { a: { type: 'string' } }, required: ['a'] }, '{"a": "b"}', '{}'],
    [{ enum: ['x', 'y'] }, '"x"', '"z"'],
    [{ type: 'boolean' }, 'true', '1'],
  ] as [JsonObject, string, string][])('of %j takes %s and not %s', (schema, right, wrong) => {
    expect([value(schema).test(right), value(schema).test(wrong)]).toEqual([true, false])
  })

  it('has no limit for texts', () => {
    expect(value({ type: 'string' }).test(`"${'a'.repeat(2_000)}"`)).toBe(true)
  })
})
