/**
 * Two conversations in one room on virtual time (`virtual.ts`): what comes out depends on sounds alone. Nothing of the model's answer comes back into the microphone.
 *
 *   node --import tsx test/models/addressee/mixed-scene.ts --home ~/.vivavoce --clips FOLDER [--minutes 3] [--others-db -12] [--languages en,es] [--show]
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '../../../src/bench/random.js'
import { audioLengthMs } from '../../../src/testing/recording-connection.js'
import type { Language } from './clips.js'
import { createRoom, ROOM_SYSTEM, readRoomScript } from './room.js'
import { FRAME, startVirtualServer } from './virtual.js'

const { values: flags } = parseArgs({
  options: {
    home: { type: 'string', default: join(homedir(), '.vivavoce') },
    clips: { type: 'string', default: 'addressee-clips' },
    minutes: { type: 'string', default: '3' },
    'others-db': { type: 'string', default: '-12' },
    'answer-ms': { type: 'string', default: '1200' },
    'recognition-ms': { type: 'string', default: '250' },
    languages: { type: 'string', default: 'en,es' },
    seed: { type: 'string', default: '7' },
    show: { type: 'boolean', default: false },
  },
})
const ANSWER_WITHIN_MS = 20_000
const script = await readRoomScript(flags.home, flags.clips, Number(flags['others-db']))
const server = await startVirtualServer({
  home: flags.home,
  known: join(flags.clips, 'recognised'),
  recognitionMs: Number(flags['recognition-ms']),
  answerMs: Number(flags['answer-ms']),
})

async function converse(language: Language) {
  const { user, others } = script[language]
  const random = createRandom(Number(flags.seed))
  const room = createRoom(others, random)
  const started = server.open(ROOM_SYSTEM[language], language)
  const { clock, session, connection, host } = started
  const count = { said: 0, misses: 0, falseAnswers: 0, brokenOff: 0 }
  const note = (what: string) => console.log(`${(clock.now() / 1000).toFixed(1)} ${what}`)
  let read = 0
  let turnsRead = 0
  let sounding = false
  let owed: { text: string; fromMs: number; untilMs: number } | undefined
  let says: { samples: Float32Array; at: number } | undefined
  let next = 0
  let index = 0
  let userUntil = 0
  const look = () => {
    for (; read < connection.sent.length; read++) {
      const { at, message } = connection.sent[read]!
      const content = 'serverContent' in message ? message.serverContent : undefined
      if (!content) continue
      if (flags.show && content.inputTranscription)
        note(`heard ${JSON.stringify(content.inputTranscription.text)}`)
      if (audioLengthMs(content) !== undefined && !sounding) {
        sounding = true
        if (owed && at >= owed.fromMs) {
          note(`answered ${owed.text}`)
          owed = undefined
        } else {
          count.falseAnswers++
          note('FALSE ANSWER')
        }
      }
      if (content.interrupted) {
        if (sounding && at > userUntil + 1_000) {
          count.brokenOff++
          note('BROKEN OFF')
        }
        sounding = false
      }
      if (content.turnComplete) sounding = false
    }
    for (; turnsRead < host.turns.length; turnsRead++) {
      const { outcome, address } = host.turns[turnsRead]!
      if (flags.show) note(`turn ${outcome} ${JSON.stringify(address)}`)
    }
  }
  const endMs = Number(flags.minutes) * 60_000
  while (clock.now() < endMs) {
    const frame = new Float32Array(FRAME)
    const now = clock.now()
    if (!says && !owed && !sounding) {
      next ||= now + 2_000 + 4_000 * random()
      if (now >= next) {
        const clip = user[index++ % user.length]!
        const lengthMs = clip.samples.length / 16
        says = { samples: clip.samples, at: 0 }
        userUntil = now + lengthMs
        owed = { text: clip.text, fromMs: now + lengthMs / 2, untilMs: userUntil + ANSWER_WITHIN_MS }
        count.said++
        next = 0
        if (flags.show) note(`USER ${clip.text} (${(lengthMs / 1000).toFixed(1)} s)`)
      }
    }
    if (says) {
      frame.set(says.samples.subarray(says.at, says.at + FRAME))
      says.at += FRAME
      if (says.at >= says.samples.length) says = undefined
    }
    const before = room.said.length
    room.mixInto(frame)
    if (flags.show && room.said.length > before) note(`others ${room.said.at(-1)}`)
    await started.hear(frame)
    look()
    if (owed && clock.now() > owed.untilMs) {
      count.misses++
      note(`MISSED ${owed.text}`)
      owed = undefined
    }
  }
  session.disconnected()
  return { ...count, othersSaid: room.said.length }
}

const figures: Record<string, unknown> = {}
for (const language of flags.languages.split(',') as Language[]) figures[language] = await converse(language)
console.log(JSON.stringify(figures, null, 2))
await server.close()
