import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { loadScript } from './load-script.js'
import { scriptJsonSchema } from './script.js'

describe('loadScript', () => {
  it('fills in what is not stated', () => {
    expect(loadScript('rules:\n  - reply: Hi.\n    fail: engine-timeout\n', 's.yaml')).toEqual({
      delaysMs: {},
      rules: [
        {
          match: {},
          reply: 'Hi.',
          delaysMs: {},
          fail: { engine: 'llm', code: 'engine-timeout', times: 1, afterTokens: 0 },
        },
      ],
    })
  })

  it('takes an empty file for a script without rules', () => {
    expect(loadScript('', 's.yaml')).toEqual({ delaysMs: {}, rules: [] })
  })

  it.each([
    ['rulez: []', 's.yaml:1: rulez: unknown key; the nearest one is `rules`'],
    [
      'rules:\n  - reply: a\n  - repply: b',
      's.yaml:3: rules[1].repply: unknown key; the nearest one is `reply`',
    ],
    [
      'rules:\n  - match:\n      turn: 1\n      contain: x',
      's.yaml:4: rules[0].match.contain: unknown key; the nearest one is `contains`',
    ],
    [
      'delaysMs:\n  firstTokn: 5',
      's.yaml:2: delaysMs.firstTokn: unknown key; the nearest one is `firstToken`',
    ],
    ['rules:\n  - match:\n      turn: 0', /^s\.yaml:3: rules\[0\]\.match\.turn: .*>=1/],
    ['rules:\n  - match: { regex: "(" }', 's.yaml:2: rules[0].match.regex: not a valid regular expression'],
    ['rules:\n  - reply: a\n    fail: engine-gone', /^s\.yaml:3: rules\[0\]\.fail: /],
    [
      'rules:\n  - fail:\n      times: never',
      's.yaml:3: rules[0].fail.times: must be a whole number ≥ 1 or `always`',
    ],
    [
      'rules:\n  - fail: { time: 2 }',
      's.yaml:2: rules[0].fail.time: unknown key; the nearest one is `times`',
    ],
    [
      'rules:\n  - toolCalls: [{ nam: f }]\n',
      /rules\[0\]\.toolCalls\[0\]\.nam: unknown key; the nearest one is `name`/,
    ],
    [
      'rules:\n  - match: { result: x }',
      's.yaml:2: rules[0].match.result: needs match.toolResult, the name of the function',
    ],
    [
      'rules:\n  - match: { toolResult: f }\n    transcript: y',
      's.yaml:3: rules[0].transcript: cannot depend on match.toolResult: speech is heard, results are not',
    ],
    [
      'rules:\n  - match: { contains: x }\n    transcript: y',
      /^s\.yaml:3: rules\[0\]\.transcript: cannot depend on match\.contains, .* use match\.turn or match\.audioMs$/,
    ],
    [
      'rules:\n  - match: { audioMs: { min: 9, max: 1 } }',
      's.yaml:2: rules[0].match.audioMs: min is larger than max',
    ],
    ['rules: {}', /^s\.yaml:1: rules: .*expected array/],
    ['- 1', /^s\.yaml:1: .*expected object/],
    ['rules:\n  - reply: [unclosed\n', /^s\.yaml:\d: not valid YAML: /],
    ['rules: []\nrules: []', 's.yaml:2: not valid YAML: Map keys must be unique'],
  ])('%j is refused with the line, the place and the reason', (text, message) => {
    expect(() => loadScript(text, 's.yaml')).toThrow(message)
  })

  it('reports every mistake, one line each, up to ten', () => {
    const text = Array.from({ length: 12 }, (_, index) => `wrong${index}: 1`).join('\n')
    let message = ''
    try {
      loadScript(text, 's.yaml')
    } catch (error) {
      message = (error as Error).message
    }
    expect(message.split('\n')).toHaveLength(11)
    expect(message).toMatch(/and 2 more$/)
  })

  it('accepts the example', () => {
    const file = new URL('../../../examples/scripted/greeting.yaml', import.meta.url)
    expect(loadScript(readFileSync(file, 'utf8'), 'greeting.yaml').rules).toHaveLength(6)
    const functions = new URL('../../../examples/scripted/functions.yaml', import.meta.url)
    expect(loadScript(readFileSync(functions, 'utf8'), 'functions.yaml').rules).toHaveLength(7)
  })
})

describe('scriptJsonSchema', () => {
  const file = new URL('../../../docs/scripted-engines.schema.json', import.meta.url)

  it('is the one in docs/ (write it again with UPDATE_DOCS=1)', () => {
    if (process.env.UPDATE_DOCS === '1')
      writeFileSync(file, `${JSON.stringify(scriptJsonSchema(), null, 2)}\n`)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(scriptJsonSchema())))
  })
})
