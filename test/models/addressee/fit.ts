/**
 * Fits what each piece of evidence is worth (`WEIGHTS` of src/core/address-verdict.ts) and judges it on sets that were left out:
 *
 *   node --import tsx test/models/addressee/fit.ts --likelihoods FILE [--sets household,blind,…] [--ridge 1]
 *
 * A logistic regression with a ridge, on what direct questions and instructions do not decide. How likely words are is asked of the embedded model once for each utterance and kept in
 * FILE, one JSON line each (`set`, `id`, `expected`): some 1,400 of them take 20 minutes. The weights are printed and taken over by hand.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { addressCues } from '../../../src/core/address-cues.js'
import { judgeAddress, limited } from '../../../src/core/address-verdict.js'
import { amongPrompt, exchangePrompt } from '../../../src/core/index.js'
import { limitsSpeaking } from '../../../src/core/speech-limits.js'
import { foreseen, openDefaultModel } from './default-model.js'
import { type Half, readFrozenSet, type Utterance } from './frozen-set.js'

const { values: flags } = parseArgs({
  options: {
    likelihoods: { type: 'string' },
    sets: {
      type: 'string',
      default: 'household,blind,blind-2,blind-3,blind-4,blind-5,report,fresh,generated,situations,unseen',
    },
    ridge: { type: 'string', default: '1' },
  },
})
if (flags.likelihoods === undefined) throw new Error('--likelihoods FILE is missing')
const sets = flags.sets.split(',') as Half[]
const ridge = Number(flags.ridge)
const never = new AbortController().signal

interface Row {
  readonly set: Half
  readonly addressed: boolean
  /** A rule answers it, whatever it weighs. */
  readonly isDirect: boolean
  readonly cues: ReadonlyMap<string, number>
}

const expected = await likelihoods(flags.likelihoods)
const rows = sets.flatMap((set) =>
  readFrozenSet(set)
    .filter(({ system }) => !limitsSpeaking(system))
    .map((item) => rowOf(set, item, expected.get(`${set} ${item.id}`))),
)
const names = [...new Set(rows.flatMap(({ cues }) => [...cues.keys()]))].sort()
for (const set of sets) {
  const weights = weightsOf(rows.filter((row) => row.set !== set))
  console.log(
    `${set} left out: ${figures(
      rows.filter((row) => row.set === set),
      weights,
    )}`,
  )
}
const weights = weightsOf(rows)
console.log(`fitted on all of them: ${figures(rows, weights)}`)
for (const name of names) console.log(`${name.padEnd(18)}${weights.get(name)!.toFixed(1)}`)

function rowOf(
  set: Half,
  { text, system, language, addressed, before, sinceMs }: Utterance,
  expected?: number,
): Row {
  const [lastHeard, lastWords] = before.at(-1) ?? ['', '']
  const since = before.length > 0 && sinceMs !== undefined ? { sinceMs } : {}
  const likely = expected === undefined ? {} : { expected }
  const evidence = { text, system, language, lastHeard, lastWords, overheard: 0, ...since, ...likely }
  const { why } = judgeAddress(evidence)
  const cues = [...addressCues(evidence)].filter(([cue]) => why.includes(cue))
  const strengths = cues.map(([cue, strength]) => [cue, limited(cue, strength)] as const)
  return { set, addressed, isDirect: why.includes('direct-question'), cues: new Map(strengths) }
}

function leadOf({ cues }: Row, weights: ReadonlyMap<string, number>): number {
  return [...cues].reduce((sum, [cue, strength]) => sum + strength * (weights.get(cue) ?? 0), 0)
}

/** Gradient descent: the sum is convex, and a few hundred rows are little. */
function weightsOf(all: readonly Row[]): Map<string, number> {
  const open = all.filter(({ isDirect }) => !isDirect)
  const weights = new Map(names.map((name) => [name, 0]))
  for (let step = 0; step < 3_000; step++) {
    const slope = new Map(names.map((name) => [name, ridge * weights.get(name)!]))
    for (const row of open) {
      const error = 1 / (1 + Math.exp(-leadOf(row, weights))) - Number(row.addressed)
      for (const [cue, strength] of row.cues) slope.set(cue, slope.get(cue)! + error * strength)
    }
    for (const name of names) weights.set(name, weights.get(name)! - (slope.get(name)! * 4) / open.length)
  }
  return weights
}

function figures(some: readonly Row[], weights: ReadonlyMap<string, number>): string {
  const isTaken = (row: Row) => row.isDirect || leadOf(row, weights) > 0
  const taken = some.filter(isTaken)
  const right = taken.filter(({ addressed }) => addressed).length
  const recall = right / some.filter(({ addressed }) => addressed).length
  return `${some.length} utterances, precision ${(right / taken.length).toFixed(3)}, recall ${recall.toFixed(3)}`
}

/** By set and id; what is not in the file is asked of the model. */
async function likelihoods(path: string): Promise<ReadonlyMap<string, number>> {
  const known = new Map<string, number>()
  for (const line of existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []) {
    if (line === '') continue
    const { set, id, expected } = JSON.parse(line) as { set: Half; id: string; expected: number }
    known.set(`${set} ${id}`, expected)
  }
  const missing = sets.flatMap((set) =>
    readFrozenSet(set)
      .filter(
        ({ id, before, system }) =>
          before.length > 0 && !known.has(`${set} ${id}`) && !limitsSpeaking(system),
      )
      .map((item) => ({ set, item })),
  )
  if (missing.length === 0) return known
  const model = await openDefaultModel(2)
  const exchange = model.open({ signal: never })
  const among = model.open({ signal: never })
  for (const { set, item } of missing) {
    const { id, text, language, system, before } = item
    const [lastHeard, lastWords] = before.at(-1)!
    const asked = {
      exchange: exchangePrompt({ system, lastHeard, lastWords }, text),
      among: amongPrompt(language, text),
    }
    const expected = await foreseen(exchange, among, asked)
    known.set(`${set} ${id}`, expected)
    appendFileSync(path, `${JSON.stringify({ set, id, expected })}\n`)
  }
  await model.close()
  return known
}
