/**
 * Whom words are for, by sound and through the whole server: the exchange before is had aloud, then the words are said by whoever says such things, and it is
 * counted whether an answer comes.
 *
 *   node --import tsx test/models/addressee/spoken.ts --home ~/.vivavoce --clips FOLDER [--half fresh] [--every 2] [--minutes 8] [--out FILE]
 *
 * After `--minutes` it stops, and goes on where it stopped when it is started again. Waits between words are those of the set, up to `--longest-wait` seconds.
 */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import WebSocket from 'ws'
import { writeWav } from '../../../src/audio/index.js'
import { openListener } from '../../../src/bench/listener.js'
import { readQuestion } from '../../../src/bench/question.js'
import { openResult } from '../../../src/bench/result-file.js'
import { startServer } from '../../sdk/server.js'
import { openClips, SPEAKER_OF } from './clips.js'
import { type Half, type Kind, readFrozenSet, type Utterance } from './frozen-set.js'
import { ADDRESS_MODEL, figuresOfSpoken, spokenConfig } from './spoken-figures.js'

const { values: flags } = parseArgs({
  options: {
    home: { type: 'string', default: join(homedir(), '.vivavoce') },
    clips: { type: 'string', default: 'addressee-clips' },
    half: { type: 'string', default: 'fresh' },
    every: { type: 'string', default: '2' },
    minutes: { type: 'string', default: '8' },
    'longest-wait': { type: 'string', default: '8' },
    out: { type: 'string', default: 'bench/results/addressee-spoken.json' },
  },
})

export interface SpokenUnit {
  readonly id: string
  readonly language: Utterance['language']
  readonly kind: Kind
  readonly addressed: boolean
  readonly answered: boolean
  /** False: the question before got no answer within its time, so that there was no exchange. */
  readonly inExchange: boolean
  /** Transcripts of the words. */
  readonly heard: string
}

const ANSWER_WITHIN_MS = 25_000
const stopAtMs = performance.now() + Number(flags.minutes) * 60_000
const now = () => performance.now()
const never = new AbortController().signal
const items = readFrozenSet(flags.half as Half).filter((_, index) => index % Number(flags.every) === 0)
const result = openResult<SpokenUnit>(resolve(flags.out), 'addressee-spoken', {
  half: flags.half,
  utterances: items.length,
  longestWaitS: Number(flags['longest-wait']),
  speech: 'synthetic; side talk -3 dB, housemates -8 dB, television -12 dB against the user',
  command: 'node --import tsx test/models/addressee/spoken.ts',
})
const clips = openClips(flags.home, flags.clips)
for (const item of items) {
  await clips.say(item.text, item.language, SPEAKER_OF[item.kind])
  const before = item.before.at(-1)
  if (before) await clips.say(before[0], item.language, 'user')
}
await clips.close()

const server = await startServer({
  home: flags.home,
  arguments: ['--offline', '--tts', 'piper'],
  readyWithinMs: 300_000,
})
try {
  for (const item of items) {
    if (result.units.some(({ id }) => id === item.id)) continue
    if (now() > stopAtMs) break
    const unit = await converse(item)
    result.add(unit)
    const mark = unit.answered === unit.addressed ? 'right' : unit.answered ? 'FALSE ANSWER' : 'MISSED'
    console.log(`${unit.id} ${unit.kind}${unit.inExchange ? '' : ' (no exchange)'} ${mark}: ${unit.heard}`)
  }
} finally {
  await server.stop()
}
const figures = figuresOfSpoken(result.units)
result.finish(result.units.length === items.length, figures)
console.log(JSON.stringify(figures, null, 2))

async function question(text: string, item: Utterance, speaker = SPEAKER_OF[item.kind]) {
  const samples = await clips.say(text, item.language, speaker)
  return readQuestion(item.id, writeWav(samples, 16_000))
}

async function converse(item: Utterance): Promise<SpokenUnit> {
  const listener = await openListener({
    connect: { url: server.url, model: ADDRESS_MODEL, WebSocket, config: spokenConfig(item) },
    now,
    signal: never,
  })
  const { heard } = listener
  const count = (kind: string, from = 0) => heard.slice(from).filter((event) => event.kind === kind).length
  const lengthMs = (samples: Float32Array) => samples.length / 16
  try {
    let inExchange = item.before.length === 0
    const before = item.before.at(-1)
    if (before) {
      const asked = await question(before[0], item, 'user')
      listener.microphone.say(asked)
      await listener.until(
        () => count('turnComplete') > 0,
        now() + lengthMs(asked.samples) + 2 * ANSWER_WITHIN_MS,
      )
      inExchange = count('audio') > 0
      const pauseUntil = now() + Math.min(item.sinceMs ?? 0, 1000 * Number(flags['longest-wait']))
      await listener.until(() => false, pauseUntil)
    }
    const from = heard.length
    const words = await question(item.text, item)
    listener.microphone.say(words)
    await listener.until(
      () => count('audio', from) + count('turnComplete', from) > 0,
      now() + lengthMs(words.samples) + ANSWER_WITHIN_MS,
    )
    const { id, language, kind, addressed } = item
    const transcript = heard.slice(from).flatMap(({ kind, text }) => (kind === 'input' && text ? [text] : []))
    const answered = count('audio', from) > 0
    return { id, language, kind, addressed, answered, inExchange, heard: transcript.join('').trim() }
  } finally {
    await listener.close()
  }
}
