import { expect, it } from 'vitest'
import { keepSaid } from './said-arguments.js'

const send = {
  name: 'send',
  description: '',
  parameters: {
    type: 'object',
    properties: {
      to: { type: 'string' },
      amount: { type: 'number' },
      note: { type: 'string' },
      count: { type: 'integer' },
      kind: { type: 'string', enum: ['gift', 'loan'] },
      date: { type: 'string', format: 'date' },
    },
    required: ['to', 'amount'],
  },
}

it('leaves out optional texts and numbers that nobody mentioned', () => {
  const args = { to: 'Carlos', amount: 50, note: 'for the dinner', count: 3 }
  expect(keepSaid(send, args, 'Send money to Carlos.')).toEqual({
    args: { to: 'Carlos', amount: 50 },
    isInvented: false,
  })
  expect(keepSaid(send, args, 'Send Carlos fifty for dinner, three times.').args).toEqual(args)
})

it('keeps choices, dates and what is composed', () => {
  const args = { to: 'Carlos', amount: 1, kind: 'gift', date: '2027-01-02', note: 'x'.repeat(80) }
  expect(keepSaid(send, args, 'Carlos').args).toEqual(args)
})

it('tells a call whose required texts were never said', () => {
  expect(keepSaid(send, { to: 'your account', amount: 5 }, 'My car was expensive.').isInvented).toBe(true)
  expect(keepSaid(send, { to: 'Séville', amount: 5 }, 'algo para sevilla').isInvented).toBe(false)
  expect(keepSaid({ name: 'go', description: '' }, {}, 'Go!').isInvented).toBe(false)
})
