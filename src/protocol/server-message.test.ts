import { describe, expect, it } from 'vitest'

import {
  audioMessage,
  encodeServerMessage,
  generationCompleteMessage,
  goAwayMessage,
  inputTranscriptionMessage,
  interruptedMessage,
  outputTranscriptionMessage,
  setupCompleteMessage,
  textMessage,
  turnCompleteMessage,
} from './index.js'

const usage = { promptTokens: { TEXT: 12, AUDIO: 3 }, responseTokens: { AUDIO: 60 } }

describe('[SRV-7] server messages', () => {
  it.each([
    [setupCompleteMessage('s1'), '{"setupComplete":{"sessionId":"s1"}}'],
    [
      audioMessage('AAAA'),
      '{"serverContent":{"modelTurn":{"role":"model","parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":"AAAA"}}]}}}',
    ],
    [textMessage('Hi'), '{"serverContent":{"modelTurn":{"role":"model","parts":[{"text":"Hi"}]}}}'],
    [inputTranscriptionMessage(' Hi'), '{"serverContent":{"inputTranscription":{"text":" Hi"}}}'],
    [outputTranscriptionMessage('Yes'), '{"serverContent":{"outputTranscription":{"text":"Yes"}}}'],
    [generationCompleteMessage(), '{"serverContent":{"generationComplete":true}}'],
    [interruptedMessage(), '{"serverContent":{"interrupted":true}}'],
    [goAwayMessage(49.6), '{"goAway":{"timeLeft":"50s"}}'],
  ])('%j', (message, text) => expect(encodeServerMessage(message)).toBe(text))

  it('counts tokens in both spellings, with details that are always there', () => {
    expect(turnCompleteMessage(usage)).toEqual({
      serverContent: { turnComplete: true },
      usageMetadata: {
        promptTokenCount: 15,
        responseTokenCount: 60,
        candidatesTokenCount: 60,
        totalTokenCount: 75,
        promptTokensDetails: [
          { modality: 'TEXT', tokenCount: 12 },
          { modality: 'AUDIO', tokenCount: 3 },
        ],
        responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 60 }],
        candidatesTokensDetails: [{ modality: 'AUDIO', tokenCount: 60 }],
      },
    })
    expect(turnCompleteMessage({ promptTokens: {}, responseTokens: {} })).toMatchObject({
      usageMetadata: { totalTokenCount: 0, promptTokensDetails: [], responseTokensDetails: [] },
    })
  })
})
