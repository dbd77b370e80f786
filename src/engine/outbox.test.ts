import { expect, test } from 'vitest'
import { createOutbox } from './outbox.js'

function recorded() {
  const sent: (readonly number[])[] = []
  const turns: (() => void)[] = []
  const outbox = createOutbox<number>(
    (messages) => sent.push(messages),
    (run) => turns.push(run),
  )
  const endTurn = () => {
    for (const run of turns.splice(0)) run()
  }
  return { outbox, sent, endTurn }
}

test('the messages of one turn leave together and in order, those of the next after them', () => {
  const { outbox, sent, endTurn } = recorded()
  outbox.push(1)
  outbox.push(2)
  expect(sent).toEqual([])
  endTurn()
  outbox.push(3)
  endTurn()
  expect(sent).toEqual([[1, 2], [3]])
})
