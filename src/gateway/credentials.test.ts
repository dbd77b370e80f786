import type { IncomingHttpHeaders } from 'node:http'
import { describe, expect, it } from 'vitest'
import { type CredentialOptions, createCredentialCheck, presentedCredentials } from './credentials.js'

const createCheck = (options: CredentialOptions) => createCredentialCheck(options).check

const request = (url: string, headers: IncomingHttpHeaders = {}, remoteAddress = '127.0.0.1') => ({
  url,
  headers,
  remoteAddress,
  secure: false,
})

const FORMS: [string, string, IncomingHttpHeaders][] = [
  ['key in the query', '//ws/path?key=K%2F1', {}],
  ['access token in the query, slash unescaped', '/ws/path?access_token=K/1', {}],
  ['x-goog-api-key', '/', { 'x-goog-api-key': 'K/1' }],
  ['Bearer', '/', { authorization: 'Bearer K/1' }],
  ['Token', '/', { authorization: 'token  K/1 ' }],
]

describe('presentedCredentials', () => {
  it.each(FORMS)('finds %s', (_, url, headers) => {
    expect(presentedCredentials({ url, headers })).toEqual(['K/1'])
  })

  it('finds all of several, and none where there is none', () => {
    const headers = { authorization: 'Token auth_tokens/a', 'x-goog-api-key': 'b' }
    expect(presentedCredentials({ url: '/?key=c', headers })).toEqual(['c', 'b', 'auth_tokens/a'])
    expect(presentedCredentials({ url: '/?key=', headers: { authorization: 'Basic eDp5' } })).toEqual([])
  })
})

describe('createCredentialCheck', () => {
  const open = { apiKeys: [], insecure: false, acceptsLocalToken: () => false }
  const keyed = {
    apiKeys: ['other', 'K/1'],
    insecure: false,
    acceptsLocalToken: (token: string) => token === 'local',
  }
  const REMOTE = '192.168.1.9'

  it('[AUTH-3] without keys accepts anything on loopback, and elsewhere only where told to', () => {
    const check = createCheck(open)
    expect(check(request('/'))).toBeUndefined()
    expect(check(request('/?key=whatever', {}, '::ffff:127.0.0.1'))).toBeUndefined()
    expect(check(request('/?key=whatever', {}, REMOTE))).toContain('--api-key')
    expect(createCheck({ ...open, insecure: true })(request('/', {}, REMOTE))).toBeUndefined()
  })

  it.each(FORMS)('with keys accepts one of them as %s', (_, url, headers) => {
    expect(createCheck(keyed)(request(url, headers, REMOTE))).toBeUndefined()
  })

  it('[AUTH-4] with keys refuses the rest, insecure or not, and repeats no credential', () => {
    for (const insecure of [false, true]) {
      const check = createCheck({ ...keyed, insecure })
      expect(check(request('/'))).toContain('x-goog-api-key')
      expect(check(request('/?key=K'))).toContain('--api-key')
      expect(check(request('/?key=s3cret'))).not.toContain('s3cret')
    }
  })

  it('takes local tokens from this machine only', () => {
    const check = createCheck(keyed)
    expect(check(request('/', { authorization: 'Bearer local' }))).toBeUndefined()
    expect(check(request('/', { authorization: 'Bearer local' }, REMOTE))).toBeDefined()
  })

  it('accepts if any of several credentials is good', () => {
    expect(
      createCheck(keyed)(request('/?key=K/1', { authorization: 'Bearer real-google-token' })),
    ).toBeUndefined()
  })

  it('tells which of its keys a request presents', () => {
    const { keyOf } = createCredentialCheck(keyed)
    expect(keyOf(request('/?key=nobody', { 'x-goog-api-key': 'K/1' }))).toBe('K/1')
    expect(keyOf(request('/?key=nobody', { authorization: 'Bearer local' }))).toBeUndefined()
  })
})
