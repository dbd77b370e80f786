/** What `generateContent` does beyond text: functions of the client, JSON of a schema, and what it refuses. */
import { afterEach, describe, expect, it } from 'vitest'
import { type ScriptedServer, startScriptedServer } from '../../testing/scripted-server.js'

let server: ScriptedServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

const SCRIPT = `
rules:
  - match: { text: weather }
    toolCalls: [{ name: get_weather, args: { city: Paris } }]
  - match: { text: json }
    reply: '{"city": "Paris"}'
`
const TOOLS = [
  {
    functionDeclarations: [
      { name: 'get_weather', parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } } } },
    ],
  },
]
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

  it('cannot be demanded', async () => {
    const toolConfig = { functionCallingConfig: { mode: 'ANY' } }
    const { status, body } = await generate({ contents: [said('weather')], tools: TOOLS, toolConfig })
    expect([status, body]).toEqual([
      400,
      { error: expect.objectContaining({ message: expect.stringContaining('functionCallingConfig.mode') }) },
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
    ['another type', { generationConfig: { responseMimeType: 'text/x.enum' } }, 'responseMimeType'],
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

it.each(['inlineData', 'fileData'])('[REST-17] %s is refused by name', async (member) => {
  const media = { [member]: { mimeType: 'image/png', data: 'AAAA' } }
  const { status, body } = await generate({ contents: [{ role: 'user', parts: [{ text: 'a' }, media] }] })
  expect([status, body]).toEqual([
    400,
    { error: expect.objectContaining({ message: expect.stringContaining(`parts[1].${member}`) }) },
  ])
})
