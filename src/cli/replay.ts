/** `vivavoce replay FILE`: decides a recorded session once more and prints what was to be done. */
import type { Command } from 'commander'
import { readEventLog } from '../runtime/event-log.js'
import { type ReplayedStep, replay } from '../runtime/replay.js'
import { readNamedFile } from './named-file.js'

interface ReplayFlags {
  readonly all?: boolean
  readonly json?: boolean
}

/** Events that come many times a second and mostly have no effect. */
const FREQUENT = new Set([
  'audio-received',
  'audio-drained',
  'speech-score',
  'response-progress',
  'prompt-read',
])

export function registerReplayCommand(program: Command): void {
  program
    .command('replay')
    .description('Run a recorded session (serve --event-log DIR) through the core and print what it decides.')
    .argument('<file>', 'event log of one session')
    .option('--all', 'print events without effects as well')
    .option('--json', 'print a JSON object for each event')
    .action((file: string, flags: ReplayFlags) => {
      const log = readLog(file)
      let events = 0
      let effects = 0
      let differences = 0
      const startAt = log.events[0]?.event.at ?? 0
      for (const step of replay(log)) {
        events++
        effects += step.effects.length
        if (step.recorded) differences++
        if (flags.json) process.stdout.write(`${JSON.stringify(step)}\n`)
        else if (flags.all || step.recorded || isTelling(step)) process.stdout.write(lines(step, startAt))
      }
      process.stderr.write(
        `${events} events, ${effects} effects, ${differences} decided otherwise than recorded\n`,
      )
      if (differences > 0 && !log.words) {
        process.stderr.write(
          'The log has no words: what depends on them may differ (serve --event-log-words).\n',
        )
      }
      if (differences > 0) process.exitCode = 1
    })
}

function readLog(file: string) {
  const text = String(readNamedFile(file))
  try {
    return readEventLog(text)
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`)
  }
}

function isTelling({ event, effects }: ReplayedStep): boolean {
  const timersOnly = effects.every((effect) => /^(set|clear)-timer/.test(effect))
  return !timersOnly || !FREQUENT.has(event.type)
}

function lines({ event, effects, recorded }: ReplayedStep, startAt: number): string {
  const { type, at, ...rest } = event
  const details = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
  const seconds = ((at - startAt) / 1000).toFixed(3).padStart(9)
  return [
    `${seconds}  ${[type, ...details].join(' ')}`,
    ...effects.map((effect) => `           → ${effect}`),
    ...(recorded ? [`           ≠ recorded: ${recorded.join(', ') || 'nothing'}`] : []),
  ]
    .map((line) => `${line}\n`)
    .join('')
}
