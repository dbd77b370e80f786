import { describe, expect, it } from 'vitest'
import { failureLine, npmEnvironment, runCommand } from './command.js'

const node = (script: string) => ({ file: process.execPath, args: ['-e', script] })
const options = () => ({ environment: {}, signal: new AbortController().signal })

describe('runCommand', () => {
  it('gives exit code and output', async () => {
    const result = await runCommand(
      node('console.log("out"); console.error("err"); process.exit(3)'),
      options(),
    )
    expect(result).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' })
  })

  it('stops the program at an abort and rejects with the reason', async () => {
    const interrupt = new AbortController()
    const running = runCommand(node('setInterval(() => {}, 1000)'), {
      environment: {},
      signal: interrupt.signal,
    })
    interrupt.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
  })

  it('rejects with ENOENT where there is no such program', async () => {
    await expect(runCommand({ file: 'vivavoce-no-such-program', args: [] }, options())).rejects.toMatchObject(
      {
        code: 'ENOENT',
      },
    )
  })
})

describe('failureLine', () => {
  const of = (stderr: string, stdout = '') => failureLine({ code: 1, stdout, stderr })

  it('picks the lines that say what went wrong', () => {
    expect(
      of('WARNING: old\nERROR: Could not find a version\nERROR: No matching distribution found for x==1'),
    ).toBe('ERROR: Could not find a version / ERROR: No matching distribution found for x==1')
    expect(of('npm error code E404\nnpm error 404 Not Found')).toBe(
      'npm error code E404 / npm error 404 Not Found',
    )
    expect(of('    at x\nTypeError: no\n    at y\n\nNode.js v20')).toBe('TypeError: no')
  })

  it('falls back to the last lines, then to the exit code', () => {
    expect(of('one\ntwo\nthree\n')).toBe('two / three')
    expect(of('')).toBe('exit code 1')
  })
})

describe('npmEnvironment', () => {
  it('drops what an outer npm says about its own project and keeps the rest', () => {
    const kept = {
      PATH: '/bin',
      npm_config_registry: 'http://mirror',
      npm_config_https_proxy: 'http://proxy',
      HOME: '/h',
    }
    const dropped = {
      npm_package_name: 'outer',
      npm_lifecycle_event: 'start',
      npm_config_local_prefix: '/outer',
      npm_config_prefix: '/usr',
      npm_config_global: 'true',
    }
    expect(npmEnvironment({ ...kept, ...dropped })).toEqual(kept)
  })
})
