/** A spoken question, a written answer: sends a WAV file in one message and reads text. */
import { readFileSync } from 'node:fs'
import { GoogleGenAI, type LiveServerMessage, Modality } from '@google/genai'

const ai = new GoogleGenAI({ apiKey: process.env.GEMINI_API_KEY ?? 'any' })

// The samples of a plain 16-bit mono WAV file follow a header of 44 bytes, which holds the rate at byte 24.
const wav = readFileSync(new URL('../question.wav', import.meta.url))
const mimeType = `audio/pcm;rate=${wav.readUInt32LE(24)}`
const data = wav.subarray(44).toString('base64')

let heard = ''
let answer = ''
await new Promise<void>((resolve, reject) => {
  const onmessage = ({ serverContent, text }: LiveServerMessage) => {
    answer += text ?? ''
    heard += serverContent?.inputTranscription?.text ?? ''
    if (serverContent?.turnComplete) resolve()
  }
  const onclose = ({ code, reason }: { code: number; reason: string }) =>
    reject(new Error(`${code} ${reason}`))
  const config = { responseModalities: [Modality.TEXT], inputAudioTranscription: {} }
  ai.live
    .connect({ model: 'gemini-live-2.5-flash', config, callbacks: { onmessage, onclose } })
    .then((session) => session.sendRealtimeInput({ audio: { data, mimeType } }))
    .catch(reject)
})
console.log('Heard: ', heard.trim())
console.log('Answer:', answer.trim())

if (!/france/i.test(heard)) throw new Error('wrong: the question asks for the capital of France')
if (!/paris/i.test(answer)) throw new Error('wrong: the answer does not name Paris')
process.exit(0)
