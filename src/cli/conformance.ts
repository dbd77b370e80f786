/** `vivavoce conformance`: runs the suite against a server by its URL and prints a table. The rules are the suite's. */

import type { Command } from 'commander'
import { floatToPcm16 } from '../audio/index.js'
import { type CheckResult, runConformance } from '../conformance/index.js'
import { readQuestions } from './bench-common.js'
import { checkReachable } from './server-handle.js'
import { serverUrl } from './server-url.js'

interface ConformanceFlags {
  readonly apiKey?: string
  readonly model: string
  readonly wav?: string
  readonly only?: readonly string[]
  readonly json?: true
}

const SIGNS = { pass: 'pass', fail: 'FAIL', skip: 'skip' } as const

export function registerConformanceCommand(program: Command): void {
  program
    .command('conformance')
    .description('Check any Live API server against the numbered rules of PROTOCOL.md.')
    .argument('<url>', 'the server, e.g. wss://localhost:8485 or http://127.0.0.1:8484', serverUrl)
    .option('--api-key <key>', 'key for that server')
    .option('--model <id>', 'model id', 'gemini-live-2.5-flash')
    .option('--wav <file>', 'a spoken question to ask (default: one that comes with the product)')
    .option('--only <ids...>', 'rules (SET-3) or groups (SET) to check')
    .option('--json', 'print the results as JSON')
    .addHelpText('after', '\nEnds with status 1 if a rule is broken. Certificates are not checked.')
    .action(async (url: string, flags: ConformanceFlags) => {
      const speech = readSpeech(flags.wav)
      await checkReachable(url, 'any certificate')
      const results = await runConformance({
        url,
        model: flags.model.includes('models/') ? flags.model : `models/${flags.model}`,
        speech,
        ...(flags.apiKey !== undefined && { apiKey: flags.apiKey }),
        ...(flags.only && { only: flags.only }),
        ...(!flags.json && { onResult: (result: CheckResult) => process.stdout.write(`${line(result)}\n`) }),
      })
      if (flags.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`)
      else process.stdout.write(`\n${summary(results)}\n`)
      if (results.length === 0) throw new Error(`no rule is called ${flags.only?.join(' or ')}`)
      if (results.some(({ outcome }) => outcome === 'fail')) process.exitCode = 1
    })
}

function line({ rule, title, outcome, detail }: CheckResult): string {
  return `${SIGNS[outcome]}  ${rule.padEnd(8)} ${title}${detail === '' ? '' : `\n                 ${detail}`}`
}

function summary(results: readonly CheckResult[]): string {
  const count = (wanted: CheckResult['outcome']) => results.filter(({ outcome }) => outcome === wanted).length
  return `${count('pass')} passed, ${count('fail')} failed, ${count('skip')} skipped`
}

/** Throws where the file is no recording of a sound. */
function readSpeech(file: string | undefined): Uint8Array {
  const [question] = readQuestions(file === undefined ? undefined : [file])
  return floatToPcm16(question!.samples)
}
