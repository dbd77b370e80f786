/**
 * The server's log: pino to standard error. JSON lines where a machine reads them, short lines where a person does.
 */
import { Writable } from 'node:stream'
import { type DestinationStream, type Level, type Logger, pino } from 'pino'

const LEVEL_NAMES: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}
const HIDDEN = new Set(['level', 'time', 'msg', 'pid', 'hostname'])

export function createLog(level: Level | 'silent', terminal: boolean): Logger {
  return pino({ level, base: null }, terminal ? forPeople() : pino.destination({ dest: 2, sync: false }))
}

/** `12:34:56 warn  message key=value`. */
function forPeople(): DestinationStream {
  return new Writable({
    write(line: Buffer, _encoding, done) {
      process.stderr.write(`${humanLine(line.toString('utf8'))}\n`, () => done())
    },
  })
}

function humanLine(line: string): string {
  const record = JSON.parse(line) as Record<string, unknown> & { time: number; level: number; msg?: string }
  const time = new Date(record.time).toTimeString().slice(0, 8)
  const fields = Object.entries(record)
    .filter(([key]) => !HIDDEN.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return [time, (LEVEL_NAMES[record.level] ?? '').padEnd(5), record.msg ?? '', ...fields].join(' ')
}
