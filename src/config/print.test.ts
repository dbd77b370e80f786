import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadConfig } from './load.js'
import { configAsJson, configAsYaml, sampleFile } from './print.js'

const root = mkdtempSync(join(tmpdir(), 'vivavoce-print-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const loaded = loadConfig({
  env: {
    VIVAVOCE_API_KEYS: 'hush-1,hush-2',
    VIVAVOCE_LLM_URL: 'http://user:hush-3@box:8000/v1',
    VIVAVOCE_LLM_API_KEY: 'hush-4',
    VIVAVOCE_LLM_MODEL: 'm',
  },
  cwd: root,
  home: root,
})

it('prints YAML that parses, with origins and without secrets', () => {
  const text = configAsYaml(loaded)
  expect(text).not.toContain('hush')
  expect(text).toMatch(/^port: 8484 +# default$/m)
  expect(text).toMatch(/^ {2}model: m +# VIVAVOCE_LLM_MODEL$/m)
  expect(parse(text)).toMatchObject({
    apiKeys: ['[redacted]', '[redacted]'],
    llm: { url: 'http://[redacted]@box:8000/v1', apiKey: '[redacted]', engine: 'openai' },
  })
})

it('prints JSON without secrets', () => {
  const text = configAsJson(loaded)
  expect(text).not.toContain('hush')
  expect(JSON.parse(text)).toMatchObject({
    config: { port: 8484, llm: { model: 'm' } },
    origins: { port: 'default' },
  })
})

it('the sample changes nothing as it is, nor with every default uncommented', () => {
  const sample = sampleFile()
  const defaults = loadConfig({ env: {}, cwd: root, home: root }).config
  const file = join(root, 'sample.yaml')
  const load = (text: string) => {
    writeFileSync(file, text)
    return loadConfig({ flags: { values: {}, configFile: file }, env: {}, cwd: root, home: root }).config
  }
  expect(load(sample)).toEqual(defaults)
  expect(load(sample.replace(/^( *)#([a-zA-Z]+: .*)$/gm, '$1$2'))).toEqual(defaults)
})
