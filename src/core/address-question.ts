/**
 * What the language model is asked about words that may not be for it: a conversation of examples whose next word is "Yes" or "No". The examples
 * come first and are the same for all; the words come last, so that they can be read ahead while they are spoken.
 */
import type { PromptMessage, SessionPrompt } from './effects.js'

/** The first of them speaks for an answer. */
export const ADDRESS_ANSWERS = ['Yes', 'No'] as const

/** Longer words are quoted from their end: each token costs time. */
const MAX_QUOTED_CHARACTERS = 160
const MAX_INSTRUCTION_CHARACTERS = 600
const MAX_SEEN_CHARACTERS = 400

/** Without words: as far as it is known before anything is said. `limit`: the instruction, where it says when the model may speak. */
export function addressPrompt(lastWords: string, words: string | undefined, limit?: string): SessionPrompt {
  const heard = words === undefined ? '' : `${ending(words)}"`
  if (limit !== undefined) {
    const instruction = `Instruction: "${limit.slice(0, MAX_INSTRUCTION_CHARACTERS)}"\nHeard: "${heard}`
    return { system: LIMIT_GUIDE, messages: [...LIMIT_EXAMPLES, { role: 'user', text: instruction }] }
  }
  const line = `Assistant: "${lastWords === '' ? '...' : ending(lastWords)}"\nHeard: "${heard}`
  return { system: GUIDE, messages: [...EXAMPLES, { role: 'user', text: line }] }
}

/** The words as the user's next ones in the exchange. Without words: what comes before them. */
export function exchangePrompt(
  {
    system,
    lastHeard,
    lastWords,
  }: { readonly system: string; readonly lastHeard: string; readonly lastWords: string },
  words?: string,
): SessionPrompt {
  const before: PromptMessage[] = [
    { role: 'user', text: ending(lastHeard) },
    { role: 'model', text: ending(lastWords) },
  ]
  const heard: PromptMessage[] = words === undefined ? [] : [{ role: 'user', text: ending(words) }]
  return { system: system.slice(0, MAX_INSTRUCTION_CHARACTERS), messages: [...before, ...heard] }
}

/** The same words among people, in the languages whose grammar is known. */
export function amongPrompt(language: string, words: string): SessionPrompt {
  return { system: AMONG[language === 'es' ? 'es' : 'en'], messages: [{ role: 'user', text: ending(words) }] }
}

/** Of which it was measured that how likely the words are tells. */
export const FORESEEN_LANGUAGES: ReadonlySet<string> = new Set(['en', 'es'])

const AMONG = {
  en: 'A family is at home. They talk to each other about their day.',
  es: 'Una familia está en casa. Hablan entre ellos de sus cosas.',
}

/** What was wished for, and what is seen now; the text in a picture stands at its end. */
export function wishPrompt(wish: string, seen: string): SessionPrompt {
  const line = `Wish: "${ending(wish)}"\nSeen: "${ending(seen.replace(/]$/, ''), MAX_SEEN_CHARACTERS)}"`
  return { system: WISH_GUIDE, messages: [...WISH_EXAMPLES, { role: 'user', text: line }] }
}

function ending(words: string, most = MAX_QUOTED_CHARACTERS): string {
  if (words.length <= most) return words
  return words.slice(words.indexOf(' ', words.length - most) + 1)
}

type Example = readonly [before: string, heard: string, yes: boolean]

function conversation(label: string, examples: readonly Example[], told = 'Heard'): readonly PromptMessage[] {
  return examples.flatMap(([before, heard, yes]): PromptMessage[] => [
    { role: 'user', text: `${label}: "${before}"\n${told}: "${heard}"` },
    { role: 'model', text: yes ? ADDRESS_ANSWERS[0] : ADDRESS_ANSWERS[1] },
  ])
}

const GUIDE =
  'People talk to their voice assistant, but also to each other and to themselves, and a television may be on. ' +
  'Does the person speak to the assistant? Answer Yes or No.'

const EXAMPLES = conversation('Assistant', [
  ['Your taxi comes at eight.', 'Make it half past eight, please.', true],
  ['Your taxi comes at eight.', 'Jack has packed his bag already.', false],
  ['It will be cloudy all day.', 'And that was the weather. Now to sports.', false],
  ['Which colour do you want?', 'Blue, I think.', true],
  ['Which colour do you want?', 'Hmm, where is my pen?', false],
  ['Gold melts at a thousand degrees.', 'Now I want to hear about silver.', true],
  ['El taxi llega a las ocho.', 'Luis ya ha hecho la maleta.', false],
  ['¿Qué color quieres?', 'Azul, creo.', true],
  ['El oro se funde a mil grados.', 'Ella nunca me contó que sus padres se mudaron.', false],
  ['El oro se funde a mil grados.', 'Ahora me interesa la plata.', true],
])

const LIMIT_GUIDE =
  'An assistant must follow its instruction. Does the instruction let it answer what was heard? Answer Yes or No.'

const LIMIT_EXAMPLES = conversation('Instruction', [
  ['Only talk when you are asked about cars.', 'How do I change the oil?', true],
  ['Only talk when you are asked about cars.', 'What is the capital of France?', false],
  ['Stay silent unless somebody asks about history.', 'When did Rome fall?', true],
  ['Stay silent unless somebody asks about history.', 'Play some music.', false],
  ['Habla solo si te preguntan por plantas.', '¿Cuánta agua necesita un cactus?', true],
  ['Habla solo si te preguntan por plantas.', '¿Qué hora es?', false],
])

const WISH_GUIDE =
  'A user wishes to be told when something can be seen. Has it happened now? Answer Yes or No.'

const WISH_EXAMPLES = conversation(
  'Wish',
  [
    ['Tell me when the train is delayed.', 'Berlin 10:40 delayed 15 min', true],
    ['Tell me when the train is delayed.', 'Berlin 10:40 on time', false],
    ['Warn me if the battery is low.', 'Battery low. Connect the charger.', true],
    ['Warn me if the battery is low.', 'Photos Music Settings', false],
    ['Avísame cuando se abra la tienda.', 'Abierto', true],
    ['Avísame cuando se abra la tienda.', 'Cerrado hasta las nueve', false],
  ],
  'Seen',
)
