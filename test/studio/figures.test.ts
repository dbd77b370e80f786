/**
 * Figures of the page. What is counted in samples and frames is asserted; what depends on the clock is printed and not
 * judged, since a busy machine is no fault of the page. Short by itself; `STUDIO_BENCH=300` plays for so many seconds,
 * measures the rest more often and writes bench/results/studio.json, with the limits and whether they are met.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { summarize } from '../../src/bench/percentiles.js'
import { openResult } from '../../src/bench/result-file.js'
import { ROOT, startServer, type TestServer } from '../sdk/server.js'
import { longSession } from './long-session.js'
import { button, executablePath, launchStudioBrowser, type StudioBrowser, status } from './page.js'
import { PROBE, type Probe } from './page-probe.js'
import { type Figures, judged } from './studio-limits.js'

const isBench = process.env.STUDIO_BENCH !== undefined
const PLAYBACK_S = Number(process.env.STUDIO_BENCH ?? 20)
const LOADS = isBench ? 10 : 2
const INTERRUPTIONS = isBench ? 20 : 2
const DRAWING_MS = isBench ? 20_000 : 3_000
const SESSION_MINUTES = 30

/** Scripted voices say four words a second. */
const answer = (seconds: number) => 'This is what I say. '.repeat((seconds * 4) / 5).trim()
const SCRIPT = `
rules:
  - match: { contains: everything }
    reply: ${answer(PLAYBACK_S)}
  - match: { contains: long }
    reply: ${answer(60)}
  # An answer that came at once would leave no silence to measure.
  - match: {}
    reply: Yes.
    delaysMs: { firstAudio: 500 }
`

const figures: Figures = {}

describe.skipIf(executablePath === undefined)('figures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'vivavoce-figures-'))
  let server: TestServer
  let browser: StudioBrowser
  beforeAll(async () => {
    ;[server, browser] = await Promise.all([startServer({ script: SCRIPT }), launchStudioBrowser([])])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
    const result = { limits: judged(figures), ...figures }
    process.stdout.write(`figures of the Studio: ${JSON.stringify(result, undefined, 2)}\n`)
    if (!isBench) return
    const configuration = { playbackS: PLAYBACK_S, engines: 'scripted', sessionMinutes: SESSION_MINUTES }
    openResult(join(ROOT, 'bench/results/studio.json'), 'studio', configuration).finish(
      result.limits.every(({ measured }) => measured !== undefined),
      result,
    )
  })

  const probeOf = (page: Page) => page.evaluate('probe') as Promise<Probe>
  async function write(page: Page, words: string): Promise<void> {
    await page.getByLabel('Write instead of talking').fill(words)
    await page.keyboard.press('Enter')
  }
  /** By the debugger, which the page's policy does not bind. */
  const until = (page: Page, condition: string, timeout = 60_000) =>
    expect.poll(() => page.evaluate(`Boolean(${condition})`), { timeout, interval: 100 }).toBe(true)
  /** Undefined where the two signals are the same, else what is wrong: an expression of the page. */
  const difference = (page: Page, played: string, received: string) =>
    page.evaluate(`(() => {
      const [played, received] = [${played}, ${received}]
      if (played.length !== received.length) return played.length + ' samples instead of ' + received.length
      const at = played.findIndex((value, index) => value !== received[index])
      return at < 0 ? undefined : 'sample ' + at
    })()`)

  test('first paint', async () => {
    const paints: number[] = []
    for (let load = 0; load < LOADS; load++) {
      const { page } = await browser.open({ url: server.url })
      await until(page, `performance.getEntriesByName('first-contentful-paint').length > 0`)
      paints.push(
        (await page.evaluate(
          `performance.getEntriesByName('first-contentful-paint')[0].startTime`,
        )) as number,
      )
      await page.context().close()
    }
    expect(paints).toHaveLength(LOADS)
    figures.firstPaintMs = summarize(paints)
  })

  test(
    'an answer is played while the microphone is open: every sample of both once, in order, without a gap',
    async () => {
      const { page } = await browser.open({ url: server.url, probe: PROBE })
      await button(page, 'Talk').click()
      await status(page, 'live')
      await until(page, 'probe.microphoneToSocketMs.length > 10')
      await write(page, 'Tell me everything.')
      await until(page, 'probe.playing.length > 0')
      const from = await probeOf(page)
      await until(page, 'probe.turnsComplete > 0', (PLAYBACK_S + 60) * 1000)
      await until(page, 'probe.playing.at(-1).playing === false')
      const probe = await probeOf(page)
      const seconds = probe.playedSamples / 24_000
      expect(seconds).toBeGreaterThan(PLAYBACK_S * 0.9)
      expect(await difference(page, 'playedPcm()', 'receivedPcm()')).toBeUndefined()
      // Between the first sound and the last one every silence of the loudspeaker is a gap.
      const gaps = probe.playing.flatMap(({ playing, atS }, index) =>
        playing && index > 0 ? [(atS - probe.playing[index - 1]!.atS) * 1000] : [],
      )
      expect(gaps).toEqual([])
      // From the first frame that was sent on, every one that was captured went out once.
      const { sent } = probe
      expect(sent).toEqual(sent.map((_, index) => sent[0]! + index))
      figures.playback = { seconds, gaps: gaps.length }
      figures.microphoneToSocketMs = summarize(probe.microphoneToSocketMs)
      const tasks = probe.longTasksMs.slice(from.longTasksMs.length)
      figures.mainThread = {
        tasksAbove50Ms: summarize(tasks),
        above100: tasks.filter((ms) => ms > 100).length,
      }
    },
    (PLAYBACK_S + 180) * 1000,
  )

  test('interrupted, until it is silent: nothing of the old answer is played after the flush', async () => {
    const { page } = await browser.open({ url: server.url, probe: PROBE })
    const silences: number[] = []
    for (let round = 1; round <= INTERRUPTIONS; round++) {
      const { receivedChunks, playing } = await probeOf(page)
      const start = playing.at(-1)?.playedSamples ?? 0
      await write(page, 'Something long, please.')
      await until(page, `probe.playing.length > ${playing.length} && probe.playing.at(-1).playing === true`)
      // The answer is heard for a moment, so that there is something to cut off.
      await until(page, `probe.playedSamples - ${start} > 12000`)
      await write(page, 'Stop.')
      const flushed = playing.length + 1
      await until(page, `probe.interrupted.length === ${round} && probe.playing.length > ${flushed}`)
      // "Yes." is over before the next round.
      await until(page, `probe.turnsComplete >= ${round * 2} && probe.playing.length >= ${flushed + 3}`)
      const probe = await probeOf(page)
      expect(probe.playing.slice(playing.length).map((each) => each.playing)).toEqual([
        true,
        false,
        true,
        false,
      ])
      const silence = probe.playing[flushed]!
      const interrupted = probe.interrupted.at(-1)!
      const old = `receivedPcm(${receivedChunks}, ${interrupted.receivedChunks})`
      const cutAt = silence.playedSamples
      const oldSamples = (await page.evaluate(`${old}.length`)) as number
      expect(oldSamples).toBeGreaterThan(cutAt - start)
      // What was played before the flush is the old answer's beginning; what was played after it is the new one, whole.
      expect(
        await difference(page, `playedPcm().slice(${start}, ${cutAt})`, `${old}.slice(0, ${cutAt - start})`),
      ).toBeUndefined()
      expect(
        await difference(page, `playedPcm().slice(${cutAt})`, `receivedPcm(${interrupted.receivedChunks})`),
      ).toBeUndefined()
      // The last sound is faded out within 3 ms.
      silences.push(silence.leavesMs + 3 - interrupted.atMs)
      figures.outputLatencyMs = probe.outputLatencyMs
    }
    expect(silences).toHaveLength(INTERRUPTIONS)
    figures.interruptedToSilenceMs = summarize(silences)
  })

  test(`drawing while a session of ${SESSION_MINUTES} minutes is played`, async () => {
    const { page } = await browser.open({ url: server.url })
    const file = join(folder, 'session.zip')
    writeFileSync(file, longSession(SESSION_MINUTES))
    await button(page, 'Keep').click()
    await page.locator('input[type="file"][accept=".zip"]').setInputFiles(file)
    await page.getByRole('button', { name: /^Turn 180/ }).waitFor()
    await page.keyboard.press('Escape')
    const position = () => page.getByLabel('Position').inputValue().then(Number)
    const before = await position()
    await button(page, 'Play').click()
    const frames = (await page.evaluate(`new Promise((done) => {
      const times = []
      requestAnimationFrame(function step(now) {
        times.push(now)
        if (now - times[0] < ${DRAWING_MS}) requestAnimationFrame(step)
        else done(times)
      })
    })`)) as number[]
    expect(frames.length).toBeGreaterThan(2)
    expect(await position()).toBeGreaterThan(before)
    const lengths = frames.slice(1).map((at, index) => at - frames[index]!)
    figures.drawing = {
      framesPerSecond: (lengths.length * 1000) / (frames.at(-1)! - frames[0]!),
      frameMs: summarize(lengths),
    }
  })
})
