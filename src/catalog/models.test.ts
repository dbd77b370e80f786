import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { sourceUrl } from './fetch-files.js'
import { modelPaths } from './home.js'
import { defaultModelIds, fetchedFiles, findModel, models } from './models.js'

const files = models.flatMap((model) => fetchedFiles(model).map((file) => ({ model, file })))

describe('the catalog', () => {
  it('pins every file and every part of a package by digest and size', () => {
    for (const { file } of files) {
      expect(file.sha256, file.path).toMatch(/^[0-9a-f]{64}$/)
      // Done without where it cannot be fetched.
      expect(file.sources.length, file.path).toBeGreaterThan(/^efficientnet/.test(file.path) ? 0 : 1)
      for (const source of file.sources) {
        if (!('parts' in source)) continue
        expect(
          source.parts.reduce((sum, part) => sum + part.bytes, 0),
          file.path,
        ).toBe(file.bytes)
        for (const part of source.parts) expect(part.sha256, part.name).toMatch(/^[0-9a-f]{64}$/)
        if (source.parts.length === 1) expect(source.parts[0]?.sha256).toBe(file.sha256)
      }
    }
  })

  it('has no digest and no place twice', () => {
    expect(new Set(files.map(({ file }) => file.sha256)).size).toBe(files.length)
    expect(new Set(files.map(({ model, file }) => `${model.id}/${file.path}`)).size).toBe(files.length)
  })

  it('names a main file that is fetched or made', () => {
    for (const { main, files: kept, conversion } of models)
      expect([...kept, ...(conversion?.outputs ?? [])].map(({ path }) => path)).toContain(main)
  })

  it('has the 54 Kokoro voices', () => {
    expect(findModel('kokoro-82m').files.filter(({ path }) => /^voices\/\w+\.bin$/.test(path))).toHaveLength(
      54,
    )
  })

  it('fetches one engine of each kind by default', () => {
    expect(new Set(defaultModelIds.map((id) => findModel(id).kind))).toEqual(
      new Set(['vad', 'turn', 'speaker', 'asr', 'llm', 'tts', 'vision']),
    )
  })

  it('says which ids exist when asked for another', () => {
    expect(() => findModel('gpt')).toThrow(/There is no model "gpt".*whisper-base/)
    expect(() => modelPaths('/home', '../etc')).toThrow(/There is no model/)
  })

  it('builds hub addresses as the hub expects them, mirrors included', () => {
    const hubOf = (id: string) => findModel(id).files[0]!.sources.find((source) => source.type === 'hub')!
    expect(sourceUrl(hubOf('piper-joe'), 'https://huggingface.co')).toBe(
      'https://huggingface.co/rhasspy/piper-voices/resolve/v1.0.0/en/en_US/joe/medium/en_US-joe-medium.onnx',
    )
    expect(sourceUrl(hubOf('kokoro-82m'), 'http://mirror:8080/hf/')).toMatch(
      /^http:\/\/mirror:8080\/hf\/onnx-community\/Kokoro-82M-v1.0-ONNX\/resolve\/[0-9a-f]{40}\/voices\/af_alloy\.bin$/,
    )
  })
})

describe('MODELS.md', () => {
  const document = readFileSync(new URL('../../MODELS.md', import.meta.url), 'utf8')

  it.each(models.map((model) => [model.id, model] as const))(
    'describes %s as the catalog has it',
    (_, model) => {
      for (const file of fetchedFiles(model)) {
        const row = document.split('\n').find((line) => line.includes(file.sha256))
        expect(row, file.path).toContain(`\`${file.path}\``)
        expect(row, file.path).toContain(file.bytes.toLocaleString('en-US'))
        for (const source of file.sources) {
          if (source.type === 'hub')
            expect(document).toContain(`\`${source.repo}\` at \`${source.revision}\``)
          else if (source.type === 'https') expect(document).toContain(source.url)
          else expect(document).toContain(`${source.parts[0]!.name} ${source.parts[0]!.version}`)
        }
      }
      expect(document).toContain(model.licence)
      if (model.terms) expect(document).toContain(model.terms)
    },
  )
})
