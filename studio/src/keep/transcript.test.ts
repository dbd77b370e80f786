/** Exports of a conversation: words that were not heard are left out, subtitles neither overlap nor run away. */
import { expect, test } from 'vitest'
import type { Entry } from '../session/conversation'
import { asJson, asSrt, asText, spokenOf } from './transcript'

const ENTRIES: readonly Entry[] = [
  { id: 1, atMs: 1500, kind: 'user', text: ' Hello?', interim: '', source: 'voice' },
  { id: 2, atMs: 2000, kind: 'notice', notice: 'device', detail: '' },
  {
    id: 3,
    atMs: 2250,
    kind: 'model',
    pieces: [{ text: 'Yes, I am here.', fromMs: 0 }],
    audioMs: 900,
    state: 'cut',
    heard: 4,
  },
  { id: 4, atMs: 62_100, kind: 'user', text: 'Good.', interim: '', source: 'text' },
]
const spoken = spokenOf(ENTRIES, 1000)
const names = { user: 'You', model: 'Model' }

test('text', () => {
  expect(asText(spoken, names)).toBe('You: Hello?\n\nModel: Yes, —\n\nYou: Good.\n')
})

test('subtitles', () => {
  expect(asSrt(spoken, names)).toBe(
    `1
00:00:00,500 --> 00:00:01,250
You: Hello?

2
00:00:01,250 --> 00:00:02,450
Model: Yes, —

3
00:01:01,100 --> 00:01:02,300
You: Good.
`,
  )
})

test('JSON', () => {
  expect(JSON.parse(asJson(spoken)).turns[1]).toEqual({
    who: 'model',
    startMs: 1250,
    text: 'Yes,',
    cut: true,
  })
})
