/** What is misheard over the model: signs of listening and orders in other letters. What was heard is from the tuning halves and from sets already looked at. */
import { describe, expect, it } from 'vitest'
import { rowsOf, sayings, soundOf } from './nearly-said.js'
import { isOrder, judgeSpeech, mayBeBeginning } from './spoken-over.js'

const quiet = { played: 'The capital of France is Paris, a city on the Seine.', wasAsked: false }

describe('what sounds alike', () => {
  it.each([
    ['Vale', 'Bale'],
    ['Ah, vale', 'Abale'],
    ['qué bien', 'Que vien'],
    ['claro', 'Klaro.'],
    ['Ya', 'lla'],
  ])('%s and %s', (one, other) => {
    expect(soundOf(one)).toBe(soundOf(other))
  })

  it.each([
    ['no', 'ya'],
    ['why', 'wow'],
    ['stop', 'sure'],
  ])('but not %s and %s', (one, other) => {
    expect(soundOf(one)).not.toBe(soundOf(other))
  })

  it('may be a row of what is listed, but for a letter of as many as is said', () => {
    const isRow = rowsOf(['ah', 'ah, sí', 'ya', 'vale', 'bueno', 'claro'], 5)
    for (const text of ['Ah, ya, vale', 'Asia Bali', 'Bueno clado', 'Acladoclado'])
      expect(isRow(text), text).toBe(true)
    for (const text of ['Así bailo', 'Yo', 'Bueno, y qué', '…']) expect(isRow(text), text).toBe(false)
    expect(rowsOf(['ah', 'ah, sí', 'vale'], 10)('Asia Bali')).toBe(false)
  })

  it('is forgiven a letter of four, and two of eight', () => {
    const list = sayings(['no', 'claro', 'makes sense'])
    expect([list.has('nu', 'most'), list.has('clado', 'most'), list.has('clado', 'all')]).toEqual([
      false,
      true,
      false,
    ])
    expect([list.has('make a sense', 'most'), list.has('make a fence now', 'most')]).toEqual([true, false])
    expect(list.has('…', 'most')).toBe(false)
  })
})

describe('a sign of listening', () => {
  it.each([
    ['Bale', 0, 'backchannel'],
    ['Que bien.', 0, 'backchannel'],
    ['Kabien', -0.6, 'backchannel'],
    ['Make sense.', -0.45, 'backchannel'],
    ['Bueno clado.', -0.5, 'backchannel'],
    ['Bueno clado.', -0.3, 'words'],
    ['Asia Bali.', -0.55, 'backchannel'],
    ['Acladoclado.', -0.5, 'backchannel'],
    ['Y él dice bien.', -0.6, 'words'],
    ['Si eso ya lo he...', -0.73, 'words'],
    ['Uy que pena me da.', -0.59, 'backchannel'],
    // "¿Y eso?" is one letter from "ya, eso".
    ['Yeso.', -0.5, 'words'],
    ['Make sense of it, then', -0.45, 'words'],
    ['Where?', -0.5, 'words'],
    ['Why not?', -0.5, 'words'],
    ['Blimey.', -0.5, 'backchannel'],
    ['Well I never did.', -0.2, 'backchannel'],
    ['Menos mal que sí.', -0.2, 'backchannel'],
    // Understood well, these have none of the words that signs are made of.
    ['Third grade.', -0.09, 'words'],
    ['Sigue internado.', -0.23, 'words'],
    ['Third grade.', -0.54, 'backchannel'],
    ['Come true.', -0.28, 'backchannel'],
    ['Right, I see. Why?', -0.2, 'words'],
    ['Okay, so which bus do I take', -0.2, 'words'],
    ['Sí, pero cuánto cuesta', -0.2, 'words'],
  ] as const)('%j of %d is %s', (text, sureness, verdict) => {
    expect(judgeSpeech(text, { ...quiet, sureness, isWhole: true, speechMs: 1_300 })).toBe(verdict)
  })

  it.each([
    ['de', 'Sei still', 'Das ist falsch', 'Genug'],
    ['fr', 'Arrêtez', 'Assez', "C'est faux"],
    ['it-IT', 'Sì, ma', 'Zitto'],
    ['ru', 'Не сейчас'],
    ['zh', '不'],
    // Whatever was spoken before: these letters are none that the odds know.
    ['en', 'Не сейчас', '不'],
  ])('is not known by odds in %s', (language, ...sayings) => {
    for (const text of sayings) {
      const over = { ...quiet, played: '', language, sureness: -0.2, isWhole: true, speechMs: 900 }
      expect(judgeSpeech(text, over), text).toBe('words')
    }
    expect(judgeSpeech('Okay', { ...quiet, language })).toBe('backchannel')
    expect(mayBeBeginning('Hör auf', { ...quiet, language, sureness: -0.2 })).toBe(language === 'en')
  })

  it('is not what is heard in other letters than those of the conversation, unless it goes on', () => {
    expect(judgeSpeech('说是我', { ...quiet, speechMs: 800, sureness: -0.3 })).toBe('unsure')
    expect(judgeSpeech('说是我', { ...quiet, speechMs: 1_500, sureness: -0.3 })).toBe('words')
    expect(judgeSpeech('说是我', { ...quiet, played: '你好', speechMs: 800, sureness: -0.3 })).toBe('words')
  })

  it('may not come of what answers a question', () => {
    for (const text of ['Yes, go on', 'Of course', 'Sí, claro', "You don't"]) {
      expect(mayBeBeginning(text, { ...quiet, sureness: -0.2 }), text).toBe(true)
      expect(mayBeBeginning(text, { ...quiet, wasAsked: true, sureness: -0.2 }), text).toBe(false)
    }
  })

  it('may begin as four words that were hardly understood', () => {
    expect(mayBeBeginning('There is two.', { ...quiet, sureness: -0.62, speechMs: 700 })).toBe(true)
    expect(mayBeBeginning('There is two.', { ...quiet, sureness: -0.3, speechMs: 700 })).toBe(false)
    expect(mayBeBeginning('There is two.', { ...quiet, sureness: -0.62, speechMs: 1_050 })).toBe(false)
    expect(mayBeBeginning('There is two of them.', { ...quiet, sureness: -0.62, speechMs: 700 })).toBe(false)
    expect(mayBeBeginning('Stop there now', { ...quiet, sureness: -0.62, speechMs: 350 })).toBe(false)
  })
})

describe('an order', () => {
  it.each(['Stop.', 'Espera', 'Oye, espera', 'Okay, enough.'])('%j is one, however badly heard', (text) => {
    expect(judgeSpeech(text, { ...quiet, sureness: -1.2, isWhole: true, speechMs: 600 })).toBe('words')
    expect(isOrder(text, -0.7)).toBe(true)
  })

  it.each(['Know that', 'Espíritu', 'Spera nza', 'Right'])('%j is none', (text) => {
    expect(isOrder(text, -0.7)).toBe(false)
  })
})

describe('how much likelier it is than a row of signs of listening', () => {
  const spoken = { ...quiet, sureness: -0.5, isWhole: true, echoes: false, speechMs: 1_200 }

  it.each([
    ['Que tintaosa.', 4.2, 'words'],
    ['Make it a gentler workout.', 5, 'words'],
    ["Okay, I'm hum right.", 0.1, 'backchannel'],
    ['Ah, hello Kate, ah, ha.', 0, 'backchannel'],
    ['While yes, okay.', 0.8, 'backchannel'],
    ['Stop.', 0, 'words'],
    ['Hang on.', 0.5, 'words'],
    ['Call Mama.', 0.5, 'words'],
    // However unlike the signs that are listed.
    ['Mm-hm.', 8, 'backchannel'],
    ['Oh, claro.', 8, 'backchannel'],
  ])('decides once it is over: %j, %d → %s', (text, lead, verdict) => {
    expect(judgeSpeech(text, { ...spoken, lead })).toBe(verdict)
  })

  it('says nothing against an answer to what was asked, nor in a language that the odds are not fitted to', () => {
    expect(judgeSpeech('Yes.', { ...spoken, lead: 0, wasAsked: true, sureness: -0.2 })).toBe('words')
    const german = { ...spoken, language: 'de', sureness: -0.2 }
    expect(judgeSpeech('Wie lange noch?', { ...german, lead: 0 })).toBe(
      judgeSpeech('Wie lange noch?', german),
    )
  })

  it('tells nothing of what may become a sign yet', () => {
    const begun = { ...spoken, isWhole: false, speechMs: 600, lead: 8 }
    expect(mayBeBeginning("You don't", begun)).toBe(true)
    expect(mayBeBeginning('No me', { ...begun, language: 'es' })).toBe(true)
    expect(judgeSpeech('Mm-hm.', begun)).toBe('backchannel')
  })

  it('lets plain words be no beginning of anything', () => {
    const begun = { wasAsked: false, sureness: -0.6, speechMs: 600 }
    for (const [lead, expected] of [
      [8, false],
      [2, true],
    ] as const)
      expect(mayBeBeginning('Which cable?', { ...begun, lead })).toBe(expected)
  })
})
