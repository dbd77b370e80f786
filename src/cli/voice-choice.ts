/**
 * Which embedded voice serves: the one that was asked for, or the fuller one where this machine can keep up with it. The measurement and
 * the self-test of freshly converted weights are done once and remembered in the home.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { kokoroKeepsUp, measureRealTimeFactor } from '../catalog/calibrate.js'
import { findModel } from '../catalog/index.js'
import { synthesisSelfTest } from '../catalog/self-test.js'
import type { Config } from '../config/index.js'
import type { Recognizer, Synthesizer } from '../engine/index.js'
import { byLanguage } from '../engines/by-language.js'
import { kokoroLanguages } from '../engines/kokoro/languages.js'
import { PICO_VOICES } from '../engines/pico/voices.js'
import { hasLightVoices, type VoiceName } from './embedded-engines.js'

export interface VoiceContext {
  /** Recognises what the self-test speaks. */
  readonly ears: Recognizer
  /** Of the calibration. */
  readonly threads: number
  readonly servingThreads: number
  readonly say: (sentence: string) => void
  /** Whether something else uses this machine's cores: then a voice measures slower than it is. */
  readonly isBusy: () => Promise<boolean>
  readonly signal: AbortSignal
  /** `calibrating`: with half of the cores, as the choice is defined. */
  readonly load: (
    name: VoiceName,
    calibrating?: boolean,
  ) => Promise<{ engine: Synthesizer; close(): Promise<void> }>
}

export interface ChosenVoice {
  readonly engine: Synthesizer
  /** Seconds of speech per second of computation. */
  readonly speed: number
  readonly choices: string[]
}

export async function chooseVoice(config: Config, context: VoiceContext): Promise<ChosenVoice> {
  const asked = config.tts.engine
  if (asked === 'kokoro' || asked === 'piper' || asked === 'pico')
    return serve(asked, `because tts.engine is ${asked}`, config, context)
  const { keepsUp, reason } = kokoroKeepsUp(await calibrated(config.home, context))
  if (keepsUp) return serve('kokoro', reason, config, context)
  if (config.freeVoicesOnly) return serve('pico', `${reason} and freeVoicesOnly is set`, config, context)
  return serve('piper', reason, config, context)
}

/** Kokoro's factor. What was measured on a busy machine is measured again at the first start on an idle one. */
async function calibrated(home: string, context: VoiceContext): Promise<number> {
  const known = readCalibration(home, context.threads)
  if (known && !known.busy) return known.realTimeFactor
  const busy = await context.isBusy()
  if (known && busy) return known.realTimeFactor
  context.say(
    known
      ? 'Measuring again whether the full voice keeps up on this machine, which was busy the first time …'
      : 'Measuring whether the full voice keeps up on this machine (once) …',
  )
  const factor = Math.min(known?.realTimeFactor ?? Number.POSITIVE_INFINITY, await measureKokoro(context))
  writeCalibration(home, context.threads, factor, busy)
  return factor
}

async function serve(
  name: VoiceName,
  reason: string,
  config: Config,
  context: VoiceContext,
): Promise<ChosenVoice> {
  const { engine: loaded } = await context.load(name)
  const other = (voice: VoiceName, languages: readonly string[]) => ({
    voice,
    languages,
    load: async () => (await context.load(voice)).engine,
  })
  // A light voice has few languages: others are spoken by another light one, or by the fuller one, which is slower here.
  const others = [
    ...(name !== 'pico' && hasLightVoices(config) ? [other('pico', Object.keys(PICO_VOICES))] : []),
    ...(name !== 'kokoro' && config.tts.engine === 'auto'
      ? [other('kokoro', kokoroLanguages(config.unmeasuredVoices))]
      : []),
  ]
  const engine = others.length > 0 ? byLanguage(loaded, others) : loaded
  await testOnce(name, engine, config, context)
  const realTimeFactor = await servedFactor(name, engine, config, context)
  const choices = [
    `tts: ${engine.info.id} (embedded, real-time factor ${realTimeFactor.toFixed(2)} here), ${reason}`,
  ]
  if (others.length > 0) {
    const spoken = engine.info.languages.filter((language) => !loaded.info.languages.includes(language))
    const names = others.map(({ voice }) => voice).join(', else ')
    choices.push(`     ${spoken.join(', ')}: ${names}, loaded when one is first spoken`)
  }
  if (name === 'piper')
    choices.push(`terms of this voice: ${findModel('piper-joe').terms} --free-voices-only refuses it.`)
  return { engine, speed: 1 / realTimeFactor, choices }
}

/** How fast the voice is as it serves. Measured once for each machine and number of threads: the pace of speech follows what is measured later. */
async function servedFactor(
  name: VoiceName,
  engine: Synthesizer,
  config: Config,
  context: VoiceContext,
): Promise<number> {
  const path = join(config.home, 'voice-speeds.json')
  const known = readJson<Record<string, number>>(path) ?? {}
  const key = `${name}, ${machine(context.servingThreads)}`
  const remembered = known[key]
  if (typeof remembered === 'number' && remembered > 0) return remembered
  const factor = await measureRealTimeFactor(engine, context.signal)
  writeFileSync(path, `${JSON.stringify({ ...known, [key]: factor }, null, 2)}\n`)
  return factor
}

async function measureKokoro(context: VoiceContext): Promise<number> {
  const { engine, close } = await context.load('kokoro', true)
  try {
    return await measureRealTimeFactor(engine, context.signal)
  } finally {
    await close()
  }
}

/** A known sentence is spoken, checked for level and recognised, the first time a voice is loaded from this home. */
async function testOnce(
  name: VoiceName,
  engine: Synthesizer,
  config: Config,
  context: VoiceContext,
): Promise<void> {
  const path = join(config.home, 'self-test.json')
  const passed = readJson<Record<string, string>>(path) ?? {}
  const pair = `${engine.info.id} + ${context.ears.info.id}`
  if (passed[name] === pair) return
  context.say(`Testing the voice ${name} (once) …`)
  await synthesisSelfTest(engine, context.ears, context.signal)
  writeFileSync(path, `${JSON.stringify({ ...passed, [name]: pair }, null, 2)}\n`)
}

interface Calibration {
  readonly machine: string
  /** Kokoro's, with half of the cores. */
  readonly realTimeFactor: number
  /** Others used the processor meanwhile. */
  readonly busy?: boolean
}

const calibrationPath = (home: string) => join(home, 'calibration.json')
const machine = (threads: number) => `${cpus()[0]?.model ?? 'unknown'} × ${cpus().length}, ${threads} threads`

function readCalibration(home: string, threads: number): Calibration | undefined {
  const known = readJson<Calibration>(calibrationPath(home))
  return known?.machine === machine(threads) && typeof known.realTimeFactor === 'number' ? known : undefined
}

function writeCalibration(home: string, threads: number, realTimeFactor: number, busy: boolean): void {
  const calibration: Calibration = { machine: machine(threads), realTimeFactor, ...(busy && { busy }) }
  writeFileSync(calibrationPath(home), `${JSON.stringify(calibration, null, 2)}\n`)
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch {
    return undefined
  }
}
