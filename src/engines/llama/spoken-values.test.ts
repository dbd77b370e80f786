import { describe, expect, it } from 'vitest'
import { namesNumber, plainWords, spokenValues } from './spoken-values.js'

describe('spoken values in writing', () => {
  it.each([
    ['Pon la calefacción a veintiún grados.', ['veintiún = 21']],
    ['Make it one hundred and twenty-five.', ['one hundred and twenty-five = 125']],
    ['forty five steps', ['forty five = 45']],
    ['Quiero andar ocho mil quinientos pasos', ['ocho mil quinientos = 8500']],
    ['treinta y cinco', ['treinta y cinco = 35']],
    ['three point five percent', ['three point five = 3.5']],
    ['Manda veinte euros con cincuenta a Lucía.', ['veinte euros con cincuenta = 20.50']],
    ['five, twenty', ['five = 5', 'twenty = 20']],
    ['Meet me at half past five in the afternoon.', ['half past five in the afternoon = 17:30']],
    ['at four p.m., please', ['four p.m. = 16:00']],
    ['quarter to six', ['quarter to six = 05:45']],
    ['el sábado a las nueve de la noche', ['sábado = saturday', 'las nueve de la noche = 21:00']],
    ['a las cuatro menos diez', ['las cuatro menos diez = 03:50']],
    ['an hour and a half', ['an hour and a half = 90 minutes']],
    ['media hora', ['media hora = 30 minutes']],
    ['mañana por la mañana a las 7 y cuarto', ['mañana = tomorrow', 'las 7 y cuarto = 07:15']],
    ['las dos lámparas', ['dos = 2']],
  ])('%s', (text, values) => expect(spokenValues(text)).toEqual(values))

  it.each(['Set it to 24.', 'Put one in the oven.', 'Once upon a time', '', '🎉 una fiesta'])(
    'leaves alone: %s',
    (text) => expect(spokenValues(text)).toEqual([]),
  )
})

it('tells whether an amount is said at all', () => {
  for (const text of ['twenty', 'el 5', 'halfway', 'a couple', 'una hora'])
    expect(namesNumber(text)).toBe(true)
  for (const text of ['Start the run.', 'Go for a run.', 'Empieza ya', 'enciende las luces'])
    expect(namesNumber(text)).toBe(false)
})

it('takes words without case, accents and what is in every sentence', () => {
  expect(plainWords('La Estación de Atocha, ¡por favor!')).toEqual(['estacion', 'atocha', 'favor'])
  expect(plainWords('it is')).toEqual(['it', 'is'])
})
