/** Google's JavaScript SDK. */

import type { ProgramInput } from './programs'
import { sdkConfig } from './sdk-config'

export function typescriptProgram(input: ProgramInput): string {
  const { model, isSpoken, config, tools } = sdkConfig(input)
  const calls = `      if (message.toolCall?.functionCalls) {
        session.sendToolResponse({
          functionResponses: message.toolCall.functionCalls.map(({ id, name }) => ({
            id: id!,
            name: name!,
            response: { output: 'done' },
          })),
        })
      }
`
  const output = isSpoken
    ? `      for (const part of message.serverContent?.modelTurn?.parts ?? []) {
        if (part.inlineData?.data) audio.push(Buffer.from(part.inlineData.data, 'base64'))
      }
      process.stdout.write(message.serverContent?.outputTranscription?.text ?? '')
      if (!message.serverContent?.turnComplete) return
      writeFileSync('answer.wav', wav(Buffer.concat(audio)))
      session.close()`
    : `      for (const part of message.serverContent?.modelTurn?.parts ?? []) process.stdout.write(part.text ?? '')
      if (message.serverContent?.turnComplete) session.close()`
  return `// npm install @google/genai${isSpoken ? "\nimport { writeFileSync } from 'node:fs'" : ''}
import { GoogleGenAI, type LiveConnectConfig, type LiveServerMessage } from '@google/genai'

const ai = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: '${input.url}' } })

const config = ${JSON.stringify(config, null, 2)} as LiveConnectConfig
${isSpoken ? '\nconst audio: Buffer[] = []\n' : ''}
const session = await ai.live.connect({
  model: '${model}',
  config,
  callbacks: {
    onmessage(message: LiveServerMessage) {
${tools.length > 0 ? calls : ''}${output}
    },
    onclose: ({ reason }) => console.log(reason ? \`\\n\${reason}\` : ''),
  },
})

session.sendClientContent({ turns: 'Hello! Who are you?' })
${
  isSpoken
    ? `
function wav(pcm: Buffer): Buffer {
  const header = Buffer.alloc(44)
  header.write('RIFF', 0)
  header.writeUInt32LE(36 + pcm.length, 4)
  header.write('WAVEfmt ', 8)
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(24_000, 24)
  header.writeUInt32LE(48_000, 28)
  header.writeUInt16LE(2, 32)
  header.writeUInt16LE(16, 34)
  header.write('data', 36)
  header.writeUInt32LE(pcm.length, 40)
  return Buffer.concat([header, pcm])
}
`
    : ''
}`
}
