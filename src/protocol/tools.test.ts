/** Declarations of functions in all the forms that clients send, and what is said about wrong ones. */
import { describe, expect, it } from 'vitest'
import type { JsonValue } from './client-message.js'
import { ProtocolError } from './close.js'
import { decodeClientMessage } from './decode.js'
import { parseField } from './fields.js'
import { toJsonSchema } from './json-schema.js'
import { normaliseKeys } from './normalise-keys.js'
import { declaredFunctions, toolsField } from './tools.js'

const functionsOf = (tools: unknown) =>
  declaredFunctions(parseField(toolsField, normaliseKeys(tools), 'setup.tools'), 'setup.tools')

describe('function declarations', () => {
  it('are read from every tool, in either spelling, with the schema in one form', () => {
    const parameters = {
      type: 'OBJECT',
      properties: {
        my_city: { type: 'STRING', enum: ['a', 'b'], format: 'enum', nullable: true },
        count: { type: 'ARRAY', items: { type: 'INTEGER' }, min_items: '1', maxItems: '3' },
      },
      required: ['my_city'],
      property_ordering: ['count', 'my_city'],
    }
    const found = functionsOf([
      { google_search: {} },
      {
        function_declarations: [{ name: 'first', description: 'One.', parameters, behavior: 'non_blocking' }],
      },
      { functionDeclarations: { name: 'second.part-2', response: { type: 'OBJECT' } } },
    ])
    expect(found).toEqual([
      {
        name: 'first',
        description: 'One.',
        behavior: 'NON_BLOCKING',
        parameters: {
          type: 'object',
          properties: {
            my_city: { type: ['string', 'null'], enum: ['a', 'b', null] },
            count: { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 3 },
          },
          required: ['my_city'],
        },
      },
      { name: 'second.part-2', description: '' },
    ])
    expect(Object.keys(found[0]?.parameters?.properties ?? {})).toEqual(['count', 'my_city'])
  })

  it('[SET-11] take every documented value: no behaviour, arguments that may be null', () => {
    const given = (declaration: object) =>
      functionsOf({ functionDeclarations: [{ name: 'f', ...declaration }] })[0]
    for (const behavior of ['UNSPECIFIED', 'unspecified', 'BEHAVIOR_UNSPECIFIED']) {
      expect(given({ behavior })).toEqual({ name: 'f', description: '' })
    }
    const parameters = { properties: {}, type: 'object' }
    for (const declaration of [
      { parametersJsonSchema: { properties: {}, type: ['object', 'null'] } },
      { parameters: { properties: {}, type: 'OBJECT', nullable: true } },
    ]) {
      expect(given(declaration)).toEqual({ name: 'f', description: '', parameters })
    }
    expect(() => given({ parametersJsonSchema: { type: ['string', 'null'] } })).toThrow('must be OBJECT')
  })

  it('take a JSON Schema as it is, the keys of the developer included', () => {
    const parametersJsonSchema = {
      type: 'object',
      properties: { snake_case: { $ref: '#/$defs/some_type' } },
      $defs: { some_type: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null } },
      additionalProperties: false,
    }
    expect(
      functionsOf({ functionDeclarations: [{ name: 'f', parametersJsonSchema }] })[0]?.parameters,
    ).toEqual(parametersJsonSchema)
  })

  it.each([
    [[{ functionDeclarations: [{}] }], 'setup.tools[0].functionDeclarations[0].name must be 1 to 128'],
    [[{ functionDeclarations: [{ name: 'two words' }] }], 'begin with a letter or _.'],
    [[{ functionDeclarations: [{ name: 'f' }, { name: 'f' }] }], '[1].name "f" is declared twice'],
    [
      [{ functionDeclarations: [{ name: 'f', parameters: { type: 'STRING' } }] }],
      'parameters.type must be OBJECT',
    ],
    [
      [{ functionDeclarations: [{ name: 'f', behavior: 'SLOW' }] }],
      'behavior must be BLOCKING or NON_BLOCKING',
    ],
    [['f'], 'setup.tools[0] must be an object'],
  ])('%j is refused', (tools, reason) => {
    try {
      functionsOf(tools)
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError)
      expect((error as ProtocolError).reason).toContain(reason)
    }
  })
})

describe('[TOOL-17] mode ANY', () => {
  const tools = [{ functionDeclarations: [{ name: 'f' }] }]
  const decodeAny = (more: object, allowedFunctionNames?: readonly string[]) =>
    decodeClientMessage(
      JSON.stringify({
        setup: {
          model: 'models/m',
          ...more,
          toolConfig: { functionCallingConfig: { mode: 'any', allowedFunctionNames } },
        },
      }),
    )

  it('is taken, with the functions that it is about', () => {
    expect(decodeAny({ tools }, ['f'])).toMatchObject({
      notices: [],
      setup: { functionCalling: { mode: 'ANY', allowedNames: ['f'] } },
    })
  })

  it.each([
    [{}, undefined, 'functionCallingConfig.mode ANY needs tools with functions.'],
    [{ tools }, ['g'], 'functionCallingConfig.allowedFunctionNames must name declared functions.'],
  ])('is refused where nothing can be called: %j, %j', (more, allowed, reason) => {
    expect(() => decodeAny(more, allowed)).toThrow(
      expect.objectContaining({ closeCode: 1007, reason: expect.stringContaining(reason) }),
    )
  })
})

describe('toJsonSchema', () => {
  it.each<[JsonValue, JsonValue]>([
    [true, true],
    [{ type: ['STRING', 'NULL'], nullable: true }, { type: ['string', 'null'] }],
    [
      { anyOf: [{ type: 'NUMBER' }], nullable: true },
      { anyOf: [{ anyOf: [{ type: 'number' }] }, { type: 'null' }] },
    ],
    [{ additionalProperties: { type: 'STRING' } }, { additionalProperties: { type: 'string' } }],
    [
      { defs: { A: { type: 'STRING' } }, ref: '#/$defs/A' },
      { $defs: { A: { type: 'string' } }, $ref: '#/$defs/A' },
    ],
    [{ properties: { type: { type: 'STRING' } } }, { properties: { type: { type: 'string' } } }],
    [
      { type: 'STRING', format: 'date-time' },
      { type: 'string', format: 'date-time' },
    ],
  ])('%j', (schema, expected) => {
    expect(toJsonSchema(schema)).toEqual(expected)
  })
})
