/** The wire log: audio in a row is one line, bytes of media are not kept, old lines go. */
import { expect, test } from 'vitest'
import { createWireLog } from './wire-log'

const audio = (data: string) => JSON.stringify({ realtimeInput: { audio: { mimeType: 'audio/pcm', data } } })

test('audio in a row is counted in one line without its bytes', () => {
  const log = createWireLog()
  log.add('sent', '{"setup":{"model":"m"}}', 0)
  for (let index = 0; index < 50; index++) log.add('sent', audio('A'.repeat(856)), index * 20)
  log.add('received', '{"serverContent":{"interrupted":true}}', 1000)
  log.add('sent', audio('B'.repeat(856)), 1020)
  expect(log.entries.map(({ kind, count }) => [kind, count])).toEqual([
    ['setup', 1],
    ['realtimeInput.audio', 50],
    ['serverContent.interrupted', 1],
    ['realtimeInput.audio', 1],
  ])
  const line = log.entries[1]!
  expect(line.text).toContain('"data":"AAAAAAAAAAAAAAAAAAAAAAAA… 856 characters"')
  expect([line.atMs, line.lastMs]).toEqual([0, 980])
  expect(log.totals.sent.messages).toBe(52)
  expect(line.bytes).toBe(50 * audio('A'.repeat(856)).length)
})

test.each([
  ['{"setupComplete":{}}', 'setupComplete'],
  ['{"serverContent":{"modelTurn":{"parts":[{"text":"hi"}]}}}', 'serverContent.modelTurn'],
  [
    '{"serverContent":{"modelTurn":{"role":"model","parts":[{"inlineData":{"mimeType":"audio/pcm;rate=24000","data":""}}]}}}',
    'serverContent.modelTurn.audio',
  ],
  ['{"toolCall":{"functionCalls":[]}}', 'toolCall'],
  ['{"goAway":{"timeLeft":"5s"}}', 'goAway'],
  ['{"clientContent":{"turns":[]}}', 'clientContent.turns'],
])('%s is %s', (text, kind) => {
  const log = createWireLog()
  log.add('received', text, 0)
  expect(log.entries[0]!.kind).toBe(kind)
})

test('a day of messages does not fill the memory', () => {
  const log = createWireLog()
  for (let index = 0; index < 50_000; index++)
    log.add('received', `{"goAway":{"timeLeft":"${index}s"}}`, index)
  expect(log.entries.length).toBeLessThanOrEqual(20_000)
  expect(log.totals.received.messages).toBe(50_000)
})
