import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linesAbout, withOtherLines } from './shown-lines.js'

const note = (...lines: string[]) =>
  `[What is shown. Colours, perhaps: white.\nText in it:\n${lines.join('\n')}]`
const RECEIPT = note(
  ...[
    'GREEN GROCER',
    '14 Mill Lane',
    'Apples1.2 kg | 3.48',
    'Oat milk | 2.19',
    'Brown bread | 2.85',
    'Tomatoes | 4.10',
  ],
  ...['Subtotal | 12.62', 'Tax | 0.88', 'TOTAL | 13.50', 'Card ****7731'],
)
const TERMINAL = note(
  ...[
    '$npm run build',
    '>shop@2.1.0build',
    '>tsc-p.',
    "src/cart.ts:42:17-error Ts2339:Property'price'does not exist",
  ],
  ...["on type'Item':", 'Found 1 problem in src/cart.ts:42', 'Done in 4.1 s', 'Watching for changes'],
)
const CONTACTS = note(
  ...[
    'Contacts of the team',
    'Name | Telephone | Town',
    'Ana Ruiz | 555 0134 | Lugo',
    'Luis Mora | 555 0177 | Vigo',
  ],
  ...['Eva Sanz | 555 0101 | Soria', 'Iker Paz | 555 0190 | Irún'],
)

const DEPARTURES = note(
  'Station of the town, departures of today',
  ...[
    'Train | To | Departs | Track',
    'IC 502 | Basel | 09:14 | 3',
    'RE 77 | Uim | 09:31 | 5',
    'S4 | Airport | 09:38 | 1',
  ],
)

/** The lines that are told. */
const told = (shown: string, question: string) =>
  linesAbout(shown, question)?.split('Text in it:\n')[1]?.replace('\n(more text)]', '').split('\n')

describe('the lines that a question is about', () => {
  it.each([
    ['What is the total on this receipt?', RECEIPT, ['Subtotal | 12.62', 'TOTAL | 13.50']],
    ['How much tax was there?', RECEIPT, ['Tax | 0.88']],
    ['And the tomatoes?', RECEIPT, ['Tomatoes | 4.10']],
    [
      'Read me the error on my screen.',
      TERMINAL,
      ["src/cart.ts:42:17-error Ts2339:Property'price'does not exist", "on type'Item':"],
    ],
    [
      'What is the telephone of Luis Mora?',
      CONTACTS,
      ['Name | Telephone | Town', 'Luis Mora | 555 0177 | Vigo'],
    ],
    ['¿Y dónde está Luis?', CONTACTS, ['Name | Telephone | Town', 'Luis Mora | 555 0177 | Vigo']],
    ['¿Cuál es el de Iker?', CONTACTS, ['Name | Telephone | Town', 'Iker Paz | 555 0190 | Irún']],
  ])('%s', (question, shown, lines) => {
    expect(told(shown, question)).toEqual(lines)
  })

  it.each([
    ['what nothing is found for', 'What is wrong on my screen?', TERMINAL],
    ['another language than the text', '¿Cuánto suma el recibo?', RECEIPT],
    ['a count', 'How many things with milk did I buy?', RECEIPT],
    ['everything', 'Read me the whole list with the milk.', RECEIPT],
    ['a comparison', 'Which is cheapest, milk or bread?', RECEIPT],
    ['most of the lines', 'Is it Ana Ruiz, Luis Mora, Eva Sanz or Iker Paz?', CONTACTS],
    ['what was misread', 'When does the train to Ulm leave?', DEPARTURES],
    ['what is called otherwise there', 'How much do the tomatoes weigh?', RECEIPT],
    ['the head of a table alone', 'Which track is it?', DEPARTURES],
    ['little text', 'What is the total?', note('Subtotal | 12.62', 'TOTAL | 13.50')],
    ['a picture without text', 'What is the total?', '[What is shown. It found no text.]'],
  ])('all of it is told for %s', (_, question, shown) => {
    expect(linesAbout(shown, question)).toBeUndefined()
  })

  it('what stands before the text stays, word by word: the model has read it', () => {
    expect(linesAbout(RECEIPT, 'What is the total?')).toMatch(
      /^\[What is shown\. Colours, perhaps: white\.\nText in it:\n/,
    )
  })

  it('is found in what was found before', () => {
    const once = linesAbout(RECEIPT, 'What is the total?') ?? ''
    expect(linesAbout(once, 'What is the total?')).toBeUndefined()
  })

  it('stand behind what was read already, and the others can be put behind them', () => {
    const read = RECEIPT.indexOf('Oat milk')
    const kept = linesAbout(RECEIPT, 'What is the total?', read) ?? ''
    const lines = (shown: string) => shown.split('Text in it:\n')[1]!.replace(/\]$/, '').split('\n')
    expect(lines(kept)).toEqual([
      ...lines(RECEIPT).slice(0, 3),
      'Subtotal | 12.62',
      'TOTAL | 13.50',
      '(more text)',
    ])
    const whole = withOtherLines(RECEIPT, kept)
    expect(whole.startsWith(kept.replace('\n(more text)]', ''))).toBe(true)
    expect(lines(whole).toSorted()).toEqual(lines(RECEIPT).toSorted())
  })

  it('are lines of the note, whatever is in it; with the others it is whole, and what was read stays in front', () => {
    const line = fc.constantFrom(
      ...['total', 'TOTAL | 13.50', 'Apples | 3.48', 'Item | Price', 'A line of text that is as wide as any'],
      ...['Text in it:', '(more text)', 'note]', ']', ''],
    )
    const lines = (shown: string) => shown.slice(0, -1).split('\n')
    fc.assert(
      fc.property(fc.array(line, { minLength: 6, maxLength: 14 }), fc.nat(400), (text, read) => {
        const shown = note(...text)
        const picked = linesAbout(shown, 'What is the total?', read)
        if (picked === undefined) return
        const whole = withOtherLines(shown, picked)
        expect(lines(whole).toSorted()).toEqual(lines(shown).toSorted())
        const wasRead = shown.slice(0, shown.slice(0, read).lastIndexOf('\n') + 1)
        expect(wasRead.startsWith(picked.slice(0, wasRead.length)) || wasRead === shown).toBe(true)
        expect(whole.startsWith(picked.slice(0, picked.lastIndexOf('\n')))).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})
