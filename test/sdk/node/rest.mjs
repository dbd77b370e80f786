/**
 * Uses the REST side of a server through @google/genai and prints what came as one JSON object.
 * Usage: rest.mjs developer|vertex. The server comes from the environment alone, as in a user's program.
 */
import { GoogleGenAI } from '@google/genai'

const MODEL = 'gemini-live-2.5-flash'
const flavour = process.argv[2]
const client =
  flavour === 'vertex'
    ? new GoogleGenAI({
        vertexai: true,
        project: process.env.GOOGLE_CLOUD_PROJECT,
        location: process.env.GOOGLE_CLOUD_LOCATION,
      })
    : new GoogleGenAI({ apiKey: 'any-key' })

async function collect(items, pick) {
  const found = []
  for await (const item of items) found.push(pick(item))
  return found
}

async function errorOf(call) {
  try {
    await call
    return null
  } catch (error) {
    return { code: error.status, message: error.message }
  }
}

const contents = 'one two three'
const answer = await client.models.generateContent({
  model: MODEL,
  contents,
  config: { systemInstruction: 'Be brief.', maxOutputTokens: 2, temperature: 0 },
})
const found = {
  text: answer.text,
  finishReason: answer.candidates[0].finishReason,
  totalTokens: answer.usageMetadata.totalTokenCount,
  pieces: await collect(
    await client.models.generateContentStream({ model: MODEL, contents }),
    (chunk) => chunk.text,
  ),
  counted: (await client.models.countTokens({ model: MODEL, contents })).totalTokens,
  models: await collect(await client.models.list({ config: { pageSize: 4 } }), (model) => model.name),
  model: (await client.models.get({ model: MODEL })).name,
  error: await errorOf(client.models.generateContent({ model: 'nobody', contents })),
}

/** Resolves with the text of one turn, or with the close code and reason. */
function talk(ai, config) {
  return new Promise((resolve, reject) => {
    let text = ''
    const onmessage = (message) => {
      text += message.serverContent?.modelTurn?.parts?.[0]?.text ?? ''
      if (message.serverContent?.turnComplete) resolve(text)
    }
    const onclose = (event) => resolve(`${event.code} ${event.reason}`)
    ai.live
      .connect({
        model: MODEL,
        config,
        callbacks: { onmessage, onclose, onerror: (event) => reject(event.error) },
      })
      .then((session) => session.sendClientContent({ turns: 'hi there' }), reject)
  })
}

if (flavour === 'developer') {
  const alpha = { httpOptions: { apiVersion: 'v1alpha' } }
  const token = await new GoogleGenAI({ apiKey: 'any-key', ...alpha }).authTokens.create({
    config: {
      uses: 1,
      liveConnectConstraints: {
        model: MODEL,
        config: { responseModalities: ['TEXT'], temperature: 0.5, systemInstruction: 'Be brief.' },
      },
      lockAdditionalFields: ['topK'],
    },
  })
  const page = new GoogleGenAI({ apiKey: token.name, ...alpha })
  const text = await talk(page, { responseModalities: ['AUDIO'] })
  found.token = { text, second: await talk(page, {}) }
}
process.stdout.write(`${JSON.stringify(found)}\n`)
process.exit(0)
