/** `vivavoce bench interruption` and `endpointing`: who has the floor, measured on the frozen sound set. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import {
  aligned,
  type EndpointingCase,
  type EndpointingUnit,
  endpointingRows,
  type GrowingResult,
  type Half,
  type InterruptionCase,
  type InterruptionUnit,
  interruptionRows,
  LONG_ANSWERS,
  measureEndpointing,
  measureInterruption,
  openResult,
  openSoundSet,
  removedShare,
  SOUND_SETS,
  type SoundSet,
  type Summary,
  serverFacts,
  shuffled,
} from '../bench/index.js'
import {
  addServerFlags,
  configurationOf,
  namesOf,
  resultPath,
  runBench,
  type ServerFlags,
  wholeNumber,
  wholeNumbers,
  withServer,
} from './bench-common.js'
import { ensureSoundSet, recordingsIn } from './bench-sounds.js'
import { openHome } from './home.js'
import { addOwnServerFlags, type OwnServerFlags, ownConfig } from './own-server.js'

interface TurnFlags extends ServerFlags {
  readonly half: Half
  readonly cases?: number
  readonly seed: number
  readonly sounds?: string
  readonly recordings?: string
}
interface InterruptionFlags extends TurnFlags {
  readonly kinds?: readonly (typeof KINDS)[number][]
}
interface EndpointingFlags extends TurnFlags {
  readonly pausesMs: readonly number[]
}

const SOUND_KINDS = ['backchannel', 'cough', 'keyboard', 'noise', 'music', 'babble', 'tv'] as const
const KINDS = ['barge-in', ...SOUND_KINDS, 'echo'] as const
const ECHO_DB = [-20, -16, -12, -9, -6]

export function registerTurnBenches(bench: Command): void {
  addTurnFlags(
    bench
      .command('interruption')
      .description('Onset of words → silence at a client, and what coughs, noises, assent and echo do.'),
    'interruption',
  )
    .option(
      '--kinds <names>',
      `kinds of sound, separated by commas: ${KINDS.join(', ')} (default: all)`,
      namesOf(KINDS),
    )
    .action((flags: InterruptionFlags) => runBench((signal) => interruption(flags, signal)))
  addTurnFlags(
    bench
      .command('endpointing')
      .description(
        'Turns falsely ended at pauses within sentences, beside the wait after turns that are over.',
      ),
    'endpointing',
  )
    .option(
      '--pauses-ms <numbers>',
      'pauses in mid-sentence, separated by commas',
      wholeNumbers,
      [1_000, 2_000, 3_000],
    )
    .action((flags: EndpointingFlags) => runBench((signal) => endpointing(flags, signal)))
  addOwnServerFlags(
    bench
      .command('sounds')
      .description(
        'Make the sounds that interruption and endpointing use (minutes, once), and print their folder.',
      ),
  )
    .option(
      '--set <version>',
      `another set than theirs; over-: what is said over the model, pauses-: turns with pauses (${Object.keys(SOUND_SETS).join(', ')})`,
    )
    .option('--half <name>', 'only that half of it, in a folder of its own', halfName)
    .action((flags: OwnServerFlags & { readonly set?: string; readonly half?: Half }) =>
      runBench(async (signal) => {
        process.stdout.write(`${await soundFolder(flags, signal, flags.set, flags.half)}\n`)
      }),
    )
}

function addTurnFlags(command: Command, name: string): Command {
  return addServerFlags(command)
    .option('--half <name>', 'half of the sounds: report, or tune for tuning', halfName, 'report')
    .option('--cases <number>', 'so many of each kind at most', wholeNumber)
    .option('--seed <number>', 'seed of the order and the moments', wholeNumber, 1)
    .option('--sounds <folder>', 'a folder of sounds with manifest.json (default: made once, in the home)')
    .option('--recordings <folder>', 'real speech with transcripts.tsv (file, text, source), in addition')
    .option('--out <file>', `result file (default: bench/results/${name}.json)`)
}

async function soundFolder(
  flags: OwnServerFlags & { readonly sounds?: string },
  signal: AbortSignal,
  set?: string,
  half?: Half,
): Promise<string> {
  if (flags.sounds !== undefined) {
    if (existsSync(join(flags.sounds, 'manifest.json'))) return flags.sounds
    throw new Error(
      `--sounds: there is no manifest.json in ${flags.sounds}; \`vivavoce bench sounds\` makes the product's own set`,
    )
  }
  const config = ownConfig(flags)
  openHome(config.home)
  const say = (sentence: string) => void process.stderr.write(`${sentence}\n`)
  return ensureSoundSet({ config, signal, say }, set, half)
}

async function openSounds(flags: TurnFlags, signal: AbortSignal): Promise<SoundSet> {
  const added = flags.recordings === undefined ? [] : recordingsIn(flags.recordings)
  return openSoundSet(await soundFolder(flags, signal), added)
}

async function interruption(given: InterruptionFlags, signal: AbortSignal): Promise<void> {
  const flags = { ...given, system: given.system ?? LONG_ANSWERS }
  const sounds = await openSounds(flags, signal)
  const kinds = new Set(flags.kinds ?? KINDS)
  const speech = (['barge-in', ...SOUND_KINDS] as const)
    .filter((kind) => kinds.has(kind))
    .flatMap((kind) => fewest(sounds.ofKind(kind, flags.half), flags))
  const questions = sounds.ofKind('finished', flags.half).filter(({ entry }) => entry.text?.endsWith('?'))
  const asked = (index: number, voice?: string) => {
    const own = questions.filter(({ entry }) => entry.voice === voice)
    const among = own.length > 0 ? own : questions
    return among[index % among.length]!
  }
  const cases: InterruptionCase[] = speech.map((sound, index) => ({
    id: sound.name,
    kind: sound.entry.kind,
    real: sound.entry.real,
    question: asked(index, sound.entry.voice),
    sound,
  }))
  if (kinds.has('echo')) {
    for (const [index, echoDb] of ECHO_DB.entries())
      cases.push({ id: `echo ${echoDb} dB`, kind: 'echo', real: false, question: asked(index), echoDb })
  }
  requireCases(cases)
  await withServer(flags, signal, async (connect) => {
    const file = openFile<InterruptionUnit>(flags, 'interruption', sounds.version)
    await each(shuffled(cases, flags.seed), file, signal, async (one, index) => {
      const facts = serverFacts(connect.url, connect.apiKey)
      const unit = await measureInterruption(one, index, { connect, facts, seed: flags.seed, signal })
      const what =
        unit.problem ?? (unit.interrupted ? `silent after ${Math.round(unit.silenceMs ?? 0)} ms` : 'went on')
      return { unit, what }
    })
    const rows = interruptionRows(file.units)
    const removed = removedShare(rows)
    process.stdout.write(`${interruptionTable(rows)}\n`)
    if (removed !== undefined) {
      process.stdout.write(
        `false interruptions removed, of those that voice activity alone would have made: ${Math.round(removed * 100)} %\n`,
      )
    }
    finish(flags, 'interruption', file, cases.length, { rows, removed })
  })
}

async function endpointing(flags: EndpointingFlags, signal: AbortSignal): Promise<void> {
  const sounds = await openSounds(flags, signal)
  const unfinished = fewest(sounds.ofKind('unfinished', flags.half), flags)
  const cases: EndpointingCase[] = [
    ...fewest(sounds.ofKind('finished', flags.half), flags).map((first) => ({
      id: first.name,
      real: first.entry.real,
      first,
    })),
    ...unfinished.flatMap((first) =>
      flags.pausesMs.map((pauseMs) => ({
        id: `${first.name} ${pauseMs}`,
        real: first.entry.real,
        first,
        pauseMs,
        second: sounds.find(first.entry.continuedBy ?? ''),
      })),
    ),
  ]
  requireCases(cases)
  await withServer(flags, signal, async (connect) => {
    const file = openFile<EndpointingUnit>(flags, 'endpointing', sounds.version)
    await each(shuffled(cases, flags.seed), file, signal, async (one) => {
      const facts = serverFacts(connect.url, connect.apiKey)
      const unit = await measureEndpointing(one, { connect, facts, signal })
      const first = `${Math.round(unit.firstByteMs ?? 0)} ms`
      return { unit, what: unit.problem ?? (unit.endedEarly ? 'ended early' : first) }
    })
    const rows = endpointingRows(file.units)
    process.stdout.write(`${endpointingTable(rows)}\n`)
    finish(flags, 'endpointing', file, cases.length, { rows })
  })
}

/** A result of nothing would look complete. */
function requireCases(cases: readonly unknown[]): void {
  if (cases.length === 0)
    throw new Error('the set has no sounds of these kinds and this half: nothing is measured')
}

function openFile<Unit>(flags: TurnFlags, name: string, soundSet: string): GrowingResult<Unit> {
  const path = resultPath(flags, name)
  const file = openResult<Unit>(path, name, { ...configurationOf(flags), soundSet })
  if (file.resumed > 0) process.stderr.write(`Going on after ${file.resumed} cases of ${path}.\n`)
  return file
}

/** Ends quietly where the run is aborted. */
async function each<Case extends { readonly id: string }, Unit>(
  cases: readonly Case[],
  file: GrowingResult<Unit>,
  signal: AbortSignal,
  measure: (one: Case, index: number) => Promise<{ unit: Unit; what: string }>,
): Promise<void> {
  for (let index = file.resumed; index < cases.length && !signal.aborted; index++) {
    const one = cases[index]!
    try {
      const { unit, what } = await measure(one, index)
      file.add(unit)
      process.stderr.write(`${index + 1}/${cases.length}  ${one.id}  ${what}\n`)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}

function finish<Unit extends { readonly problem?: string }>(
  flags: TurnFlags,
  name: string,
  file: GrowingResult<Unit>,
  cases: number,
  result: object,
): void {
  const measured = file.units.filter(({ problem }) => problem === undefined).length
  file.finish(file.units.length === cases && measured > 0, result)
  process.stdout.write(`Result: ${resultPath(flags, name)}\n`)
  const [first] = file.units
  if (first && measured === 0) throw new Error(`no case could be measured; the first: ${first.problem}`)
}

function fewest<Each>(items: readonly Each[], { cases, seed }: TurnFlags): readonly Each[] {
  return cases === undefined ? items : shuffled(items, seed).slice(0, cases)
}

const ms = (summary: Summary | undefined, p: 'p50' | 'p95' | 'p99') =>
  summary === undefined ? '-' : String(Math.round(summary[p]))
const realOr = (real: boolean) => (real ? 'recorded' : 'synthetic')

function interruptionTable(rows: ReturnType<typeof interruptionRows>): string {
  const head = [
    'sound',
    '',
    'cases',
    'stopped',
    'VAD',
    'silence P50',
    'P95',
    'gaps',
    'P50 ms',
    'answered',
    'first words',
    'failed',
  ]
  return aligned([
    head,
    ...rows.map((row) => [
      row.kind,
      realOr(row.real),
      String(row.cases),
      String(row.interrupted),
      row.noticed === undefined ? '-' : String(row.noticed),
      ms(row.silenceMs, 'p50'),
      ms(row.silenceMs, 'p95'),
      String(row.withGap),
      ms(row.gapMs, 'p50'),
      row.kind === 'barge-in' ? String(row.answered) : '',
      row.kind === 'barge-in' ? String(row.firstWordsKept) : '',
      String(row.problems),
    ]),
  ])
}

function endpointingTable(rows: ReturnType<typeof endpointingRows>): string {
  return aligned([
    ['pause', '', 'cases', 'ended early', 'wait P50', 'P95', 'first byte P50', 'P95', 'failed'],
    ...rows.map((row) => [
      row.pauseMs === 0 ? 'none (whole turns)' : `${row.pauseMs} ms`,
      realOr(row.real),
      String(row.cases),
      row.pauseMs === 0
        ? String(row.endedEarly)
        : `${row.endedEarly} (${percent(row.endedEarly, row.cases)})`,
      ms(row.waitMs, 'p50'),
      ms(row.waitMs, 'p95'),
      ms(row.firstByteMs, 'p50'),
      ms(row.firstByteMs, 'p95'),
      String(row.problems),
    ]),
  ])
}

const percent = (part: number, whole: number) => (whole === 0 ? '-' : `${Math.round((part / whole) * 100)} %`)

function halfName(text: string): Half {
  if (text === 'tune' || text === 'report') return text
  throw new InvalidArgumentError('must be tune or report.')
}
