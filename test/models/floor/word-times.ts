/**
 * How well the core knows which word is played when: what stands in the history after an interruption depends on it. Sentences of frozen sets are cut
 * into clauses and spoken as the server does it; where each word begins is estimated (`wordTimes`), and found by a recogniser: the shortest beginning of
 * the clause in which the word before is heard, and the latest start from which the word itself is. Half-way between the two is its place.
 *
 *   node --import tsx test/models/floor/word-times.ts [--voice piper|kokoro|pico] [--language en|es] [--clauses 40] [--out FILE]
 */
import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { joinSamples, resample } from '../../../src/audio/index.js'
import { describeCommit, describeMachine } from '../../../src/bench/machine.js'
import { summarize } from '../../../src/bench/percentiles.js'
import { SOUND_SETS } from '../../../src/bench/sound-sets.js'
import { modelPaths, runtimePaths } from '../../../src/catalog/index.js'
import { wordsOf } from '../../../src/catalog/self-test.js'
import { wordTimes } from '../../../src/core/playout.js'
import { SPEECH_OUTPUT_HZ, type Synthesizer } from '../../../src/engine/index.js'
import { loadKokoro } from '../../../src/engines/kokoro/index.js'
import { loadPico } from '../../../src/engines/pico/index.js'
import { loadPiper } from '../../../src/engines/piper/index.js'
import { loadWhisper } from '../../../src/engines/whisper/index.js'
import { createClauseText } from '../../../src/runtime/clauses.js'

/** A word is looked for so far from where it is thought to be. */
const WITHIN_MS = 800
const STEP_MS = 20
const HEARD_HZ = 16_000
/** Where the two views of the recogniser are further apart, it does not know where the word is. */
const MOST_BETWEEN_MS = 300
const AT_EASE = { most: 220, urgent: false }
const NAMES = ['Puck', 'Aoede', 'Charon', 'Kore', 'Fenrir', 'Leda']

const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const { values } = parseArgs({
  options: {
    voice: { type: 'string', default: 'piper' },
    language: { type: 'string', default: 'en' },
    clauses: { type: 'string', default: '40' },
    out: { type: 'string' },
  },
})
const beganMs = performance.now()
const { voice, language } = values
const runtimeDir = runtimePaths(home, 'onnxruntime-node').directory
const recognizer = await loadWhisper({ dir: modelPaths(home, 'whisper-base').directory, runtimeDir })
const synthesizer = await openVoice()
const never = new AbortController().signal

const units: Measured[] = []
let unheard = 0
let measuredClauses = 0
for (const { clause, name } of clausesToSpeak()) {
  if (measuredClauses >= Number(values.clauses)) break
  const samples = await spoken(clause, name)
  const found = await placesOf(clause, samples)
  if (found === undefined) {
    unheard++
    continue
  }
  measuredClauses++
  units.push(...found)
  console.log(
    `${clause} | ${found.map(({ word, errorMs }) => `${word} ${errorMs === undefined ? '?' : Math.round(errorMs)}`).join(', ')}`,
  )
}

const errors = units.flatMap(({ errorMs }) => (errorMs === undefined ? [] : [errorMs]))
const result = {
  clauses: measuredClauses,
  /** Not heard as they were written: nothing can be found in them. */
  clausesUnheard: unheard,
  words: errors.length,
  wordsWithoutPlace: units.length - errors.length,
  /** Estimated too early, or too late. */
  errorMs: summarize(errors.map(Math.abs)),
  /** Below 0: estimated too early. */
  signedMs: summarize(errors),
  betweenViewsMs: summarize(units.map(({ betweenMs }) => Math.abs(betweenMs))),
}
console.log(JSON.stringify(result, undefined, 1))
if (values.out !== undefined) {
  const { out: _, ...configuration } = values
  const minutes = Math.round((performance.now() - beganMs) / 600) / 100
  const head = {
    benchmark: 'word-times',
    measuredAt: new Date().toISOString(),
    minutes,
    commit: describeCommit(),
    machine: describeMachine(),
  }
  writeFileSync(values.out, `${JSON.stringify({ ...head, configuration, result, units }, null, 2)}\n`)
}
await Promise.all([recognizer.close(), synthesizer.close()])

interface Measured {
  readonly clause: string
  readonly word: string
  /** Estimated minus found; absent where the recogniser does not know. */
  readonly errorMs?: number
  /** What the recogniser's two views are apart. */
  readonly betweenMs: number
}

async function openVoice(): Promise<Synthesizer & { close(): Promise<void> }> {
  const threads = 1
  if (voice === 'pico') return loadPico({ dir: modelPaths(home, 'svox-pico').directory })
  if (voice === 'kokoro') {
    const { main, file } = modelPaths(home, 'kokoro-82m')
    return loadKokoro({ modelPath: main, voicesDir: file('voices'), runtimeDir, threads })
  }
  const { main } = modelPaths(home, 'piper-joe')
  return loadPiper({ modelPath: main, configPath: `${main}.json`, runtimeDir, threads })
}

/** What stands for the model's speech in the sets, each sentence once, as the server cuts it; of single words nothing is asked. */
function* clausesToSpeak(): Generator<{ clause: string; name: string }> {
  const sentences = Object.values(SOUND_SETS)
    .flat()
    .flatMap((sound) =>
      'text' in sound && sound.kind === 'continuation' && (sound.language ?? 'en') === language
        ? [sound.text]
        : [],
    )
  let count = 0
  for (const sentence of new Set(sentences)) {
    // Numbers are written in another way than they are heard.
    if (sentence === undefined || /\d/.test(sentence)) continue
    const text = createClauseText()
    text.push(sentence)
    text.end()
    for (let clause = text.take(AT_EASE); clause !== undefined; clause = text.take(AT_EASE))
      if (wordsOf(clause).length > 1) yield { clause, name: NAMES[count++ % NAMES.length]! }
  }
}

async function spoken(clause: string, name: string): Promise<Float32Array> {
  const pieces: Float32Array[] = []
  for await (const piece of synthesizer.speak(clause, { name, language }, never)) pieces.push(piece)
  return resample(joinSamples(pieces), SPEECH_OUTPUT_HZ, HEARD_HZ)
}

/** Of each word but the first; undefined where the clause is not heard as it is written. */
async function placesOf(clause: string, samples: Float32Array): Promise<Measured[] | undefined> {
  const words = wordsOf(clause)
  const atMs = (ms: number) => (ms * HEARD_HZ) / 1000
  const lengthMs = (samples.length / HEARD_HZ) * 1000
  const estimates = wordTimes(clause, lengthMs)
  if (estimates.length !== words.length) return undefined
  if ((await heard(samples)).join(' ') !== words.join(' ')) return undefined
  const found: Measured[] = []
  for (const [index, word] of words.entries()) {
    if (index === 0) continue
    const estimate = estimates[index]!.startMs
    const from = Math.max(0, estimate - WITHIN_MS)
    const to = Math.min(lengthMs, estimate + WITHIN_MS)
    const [before, rest] = [words[index - 1], words.length - index]
    const endOfBefore = await first(
      from,
      to,
      async (ms) => (await heard(samples.subarray(0, atMs(ms))))[index - 1] === before,
    )
    const start = await first(
      from,
      to,
      async (ms) => (await heard(samples.subarray(atMs(ms)))).at(-rest) !== word,
    )
    const betweenMs = start - endOfBefore
    const isKnown = Math.abs(betweenMs) <= MOST_BETWEEN_MS
    found.push({ clause, word, betweenMs, ...(isKnown && { errorMs: estimate - (start + endOfBefore) / 2 }) })
  }
  return found
}

/** Where something begins to hold, by halving; `to` where it never does. */
async function first(from: number, to: number, holds: (ms: number) => Promise<boolean>): Promise<number> {
  let [low, high] = [from, to]
  while (high - low > STEP_MS) {
    const middle = Math.round((low + high) / 2)
    if (await holds(middle)) high = middle
    else low = middle
  }
  return high
}

async function heard(samples: Float32Array): Promise<string[]> {
  const recognition = recognizer.open({ language, signal: never })
  recognition.push(samples)
  const { text } = await recognition.settle()
  recognition.close()
  return wordsOf(text)
}
