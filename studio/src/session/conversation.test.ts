/** The script of a conversation: order of late transcripts, what was heard before an interruption, calls. */

import { expect, test } from 'vitest'
import type { ServerMessage } from 'vivavoce/protocol'
import { type Conversation, converse, EMPTY, heardCharacters, textOfModel } from './conversation'

const content = (serverContent: object): ServerMessage => ({ serverContent }) as unknown as ServerMessage
const heard = (text: string) => content({ inputTranscription: { text } })
const spoken = (text: string) => content({ outputTranscription: { text } })
/** One second of silence at 24 kHz. */
const SECOND = 'A'.repeat((48_000 * 4) / 3)
const audio = content({
  modelTurn: { parts: [{ inlineData: { mimeType: 'audio/pcm;rate=24000', data: SECOND } }] },
})
const complete = content({ turnComplete: true })
const interrupted = content({ interrupted: true })

function play(messages: readonly ServerMessage[], playedMs = 0): Conversation {
  return messages.reduce(
    (state, message, index) => converse(state, { type: 'message', message, atMs: index, playedMs }),
    EMPTY,
  )
}

/** One line for each entry, as a reader sees it; what was not heard in brackets. */
function lines({ entries }: Conversation): string[] {
  return entries.map((entry) => {
    if (entry.kind === 'user') return `you: ${entry.text}${entry.interim && ` …${entry.interim}`}`
    if (entry.kind === 'call') return `call: ${entry.name} ${entry.state}`
    if (entry.kind !== 'model') return entry.kind
    const text = textOfModel(entry)
    const at = entry.heard ?? text.length
    return `model ${entry.state}: ${text.slice(0, at)}${at < text.length ? `[${text.slice(at)}]` : ''}`
  })
}

test('what was said to somebody else stands by itself', () => {
  const silent = content({ turnComplete: true, waitingForInput: true })
  const state = play([heard('Tom, come.'), silent, heard('Hello'), spoken('Hi.'), audio, complete])
  expect(lines(state)).toEqual(['you: Tom, come.', 'you: Hello', 'model complete: Hi.'])
})

test('two turns', () => {
  const state = play([
    heard(' Hello'),
    heard(' there'),
    spoken('Hi.'),
    audio,
    complete,
    heard(' Bye'),
    complete,
  ])
  expect(lines(state)).toEqual(['you:  Hello there', 'model complete: Hi.', 'you:  Bye'])
})

test('a transcript that comes after the answer began stands before it', () => {
  expect(lines(play([spoken('Hi.'), audio, heard(' Hello'), complete, heard(' Bye')]))).toEqual([
    'you:  Hello',
    'model complete: Hi.',
    'you:  Bye',
  ])
})

test('interim words are replaced, then final', () => {
  const interim = (text: string) => content({ interimInputTranscription: { text } })
  expect(lines(play([interim(' turn'), interim(' turn on')]))).toEqual(['you:  … turn on'])
  expect(lines(play([interim(' turn'), heard(' Turn on')]))).toEqual(['you:  Turn on'])
})

test('an interruption strikes out what was not heard, and the next turn is a new one', () => {
  const state = play(
    [
      spoken('One two three.'),
      audio,
      audio,
      spoken(' Four five.'),
      audio,
      interrupted,
      complete,
      heard(' No'),
    ],
    1000,
  )
  expect(lines(state)).toEqual(['model cut: One two[ three. Four five.]', 'you:  No'])
})

test('text answers are complete when cut: reading is not hearing', () => {
  const text = content({ modelTurn: { parts: [{ text: 'written' }] } })
  expect(lines(play([text, interrupted, complete]))).toEqual(['model cut: written'])
})

test('calls wait, are answered, are cancelled', () => {
  const call = {
    toolCall: {
      functionCalls: [
        { id: 'a', name: 'f', args: {} },
        { id: 'b', name: 'g', args: {} },
      ],
    },
  }
  const called = play([call])
  expect(lines(called)).toEqual(['call: f waiting', 'call: g waiting'])
  const answered = converse(called, { type: 'answered', callId: 'a', response: { output: 1 } })
  const cancelled = converse(answered, {
    type: 'message',
    message: { toolCallCancellation: { ids: ['a', 'b'] } },
    atMs: 0,
    playedMs: 0,
  })
  expect(lines(cancelled)).toEqual(['call: f answered', 'call: g cancelled'])
})

test.each([
  [0, 0],
  [500, 3],
  [1000, 4],
  [1500, 7],
  [5000, 9],
])('%i ms played are %i characters', (playedMs, expected) => {
  const pieces = [
    { text: 'one ', fromMs: 0 },
    { text: 'two 3', fromMs: 1000 },
  ]
  expect(heardCharacters(pieces, 2000, playedMs)).toBe(expected)
})

test('the pictures of a turn are one line, the last of them shown', () => {
  const show = (state: Conversation, url: string, shown: 'camera' | 'screen' = 'camera') =>
    converse(state, { type: 'image', url, shown, atMs: 0 })
  const say = (state: Conversation, message: ServerMessage) =>
    converse(state, { type: 'message', message, atMs: 0, playedMs: 0 })
  let state = show(show(EMPTY, 'a'), 'b')
  state = show(say(say(state, heard(' What is this?')), spoken('A cup.')), 'c')
  state = show(say(state, complete), 'd')
  state = show(state, 'e', 'screen')
  expect(lines(state)).toEqual(['image', 'you:  What is this?', 'model complete: A cup.', 'image', 'image'])
  expect(
    state.entries.flatMap((entry) => (entry.kind === 'image' ? [[entry.url, entry.count]] : [])),
  ).toEqual([
    ['c', 3],
    ['d', 1],
    ['e', 1],
  ])
})

test('an answer that a lost connection cuts off stays as it came, and the next one is another', () => {
  const half = play([heard('Hello'), spoken('One two '), audio])
  const lost = converse(half, { type: 'cut-off' })
  expect(lines(lost)).toEqual(['you: Hello', 'model cut: One two '])
  const after = [spoken('Three.'), complete].reduce(
    (state, message) => converse(state, { type: 'message', message, atMs: 9, playedMs: 0 }),
    lost,
  )
  expect(lines(after).slice(2)).toEqual(['model complete: Three.'])
  expect(lines(converse(half, { type: 'cut-off', playedMs: 300 })).slice(1)).toEqual([
    'model cut: One[ two ]',
  ])
})
