/**
 * What stops the model and what does not, on virtual time: every sound of the benches' frozen set over an answer that plays, with the real
 * speech detector and recogniser. Prints what was understood at each moment, and a table.
 *
 *   node --import tsx test/models/floor/overlap.ts [--half tune|report] [--kinds barge-in,tv] [--cases 5] [--sounds FOLDER]
 *     [--gain-db=-6]  over the answer the user speaks softer
 *     [--echo-db=-12]  the microphone hears the model as well
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { hasFirstWords } from '../../../src/bench/interruption.js'
import { aligned } from '../../../src/bench/report.js'
import { openSoundSet, type Sound, type SoundEntry } from '../../../src/bench/sound-files.js'
import { SOUND_SET_VERSION } from '../../../src/bench/sound-list.js'
import { modelPaths, runtimePaths } from '../../../src/catalog/index.js'
import { loadSilero } from '../../../src/engines/silero/index.js'
import { loadWhisper } from '../../../src/engines/whisper/index.js'
import { type Clause, type Outcome, playScene, type Scene } from './scene.js'

const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const KINDS = ['barge-in', 'backchannel', 'cough', 'keyboard', 'noise', 'music', 'babble', 'tv'] as const
const ECHO_DB = [-20, -16, -12, -9, -6]
const { values } = parseArgs({
  options: {
    half: { type: 'string', default: 'tune' },
    kinds: { type: 'string', default: [...KINDS, 'echo'].join(',') },
    cases: { type: 'string' },
    'gain-db': { type: 'string', default: '0' },
    'echo-db': { type: 'string' },
    'recognition-ms': { type: 'string', default: '220' },
    sounds: { type: 'string', default: join(home, 'bench-sounds', SOUND_SET_VERSION) },
  },
})
const half = values.half === 'report' ? 'report' : 'tune'
const runtimeDir = runtimePaths(home, 'onnxruntime-node').directory
const set = openSoundSet(values.sounds)
const detector = await loadSilero({ modelPath: modelPaths(home, 'silero-vad').main, runtimeDir })
const recognizer = await loadWhisper({ dir: modelPaths(home, 'whisper-base').directory, runtimeDir })
const ears = { detector, recognizer, recognitionMs: Number(values['recognition-ms']) }

const questions = set.ofKind('finished', half)
/** Speech of the set whose words are known stands for the model's. */
const clauses: Clause[] = set
  .ofKind('continuation', half)
  .filter((_, index) => index % 2 === 0)
  // To a question of the model "yes" is an answer.
  .filter(({ entry }) => !entry.text?.includes('?'))
  .map(({ samples, entry }) => ({ samples, text: entry.text ?? '' }))

interface Case {
  readonly kind: SoundEntry['kind'] | 'echo'
  readonly id: string
  readonly scene: Scene
  readonly text?: string
}
const sceneOf = (index: number, voice?: string): Pick<Scene, 'question' | 'answer'> => {
  const own = questions.filter(({ entry }) => entry.voice === voice)
  const from = own.length > 0 ? own : questions
  const at = (index * 5) % clauses.length
  return {
    question: from[index % from.length]!.samples,
    answer: [...clauses.slice(at), ...clauses.slice(0, at)],
  }
}
const echo = values['echo-db'] === undefined ? {} : { echoDb: Number(values['echo-db']) }
const caseOf = ({ name, entry, samples, onsetMs }: Sound, index: number): Case => ({
  kind: entry.kind,
  id: name,
  ...(entry.text === undefined ? {} : { text: entry.text }),
  scene: {
    ...sceneOf(index, entry.voice),
    sound: samples,
    onsetMs,
    gainDb: Number(values['gain-db']),
    ...echo,
  },
})
const kinds = values.kinds.split(',')
const cases: Case[] = KINDS.filter((kind) => kinds.includes(kind)).flatMap((kind) =>
  set
    .ofKind(kind, half)
    .slice(0, values.cases === undefined ? undefined : Number(values.cases))
    .map(caseOf),
)
if (kinds.includes('echo'))
  for (const [index, echoDb] of [...ECHO_DB, ...ECHO_DB].entries())
    cases.push({ kind: 'echo', id: `echo ${echoDb} dB`, scene: { ...sceneOf(index), echoDb } })

const outcomes: (Case & Outcome)[] = []
for (const one of cases) {
  const outcome = await playScene(one.scene, ears)
  outcomes.push({ ...one, ...outcome })
  const what = outcome.interrupted ? `STOPPED after ${Math.round(outcome.toldMs ?? 0)} ms` : 'went on'
  const paused = outcome.pauses > 0 ? `, paused ${outcome.pauses} × ${Math.round(outcome.pausedMs)} ms` : ''
  console.log(`${one.id} ${JSON.stringify(one.text ?? '')}: ${what}${paused}; ${outcome.heard.join(' | ')}`)
}
await Promise.all([detector.close(), recognizer.close()])

const rows = [...new Set(outcomes.map(({ kind }) => kind))].map((kind) => {
  const own = outcomes.filter((each) => each.kind === kind)
  const stopped = own.filter(({ interrupted }) => interrupted)
  const kept = stopped.filter(({ transcript, heard, text }) =>
    hasFirstWords(transcript ?? heard.at(-1) ?? '', text ?? ''),
  )
  return [
    kind,
    String(own.length),
    String(own.filter(({ pauses }) => pauses > 0).length),
    String(stopped.length),
    kind === 'barge-in' ? String(kept.length) : '',
    String(own.filter(({ interrupted, pausedMs }) => !interrupted && pausedMs > 240).length),
  ]
})
console.log(aligned([['sound', 'cases', 'paused', 'stopped', 'first words', 'rejected with a gap'], ...rows]))
const sounds = outcomes.filter(({ kind }) => kind !== 'barge-in')
const noticed = sounds.filter(({ pauses }) => pauses > 0).length
const stopped = sounds.filter(({ interrupted }) => interrupted).length
if (noticed > 0)
  console.log(`false interruptions removed: ${Math.round(100 * (1 - stopped / noticed))} % of ${noticed}`)
