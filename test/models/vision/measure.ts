/**
 * Asks a running server's default engines about the pictures of one half and counts right answers:
 * `node --import tsx test/models/vision/measure.ts report --home ~/.vivavoce`. Writes bench/results/vision-text-<half>.json.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'
import { openResult } from '../../../src/bench/result-file.js'
import { connectLive } from '../../../src/client/index.js'
import { startServer } from '../../sdk/server.js'
import { PAGES, type Page } from './pages.js'

export interface Asked {
  readonly id: string
  readonly question: string
  readonly answer: string
  readonly right: boolean
  /** From the picture and the question, sent together, to the end of the written answer. */
  readonly answerMs: number
}

/** Shows the picture as a frame of video and asks in writing. */
export async function askAbout(url: string, { id, question, right }: Page): Promise<Asked> {
  const client = await connectLive({
    url,
    model: 'gemini-live-2.5-flash',
    config: { generationConfig: { responseModalities: ['TEXT'], temperature: 0 } },
    WebSocket,
  })
  const bytes = readFileSync(join(import.meta.dirname, 'pictures', `${id}.jpg`))
  const beganMs = performance.now()
  client.sendImage(bytes, 'image/jpeg')
  client.sendRealtimeText(question)
  let answer = ''
  for await (const message of client) {
    if (!('serverContent' in message)) continue
    const part = message.serverContent.modelTurn?.parts[0]
    if (part && 'text' in part) answer += part.text
    if (message.serverContent.turnComplete) break
  }
  const answerMs = Math.round(performance.now() - beganMs)
  await client.close()
  return { id, question, answer: answer.trim(), right: right.test(answer), answerMs }
}

if (process.argv[1] === import.meta.filename) {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { home: { type: 'string' }, kinds: { type: 'string' } },
  })
  const [half = 'report'] = positionals
  const pages = PAGES.filter(
    (page) => page.half === half && (values.kinds ?? page.kind).split(',').includes(page.kind),
  )
  const server = await startServer({
    home: resolve(values.home ?? join(process.env.HOME ?? '', '.vivavoce')),
    arguments: ['--tts', 'piper', '--log-level', 'error'],
    readyWithinMs: 300_000,
  })
  const path = resolve(import.meta.dirname, `../../../bench/results/vision-text-${half}.json`)
  const result = openResult<Asked>(path, 'vision-text', {
    half,
    pictures: pages.length,
    engines: 'embedded defaults',
  })
  try {
    for (const page of pages) {
      if (result.units.some(({ id }) => id === page.id)) continue
      const asked = await askAbout(server.url, page)
      result.add(asked)
      process.stdout.write(
        `${asked.right ? 'right' : 'WRONG'}  ${page.id}  ${asked.answerMs} ms  ${asked.answer.replaceAll('\n', ' ')}\n`,
      )
    }
    const right = result.units.filter((unit) => unit.right).length
    const times = result.units.map(({ answerMs }) => answerMs).sort((a, b) => a - b)
    result.finish(true, {
      right,
      of: result.units.length,
      percent: Math.round((1_000 * right) / result.units.length) / 10,
      answerP50Ms: times[Math.floor(times.length / 2)],
      answerP95Ms: times[Math.floor(times.length * 0.95)],
    })
    process.stdout.write(`${right} of ${result.units.length} right\n`)
  } finally {
    await server.stop()
  }
}
