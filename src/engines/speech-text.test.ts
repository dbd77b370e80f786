import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { textToSpeak } from './speech-text.js'

describe('textToSpeak, English', () => {
  it.each([
    // plain text is left alone
    ['Hello, are you there?', 'Hello, are you there?'],
    ['I don’t know', "I don't know"],
    ["I don't know; it's 42.", "I don't know; it's 42."],
    ['It is 3.14, or 12,500.', 'It is 3.14, or 12,500.'],
    // markdown
    ['**Bold** and *soft* and `code`.', 'Bold and soft and code.'],
    ['# Heading\nText', 'Heading. Text'],
    ['Items:\n- one\n- two\n* three', 'Items: one. two. three'],
    ['1. First\n2. Second', '1, First. 2, Second'],
    ['See [the guide](https://a.b/c).', 'See the guide.'],
    ['```js\nlet x\n```\nDone.', 'let x. Done.'],
    ['> quoted', 'quoted'],
    ['---', ''],
    ['| a | b |\n|---|---|\n| c | d |', 'a, b. c, d'],
    ['snake_case_name', 'snake case name'],
    ['an unfinished **bold', 'an unfinished bold'],
    ['Some <b>tag</b> here', 'Some tag here'],
    // hums
    ['Mm-hm. Mhm, mm-hmm.', 'um-hum. um-hum, um-hum.'],
    ['Hmm, hm. Mm.', 'hmm, hmm. hmm.'],
    ['5 mm, 5mm, HM, M, h, mmm-mmm', '5 millimeters, 5 millimeters, HM, M, h, mmm-mmm'],
    // emoji and foreign script
    ['Great! 🎉👍🏽 See you 👩‍👩‍👧', 'Great! See you'],
    ['🇪🇸 Spain ☀️', 'Spain'],
    ['Press 1️⃣ now', 'Press 1 now'],
    ['👍', ''],
    ['It means 你好, hello', 'It means, hello'],
    // money
    ['It costs $12.50.', 'It costs 12 dollars and 50 cents.'],
    ['$1 or €2.00', '1 dollar or 2 euros'],
    ['$3.5 million', '3.5 million dollars'],
    ['£1,200', '1,200 pounds'],
    ['$5 million', '5 million dollars'],
    // times and dates
    ['at 3:45 pm', 'at 3 45 p m'],
    ['at 3:00', "at 3 o'clock"],
    ['at 9:05 AM.', 'at 9 oh 5 a m.'],
    ['7pm', '7 p m'],
    ['on 2024-05-01.', 'on May 1, 2024.'],
    ['the 1990s', 'the 19 nineties'],
    ['in 1999', 'in 19 99'],
    ['a 5-10 minute walk', 'a 5 to 10 minute walk'],
    // signs and units
    ['20% & rising', '20 percent and rising'],
    ['20°C, 1 km, 5 km/h, 3kg', '20 degrees Celsius, 1 kilometer, 5 kilometers per hour, 3 kilograms'],
    ['2 + 2 = 4', '2 plus 2 equals 4'],
    ['24 x 7 = 168, 3*4', '24 times 7 equals 168, 3 times 4'],
    ['3 km/s', '3 kilometers per second'],
    ['#1 in C# and C++', 'number 1 in C sharp and C plus plus'],
    ['and/or', 'and or'],
    ['-5 degrees', 'minus 5 degrees'],
    ['1/2 cup', 'one half cup'],
    // abbreviations
    ['Dr. Smith vs. Mr. Jones, e.g. today', 'Doctor Smith versus Mister Jones, for example today'],
    ['No. 5, please. No. Never.', 'number 5, please. No. Never.'],
    ['Tea, milk, etc.', 'Tea, milk, et cetera.'],
    ['the U.S. team', 'the U S team'],
    // addresses
    ['Visit https://www.example.com/docs/start?x=1.', 'Visit example dot com slash docs slash start.'],
    ['Write to jo.doe@mail.org', 'Write to jo dot doe at mail dot org'],
    // nothing to say
    ['...', ''],
    ['', ''],
    [' \n ', ''],
    ['***', ''],
  ])('%j', (written, spoken) => expect(textToSpeak(written, 'en-US')).toBe(spoken))
})

describe('textToSpeak, other languages', () => {
  it.each([
    ['es', 'Mhm, ya. Hmm, claro.', 'ujum, ya. um, claro.'],
    ['es', 'Cuesta 12,50 € & 20%', 'Cuesta 12 euros con 50 céntimos y 20 por ciento'],
    ['es-MX', 'El Sr. Pérez llega a las 3:15 p. m.', 'El señor Pérez llega a las 3 y 15 de la tarde.'],
    ['es', '**Hola** 😀 -3 °C', 'Hola menos 3 grados'],
    ['fr', 'À 15:30, 3 €', 'À 15 heures 30, 3 euros'],
    ['pt-BR', 'R$ 5,00 às 8:00', '5 reais às 8 horas'],
    ['it', 'Sono 5 km.', 'Sono 5 chilometri.'],
    ['hi', '**नमस्ते** 😀', 'नमस्ते'],
    ['xx', '5 & 6', '5 & 6'],
  ])('%s %j', (language, written, spoken) => expect(textToSpeak(written, language)).toBe(spoken))
})

it('never throws, never leaves markdown signs or line breaks, and settles (property)', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'*_#`- \n1.a$€%/:@[]()|>½') })),
      (text) => {
        const spoken = textToSpeak(text, 'en')
        expect(spoken).not.toMatch(/[*_`#|\n<>]/)
        expect(spoken === '' || /[\p{L}\p{N}]/u.test(spoken)).toBe(true)
      },
    ),
    { numRuns: 500 },
  )
})

it('is fast on long hostile input', () => {
  for (const piece of ['*', '[', '1.', '**a', '<a', '$1,000', '- ', 'a_b', '(', 'www.', 'a@b.'])
    expect(typeof textToSpeak(piece.repeat(5000), 'en')).toBe('string')
}, 5000)
