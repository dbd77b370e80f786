/** [MSG-12] The short way of reading a piece of audio gives what the long way gives, errors included. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { decodeAudioMessage } from './audio-message.js'
import { decodeClientMessage } from './decode.js'

/** Space in front is valid JSON, and takes the long way. */
const longWay = (text: string) => outcome(() => decodeClientMessage(` ${text}`))
const shortWay = (text: string) => outcome(() => decodeClientMessage(text))

function outcome(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    return error
  }
}

const data = fc.oneof(
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64url')),
  fc.constantFrom('A', 'AAAAA', '====', 'AA=', '*AAA', 'é', ''),
)
const mimeType = fc.oneof(
  fc.integer({ min: 0, max: 300_000 }).map((rate) => `audio/pcm;rate=${rate}`),
  fc.constantFrom(
    'audio/pcm',
    'audio/pcm; rate=8000',
    'audio/wav',
    'audio/pcm;rate=',
    'AUDIO/PCM;rate=16000',
  ),
)
const spelled = fc
  .record({ data, mimeType, snake: fc.boolean(), dataFirst: fc.boolean(), python: fc.boolean() })
  .map(({ data, mimeType, snake, dataFirst, python }) => {
    const type = `"${snake ? 'mime_type' : 'mimeType'}":"${mimeType}"`
    const members = dataFirst ? [`"data":"${data}"`, type] : [type, `"data":"${data}"`]
    const text = `{"${snake ? 'realtime_input' : 'realtimeInput'}":{"audio":{${members.join(',')}}}}`
    return python ? text.replaceAll('":', '": ').replaceAll(',"', ', "') : text
  })

it('gives what the long way gives', () => {
  fc.assert(
    fc.property(spelled, (text) => {
      expect(shortWay(text)).toEqual(longWay(text))
    }),
  )
})

it.each([
  '{"realtimeInput":{"audio":{"mimeType":"audio/pcm;rate=16000","data":"AAAA"}}}',
  '{"realtime_input": {"audio": {"data": "AP_-AQ==", "mime_type": "audio/pcm;rate=16000"}}}',
])('knows how the SDKs spell it: %s', (text) => {
  expect(decodeAudioMessage(text)).toEqual(longWay(text))
})

it.each([
  '{"realtimeInput":{"audio":{"mimeType":"audio/pcm","data":"AAAA"}},"setup":{}}',
  '{"realtimeInput":{"audio":{"mimeType":"audio/pcm","data":"AA\\u0041A"}}}',
  '{"realtimeInput":{"audio":{"mimeType":"audio/pcm","data":"AAAA"},"text":"hi"}}',
])('leaves to the long way what is more than that: %s', (text) => {
  expect(decodeAudioMessage(text)).toBeUndefined()
})
