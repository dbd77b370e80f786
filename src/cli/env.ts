/** `vivavoce env`: prints the variables that point unchanged programs at this server, running or not. */

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { addServeOptions, type Config, flagsFrom, isLoopbackHost, loadConfig } from '../config/index.js'
import { prepareTls } from '../gateway/tls/index.js'
import { type EnvironmentPlan, planEnvironment, reachableHost } from './environment-plan.js'
import { openHome } from './home.js'
import { readServerFile } from './server-file.js'
import { SHELLS, type Shell, shellLines } from './shell-lines.js'

export function registerEnvCommand(program: Command): void {
  const command = program
    .command('env')
    .description(
      'Print the variables that make unchanged programs talk to this server: eval "$(vivavoce env)".',
    )
    .addOption(
      new Option(
        '--shell <name>',
        'language of the output (default: powershell on Windows, else bash)',
      ).choices(SHELLS),
    )
    .option('--json', 'print { set, unset, notes } as JSON')
  addServeOptions(command, ['home', 'host', 'port', 'tlsPort', 'apiKeys']).action(async () => {
    const { shell, json } = command.opts<{ shell?: Shell; json?: boolean }>()
    const { config } = loadConfig({ flags: flagsFrom(command), env: process.env, cwd: process.cwd() })
    const plan = await currentPlan(config, process.env)
    const text = json
      ? `${JSON.stringify({ ...plan, set: Object.fromEntries(plan.set) }, null, 2)}\n`
      : shellLines(shell ?? (process.platform === 'win32' ? 'powershell' : 'bash'), plan)
    process.stdout.write(text)
  })
}

/** The plan for the server that runs with this home, else for the one that the configuration would start. Makes the CA. */
export async function currentPlan(config: Config, environment: NodeJS.ProcessEnv): Promise<EnvironmentPlan> {
  const running = readServerFile(config.home)
  const { host, port, tlsPort } = running ?? config
  const { SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE } = environment
  openHome(config.home)
  const tls = await prepareTls({
    home: config.home,
    host,
    extraTrust: [SSL_CERT_FILE, NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE, CURL_CA_BUNDLE],
    nowMs: Date.now(),
  })
  const cloudSdkFolder = join(config.home, 'no-gcloud')
  mkdirSync(cloudSdkFolder, { recursive: true, mode: 0o700 })
  const plan = planEnvironment({
    host,
    port,
    tlsPort: tlsPort || undefined,
    isOnLoopback: isLoopbackHost(reachableHost(host)),
    apiKeys: config.apiKeys,
    tls: tls.paths,
    cloudSdkFolder,
    environment,
  })
  const source = running
    ? `These are the addresses of the server that runs (process ${running.pid}).`
    : 'No server runs with this home now; these are the addresses of the configuration.'
  return { ...plan, notes: [source, ...plan.notes] }
}
