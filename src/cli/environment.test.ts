import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { type PlanInput, planEnvironment, reachableHost } from './environment-plan.js'
import { shellLines } from './shell-lines.js'

const tls = {
  folder: '/h/tls',
  ca: '/h/tls/ca.pem',
  bundle: '/h/tls/bundle.pem',
  trustStore: '/h/tls/truststore.p12',
}
const input: PlanInput = {
  host: '127.0.0.1',
  port: 8484,
  tlsPort: 8485,
  isOnLoopback: true,
  apiKeys: [],
  tls,
  cloudSdkFolder: '/h/no-gcloud',
  environment: {},
}
const plan = (change: Partial<PlanInput> = {}) => {
  const { set, unset, notes } = planEnvironment({ ...input, ...change })
  return { set: Object.fromEntries(set), unset, notes: notes.join('\n') }
}

describe('planEnvironment', () => {
  it('points both APIs, the metadata look-up and every kind of trust here', () => {
    const { set, unset } = plan()
    expect(set).toEqual({
      GOOGLE_GEMINI_BASE_URL: 'https://127.0.0.1:8485',
      GOOGLE_VERTEX_BASE_URL: 'https://127.0.0.1:8485',
      GOOGLE_CLOUD_PROJECT: 'vivavoce',
      GOOGLE_CLOUD_LOCATION: 'us-central1',
      GCE_METADATA_HOST: '127.0.0.1:8484',
      GCE_METADATA_IP: '127.0.0.1:8484',
      CLOUDSDK_CONFIG: '/h/no-gcloud',
      GEMINI_API_KEY: 'vivavoce',
      SSL_CERT_FILE: tls.bundle,
      REQUESTS_CA_BUNDLE: tls.bundle,
      NODE_EXTRA_CA_CERTS: tls.ca,
      JAVA_TOOL_OPTIONS:
        '-Djavax.net.ssl.trustStore=/h/tls/truststore.p12 -Djavax.net.ssl.trustStorePassword=changeit',
    })
    expect(unset).toEqual(['GOOGLE_APPLICATION_CREDENTIALS'])
  })

  it('leaves a key that is set alone, and never prints it', () => {
    for (const name of ['GEMINI_API_KEY', 'GOOGLE_API_KEY']) {
      const result = plan({ environment: { [name]: 'real-key' } })
      expect(result.set).not.toHaveProperty('GEMINI_API_KEY')
      expect(JSON.stringify(result)).not.toContain('real-key')
    }
  })

  it('gives a key of the configuration where the server asks for one', () => {
    const { set, unset } = plan({ apiKeys: ['mine', 'other'], environment: { GOOGLE_API_KEY: 'real-key' } })
    expect(set.GEMINI_API_KEY).toBe('mine')
    expect(unset).toContain('GOOGLE_API_KEY')
  })

  it('keeps project, location, Java options, extra CAs and proxies of the user', () => {
    const { set } = plan({
      environment: {
        GOOGLE_CLOUD_PROJECT: 'p',
        GOOGLE_CLOUD_LOCATION: 'europe-west4',
        JAVA_TOOL_OPTIONS: '-Xmx1g',
        NODE_EXTRA_CA_CERTS: '/etc/company.pem',
        https_proxy: 'http://proxy:3128',
        NO_PROXY: 'intranet, 127.0.0.1',
      },
    })
    expect(set).toMatchObject({
      GOOGLE_CLOUD_PROJECT: 'p',
      GOOGLE_CLOUD_LOCATION: 'europe-west4',
      NODE_EXTRA_CA_CERTS: tls.bundle,
      NO_PROXY: 'intranet,127.0.0.1,localhost,::1',
      no_proxy: 'intranet,127.0.0.1,localhost,::1',
    })
    expect(set.JAVA_TOOL_OPTIONS).toMatch(/^-Xmx1g -Djavax/)
  })

  it('is the same a second time in the shell that it made', () => {
    const first = plan({ environment: { JAVA_TOOL_OPTIONS: '-Xmx1g' } })
    expect(plan({ environment: first.set }).set).toEqual({ ...first.set, GEMINI_API_KEY: undefined })
  })

  it('takes away what would keep the libraries from asking us', () => {
    const environment = { NO_GCE_CHECK: 'true', METADATA_SERVER_DETECTION: 'none' }
    expect(plan({ environment }).unset).toEqual([
      'GOOGLE_APPLICATION_CREDENTIALS',
      'NO_GCE_CHECK',
      'METADATA_SERVER_DETECTION',
    ])
  })

  it('without TLS gives plain addresses, no trust, and says who cannot connect', () => {
    const { set, notes } = plan({ tlsPort: undefined })
    expect(set.GOOGLE_GEMINI_BASE_URL).toBe('http://127.0.0.1:8484')
    expect(set).not.toHaveProperty('SSL_CERT_FILE')
    expect(notes).toContain('Python')
  })

  it('promises no Vertex token where metadata is not answered', () => {
    const { set, notes } = plan({ host: '192.168.1.4', isOnLoopback: false })
    expect(set).not.toHaveProperty('GCE_METADATA_HOST')
    expect(notes).toContain('192.168.1.4')
  })

  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['::', '127.0.0.1'],
    ['::1', '[::1]'],
    ['[::1]', '[::1]'],
    ['box.lan', 'box.lan'],
  ])('a server on %s is reached at %s', (host, reached) => {
    expect(reachableHost(host)).toBe(reached)
  })
})

describe('shellLines', () => {
  const awkward = `it's "$HOME" \`x\` 100% \\ & a;b`
  const hard = { set: [['A', awkward]] as const, unset: ['B'], notes: ["don't ..."] }

  it.runIf(process.platform !== 'win32').each(['eval "$LINES_"', 'eval $LINES_'])(
    'bash gets exactly the values from %s',
    (use) => {
      const simple = { ...hard, set: [['A', use.includes('"') ? awkward : "it's; b"]] as const }
      const script = `${use}; printf '%s' "$A" "<\${B-gone}>"`
      const output = execFileSync('bash', ['-c', script], {
        env: { LINES_: shellLines('bash', simple), B: 'old', PATH: process.env.PATH },
        encoding: 'utf8',
      })
      expect(output).toBe(`${simple.set[0][1]}<gone>`)
    },
  )

  it.each([
    ['fish', [String.raw`set -gx A 'it\'s "$HOME" ${'`x`'} 100% \\ & a;b';`, 'set -e B;']],
    [
      'powershell',
      [`$env:A = 'it''s "$HOME" \`x\` 100% \\ & a;b'`, 'Remove-Item Env:B -ErrorAction SilentlyContinue'],
    ],
    ['cmd', [`set "A=it's "$HOME" \`x\` 100%% \\ & a;b"`, 'set "B="']],
    ['dotenv', [`A="it's \\"$HOME\\" \`x\` 100% \\\\ & a;b"`, 'B=']],
  ] as const)('writes %s', (shell, lines) => {
    expect(shellLines(shell, hard).split('\n').slice(0, 2)).toEqual(lines)
  })

  it('refuses what no line can carry', () => {
    expect(() => shellLines('cmd', { ...hard, set: [['A', 'x\ny']] })).toThrow('A would hold a line break')
  })
})
