/**
 * Fits what the language model's view of an end of words is worth (`WORTH` of src/core/turn-end.ts, printed and taken over by hand), and what the lines drawn there hold:
 *
 *   node --import tsx test/models/floor/fit-ends.ts --views FILE [--sayings 3000]
 *
 * From `ends.jsonl`: what people have said when they fall silent, in the middle (`cut`) or at the end (`whole`), without a mark behind it; written to be hard, by hands that knew no rule. The default model is
 * asked about so many of them, and about the turns of the frozen sets with pauses that were looked at; its views are kept in FILE (0.1 s each on two cores).
 */
import { appendFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { SOUND_SET_VERSION, SOUND_SETS, shuffled } from '../../../src/bench/index.js'
import { completeness } from '../../../src/core/index.js'
import { endCues, type Foreseen } from '../../../src/core/turn-end.js'
import { endingOf, openDefaultModel } from '../addressee/default-model.js'
import { readLines } from '../json-lines.js'

interface Said {
  readonly set: string
  readonly language: 'en' | 'es'
  readonly kind: 'cut' | 'whole'
  readonly text: string
}
/** Of one saying: what speaks for an end, and a 1 for the bias. */
type Row = { readonly said: Said; readonly cues: readonly number[] }

const SAYINGS = 'ends.jsonl'
const LOOKED_AT = [SOUND_SET_VERSION, 'pauses-1']
const LINES = [-4, -3, -2, -1, 0, 1, 2, 3]
const SYSTEM = 'You are a helpful voice assistant. Keep answers short.'
const never = new AbortController().signal

const { values: flags } = parseArgs({
  options: { views: { type: 'string' }, sayings: { type: 'string', default: '3000' } },
})
if (flags.views === undefined) throw new Error('--views FILE is missing')
const sayings = shuffled(
  readLines<Omit<Said, 'set'>>(join(import.meta.dirname, SAYINGS)).map((said) => ({ ...said, set: SAYINGS })),
  1,
).slice(0, Number(flags.sayings))
const all = [...sayings, ...LOOKED_AT.flatMap(turnsOf)]
const views = await viewsOf(flags.views, all)
const rows = all.map((said): Row => ({ said, cues: [...endCues(said.text, views.get(said.text)!), 1] }))
const worth = regression(rows.filter(({ said }) => said.set === SAYINGS))
console.log(`worth: ends, trailsOff, length, bias: ${worth.map((each) => each.toFixed(2)).join(', ')}`)
for (const set of [SAYINGS, ...LOOKED_AT]) {
  for (const language of ['en', 'es']) {
    const own = rows.filter(({ said }) => said.set === set && said.language === language)
    if (own.length > 0) judge(`${set} ${language}`, own)
  }
}

/** Below each line, and by the rules alone: how much of what stops in the middle, and of what is over. */
function judge(name: string, own: readonly Row[]): void {
  const share = (kind: Said['kind'], isHeld: (row: Row) => boolean) => {
    const of = own.filter(({ said }) => said.kind === kind)
    return `${((of.filter(isHeld).length / of.length) * 100).toFixed(0)}`
  }
  const both = (isHeld: (row: Row) => boolean) => `${share('cut', isHeld)} and ${share('whole', isHeld)} %`
  const byRule = both(({ said }) =>
    ['doubtful', 'unfinished', 'number'].includes(completeness(`${said.text}.`)),
  )
  console.log(`${name}, ${own.length}: cut and whole that are held: by rules ${byRule}`)
  for (const line of LINES) console.log(`  below ${line}: ${both(({ cues }) => dot(worth, cues) < line)}`)
}

function turnsOf(set: string): Said[] {
  return SOUND_SETS[set]!.flatMap(({ kind, text, language = 'en' }) => {
    if (!text || (kind !== 'unfinished' && kind !== 'finished')) return []
    const said = text.replace(/[\s\p{P}]+$/u, '')
    return [
      { set, language: language as 'en' | 'es', kind: kind === 'finished' ? 'whole' : 'cut', text: said },
    ]
  })
}

async function viewsOf(path: string, asked: readonly Said[]): Promise<Map<string, Foreseen>> {
  const known = new Map<string, Foreseen>()
  if (existsSync(path))
    for (const { text, ...view } of readLines<Foreseen & { text: string }>(path)) known.set(text, view)
  const missing = asked.filter(({ text }) => !known.has(text))
  if (missing.length === 0) return known
  const model = await openDefaultModel(2)
  const conversation = model.open({ signal: never })
  for (const { text } of missing) {
    const { ends, trailsOff } = await endingOf(conversation, {
      system: SYSTEM,
      messages: [{ role: 'user', text }],
    })
    known.set(text, { ends, trailsOff })
    appendFileSync(path, `${JSON.stringify({ text, ends, trailsOff })}\n`)
  }
  await model.close()
  return known
}

/** Logistic, by Newton's method: a few columns. */
function regression(of: readonly Row[]): number[] {
  const size = of[0]!.cues.length
  let weights = new Array<number>(size).fill(0)
  for (let step = 0; step < 12; step++) {
    const matrix = Array.from({ length: size }, (_, row) =>
      Array.from({ length: size + 1 }, (_, column) => (row === column ? 1e-3 : 0)),
    )
    for (const { cues, said } of of) {
      const likely = 1 / (1 + Math.exp(-dot(weights, cues)))
      for (let row = 0; row < size; row++) {
        for (let column = 0; column < size; column++)
          matrix[row]![column]! += likely * (1 - likely) * cues[row]! * cues[column]!
        matrix[row]![size]! += (Number(said.kind === 'whole') - likely) * cues[row]!
      }
    }
    const change = solved(matrix)
    weights = weights.map((weight, index) => weight + change[index]!)
  }
  return weights
}

/** Gauss and Jordan; the last column is the right side. */
function solved(matrix: number[][]): number[] {
  for (const [pivot, row] of matrix.entries()) {
    const by = row[pivot]!
    for (let column = 0; column < row.length; column++) row[column]! /= by
    for (const other of matrix) {
      if (other === row) continue
      const times = other[pivot]!
      for (let column = 0; column < row.length; column++) other[column]! -= times * row[column]!
    }
  }
  return matrix.map((row) => row.at(-1)!)
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, each, index) => sum + each * b[index]!, 0)
}
