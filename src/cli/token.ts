/** `vivavoce token`: asks a server for an ephemeral token and prints its name. What a token is, the gateway knows. */

import { type Command, InvalidArgumentError } from 'commander'
import { readNamedFile } from './named-file.js'
import { addOwnServerFlags, type OwnServerFlags, ownConfig } from './own-server.js'
import { openServer } from './server-handle.js'
import { serverUrl } from './server-url.js'

interface TokenOptions extends OwnServerFlags {
  readonly url?: string
  readonly apiKey?: string
  readonly uses: number
  readonly expiresIn?: number
  readonly newSessionsFor?: number
  readonly setup?: string
  readonly lock?: string
  readonly json?: true
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 }

export function registerTokenCommand(program: Command): void {
  addOwnServerFlags(
    program
      .command('token')
      .description('Make an ephemeral token, for programs that must not hold an API key (web pages).')
      .option('--url <url>', 'server that makes it (default: the one that runs here)', serverUrl)
      .option('--api-key <key>', 'key of that server (default: the first one of the configuration)')
      .option('--uses <number>', 'sessions that it may begin; 0: any number', wholeNumber, 1)
      .option('--expires-in <time>', 'its life, e.g. 30m or 2h (default: 30m, at most 20h)', duration)
      .option('--new-sessions-for <time>', 'how long sessions may begin with it (default: 60s)', duration)
      .option('--setup <file>', 'JSON file with the setup that it fixes (model, generationConfig …)')
      .option('--lock <fields>', 'fix these fields alone, e.g. model,generationConfig.temperature')
      .option('--json', 'print the whole answer of the server'),
  )
    .addHelpText('after', '\nExample:\n  vivavoce token --uses 1 --expires-in 10m --setup page.json')
    .action(async (options: TokenOptions) => {
      const answer = await createToken(options)
      process.stdout.write(`${options.json ? JSON.stringify(answer, null, 2) : answer.name}\n`)
    })
}

/** Rejects with what the server said against it. */
async function createToken(options: TokenOptions): Promise<{ readonly name: string }> {
  const setup = options.setup === undefined ? undefined : readSetup(options.setup)
  const config = ownConfig(options)
  const apiKey = options.apiKey ?? (options.url === undefined ? config.apiKeys[0] : undefined)
  const server = await openServer({
    url: options.url,
    home: config.home,
    onWait: (sentence) => void process.stderr.write(`${sentence}\n`),
    signal: new AbortController().signal,
    onlyRunning: true,
  })
  const nowMs = Date.now()
  const inTime = (ms: number) => new Date(nowMs + ms).toISOString()
  const body = {
    uses: options.uses,
    ...(options.expiresIn !== undefined && { expireTime: inTime(options.expiresIn) }),
    ...(options.newSessionsFor !== undefined && { newSessionExpireTime: inTime(options.newSessionsFor) }),
    ...(setup !== undefined && { bidiGenerateContentSetup: setup }),
    ...(options.lock !== undefined && { fieldMask: options.lock }),
  }
  const response = await fetch(`${server.url}/v1alpha/auth_tokens`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(apiKey !== undefined && { 'x-goog-api-key': apiKey }),
    },
    body: JSON.stringify(body),
  })
  const answer = (await response.json()) as { name: string; error?: { message: string } }
  if (!response.ok) throw new Error(answer.error?.message ?? `the server answered ${response.status}`)
  return answer
}

function readSetup(file: string): unknown {
  const text = String(readNamedFile(file))
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`)
  }
}

function duration(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+)([smh])$/.exec(text) ?? []
  if (amount === '') throw new InvalidArgumentError('Write a number and s, m or h, as in 30m.')
  return Number(amount) * UNIT_MS[unit]!
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Write a whole number.')
  return Number(text)
}
