/**
 * The word error rate of spoken answers against their own transcript, over 60 answers: 20 have a standard error of one point.
 *
 *   node --import tsx test/models/conversation/measure.ts [--tts auto,kokoro,pico] [--out bench/results/spoken-answers.json]
 */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openResult } from '../../../src/bench/result-file.js'
import { modelPaths, runtimePaths } from '../../../src/catalog/index.js'
import { loadWhisper } from '../../../src/engines/whisper/index.js'
import { startServer } from '../../sdk/server.js'
import { QUESTIONS, type SpokenAnswer, spokenAnswer } from './answers.js'

const { values } = parseArgs({
  options: {
    tts: { type: 'string', default: 'auto,kokoro,pico' },
    out: { type: 'string', default: 'bench/results/spoken-answers.json' },
  },
})
const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const voices = values.tts.split(',')

interface Unit extends SpokenAnswer {
  readonly tts: string
  readonly question: string
}

const result = openResult<Unit>(resolve(values.out), 'spoken-answers', {
  voices,
  questions: QUESTIONS.length,
})
const runtimeDir = runtimePaths(home, 'onnxruntime-node').directory
const ears = await loadWhisper({ dir: modelPaths(home, 'whisper-base').directory, runtimeDir, threads: 1 })
for (const tts of voices) {
  const done = result.units.filter((unit) => unit.tts === tts).length
  if (done === QUESTIONS.length) continue
  const server = await startServer({
    home,
    arguments: ['--tts', tts, '--log-level', 'error'],
    readyWithinMs: 300_000,
  })
  for (const question of QUESTIONS.slice(done))
    result.add({ tts, question, ...(await spokenAnswer(server.url, question, ears)) })
  await server.stop()
}
await ears.close()

const percent = (units: readonly Unit[]) => {
  const words = units.reduce((sum, unit) => sum + unit.words, 0)
  return {
    words,
    percent: Number(((100 * units.reduce((sum, unit) => sum + unit.errors, 0)) / words).toFixed(1)),
  }
}
const rows = voices.map((tts) => {
  const units = result.units.filter((unit) => unit.tts === tts)
  return {
    tts,
    ...percent(units),
    twenties: [0, 20, 40].map((at) => percent(units.slice(at, at + 20)).percent),
  }
})
console.table(rows)
result.finish(voices.length > 0, { rows })
process.exit(0)
