/**
 * The spoken set of `spoken.ts` on virtual time (`virtual.ts`): whether words are judged right, apart from whether an answer comes soon enough.
 *
 *   node --import tsx test/models/addressee/spoken-scene.ts --home ~/.vivavoce --clips FOLDER [--half fresh] [--every 2] [--kinds question]
 */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { audioLengthMs } from '../../../src/testing/recording-connection.js'
import { openClips, SPEAKER_OF } from './clips.js'
import { type Half, readFrozenSet, type Utterance } from './frozen-set.js'
import { figuresOfSpoken } from './spoken-figures.js'
import { FRAME, startVirtualServer } from './virtual.js'

const { values: flags } = parseArgs({
  options: {
    home: { type: 'string', default: join(homedir(), '.vivavoce') },
    clips: { type: 'string', default: 'addressee-clips' },
    half: { type: 'string', default: 'fresh' },
    every: { type: 'string', default: '2' },
    kinds: { type: 'string' },
    'longest-wait': { type: 'string', default: '8' },
    'answer-ms': { type: 'string', default: '600' },
    'recognition-ms': { type: 'string', default: '250' },
  },
})
const ANSWER_WITHIN_MS = 25_000
const items = readFrozenSet(flags.half as Half)
  .filter((_, index) => index % Number(flags.every) === 0)
  .filter(({ kind }) => flags.kinds === undefined || flags.kinds.split(',').includes(kind))
const clips = openClips(flags.home, flags.clips)
const said = new Map<Utterance, readonly (Float32Array | undefined)[]>()
for (const item of items) {
  const before = item.before.at(-1)
  said.set(item, [
    before && (await clips.say(before[0], item.language, 'user')),
    await clips.say(item.text, item.language, SPEAKER_OF[item.kind]),
  ])
}
await clips.close()
const server = await startVirtualServer({
  home: flags.home,
  known: join(flags.clips, 'recognised'),
  recognitionMs: Number(flags['recognition-ms']),
  answerMs: Number(flags['answer-ms']),
})
const units = []
for (const item of items) units.push(await converse(item))
await server.close()
console.log(JSON.stringify(figuresOfSpoken(units), null, 2))
process.exit(0)

async function converse(item: Utterance) {
  const [before, words] = said.get(item)!
  const session = server.open(item.system, item.language)
  const { clock, connection } = session
  const count = (kind: 'audio' | 'turnComplete', from: number) =>
    connection.sent.slice(from).filter(({ message }) => {
      if (!('serverContent' in message)) return false
      const { serverContent } = message
      return kind === 'audio' ? audioLengthMs(serverContent) !== undefined : serverContent.turnComplete
    }).length
  const hear = async (samples: Float32Array, isDone: () => boolean, withinMs: number) => {
    const until = clock.now() + samples.length / 16 + withinMs
    for (let at = 0; clock.now() < until && (at < samples.length || !isDone()); at += FRAME) {
      const frame = new Float32Array(FRAME)
      frame.set(samples.subarray(at, at + FRAME))
      await session.hear(frame)
    }
  }
  if (before) {
    await hear(before, () => count('turnComplete', 0) > 0, 2 * ANSWER_WITHIN_MS)
    const waitMs = Math.min(item.sinceMs ?? 0, 1_000 * Number(flags['longest-wait']))
    await hear(new Float32Array(0), () => false, waitMs)
  }
  const from = connection.sent.length
  await hear(words!, () => count('audio', from) + count('turnComplete', from) > 0, ANSWER_WITHIN_MS)
  const heard = connection.sent
    .slice(from)
    .flatMap(({ message }) =>
      'serverContent' in message ? (message.serverContent.inputTranscription?.text ?? []) : [],
    )
    .join('')
  const { id, kind, language, addressed } = item
  const answered = count('audio', from) > 0
  session.session.disconnected()
  const verdict = session.host.turns.at(-1)?.address
  const mark = answered === addressed ? 'right' : answered ? 'FALSE ANSWER' : 'MISSED'
  console.log(`${id} ${kind} ${mark}: ${heard.trim()} ${JSON.stringify(verdict)}`)
  return { kind, language, addressed, answered }
}
