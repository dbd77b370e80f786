import { expect, it } from 'vitest'
import { createOriginCheck } from './origin.js'

const check = createOriginCheck({
  allowedOrigins: ['https://App.example.com/', 'tools.example.com:8443', 'chrome-extension://abc'],
  ownNames: ['MyBox', 'mybox.local'],
})
const ask = (origin: string | undefined, host = '127.0.0.1:8484') =>
  check({
    url: '/',
    headers: { ...(origin === undefined ? {} : { origin }), host },
    remoteAddress: undefined,
    secure: false,
  })

it.each([
  ['a program that is no browser', undefined, '127.0.0.1:8484'],
  ['a program that came by another name', undefined, 'voice.example.com'],
  ['our page', 'http://127.0.0.1:8484', '127.0.0.1:8484'],
  ['our page under TLS', 'https://localhost:8485', 'localhost:8485'],
  ['a page in development', 'http://localhost:5173', '127.0.0.1:8484'],
  ['a page on the other loopback', 'http://[::1]:3000', 'localhost:8484'],
  ['our page by address', 'http://192.168.1.4:8484', '192.168.1.4:8484'],
  ['our page by IPv6 address', 'http://[fd00::1]:8484', '[fd00::1]:8484'],
  ['our page by the name of the machine', 'http://mybox.local:8484', 'MyBox.local:8484'],
  ['our page on the default port', 'https://mybox', 'mybox:443'],
  ['a listed page', 'https://app.example.com', '127.0.0.1:8484'],
  ['a listed host', 'https://tools.example.com:8443', '127.0.0.1:8484'],
  ['a listed extension', 'chrome-extension://abc', '127.0.0.1:8484'],
])('lets in %s', (_, origin, host) => {
  expect(ask(origin, host)).toBeUndefined()
})

it.each([
  ['a page elsewhere', 'https://evil.example', '127.0.0.1:8484'],
  ['a page whose name was pointed at us', 'http://evil.example:8484', 'evil.example:8484'],
  ['a name that only begins like ours', 'http://localhost.evil.example', '127.0.0.1:8484'],
  ['another port of a listed page', 'https://app.example.com:444', '127.0.0.1:8484'],
  ['plain text instead of a listed TLS page', 'http://app.example.com', '127.0.0.1:8484'],
  ['another machine of the network', 'http://192.168.1.5', '192.168.1.4:8484'],
  ['a file or a sandboxed frame', 'null', '127.0.0.1:8484'],
  ['an extension', 'chrome-extension://xyz', '127.0.0.1:8484'],
  ['rubbish', 'http://', '127.0.0.1:8484'],
  ['nothing', '', '127.0.0.1:8484'],
])('refuses %s and says how to allow it', (_, origin, host) => {
  expect(ask(origin, host)).toContain('--allowed-origin')
})

it('a star lets everyone in', () => {
  const open = createOriginCheck({ allowedOrigins: ['*'], ownNames: [] })
  const headers = { origin: 'https://evil.example', host: 'x' }
  expect(open({ url: '/', headers, remoteAddress: undefined, secure: false })).toBeUndefined()
})
