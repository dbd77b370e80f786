import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { listModels, modelPaths } from '../catalog/index.js'
import { registerModelsCommand } from './models.js'
import { formatBytes } from './progress.js'

let home: string
let output: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'vivavoce-cli-'))
  output = ''
  vi.stubEnv('VIVAVOCE_HOME', home)
  const capture = (text: string | Uint8Array) => {
    output += String(text)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(capture)
  vi.spyOn(process.stderr, 'write').mockImplementation(capture)
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  process.exitCode = undefined
  await rm(home, { recursive: true, force: true })
})

async function run(...args: string[]): Promise<number> {
  process.exitCode = undefined
  const program = new Command('vivavoce').exitOverride()
  registerModelsCommand(program)
  await program.parseAsync(['models', ...args], { from: 'user' })
  return Number(process.exitCode ?? 0)
}

describe('vivavoce models', () => {
  it('lists id, role, state, size, licence and cost, and prints the terms that are not plainly free', async () => {
    expect(await run('list')).toBe(0)
    expect(output).toMatch(/whisper-base +recognition +missing +147\.4 MB +134\.5 MB +MIT +yes +0\.08 core-s/)
    expect(output).toMatch(/Terms of piper-joe: .*research only/)
    expect(output).toMatch(/onnxruntime-node 1\.30\.0: missing/)
    expect(output).toMatch(/announced +131,072 tokens .*\n +looked back +4,096 tokens .*\n +memory +64 KB/)
    expect(output).toContain(`Home: ${home}`)
  })

  it('lists as JSON', async () => {
    await run('list', '--json')
    const listed = JSON.parse(output) as {
      id: string
      state: string
      licenceChain: string[]
      directory: string
    }[]
    const kokoro = listed.find(({ id }) => id === 'kokoro-82m')!
    expect(kokoro).toMatchObject({
      role: 'tts',
      state: 'missing',
      directory: join(home, 'models', 'kokoro-82m'),
    })
    expect(kokoro.licenceChain.length).toBeGreaterThan(1)
  })

  it('verifies with exit code 1 and the cure where a file is damaged', async () => {
    const { directory, main } = modelPaths(home, 'silero-vad')
    await mkdir(directory, { recursive: true })
    await writeFile(main, 'not a model')
    await writeFile(join(directory, 'vivavoce-model.json'), '{"id":"silero-vad","manifest":"x","files":[]}')
    expect(await run('verify')).toBe(1)
    expect(output).toMatch(
      /silero-vad: damaged\n {2}silero_vad_16k_op15\.onnx has 11 bytes, expected 1289603/,
    )
    expect(output).toContain('vivavoce models pull silero-vad')
  })

  it('verifies with exit code 1 where there is nothing, or not the one asked for', async () => {
    expect(await run('verify')).toBe(1)
    expect(output).toMatch(/No models in .*Run: vivavoce models pull/)
    expect(await run('verify', 'piper-joe')).toBe(1)
    expect(output).toContain('piper-joe: missing')
  })

  it('refuses unknown ids and sources by name', async () => {
    expect(await run('pull', 'whisper')).toBe(1)
    expect(output).toMatch(
      /There is no model "whisper"\. The catalog has: silero-vad, smart-turn-v3, ge2e-speaker, whisper-base/,
    )
    expect(await run('pull', '--sources', 'hub,ftp')).toBe(1)
    expect(output).toMatch(/there is no "ftp"; use any of hub, https, pip, npm/)
  })
})

it('lists the sizes that MODELS.md tells', async () => {
  const document = await readFile(new URL('../../MODELS.md', import.meta.url), 'utf8')
  for (const { model, downloadBytes, diskBytes } of await listModels('/nowhere')) {
    const row = document.split('\n').find((line) => line.startsWith(`| [\`${model.id}\`]`))
    expect(row, model.id).toContain(`| ${formatBytes(downloadBytes)} | ${formatBytes(diskBytes)} |`)
  }
})
