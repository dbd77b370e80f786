/** The REST surface on scripted engines: every path flavour, in one piece and as a stream, errors included. */

import { afterEach, describe, expect, it } from 'vitest'

import {
  type ScriptedServer,
  type ScriptedServerOptions,
  startScriptedServer,
} from '../../testing/scripted-server.js'

let server: ScriptedServer | undefined
afterEach(async () => {
  await server?.close()
  server = undefined
})

const start = async (options: ScriptedServerOptions = {}) =>
  (server = await startScriptedServer(options)).http

const MODEL = 'gemini-live-2.5-flash'
const CONTENTS = { contents: [{ role: 'user', parts: [{ text: 'one two three' }] }] }
const PATHS = [
  ['the Developer API', `/v1beta/models/${MODEL}`],
  ['the Developer API, v1 and two slashes', `//v1/models/${MODEL}`],
  ['a base URL with a path', `/some/prefix/v1alpha/models/${MODEL}`],
  ['Vertex AI', `/v1beta1/projects/p/locations/us-central1/publishers/google/models/${MODEL}`],
  ['Vertex AI in express mode', `/v1beta1/publishers/google/models/${MODEL}`],
] as const

async function post(http: string, path: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(http + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

const json = (answer: { text: string }) => JSON.parse(answer.text)
/** JSON of any shape, for the expectations to judge. */
const get = async (url: string) => JSON.parse(await (await fetch(url)).text())

describe('[REST-4] generateContent', () => {
  it.each(PATHS)('answers in the paths of %s', async (_, path) => {
    const answer = await post(await start(), `${path}:generateContent`, CONTENTS)
    expect(answer.status).toBe(200)
    expect(json(answer)).toEqual({
      candidates: [
        { content: { role: 'model', parts: [{ text: 'one two three' }] }, finishReason: 'STOP', index: 0 },
      ],
      usageMetadata: {
        promptTokenCount: 5,
        candidatesTokenCount: 3,
        totalTokenCount: 8,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: 5 }],
        candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: 3 }],
      },
      modelVersion: MODEL,
      responseId: expect.any(String),
    })
  })

  it('[REST-5] takes an instruction, a history and a configuration, in either spelling', async () => {
    const answer = await post(await start(), `${PATHS[0][1]}:generateContent`, {
      contents: [
        { parts: [{ text: 'first' }] },
        { role: 'model', parts: [{ text: 'answer' }] },
        { role: 'user', parts: [{ text: 'a b c d e' }] },
      ],
      system_instruction: { parts: [{ text: 'Be brief.' }] },
      generation_config: { max_output_tokens: 3, temperature: 0 },
      safetySettings: [{ category: 'X' }],
    })
    expect(json(answer)).toMatchObject({
      candidates: [{ content: { parts: [{ text: 'a b c' }] }, finishReason: 'MAX_TOKENS' }],
      usageMetadata: { promptTokenCount: 13 },
    })
  })

  it('[REST-6] ends before a stop sequence', async () => {
    const body = { ...CONTENTS, generationConfig: { stopSequences: ['o th', 'zz'] } }
    const answer = json(await post(await start(), `${PATHS[0][1]}:generateContent`, body))
    expect(answer).toMatchObject({
      candidates: [{ content: { parts: [{ text: 'one tw' }] }, finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 5, candidatesTokenCount: 3 },
    })
  })
})

describe('[REST-7] streamGenerateContent', () => {
  it.each(PATHS)('sends events in the paths of %s', async (_, path) => {
    const answer = await post(await start(), `${path}:streamGenerateContent?alt=sse`, CONTENTS)
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    const events = answer.text.split('\r\n\r\n').filter(Boolean)
    expect(events.every((event) => event.startsWith('data: {'))).toBe(true)
    const chunks = events.map((event) => JSON.parse(event.slice('data: '.length)))
    expect(chunks.map((chunk) => chunk.candidates[0].content.parts[0].text)).toEqual([
      'one',
      ' two',
      ' three',
      '',
    ])
    expect(chunks.at(-1)).toMatchObject({
      candidates: [{ finishReason: 'STOP' }],
      usageMetadata: { totalTokenCount: 8 },
    })
    expect(new Set(chunks.map((chunk) => chunk.responseId)).size).toBe(1)
  })

  it('[REST-8] is a JSON array without alt=sse', async () => {
    const answer = await post(await start(), `${PATHS[0][1]}:streamGenerateContent`, CONTENTS)
    expect(JSON.parse(answer.text)).toHaveLength(4)
  })

  it('[REST-9] tells what failed on the way as its last event', async () => {
    const script = 'rules:\n  - fail: { code: engine-refused, afterTokens: 1, times: always }\n'
    const answer = await post(
      await start({ script }),
      `${PATHS[0][1]}:streamGenerateContent?alt=sse`,
      CONTENTS,
    )
    const events = answer.text.split('\r\n\r\n').filter(Boolean)
    expect(JSON.parse(events.at(-1)!.slice(6))).toMatchObject({
      error: { code: 400, status: 'INVALID_ARGUMENT' },
    })
  })
})

describe('[REST-10] countTokens', () => {
  it.each(PATHS)('counts in the paths of %s', async (_, path) => {
    const http = await start()
    const plain = json(await post(http, `${path}:countTokens`, CONTENTS))
    expect(plain).toEqual({ totalTokens: 5, promptTokensDetails: [{ modality: 'TEXT', tokenCount: 5 }] })
    const whole = {
      generateContentRequest: { model: `models/${MODEL}`, ...CONTENTS, systemInstruction: 'x y' },
    }
    expect(json(await post(http, `${path}:countTokens`, whole))).toMatchObject({ totalTokens: 7 })
  })
})

describe('[REST-2] models', () => {
  it.each([
    ['/v1beta/models', 'models', `models/${MODEL}`],
    ['/v1beta1/publishers/google/models', 'publisherModels', `publishers/google/models/${MODEL}`],
  ])('%s come page by page', async (path, member, name) => {
    const http = await start()
    const all: { name: string }[] = []
    let token = ''
    do {
      const page = await get(`${http}${path}?pageSize=4&pageToken=${token}`)
      expect(page[member].length).toBeLessThanOrEqual(4)
      all.push(...page[member])
      token = page.nextPageToken ?? ''
    } while (token !== '')
    const whole = await get(`${http}${path}`)
    expect(all).toEqual(whole[member])
    expect(all.map((model) => model.name)).toContain(name)
    expect((await fetch(`${http}${path}?pageToken=nonsense`)).status).toBe(400)
    expect((await fetch(`${http}${path}?pageSize=-1`)).status).toBe(400)
  })

  it('[REST-3] tell their methods', async () => {
    const model = await get(`${await start()}/v1beta/models/${MODEL}`)
    expect(model.supportedGenerationMethods).toContain('bidiGenerateContent')
    expect(model).toMatchObject({ inputTokenLimit: expect.any(Number), outputTokenLimit: expect.any(Number) })
  })
})

describe('[REST-11] errors', () => {
  const generate = `${PATHS[0][1]}:generateContent`
  it.each([
    ['an unknown model', generate.replace(MODEL, 'nobody'), CONTENTS, 404, 'NOT_FOUND', 'ListModels'],
    ['an unknown method', `${PATHS[0][1]}:embedContent`, CONTENTS, 404, 'NOT_FOUND', 'embedContent'],
    ['no method', PATHS[0][1], CONTENTS, 404, 'NOT_FOUND', ':generateContent'],
    ['no JSON', generate, '{', 400, 'INVALID_ARGUMENT', 'JSON'],
    ['no object', generate, '[]', 400, 'INVALID_ARGUMENT', 'object'],
    ['no contents', generate, {}, 400, 'INVALID_ARGUMENT', 'request.contents'],
    [
      'a wrong value',
      generate,
      { ...CONTENTS, generationConfig: { topP: 7 } },
      400,
      'INVALID_ARGUMENT',
      'topP',
    ],
    [
      'a feature that is missing',
      generate,
      { ...CONTENTS, tools: [{ googleSearch: {} }] },
      400,
      'INVALID_ARGUMENT',
      'tools',
    ],
    [
      'a picture',
      generate,
      { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: '' } }] }] },
      400,
      'INVALID_ARGUMENT',
      'inlineData',
    ],
    ['nothing there', '/v1beta/files', {}, 404, 'NOT_FOUND', '/files'],
  ])('%s', async (_, path, body, code, status, part) => {
    const answer = await post(await start(), path, body)
    expect([answer.status, json(answer)]).toEqual([
      code,
      { error: { code, status, message: expect.stringContaining(part) } },
    ])
  })

  it('[REST-3] where nothing is answered without a session, and the methods say so', async () => {
    const http = await start({ gateway: { text: undefined } as object })
    for (const method of ['generateContent', 'streamGenerateContent', 'countTokens']) {
      const answer = await post(http, `${PATHS[0][1]}:${method}`, CONTENTS)
      expect(answer.status).toBe(404)
      expect(json(answer)).toMatchObject({
        error: { status: 'NOT_FOUND', message: expect.stringContaining(`not supported for ${method}`) },
      })
    }
    const { supportedGenerationMethods } = await get(`${http}/v1beta/models/${MODEL}`)
    expect(supportedGenerationMethods).toEqual(['bidiGenerateContent'])
  })

  it('[REST-12] of the engine say whose fault it is', async () => {
    for (const [failure, code] of [
      ['engine-refused', 400],
      ['engine-timeout', 504],
      ['engine-failed', 500],
    ] as const) {
      const http = await start({ script: `rules:\n  - fail: { code: ${failure}, times: always }\n` })
      expect((await post(http, generate, CONTENTS)).status).toBe(code)
      expect((await post(http, generate.replace('generate', 'streamGenerate'), CONTENTS)).status).toBe(code)
      await server!.close()
    }
  })

  it('[REST-13] more requests than sessions are refused as too many', async () => {
    const script = 'rules:\n  - delaysMs: { firstToken: 300 }\n'
    const http = await start({ script, maxSessions: 1 })
    const first = post(http, generate, CONTENTS)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect((await post(http, generate, CONTENTS)).status).toBe(429)
    expect((await first).status).toBe(200)
    expect((await post(http, generate, CONTENTS)).status).toBe(200)
  })
})

describe('[REST-14] web pages', () => {
  it('of an allowed origin may ask, others may not', async () => {
    const http = await start()
    const from = (origin: string, method = 'GET') =>
      fetch(`${http}/v1beta/models`, { method, headers: { origin } })
    const allowed = await from('http://localhost:3000')
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'http://localhost:3000',
    ])
    expect((await from('http://localhost:3000', 'OPTIONS')).status).toBe(204)
    expect((await from('https://evil.example')).status).toBe(403)
  })
})
