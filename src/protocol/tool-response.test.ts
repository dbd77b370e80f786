/** Results of functions and other messages around tools, in the shapes that clients send. */

import { describe, expect, it } from 'vitest'
import { GREEN_PNG } from '../testing/pictures.js'
import { behaviourOf, decodeClientMessage, ProtocolError } from './index.js'
import {
  encodeServerMessage,
  toolCallCancellationMessage,
  toolCallMessage,
  voiceActivityMessage,
} from './server-message.js'

const decode = (message: unknown) => decodeClientMessage(JSON.stringify(message))

describe('[TOOL-10] toolResponse', () => {
  it.each<[object, object]>([
    [
      { id: '1', name: 'f', response: { output: 'x' } },
      { id: '1', name: 'f', result: { output: 'x' } },
    ],
    [
      { name: 'f', response: { temp_c: 3, ok: null } },
      { name: 'f', result: { output: { temp_c: 3, ok: null } } },
    ],
    [{ id: '', response: { error: 'down' } }, { result: { error: 'down' } }],
    [
      { id: '1', response: { output: 1, error: null } },
      { id: '1', result: { output: 1 } },
    ],
    [{ id: '1' }, { id: '1', result: { output: {} } }],
    [
      { id: '1', response: 'text' },
      { id: '1', result: { output: 'text' } },
    ],
    [
      { id: '1', scheduling: 'SILENT', response: { output: 'x' }, will_continue: true },
      { id: '1', result: { output: 'x' }, scheduling: 'SILENT', willContinue: true },
    ],
    [
      { id: '1', response: { result: 'x', scheduling: 'INTERRUPTED' } },
      { id: '1', result: { output: { result: 'x' } }, scheduling: 'INTERRUPT' },
    ],
    ...['every Tuesday', { from: 9, to: 17 }, '', 3].map((scheduling): [object, object] => [
      { id: '1', response: { scheduling } },
      { id: '1', result: { output: { scheduling } } },
    ]),
    [
      { id: '1', scheduling: 'when_idle', response: { output: 'x', scheduling: 'SILENT' } },
      { id: '1', result: { output: 'x' }, scheduling: 'WHEN_IDLE' },
    ],
  ])('%j', (given, expected) => {
    for (const functionResponses of [[given], given]) {
      expect(decode({ tool_response: { function_responses: functionResponses } })).toEqual({
        type: 'tool-response',
        results: [{ willContinue: false, ...expected }],
      })
    }
  })

  it('says what is wrong, and notes parts that the model cannot take', () => {
    const late = { functionResponses: [{ id: '1', scheduling: 'LATER' }] }
    expect(() => decode({ toolResponse: late })).toThrow(
      'toolResponse.functionResponses[0].scheduling must be SILENT, WHEN_IDLE or INTERRUPT.',
    )
    expect(() => decode({ toolResponse: { functionResponses: [{ id: 1 }] } })).toThrow(ProtocolError)
    const parts = [{ inlineData: { mimeType: 'image/png', data: 'AAAA' } }]
    expect(decode({ toolResponse: { functionResponses: [{ id: '1', parts }] } }).notices).toEqual([
      expect.stringContaining('toolResponse.functionResponses.parts is accepted without effect'),
    ])
  })
})

describe('contextUpdate', () => {
  it('holds what it changes', () => {
    expect(
      decode({
        contextUpdate: {
          systemInstruction: { parts: [{ text: 'new' }], role: 'user' },
          tools: { tools: [{ function_declarations: [{ name: 'f', behavior: 'BLOCKING' }] }] },
        },
      }),
    ).toEqual({
      type: 'context-update',
      system: 'new',
      functions: [{ name: 'f', description: '', behavior: 'BLOCKING' }],
    })
    expect(decode({ context_update: { tools: { tools: [] } } })).toEqual({
      type: 'context-update',
      functions: [],
    })
    expect(decode({ contextUpdate: {} })).toEqual({ type: 'context-update' })
  })
})

describe('parts of clientContent', () => {
  it('become text, calls and results in their order', () => {
    const turns = [
      {
        role: 'user',
        parts: [
          { text: 'Look:' },
          { inlineData: { mimeType: 'image/jpeg', data: Buffer.from(GREEN_PNG.bytes).toString('base64') } },
          { fileData: { fileUri: 'gs://b/f.pdf', mimeType: 'application/pdf' } },
        ],
      },
      {
        role: 'model',
        parts: [
          { text: 'hm', thought: true },
          { text: 'Let me see.' },
          { functionCall: { name: 'f', args: { my_key: 1 } } },
          { functionCall: { id: 'b', name: 'f', args: {} } },
        ],
      },
      {
        role: 'function',
        parts: [
          { functionResponse: { name: 'f', response: { output: 'x' } } },
          { functionResponse: { id: 'b', name: 'f', response: { some_key: 1 } } },
        ],
      },
      { role: 'model', parts: [{ executableCode: { language: 'PYTHON', code: '1+1' } }] },
      { role: 'user', parts: [{ codeExecutionResult: { outcome: 'OUTCOME_OK', output: '2' } }] },
    ]
    expect(decode({ clientContent: { turns } })).toMatchObject({
      turns: [
        {
          role: 'user',
          text: 'Look:',
        },
        { role: 'picture', picture: { mimeType: 'image/png', bytes: GREEN_PNG.bytes } },
        { role: 'user', text: '[Here is a file, which you cannot open.]' },
        { role: 'model', text: 'Let me see.' },
        { role: 'call', id: 'given-1', name: 'f', args: { my_key: 1 } },
        { role: 'call', id: 'b', name: 'f', args: {} },
        { role: 'result', id: 'given-1', name: 'f', result: { output: 'x' } },
        { role: 'result', id: 'b', name: 'f', result: { output: { some_key: 1 } } },
        { role: 'model', text: '1+1' },
        { role: 'user', text: '2' },
      ],
    })
  })
})

describe('pictures in realtimeInput', () => {
  it.each([
    [{ video: { data: '_9j_', mime_type: 'image/jpeg' } }],
    [{ mediaChunks: [{ data: '/9j/', mimeType: 'Image/JPEG' }] }],
  ])('%j', (realtimeInput) => {
    expect(decode({ realtimeInput })).toEqual({
      type: 'realtime-input',
      picture: { bytes: Uint8Array.of(255, 216, 255), mimeType: 'image/jpeg' },
    })
  })
})

describe('what is sent around tools', () => {
  it.each([
    [
      toolCallMessage([{ id: '1', name: 'f', args: { a: 1 } }]),
      '{"toolCall":{"functionCalls":[{"id":"1","name":"f","args":{"a":1}}]}}',
    ],
    [toolCallCancellationMessage(['1']), '{"toolCallCancellation":{"ids":["1"]}}'],
    [
      voiceActivityMessage('ACTIVITY_START', 1_999),
      '{"voiceActivity":{"type":"ACTIVITY_START","voiceActivityType":"ACTIVITY_START","audioOffset":"1s"}}',
    ],
  ])('%j', (message, text) => {
    expect(encodeServerMessage(message)).toBe(text)
  })
})

describe('[TOOL-12] behaviourOf', () => {
  it.each([
    ['models/gemini-2.0-flash-exp', 'BLOCKING', 'always', 'TURN_INCLUDES_ALL_INPUT'],
    ['models/gemini-live-2.5-flash', 'BLOCKING', 'always', 'TURN_INCLUDES_ONLY_ACTIVITY'],
    [
      'publishers/google/models/gemini-live-2.5-flash',
      'NON_BLOCKING',
      'always',
      'TURN_INCLUDES_ONLY_ACTIVITY',
    ],
    ['models/mine', 'BLOCKING', 'always', 'TURN_INCLUDES_ONLY_ACTIVITY'],
    [
      'models/gemini-3.1-flash-live-preview',
      'BLOCKING',
      'when-complete',
      'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
    ],
    ['models/gemini-3.8-live', 'NON_BLOCKING', 'when-complete', 'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO'],
  ])('%s', (model, functions, contentInterrupts, turnCoverage) => {
    expect(behaviourOf(model)).toMatchObject({
      functions: { default: functions },
      contentInterrupts,
      turnCoverage,
    })
  })

  it('[TOOL-13] ends turns after calls for the framework that waits for it, with the models it does so for', () => {
    const adk = 'google-genai-sdk/2.0 gl-python/3.11 google-adk/2.13.0'
    expect(behaviourOf('models/gemini-live-2.5-flash', adk).turnCompleteAfterCall).toBe(true)
    expect(behaviourOf('models/gemini-3.1-flash-live-preview', adk).turnCompleteAfterCall).toBe(false)
    expect(behaviourOf('models/gemini-live-2.5-flash').turnCompleteAfterCall).toBe(false)
    expect(behaviourOf('models/gemini-2.5-flash-native-audio-latest').proactiveAudio).toBe('on-request')
  })
})
