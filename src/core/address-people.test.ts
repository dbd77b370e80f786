import { describe, expect, it } from 'vitest'
import { type PeopleCue, peopleCues } from './address-people.js'
import { judgeAddress } from './address-verdict.js'

const EXCHANGE =
  '¿Cuándo sale el barco? The soup needs forty minutes. How long does the soup cook? El barco sale a las nueve.'
const cuesOf = (text: string) =>
  peopleCues(text, /[¿áéíóúñ]/.test(text) ? 'es' : 'en', text.endsWith('?'), EXCHANGE)

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
    ['Shake the rug out of the window.', 'hands'],
    ['Stop biting your nails.', 'hands'],
    ['Sujétame la escalera.', 'hands'],
    ['Shall we set off?', 'joint-plan'],
    ['¿Quedamos el jueves?', 'joint-plan'],
    ['Emma says the shop is shut.', 'hearsay'],
    ['Mi cuñado dice que está cerrado, ¿no?', 'hearsay'],
    ['Did I lock the back door?', 'asks-oneself'],
    ['¿Dónde habré aparcado?', 'asks-oneself'],
    ['The window on the stairs has been broken since Easter.', 'unrelated'],
  ])('%s: %s', (text, cue) => expect([...cuesOf(text)]).toContain(cue))

  it.each([
    'Did you set the timer?',
    'Have you got anything about Peru?',
    'Did you say forty minutes?',
    'What did I just ask?',
    '¿Has apuntado el barco?',
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

  it.each([
    ['Could you move a bit?', 'hands'],
    ['Corre, que viene el tren.', 'hands'],
    ['Ponlo aquí.', 'hands'],
  ] as const)('%s: still for people', (text, cue) => expect([...cuesOf(text)]).toContain(cue))

  it('is no direct question, and no request, once it is plainly for people', () => {
    const judge = (text: string) =>
      judgeAddress({
        text,
        system: '',
        sinceMs: 2_000,
        lastWords: 'Forty minutes.',
        lastHeard: 'How long?',
        language: 'en',
        overheard: 0,
      })
    expect(judge('Did you feed the parrot?')).toMatchObject({ addressed: false })
    expect(judge('Gemini, did you feed the parrot?')).toMatchObject({ addressed: true })
    expect(judge('Does it need salt?')).toMatchObject({ addressed: true })
  })
})
