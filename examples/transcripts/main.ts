/** A conversation by voice with both sides written along: streams a question as a microphone would. */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { GoogleGenAI, type LiveServerMessage, Modality, type Session } from '@google/genai'

const FRAME_SECONDS = 0.02

const ai = new GoogleGenAI({ apiKey: process.env.GEMINI_API_KEY ?? 'any' })

let heard = ''
let said = ''
let audioBytes = 0
await new Promise<void>((resolve, reject) => {
  const onmessage = ({ serverContent }: LiveServerMessage) => {
    heard += serverContent?.inputTranscription?.text ?? ''
    said += serverContent?.outputTranscription?.text ?? ''
    for (const { inlineData } of serverContent?.modelTurn?.parts ?? []) {
      audioBytes += Buffer.from(inlineData?.data ?? '', 'base64').length
    }
    if (serverContent?.turnComplete) resolve()
  }
  const onclose = ({ code, reason }: { code: number; reason: string }) =>
    reject(new Error(`${code} ${reason}`))
  const config = {
    responseModalities: [Modality.AUDIO],
    inputAudioTranscription: {},
    outputAudioTranscription: {},
  }
  ai.live
    .connect({ model: 'gemini-live-2.5-flash', config, callbacks: { onmessage, onclose } })
    .then(speak)
    .catch(reject)
})
const seconds = audioBytes / 2 / 24_000
console.log('You:  ', heard.trim())
console.log(`Model: ${said.trim()} (${seconds.toFixed(2)} s)`)

if (!/france/i.test(heard)) throw new Error('wrong: the question asks for the capital of France')
if (!/paris/i.test(said)) throw new Error('wrong: the answer does not name Paris')
// People and synthesisers speak one to six words a second.
const wordsPerSecond = said.trim().split(/\s+/).length / seconds
if (!(wordsPerSecond >= 1 && wordsPerSecond <= 6)) {
  throw new Error('wrong: the transcript does not fit the length of the speech')
}
process.exit(0)

async function speak(session: Session): Promise<void> {
  // The samples of a plain 16-bit mono WAV file follow a header of 44 bytes, which holds the rate at byte 24.
  const wav = readFileSync(new URL('../question.wav', import.meta.url))
  const rateHz = wav.readUInt32LE(24)
  const frameBytes = 2 * Math.round(rateHz * FRAME_SECONDS)
  for (let start = 44; start < wav.length; start += frameBytes) {
    const data = wav.subarray(start, start + frameBytes).toString('base64')
    session.sendRealtimeInput({ audio: { data, mimeType: `audio/pcm;rate=${rateHz}` } })
    await sleep(FRAME_SECONDS * 1000)
  }
  session.sendRealtimeInput({ audioStreamEnd: true })
}
