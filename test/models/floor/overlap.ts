/**
 * What stops the model and what does not, on virtual time: every sound of a frozen set over an answer that plays, with the real
 * speech detector, recogniser and speaker encoder. Prints what was understood at each moment, and a table; `--out` keeps it.
 *
 *   node --import tsx test/models/floor/overlap.ts [--half tune|report] [--set v1|over-1|over-2|over-3|over-4|over-5|over-6|over-7|over-8|over-9|over-10|over-11|over-12] [--kinds barge-in,tv] [--cases 5]
 *     [--sounds FOLDER]  the set, or a half of it, where it is not in the home
 *     [--recorded FOLDER]  recorded speech with transcripts.tsv as well: as barge-ins, and on a television in a made-up room
 *     [--gain-db=-6]  over the answer the user speaks softer
 *     [--echo-db=-12]  the microphone hears the model as well
 *     [--no-voices]  voices are not compared
 *     [--no-sayings]  the recogniser is not told what is likely to be said
 */
import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import { hasFirstWords } from '../../../src/bench/interruption.js'
import { describeCommit, describeMachine } from '../../../src/bench/machine.js'
import { television } from '../../../src/bench/noises.js'
import { summarize } from '../../../src/bench/percentiles.js'
import { createRandom } from '../../../src/bench/random.js'
import { aligned } from '../../../src/bench/report.js'
import { openSoundSet, type Sound, type SoundEntry } from '../../../src/bench/sound-files.js'
import { SOUND_SET_VERSION } from '../../../src/bench/sound-list.js'
import { modelPaths, runtimePaths } from '../../../src/catalog/index.js'
import { recordingsIn } from '../../../src/cli/bench-sounds.js'
import { loadGe2e } from '../../../src/engines/ge2e/index.js'
import { loadSilero } from '../../../src/engines/silero/index.js'
import { loadWhisper } from '../../../src/engines/whisper/index.js'
import { type Clause, type Outcome, playScene, type Scene } from './scene.js'

const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const KINDS = ['barge-in', 'backchannel', 'cough', 'keyboard', 'noise', 'music', 'babble', 'tv'] as const
const ECHO_DB = [-20, -16, -12, -9, -6]
const RECORDED_TELEVISIONS = 6
const { values } = parseArgs({
  allowNegative: true,
  options: {
    half: { type: 'string', default: 'tune' },
    set: { type: 'string', default: SOUND_SET_VERSION },
    kinds: { type: 'string', default: [...KINDS, 'echo'].join(',') },
    cases: { type: 'string' },
    recorded: { type: 'string' },
    'gain-db': { type: 'string', default: '0' },
    'echo-db': { type: 'string' },
    'recognition-ms': { type: 'string', default: '220' },
    voices: { type: 'boolean', default: true },
    sayings: { type: 'boolean', default: true },
    sounds: { type: 'string' },
    out: { type: 'string' },
  },
})
const beganMs = performance.now()
const commit = describeCommit()
const half = values.half === 'report' ? 'report' : 'tune'
const most = values.cases === undefined ? undefined : Number(values.cases)
const runtimeDir = runtimePaths(home, 'onnxruntime-node').directory
const added = values.recorded === undefined ? [] : recordingsIn(values.recorded)
const set = openSoundSet(values.sounds ?? join(home, 'bench-sounds', values.set), added)
const detector = await loadSilero({ modelPath: modelPaths(home, 'silero-vad').main, runtimeDir })
const recognizer = await loadWhisper({ dir: modelPaths(home, 'whisper-base').directory, runtimeDir })
const encoder = values.voices
  ? await loadGe2e({ modelPath: modelPaths(home, 'ge2e-speaker').main, runtimeDir })
  : undefined
const ears = {
  detector,
  recognizer,
  encoder,
  recognitionMs: Number(values['recognition-ms']),
  sayings: values.sayings,
}

const languageOf = ({ language = 'en' }: SoundEntry) => language
const questions = set.ofKind('finished', half)
/** Speech of the set whose words are known stands for the model's. */
const clauses = set
  .ofKind('continuation', half)
  // Of the first set one voice of each sentence; to a question of the model "yes" is an answer.
  .filter(
    ({ entry }, index) => values.set !== SOUND_SET_VERSION || (index % 2 === 0 && !entry.text?.includes('?')),
  )

interface Case {
  readonly kind: SoundEntry['kind'] | 'echo'
  readonly id: string
  readonly real: boolean
  readonly language: string
  readonly scene: Omit<Scene, 'question'>
  /** Those that may be asked before; the first that is understood is. */
  readonly questions: readonly Float32Array[]
  readonly text?: string
}
/** Asked in the voice that then speaks over the answer, where that has asked something. */
function sceneOf(index: number, language: string): Pick<Scene, 'answer' | 'language'> {
  const answer = clauses
    .filter(({ entry }) => languageOf(entry) === language)
    .map(({ samples, entry }): Clause => ({ samples, text: entry.text ?? '' }))
  const at = (index * 5) % answer.length
  return { answer: [...answer.slice(at), ...answer.slice(0, at)], language }
}
/** A recording may be too short or too faint to be answered. */
function questionsOf(index: number, language: string, own: readonly Sound[]): Float32Array[] {
  const spoken = questions.filter(({ entry }) => languageOf(entry) === language)
  return [own, spoken].flatMap((list) =>
    list.map((_, offset) => list[(index + offset) % list.length]!.samples),
  )
}
/** Recordings of one speaker have names alike up to the digits behind them: another of these is the question. */
const speakerOf = (file: string) => basename(file).replace(/_?\d*\.wav$/, '')
const recordings = set.ofKind('barge-in', 'report').filter(({ entry }) => entry.real)
const ownQuestions = ({ entry }: Sound) =>
  entry.real
    ? recordings.filter(
        (other) => other.entry.file !== entry.file && speakerOf(other.entry.file) === speakerOf(entry.file),
      )
    : questions.filter((question) => entry.voice !== undefined && question.entry.voice === entry.voice)
const echo = values['echo-db'] === undefined ? {} : { echoDb: Number(values['echo-db']) }
const caseOf = (sound: Sound, index: number): Case => {
  const { name, entry, samples, onsetMs } = sound
  const language = languageOf(entry)
  return {
    kind: entry.kind,
    id: basename(name),
    real: entry.real,
    language,
    ...(entry.text === undefined ? {} : { text: entry.text }),
    questions: questionsOf(index, language, ownQuestions(sound)),
    scene: {
      ...sceneOf(index, language),
      sound: samples,
      onsetMs,
      gainDb: Number(values['gain-db']),
      ...echo,
    },
  }
}
const kinds = values.kinds.split(',')
const cases: Case[] = KINDS.filter((kind) => kinds.includes(kind)).flatMap((kind) =>
  [
    ...set
      .ofKind(kind, half)
      .filter(({ entry }) => !entry.real)
      .slice(0, most),
    ...(kind === 'barge-in' ? recordings : []),
  ].map(caseOf),
)
if (kinds.includes('tv') && recordings.length > 0)
  for (let index = 0; index < RECORDED_TELEVISIONS; index++) {
    const speech = recordings.map(({ samples }) => samples)
    const sound = television(createRandom(2_900 + index), speech)
    cases.push({
      kind: 'tv',
      id: `recorded speech in a made-up room ${index + 1}`,
      real: true,
      language: 'en',
      questions: questionsOf(index, 'en', []),
      scene: { ...sceneOf(index, 'en'), sound, onsetMs: 0, ...echo },
    })
  }
if (kinds.includes('echo'))
  for (const language of new Set(clauses.map(({ entry }) => languageOf(entry))))
    for (const [index, echoDb] of [...ECHO_DB, ...(language === 'en' ? ECHO_DB : [])].entries())
      cases.push({
        kind: 'echo',
        id: `echo ${language} ${index + 1}, ${echoDb} dB`,
        real: false,
        language,
        questions: questionsOf(index, language, []),
        scene: { ...sceneOf(index, language), echoDb },
      })

type Unit = Omit<Case, 'scene' | 'questions'> & Outcome & { readonly firstWordsKept?: boolean }
const units: Unit[] = []
async function played({ id, scene, questions }: Case): Promise<Outcome> {
  for (const question of questions) {
    const outcome = await playScene({ ...scene, question }, ears)
    if (outcome) return outcome
  }
  throw new Error(`${id}: no question before it was answered`)
}
for (const each of cases) {
  const { scene: _, questions: __, ...one } = each
  const outcome = await played(each)
  const { text = '' } = one
  const { interrupted, transcript, heard } = outcome
  const kept = one.kind === 'barge-in' && {
    firstWordsKept: interrupted && hasFirstWords(transcript ?? heard.at(-1) ?? '', text),
  }
  units.push({ ...one, ...outcome, ...kept })
  const what = outcome.interrupted ? `STOPPED after ${Math.round(outcome.toldMs ?? 0)} ms` : 'went on'
  const paused = outcome.pauses > 0 ? `, paused ${outcome.pauses} × ${Math.round(outcome.pausedMs)} ms` : ''
  const level = outcome.louderDb === undefined ? '' : ` ${Math.round(outcome.louderDb)} dB`
  console.log(
    `${one.id} ${JSON.stringify(text)}${level}: ${what}${paused}; ${outcome.heard.join(' | ')}; ${outcome.alike.join(' | ')}`,
  )
}
await Promise.all([detector.close(), recognizer.close(), encoder?.close()])

const rounded = (samples: readonly number[]) => {
  const summary = summarize(samples)
  return (
    summary && Object.fromEntries(Object.entries(summary).map(([name, value]) => [name, Math.round(value)]))
  )
}
const rows = [...new Set(units.map(({ kind, real, language }) => `${kind} ${real} ${language}`))].map(
  (key) => {
    const own = units.filter(({ kind, real, language }) => `${kind} ${real} ${language}` === key)
    const stopped = own.filter(({ interrupted }) => interrupted)
    const gaps = own.map(({ gapsMs }) => gapsMs.reduce((sum, ms) => sum + ms, 0)).filter((ms) => ms > 0)
    const { kind, real, language } = own[0]!
    return {
      kind,
      real,
      language,
      cases: own.length,
      noticed: own.filter(({ pauses }) => pauses > 0).length,
      stopped: stopped.length,
      ...(kind === 'barge-in' && {
        firstWordsKept: own.filter(({ firstWordsKept }) => firstWordsKept).length,
      }),
      toldMs: rounded(stopped.map(({ toldMs = 0 }) => toldMs)),
      silenceMs: rounded(stopped.map(({ silenceMs = 0 }) => silenceMs)),
      rejectedWithGap: gaps.length,
      gapMs: rounded(gaps),
    }
  },
)
const removed = (real: boolean) => {
  const noticed = units.filter((unit) => unit.kind !== 'barge-in' && unit.real === real && unit.pauses > 0)
  const stopped = noticed.filter(({ interrupted }) => interrupted).length
  return {
    noticed: noticed.length,
    stopped,
    removed: noticed.length > 0 ? 1 - stopped / noticed.length : undefined,
  }
}
const result = { falseInterruptions: { synthetic: removed(false), recorded: removed(true) }, rows }
const cell = (value: unknown) => String(value ?? '')
console.log(
  aligned([
    [
      'sound',
      'recorded',
      '',
      'cases',
      'noticed',
      'stopped',
      'first words',
      'told P50',
      'P95',
      'with gap',
      'gap P50',
      'longest',
    ],
    ...rows.map((row) =>
      [
        ...[
          row.kind,
          row.real ? 'yes' : '',
          row.language,
          row.cases,
          row.noticed,
          row.stopped,
          row.firstWordsKept,
        ],
        ...[row.toldMs?.p50, row.toldMs?.p95, row.rejectedWithGap, row.gapMs?.p50, row.gapMs?.max],
      ].map(cell),
    ),
  ]),
)
console.log(JSON.stringify(result.falseInterruptions))
if (values.out !== undefined) {
  const { out: _, recorded, sounds, ...others } = values
  const configuration = {
    ...others,
    ...(recorded !== undefined && { recorded: basename(recorded) }),
    ...(sounds !== undefined && { sounds: basename(sounds) }),
  }
  const minutes = Math.round((performance.now() - beganMs) / 600) / 100
  const head = {
    benchmark: 'overlap',
    measuredAt: new Date().toISOString(),
    minutes,
    commit,
    machine: describeMachine(),
  }
  writeFileSync(values.out, `${JSON.stringify({ ...head, configuration, result, units }, null, 2)}\n`)
}
