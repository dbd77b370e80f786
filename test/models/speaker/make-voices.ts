/**
 * Writes one WAV file for each sentence and voice (Kokoro's English and Spanish voices, the light voices of Piper and Pico) into a folder:
 * `node --import tsx test/models/speaker/make-voices.ts FOLDER`. No two files have the same words; what is there already stays. 6 minutes on 2 cores.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { joinSamples, resample, writeWav } from '../../../src/audio/index.js'
import type { Synthesizer } from '../../../src/engine/index.js'
import { loadKokoro } from '../../../src/engines/kokoro/index.js'
import { loadPico } from '../../../src/engines/pico/index.js'
import { loadPiper } from '../../../src/engines/piper/index.js'

/** Two halves and something more make 4 s and longer; which ones a voice says differs from voice to voice. */
const ENGLISH = [
  'The train to the coast leaves from platform four at nine o’clock',
  'my neighbour painted the front door of her house this morning',
  'there is a letter from the school lying on the kitchen table',
  'they moved the weekly meeting to the big room on the second floor',
  'the children are playing in the garden with the old brown dog',
  'we will need two more chairs and a lamp for Friday evening',
  'she asked me about the order that came in late last week',
  'I have been talking to my brother about selling the boat',
]
const SPANISH = [
  'El tren de la costa sale a las nueve desde el andén cuatro',
  'mi vecina ha pintado esta mañana la puerta de su casa',
  'hay una carta del colegio encima de la mesa de la cocina',
  'han pasado la reunión a la sala grande del segundo piso',
  'los niños están jugando en el jardín con el perro viejo',
  'nos harán falta dos sillas más para la noche del viernes',
]
const SAYINGS = 3

const [folder = ''] = process.argv.slice(2)
if (folder === '') throw new Error('Give a folder.')
mkdirSync(folder, { recursive: true })
const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const models = (...path: string[]) => join(home, 'models', ...path)
const runtimeDir = join(
  home,
  'runtimes',
  readdirSync(join(home, 'runtimes')).find((name) => name.startsWith('onnxruntime-node'))!,
)
const voicesDir = models('kokoro-82m', 'voices')
const kokoro = await loadKokoro({
  modelPath: models('kokoro-82m', 'kokoro.fp32.onnx'),
  voicesDir,
  runtimeDir,
  threads: 2,
})
const joe = models('piper-joe', 'en_US-joe-medium.onnx')
const piper = await loadPiper({ modelPath: joe, configPath: `${joe}.json`, runtimeDir, threads: 2 })
const pico = await loadPico({ dir: models('svox-pico') })

interface Voice {
  readonly engine: Synthesizer
  readonly name: string
  readonly language: 'en' | 'es'
}
const voices: readonly Voice[] = [
  ...readdirSync(voicesDir)
    .map((file) => file.replace('.bin', ''))
    .filter((name) => /^[abe]/.test(name))
    .map((name): Voice => ({ engine: kokoro, name, language: name.startsWith('e') ? 'es' : 'en' })),
  { engine: piper, name: 'piper', language: 'en' },
  { engine: pico, name: 'pico', language: 'es' },
]

for (const [place, { engine, name, language }] of voices.entries()) {
  const clauses = language === 'en' ? ENGLISH : SPANISH
  for (let saying = 0; saying < SAYINGS; saying++) {
    const path = join(folder, `${name}_${saying + 1}.wav`)
    if (existsSync(path)) continue
    const clause = (index: number) => clauses[(place + 2 * saying + index) % clauses.length]!
    const text = `${clause(0)}, ${clause(1)}.`
    const pieces: Float32Array[] = []
    const options = { language, ...(engine === kokoro && { name }) }
    for await (const piece of engine.speak(text, options, new AbortController().signal)) pieces.push(piece)
    writeFileSync(path, writeWav(resample(joinSamples(pieces), 24_000, 16_000), 16_000))
  }
  console.log(`${place + 1} of ${voices.length}: ${name}`)
}
process.exit(0)
