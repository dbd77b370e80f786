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
    'Listo, ya agarré dos.',
    'Cheers, that was all I needed.',
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

it('"they" may be what was spoken of where the user speaks of themselves', () => {
  expect(wordingCues('They moved to Leeds.', []).has('about-others')).toBe(true)
  expect(wordingCues('I soaked them and they are hard.', []).has('about-others')).toBe(false)
})

it('a sigh in Spanish is no name in English', () => {
  expect(wordingCues('Is Jo free before that?', []).has('to-oneself')).toBe(false)
  expect(wordingCues('Jo, qué calor.', []).has('to-oneself')).toBe(true)
})
