/**
 * What can be wrong with a machine, its folder and its ports, each as a check that says what to do. A check reads;
 * it changes nothing and fetches nothing.
 */

import { X509Certificate } from 'node:crypto'
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { availableParallelism, totalmem } from 'node:os'
import { dirname, join } from 'node:path'
import { answersEverything, type Config } from '../config/index.js'
import { createOpenAiLanguageModel, createOpenAiRealtimeModel } from '../engines/openai/index.js'
import { tlsPaths } from '../gateway/tls/index.js'
import { reachableHost } from './environment-plan.js'
import { formatBytes } from './progress.js'
import type { ServerFile } from './server-file.js'
import { tryItsEars } from './warm-up.js'

export interface Finding {
  readonly name: string
  readonly state: 'ok' | 'warn' | 'fail'
  /** What was found. */
  readonly detail: string
  /** What to do about it; absent where all is well. */
  readonly cure?: string
}

const GIB = 1024 ** 3
const DAY_MS = 86_400_000
/** The embedded default set: the language model alone takes 2.0 GB resident, as measured. */
const COMFORTABLE_MEMORY_BYTES = 6 * GIB
const LEAST_MEMORY_BYTES = 3 * GIB
/** Kept free beyond what is fetched, so that conversions and everything else on the disk can work. */
const RESERVE_BYTES = 0.5 * GIB
/** Certificates, keys and the sessions that are kept: without them no server starts. */
const LEAST_BYTES = 1024 ** 2
/** A model that is loaded answers four tokens within this. */
const EARS_TIMEOUT_MS = 20_000
const REALTIME_TIMEOUT_MS = 5_000
/** This version can't have been built before; a clock that says so makes every certificate invalid. */
const EARLIEST_PLAUSIBLE_MS = Date.UTC(2026, 0, 1)

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const isEnough = major > 20 || (major === 20 && minor >= 19)
  const detail = `${version}`
  return isEnough
    ? { name: 'Node', state: 'ok', detail }
    : { name: 'Node', state: 'fail', detail, cure: 'Install Node 20.19 or newer.' }
}

export function checkMemory(config: Config): Finding {
  // In a container the limit counts, not what the machine has.
  const limit = process.constrainedMemory() ?? 0
  const total = limit > 0 ? Math.min(limit, totalmem()) : totalmem()
  const detail = `${formatBytes(total)}, ${availableParallelism()} cores`
  const isLight = config.engines === 'scripted' || config.llm.engine === 'openai' || answersEverything(config)
  if (isLight || total >= COMFORTABLE_MEMORY_BYTES) return { name: 'Memory', state: 'ok', detail }
  const cure = 'Take the small model (--llm qwen2.5-coder-0.5b) or a remote one (--llm-url, --llm-model).'
  const isSmall = config.llm.engine === 'qwen2.5-coder-0.5b'
  return { name: 'Memory', state: total < LEAST_MEMORY_BYTES && !isSmall ? 'fail' : 'warn', detail, cure }
}

/** `neededBytes`: what is still to be fetched and converted. */
export async function checkDisk(home: string, neededBytes: number): Promise<Finding> {
  const name = 'Disk'
  const folder = existingFolder(home)
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    return {
      name,
      state: 'fail',
      detail: `${folder} can't be written`,
      cure: 'Choose another folder: VIVAVOCE_HOME.',
    }
  }
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const detail = `${formatBytes(free)} free in ${home}, ${formatBytes(neededBytes)} still to be fetched`
  if (free >= neededBytes + RESERVE_BYTES) return { name, state: 'ok', detail }
  const cure = 'Free some space, or choose a folder on another disk: VIVAVOCE_HOME.'
  return { name, state: free < Math.max(neededBytes, LEAST_BYTES) ? 'fail' : 'warn', detail, cure }
}

/** The folder itself or the nearest one above it that exists. */
function existingFolder(path: string): string {
  const parent = dirname(path)
  return existsSync(path) || parent === path ? path : existingFolder(parent)
}

export async function checkPort(
  what: 'port' | 'tlsPort',
  config: Config,
  running: ServerFile | undefined,
): Promise<Finding> {
  const port = config[what]
  const name = what === 'port' ? 'Port' : 'TLS port'
  const flag = what === 'port' ? '--port' : '--tls-port'
  if (port === 0) {
    const isOff = what === 'tlsPort'
    return isOff
      ? { name, state: 'warn', detail: 'off', cure: 'Python and Java SDKs always use TLS: set tlsPort.' }
      : { name, state: 'ok', detail: 'any free one' }
  }
  if (running?.[what] === port) {
    return { name, state: 'ok', detail: `${port}, ours: process ${running.pid} serves there` }
  }
  const code = await tryToListen(config.host, port)
  if (code === undefined) return { name, state: 'ok', detail: `${port} is free` }
  const cures: Readonly<Record<string, string>> = {
    EADDRINUSE: `Another program listens there: end it, or choose a port with ${flag}.`,
    EACCES: `Ports below 1024 need rights: choose a higher one with ${flag}.`,
    EADDRNOTAVAIL: 'This machine has no such address: choose another with --host.',
  }
  const cure = cures[code] ?? `Choose another address or port (--host, ${flag}).`
  return { name, state: 'fail', detail: `${reachableHost(config.host)}:${port}: ${code}`, cure }
}

function tryToListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}

export function checkTls(config: Config, nowMs: number): Finding {
  const name = 'Certificates'
  if (config.tlsPort === 0) return { name, state: 'ok', detail: 'not needed, TLS is off' }
  const paths = tlsPaths(config.home)
  const files = [paths.ca, join(paths.folder, 'server.pem'), paths.bundle, paths.trustStore]
  if (!files.some((path) => existsSync(path))) {
    return { name, state: 'ok', detail: 'none yet, made at the first start' }
  }
  const missing = files.filter((path) => !existsSync(path))
  const cure = `Delete the folder ${paths.folder} and run \`vivavoce env\`: it makes new ones.`
  if (missing.length > 0) return { name, state: 'warn', detail: `missing: ${missing.join(', ')}`, cure }
  try {
    const [ca, server] = files.slice(0, 2).map((path) => new X509Certificate(readFileSync(path)))
    if (!ca || !server?.verify(ca.publicKey)) return { name, state: 'fail', detail: 'not of one CA', cure }
    const lastDayMs = Math.min(Date.parse(ca.validTo), Date.parse(server.validTo))
    if (lastDayMs < nowMs) return { name, state: 'warn', detail: 'over, renewed at the next start', cure }
    const days = Math.floor((lastDayMs - nowMs) / DAY_MS)
    return { name, state: 'ok', detail: `valid for ${days} days, in ${paths.folder}` }
  } catch (error) {
    return { name, state: 'fail', detail: `unreadable: ${(error as Error).message}`, cure }
  }
}

export function checkClock(nowMs: number): Finding {
  const detail = new Date(nowMs).toISOString()
  return nowMs >= EARLIEST_PLAUSIBLE_MS
    ? { name: 'Clock', state: 'ok', detail }
    : {
        name: 'Clock',
        state: 'fail',
        detail,
        cure: 'Set the clock: certificates are made for, and checked by, its time.',
      }
}

/** Whether a remote engine answers at all. A refusal of the key counts as an answer, and is told. */
export async function checkRemote(
  kind: 'asr' | 'llm' | 'tts' | 'vision',
  config: Config,
): Promise<Finding | undefined> {
  const { engine, url, apiKey } = config[kind]
  if (config.engines === 'scripted' || engine !== 'openai' || url === undefined) return undefined
  const name = `Remote ${kind}`
  // A URL may hold a password.
  const place = new URL(url).host
  try {
    const response = await fetch(`${url.replace(/\/+$/, '')}/models`, {
      headers: apiKey === undefined ? {} : { Authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(3_000),
    })
    if (response.status === 401 || response.status === 403) {
      return { name, state: 'fail', detail: `${place} refuses the key`, cure: `Set ${kind}.apiKey.` }
    }
    return { name, state: 'ok', detail: `${place} answers` }
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } }
    const cure = `Start that server, or correct ${kind}.url.`
    return { name, state: 'fail', detail: `${place} does not answer (${cause?.code ?? message})`, cure }
  }
}

/** Whether a language model that is said to hear takes audio: it is asked once, with a second of silence. */
export async function checkEars({ engines, llm }: Config): Promise<Finding | undefined> {
  const { engine, input, url, model, apiKey } = llm
  if (engines === 'scripted' || engine !== 'openai' || input !== 'audio' || !url || !model) return undefined
  const name = 'Model that hears'
  const options = { url, model, timeoutMs: EARS_TIMEOUT_MS, hears: true, ...(apiKey && { apiKey }) }
  try {
    await tryItsEars(createOpenAiLanguageModel(options), AbortSignal.timeout(EARS_TIMEOUT_MS))
    return { name, state: 'ok', detail: `${model} takes audio` }
  } catch (error) {
    const cure = 'Serve a model that takes input_audio, or set llm.input to words.'
    return { name, state: 'fail', detail: (error as Error).message, cure }
  }
}

/** Whether a speech-to-speech server opens a session. */
export async function checkRealtime({ engines, realtime }: Config): Promise<Finding | undefined> {
  const { url, model, apiKey } = realtime
  if (engines === 'scripted' || !url || !model) return undefined
  const name = 'Speech to speech'
  const ended = new AbortController()
  const options = { url, model, timeoutMs: REALTIME_TIMEOUT_MS, ...(apiKey && { apiKey }) }
  try {
    const conversation = createOpenAiRealtimeModel(options).open({ signal: ended.signal })
    for await (const _ of conversation.prefill({ system: '', messages: [] }, ended.signal));
    return { name, state: 'ok', detail: `${new URL(url).host} opens a session with ${model}` }
  } catch (error) {
    const cure = 'Start that server, or correct realtime.url, realtime.model or realtime.apiKey.'
    return { name, state: 'fail', detail: (error as Error).message, cure }
  } finally {
    ended.abort()
  }
}
