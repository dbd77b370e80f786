/** A written question, a spoken answer: collects the audio, measures it and writes answer.wav. */
import { writeFileSync } from 'node:fs'
import { GoogleGenAI, type LiveServerMessage, Modality } from '@google/genai'

const RATE_HZ = 24_000

const ai = new GoogleGenAI({ apiKey: process.env.GEMINI_API_KEY ?? 'any' })
const chunks: Buffer[] = []
const mimeTypes = new Set<string | undefined>()

await new Promise<void>((resolve, reject) => {
  const onmessage = ({ serverContent }: LiveServerMessage) => {
    for (const { inlineData } of serverContent?.modelTurn?.parts ?? []) {
      if (inlineData?.data === undefined) continue
      chunks.push(Buffer.from(inlineData.data, 'base64'))
      mimeTypes.add(inlineData.mimeType)
    }
    if (serverContent?.turnComplete) resolve()
  }
  const onclose = ({ code, reason }: { code: number; reason: string }) =>
    reject(new Error(`${code} ${reason}`))
  const config = {
    responseModalities: [Modality.AUDIO],
    speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: 'Aoede' } } },
  }
  ai.live
    .connect({ model: 'gemini-live-2.5-flash', config, callbacks: { onmessage, onclose } })
    .then((session) => session.sendClientContent({ turns: 'Hello? Are you there?' }))
    .catch(reject)
})

const pcm = Buffer.concat(chunks)
writeFileSync('answer.wav', Buffer.concat([wavHeader(pcm.length), pcm]))
let energy = 0
for (let index = 0; index < pcm.length; index += 2) energy += (pcm.readInt16LE(index) / 32_768) ** 2
const seconds = pcm.length / 2 / RATE_HZ
const levelDb = 10 * Math.log10(energy / (pcm.length / 2))
console.log(`answer.wav: ${seconds.toFixed(2)} s, ${levelDb.toFixed(1)} dBFS`)

if ([...mimeTypes].join() !== `audio/pcm;rate=${RATE_HZ}`)
  throw new Error(`wrong: the audio came as ${[...mimeTypes]}`)
if (seconds < 0.5) throw new Error('wrong: shorter than any spoken answer')
if (!(levelDb > -40)) throw new Error('wrong: too quiet to be heard')
process.exit(0)

/** 16-bit mono. */
function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + dataBytes, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(RATE_HZ, 24)
  header.writeUInt32LE(RATE_HZ * 2, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(dataBytes, 40)
  return header
}
