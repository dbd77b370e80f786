/** Starts the scripted engines: deterministic, instant, for tests and CI. */
import { readFile } from 'node:fs/promises'
import type { Config } from '../config/index.js'
import { createScriptedEngines, loadScript } from '../engines/scripted/index.js'
import { systemClock } from '../runtime/index.js'
import type { RunningEngines } from './running-engines.js'

export async function startScriptedEngines(config: Config): Promise<RunningEngines> {
  const script =
    config.script === undefined ? undefined : loadScript(await readFile(config.script, 'utf8'), config.script)
  const set = createScriptedEngines({ clock: systemClock, ...(script ? { script } : {}) })
  return {
    set,
    processes: () => [],
    // Scripted steps cost nothing: nobody waits for anybody.
    computeSlots: 1_000,
    remoteLanes: [],
    speechSpeed: 1_000,
    choices: [
      `all: scripted (${config.script ?? 'no script: they echo'}), because engines is set to scripted`,
    ],
    close: async () => {},
  }
}
