/** Who speaks, with the real weights: the contract of the engine, in its process too, and what the converter makes of the checkpoint. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { readWav } from '../../src/audio/index.js'
import { modelPaths, runtimePaths } from '../../src/catalog/index.js'
import { loadGe2e } from '../../src/engines/ge2e/index.js'
import {
  type EngineProcess,
  hostedSpeakerEncoder,
  startEngineProcess,
  systemClock,
} from '../../src/runtime/index.js'
import { testSpeakerEncoder } from '../../src/testing/contract/index.js'

const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const { main } = modelPaths(home, 'ge2e-speaker')
const runtimeDir = runtimePaths(home, 'onnxruntime-node').directory
const fixture = (name: string) =>
  resolve(import.meta.dirname, '../../../shared/fixtures/speech', `${name}.wav`)
const names = ['ps_austen870', 'ps_austen880', 'ps_cards5'] as const
const skip = !existsSync(main)
  ? 'its weights are not there'
  : names.some((name) => !existsSync(fixture(name)))
    ? 'the recordings are not there'
    : undefined
const speech = skip === undefined ? names.map((name) => readWav(readFileSync(fixture(name))).samples) : []

testSpeakerEncoder('ge2e', () => loadGe2e({ modelPath: main, runtimeDir }), {
  skip,
  speech: speech as unknown as readonly [Float32Array, Float32Array, Float32Array],
})

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} }
testSpeakerEncoder(
  'ge2e, in a child process that starts when it is asked',
  () => {
    const started: EngineProcess[] = []
    const start = async () => {
      const process = startEngineProcess({
        name: 'speaker',
        entry: new URL('../../src/engines/child.ts', import.meta.url),
        execArgv: ['--import', 'tsx'],
        load: { engine: 'ge2e', options: { modelPath: main, runtimeDir } },
        clock: systemClock,
        logger: QUIET_LOG,
      })
      started.push(process)
      await process.ready
      return process
    }
    const info = { id: 'ge2e', kind: 'speaker', languages: [], description: 'Whose voice it is' } as const
    return Object.assign(hostedSpeakerEncoder(start, info), {
      close: () => Promise.all(started.map((process) => process.close())),
    })
  },
  { skip, speech: speech as unknown as readonly [Float32Array, Float32Array, Float32Array] },
)

it.skipIf(!existsSync(main))('was converted to just these bytes', () => {
  expect(createHash('sha256').update(readFileSync(main)).digest('hex')).toBe(
    '820c7c7e3748521625905a7c784f6632c03defb361ecb1409b64c3f35ad61516',
  )
})
