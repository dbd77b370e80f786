/**
 * Which embedded voice serves: the one that was asked for, or the fuller one where this machine can keep up with it. The measurement and
 * the self-test of freshly converted weights are done once and remembered in the home.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { chooseVoiceEngine, measureRealTimeFactor } from '../catalog/calibrate.js'
import { findModel } from '../catalog/index.js'
import { synthesisSelfTest } from '../catalog/self-test.js'
import type { Config } from '../config/index.js'
import type { Recognizer, Synthesizer } from '../engine/index.js'
import { byLanguage } from '../engines/by-language.js'
import { KOKORO_LANGUAGES } from '../engines/kokoro/languages.js'
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
  if (asked === 'piper' && config.freeVoicesOnly) {
    throw new Error('tts.engine piper is not plainly free and freeVoicesOnly is set; choose --tts kokoro')
  }
  if (asked === 'kokoro' || asked === 'piper')
    return serve(asked, `because tts.engine is ${asked}`, config, context)
  if (config.freeVoicesOnly) return serve('kokoro', 'because freeVoicesOnly is set', config, context)

  const { engine, reason } = chooseVoiceEngine(await calibrated(config.home, context))
  return serve(engine, reason, config, context)
}

/** What was measured on a busy machine is measured again at the first start on an idle one. */
async function calibrated(home: string, context: VoiceContext): Promise<RealTimeFactors> {
  const known = readCalibration(home, context.threads)
  if (known && !known.busy) return known.realTimeFactors
  const busy = await context.isBusy()
  if (known && busy) return known.realTimeFactors
  context.say(
    known
      ? 'Measuring again which voice keeps up on this machine, which was busy the first time …'
      : 'Measuring which voice keeps up on this machine (once) …',
  )
  const { kokoro: before = Number.POSITIVE_INFINITY, piper: lightBefore = Number.POSITIVE_INFINITY } =
    known?.realTimeFactors ?? {}
  const kokoro = Math.min(before, await measure('kokoro', context))
  const piper = Math.min(lightBefore, await measure('piper', context))
  writeCalibration(home, context.threads, { kokoro, piper }, busy)
  return { kokoro, piper }
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
  // The light voice has one language: others are spoken by another light one, or by the fuller one, which is slower here.
  const others = [
    ...(hasLightVoices(config) ? [other('pico', Object.keys(PICO_VOICES))] : []),
    ...(name === 'piper' && config.tts.engine === 'auto' ? [other('kokoro', KOKORO_LANGUAGES)] : []),
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

async function measure(name: VoiceName, context: VoiceContext): Promise<number> {
  const { engine, close } = await context.load(name, true)
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

interface RealTimeFactors {
  readonly kokoro: number
  readonly piper: number
}

interface Calibration {
  readonly machine: string
  readonly realTimeFactors: RealTimeFactors
  /** Others used the processor meanwhile. */
  readonly busy?: boolean
}

const calibrationPath = (home: string) => join(home, 'calibration.json')
const machine = (threads: number) => `${cpus()[0]?.model ?? 'unknown'} × ${cpus().length}, ${threads} threads`

function readCalibration(home: string, threads: number): Calibration | undefined {
  const known = readJson<Calibration>(calibrationPath(home))
  return known?.machine === machine(threads) ? known : undefined
}

function writeCalibration(
  home: string,
  threads: number,
  realTimeFactors: RealTimeFactors,
  busy: boolean,
): void {
  const calibration: Calibration = { machine: machine(threads), realTimeFactors, ...(busy && { busy }) }
  writeFileSync(calibrationPath(home), `${JSON.stringify(calibration, null, 2)}\n`)
}

function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T
  } catch {
    return undefined
  }
}
