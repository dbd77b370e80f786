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
import { fromDbfs, writeWav } from '../../../src/audio/index.js'
import { openListener } from '../../../src/bench/listener.js'
import { readQuestion } from '../../../src/bench/question.js'
import { createRandom } from '../../../src/bench/random.js'
import { openResult } from '../../../src/bench/result-file.js'
import { startServer } from '../../sdk/server.js'
import { type Language, openClips, type Speaker } from './clips.js'
import { readFrozenSet } from './frozen-set.js'
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

const HZ = 16_000
const ANSWER_WITHIN_MS = 20_000
const SYSTEM = {
  en: 'You are Iris. Answer in one short sentence.',
  es: 'Eres Iris. Responde con una frase corta.',
}
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

interface Clip {
  readonly text: string
  readonly samples: Float32Array
}

/** The user's words that are for the model, and what the others say in turns: all of the set that was not tuned on. */
const clips = openClips(flags.home, flags.clips)
const fresh = readFrozenSet('fresh')
const script = {} as Record<Language, { readonly user: Clip[]; readonly others: Clip[] }>
for (const language of ['en', 'es'] as const) {
  const spoken = async (text: string, speaker: Speaker): Promise<Clip> => ({
    text,
    samples: await clips.say(text, language, speaker),
  })
  const user: Clip[] = []
  const others: Clip[] = []
  for (const item of fresh.filter((each) => each.language === language)) {
    // What stands alone: a question that opens an exchange of the set, and those that follow it.
    if (item.kind === 'question') {
      const [opening] = item.before.at(-1)!
      user.push(await spoken(opening, 'user'), await spoken(item.text, 'user'))
    }
    if (!item.addressed && item.kind !== 'quote' && item.kind !== 'self-talk')
      others.push(await spoken(item.text, others.length % 2 === 0 ? 'housemate' : 'television'))
  }
  script[language] = {
    user,
    others: others.map(({ text, samples }) => ({ text, samples: atLevel(samples) })),
  }
}
await clips.close()

const server = await startServer({
  home: flags.home,
  arguments: ['--offline', '--tts', 'piper'],
  readyWithinMs: 300_000,
})
try {
  for (const language of ['en', 'es'] as const) await converse(language, Number(flags.minutes) * 30_000)
} finally {
  await server.stop()
}
const figures = Object.fromEntries(
  (['en', 'es'] as const).map((language) => {
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

/** As loud as the user, then `--others-db` below; the sets' own levels are for one voice at a time. */
function atLevel(samples: Float32Array): Float32Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  const gain = (0.5 * fromDbfs(othersDb)) / Math.max(peak, 1e-6)
  return samples.map((sample) => sample * gain)
}

async function converse(language: Language, lengthMs: number): Promise<void> {
  const { user, others } = script[language]
  const room = createRoom(others, language)
  const listener = await openListener({
    connect: {
      url: server.url,
      model: ADDRESS_MODEL,
      WebSocket,
      config: spokenConfig({ system: SYSTEM[language], language }),
    },
    now,
    signal: never,
    room,
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
    await listener.close()
  }
}

/** The others' conversation: one sentence after another, with the pauses that people make. */
function createRoom(others: readonly Clip[], language: Language): (frame: Float32Array) => void {
  let next = 0
  let samples = new Float32Array(0)
  let at = 0
  let silence = 3 * HZ
  othersSaid[language] ??= 0
  return (frame) => {
    for (let index = 0; index < frame.length; index++) {
      if (silence > 0) {
        silence--
        continue
      }
      if (at >= samples.length) {
        samples = Float32Array.from(others[next++ % others.length]!.samples)
        at = 0
        othersSaid[language] = (othersSaid[language] ?? 0) + 1
      }
      frame[index]! += samples[at++]!
      if (at >= samples.length) silence = Math.round((0.7 + 3 * random()) * HZ)
    }
  }
}
