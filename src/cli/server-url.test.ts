import { InvalidArgumentError } from 'commander'
import { expect, test } from 'vitest'
import { checkReachable } from './server-handle.js'
import { serverUrl } from './server-url.js'

test.each([
  ['http://127.0.0.1:8484', 'http://127.0.0.1:8484'],
  ['wss://localhost:8485/', 'https://localhost:8485'],
  ['ws://[::1]:8484/prefix/', 'http://[::1]:8484/prefix'],
])('%s is %s', (text, url) => {
  expect(serverUrl(text)).toBe(url)
})

test.each([
  ['notaurl', 'http://127.0.0.1:8484'],
  ['localhost:9000', 'http://localhost:9000'],
  ['ftp://x', 'http://127.0.0.1:8484'],
  ['', 'http://127.0.0.1:8484'],
])('%j is no address: %s would be', (text, example) => {
  expect(() => serverUrl(text)).toThrow(new InvalidArgumentError(`Write an address such as ${example}.`))
})

test('a place where nothing listens is told', async () => {
  await expect(checkReachable('http://127.0.0.1:2')).rejects.toThrow(
    'no server answers at http://127.0.0.1:2 (ECONNREFUSED)',
  )
})
