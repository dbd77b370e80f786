/**
 * The conversation of `vivavoce ask`: sends the question, reads up to the end of the answer, and says so where nothing of the question
 * was heard. It knows no files and no servers.
 */

import { audioOf, type LiveClient, textOf } from '../client/index.js'
import { type AskInput, INPUT_HZ, type Recording } from './ask-input.js'

export interface AskReport {
  readonly heard: string
  readonly answer: string
  /** From the end of sending the question to the first audio (first text with --text-only). */
  readonly firstOutputMs: number | undefined
  readonly totalMs: number
  readonly answerSeconds: number
  readonly totalTokens: number | undefined
}

export interface AskOutput {
  /** Transcripts, as they come. */
  readonly show: (text: string) => void
  /** The answer's sound, PCM16 at `OUTPUT_HZ`. */
  readonly play: (pcm16: Uint8Array) => void
}

export const OUTPUT_HZ = 24_000
/** 100 ms: small enough for any server's message limit, large enough to be cheap. */
const CHUNK_BYTES = INPUT_HZ * 2 * 0.1
/**
 * A server says nothing of a recording in which it finds no speech. It has found none when its length and this have gone by: recognition
 * is quicker than speech, and others may be before it in the queue.
 */
const SPEECH_WAIT_MS = 15_000

/** Asks, and reads up to the end of the turn. Rejects where the session ends before, and where no speech is found in a recording. */
export async function converse(
  client: LiveClient,
  input: AskInput,
  { show, play }: AskOutput,
  speechWaitMs = SPEECH_WAIT_MS,
): Promise<AskReport & { pcm16: Uint8Array }> {
  const startMs = performance.now()
  if ('text' in input) client.sendText(input.text)
  else send(client, input)
  const askedMs = performance.now()
  let unheard = false
  const giveUp = () => {
    unheard = true
    void client.close()
  }
  const waiting = 'text' in input ? undefined : setTimeout(giveUp, input.seconds * 1000 + speechWaitMs)
  const speakers = { heard: '', answer: '' }
  const add = (speaker: 'heard' | 'answer', words: string) => {
    if (words === '') return
    if (speakers[speaker] === '') {
      const first = speakers.heard === '' && speakers.answer === ''
      show(`${first ? '' : '\n'}${speaker === 'heard' ? 'You' : 'Answer'}: ${words.trimStart()}`)
    } else show(words)
    speakers[speaker] += words
  }
  const chunks: Uint8Array[] = []
  let firstOutputMs: number | undefined
  try {
    for await (const message of client) {
      if (!('serverContent' in message)) continue
      clearTimeout(waiting)
      const audio = audioOf(message)
      const text = textOf(message)
      if (audio !== undefined || text !== '') firstOutputMs ??= performance.now() - askedMs
      if (audio !== undefined) {
        chunks.push(audio.pcm16)
        play(audio.pcm16)
      }
      add('answer', text)
      add('heard', message.serverContent.inputTranscription?.text ?? '')
      add('answer', message.serverContent.outputTranscription?.text ?? '')
      if (!message.serverContent.turnComplete) continue
      const pcm16 = Buffer.concat(chunks)
      return {
        heard: speakers.heard.trim(),
        answer: speakers.answer.trim(),
        firstOutputMs,
        totalMs: performance.now() - startMs,
        answerSeconds: pcm16.length / 2 / OUTPUT_HZ,
        totalTokens: message.usageMetadata?.totalTokenCount,
        pcm16,
      }
    }
  } finally {
    clearTimeout(waiting)
  }
  throw new Error(unheard && !('text' in input) ? nothingHeard(input) : 'the session ended before the answer')
}

function send(client: LiveClient, { pcm16 }: Recording): void {
  for (let start = 0; start < pcm16.length; start += CHUNK_BYTES) {
    client.sendAudio(pcm16.subarray(start, start + CHUNK_BYTES), INPUT_HZ)
  }
  client.audioStreamEnd()
}

function nothingHeard({ name, seconds, peakDbfs }: Recording): string {
  return (
    `no speech was heard in ${name} (${seconds.toFixed(1)} s, ${Math.round(peakDbfs)} dBFS at its loudest): ` +
    'listen to it, record it again closer to the microphone, or ask in words'
  )
}
