import { expect, it } from 'vitest'
import { openerShare } from './opener.js'

it.each([
  ['Paris is the capital of France.', 0],
  ['Sure, one egg.', 4 / 10],
  [' Hello! Well, of course: an egg', 17 / 22],
  ['¡Claro que sí! Un huevo', 10 / 17],
  ['Surely so.', 0],
  ['Yes, it is.', 0],
  ['So, so', 0],
  ['', 0],
])('an answer opens with what tells nothing yet: %j', (said, share) => {
  expect(openerShare(said)).toBeCloseTo(share)
})
