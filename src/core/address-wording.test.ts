import { describe, expect, it } from 'vitest'
import { assistantNames, wordingCues } from './address-wording.js'

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
    '¿Quién, la de la esquina o la de al lado?',
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

it.each([
  ['Eres Brisa, la asistente de una casa.', 'brisa'],
  ['Sos Brisa, la asistente de una casa.', 'brisa'],
  ['You are Dot, a helper.', 'dot'],
])('%s: called %s', (system, name) => expect(assistantNames(system)).toContain(name))

describe('what is told first and asked for then', () => {
  const requests = (text: string) => wordingCues(text, []).has('request')
  it.each([
    'They want a second coat, put that on the list.',
    'That shelf is finished, so you can tick it off.',
    'La mesa seis ya ha pagado, ciérrala.',
    'Al final somos nueve, y apúntalo ya.',
  ])('%s: a request', (text) => expect(requests(text)).toBe(true))
  it.each([
    'They want a second coat, that is what she said.',
    'Leímos mucho, capítulo a capítulo.',
    'Vino el fontanero, modelo de paciencia.',
  ])('%s: none', (text) => expect(requests(text)).toBe(false))
})
