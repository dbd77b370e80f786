/** Starts the scripted engines: deterministic, instant, for tests and CI. */
import { readFile } from 'node:fs/promises'
import type { Config } from '../config/index.js'
import { createScriptedEngines, loadScript } from '../engines/scripted/index.js'
import { hostedSpeechDetector, type Logger, startEngineProcess, systemClock } from '../runtime/index.js'
import type { RunningEngines } from './running-engines.js'

export async function startScriptedEngines(config: Config, logger: Logger): Promise<RunningEngines> {
  const script =
    config.script === undefined ? undefined : loadScript(await readScript(config.script), config.script)
  const scripted = createScriptedEngines({ clock: systemClock, ...(script ? { script } : {}) })
  const vad = config.vad.engine === 'silero' ? await startSilero(config, logger) : undefined
  return {
    set: vad ? { ...scripted, vad: vad.engine } : scripted,
    processes: () => (vad ? [vad.process] : []),
    // Scripted steps cost nothing: nobody waits for anybody.
    computeSlots: 1_000,
    remoteLanes: [],
    speechSpeed: 1_000,
    choices: [
      `${vad ? 'all but vad' : 'all'}: scripted (${config.script ?? 'no script: they echo'}), because engines is set to scripted`,
    ],
    close: async () => vad?.process.close(),
  }
}

async function readScript(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    throw new Error(`script: ${code === 'ENOENT' ? `there is no file ${path}` : message}`)
  }
}

async function startSilero(config: Config, logger: Logger) {
  const { ENGINE_CHILD, sileroLoad } = await import('./embedded-engines.js')
  const process = startEngineProcess({
    name: 'vad',
    entry: ENGINE_CHILD,
    load: sileroLoad(config.home),
    clock: systemClock,
    logger,
  })
  return { process, engine: hostedSpeechDetector(process, await process.ready) }
}
