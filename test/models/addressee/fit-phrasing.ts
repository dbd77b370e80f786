/**
 * Fits how what is said to an assistant is phrased (`PHRASING_WEIGHTS` of src/core/phrasing-weights.ts), and writes it with `--write`:
 *
 *   node --import tsx test/models/addressee/fit-phrasing.ts [--write]
 *
 * From `sayings.jsonl`, `sayings-2.jsonl` and `sayings-3.jsonl`: what is said in a room with an assistant that listens, and whether it is for that. Judged on the frozen sets, of which it holds nothing: the share of pairs, one for
 * it and one not, in which the one that is has the higher odds.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { textOdds } from '../../../src/core/text-odds.js'
import { readLines } from '../json-lines.js'
import { fitText, writeWeights } from '../text-weights.js'
import { type Half, readFrozenSet } from './frozen-set.js'

interface Saying {
  readonly language: 'en' | 'es'
  readonly addressed: boolean
  readonly text: string
}

const { values: flags } = parseArgs({ options: { write: { type: 'boolean' } } })
const HALVES = [
  'report',
  'fresh',
  'generated',
  'situations',
  'unseen',
  'household',
  'blind',
  'blind-2',
  'blind-3',
  'blind-4',
  'blind-5',
] as const
const sayings = ['sayings.jsonl', 'sayings-2.jsonl', 'sayings-3.jsonl'].flatMap((name) =>
  readLines<Saying>(join(import.meta.dirname, name)),
)
const weights = fitText(sayings.map(({ text, addressed }) => ({ text, isKind: addressed })))
const oddsOf = textOdds(weights)
for (const half of HALVES) console.log(`${half}: ${orderedRight(half).toFixed(3)}`)
if (flags.write)
  writeWeights(
    join(import.meta.dirname, '../../../src/core/phrasing-weights.ts'),
    'PHRASING_WEIGHTS',
    'Written by test/models/addressee/fit-phrasing.ts: what is said to an assistant, against what people say to each other and to themselves.',
    weights,
  )

function orderedRight(half: Half): number {
  const odds = (addressed: boolean) =>
    readFrozenSet(half).flatMap((item) => (item.addressed === addressed ? [oddsOf(item.text)] : []))
  const [to, others] = [odds(true), odds(false)]
  const right = to.reduce((sum, one) => sum + others.filter((other) => one > other).length, 0)
  return right / (to.length * others.length)
}
