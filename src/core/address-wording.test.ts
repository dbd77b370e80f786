import { describe, expect, it } from 'vitest'
import { wordingCues } from './address-wording.js'

const calls = (text: string) => wordingCues(text, ['nova']).has('other-called')

describe('somebody else is called', () => {
  it.each([
    'Peter could you pass me the flour?',
    'Okay, Anna will you be there?',
    'Pedro me pasas la harina',
    'Lucía nos esperas abajo',
  ])('%s: without a comma, as recognisers write it', (text) => expect(calls(text)).toBe(true))
  it.each([
    'What would you take?',
    'So could you tell me more?',
    'Nova could you tell me more?',
    'Please could you repeat that?',
    'Qué me recomiendas',
    'Ya me dices algo',
    'Dónde me aconsejas dormir',
  ])('%s: nobody', (text) => expect(calls(text)).toBe(false))
})

it.each([
  ['cuando sale el próximo tren', true],
  ['Cuanto cuesta.', true],
  ['como consigo que el pan quede crujiente', true],
  ['cada cuanto cambió las cuerdas de la guitarra.', true],
  ['De donde sale el tren.', true],
  ['Cada día cambio las cuerdas.', false],
  ['De tarde en tarde viene.', false],
  ['Cuando llegue a casa, lo miro.', false],
  ['como siempre llega tarde', false],
])('%s, without accents: asks %s', (text, asks) => expect(wordingCues(text, []).has('question')).toBe(asks))

describe('what only somebody in the room can do', () => {
  const inTheRoom = (text: string) => wordingCues(text, []).has('in-the-room')
  it.each([
    'Have you fed the rabbits?',
    "You've left your bag in the hall.",
    "Don't spill it.",
    'Go and wake him up.',
    'Come in, it is open.',
    'No toques la sartén.',
    'Levanta la caja con cuidado.',
    'Has dejado la bici en medio.',
  ])('%s', (text) => expect(inTheRoom(text)).toBe(true))
  it.each([
    'Have you set the timer?',
    'Close the curtains in the living room.',
    'No pongas esa canción.',
    'Levántame a las siete.',
    'Does it come in blue?',
  ])('%s: not that', (text) => expect(inTheRoom(text)).toBe(false))
})

it('"they" may be what was spoken of where the user speaks of themselves', () => {
  expect(wordingCues('They moved to Leeds.', []).has('about-others')).toBe(true)
  expect(wordingCues('I soaked them and they are hard.', []).has('about-others')).toBe(false)
})
