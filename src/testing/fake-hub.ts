/**
 * A local server that behaves like the model hub: large files answer with a redirect that carries their digest and
 * point to a "CDN" that serves ranges, small ones redirect within the host. Tests tell it how to misbehave.
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How one answer goes wrong; used once, in order, per file. */
export type Misbehaviour =
  | { readonly type: 'status'; readonly status: number; readonly retryAfterSeconds?: number }
  /** Sends so many bytes and then nothing, until `breakConnections` is called. */
  | { readonly type: 'stall'; readonly afterBytes: number }
  /** Other bytes of the same length, with nothing in the headers to show it. */
  | { readonly type: 'corrupt' }

export interface HubFile {
  readonly content: Buffer
  /** Large files (LFS) announce their digest on the redirect. */
  readonly large: boolean
  /** The digest on the redirect, where it should differ from the content's. */
  readonly announcedSha256?: string
  readonly misbehave?: Misbehaviour[]
}

export interface FakeHub extends AsyncDisposable {
  readonly endpoint: string
  /** Keyed `repo/revision/path`. */
  readonly files: Map<string, HubFile>
  /** `GET path range`, in order of arrival. */
  readonly requests: string[]
  /** Ends every connection in the middle of whatever it is sending. */
  breakConnections(): void
}

export const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex')

export async function startFakeHub(): Promise<FakeHub> {
  const files = new Map<string, HubFile>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://hub')
    requests.push(
      `${request.method} ${url.pathname}${request.headers.range ? ` ${request.headers.range}` : ''}`,
    )
    const resolve = /^\/(.+)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname)
    if (resolve) redirect(files, `${resolve[1]}/${resolve[2]}/${decodeURIComponent(resolve[3]!)}`, response)
    else serve(files.get(decodeURIComponent(url.pathname.slice('/cdn/'.length))), request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    requests,
    breakConnections: () => server.closeAllConnections(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function redirect(files: FakeHub['files'], key: string, response: ServerResponse): void {
  const file = files.get(key)
  if (!file) {
    response.writeHead(404, { 'x-error-code': 'EntryNotFound' }).end('Entry not found')
    return
  }
  const location = `/cdn/${encodeURIComponent(key)}?signature=1`
  if (!file.large) {
    response.writeHead(307, { location }).end()
    return
  }
  response
    .writeHead(302, {
      location,
      'x-linked-etag': `"${file.announcedSha256 ?? sha256(file.content)}"`,
      'x-linked-size': String(file.content.length),
    })
    .end()
}

function serve(file: HubFile | undefined, request: IncomingMessage, response: ServerResponse): void {
  if (!file) {
    response.writeHead(404).end()
    return
  }
  const fault = file.misbehave?.shift()
  if (fault?.type === 'status') {
    const retry =
      fault.retryAfterSeconds === undefined ? {} : { 'retry-after': String(fault.retryAfterSeconds) }
    response.writeHead(fault.status, retry).end()
    return
  }
  const etag = `"${sha256(file.content).slice(0, 32)}"`
  const total = file.content.length
  const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')
  const stillSame = request.headers['if-range'] === undefined || request.headers['if-range'] === etag
  const start = asked && stillSame ? Number(asked[1]) : 0
  if (start >= total) {
    response.writeHead(416, { 'content-range': `bytes */${total}` }).end()
    return
  }
  let body = file.content.subarray(start)
  if (fault?.type === 'corrupt') body = Buffer.from(body.map((byte) => byte ^ 0xff))
  const ranges: Record<string, string> =
    start > 0 ? { 'content-range': `bytes ${start}-${total - 1}/${total}` } : {}
  response.writeHead(start > 0 ? 206 : 200, { etag, 'content-length': String(body.length), ...ranges })
  if (fault?.type === 'stall') response.write(body.subarray(0, fault.afterBytes))
  else response.end(body)
}
