import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkServerIdentity, connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAuthority, issueCertificate, isUsable, type KeyedCertificate, mayIssue } from './authority.js'
import { prepareTls, type TlsFiles, tlsPaths } from './index.js'
import { addressBytes } from './name-constraints.js'
import { pemBlocks, pemToDer } from './system-certificates.js'
import { createTrustStore } from './trust-store.js'

const DAY_MS = 86_400_000
const nowMs = Date.now()
const home = mkdtempSync(join(tmpdir(), 'vivavoce-tls-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const paths = tlsPaths(home)
const prepare = (host = '127.0.0.1', atMs = nowMs) => prepareTls({ home, host, nowMs: atMs })
const read = (name: string) => readFileSync(join(paths.folder, name), 'utf8')

let files: TlsFiles
beforeAll(async () => {
  files = await prepare()
})

/** The certificate that a client with these CAs sees, or the error it refuses with. */
async function handshake(
  server: { cert: string; key: string },
  ca: string,
  servername: string,
): Promise<string> {
  const listener = createServer(server).listen(0, '127.0.0.1')
  await new Promise((done) => listener.once('listening', done))
  const { port } = listener.address() as { port: number }
  const result = await new Promise<string>((done) => {
    const socket = connect(
      {
        port,
        host: '127.0.0.1',
        ca,
        ...(/[a-z]/.test(servername) ? { servername } : {}),
        checkServerIdentity: (_, certificate) => checkServerIdentity(servername, certificate),
      },
      () => {
        socket.end()
        done('ok')
      },
    )
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message))
  })
  listener.close()
  return result
}

describe('prepareTls', () => {
  it('serves localhost and the loopback addresses to clients that trust our CA, or the bundle', async () => {
    for (const name of ['localhost', '127.0.0.1']) {
      expect(await handshake(files, read('ca.pem'), name)).toBe('ok')
    }
    expect(await handshake(files, read('bundle.pem'), 'localhost')).toBe('ok')
    expect(new X509Certificate(files.cert).checkIP('::1')).toBe('::1')
  })

  it('keeps keys to the user', () => {
    for (const name of ['ca.key', 'server.key'])
      expect(statSync(join(paths.folder, name)).mode & 0o777).toBe(0o600)
  })

  it('ends with one CA where two start at once in an empty home', async () => {
    const fresh = join(home, 'fresh')
    const both = await Promise.all([1, 2].map(() => prepareTls({ home: fresh, host: '127.0.0.1', nowMs })))
    const ca = readFileSync(tlsPaths(fresh).ca, 'utf8')
    for (const server of both) expect(await handshake(server, ca, 'localhost')).toBe('ok')
  })

  it('changes nothing the second time', async () => {
    const names = ['ca.pem', 'ca.key', 'server.pem', 'server.key', 'bundle.pem', 'truststore.p12']
    const before = names.map((name) => statSync(join(paths.folder, name)).mtimeMs)
    await prepare()
    expect(names.map((name) => statSync(join(paths.folder, name)).mtimeMs)).toEqual(before)
  })

  it('issues a new certificate for a new address, and keeps the CA', async () => {
    const ca = read('ca.pem')
    const next = await prepare('192.168.77.5')
    expect(new X509Certificate(next.cert).checkIP('192.168.77.5')).toBeDefined()
    expect(read('ca.pem')).toBe(ca)
    expect((await prepare()).cert).toBe(next.cert)
  })

  it('makes a new CA, and its lists, only for a name that the old one may not sign', async () => {
    const ca = read('ca.pem')
    const next = await prepare('live.example.org')
    expect(read('ca.pem')).not.toBe(ca)
    expect(pemBlocks(read('bundle.pem'))).toContain(read('ca.pem'))
    expect(pemBlocks(read('bundle.pem'))).not.toContain(ca)
    expect(await handshake(next, read('ca.pem'), 'live.example.org')).toBe('ok')
  })

  it('renews a month before the end, and repairs a pair that does not match', async () => {
    const before = await prepare()
    const renewed = await prepare('127.0.0.1', nowMs + 370 * DAY_MS)
    expect(renewed.cert).not.toBe(before.cert)
    writeFileSync(join(paths.folder, 'server.key'), read('ca.key'))
    const repaired = await prepare()
    expect(await handshake(repaired, read('ca.pem'), 'localhost')).toBe('ok')
    writeFileSync(join(paths.folder, 'ca.pem'), 'rubbish')
    expect(await handshake(await prepare(), read('ca.pem'), 'localhost')).toBe('ok')
  })

  it('keeps what the user trusted so far, once, also from a shell that already uses our bundle', async () => {
    const company = (await createAuthority([], nowMs - DAY_MS)).certificatePem
    const renamed = join(home, 'company.pem')
    // A CA of another name: ours are dropped on purpose.
    const other = pemBlocks(read('bundle.pem')).find((pem) => pem !== read('ca.pem')) as string
    writeFileSync(renamed, `# company\n${other}${company}`)
    await prepareTls({
      home,
      host: '127.0.0.1',
      nowMs,
      extraTrust: [renamed, paths.bundle, join(home, 'none')],
    })
    const blocks = pemBlocks(read('bundle.pem'))
    expect(blocks.filter((pem) => pem === other)).toHaveLength(1)
    expect(blocks.filter((pem) => pem === read('ca.pem'))).toHaveLength(1)
    expect(blocks).not.toContain(company)
    expect(blocks.length).toBeGreaterThan(20)
  })
})

describe('the CA', () => {
  let authority: KeyedCertificate
  beforeAll(async () => {
    authority = await createAuthority(['live.example.org', '203.0.113.9'], nowMs)
  })

  it('may sign for local names and the ones it was made for, not for the internet', () => {
    const may = (host: string) => mayIssue(authority.certificatePem, host)
    expect(
      [
        'localhost',
        'a.localhost',
        'box.local',
        '10.1.2.3',
        '172.31.0.1',
        'fe80::1',
        'fd00::5',
        '203.0.113.9',
      ].every(may),
    ).toBe(true)
    expect(
      ['google.com', 'local.com', '8.8.8.8', '172.32.0.1', '203.0.113.8', '2001:db8::1', 'example.org'].some(
        may,
      ),
    ).toBe(false)
  })

  it('is not believed by a client about another name, whatever it signs', async () => {
    const honest = await issueCertificate(authority, ['localhost'], nowMs)
    const ca = authority.certificatePem
    expect(await handshake({ cert: honest.certificatePem, key: honest.keyPem }, ca, 'localhost')).toBe('ok')
    // OpenSSL says "permitted subtree violation", for which Node has no code before version 22.
    const forged = await issueCertificate(authority, ['google.com', '8.8.8.8', 'localhost'], nowMs)
    expect(
      await handshake(
        { cert: forged.certificatePem, key: forged.keyPem },
        authority.certificatePem,
        'google.com',
      ),
    ).toMatch(/UNSPECIFIED|PERMITTED_SUBTREE/)
  })

  it('passes the strict verification that Python 3.13 turned on', async () => {
    const leaf = await issueCertificate(authority, ['localhost', '127.0.0.1', '::1'], nowMs)
    writeFileSync(join(home, 'strict-ca.pem'), authority.certificatePem)
    writeFileSync(join(home, 'strict.pem'), leaf.certificatePem)
    let output: string
    try {
      output = execFileSync(
        'openssl',
        [
          'verify',
          '-x509_strict',
          '-purpose',
          'sslserver',
          '-CAfile',
          join(home, 'strict-ca.pem'),
          join(home, 'strict.pem'),
        ],
        { encoding: 'utf8', stdio: 'pipe' },
      )
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      console.log('strict verification: no openssl command on this machine')
      return
    }
    expect(output).toContain('OK')
  })

  it('is replaced when key and certificate differ or time is up', () => {
    expect(isUsable(authority, nowMs)).toBe(true)
    expect(isUsable(authority, nowMs + 3_630 * DAY_MS)).toBe(false)
    expect(isUsable(authority, nowMs - 2 * DAY_MS)).toBe(false)
    expect(isUsable({ ...authority, keyPem: read('ca.key') }, nowMs)).toBe(false)
    expect(isUsable({ certificatePem: '', keyPem: '' }, nowMs)).toBe(false)
  })
})

it('the trust store is the same for the same certificates', () => {
  const entry = { alias: 'a', der: pemToDer(read('ca.pem')) }
  expect(createTrustStore([entry]).equals(createTrustStore([entry]))).toBe(true)
  expect(createTrustStore([entry]).equals(createTrustStore([entry, { ...entry, alias: 'b' }]))).toBe(false)
})

it.each([
  ['1.2.3.4', '01020304'],
  ['::1', '00000000000000000000000000000001'],
  ['::', '00000000000000000000000000000000'],
  ['fe80::1:2', 'fe800000000000000000000000010002'],
  ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
  ['::ffff:1.2.3.4', '00000000000000000000ffff01020304'],
])('reads the address %s', (address, hex) => {
  expect(addressBytes(address).toString('hex')).toBe(hex)
})
