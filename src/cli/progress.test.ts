import { describe, expect, it } from 'vitest'
import { createProgressDisplay, formatBytes, formatDuration } from './progress.js'

function makeDisplay(isTTY: boolean) {
  let nowMs = 0
  let tick = () => {}
  const written: string[] = []
  const display = createProgressDisplay({
    output: { isTTY, columns: 100, write: (text) => written.push(text) },
    now: () => nowMs,
    every: (_, run) => {
      tick = run
      return { [Symbol.dispose]: () => written.push('(stopped)') }
    },
  })
  const at = (ms: number) => {
    nowMs = ms
    tick()
  }
  const bytes = (doneBytes: number, path = 'a.bin') =>
    display.onProgress({ type: 'bytes', model: 'm', path, source: 'hub', doneBytes, totalBytes: 100_000_000 })
  const plan = (doneBytes = 0) =>
    display.onProgress({
      type: 'plan',
      model: 'm',
      files: [{ path: 'a.bin', doneBytes, totalBytes: 100_000_000 }],
    })
  return { ...display, written, at, bytes, plan, take: () => written.splice(0).join('') }
}

describe('the progress display', () => {
  it('shows bytes, speed and time left in place on a terminal', () => {
    const { plan, bytes, at, take } = makeDisplay(true)
    plan()
    at(0)
    take()
    bytes(20_000_000)
    at(2_000)
    expect(take()).toBe('\r\u001b[2K[####----------------] 20.0 MB of 100.0 MB (20 %), 10.0 MB/s, 8 s left')
  })

  it('does not count what an earlier run had fetched as speed', () => {
    const { plan, bytes, at, take } = makeDisplay(true)
    plan(50_000_000)
    at(0)
    bytes(52_000_000)
    take()
    at(1_000)
    expect(take()).toContain('52.0 MB of 100.0 MB (52 %), 2.0 MB/s, 24 s left')
  })

  it('never shows a negative speed when a file starts anew from the next source', () => {
    const { plan, bytes, at, take } = makeDisplay(true)
    plan()
    bytes(30_000_000)
    at(0)
    bytes(0)
    bytes(1_000_000)
    take()
    at(1_000)
    expect(take()).toContain('1.0 MB of 100.0 MB (1 %), 1.0 MB/s')
  })

  it('writes plain lines every five seconds elsewhere', () => {
    const { plan, bytes, at, take } = makeDisplay(false)
    plan()
    bytes(10_000_000)
    at(1_000)
    expect(take()).toBe('')
    bytes(30_000_000)
    at(5_000)
    expect(take()).toBe('30.0 MB of 100.0 MB (30 %), 5.0 MB/s, 14 s left\n')
  })

  it('shows steps with their share and announces what is ready', () => {
    const { onProgress, at, take } = makeDisplay(true)
    onProgress({ type: 'step', model: 'kokoro-82m', text: 'converting', fraction: 0.347 })
    at(1_000)
    expect(take()).toContain('kokoro-82m: converting 34 %')
    onProgress({ type: 'ready', model: 'kokoro-82m' })
    expect(take()).toBe('\r\u001b[2Kkokoro-82m: ready\n')
  })

  it('is silent about models that were there all along', () => {
    const { onProgress, at, take } = makeDisplay(true)
    onProgress({ type: 'ready', model: 'm' })
    at(1_000)
    expect(take()).toBe('')
  })

  it('prints notes on lines of their own and cleans up at the end', () => {
    const { plan, onProgress, finish, at, take } = makeDisplay(true)
    plan()
    at(0)
    take()
    onProgress({ type: 'note', text: 'not from the hub' })
    expect(take()).toBe('\r\u001b[2Knot from the hub\n')
    finish()
    expect(take()).toBe('(stopped)')
  })
})

describe('formats', () => {
  it.each([
    [999, '1 kB'],
    [1_289_603, '1.3 MB'],
    [1_117_320_768, '1.12 GB'],
  ])('%d bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text))
  it.each([
    [0.2, '1 s'],
    [59, '59 s'],
    [185, '3 min 05 s'],
    [3_720, '1 h 02 min'],
  ])('%d seconds', (seconds, text) => expect(formatDuration(seconds)).toBe(text))
})
