import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FakeHub, type HubFile, sha256, startFakeHub } from '../testing/fake-hub.js'
import { SourceFailure } from './errors.js'
import { createHttpClient, type HttpClient } from './http.js'
import { downloadHttpFile } from './http-file.js'

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7919) % 251))
const key = 'owner/repo/abc123/weights.bin'

let directory: string
let hub: FakeHub
let http: HttpClient

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vivavoce-http-'))
  hub = await startFakeHub()
  http = createHttpClient({ connectTimeoutMs: 1_000, stallTimeoutMs: 800, retryDelaysMs: [1, 1, 1] })
})
afterEach(async () => {
  await hub[Symbol.asyncDispose]()
  await http.close()
  await rm(directory, { recursive: true, force: true })
})

const put = (file: Partial<HubFile> = {}) => hub.files.set(key, { content, large: true, ...file })
const partialPath = () => join(directory, 'weights.partial')
const seen: number[] = []
const download = (
  signal = new AbortController().signal,
  url = `${hub.endpoint}/owner/repo/resolve/abc123/weights.bin`,
) => {
  seen.length = 0
  return downloadHttpFile(http, {
    url,
    bytes: content.length,
    sha256: sha256(content),
    partialPath: partialPath(),
    onBytes: (done) => seen.push(done),
    signal,
  })
}
const received = async (bytes: number) => {
  while ((seen.at(-1) ?? 0) < bytes) await new Promise((resolve) => setImmediate(resolve))
}
// By digest: comparing buffers element by element takes seconds.
const expectComplete = async () => expect(sha256(await readFile(partialPath()))).toBe(sha256(content))
const ranges = () =>
  hub.requests.filter((line) => line.includes('/cdn/')).map((line) => line.split(' ')[2] ?? 'whole')

describe('downloadHttpFile', () => {
  it('outlives a server that closes the connection while the reader is behind', async () => {
    // One piece, more than a stream holds before it pauses, and the end of the connection right behind it.
    const body = Buffer.alloc(100_000, 7)
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n`)
        socket.end(body)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const answer = await http.get(`http://127.0.0.1:${port}/`, {}, new AbortController().signal)
    // Nobody reads: without care the process ends with an uncaught error before both sides are closed.
    await new Promise<void>((resolve) => server.close(() => resolve()))
    expect(Buffer.from(await answer.body.arrayBuffer()).equals(body)).toBe(true)
  })

  it('follows the redirect of a large file and counts bytes up to the last', async () => {
    put()
    await download()
    await expectComplete()
    expect(seen.at(-1)).toBe(content.length)
    expect(await readdir(directory)).toEqual(['weights.partial'])
  })

  it('follows the redirect of a small file, which announces no digest', async () => {
    put({ large: false })
    await download()
    await expectComplete()
  })

  it('goes on where a broken connection stopped', async () => {
    put({ misbehave: [{ type: 'stall', afterBytes: 100_000 }] })
    const downloading = download()
    await received(100_000)
    hub.breakConnections()
    await downloading
    await expectComplete()
    expect(ranges()).toEqual(['whole', 'bytes=100000-'])
  })

  it('goes on where an earlier run stopped, without fetching those bytes again', async () => {
    put({ misbehave: [{ type: 'stall', afterBytes: 120_000 }] })
    const interrupt = new AbortController()
    const first = download(interrupt.signal)
    await received(120_000)
    interrupt.abort()
    await expect(first).rejects.toThrow()
    expect((await readFile(partialPath())).length).toBe(120_000)
    await download()
    await expectComplete()
    expect(seen[0]).toBe(120_000)
    expect(ranges()).toEqual(['whole', 'bytes=120000-'])
  })

  it('starts anew where the file has changed since', async () => {
    await writeFile(partialPath(), content.subarray(0, 50_000))
    await writeFile(`${partialPath()}.etag`, '"of something else"')
    put()
    await download()
    await expectComplete()
    expect(seen[0]).toBe(0)
  })

  it('starts anew once where the kept beginning was wrong', async () => {
    await writeFile(partialPath(), Buffer.alloc(50_000, 1))
    put()
    await download()
    await expectComplete()
    expect(ranges()).toEqual(['bytes=50000-', 'whole'])
  })

  it('notices a stall and goes on', async () => {
    put({ misbehave: [{ type: 'stall', afterBytes: 10_000 }] })
    await download()
    await expectComplete()
    expect(ranges()).toEqual(['whole', 'bytes=10000-'])
  })

  it('tries again after 503 and 429', async () => {
    put({
      misbehave: [
        { type: 'status', status: 503 },
        { type: 'status', status: 429, retryAfterSeconds: 0 },
      ],
    })
    await download()
    await expectComplete()
  })

  it('gives up after the last retry and says what happened', async () => {
    put({ misbehave: Array.from({ length: 4 }, () => ({ type: 'status' as const, status: 503 })) })
    await expect(download()).rejects.toThrow(/kept failing \(HTTP 503\)/)
  })

  it('refuses a file with another digest before the first byte', async () => {
    put({ announcedSha256: 'f'.repeat(64) })
    await expect(download()).rejects.toThrow(/other bytes: expected sha256 .* offered f{64}/)
    expect(seen).toEqual([])
    expect(await readdir(directory)).toEqual([])
  })

  it('refuses a file of another length', async () => {
    put({ content: content.subarray(1), large: false })
    await expect(download()).rejects.toThrow(/has 299999 bytes, expected 300000/)
    expect(await readdir(directory)).toEqual([])
  })

  it('removes bytes with a wrong checksum and names both digests', async () => {
    put({ large: false, misbehave: [{ type: 'corrupt' }] })
    await expect(download()).rejects.toThrow(new RegExp(`expected ${sha256(content)}, got [0-9a-f]{64}`))
    expect(await readdir(directory)).toEqual([])
  })

  it('says that a file is not there', async () => {
    await expect(download()).rejects.toThrow(/has no such file \(HTTP 404\)/)
  })

  it('asks a host that can not be reached once, and remembers it', async () => {
    const { endpoint } = hub
    await hub[Symbol.asyncDispose]()
    const url = `${endpoint}/a/resolve/b/c`
    await expect(download(undefined, url)).rejects.toThrow(/can't be reached \(ECONNREFUSED\)/)
    hub = await startFakeHub()
    const again = download(undefined, url)
    await expect(again).rejects.toBeInstanceOf(SourceFailure)
    expect(hub.requests).toEqual([])
  })
})
