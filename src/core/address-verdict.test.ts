import { describe, expect, it } from 'vitest'
import { judgeAddress } from './address-verdict.js'

const EXCHANGE = { lastHeard: 'How long does the soup cook?', lastWords: 'The soup needs forty minutes.' }
const judge = (text: string, expected?: number, sinceMs = 2_000) =>
  judgeAddress({
    text,
    system: '',
    sinceMs,
    ...EXCHANGE,
    language: /[¿áéíóúñ]/.test(text) ? 'es' : 'en',
    overheard: 0,
    ...(expected !== undefined && { expected }),
  })

describe('a question that is phrased as people ask each other', () => {
  it.each([
    ['Did you feed the parrot?', 0.2, false],
    ['Did you feed the parrot?', 2, true],
    ['Whose glass was that?', -0.1, false],
    ['¿Has fregado ya el baño?', 0.3, false],
    ['¿Los vendéis sueltos?', 1.9, true],
    ['What colour did we put on her in March?', 1, true],
    ['Does it need salt?', -0.5, true],
    ['Did you add it to the soup?', 0.6, true],
  ])('%s, likelihood %s: direct %s', (text, expected, direct) => {
    expect(judge(text, expected).why.includes('direct-question')).toBe(direct)
  })

  it('is doubted, and answered where nothing is known of its likelihood', () => {
    expect(judge('Did you feed the parrot?')).toMatchObject({ addressed: true, doubted: true })
    expect(judge('Does it need salt?').doubted).toBeUndefined()
    expect(judge('Gemini, did you feed the parrot?', 0.2)).toMatchObject({ addressed: true })
  })
})

describe('length', () => {
  const why = (text: string) => judge(text, 0.5).lead
  it('a few words are likelier for the model than many, and beyond three and twelve it says no more', () => {
    expect(why('The green one')).toBeGreaterThan(why('The green one that we had on the boat'))
    const long = `${'and so on and on '.repeat(40)}`
    expect(judge(`Could you write that ${long}`).addressed).toBe(true)
  })
})
