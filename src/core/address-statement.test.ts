import { describe, expect, it } from 'vitest'
import { isPlainStatement } from './address-statement.js'
import { judgeAddress } from './address-verdict.js'
import { wordingCues } from './address-wording.js'

const EXCHANGE = {
  lastHeard: '¿Cuándo sale el barco? How long does the soup cook?',
  lastWords: 'El barco sale a las nueve. The soup needs forty minutes.',
}
const isPlain = (text: string) => isPlainStatement(text, wordingCues(text, ['nova']), EXCHANGE)

describe('plain statements', () => {
  it.each([
    'The heating was repaired by the landlord.',
    'Nobody expected such a result.',
    'Tom has packed his bag already.',
    'El cartero trae los paquetes por la tarde.',
    'Mañana inauguraron la exposición del museo.',
    'I bought the tickets for the concert from my brother.',
    'Ayer me encontré a los primos en la estación de autobuses.',
    'A storm front moves across the northern islands this evening.',
  ])('%s: about third parties', (text) => expect(isPlain(text)).toBe(true))

  it.each([
    ['The soup is boiling over.', 'what was just spoken of'],
    ['Los barcos han cambiado el horario.', 'what was just spoken of, in the plural'],
    ['The red one.', 'too short to stand alone'],
    ['It never comes to a boil.', 'its subject stands for something said before'],
    ['My plates are still in the dishwasher.', 'of the speaker'],
    ['Tenemos poca sal en casa.', 'of the speaker, by the verb'],
    ['Read the news about the elections.', 'a request'],
    ['We want to cook something for the neighbours.', 'a wish'],
    ['I boiled them for an hour and they are still hard.', 'what was just spoken of, by "them"'],
    ['Note down eggs, flour, sugar and two bars of dark chocolate.', 'a request, long'],
    ['Four seven one, eight three three.', 'a number read out'],
    ['Nova, the heating was repaired.', 'called by name'],
    ['When was the heating repaired?', 'a question'],
    ['Does the house have a heating.', 'a question that the recogniser ended with a full stop'],
    ['Cuándo repararon la calefacción.', 'a question that the recogniser did not mark'],
    ['Tiene calefacción la casa de tus primos.', 'a question by its order of words'],
  ])('%s: not, it is %s', (text) => expect(isPlain(text)).toBe(false))
})

describe('what the time since the exchange changes', () => {
  const judge = (text: string, sinceMs: number, language = 'en') =>
    judgeAddress({ text, system: '', sinceMs, ...EXCHANGE, language, overheard: 0 })

  it('a remark counts less the later it comes, a direct question as much until the exchange is over', () => {
    expect(judge('I like it thick.', 2_000).lead).toBeGreaterThan(judge('I like it thick.', 14_000).lead)
    expect(judge('I like it thick.', 19_000).addressed).toBe(false)
    expect(judge('Does it need salt?', 19_000)).toMatchObject({ addressed: true })
  })

  it('who thinks for a minute before the next question is still in the exchange, unless others have spoken since', () => {
    expect(judge('Does it need salt?', 59_000).why).toContain('direct-question')
    expect(judge('Does it need salt?', 61_000).why).not.toContain('direct-question')
    const aside = { text: 'Does it need salt?', system: '', ...EXCHANGE, language: 'en', overheard: 1 }
    expect(judgeAddress({ ...aside, sinceMs: 30_000 }).why).not.toContain('direct-question')
    expect(judgeAddress({ ...aside, sinceMs: 15_000 }).why).toContain('direct-question')
  })

  it('a statement about others is not answered even at once, in a language whose grammar is known', () => {
    const text = 'Der Nachbar hat den Zaun gestern Abend repariert.'
    expect(judge('The neighbour has painted the fence green.', 1_000).addressed).toBe(false)
    expect(judge(text, 1_000, 'de').addressed).toBe(true)
  })

  it('before any exchange there is nothing to take up: who opens it with a statement is answered', () => {
    const first = { text: 'The printer in the office is broken.', system: '', lastWords: '', lastHeard: '' }
    expect(judgeAddress({ ...first, language: 'en', overheard: 0 }).addressed).toBe(true)
  })

  it('a phatic end does not make a question of it', () => {
    expect(judge('The neighbour has painted the fence green, you know?', 1_000).addressed).toBe(false)
    expect(judge('That takes forty minutes, right?', 1_000).addressed).toBe(true)
  })
})
