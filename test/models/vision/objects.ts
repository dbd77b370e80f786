/**
 * Counts what the embedded eyes name in the photographs of one half, and how often they are wrong:
 * `node --import tsx test/models/vision/objects.ts report --home ~/.vivavoce --photographs /tmp/photographs`. The pictures of pages and
 * screens of the same half are looked at too: there is no thing and no face in them. Writes bench/results/vision-objects-<half>.json.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openResult } from '../../../src/bench/result-file.js'
import { modelPaths, runtimePaths } from '../../../src/catalog/index.js'
import type { Fact, View } from '../../../src/engine/index.js'
import { loadEyes } from '../../../src/engines/eyes/index.js'
import { fetchPhotographs } from './fetch-photographs.js'
import { PAGES } from './pages.js'
import { ATTRIBUTION, PHOTOGRAPHS } from './photographs.js'

interface Looked {
  readonly id: string
  readonly shows: readonly string[]
  /** Names told, each with its confidence. */
  readonly told: readonly (readonly [string, number])[]
  readonly named: boolean
  readonly wrong: number
  readonly faces: { readonly told: number; readonly there: number }
  /** Decoding, faces and things. */
  readonly lookMs: number
}

/** So coarse that they tell hardly anything: never wrong by themselves, but no thing is named with them. */
const COARSE = ['an animal', 'a vehicle', 'food']
/** What a coarse name holds for. */
const ANIMALS = /animals|fishes/
const COARSE_OF: Readonly<Record<string, (id: string, shows: readonly string[]) => boolean>> = {
  'an animal': (id, shows) => ANIMALS.test(id) || shows.includes('cat'),
  'a vehicle': (_, shows) => shows.includes('vehicle'),
  food: (id) => id.startsWith('food/'),
}

/** Words of a name that need not stand in what a photograph shows; every other one has to: a big cat is no cat. */
const BESIDE = /\b(?:an?|musical|panel|of|engine)\b|(?<=big )cat\b/g

export function judge(id: string, shows: readonly string[], told: readonly string[]) {
  const holds = (alternative: string) =>
    alternative
      .replace(BESIDE, '')
      .trim()
      .split(/ +/)
      .every((word) => shows.includes(word))
  const isRight = (name: string) => COARSE_OF[name]?.(id, shows) ?? name.split(' or ').some(holds)
  return {
    named: told.some((name) => isRight(name) && !COARSE.includes(name)),
    wrong: told.filter((name) => !isRight(name)).length,
  }
}

const typeOf = (bytes: Uint8Array) =>
  bytes[0] === 0xff ? 'image/jpeg' : bytes[0] === 0x89 ? 'image/png' : 'image/webp'

async function factsOf(view: View, bytes: Uint8Array): Promise<readonly Fact[]> {
  const looking = view.look(
    { bytes, mimeType: typeOf(bytes) },
    { detail: 'medium' },
    new AbortController().signal,
  )
  for await (const part of looking) if (part.type === 'sight') return part.sight.facts
  throw new Error('nothing was seen')
}

if (process.argv[1] === import.meta.filename) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      home: { type: 'string' },
      photographs: { type: 'string', default: '/tmp/vivavoce-photographs' },
    },
  })
  const [half = 'report'] = positionals
  const home = resolve(values.home ?? join(process.env.HOME ?? '', '.vivavoce'))
  const runtimeDir = runtimePaths(home, 'onnxruntime-node').directory
  const network = (id: string) => ({ path: modelPaths(home, id).main, runtimeDir, threads: 1 })
  const pictureOf = fetchPhotographs(resolve(values.photographs))
  const photographs = PHOTOGRAPHS.filter((photograph) => photograph.half === half)
  const pages = PAGES.filter((page) => page.half === half)
  const eyes = await loadEyes({ things: network('efficientnet-lite2'), faces: network('blazeface') })
  const result = openResult<Looked>(
    resolve(import.meta.dirname, `../../../bench/results/vision-objects-${half}.json`),
    'vision-objects',
    { half, photographs: photographs.length, pages: pages.length, sources: ATTRIBUTION },
  )

  const all = [
    ...photographs.map((each) => ({ ...each, bytes: () => pictureOf(each) })),
    ...pages.map(({ id }) => ({
      id: `pages/${id}`,
      shows: [] as readonly string[],
      faces: undefined,
      bytes: () => readFileSync(join(import.meta.dirname, 'pictures', `${id}.jpg`)),
    })),
  ]
  for (const { id, shows, faces: there = 0, bytes } of all) {
    if (result.units.some((unit) => unit.id === id)) continue
    const picture = bytes()
    const abort = new AbortController()
    const beganMs = performance.now()
    const facts = await factsOf(eyes.open({ signal: abort.signal }), picture)
    const lookMs = Math.round(performance.now() - beganMs)
    abort.abort()
    const told = facts.flatMap(({ kind, text, confidence }) =>
      kind === 'thing' ? [[text, Math.round(confidence * 100) / 100] as const] : [],
    )
    const judged = judge(
      id,
      shows,
      told.map(([name]) => name),
    )
    const faces = { told: facts.filter(({ kind }) => kind === 'face').length, there }
    result.add({ id, shows, told, ...judged, faces, lookMs })
    const words = told.map(([name, confidence]) => `${name} ${confidence}`).join(', ')
    const mark = judged.wrong > 0 ? 'WRONG ' : judged.named ? 'right ' : 'silent'
    process.stdout.write(
      `${mark}  ${id}  ${words}${faces.told ? `  faces: ${faces.told} of ${there}` : ''}\n`,
    )
  }
  await eyes.close()

  const { units } = result
  const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0)
  const share = (part: number, whole: number) => Math.round((1_000 * part) / Math.max(1, whole)) / 10
  const ofPhotographs = units.filter(({ id }) => !id.startsWith('pages/'))
  const groups = {
    scenes: photographs.filter(({ package: from }) => from !== 'tuxpaint-stamps-default'),
    all: photographs,
  }
  const recall = Object.fromEntries(
    Object.entries(groups).map(([name, group]) => {
      const ids = new Set(group.map(({ id }) => id))
      const units = ofPhotographs.filter(({ id }) => ids.has(id))
      const named = units.filter(({ named }) => named).length
      return [name, { named, of: units.length, percent: share(named, units.length) }]
    }),
  )
  const told = sum(units.map((unit) => unit.told.length))
  const wrong = sum(units.map((unit) => unit.wrong))
  const none = units.filter(({ faces }) => faces.there === 0)
  const withFaces = units.filter(({ faces }) => faces.there > 0)
  const times = units.map(({ lookMs }) => lookMs).sort((a, b) => a - b)
  const summary = {
    recall,
    told,
    wrong,
    wrongPercent: share(wrong, told),
    facesFound: sum(withFaces.map(({ faces }) => Math.min(faces.told, faces.there))),
    facesThere: sum(withFaces.map(({ faces }) => faces.there)),
    facesWhereNoneIs: { pictures: none.filter(({ faces }) => faces.told > 0).length, of: none.length },
    lookP50Ms: times[Math.floor(times.length / 2)],
    lookP95Ms: times[Math.floor(times.length * 0.95)],
  }
  result.finish(true, summary)
  process.stdout.write(`${JSON.stringify(summary, undefined, 1)}\n`)
}
