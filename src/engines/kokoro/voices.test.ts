import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LIVE_VOICE_NAMES, LIVE_VOICES } from '../voice-names.js'
import { gainFor, isBritish, openVoiceFiles, recipeFor, STYLE_ROWS, STYLE_VALUES } from './voices.js'

const available = new Set(['af_heart', 'ef_dora'])

describe('recipeFor', () => {
  it('gives each of the 30 names a sound of its own in English, of the right gender', () => {
    const recipes = LIVE_VOICE_NAMES.map((name) => recipeFor(name, 'en', available).join('+'))
    expect(new Set(recipes).size).toBe(30)
    for (const name of LIVE_VOICE_NAMES)
      for (const voice of recipeFor(name, 'en-US', available))
        expect(voice[1]).toBe(LIVE_VOICES[name] === 'female' ? 'f' : 'm')
  })

  it.each([
    ['aoede', 'en', 'af_aoede'],
    ['AF_HEART', 'en', 'af_heart'],
    ['ef_dora', 'en', 'ef_dora'],
    ['nobody', 'en', 'af_heart'],
    [undefined, 'en', 'af_heart'],
    ['Puck', 'es-MX', 'em_alex'],
    ['Charon', 'es', 'em_santa'],
    ['Kore', 'es', 'ef_dora'],
    [undefined, 'it', 'if_sara'],
    ['Puck', 'pt-BR', 'pm_alex'],
  ])('%s in %s → %s', (name, language, voice) =>
    expect(recipeFor(name, language, available)).toEqual([voice]),
  )

  it('brings loud and quiet voices to one level, and leaves an unknown one alone', () => {
    expect(gainFor(['af_nova'])).toBeCloseTo(10 ** (6.3 / 20), 2)
    expect(gainFor(['if_sara'])).toBeLessThan(0.6)
    expect(gainFor(['am_michael', 'am_puck'])).toBeCloseTo(10 ** (0.95 / 20), 2)
    expect(gainFor(['zz_new'])).toBe(1)
  })

  it('knows British voices', () => {
    expect(isBritish(['bf_emma'])).toBe(true)
    expect(isBritish(['af_heart'])).toBe(false)
  })
})

describe('openVoiceFiles', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'voices-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const write = (name: string, value: number) =>
    writeFile(path.join(folder, `${name}.bin`), new Float32Array(STYLE_ROWS * STYLE_VALUES).fill(value))

  it('mixes voices evenly', async () => {
    await write('am_a', 1)
    await write('am_b', 3)
    const mixed = await openVoiceFiles(folder).load(['am_a', 'am_b'])
    expect(mixed).toHaveLength(STYLE_ROWS * STYLE_VALUES)
    expect(mixed[0]).toBe(2)
  })

  it('names the file that is missing or of the wrong size, and reads it again once it is there', async () => {
    const files = openVoiceFiles(folder)
    await expect(files.load(['am_a'])).rejects.toThrow(/am_a\.bin/)
    await writeFile(path.join(folder, 'am_a.bin'), 'short')
    await expect(files.load(['am_a'])).rejects.toThrow(/5 bytes/)
    await write('am_a', 1)
    expect((await files.load(['am_a']))[0]).toBe(1)
  })
})
