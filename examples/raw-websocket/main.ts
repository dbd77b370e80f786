/** The Live API without an SDK: one WebSocket, JSON in both directions, a Bearer token. */
import { WebSocket } from 'ws'

const baseUrl = process.env.GOOGLE_VERTEX_BASE_URL ?? 'https://us-central1-aiplatform.googleapis.com'
const project = process.env.GOOGLE_CLOUD_PROJECT ?? 'my-project'
const location = process.env.GOOGLE_CLOUD_LOCATION ?? 'us-central1'
const path = '/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent'

const setup = {
  model: `projects/${project}/locations/${location}/publishers/google/models/gemini-live-2.5-flash`,
  generationConfig: { responseModalities: ['AUDIO'] },
  outputAudioTranscription: {},
}
const question = {
  turns: [{ role: 'user', parts: [{ text: 'Hello? Are you there?' }] }],
  turnComplete: true,
}

const headers = { Authorization: `Bearer ${process.env.ACCESS_TOKEN ?? 'any'}` }
const socket = new WebSocket(baseUrl.replace(/^http/, 'ws').replace(/\/$/, '') + path, { headers })
const events: string[] = []
const chunks: Buffer[] = []
let said = ''
let totalTokens = 0
let first = true

await new Promise<void>((resolve, reject) => {
  socket.on('open', () => socket.send(JSON.stringify({ setup })))
  socket.on('error', reject)
  socket.on('close', (code, reason) => reject(new Error(`${code} ${reason}`)))
  socket.on('message', (frame) => {
    const message = JSON.parse(String(frame))
    if (first) {
      first = false
      if (!('setupComplete' in message)) reject(new Error(`wrong: the first message is ${frame}`))
      socket.send(JSON.stringify({ clientContent: question }))
      return
    }
    const content = message.serverContent ?? {}
    events.push(...Object.keys(content))
    said += content.outputTranscription?.text ?? ''
    for (const part of content.modelTurn?.parts ?? [])
      chunks.push(Buffer.from(part.inlineData.data, 'base64'))
    if (!content.turnComplete) return
    totalTokens = message.usageMetadata?.totalTokenCount ?? 0
    resolve()
  })
})
const pcm = Buffer.concat(chunks)
console.log(`Model: ${said.trim()} (${(pcm.length / 2 / 24_000).toFixed(2)} s)`)

if (pcm.length === 0 || pcm.length % 2 !== 0)
  throw new Error('wrong: the audio is no whole number of samples')
if (said.trim() === '') throw new Error('wrong: nothing was transcribed')
const end = events.slice(-2).join()
if (end !== 'generationComplete,turnComplete') throw new Error(`wrong: the turn ended with ${end}`)
if (!(totalTokens > 0)) throw new Error('wrong: the turn was not counted')
process.exit(0)
