import { describe, expect, it } from 'vitest'
import { createMetadataServer } from './metadata-server.js'

const GOOGLE = { 'Metadata-Flavor': 'Google' }
const LOCAL = { remoteAddress: '127.0.0.1' }

function setUp() {
  let nowMs = 1_000
  const server = createMetadataServer({ now: () => nowMs, projectId: 'my-project' })
  const ask = (
    path: string,
    headers: Record<string, string> = GOOGLE,
    from = LOCAL,
    base = 'http://127.0.0.1:8484',
  ) => server.handle(new Request(base + path, { headers }), from)
  const token = async () =>
    (await ask('/computeMetadata/v1/instance/service-accounts/default/token?scopes=a%2Cb')?.json()) as {
      access_token: string
      expires_in: number
      token_type: string
    }
  return { server, ask, token, pass: (ms: number) => (nowMs += ms) }
}

describe('metadata server', () => {
  it.each([
    ['/', /instance/],
    ['/computeMetadata/v1/instance', /service-accounts/],
    ['/computeMetadata/v1/instance/', /service-accounts/],
    ['/computeMetadata/v1/project/project-id', /^my-project$/],
    ['/computeMetadata/v1/universe/universe-domain', /^googleapis\.com$/],
    ['/computeMetadata/v1/instance/service-accounts/default/email', /^[^@]+@vivavoce\.invalid$/],
  ])('answers %s with the flavour header', async (path, body) => {
    const response = setUp().ask(path)
    expect(response?.status).toBe(200)
    expect(response?.headers.get('metadata-flavor')).toBe('Google')
    expect(await response?.text()).toMatch(body)
  })

  it('describes the account, under its alias and its own name', async () => {
    const { ask } = setUp()
    const answer = ask('/computeMetadata/v1/instance/service-accounts/default/?recursive=true')
    const account = (await answer?.json()) as { email: string }
    expect(account).toMatchObject({
      aliases: ['default'],
      scopes: [expect.stringContaining('cloud-platform')],
    })
    const own = ask(`/computeMetadata/v1/instance/service-accounts/${account.email}/?recursive=true`)
    expect(await own?.json()).toEqual(account)
  })

  it('hands out one token again until shortly before its end, and accepts each until its end', async () => {
    const { server, token, pass } = setUp()
    const first = await token()
    expect(first).toMatchObject({ expires_in: 3_599, token_type: 'Bearer' })
    expect(server.acceptsToken(first.access_token)).toBe(true)
    expect(server.acceptsToken('other')).toBe(false)
    pass(3_000_000)
    expect(await token()).toMatchObject({ access_token: first.access_token, expires_in: 599 })
    pass(400_000)
    const second = await token()
    expect(second.access_token).not.toBe(first.access_token)
    expect(server.acceptsToken(first.access_token)).toBe(true)
    pass(200_000)
    expect(server.acceptsToken(first.access_token)).toBe(false)
    expect(server.acceptsToken(second.access_token)).toBe(true)
  })

  it('leaves the web page and everything else alone', () => {
    const { ask } = setUp()
    expect(ask('/', {})).toBeUndefined()
    expect(ask('/readyz')).toBeUndefined()
    expect(ask('/computeMetadataX')).toBeUndefined()
  })

  it.each([
    ['without the header', {}, '127.0.0.1', 'http://127.0.0.1:8484'],
    ['from another machine', GOOGLE, '192.168.1.9', 'http://127.0.0.1:8484'],
    ['from nobody', GOOGLE, undefined, 'http://127.0.0.1:8484'],
    ['through a proxy', { ...GOOGLE, 'X-Forwarded-For': '10.0.0.1' }, '127.0.0.1', 'http://127.0.0.1:8484'],
    ['under a name that was pointed here', GOOGLE, '127.0.0.1', 'http://evil.example:8484'],
  ])('refuses %s, and gives no token away', async (_, headers, remoteAddress, base) => {
    const { server } = setUp()
    const request = new Request(`${base}/computeMetadata/v1/instance/service-accounts/default/token`, {
      headers,
    })
    const response = server.handle(request, { remoteAddress })
    expect(response?.status).toBe(403)
    expect(await response?.text()).not.toContain('access_token')
  })

  it('takes loopback in all its spellings', () => {
    const { ask } = setUp()
    for (const remoteAddress of ['::1', '::ffff:127.0.0.1', '127.3.2.1']) {
      expect(ask('/', GOOGLE, { remoteAddress }, 'http://localhost:1')?.status).toBe(200)
      expect(ask('/', GOOGLE, { remoteAddress }, 'http://[::1]:1')?.status).toBe(200)
    }
  })

  it('says 404 and 405 for what it does not have', () => {
    const { server, ask } = setUp()
    expect(ask('/computeMetadata/v1/instance/disks')?.status).toBe(404)
    expect(ask('/computeMetadata/v1/instance/service-accounts/other/token')?.status).toBe(404)
    const post = new Request('http://127.0.0.1/computeMetadata/v1/instance', {
      method: 'POST',
      headers: GOOGLE,
    })
    expect(server.handle(post, LOCAL)?.status).toBe(405)
  })
})
