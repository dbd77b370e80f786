import { describe, expect, it } from 'vitest'
import { type PeopleCue, peopleCues } from './address-people.js'
import { judgeAddress } from './address-verdict.js'
import { wordingCues } from './address-wording.js'

const EXCHANGE =
  '¿Cuándo sale el barco? The soup needs forty minutes. How long does the soup cook? El barco sale a las nueve.'
const cuesOf = (text: string) =>
  peopleCues(text, /[¿áéíóúñ]/.test(text) ? 'es' : 'en', wordingCues(text, []), EXCHANGE)

describe('what people say to each other', () => {
  it.each<[string, PeopleCue]>([
    ['Did you feed the parrot?', 'deed-asked'],
    ['Are you driving back tonight?', 'deed-asked'],
    ['¿Has fregado ya el baño?', 'deed-asked'],
    ['¿Compraste el regalo?', 'deed-asked'],
    ["You've been sitting there since noon.", 'you-told'],
    ['Siempre estás con lo mismo, ¿sabés?', 'you-told'],
    ['I met your cousin at the bakery.', 'yours'],
    ['¿Y tus gafas?', 'yours'],
    ['Shall we set off?', 'joint-plan'],
    ['¿Quedamos el jueves?', 'joint-plan'],
    ['Do you want the window seat?', 'asks-you'],
    ['¿Vienes con hambre?', 'asks-you'],
  ])('%s: %s', (text, cue) => expect([...cuesOf(text)]).toContain(cue))

  it.each([
    'What did I just ask?',
    'Did you add the soup?',
    '¿Has apuntado el barco?',
    'Could you look that up?',
    '¿Qué me recomiendas?',
    'You said it takes an hour.',
    "You're right, thanks.",
    "What's your name?",
    'Dime tu opinión.',
    'Turn the oven light off.',
    'Read that again.',
    'Ponlas más bajas.',
    'Recuérdame lo del barco.',
    'The soup is too thin.',
    '¿Cuántas paradas son?',
    '¿Dónde hay una farmacia por aquí?',
    'Could you move the meeting to Friday?',
    'Could you move it back by an hour?',
    'Acuérdame lo del barco a las seis.',
    'Que sea una hora más tarde, que viene gente.',
    'Tell them that we have to leave at nine.',
  ])('%s: could be for an assistant', (text) => expect([...cuesOf(text)]).toEqual([]))

  it('is a doubted question, which its likelihood can refuse', () => {
    const judge = (text: string, expected?: number) =>
      judgeAddress({
        text,
        system: '',
        sinceMs: 2_000,
        lastWords: 'Forty minutes.',
        lastHeard: 'How long?',
        language: 'en',
        overheard: 0,
        ...(expected !== undefined && { expected }),
      })
    expect(judge('Did you feed the parrot?')).toMatchObject({ addressed: true, doubted: true })
    expect(judge('Did you feed the parrot?', 0.2)).toMatchObject({ addressed: false })
    expect(judge('What colour did we put on her in March?', 1)).toMatchObject({ addressed: true })
    expect(judge('Gemini, did you feed the parrot?')).toMatchObject({ addressed: true })
    expect(judge('Does it need salt?')).toMatchObject({ addressed: true })
  })

  it.each<[string, number | undefined, boolean, number?]>([
    ['Do you want the window seat?', undefined, true],
    ['Do you want the window seat?', 0.6, false],
    ['Do you open on Sundays?', 2.3, true],
    ['And do you deliver it?', 1.5, true, 21_000],
    ['Did you add it to the soup?', 0.6, true],
    ['Does it need salt?', -0.5, true],
    ['Whose glass was that?', undefined, true],
    ['Whose glass was that?', 0.1, false],
  ])(
    'asked about the listener, the likelihood tells: %s %s',
    (text, expected, addressed, sinceMs = 2_000) => {
      const exchange = { lastWords: 'The soup needs forty minutes.', lastHeard: 'How long?' }
      const evidence = { text, system: '', sinceMs, ...exchange, language: 'en', overheard: 0 }
      expect(judgeAddress({ ...evidence, ...(expected !== undefined && { expected }) }).addressed).toBe(
        addressed,
      )
    },
  )
})
