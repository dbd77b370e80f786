/**
 * Prints how well voices are told apart: `node --import tsx test/models/speaker/measure.ts FOLDER [--half practice|report] [--out result.json]`.
 *
 * WAV files of one speaker have names alike up to the digits behind them (af_heart_1, ps_cards3). A speaker is known by up to 4 s of one file, as
 * after one answer; 1, 2 and 4 s of speech of every other file are compared with it. For each length: the rate at which as many of a speaker's own
 * are refused as strangers are let in, where that is, and what the thresholds of the product make of it. Every second speaker belongs to the
 * practice half, on which they were chosen. One direction takes so many ms of one thread for a second of speech: `msPerSecond`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readWav, resample } from '../../../src/audio/index.js'
import { describeMachine } from '../../../src/bench/machine.js'
import { modelPaths, runtimePaths } from '../../../src/catalog/index.js'
import { voiceWeight } from '../../../src/core/index.js'
import { likeness } from '../../../src/engine/index.js'
import { loadGe2e } from '../../../src/engines/ge2e/index.js'

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { half: { type: 'string' }, out: { type: 'string' }, show: { type: 'boolean', default: false } },
})
const HZ = 16_000
const KNOWN_SECONDS = 4
const LENGTHS = [1, 2, 4]
const never = new AbortController().signal
const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const engine = await loadGe2e({
  modelPath: modelPaths(home, 'ge2e-speaker').main,
  runtimeDir: runtimePaths(home, 'onnxruntime-node').directory,
})
let spentMs = 0
let heardMs = 0

interface Said {
  readonly file: string
  readonly speaker: string
  readonly known: Float32Array
  /** By seconds; absent where there is less speech. */
  readonly heard: ReadonlyMap<number, { readonly direction: Float32Array; readonly speechMs: number }>
}

const files = positionals.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.wav'))
    .map((name) => ({ name, path: join(folder, name) })),
)
const speakerOf = (name: string) =>
  name
    .replace(/^s\d+_/, '')
    .replace(/(_16k)?\.wav$/, '')
    .replace(/_?\d+$/, '')
const speakers = [...new Set(files.map(({ name }) => speakerOf(name)))].sort()
const wanted = speakers.filter(
  (_, index) => flags.half === undefined || (index % 2 === 0) === (flags.half === 'practice'),
)

/** The first so many seconds of speech, pauses left out: what the engine says it heard. */
async function encode(samples: Float32Array, seconds: number) {
  for (let length = seconds; length <= samples.length / HZ + 0.1; length += 0.1) {
    const began = performance.now()
    const print = await engine.encode(samples.subarray(0, Math.round(length * HZ)), never)
    spentMs += performance.now() - began
    heardMs += print.speechMs
    if (print.speechMs >= seconds * 1000 - 100) return print
  }
  return undefined
}

const said: Said[] = []
for (const { name, path } of files) {
  const speaker = speakerOf(name)
  if (!wanted.includes(speaker)) continue
  const wav = readWav(readFileSync(path))
  const samples = resample(wav.samples, wav.sampleRateHz, HZ)
  const known = await engine.encode(samples.subarray(0, KNOWN_SECONDS * HZ), never)
  const heard = new Map<number, { direction: Float32Array; speechMs: number }>()
  for (const seconds of LENGTHS) {
    const print = await encode(samples, seconds)
    if (print && print.direction.length > 0) heard.set(seconds, print)
  }
  if (known.direction.length > 0) said.push({ file: name, speaker, known: known.direction, heard })
}

interface Trial {
  readonly same: boolean
  readonly alike: number
  readonly weight: number
}
function trials(seconds: number): Trial[] {
  return said.flatMap((one) =>
    said.flatMap((other) => {
      const print = other.heard.get(seconds)
      if (one === other || !print) return []
      const alike = likeness(one.known, print.direction)
      const weight = voiceWeight({ likeness: alike, speechMs: print.speechMs })
      return [{ same: one.speaker === other.speaker, alike, weight }]
    }),
  )
}

const share = (list: readonly Trial[], is: (trial: Trial) => boolean) =>
  list.length === 0 ? null : Math.round((1000 * list.filter(is).length) / list.length) / 1000
const quantile = (list: readonly Trial[], at: number) => {
  const sorted = list.map(({ alike }) => alike).sort((a, b) => a - b)
  return Math.round(1000 * (sorted[Math.floor(at * (sorted.length - 1))] ?? Number.NaN)) / 1000
}

const result = LENGTHS.map((seconds) => {
  const all = trials(seconds)
  const own = all.filter(({ same }) => same)
  const strangers = all.filter(({ same }) => !same)
  let best = { apart: 2, rate: 0, at: 0 }
  for (let at = 0.3; at < 1; at += 0.001) {
    const refused = share(own, ({ alike }) => alike < at) ?? 0
    const letIn = share(strangers, ({ alike }) => alike >= at) ?? 0
    const apart = Math.abs(refused - letIn)
    if (apart < best.apart) best = { apart, rate: (refused + letIn) / 2, at }
  }
  return {
    seconds,
    own: own.length,
    strangers: strangers.length,
    equalErrorRate: Math.round(1000 * best.rate) / 1000,
    atLikeness: Math.round(1000 * best.at) / 1000,
    ownLikeness: [0.01, 0.05, 0.5].map((at) => quantile(own, at)),
    strangersLikeness: [0.5, 0.95, 0.99].map((at) => quantile(strangers, at)),
    ownTakenForAnother: share(own, ({ weight }) => weight < 0),
    strangersTold: share(strangers, ({ weight }) => weight < 0),
  }
})
const report = {
  speakers: wanted.length,
  files: said.length,
  half: flags.half ?? 'all',
  msPerSecond: Math.round((10 * spentMs) / (heardMs / 1000)) / 10,
  result,
}
console.log(JSON.stringify(report, null, 2))
if (flags.show) {
  for (const one of said)
    for (const other of said)
      if (one !== other && one.speaker === other.speaker)
        console.log(
          one.file,
          other.file,
          LENGTHS.map(
            (s) => other.heard.get(s) && likeness(one.known, other.heard.get(s)!.direction).toFixed(3),
          ).join(' '),
        )
}
if (flags.out !== undefined)
  writeFileSync(
    flags.out,
    `${JSON.stringify({ benchmark: 'speaker', measuredAt: new Date().toISOString(), machine: describeMachine(), ...report }, null, 2)}\n`,
  )
await engine.close()
