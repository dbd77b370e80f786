/** What counts as the answer: the one to the whole question, whatever was begun and broken off before it. */
import { expect, test } from 'vitest'
import { bytesToBase64, type LiveClient } from '../client/index.js'
import type { ServerMessage } from '../protocol/index.js'
import { converseOver } from './conversation.js'

const QUESTION = { name: 'q', samples: new Float32Array(320).fill(0.5), speechEndMs: 20 }
const CHUNK = bytesToBase64(new Uint8Array(480).fill(64))

const say = (content: object): ServerMessage => ({ serverContent: content as never })
const audio = say({
  modelTurn: { role: 'model', parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data: CHUNK } }] },
})
const turnComplete = say({ turnComplete: true })

/** A client whose messages arrive at given times, and the clock that they arrive on. */
function play(script: readonly (readonly [atMs: number, message: ServerMessage])[]) {
  let nowMs = 0
  let index = 0
  const client = {
    sessionId: 's',
    sendAudio() {},
    close: async () => ({ code: 1000, reason: '' }),
    [Symbol.asyncIterator]: () => ({
      async next() {
        const step = script[index++]
        if (step === undefined) return { done: true, value: undefined }
        nowMs = step[0]
        return { done: false, value: step[1] }
      },
    }),
  }
  const conversation = converseOver(client as unknown as LiveClient, () => nowMs, 0)
  return conversation.ask(QUESTION, new AbortController().signal).finally(() => conversation.close())
}

test('measures from the end of speech to the first audible sample, and joins the transcripts', async () => {
  const turn = await play([
    [30, say({ inputTranscription: { text: ' Hello' } })],
    [320, audio],
    [325, say({ outputTranscription: { text: 'Hi' } })],
    [330, say({ outputTranscription: { text: ' there' } })],
    [330, turnComplete],
  ])
  expect(turn).toEqual({
    session: 's',
    question: 'q',
    voiceToVoiceMs: 300,
    // "Hi" of "Hi there", of 10 ms.
    contentWordMs: 300 + (2 / 7) * 10,
    answerMs: 10,
    underruns: 0,
    underrunMs: 0,
    brokenOff: 0,
    heard: ' Hello',
    said: 'Hi there',
  })
})

test('an interrupted answer is not the answer', async () => {
  const turn = await play([
    [25, audio],
    [30, say({ interrupted: true })],
    [31, turnComplete],
    [520, audio],
    [521, turnComplete],
  ])
  expect(turn).toMatchObject({ voiceToVoiceMs: 500, brokenOff: 1 })
})

test('nor is one that ended while the user still spoke', async () => {
  const turn = await play([
    [5, audio],
    [10, turnComplete],
    [520, audio],
    [521, turnComplete],
  ])
  expect(turn).toMatchObject({ voiceToVoiceMs: 500, brokenOff: 1 })
})

test('gaps in playback are under-runs; an answer without sound is a problem', async () => {
  expect(
    await play([
      [100, audio],
      [150, audio],
      [150, turnComplete],
    ]),
  ).toMatchObject({ underruns: 1, underrunMs: 40, answerMs: 20 })
  const silent = await play([[100, turnComplete]])
  expect(silent.problem).toBe('the answer had no audible sample')
  expect(silent.voiceToVoiceMs).toBeUndefined()
})

test('a session that ends before the answer rejects', async () => {
  await expect(play([[100, audio]])).rejects.toThrow('the session ended before the answer')
})
