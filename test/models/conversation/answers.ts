/**
 * Whether spoken answers say what they claim to say: questions are asked of a server, its answers recognised and compared with its own
 * transcript. The test asks the first twenty, `measure.ts` all.
 */
import { WebSocket } from 'ws'
import { joinSamples, pcm16ToFloat, resample } from '../../../src/audio/index.js'
import { connectLive, type LiveClient } from '../../../src/client/index.js'
import type { Recognizer } from '../../../src/engine/index.js'
import { type WordErrors, wordErrorRate } from '../../../src/testing/word-error-rate.js'

export const QUESTIONS = [
  'What is the capital of France?',
  'How do I make a good cup of coffee?',
  'Why is the sky blue?',
  'Tell me something interesting about cats.',
  'What should I see in Paris in one day?',
  'Who wrote Romeo and Juliet?',
  'How many days are in a year?',
  'What is a good name for a small dog?',
  'Can you give me a tip for sleeping better?',
  'What is the tallest mountain in the world?',
  'How does a bicycle stay upright?',
  'What do bees do in the winter?',
  'Please recommend a book for a long journey.',
  'What is the difference between a lake and a pond?',
  'How can I learn to play the guitar?',
  'What is your favourite season, and why?',
  'How do planes fly?',
  'What can I cook with eggs and potatoes?',
  'Why do leaves change their colour in autumn?',
  'Say good night to me, please.',
  'What is the capital of Spain?',
  'How do I clean a window well?',
  'Why is the sea salty?',
  'Tell me something interesting about elephants.',
  'What should I see in Rome in one day?',
  'Who painted the Mona Lisa?',
  'How many hours are in a week?',
  'What is a good name for a cat?',
  'Can you give me a tip for waking up early?',
  'What is the longest river in the world?',
  'How does a refrigerator keep food cold?',
  'What do bears do in the winter?',
  'Please recommend a film for a rainy evening.',
  'What is the difference between a frog and a toad?',
  'How can I learn to swim?',
  'What is your favourite fruit, and why?',
  'How do boats float?',
  'What can I cook with rice and tomatoes?',
  'Why do birds migrate?',
  'Say good morning to me, please.',
  'What is photosynthesis?',
  'How do I change a bicycle tyre?',
  'What is a good hobby for someone with little time?',
  'Why do we dream?',
  'What is the speed of light?',
  'Tell me about the moon.',
  'How do I write a polite email to my boss?',
  'What is the best way to store bread?',
  'Why do cats purr?',
  'Who was the first person on the moon?',
  'How can I save money on groceries?',
  'What causes thunder?',
  'What is jazz?',
  'How do I plant a tree?',
  'What should I pack for a trip to the mountains?',
  'What is the largest ocean?',
  'Give me a short story about a fox.',
  'How do vaccines work?',
  'What is a healthy breakfast?',
  'How does the internet work?',
]

export interface Answer {
  readonly heard: string
  readonly said: string
  readonly text: string
  /** 24 kHz */
  readonly audio: Float32Array
}

/** Everything up to the end of the turn. */
export async function answerOf(client: LiveClient): Promise<Answer> {
  let heard = ''
  let said = ''
  let text = ''
  const audio: Float32Array[] = []
  for await (const message of client) {
    if (!('serverContent' in message)) continue
    const { serverContent: content } = message
    heard += content.inputTranscription?.text ?? ''
    said += content.outputTranscription?.text ?? ''
    const part = content.modelTurn?.parts[0]
    if (part && 'text' in part) text += part.text
    if (part && 'inlineData' in part) audio.push(pcm16ToFloat(Buffer.from(part.inlineData.data, 'base64')))
    if (content.turnComplete) break
  }
  return { heard, said, text, audio: joinSamples(audio) }
}

export interface SpokenAnswer extends WordErrors {
  readonly said: string
  readonly heard: string
  readonly audioSeconds: number
}

/** Asks in a session of its own, at temperature 0, in the default voice. */
export async function spokenAnswer(url: string, question: string, ears: Recognizer): Promise<SpokenAnswer> {
  const client = await connectLive({
    url,
    model: 'gemini-live-2.5-flash',
    config: {
      generationConfig: { responseModalities: ['AUDIO'], temperature: 0 },
      outputAudioTranscription: {},
    },
    WebSocket,
  })
  client.sendText(question)
  const { said, audio } = await answerOf(client)
  await client.close()
  const recognition = ears.open({ signal: new AbortController().signal, language: 'en' })
  recognition.push(resample(audio, 24_000, 16_000))
  const { text: heard } = await recognition.settle()
  recognition.close()
  // Whisper's normaliser deletes brackets with what is in them, as sounds that nobody said, and makes "3-5" two words: of an answer both are
  // spoken.
  const spoken = said.replace(/[()[\]]/g, ',').replace(/(\d)[-–](?=\d)/g, '$1 to ')
  return { said, heard, audioSeconds: audio.length / 24_000, ...wordErrorRate(spoken, heard) }
}
