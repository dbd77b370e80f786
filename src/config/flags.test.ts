import { Command } from 'commander'
import { expect, it } from 'vitest'
import { FIELDS } from './fields.js'
import { addServeOptions, flagsFrom } from './flags.js'
import { loadConfig } from './load.js'

function parse(...args: string[]) {
  const command = addServeOptions(new Command('serve').exitOverride().configureOutput({ writeErr: () => {} }))
  command.parse(args, { from: 'user' })
  return flagsFrom(command)
}

it('gives back only what was given, by key', () => {
  const { values, configFile } = parse(
    ...[
      '--port',
      '8080',
      '--tls-port',
      '8443',
      '--host',
      '0.0.0.0',
      '--engines',
      'scripted',
      '--script',
      's.yaml',
    ],
    ...['--tts', 'kokoro', '--llm', 'auto', '--asr', 'auto', '--llm-url', 'http://x/v1', '--api-key', 'a'],
    ...['--api-key', 'b', '--insecure', '--no-offline', '--config', 'f.yaml', '--log-level', 'debug'],
    ...['--free-voices-only', '--silence-duration-ms', '300', '--allowed-origin', 'https://x'],
  )
  expect(configFile).toBe('f.yaml')
  expect(values).toEqual({
    port: '8080',
    tlsPort: '8443',
    host: '0.0.0.0',
    engines: 'scripted',
    script: 's.yaml',
    'tts.engine': 'kokoro',
    'llm.engine': 'auto',
    'asr.engine': 'auto',
    'llm.url': 'http://x/v1',
    apiKeys: ['a', 'b'],
    insecure: true,
    offline: false,
    logLevel: 'debug',
    freeVoicesOnly: true,
    'turns.silenceDurationMs': '300',
    allowedOrigins: ['https://x'],
  })
})

it('reaches the configuration', () => {
  const flags = parse('--port', '0', '--no-insecure', '--api-key', 'a,b')
  const { config, origins } = loadConfig({ flags, env: {}, cwd: '/nowhere', home: '/nowhere' })
  expect(config.port).toBe(0)
  expect(config.insecure).toBe(false)
  expect(config.apiKeys).toEqual(['a,b'])
  expect(origins.apiKeys).toBe('--api-key')
})

it('refuses an unknown flag with the nearest name', () => {
  expect(() => parse('--prot', '1')).toThrow(/--port/)
})

it('can be limited to some keys', () => {
  const command = addServeOptions(new Command(), ['home', 'port'])
  expect(command.options.map(({ long }) => long)).toEqual(['--port', '--home', '--config'])
})

it('every setting has a description and flags and variables of its own', () => {
  expect(FIELDS.filter(({ description }) => description === '')).toEqual([])
  expect(new Set(FIELDS.map(({ flag }) => flag)).size).toBe(FIELDS.length)
  expect(new Set(FIELDS.map(({ environmentName }) => environmentName)).size).toBe(FIELDS.length)
})

it('the help names every choice', () => {
  const { options } = addServeOptions(new Command())
  const missing = FIELDS.flatMap(({ flag, choices }) => {
    const option = options.find(({ long }) => long === `--${flag}`)
    const help = `${option?.flags} ${option?.description}`
    return choices.filter((choice) => !help.includes(choice)).map((choice) => `--${flag}: ${choice}`)
  })
  expect(missing).toEqual([])
})
