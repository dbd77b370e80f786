import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkBind, isLoopbackHost } from './combinations.js'
import { ConfigError } from './error.js'
import { type LoadOptions, loadConfig } from './load.js'

let root: string
let cwd: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vivavoce-config-'))
  cwd = join(root, 'project')
  mkdirSync(join(root, '.vivavoce'), { recursive: true })
  mkdirSync(cwd)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const load = (options: Partial<LoadOptions> = {}) => loadConfig({ env: {}, cwd, home: root, ...options })
const write = (text: string, folder = cwd) => writeFileSync(join(folder, 'vivavoce.yaml'), text)

function problemsOf(options: Partial<LoadOptions>): string {
  try {
    load(options)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('expected a ConfigError')
}

describe('layers', () => {
  it('starts from the defaults, with home under the home directory', () => {
    const { config, origins, file } = load()
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 8484,
      tlsPort: 8485,
      apiKeys: [],
      engines: 'embedded',
    })
    expect(config.home).toBe(join(root, '.vivavoce'))
    expect(config.tts.engine).toBe('auto')
    expect(config.turns.silenceDurationMs).toBeUndefined()
    expect(file).toBeUndefined()
    expect(new Set(Object.values(origins))).toEqual(new Set(['default']))
  })

  it('flags win over environment, environment over file, file over default', () => {
    write('port: 1001\ntlsPort: 1002\nmaxSessions: 3\n')
    const { config, origins } = load({
      env: { VIVAVOCE_PORT: '2001', VIVAVOCE_TLS_PORT: '2002', PATH: '/bin' },
      flags: { values: { port: '3001' } },
    })
    expect([config.port, config.tlsPort, config.maxSessions, config.pacing]).toEqual([3001, 2002, 3, 'auto'])
    expect(origins).toMatchObject({
      port: '--port',
      tlsPort: 'VIVAVOCE_TLS_PORT',
      maxSessions: `${join(cwd, 'vivavoce.yaml')}:3`,
      pacing: 'default',
    })
  })

  it('takes the file of the working directory, else the one in home, else the one named', () => {
    write('port: 1\n', join(root, '.vivavoce'))
    expect(load().config.port).toBe(1)
    write('port: 2\n')
    expect(load().config.port).toBe(2)
    writeFileSync(join(root, 'other.yaml'), 'port: 3\n')
    expect(load({ flags: { values: {}, configFile: '../other.yaml' } }).config.port).toBe(3)
    expect(load({ env: { VIVAVOCE_CONFIG: join(root, 'other.yaml') } }).config.port).toBe(3)
  })

  it('finds the file in the home that the environment names', () => {
    mkdirSync(join(root, 'elsewhere'))
    write('port: 4\n', join(root, 'elsewhere'))
    const { config } = load({ env: { VIVAVOCE_HOME: '~/elsewhere' } })
    expect([config.port, config.home]).toEqual([4, join(root, 'elsewhere')])
  })

  it('resolves paths against whoever names them', () => {
    write('engines: scripted\nscript: rules.yaml\n', join(root, '.vivavoce'))
    expect(load().config.script).toBe(join(root, '.vivavoce', 'rules.yaml'))
    expect(load({ flags: { values: { script: 'mine.yaml' } } }).config.script).toBe(join(cwd, 'mine.yaml'))
  })

  it('reads lists, booleans and sections from every layer', () => {
    write('apiKeys: [one, two]\nllm:\n  url: http://127.0.0.1:8000/v1\n  model: m\ntts:\n')
    const { config } = load({
      env: { VIVAVOCE_OFFLINE: 'yes', VIVAVOCE_MODELS: 'a, b', VIVAVOCE_LOG_LEVEL: '' },
    })
    expect(config).toMatchObject({
      apiKeys: ['one', 'two'],
      offline: true,
      models: ['a', 'b'],
      logLevel: 'info',
    })
    expect(load({ flags: { values: { apiKeys: ['k'], offline: false } } }).config.apiKeys).toEqual(['k'])
  })

  it('lets a URL choose the remote engine', () => {
    const { config, origins } = load({ env: { VIVAVOCE_LLM_URL: 'http://h/v1', VIVAVOCE_LLM_MODEL: 'm' } })
    expect(config.llm.engine).toBe('openai')
    expect(origins['llm.engine']).toContain('VIVAVOCE_LLM_URL')
  })
})

describe('mistakes', () => {
  it.each([
    ['prot: 1', 'vivavoce.yaml:1: there is no setting "prot". Did you mean "port"?'],
    ['port: 1\ntls_port: 2', 'vivavoce.yaml:2: there is no setting "tls_port". Did you mean "tlsPort"?'],
    [
      'llm:\n  engine: auto\n  modle: x',
      'vivavoce.yaml:3: there is no setting "llm.modle". Did you mean "llm.model"?',
    ],
    ['llmUrl: http://x', 'there is no setting "llmUrl". Did you mean "llm.url"?'],
    ['blockchain: true', 'there is no setting "blockchain". See vivavoce config.'],
    ['llm:\n  blockchain: true', 'there is no setting "llm.blockchain". There are engine, '],
    ['tts: kokoro', '"tts" is a section: put engine, url'],
    ['- a', 'expected lines of the form'],
    ['port: [', 'vivavoce.yaml:'],
    ['port: 1\nport: 2', 'vivavoce.yaml:2'],
    ['port: abc', 'vivavoce.yaml:1): got "abc", expected a whole number from 0 to 65535.'],
    ['port: 70000', 'got 70000, expected a whole number from 0 to 65535.'],
    ['port:', 'got null, expected a whole number'],
    ['offline: perhaps', 'got "perhaps", expected true or false.'],
    ['apiKeys: 5', 'apiKeys (from'],
    ['apiKeys:\n  - 5', 'got a value that is not shown, expected a list of texts.'],
    ['logLevel: loud', 'expected one of fatal, error, warn'],
    ['hubUrl: ftp://x', 'expected a URL that starts with http:// or https://.'],
    ['realtime: { url: "localhost:9000" }', 'starts with http://, https://, ws:// or wss://.'],
    ['sessions: { redisUrl: "http://x" }', 'expected a URL that starts with redis:// or rediss://.'],
    ['host: 5', 'got 5, expected a text'],
  ])('%j is refused and says where and what instead', (text, message) => {
    write(text)
    expect(problemsOf({})).toContain(message)
  })

  it('names an unknown variable, but not those of tests and other programs', () => {
    expect(problemsOf({ env: { VIVAVOCE_PROT: '1' } })).toBe(
      'The environment variable VIVAVOCE_PROT is no setting. Did you mean VIVAVOCE_PORT?',
    )
    expect(() => load({ env: { VIVAVOCE_TEST_PYTHON: 'x', OTHER: 'y' } })).not.toThrow()
  })

  it('names variable and flag of a bad value, and never prints a secret', () => {
    expect(problemsOf({ env: { VIVAVOCE_PORT: 'x1' } })).toContain('port (from VIVAVOCE_PORT): got "x1"')
    expect(problemsOf({ flags: { values: { tlsPort: '-4' } } })).toContain(
      'tlsPort (from --tls-port): got "-4"',
    )
    expect(problemsOf({ flags: { values: { apiKeys: ['s3cret', ''] } } })).not.toContain('s3cret')
  })

  it('reports all problems at once, also those that another layer covers', () => {
    write('port: abc\nnope: 1\n')
    const lines = problemsOf({ env: { VIVAVOCE_TLS_PORT: 'zz' } }).split('\n')
    expect(lines).toHaveLength(2)
    write('port: abc\n')
    expect(problemsOf({ flags: { values: { port: '1' } } })).toContain('got "abc"')
  })

  it('a named file must exist', () => {
    expect(problemsOf({ flags: { values: {}, configFile: 'none.yaml' } })).toContain(
      'none.yaml does not exist',
    )
  })

  it.each([
    ['llm: { engine: openai, model: m }', 'llm.url is missing'],
    ['llm: { input: audio }', 'llm.input audio (from '],
    ['realtime: { model: m }', 'realtime.url is missing'],
    [
      'realtime: { url: "ws://x/v1", model: m }\nllm: { url: "http://x", model: m }',
      'realtime.url stands behind every',
    ],
    ['llm: { url: http://x/v1 }', 'llm.model is missing'],
    ['tts: { engine: piper, url: http://x/v1, model: m }', 'tts.url (from'],
    ['llm: { engine: qwen2.5-coder-0.5b, modelPath: x.gguf }', 'llm.modelPath (from'],
    ['freeVoicesOnly: true\ntts: { engine: piper }', 'refused by freeVoicesOnly'],
    ['script: x.yaml', 'set engines to scripted'],
    ['port: 9\ntlsPort: 9', 'choose two ports'],
  ])('%j contradicts itself', (text, message) => {
    write(text)
    expect(problemsOf({})).toContain(message)
  })
})

describe('checkBind', () => {
  const bind = (host: string, apiKeys: string[] = [], insecure = false) =>
    checkBind({ host, apiKeys, insecure })

  it('lets loopback, keys and insecure pass', () => {
    for (const host of ['127.0.0.1', '127.8.9.1', '::1', '[::1]', 'localhost'])
      expect(() => bind(host)).not.toThrow()
    expect(() => bind('0.0.0.0', ['k'])).not.toThrow()
    expect(() => bind('::', [], true)).not.toThrow()
  })

  it.each(['0.0.0.0', '::', '192.168.1.4', 'myhost', '127.0.0.1.example.com'])(
    'refuses a bare %s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false)
      expect(() => bind(host)).toThrow(/--api-key.*--insecure/)
    },
  )
})

it('takes an IPv6 address as URLs write it', () => {
  const hostOf = (host: string) => load({ flags: { values: { host } } }).config.host
  expect([hostOf('[::1]'), hostOf('::1'), hostOf('localhost')]).toEqual(['::1', '::1', 'localhost'])
})
