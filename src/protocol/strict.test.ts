import { describe, expect, it } from 'vitest'

import { MAX_REASON_BYTES, ProtocolError } from './close.js'
import { decodeClientMessage } from './decode.js'

const model = 'models/gemini-live-2.5-flash'

function outcome(message: object, strict: boolean): string {
  try {
    return decodeClientMessage(JSON.stringify(message), { strict }).type
  } catch (error) {
    const { closeCode, reason } = error as ProtocolError
    expect(error).toBeInstanceOf(ProtocolError)
    expect(new TextEncoder().encode(reason).length).toBeLessThanOrEqual(MAX_REASON_BYTES)
    return `${closeCode} ${reason}`
  }
}

const refused = (name: string, where: string) =>
  `1007 Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`

const UNKNOWN: [object, string, string, string][] = [
  [{ setup: { model, x: 1 } }, 'setup', 'x', " at 'setup'"],
  [{ setup: { model, responseModalities: ['TEXT'] } }, 'setup', 'responseModalities', " at 'setup'"],
  [
    { setup: { model, generationConfig: { sparkle: 1 } } },
    'setup',
    'sparkle',
    " at 'setup.generation_config'",
  ],
  [{ setup: { model, tools: [{}, { shovel: {} }] } }, 'setup', 'shovel', " at 'setup.tools[1]'"],
  [
    { clientContent: { turns: [{ parts: [{ text: 'hi', colour: 'red' }] }] } },
    'client-content',
    'colour',
    " at 'client_content.turns[0].parts[0]'",
  ],
  [{ realtimeInput: { text: 'hi', smell: 'roses' } }, 'realtime-input', 'smell', " at 'realtime_input'"],
  [
    { setup: { model, generationConfig: { thinkingConfig: { depth: 1 } } } },
    'setup',
    'depth',
    " at 'setup.generation_config.thinking_config'",
  ],
  [
    { setup: { model, safetySettings: [{ category: 'X', level: 1 }] } },
    'setup',
    'level',
    " at 'setup.safety_settings[0]'",
  ],
  [
    { setup: { model, inputAudioTranscription: { languageHints: { codes: [] } } } },
    'setup',
    'codes',
    " at 'setup.input_audio_transcription.language_hints'",
  ],
  [
    { clientContent: { turns: [{ parts: [{ functionCall: { name: 'f', arguments: {} } }] }] } },
    'client-content',
    'arguments',
    " at '…turns[0].parts[0].function_call'",
  ],
  [
    { clientContent: { turns: [{ parts: [{ functionResponse: { name: 'f', result: {} } }] }] } },
    'client-content',
    'result',
    " at '…turns[0].parts[0].function_response'",
  ],
  [
    { clientContent: { turns: [{ parts: [{ text: 'x', videoMetadata: { rate: 1 } }] }] } },
    'client-content',
    'rate',
    " at 'client_content.turns[0].parts[0].video_metadata'",
  ],
  [
    { realtimeInput: { activityStart: { at: 1 } } },
    'realtime-input',
    'at',
    " at 'realtime_input.activity_start'",
  ],
  [
    { toolResponse: { functionResponses: [{ id: '1', parts: [{ blob: {} }] }] } },
    'tool-response',
    'blob',
    " at 'tool_response.function_responses[0].parts[0]'",
  ],
  [{ clientContent: { turnComplete: true }, extra: 1 }, 'client-content', 'extra', ''],
]

describe('[MSG-7] unknown fields', () => {
  it.each(UNKNOWN)('%j is accepted by default and refused in strict mode', (message, type, name, where) => {
    if (name !== 'shovel') expect(outcome(message, false)).toBe(type)
    expect(outcome(message, true)).toBe(refused(name, where))
  })

  it('[MSG-8] the path is shortened, never the name', () => {
    const long = 'a'.repeat(18)
    const message = { setup: { model, realtimeInputConfig: { automaticActivityDetection: { [long]: 1 } } } }
    expect(outcome(message, true)).toBe(refused(long, " at '…automatic_activity_detection'"))
    expect(outcome({ ['b'.repeat(500)]: 1 }, true)).toContain('bbb')
  })

  it('known ones are accepted in strict mode, in either spelling, and the client’s own data whatever it is', () => {
    expect(
      outcome(
        {
          setup: {
            model,
            generation_config: { response_modalities: ['AUDIO'], speech_config: { language_code: 'en-US' } },
            system_instruction: { parts: [{ text: 'x' }] },
            labels: { anything_here: '1' },
            tool_config: { retrieval_config: { lat_lng: { latitude: 1, longitude: 2 } } },
            safety_settings: [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'BLOCK_NONE' }],
          },
        },
        true,
      ),
    ).toBe('setup')
    const generationConfig = { imageConfig: { aspectRatio: '1:1' }, enableEnhancedCivicAnswers: true }
    expect(outcome({ setup: { model, generationConfig } }, true)).toBe('setup')
    const functionCall = { name: 'f', args: { any_thing: { at: 'all' } } }
    const functionResponse = { name: 'f', response: { any_thing: { at: 'all' } } }
    const turns = [{ parts: [{ functionCall }, { functionResponse }] }]
    expect(outcome({ clientContent: { turns } }, true)).toBe('client-content')
    expect(outcome({ realtimeInput: { activityStart: {} } }, true)).toBe('realtime-input')
    const chunk = { mime_type: 'audio/pcm', data: 'AAAA' }
    expect(outcome({ realtime_input: { media_chunks: [chunk] } }, true)).toBe('realtime-input')
  })
})
