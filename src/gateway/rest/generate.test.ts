/** What `generateContent` does beyond text: functions of the client, JSON of a schema, and what it refuses. */
import { afterEach, describe, expect, it } from 'vitest'
import type { EngineSet } from '../../engine/index.js'
import { type ScriptedServer, startScriptedServer } from '../../testing/scripted-server.js'

let server: ScriptedServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

/** One pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** Its vision engine tells in words what it sees. */
function withoutEyes({ vision, ...rest }: EngineSet): EngineSet {
  if (!vision) throw new Error('the scripted engines have no vision')
  const { languageModel: _, ...blind } = vision
  return { ...rest, vision: blind }
}

const SCRIPT = `
rules:
  - match: { text: weather }
    toolCalls: [{ name: get_weather, args: { city: Paris } }]
  - match: { text: json }
    reply: '{"city": "Paris"}'
  - match: { text: enum }
    reply: '"good"'
  - match: { text: what is this, picture: png }
    reply: A small picture.
`
const TOOLS = [
  {
    functionDeclarations: [
      { name: 'get_weather', parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } } } },
    ],
  },
]
interface Demand {
  readonly tools?: typeof TOOLS
  readonly allowedFunctionNames?: readonly string[]
}
const said = (text: string) => ({ role: 'user', parts: [{ text }] })

async function generate(body: object, method = 'generateContent') {
  server ??= await startScriptedServer({ script: SCRIPT })
  const response = await fetch(`${server.http}/v1beta/models/gemini-live-2.5-flash:${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  return { status: response.status, body: await response.json() } as { status: number; body: never }
}

/** JSON of any shape, for the expectations to judge. */
const partsOf = (answer: { body: unknown }) => {
  const { candidates } = answer.body as {
    candidates: { content: { parts: unknown[] }; finishReason: string }[]
  }
  return candidates[0]!.content.parts
}

describe('[REST-15] functions', () => {
  const call = { functionCall: { name: 'get_weather', args: { city: 'Paris' } } }

  it('are called by the answer', async () => {
    const answer = await generate({ contents: [said('weather')], tools: TOOLS })
    expect(partsOf(answer)).toEqual([call])
    expect(answer.body).toMatchObject({ candidates: [{ finishReason: 'STOP' }] })
  })

  it('are called in a stream', async () => {
    const { body } = await generate({ contents: [said('weather')], tools: TOOLS }, 'streamGenerateContent')
    expect((body as unknown[]).flatMap((chunk) => partsOf({ body: chunk }))).toContainEqual(call)
  })

  it('give back what is answered then', async () => {
    const result = { functionResponse: { name: 'get_weather', response: { output: 'sunny' } } }
    const contents = [said('hello'), { role: 'model', parts: [call] }, { role: 'user', parts: [result] }]
    expect(partsOf(await generate({ contents, tools: TOOLS }))).toEqual([
      { text: 'get_weather says "sunny"' },
    ])
  })

  it.each([
    ['NONE', {}],
    ['AUTO', { allowedFunctionNames: ['another'] }],
  ])('are not called where the mode is %s with %j', async (mode, more) => {
    const toolConfig = { functionCallingConfig: { mode, ...more } }
    const answer = await generate({ contents: [said('weather')], tools: TOOLS, toolConfig })
    expect(partsOf(answer)).toEqual([{ text: '' }])
  })

  it('are called whatever is said where the mode is ANY', async () => {
    const toolConfig = { functionCallingConfig: { mode: 'ANY' } }
    const answer = await generate({ contents: [said('hello')], tools: TOOLS, toolConfig })
    expect(partsOf(answer)).toEqual([{ functionCall: { name: 'get_weather', args: {} } }])
  })

  it('are called only where they are allowed', async () => {
    const declared = [...TOOLS, { functionDeclarations: [{ name: 'get_time' }] }]
    const toolConfig = { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['get_time'] } }
    const answer = await generate({ contents: [said('weather')], tools: declared, toolConfig })
    expect(partsOf(answer)).toEqual([{ functionCall: { name: 'get_time', args: {} } }])
  })

  it.each([
    ['functionCallingConfig.mode', {}],
    ['allowedFunctionNames', { tools: TOOLS, allowedFunctionNames: ['another'] }],
  ])('cannot be demanded where there are none: %s is refused', async (name, { tools, ...more }: Demand) => {
    const toolConfig = { functionCallingConfig: { mode: 'ANY', ...more } }
    const { status, body } = await generate({
      contents: [said('weather')],
      ...(tools && { tools }),
      toolConfig,
    })
    expect([status, body]).toEqual([
      400,
      { error: expect.objectContaining({ message: expect.stringContaining(name) }) },
    ])
  })
})

describe('[REST-16] JSON', () => {
  const responseSchema = { type: 'OBJECT', properties: { city: { type: 'STRING' } } }

  it.each([
    { responseMimeType: 'application/json' },
    { responseMimeType: 'application/json', responseSchema },
    { responseMimeType: 'application/json', responseJsonSchema: { type: 'object' } },
  ])('is answered where %j asks for it', async (generationConfig) => {
    expect(partsOf(await generate({ contents: [said('json')], generationConfig }))).toEqual([
      { text: '{"city": "Paris"}' },
    ])
  })

  it.each([
    ['a schema without the type', { generationConfig: { responseSchema } }, 'responseMimeType'],
    ['another type', { generationConfig: { responseMimeType: 'text/html' } }, 'responseMimeType'],
    [
      'functions beside it',
      { tools: TOOLS, generationConfig: { responseMimeType: 'application/json' } },
      'responseMimeType',
    ],
  ])('%s is refused by name', async (_, more, name) => {
    const { status, body } = await generate({ contents: [said('json')], ...more })
    expect([status, body]).toEqual([
      400,
      { error: expect.objectContaining({ message: expect.stringContaining(name) }) },
    ])
  })
})

describe('[REST-18] one of several texts', () => {
  const enumOf = (schema: object) => ({ responseMimeType: 'text/x.enum', responseSchema: schema })

  it.each(['generateContent', 'streamGenerateContent'])('is answered as plain text by %s', async (method) => {
    const generationConfig = enumOf({ type: 'STRING', enum: ['good', 'bad'] })
    const { body } = await generate({ contents: [said('enum')], generationConfig }, method)
    const chunks = Array.isArray(body) ? (body as unknown[]) : [body]
    const texts = chunks.flatMap((chunk) => partsOf({ body: chunk }) as { text: string }[])
    expect(texts.map(({ text }) => text).join('')).toBe('good')
  })

  it.each([{ type: 'STRING' }, { enum: [] }, { enum: [1] }])('needs them: %j is refused', async (schema) => {
    const { status, body } = await generate({ contents: [said('enum')], generationConfig: enumOf(schema) })
    expect([status, body]).toEqual([
      400,
      { error: expect.objectContaining({ message: expect.stringContaining('responseSchema') }) },
    ])
  })
})

describe('[REST-17] pictures', () => {
  const picture = { inlineData: { mimeType: 'image/png', data: PNG } }
  const asked = { role: 'user', parts: [picture, { text: 'what is this' }] }

  it('are shown to a model that sees', async () => {
    expect(partsOf(await generate({ contents: [asked] }))).toEqual([{ text: 'A small picture.' }])
  })

  it('are told in words to one that does not', async () => {
    server = await startScriptedServer({ script: SCRIPT, change: withoutEyes })
    const [part] = partsOf(await generate({ contents: [said('what is this'), asked] })) as { text: string }[]
    expect(part!.text).toBe('what is this')
    const { body } = await generate({ contents: [{ role: 'user', parts: [picture] }] })
    expect((partsOf({ body })[0] as { text: string }).text).toMatch(/^\[This is a picture from the user\./)
  })

  it('count as in a session, without being looked at', async () => {
    const tokens = async (contents: object[], generationConfig = {}) =>
      ((await generate({ contents, generationConfig }, 'countTokens')).body as { totalTokens: number })
        .totalTokens
    const words = await tokens([said('what is this')])
    expect((await tokens([asked])) - words).toBe(258)
    expect((await tokens([asked], { mediaResolution: 'MEDIA_RESOLUTION_LOW' })) - words).toBe(64)
  })

  it.each([
    ['are refused where nobody sees', asked, 'inlineData'],
    [
      'must be pictures',
      { role: 'user', parts: [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }] },
      'data',
    ],
  ])('%s', async (_, content, name) => {
    server = await startScriptedServer({ script: SCRIPT, change: ({ vision: _, ...rest }) => rest })
    const { status, body } = await generate({ contents: [content] })
    expect([status, body]).toEqual([
      400,
      { error: expect.objectContaining({ message: expect.stringContaining(name) }) },
    ])
  })
})

it.each([
  ['inlineData', 'audio/wav'],
  ['fileData', 'image/png'],
])('[REST-17] %s of %s is refused by name', async (member, mimeType) => {
  const media = { [member]: { mimeType, data: 'AAAA' } }
  const { status, body } = await generate({ contents: [{ role: 'user', parts: [{ text: 'a' }, media] }] })
  expect([status, body]).toEqual([
    400,
    { error: expect.objectContaining({ message: expect.stringContaining(`parts[1].${member}`) }) },
  ])
})
