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
          },
        },
        true,
      ),
    ).toBe('setup')
    const chunk = { mime_type: 'audio/pcm', data: 'AAAA' }
    expect(outcome({ realtime_input: { media_chunks: [chunk] } }, true)).toBe('realtime-input')
  })
})
