/** [MSG-12] What client libraries encode is decoded to what was meant, whatever spelling they use. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decodeClientMessage } from './decode.js'
import { encodeServerMessage, type ServerMessage } from './server-message.js'
import { serverMessageSchema } from './server-schema.js'

const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

/** The same message with some of its keys in snake_case, decided by `choose`. */
function respell(value: unknown, choose: () => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => respell(item, choose))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [choose() ? snake(key) : key, respell(member, choose)]),
  )
}

/** Base64 as some client would write it. */
function spellBase64(bytes: Uint8Array, urlSafe: boolean, padded: boolean): string {
  const text = Buffer.from(bytes)
    .toString(urlSafe ? 'base64url' : 'base64')
    .replace(/=+$/, '')
  return padded ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text
}

const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined })
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
/** Leaves out what is undefined, as JSON does. */
const compact = <Value extends object>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value

const sampling = fc.record({
  temperature: optional(fc.double({ min: 0, max: 2, noNaN: true })),
  topP: optional(fc.double({ min: 0, max: 1, noNaN: true })),
  topK: optional(fc.integer({ min: 1, max: 1_000 })),
  maxOutputTokens: optional(fc.integer({ min: 1, max: 100_000 })),
  seed: optional(fc.integer()),
  presencePenalty: optional(fc.double({ min: -2, max: 2, noNaN: true })),
  frequencyPenalty: optional(fc.double({ min: -2, max: 2, noNaN: true })),
})

const detection = fc.record({
  disabled: fc.boolean(),
  prefixPaddingMs: optional(fc.integer({ min: 0, max: 60_000 })),
  silenceDurationMs: optional(fc.integer({ min: 0, max: 60_000 })),
})

const spelling = fc.infiniteStream(fc.boolean())
const chooser = (stream: Iterator<boolean>) => () => stream.next().value as boolean

describe('[MSG-12] decode ∘ encode', () => {
  it('gives back a setup', () => {
    fc.assert(
      fc.property(
        fc.record({
          sampling,
          detection,
          system: text,
          voice: text,
          modality: fc.constantFrom('AUDIO', 'TEXT'),
        }),
        spelling,
        fc.boolean(),
        ({ sampling, detection, system, voice, modality }, choices, binary) => {
          const setup = {
            model: 'projects/p/locations/l/publishers/google/models/m_1-x',
            generationConfig: {
              ...compact(sampling),
              responseModalities: [modality],
              speechConfig: { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } },
            },
            systemInstruction: { parts: [{ text: system }] },
            realtimeInputConfig: { automaticActivityDetection: compact(detection) },
          }
          const encoded = JSON.stringify(respell({ setup }, chooser(choices)))
          const decoded = decodeClientMessage(binary ? new TextEncoder().encode(encoded) : encoded)
          const { disabled, ...durations } = compact(detection)
          expect(decoded).toMatchObject({
            type: 'setup',
            setup: {
              model: 'm_1-x',
              modality,
              system,
              voiceName: voice,
              sampling: compact(sampling),
              activityDetection: { automatic: !disabled, ...durations },
            },
          })
        },
      ),
    )
  })

  it('gives back content', () => {
    const turn = fc.record({ role: fc.constantFrom('user', 'model'), text })
    fc.assert(
      fc.property(
        fc.array(turn, { maxLength: 5 }),
        fc.boolean(),
        spelling,
        (turns, turnComplete, choices) => {
          const content = {
            turns: turns.map(({ role, text }) => ({ role, parts: [{ text }] })),
            turnComplete,
          }
          const message = respell({ clientContent: content }, chooser(choices))
          expect(decodeClientMessage(JSON.stringify(message))).toMatchObject({
            type: 'client-content',
            turns,
            turnComplete,
          })
        },
      ),
    )
  })

  it('gives back audio, byte by byte', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300, size: 'max' }),
        fc.integer({ min: 1_000, max: 192_000 }),
        fc.boolean(),
        fc.boolean(),
        spelling,
        (bytes, rate, urlSafe, padded, choices) => {
          const audio = { mimeType: `audio/pcm;rate=${rate}`, data: spellBase64(bytes, urlSafe, padded) }
          const message = decodeClientMessage(
            JSON.stringify(respell({ realtimeInput: { audio } }, chooser(choices))),
          )
          expect(message).toEqual({ type: 'realtime-input', audio: { bytes, sampleRateHz: rate } })
        },
      ),
    )
  })

  it('gives back messages of the server', () => {
    const message: fc.Arbitrary<ServerMessage> = fc.oneof(
      fc.record({ setupComplete: fc.record({ sessionId: text }) }),
      fc.record({ serverContent: fc.record({ outputTranscription: fc.record({ text }) }) }),
      fc.record({ toolCallCancellation: fc.record({ ids: fc.array(text) }) }),
      fc.record({
        goAway: fc.record({ timeLeft: fc.nat(1_000).map((seconds): `${number}s` => `${seconds}s`) }),
      }),
    )
    fc.assert(
      fc.property(message, (sent) => {
        expect(serverMessageSchema.parse(JSON.parse(encodeServerMessage(sent)))).toEqual(sent)
      }),
    )
  })
})
