/**
 * Two conversations in one room, in real time through the whole server: a user talks with the model, while two others go on talking to each other, or a
 * television does, as loud as `--others-db` at the user's microphone, over the user's words and the model's. Counted are answers that nobody asked for, words of the user's that got
 * none, and answers that were broken off although the user was silent.
 *
 *   node --import tsx test/models/addressee/mixed.ts --home ~/.vivavoce --clips FOLDER [--minutes 10] [--others-db -12] [--show] [--out FILE]
 *
 * Half of the time is English, half Spanish, each in one session.
 */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import WebSocket from 'ws'
import { writeWav } from '../../../src/audio/index.js'
import { openListener } from '../../../src/bench/listener.js'
import { readQuestion } from '../../../src/bench/question.js'
import { createRandom } from '../../../src/bench/random.js'
import { openResult } from '../../../src/bench/result-file.js'
import { startServer } from '../../sdk/server.js'
import type { Language } from './clips.js'
import { createRoom, HZ, LANGUAGES, ROOM_SYSTEM, readRoomScript } from './room.js'
import { ADDRESS_MODEL, spokenConfig } from './spoken-figures.js'

const { values: flags } = parseArgs({
  options: {
    home: { type: 'string', default: join(homedir(), '.vivavoce') },
    clips: { type: 'string', default: 'addressee-clips' },
    minutes: { type: 'string', default: '10' },
    'others-db': { type: 'string', default: '-12' },
    show: { type: 'boolean', default: false },
    out: { type: 'string', default: 'bench/results/addressee-mixed.json' },
  },
})

interface Event {
  readonly language: Language
  /** Since the session began. */
  readonly atS: number
  readonly what: 'answered' | 'missed' | 'false answer' | 'answer broken off'
  /** What the user said, or what was transcribed before. */
  readonly words: string
}

const ANSWER_WITHIN_MS = 20_000
const now = () => performance.now()
const never = new AbortController().signal
const random = createRandom(7)
const othersDb = Number(flags['others-db'])
const result = openResult<Event>(resolve(flags.out), 'addressee-mixed', {
  minutes: Number(flags.minutes),
  othersDb,
  speech: 'synthetic; two voices beside the user',
  command: 'node --import tsx test/models/addressee/mixed.ts',
})

/** Sentences of the others'. */
const othersSaid: Partial<Record<Language, number>> = {}

const script = await readRoomScript(flags.home, flags.clips, othersDb)
const server = await startServer({
  home: flags.home,
  arguments: ['--offline', '--tts', 'piper'],
  readyWithinMs: 300_000,
})
try {
  for (const language of LANGUAGES) await converse(language, Number(flags.minutes) * 30_000)
} finally {
  await server.stop()
}
const figures = Object.fromEntries(
  LANGUAGES.map((language) => {
    const of = (what: Event['what']) =>
      result.units.filter((unit) => unit.language === language && unit.what === what).length
    return [
      language,
      {
        said: of('answered') + of('missed'),
        misses: of('missed'),
        falseAnswers: of('false answer'),
        answersBrokenOff: of('answer broken off'),
        othersSaid: othersSaid[language],
      },
    ]
  }),
)
result.finish(true, figures)
console.log(JSON.stringify(figures, null, 2))

async function converse(language: Language, lengthMs: number): Promise<void> {
  const { user, others } = script[language]
  const room = createRoom(others, random)
  const listener = await openListener({
    connect: {
      url: server.url,
      model: ADDRESS_MODEL,
      WebSocket,
      config: spokenConfig({ system: ROOM_SYSTEM[language], language }),
    },
    now,
    signal: never,
    room: room.mixInto,
  })
  const { heard, microphone } = listener
  const startedMs = now()
  const seconds = (atMs: number) => Math.round((atMs - startedMs) / 100) / 10
  const add = (atMs: number, what: Event['what'], words: string) => {
    const event = { language, atS: seconds(atMs), what, words }
    result.add(event)
    console.log(JSON.stringify(event))
  }
  /** Up to where `heard` was read, and whether an answer sounds. */
  let read = 0
  let sounding = false
  let words = ''
  /** The user's words that are owed an answer, and until when. */
  let owed: { readonly text: string; readonly fromMs: number; readonly untilMs: number } | undefined
  let userUntilMs = 0
  const look = () => {
    for (; read < heard.length; read++) {
      const { kind, atMs, text } = heard[read]!
      if (flags.show && (kind !== 'audio' || !sounding)) console.log(seconds(atMs), kind, text ?? '')
      if (kind === 'input') words += text
      if (kind === 'audio' && !sounding) {
        sounding = true
        if (owed && atMs >= owed.fromMs) add(atMs, 'answered', owed.text)
        else add(atMs, 'false answer', words.trim())
        if (owed && atMs >= owed.fromMs) owed = undefined
      }
      if (kind === 'interrupted') {
        if (sounding && atMs > userUntilMs + 1_000) add(atMs, 'answer broken off', words.trim())
        sounding = false
      }
      if (kind === 'turnComplete') {
        sounding = false
        words = ''
      }
    }
    if (owed && now() > owed.untilMs) {
      add(owed.untilMs, 'missed', owed.text)
      owed = undefined
    }
    return false
  }
  try {
    for (let index = 0; now() < startedMs + lengthMs; index++) {
      const pauseMs = 2_000 + 4_000 * random()
      await listener.until(look, now() + pauseMs)
      const clip = user[index % user.length]!
      const asked = readQuestion(clip.text, writeWav(clip.samples, HZ))
      const fromMs = microphone.say(asked)
      userUntilMs = fromMs + asked.speechEndMs
      // An answer to the first half of the words is one to the user too.
      owed = {
        text: clip.text,
        fromMs: fromMs + asked.speechEndMs / 2,
        untilMs: userUntilMs + ANSWER_WITHIN_MS,
      }
      await listener.until(() => look() || owed === undefined, userUntilMs + ANSWER_WITHIN_MS + 1_000)
      await listener.until(() => look() || !sounding, now() + 12_000)
    }
  } finally {
    othersSaid[language] = room.said.length
    await listener.close()
  }
}
