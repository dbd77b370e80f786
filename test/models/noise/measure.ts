/**
 * Speech in noise: what the recogniser understands, with and without a suppressor before it, and when the turn ends, with and without the rule of
 * voices in the background. Recordings of speech (`--recordings`, with `transcripts.tsv`), Pico's voices and *synthetic* noise, mixed.
 *
 *   node --import tsx test/models/noise/measure.ts --out bench/results/noise.json [--rnnoise rnnoise-sync.js] [--gtcrn gtcrn_simple.onnx]
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { fromDbfs, joinSamples, readWav, resample, rms, toDbfs } from '../../../src/audio/index.js'
import { babble, keyboard, music, noise, television } from '../../../src/bench/noises.js'
import { createRandom } from '../../../src/bench/random.js'
import { openResult } from '../../../src/bench/result-file.js'
import { modelPaths, runtimePaths } from '../../../src/catalog/index.js'
import { type Floor, hearFrame, QUIET } from '../../../src/core/floor.js'
import { floorSettings } from '../../../src/core/index.js'
import { loadPico } from '../../../src/engines/pico/index.js'
import { loadSilero } from '../../../src/engines/silero/index.js'
import { loadWhisper } from '../../../src/engines/whisper/index.js'
import { wordErrorRate } from '../../../src/testing/word-error-rate.js'
import { halfOf, LANGUAGE_SETS } from '../languages/sentences.js'
import { gtcrn, rnnoise, type Suppressor } from './suppressors.js'

const HZ = 16_000
const RATIOS_DB = [0, 5, 10, 20]
const TURN_RATIOS_DB = [5, 10, 15, 20]
/** After the speech the noise goes on for so long; a turn that has not ended by then is held open. */
const TAIL_SECONDS = 4
const FRAME = 512

const { values } = parseArgs({
  options: {
    recordings: {
      type: 'string',
      default: resolve(import.meta.dirname, '../../../../shared/fixtures/speech'),
    },
    rnnoise: { type: 'string' },
    gtcrn: { type: 'string' },
    out: { type: 'string', default: 'bench/results/noise.json' },
  },
})
const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const runtimeDir = runtimePaths(home, 'onnxruntime-node').directory
const never = new AbortController().signal

interface Clip {
  readonly file: string
  readonly text: string
  readonly samples: Float32Array
}
const clips: Clip[] = readFileSync(join(values.recordings, 'transcripts.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [file = '', text = ''] = line.split('\t')
    return { file, text, samples: readWav(readFileSync(join(values.recordings, file))).samples }
  })
const recorded = clips.filter(({ file }) => file.startsWith('ps_'))
const voices = clips.map(({ samples }) => samples)

const NOISES = {
  babble: (random: () => number) => babble(random, voices),
  television: (random: () => number) => television(random, voices),
  keyboard,
  music,
  street: noise,
} as const
type Noise = keyof typeof NOISES

/** Speech from `fromSample` on, noise throughout, at this ratio of their levels. */
function mixed(
  speech: Float32Array,
  kind: Noise,
  ratioDb: number,
  seed: number,
  lead = 0,
  tail = 0,
): Float32Array {
  const random = createRandom(seed)
  const length = lead + speech.length + tail
  const background = new Float32Array(length)
  for (let at = 0; at < length; ) {
    const piece = NOISES[kind](random)
    background.set(piece.subarray(0, length - at), at)
    at += piece.length
  }
  const gain = fromDbfs(toDbfs(rms(speech)) - ratioDb - toDbfs(rms(background)))
  return background.map((sample, index) => sample * gain + (speech[index - lead] ?? 0))
}

const suppressors: Record<string, Suppressor> = { none: async (samples) => samples }
if (values.rnnoise) suppressors.rnnoise = await rnnoise(resolve(values.rnnoise))
if (values.gtcrn) suppressors.gtcrn = await gtcrn(resolve(values.gtcrn), runtimeDir)

interface Heard {
  readonly part: 'recognition'
  readonly noise: string
  readonly ratioDb: number | null
  readonly suppressor: string
  readonly errors: number
  readonly words: number
}
interface Ended {
  readonly part: 'turn end'
  readonly noise: string
  readonly ratioDb: number | null
  /** Whether soft speech counts as the background's. */
  readonly rule: boolean
  /** After the last word, of each turn; null = held open. */
  readonly afterMs: readonly (number | null)[]
}
const result = openResult<Heard | Ended>(resolve(values.out), 'noise', {
  noises: 'synthetic (src/bench/noises.ts), mixed with speech',
  speech: `${recorded.length} recordings (recognition), Pico in four languages (turn end)`,
  suppressors: Object.keys(suppressors),
  command: 'node --import tsx test/models/noise/measure.ts',
})
const isDone = (unit: Partial<Heard> | Partial<Ended>) =>
  result.units.some((known) =>
    Object.entries(unit).every(([key, value]) => known[key as keyof typeof known] === value),
  )

await measureTurnEnds()
await measureRecognition()
result.finish(true, { recognition: recognitionTable(), turnEnd: turnEndTable() })

async function measureRecognition(): Promise<void> {
  const whisper = await loadWhisper({ dir: modelPaths(home, 'whisper-base').directory, runtimeDir })
  const conditions: [Noise | 'clean', number | null][] = [['clean', null]]
  for (const kind of ['babble', 'keyboard', 'music', 'street'] as const)
    for (const ratioDb of RATIOS_DB) conditions.push([kind, ratioDb])
  for (const [kind, ratioDb] of conditions)
    for (const [suppressor, suppress] of Object.entries(suppressors)) {
      const unit = { part: 'recognition', noise: kind, ratioDb, suppressor } as const
      if (isDone(unit)) continue
      const sum = { errors: 0, words: 0 }
      for (const [index, { text, samples }] of recorded.entries()) {
        const isClean = kind === 'clean' || ratioDb === null
        const recognition = whisper.open({ signal: never, language: 'en' })
        recognition.push(await suppress(isClean ? samples : mixed(samples, kind, ratioDb, 1_000 + index)))
        const { errors, words } = wordErrorRate(text, (await recognition.settle()).text)
        recognition.close()
        sum.errors += errors
        sum.words += words
      }
      result.add({ ...unit, ...sum })
    }
  await whisper.close()
}

/** Sentences of the half that the rule was not tuned on, by voices that it was not tuned on. */
async function measureTurnEnds(): Promise<void> {
  const detector = await loadSilero({ modelPath: modelPaths(home, 'silero-vad').main, runtimeDir })
  const pico = await loadPico({ dir: modelPaths(home, 'svox-pico').directory })
  const names = ['Kore', 'Puck', 'Leda', 'Charon', 'Aoede', 'Fenrir']
  const speech: Float32Array[] = []
  for (const language of ['es', 'fr', 'it', 'de'])
    for (const [index, text] of halfOf(LANGUAGE_SETS[language]!.sentences, 'report').slice(0, 8).entries()) {
      const pieces: Float32Array[] = []
      for await (const piece of pico.speak(text, { language, name: names[index % names.length]! }, never))
        pieces.push(piece)
      const samples = resample(joinSamples(pieces), 24_000, HZ)
      // The pause after the sentence is no speech.
      speech.push(samples.subarray(0, samples.length - 0.25 * HZ))
    }
  const conditions: [Noise | 'clean', number | null][] = [['clean', null]]
  for (const kind of Object.keys(NOISES) as Noise[])
    for (const ratioDb of TURN_RATIOS_DB) conditions.push([kind, ratioDb])
  for (const [kind, ratioDb] of conditions) {
    const unit = { part: 'turn end', noise: kind, ratioDb } as const
    if (isDone(unit)) continue
    const afterMs: Record<'with' | 'without', (number | null)[]> = { with: [], without: [] }
    for (const [index, samples] of speech.entries()) {
      const tail = TAIL_SECONDS * HZ
      const input =
        kind === 'clean' || ratioDb === null
          ? joinSamples([new Float32Array(HZ), samples, new Float32Array(tail)])
          : mixed(samples, kind, ratioDb, 2_000 + index, HZ, tail)
      const detection = detector.open({ signal: never })
      detection.push(input)
      detection.finish()
      const scores: { probability: number; levelDb: number }[] = []
      for await (const { probability, startSample } of detection)
        scores.push({ probability, levelDb: toDbfs(rms(input.subarray(startSample, startSample + FRAME))) })
      const speechEndMs = ((HZ + samples.length) * 1000) / HZ
      afterMs.with.push(turnEnd(scores, speechEndMs, true))
      afterMs.without.push(turnEnd(scores, speechEndMs, false))
    }
    result.add({ ...unit, rule: false, afterMs: afterMs.without })
    result.add({ ...unit, rule: true, afterMs: afterMs.with })
  }
  await detector.close()
}

/** With 500 ms of silence, as the client would fix it: nothing but the detector decides. */
function turnEnd(
  scores: readonly { probability: number; levelDb: number }[],
  speechEndMs: number,
  rule: boolean,
): number | null {
  const settings = {
    ...floorSettings({ automatic: true, silenceDurationMs: 500 }),
    softEndMs: 32,
    leastMs: 0,
  }
  let floor: Floor = QUIET
  for (const [index, { probability, levelDb }] of scores.entries()) {
    const startMs = index * 32
    const score = { startMs, endMs: startMs + 32, probability, ...(rule && { levelDb }) }
    const [next, decision] = hearFrame(floor, settings, score)
    floor =
      decision.type === 'start'
        ? {
            phase: 'speaking',
            activity: 1,
            lastSpeechMs: score.endMs,
            nearMs: score.endMs,
            scoredMs: score.endMs,
            askedMs: score.endMs,
          }
        : next
    if (decision.type === 'end' && score.endMs > speechEndMs - 200)
      return Math.round(score.endMs - speechEndMs)
  }
  return null
}

function recognitionTable(): object[] {
  const rows = new Map<string, { noise: string; ratioDb: number | null; errors: Record<string, number[]> }>()
  for (const unit of result.units) {
    if (unit.part !== 'recognition') continue
    const key = `${unit.noise} ${unit.ratioDb}`
    const row = rows.get(key) ?? { noise: unit.noise, ratioDb: unit.ratioDb, errors: {} }
    const [errors = 0, words = 0] = row.errors[unit.suppressor] ?? []
    row.errors[unit.suppressor] = [errors + unit.errors, words + unit.words]
    rows.set(key, row)
  }
  return [...rows.values()].map(({ errors, ...row }) => ({
    ...row,
    wordErrorPercent: Object.fromEntries(
      Object.entries(errors).map(([name, [wrong = 0, words = 1]]) => [
        name,
        Math.round((1000 * wrong) / words) / 10,
      ]),
    ),
  }))
}

function turnEndTable(): object[] {
  return result.units.flatMap((unit) => {
    if (unit.part !== 'turn end') return []
    const { noise: kind, ratioDb, rule, afterMs } = unit
    const times = afterMs.map((ms) => ms ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b)
    const median = times[times.length >> 1]!
    return {
      noise: kind,
      ratioDb,
      rule,
      turns: times.length,
      heldOpen: times.filter((ms) => ms > 1_500).length,
      medianMs: Number.isFinite(median) ? median : null,
    }
  })
}
