/** `vivavoce doctor`: looks for everything that keeps the server from starting or serving well, and says what to do. */

import type { Command } from 'commander'
import {
  addServeOptions,
  type Config,
  ConfigError,
  checkBind,
  flagsFrom,
  loadConfig,
} from '../config/index.js'
import {
  checkClock,
  checkDisk,
  checkEars,
  checkMemory,
  checkNode,
  checkPort,
  checkRealtime,
  checkRemote,
  checkTls,
  type Finding,
} from './doctor-checks.js'
import { checkWeights } from './doctor-weights.js'
import { readServerFile } from './server-file.js'

export function registerDoctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description(
      'Check Node, memory, disk, ports, weights, certificates; exit code 1 if something must be mended.',
    )
    .option('--json', 'print the findings as JSON')
  addServeOptions(command).action(async () => {
    const findings = await examine(() =>
      loadConfig({ flags: flagsFrom(command), env: process.env, cwd: process.cwd() }),
    )
    const { json } = command.opts<{ json?: boolean }>()
    process.stdout.write(json ? `${JSON.stringify(findings, null, 2)}\n` : findingsText(findings))
    if (findings.some(({ state }) => state === 'fail')) process.exitCode = 1
  })
}

/** Runs every check; one that can't be run is a finding itself. A bad configuration ends the examination. */
export async function examine(load: () => { config: Config; file: string | undefined }): Promise<Finding[]> {
  const findings = [checkNode(process.version), checkClock(Date.now())]
  let loaded: ReturnType<typeof load>
  try {
    loaded = load()
    checkBind(loaded.config)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const cure = 'Correct it; `vivavoce config --sample` lists every setting.'
    return [
      ...findings,
      ...error.problems.map((detail): Finding => ({ name: 'Configuration', state: 'fail', detail, cure })),
    ]
  }
  const { config, file } = loaded
  const running = readServerFile(config.home)
  const weights = await checkWeights(config, AbortSignal.timeout(20_000))
  const checks = await Promise.all([
    checkDisk(config.home, weights.neededBytes),
    checkPort('port', config, running),
    checkPort('tlsPort', config, running),
    ...(['asr', 'llm', 'tts', 'vision'] as const).map((kind) => checkRemote(kind, config)),
    checkEars(config),
    checkRealtime(config),
  ])
  return [
    ...findings,
    { name: 'Configuration', state: 'ok', detail: file ?? 'no file, defaults' },
    checkMemory(config),
    ...checks.filter((finding) => finding !== undefined),
    checkTls(config, Date.now()),
    ...weights.findings,
  ]
}

export function findingsText(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length))
  const lines = findings.flatMap(({ name, state, detail, cure }, index) => [
    `${state.padEnd(4)}  ${name.padEnd(width)}  ${detail}`,
    // One cure for several lines in a row is said once, below the last.
    ...(cure === undefined || cure === findings[index + 1]?.cure
      ? []
      : [`${' '.repeat(width + 8)}→ ${cure}`]),
  ])
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length
  const verdict =
    count('fail') > 0
      ? `${count('fail')} to mend`
      : count('warn') > 0
        ? 'Nothing must be mended'
        : 'All is well'
  return `${lines.join('\n')}\n\n${verdict}${count('warn') > 0 ? `, ${count('warn')} to know about` : ''}.\n`
}
