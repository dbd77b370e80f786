/** When which voice keeps up is measured, and when what was measured counts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadConfig } from '../config/index.js'
import { createScriptedEngines } from '../engines/scripted/index.js'
import { systemClock } from '../runtime/index.js'
import { chooseVoice } from './voice-choice.js'

const { tts, asr } = createScriptedEngines({ clock: systemClock })
let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vivavoce-voice-'))
  const passed = `${tts.info.id} + ${asr.info.id}`
  writeFileSync(join(home, 'self-test.json'), JSON.stringify({ kokoro: passed, piper: passed, pico: passed }))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

/** Chooses among voices that cost nothing; returns what was chosen and which were measured for it. */
async function start({ busy, env = {} }: { readonly busy: boolean; readonly env?: Record<string, string> }) {
  const { config } = loadConfig({ env: { VIVAVOCE_HOME: home, ...env }, cwd: home, home })
  const measured: string[] = []
  let served: string | undefined
  const { choices } = await chooseVoice(config, {
    ears: asr,
    threads: 1,
    servingThreads: 2,
    say: () => {},
    isBusy: async () => busy,
    signal: new AbortController().signal,
    async load(name, calibrating) {
      if (calibrating) measured.push(name)
      else served ??= name
      return { engine: tts, close: async () => {} }
    },
  })
  return { reason: choices[0], others: choices[1], measured, served }
}

const calibration = () => JSON.parse(readFileSync(join(home, 'calibration.json'), 'utf8')) as object
const remember = (kokoro: number, busy: boolean) =>
  writeFileSync(
    join(home, 'calibration.json'),
    JSON.stringify({
      machine: `${cpus()[0]?.model ?? 'unknown'} × ${cpus().length}, 1 threads`,
      realTimeFactor: kokoro,
      busy,
    }),
  )

test('measured once on an idle machine, it stays', async () => {
  expect((await start({ busy: false })).measured).toEqual(['kokoro'])
  expect(calibration()).not.toHaveProperty('busy')
  expect((await start({ busy: false })).measured).toEqual([])
})

test('measured on a busy machine, it is measured again once the machine is idle, and not before', async () => {
  remember(0.9, true)
  const still = await start({ busy: true })
  expect([still.measured, still.reason]).toEqual([[], expect.stringContaining('factor here is 0.90')])
  const idle = await start({ busy: false })
  expect([idle.measured, idle.reason]).toEqual([
    ['kokoro'],
    expect.stringContaining('because its real-time factor here is 0.0'),
  ])
  expect((await start({ busy: false })).measured).toEqual([])
})

test('measuring again never makes a voice slower than it was found to be', async () => {
  remember(0, true)
  await start({ busy: false })
  expect(calibration()).toMatchObject({ realTimeFactor: 0 })
})

test.each([
  ['the full voice where it keeps up', 0.3, {}, 'kokoro'],
  ['else the light one', 0.4, {}, 'piper'],
  [
    'or the plainer one, where only plainly free voices may speak',
    0.4,
    { VIVAVOCE_FREE_VOICES_ONLY: 'true' },
    'pico',
  ],
  [
    'which changes nothing where the full voice keeps up',
    0.3,
    { VIVAVOCE_FREE_VOICES_ONLY: 'true' },
    'kokoro',
  ],
  ['what is asked for speaks in any case', 0.3, { VIVAVOCE_TTS_ENGINE: 'pico' }, 'pico'],
])('%s', async (_, kokoro, env, expected) => {
  remember(kokoro, false)
  expect((await start({ busy: false, env })).served).toBe(expected)
})

test('languages whose voice nobody has measured are spoken where that is asked for', async () => {
  remember(2, false)
  expect((await start({ busy: false })).others).not.toMatch(/\bhi\b/)
  const asked = await start({ busy: false, env: { VIVAVOCE_UNMEASURED_VOICES: 'true' } })
  expect(asked.others).toMatch(/\bhi\b/)
})
