import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { loadConfig } from '../config/index.js'
import { banner } from './banner.js'

const text = (values: Record<string, unknown>, tlsPort?: number) => {
  const home = join(homedir(), '.vivavoce')
  const { config } = loadConfig({
    flags: { values: { home, ...values } },
    env: {},
    cwd: '/none',
    home: '/none',
  })
  return banner(config, { port: 8484, ...(tlsPort ? { tlsPort } : {}) }, [])
}

it('says what to paste for this very server', () => {
  const usual = text({}, 8485)
  expect(usual).toContain('any API key does')
  expect(usual).toContain('eval "$(vivavoce env)"')
  expect(usual).toContain('{"base_url": "https://localhost:8485"}')
})

it('promises nothing that keys forbid', () => {
  const withKeys = text({ apiKeys: ['sesame'] }, 8485)
  expect(withKeys).not.toMatch(/any API key|"any"|'any'/)
  expect(withKeys).not.toContain('sesame')
})

it('names the home where `env` would not look', () => {
  expect(text({ home: '/srv/my voice' })).toContain(`env --home '/srv/my voice')"`)
})

it('offers nothing to the Python SDK without TLS', () => {
  expect(text({})).toMatch(/Python +not without TLS/)
})
