/**
 * Fits what tells a sign of listening from what takes the floor (`SIGN_WEIGHTS` of src/core/sign-weights.ts), and writes it with `--write`:
 *
 *   node --import tsx test/models/floor/fit-signs.ts [--write]
 *
 * From `sayings.jsonl`: what listeners say over somebody who speaks, and which of the two it is (`sign`, `take`), and from `sayings-2.jsonl`: what is hard to tell of it, objections,
 * agreement that goes on, orders of a word or two, long signs. Judged on the frozen sets of interruptions as they are spelt; no sound of theirs is in it, though many signs are said by everybody.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type ListedSound, SOUND_SETS } from '../../../src/bench/index.js'
import { callsOverSpeech, signsOfListening } from '../../../src/core/sayings.js'
import { textOdds } from '../../../src/core/text-odds.js'
import { readLines } from '../json-lines.js'
import { fitText, writeWeights } from '../text-weights.js'

interface Saying {
  readonly language: 'en' | 'es'
  readonly kind: 'sign' | 'take'
  readonly text: string
}

/** In a room with an assistant: its kinds are others. */
interface Said {
  readonly kind: string
  readonly text: string
}

/** Longer sayings begin with so many words that tell what they are. */
const LONG_WORDS = 6
const BEGUN_WORDS = 3
/** With these questions and requests begin. */
const OPENINGS = (
  'can you|could you|would you|will you|can I|could I|do you|did you|is there|is it|are there|are you|what about|what is|what if|how about|how do|how many|how long|tell me|give me|show me|' +
  'I want|I need|I would like|let me|but what|but I|and what|and how|where is|when is|who is|why is|does it|actually|' +
  'puedes|podrías|me puedes|puede|dime|dame|quiero|necesito|me gustaría|hay|es|está|tienes|qué es|qué pasa si|cuánto cuesta|cuántos|cómo se|dónde está|y si|pero|y cómo|y cuánto|' +
  'déjame|ponme|busca|por qué no|en realidad'
).split('|')
/** What is said most often (src/core/sayings.ts), and these, stand for so many more. */
const OFTEN = 4
const { values: flags } = parseArgs({ options: { write: { type: 'boolean' } } })
const sayings = ['sayings.jsonl', 'sayings-2.jsonl'].flatMap((name) =>
  readLines<Saying>(join(import.meta.dirname, name)),
)
const often = [
  ...signsOfListening.map((text) => ({ text, isKind: true })),
  ...[...callsOverSpeech, ...OPENINGS].map((text) => ({ text, isKind: false })),
]
const spoken = readLines<Said>(join(import.meta.dirname, '../addressee/sayings.jsonl'))
  .filter(({ kind }) => !['answer', 'small-talk', 'correction', 'complaint'].includes(kind))
  .map(({ text }) => text)
const begun = spoken.flatMap((text) => {
  const words = text.split(' ')
  return words.length >= LONG_WORDS ? [words.slice(0, BEGUN_WORDS).join(' ')] : []
})
const weights = fitText([
  ...[...spoken, ...begun].map((text) => ({ text, isKind: false })),
  ...sayings.map(({ text, kind }) => ({ text, isKind: kind === 'sign' })),
  ...Array.from({ length: OFTEN }, () => often).flat(),
])
const oddsOf = textOdds(weights)
console.log(`${sayings.length} sayings`)
for (const [name, list] of Object.entries(SOUND_SETS)) {
  if (!name.startsWith('over')) continue
  for (const language of ['en', 'es']) console.log(`${name} ${language}: ${shares(list, language)}`)
}
if (flags.write)
  writeWeights(
    join(import.meta.dirname, '../../../src/core/sign-weights.ts'),
    'SIGN_WEIGHTS',
    'Written by test/models/floor/fit-signs.ts: a sign of listening, against what takes the floor.',
    weights,
  )

/** Of signs and of what takes the floor, how many are above a few odds. */
function shares(list: readonly ListedSound[], language: string): string {
  const above = (kind: ListedSound['kind'], odds: number) => {
    const texts = list.flatMap((sound) =>
      sound.kind === kind && sound.text && (sound.language ?? 'en') === language ? [sound.text] : [],
    )
    const odd = [...new Set(texts)].map(oddsOf)
    return `${odd.filter((each) => each > odds).length} of ${odd.length}`
  }
  return [0, 1, 2, 3]
    .map((odds) => `over ${odds}: ${above('backchannel', odds)} signs, ${above('barge-in', odds)} others`)
    .join('; ')
}
