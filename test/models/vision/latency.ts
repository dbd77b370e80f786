/**
 * What a camera costs a spoken answer: the same questions about text on a screen, asked aloud with the camera off, with a picture that changes every second, and off with the
 * text of that screen told as text before: then the answers are those that the camera's have, where without either there is nothing to tell ("Error: Property 'price' …", "Please provide the error
 * message"), and the first words of some answers take longer to make. The conversations take turns in one run, so that whatever else the machine does falls on all. Voice-to-voice, and the quotients of
 * the medians.
 *
 *   node --import tsx test/models/vision/latency.ts --home ~/.vivavoce --clips FOLDER [--rounds 5] [--url http://127.0.0.1:8484] [--out bench/results/latency-camera.json]
 *
 * A round is one conversation of each of the three with `--turns` questions (default 3). Each second shows another picture of the set, but while a question is asked, and for a second after it, its own
 * is on view. Whether it is answered right is not measured here (see measure.ts). Goes on where it stopped. Quiet machine!
 */
import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'
import { writeWav } from '../../../src/audio/index.js'
import { converseOver, type MeasuredTurn } from '../../../src/bench/conversation.js'
import { summarize } from '../../../src/bench/percentiles.js'
import { readQuestion } from '../../../src/bench/question.js'
import { openResult } from '../../../src/bench/result-file.js'
import { connectLive } from '../../../src/client/index.js'
import { startServer } from '../../sdk/server.js'
import { openClips } from '../addressee/clips.js'
import { PAGES, type Page } from './pages.js'

const { values: flags } = parseArgs({
  options: {
    home: { type: 'string', default: process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce') },
    clips: { type: 'string', default: 'camera-clips' },
    rounds: { type: 'string', default: '5' },
    turns: { type: 'string', default: '3' },
    url: { type: 'string' },
    tts: { type: 'string', default: 'auto' },
    out: { type: 'string', default: 'bench/results/latency-camera.json' },
  },
})
const KINDS = ['off', 'told', 'camera'] as const
type Kind = (typeof KINDS)[number]
interface Unit {
  readonly round: number
  readonly kind: Kind
  readonly turn: MeasuredTurn
}

const FRAME_EVERY_MS = 1_000
/** What was told has been read by then. */
const TOLD_BEFORE_MS = 5_000
const never = new AbortController().signal
const now = () => performance.now()
const turns = Number(flags.turns)
const rounds = Number(flags.rounds)
const pages = PAGES.filter(({ half }) => half === 'tune')
const jpegs = new Map(
  pages.map(({ id }) => [id, readFileSync(join(import.meta.dirname, 'pictures', `${id}.jpg`))]),
)
const result = openResult<Unit>(resolve(flags.out), 'latency-camera', {
  rounds,
  turns,
  tts: flags.tts,
  speech: 'synthetic questions',
  command: 'node --import tsx test/models/vision/latency.ts',
})

const clips = openClips(flags.home, flags.clips)
const asked = new Map<Page, ReturnType<typeof readQuestion>>()
for (const page of pages.slice(0, rounds * turns)) {
  const samples = await clips.say(page.question, 'en', 'user')
  asked.set(page, readQuestion(page.id, writeWav(samples, 16_000)))
}
await clips.close()
const questions = [...asked]

const server = flags.url
  ? { url: flags.url, stop: async () => {} }
  : await startServer({
      home: flags.home,
      arguments: ['--offline', '--tts', flags.tts],
      readyWithinMs: 300_000,
    })
try {
  for (let round = 0; round < rounds; round++) {
    // Each comes first as often as second and third: what the machine learns in between favours none.
    for (const kind of KINDS.map((_, index) => KINDS[(index + round) % KINDS.length]!)) {
      if (result.units.some((unit) => unit.round === round && unit.kind === kind)) continue
      for (const turn of await converse(round, kind)) {
        result.add({ round, kind, turn })
        const ms = turn.problem ?? `${Math.round(turn.voiceToVoiceMs ?? 0)} ms`
        console.log(`${round} ${kind} ${turn.question} ${ms} ${turn.said.trim()}`)
      }
    }
  }
} finally {
  await server.stop()
}
const of = (kind: Kind) =>
  summarize(result.units.flatMap((unit) => (unit.kind === kind ? (unit.turn.voiceToVoiceMs ?? []) : [])))
const [off, told, camera] = [of('off'), of('told'), of('camera')]
const quotient = (other: typeof off) =>
  camera && other && Math.round((1_000 * camera.p50) / other.p50) / 1_000
const figures = {
  off,
  told,
  camera,
  quotientOfMedians: { toOff: quotient(off), toTold: quotient(told) },
  problems: result.units.filter(({ turn }) => turn.problem !== undefined).length,
}
result.finish(result.units.length === KINDS.length * rounds * turns, figures)
console.log(JSON.stringify(figures, null, 2))

async function converse(round: number, kind: Kind): Promise<MeasuredTurn[]> {
  const transcripts = { inputAudioTranscription: {}, outputAudioTranscription: {} }
  const client = await connectLive({
    url: server.url,
    model: 'gemini-live-2.5-flash',
    WebSocket,
    config: {
      ...transcripts,
      generationConfig: { responseModalities: ['AUDIO'], temperature: 0, maxOutputTokens: 40 },
      systemInstruction: { parts: [{ text: 'You see what the user shows. Answer in one short sentence.' }] },
    },
  })
  const conversation = converseOver(client, now)
  let onView: string | undefined
  let frame = 0
  const show = () => {
    const other = pages[(7 * round + frame++) % pages.length]!.id
    client.sendImage(jpegs.get(onView ?? other)!, 'image/jpeg')
  }
  const camera = kind === 'camera' ? setInterval(show, FRAME_EVERY_MS) : undefined
  const measured: MeasuredTurn[] = []
  try {
    for (let turn = 0; turn < turns; turn++) {
      const [page, question] = questions[(round * turns + turn) % questions.length]!
      onView = page.id
      if (camera) show()
      if (kind === 'told') {
        client.sendText(`[The screen shows:\n${textOf(page)}]`, { turnComplete: false })
        await setTimeout(TOLD_BEFORE_MS)
      }
      const answer = conversation.ask(question, never)
      void setTimeout(question.speechEndMs + FRAME_EVERY_MS).then(() => {
        onView = undefined
      })
      measured.push(await answer)
      if (measured.at(-1)!.problem !== undefined) break
    }
  } finally {
    clearInterval(camera)
    await conversation.close()
  }
  return measured
}

/** As it is read, a line to each row. */
function textOf({ html }: Page): string {
  const body = html.replace(/<style>.*?<\/style>/s, '')
  return body
    .replace(/<(?:br|tr|hr|p|div|h\d|li)\b[^>]*>/g, '\n')
    .replace(/<td\b[^>]*>/g, ' ')
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .split('\n')
    .flatMap((line) => line.trim() || [])
    .join('\n')
}
