/** Java takes our PKCS#12 trust store: an HTTPS request under JAVA_TOOL_OPTIONS alone, refused without it. */

import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { planEnvironment } from '../../src/cli/environment-plan.js'
import { prepareTls } from '../../src/gateway/tls/index.js'
import { requireRuntime } from './runtimes.js'

// White space in the path: the JVM splits its variable there.
const home = mkdtempSync(join(tmpdir(), 'vivavoce java-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

const java = requireRuntime('Java', () => {
  execFileSync('java', ['-version'], { stdio: 'pipe' })
  return 'java'
})

const PROGRAM = `
import java.net.URI;
import java.net.http.*;
public class Get {
  public static void main(String[] urls) throws Exception {
    for (String url : urls) {
      HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
      System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
    }
  }
}
`

it.skipIf(java === undefined)('Java trusts the server under JAVA_TOOL_OPTIONS, and only then', async () => {
  const tls = await prepareTls({ home, host: '127.0.0.1', nowMs: Date.now() })
  const server = createServer(tls, (_, response) => response.end('hello from the server'))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const program = join(home, 'Get.java')
  writeFileSync(program, PROGRAM)
  const plan = planEnvironment({
    host: '127.0.0.1',
    port: 1,
    tlsPort: port,
    isOnLoopback: true,
    apiKeys: [],
    tls: tls.paths,
    cloudSdkFolder: home,
    environment: {},
  })
  const run = (extra: Record<string, string>) =>
    new Promise<string>((done) => {
      const urls = [`https://127.0.0.1:${port}/`, `https://localhost:${port}/`]
      const child = spawn('java', [program, ...urls], { env: { PATH: process.env.PATH ?? '', ...extra } })
      let output = ''
      child.stdout.on('data', (data) => (output += data))
      child.stderr.on('data', (data) => (output += data))
      child.once('close', () => done(output))
    })
  try {
    const { JAVA_TOOL_OPTIONS = '' } = Object.fromEntries(plan.set)
    expect((await run({ JAVA_TOOL_OPTIONS })).match(/^hello from the server$/gm)).toHaveLength(2)
    expect(await run({})).toContain('SSLHandshakeException')
  } finally {
    server.close()
  }
})
