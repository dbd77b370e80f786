/**
 * Unchanged Vertex programs get in under the variables of `vivavoce env` alone: Google's own auth libraries find our
 * metadata answers, take the token and connect over our TLS. The server is the smallest one that can answer a setup.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { planEnvironment } from '../../src/cli/environment-plan.js'
import { createCredentialCheck } from '../../src/gateway/credentials.js'
import { createMetadataServer } from '../../src/gateway/metadata-server.js'
import { prepareTls } from '../../src/gateway/tls/index.js'
import { findPython, requireRuntime } from './runtimes.js'

const home = mkdtempSync(join(tmpdir(), 'vivavoce auth-'))
const servers: Server[] = []
/** What reached the server: metadata paths, then the upgrade. */
const seen: string[] = []
let environment: Record<string, string>

beforeAll(async () => {
  const metadata = createMetadataServer({ now: () => performance.now(), projectId: 'from-metadata' })
  // A key is configured, so that only the token that was handed out can open the door.
  const { check: checkCredential } = createCredentialCheck({
    apiKeys: ['nobody-has-this'],
    insecure: false,
    acceptsLocalToken: metadata.acceptsToken,
  })
  const plain = createServer(async (request, response) => {
    const { remoteAddress } = request.socket
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    seen.push(url.pathname)
    const answer = metadata.handle(new Request(url, { headers: request.headers as Record<string, string> }), {
      remoteAddress,
    })
    response.writeHead(answer?.status ?? 404, Object.fromEntries(answer?.headers ?? []))
    response.end(await answer?.text())
  })
  const tls = await prepareTls({ home, host: '127.0.0.1', nowMs: Date.now() })
  const secure = createTlsServer(tls)
  const webSockets = new WebSocketServer({ noServer: true })
  secure.on('upgrade', (request: IncomingMessage, socket, head) => {
    const { url = '/', headers } = request
    const refusal = checkCredential({
      url,
      headers,
      remoteAddress: request.socket.remoteAddress,
      secure: true,
    })
    seen.push(`upgrade ${url.replace(/^\/+/, '/')} ${refusal ?? 'accepted'}`)
    if (refusal !== undefined) {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n')
      return
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.once('message', () => webSocket.send(Buffer.from('{"setupComplete":{"sessionId":"s1"}}')))
    })
  })
  const [port, tlsPort] = await Promise.all([listen(plain), listen(secure)])
  const cloudSdkFolder = join(home, 'no-gcloud')
  mkdirSync(cloudSdkFolder)
  // A login that must not be found: it would be refreshed at Google.
  const login = join(home, '.config', 'gcloud')
  mkdirSync(login, { recursive: true })
  writeFileSync(
    join(login, 'application_default_credentials.json'),
    JSON.stringify({ type: 'authorized_user', client_id: 'c', client_secret: 's', refresh_token: 'r' }),
  )
  const plan = planEnvironment({
    host: '127.0.0.1',
    port,
    tlsPort,
    isOnLoopback: true,
    apiKeys: [],
    tls: tls.paths,
    cloudSdkFolder,
    environment: {},
  })
  environment = { PATH: process.env.PATH ?? '', HOME: home, ...Object.fromEntries(plan.set) }
})

afterAll(() => {
  for (const server of servers) server.close()
  rmSync(home, { recursive: true, force: true })
})

beforeEach(() => {
  seen.length = 0
})

async function listen(server: Server): Promise<number> {
  servers.push(server)
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return (server.address() as AddressInfo).port
}

async function run(command: string, args: string[], cwd = home): Promise<string> {
  const child: ChildProcess = spawn(command, args, { cwd, env: environment })
  let output = ''
  child.stdout?.on('data', (data) => (output += data))
  child.stderr?.on('data', (data) => (output += data))
  const code = await new Promise((done) => child.once('close', done))
  return `${output}exit ${code}`
}

const LIVE_PATH = '/ws/google.cloud.aiplatform.v1beta1.LlmBidiService/BidiGenerateContent'
const TOKEN_PATH = '/computeMetadata/v1/instance/service-accounts/default/token'

describe('a Vertex program with project and location, no key file, no login', () => {
  const python = requireRuntime('Python', () => findPython([]))

  it.skipIf(python === undefined)('in Python gets a token and a session', async () => {
    writeFileSync(
      join(home, 'program.py'),
      `
import asyncio
from google import genai

async def main():
    client = genai.Client(vertexai=True, project="my-project", location="us-central1")
    async with client.aio.live.connect(model="gemini-live-2.5-flash", config={"response_modalities": ["TEXT"]}) as session:
        print("session", session.session_id)

asyncio.run(main())
`,
    )
    expect(await run(python as string, ['program.py'])).toMatch(/session s1\s+exit 0$/)
    expect(seen).toContain(TOKEN_PATH)
    expect(seen.at(-1)).toBe(`upgrade ${LIVE_PATH} accepted`)
  })

  it('in JavaScript gets a token and a session', async () => {
    const program = `
import { GoogleGenAI } from '@google/genai'
const ai = new GoogleGenAI({ vertexai: true, project: 'my-project', location: 'us-central1' })
const opened = new Promise((resolve, reject) => {
  ai.live.connect({
    model: 'gemini-live-2.5-flash',
    config: { responseModalities: ['TEXT'] },
    callbacks: { onmessage: resolve, onerror: reject, onclose: (event) => reject(new Error('closed ' + event.reason)) },
  }).catch(reject)
})
console.log('session', (await opened).setupComplete.sessionId)
process.exit(0)
`
    const root = resolve(import.meta.dirname, '../..')
    expect(await run(process.execPath, ['--input-type=module', '-e', program], root)).toMatch(
      /session s1\s+exit 0$/,
    )
    expect(seen).toContain(TOKEN_PATH)
    expect(seen.at(-1)).toBe(`upgrade ${LIVE_PATH} accepted`)
  })
})
