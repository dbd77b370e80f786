import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { type Config, ConfigError, loadConfig } from '../config/index.js'
import { prepareTls } from '../gateway/tls/index.js'
import { examine, findingsText } from './doctor.js'
import { checkClock, checkDisk, checkNode, checkPort, checkRemote, checkTls } from './doctor-checks.js'
import { readServerFile, removeServerFile, writeServerFile } from './server-file.js'

const root = mkdtempSync(join(tmpdir(), 'vivavoce-doctor-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const config = (values: Record<string, unknown> = {}): Config =>
  loadConfig({ flags: { values: { home: join(root, 'home'), ...values } }, env: {}, cwd: root, home: root })
    .config

async function withServer(status: number, use: (port: number) => Promise<void>): Promise<void> {
  const server = createServer((_, response) => response.writeHead(status).end())
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  try {
    await use((server.address() as AddressInfo).port)
  } finally {
    server.close()
  }
}

describe('checks', () => {
  it.each([
    ['v20.19.0', 'ok'],
    ['v24.1.0', 'ok'],
    ['v20.18.9', 'fail'],
    ['v18.20.0', 'fail'],
  ])('Node %s: %s', (version, state) => {
    expect(checkNode(version).state).toBe(state)
  })

  it('tells a free port, ours, and one that another program has', async () => {
    await withServer(200, async (port) => {
      const taken = await checkPort('port', config({ port }), undefined)
      expect(taken).toMatchObject({ state: 'fail', cure: expect.stringContaining('--port') })
      const ours = { pid: process.pid, host: '127.0.0.1', port, startedAt: '2026-01-01' }
      expect(await checkPort('port', config({ port }), ours)).toMatchObject({
        state: 'ok',
        detail: expect.stringContaining('ours'),
      })
      const address = await checkPort('tlsPort', config({ tlsPort: port, host: '192.0.2.1' }), undefined)
      expect(address.cure).toContain('--host')
    })
    expect((await checkPort('port', config({ port: 0 }), undefined)).state).toBe('ok')
    expect((await checkPort('tlsPort', config({ tlsPort: 0 }), undefined)).state).toBe('warn')
  })

  it('weighs the disk against what is still to be fetched', async () => {
    expect((await checkDisk(join(root, 'not', 'yet'), 0)).state).toBe('ok')
    expect(await checkDisk(root, 1e18)).toMatchObject({
      state: 'fail',
      cure: expect.stringContaining('VIVAVOCE_HOME'),
    })
    // A file system without any space.
    if (existsSync('/proc/self')) expect((await checkDisk('/proc/home', 0)).state).toBe('fail')
  })

  it('judges certificates: none yet, good, over, broken', async () => {
    const settings = config()
    const nowMs = Date.now()
    expect(checkTls(settings, nowMs)).toMatchObject({
      state: 'ok',
      detail: expect.stringContaining('first start'),
    })
    const { paths } = await prepareTls({ home: settings.home, host: '127.0.0.1', nowMs })
    expect(checkTls(settings, nowMs)).toMatchObject({ state: 'ok', detail: expect.stringContaining('valid') })
    expect(checkTls(settings, nowMs + 400 * 86_400_000).state).toBe('warn')
    rmSync(paths.bundle)
    expect(checkTls(settings, nowMs)).toMatchObject({
      state: 'warn',
      detail: expect.stringContaining('bundle.pem'),
    })
    writeFileSync(paths.bundle, 'x')
    writeFileSync(paths.ca, 'x')
    expect(checkTls(settings, nowMs).state).toBe('fail')
  })

  it('asks remote engines, and tells a refused key from silence', async () => {
    const remote = (port: number) =>
      config({ 'llm.url': `http://127.0.0.1:${port}/v1`, 'llm.model': 'm', 'llm.apiKey': 's3cret' })
    await withServer(200, async (port) => expect((await checkRemote('llm', remote(port)))?.state).toBe('ok'))
    await withServer(401, async (port) => {
      const finding = await checkRemote('llm', remote(port))
      expect(finding).toMatchObject({ state: 'fail', cure: expect.stringContaining('llm.apiKey') })
      expect(JSON.stringify(finding)).not.toContain('s3cret')
    })
    let gone = 0
    await withServer(200, async (port) => void (gone = port))
    expect(await checkRemote('llm', remote(gone))).toMatchObject({
      state: 'fail',
      detail: expect.stringContaining('ECONNREFUSED'),
    })
    expect(await checkRemote('tts', remote(gone))).toBeUndefined()
  })

  it('a clock before this program was made is wrong', () => {
    expect(checkClock(0).state).toBe('fail')
    expect(checkClock(Date.now()).state).toBe('ok')
  })
})

describe('examine', () => {
  const ports = { port: '0', tlsPort: '0' }

  it('says all that is missing where nothing is there yet, as warnings', async () => {
    const findings = await examine(() => ({ config: config(ports), file: undefined }))
    const weights = findings.filter(({ name }) => name === 'Weights')
    expect(weights.map(({ state }) => state)).toEqual(Array(9).fill('warn'))
    expect(findings.filter(({ state }) => state === 'fail')).toEqual([])
  })

  it('fails where offline forbids to fetch what is missing', async () => {
    const findings = await examine(() => ({ config: config({ ...ports, offline: true }), file: undefined }))
    expect(findings).toContainEqual(expect.objectContaining({ name: 'Weights', state: 'fail' }))
  })

  it('needs no weights for scripted engines', async () => {
    const findings = await examine(() => ({
      config: config({ ...ports, engines: 'scripted' }),
      file: undefined,
    }))
    expect(findings).toContainEqual(expect.objectContaining({ name: 'Weights', state: 'ok' }))
  })

  it('reports a configuration that does not load or is not safe', async () => {
    const broken = () => {
      throw new ConfigError(['first', 'second'])
    }
    const failures = (await examine(broken)).filter(({ state }) => state === 'fail')
    expect(failures.map(({ detail }) => detail)).toEqual(['first', 'second'])
    const open = await examine(() => ({ config: config({ host: '0.0.0.0' }), file: undefined }))
    expect(open.at(-1)).toMatchObject({ name: 'Configuration', state: 'fail' })
  })
})

it('prints one line per finding and each cure once', () => {
  const text = findingsText([
    { name: 'A', state: 'ok', detail: 'fine' },
    { name: 'Bee', state: 'warn', detail: 'one', cure: 'do this' },
    { name: 'Bee', state: 'warn', detail: 'two', cure: 'do this' },
    { name: 'C', state: 'fail', detail: 'bad', cure: 'do that' },
  ])
  expect(text.split('\n')).toEqual([
    'ok    A    fine',
    'warn  Bee  one',
    'warn  Bee  two',
    '           → do this',
    'fail  C    bad',
    '           → do that',
    '',
    '1 to mend, 2 to know about.',
    '',
  ])
})

it('finds the server that was started last of those that run, not the file of one that is gone', () => {
  const write = (pid: number, port: number, startedAt: string) =>
    writeServerFile(root, { pid, host: 'h', port, startedAt })
  expect(readServerFile(join(root, 'none'))).toBeUndefined()
  // No system gives out process ids this high.
  write(2 ** 30, 1, '2026-01-03')
  expect(readServerFile(root)).toBeUndefined()
  write(process.pid, 2, '2026-01-01')
  write(process.ppid, 3, '2026-01-02')
  expect(readdirSync(join(root, 'servers'))).not.toContain(`${2 ** 30}.json`)
  expect(readServerFile(root)).toMatchObject({ host: 'h', port: 3 })
  // When the later one ends, the earlier one is found again.
  removeServerFile(root, process.ppid)
  expect(readServerFile(root)).toMatchObject({ port: 2 })
})
