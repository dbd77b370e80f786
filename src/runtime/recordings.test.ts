import { expect, it } from 'vitest'
import { enginePrompt } from './engine-prompt.js'
import { createRecordings } from './recordings.js'

const of = (length: number) => new Float32Array(length)

it('the newest speech is kept, as much as there is room for', () => {
  const recordings = createRecordings(100)
  recordings.keep(1, of(60))
  recordings.keep(2, of(30))
  recordings.keep(3, of(30))
  expect([1, 2, 3].map((id) => recordings.find(id)?.length)).toEqual([undefined, 30, 30])
  recordings.keep(4, of(101))
  expect([2, 3, 4].map((id) => recordings.find(id)?.length)).toEqual([30, 30, undefined])
  recordings.keep(3, of(80))
  expect([2, 3].map((id) => recordings.find(id)?.length)).toEqual([undefined, 80])
})

it('a message whose speech is kept no longer in full is told in words', () => {
  const kept = new Map([[1, of(10)]])
  const shown = { picture: () => undefined, recording: (id: number) => kept.get(id) }
  const prompt = enginePrompt(
    {
      system: '',
      messages: [
        { role: 'user', text: 'one', speech: { activities: [1], typed: '' } },
        { role: 'user', text: 'one and two', speech: { activities: [1, 2], typed: 'and' } },
        { role: 'user', text: '', speech: { activities: [2], typed: '' } },
      ],
    },
    shown,
  )
  expect(prompt.messages).toEqual([
    { role: 'user', text: 'one', speech: { recordings: [of(10)], typed: '' } },
    { role: 'user', text: 'one and two' },
    { role: 'user', text: '[Speech that was not understood.]' },
  ])
})
