/**
 * Turns with a pause for thought in them, on virtual time: whether the core ends them in it, and how long it waits after whole ones, with the real
 * speech detector, recogniser, turn detector and the language model's view of the words. Recognitions, votes, views and first sounds take a fixed time, so that what is decided depends on
 * sounds alone.
 *
 *   node --import tsx test/models/floor/pauses.ts [--half tune|report] [--set v1|pauses-1|pauses-2|pauses-3|pauses-4] [--pauses 1000,2000,3000] [--cases 5] [--without-model] [--out FILE]
 */
import { writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { rms, toDbfs } from '../../../src/audio/index.js'
import { describeCommit, describeMachine } from '../../../src/bench/machine.js'
import { summarize } from '../../../src/bench/percentiles.js'
import { aligned } from '../../../src/bench/report.js'
import { openSoundSet, type Sound } from '../../../src/bench/sound-files.js'
import { SOUND_SET_VERSION } from '../../../src/bench/sound-list.js'
import { modelPaths, runtimePaths } from '../../../src/catalog/index.js'
import { type ActivityId, completeness, type SessionEvent } from '../../../src/core/index.js'
import { openSession, reduce } from '../../../src/core/session.js'
import type { Prompt } from '../../../src/engine/index.js'
import { loadSilero } from '../../../src/engines/silero/index.js'
import { loadSmartTurn } from '../../../src/engines/smart-turn/index.js'
import { loadWhisper } from '../../../src/engines/whisper/index.js'
import { endingOf, openDefaultModel } from '../addressee/default-model.js'
import { spokenSession, type Told } from './scene.js'

const FRAME = 512
const FRAME_MS = 32
const LEAD_IN_MS = 500
const VOTE_MS = 60
/** The language model has read the words. */
const FORESEEN_MS = 100
const AFTER_MS = 4_500

const { values } = parseArgs({
  options: {
    half: { type: 'string', default: 'tune' },
    set: { type: 'string', default: SOUND_SET_VERSION },
    pauses: { type: 'string', default: '1000,2000,3000' },
    cases: { type: 'string' },
    'recognition-ms': { type: 'string', default: '220' },
    /** Of the answer, from its beginning. The sooner it is made, the sooner a turn ends. */
    'first-sound-ms': { type: 'string', default: '200' },
    'without-model': { type: 'boolean' },
    out: { type: 'string' },
  },
})
const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const runtimeDir = runtimePaths(home, 'onnxruntime-node').directory
const half = values.half === 'report' ? 'report' : 'tune'
const recognitionMs = Number(values['recognition-ms'])
const firstSoundMs = Number(values['first-sound-ms'])
const never = new AbortController().signal
const detector = await loadSilero({ modelPath: modelPaths(home, 'silero-vad').main, runtimeDir })
const recognizer = await loadWhisper({ dir: modelPaths(home, 'whisper-base').directory, runtimeDir })
const turns = await loadSmartTurn({ modelPath: modelPaths(home, 'smart-turn-v3').main, runtimeDir })
const model = values['without-model'] ? undefined : await openDefaultModel(2)
const conversation = model?.open({ signal: never })
const set = openSoundSet(join(home, 'bench-sounds', values.set))

type Due = { readonly at: number; readonly make: () => Promise<SessionEvent> }

interface Answered {
  /** When the answer was let out, from the end of the speech that it follows. */
  readonly waitMs?: number
  readonly words: string
  readonly votes: readonly string[]
  /** What the language model expected behind the words of each pause. */
  readonly views: readonly string[]
  /** Possible ends that came to nothing, in so much speech. */
  readonly resumed: number
  readonly speechMs: number
}

/** `second` after so much silence; what is asked is when the first answer leaves. */
async function play(first: Sound, second?: { readonly sound: Sound; readonly pauseMs: number }) {
  const language = first.entry.language ?? 'en'
  let [session] = openSession(spokenSession(language))
  const firstEndMs = LEAD_IN_MS + first.speechEndMs
  const secondAt = second ? firstEndMs + second.pauseMs - second.sound.onsetMs : 0
  const endMs = second ? secondAt + second.sound.speechEndMs : firstEndMs
  const says = [
    { samples: first.samples, fromMs: LEAD_IN_MS },
    ...(second ? [{ samples: second.sound.samples, fromMs: secondAt }] : []),
  ]
  const detection = detector.open({ signal: never })
  const scores = detection[Symbol.asyncIterator]()
  const microphone: number[] = []
  const activities = new Map<ActivityId, number>()
  const votes: string[] = []
  const views: string[] = []
  let words = ''
  let resumed = 0
  let due: Due[] = []
  let now = 0
  let releasedAt: number | undefined
  const hearing = (fromMs: number, toMs: number) =>
    Float32Array.from(microphone.slice(Math.round(fromMs * 16), Math.round(toMs * 16)))
  const ask = (type: 'words' | 'transcript', activity: ActivityId, toMs: number) => {
    const at = now + recognitionMs
    due.push({
      at,
      async make() {
        const fromMs = activities.get(activity) ?? 0
        const recognition = recognizer.open({ signal: never, languageBefore: language })
        recognition.push(hearing(fromMs, toMs))
        const { text, language: spoken, averageLogProbability: sureness = 0 } = await recognition.settle()
        recognition.close()
        if (releasedAt === undefined) words = text
        const heard = { at, activity, text, language: spoken, audioMs: toMs - fromMs, sureness }
        return type === 'words' ? { type, toMs, ...heard } : { type, ...heard }
      },
    })
  }
  const foresee = (response: number, prompt: Prompt) => {
    const at = now + FORESEEN_MS
    due.push({
      at,
      async make() {
        const { ends, trailsOff } = await endingOf(conversation!, prompt)
        views.push(`${ends.toFixed(1)}/${trailsOff.toFixed(1)}`)
        return { type: 'response-ending', at, response, ends, trailsOff }
      },
    })
  }
  const release = () => {
    releasedAt ??= now
  }
  const tell = (event: Told) => {
    const [next, effects] = reduce(session, { ...event, at: now } as SessionEvent)
    session = next
    for (const effect of effects) {
      if (effect.type === 'open-activity') activities.set(effect.activity, effect.fromMs)
      if (effect.type === 'settle-activity') ask('words', effect.activity, effect.toMs)
      if (effect.type === 'close-activity') ask('transcript', effect.activity, Math.min(effect.toMs, now))
      if (effect.type === 'release-response') release()
      if (effect.type === 'resume-activity') resumed++
      if (effect.type === 'start-response') {
        const { response, prompt } = effect
        const at = now + firstSoundMs
        if (conversation && effect.standing !== 'certain') foresee(response, prompt as Prompt)
        if (effect.standing === 'certain') release()
        else due.push({ at, make: async () => ({ type: 'response-ready', at, response }) })
      }
      if (effect.type === 'score-turn') {
        const { activity, toMs } = effect
        const at = now + VOTE_MS
        due.push({
          at,
          async make() {
            const samples = hearing(Math.max(activities.get(activity) ?? 0, toMs - 8_000), toMs)
            const probability = await turns.score(samples, never)
            votes.push(probability.toFixed(2))
            return { type: 'turn-vote', at, activity, toMs, probability }
          },
        })
      }
    }
  }
  while (now < endMs + AFTER_MS && releasedAt === undefined) {
    const frame = new Float32Array(FRAME)
    for (const { samples, fromMs } of says) {
      const offset = Math.round((now - fromMs) * 16)
      for (let index = Math.max(0, -offset); index < FRAME && offset + index < samples.length; index++)
        frame[index]! += samples[offset + index]!
    }
    microphone.push(...frame)
    detection.push(frame)
    const { value: score } = await scores.next()
    const startMs = now
    now += FRAME_MS
    for (const each of due.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at)) tell(await each.make())
    due = due.filter(({ at }) => at > now)
    tell({ type: 'audio-received', live: true })
    const levelDb = toDbfs(rms(frame))
    const level = Number.isFinite(levelDb) ? { levelDb } : {}
    tell({ type: 'speech-score', startMs, endMs: now, probability: score.probability, ...level })
  }
  detection.finish()
  const early = releasedAt !== undefined && releasedAt < endMs
  const speechMs = first.speechEndMs - first.onsetMs
  const answered: Answered = { words, votes, views, resumed, speechMs }
  if (releasedAt === undefined) return { ...answered, early: false }
  return { ...answered, early, waitMs: releasedAt - (early ? firstEndMs : endMs) }
}

const most = values.cases === undefined ? undefined : Number(values.cases)
interface Unit extends Answered {
  readonly id: string
  readonly language: string
  readonly pauseMs: number
  readonly early: boolean
}
const units: Unit[] = []
for (const first of set.ofKind('finished', half).slice(0, most)) {
  const outcome = await play(first)
  units.push({ id: first.name, language: first.entry.language ?? 'en', pauseMs: 0, ...outcome })
}
for (const first of set.ofKind('unfinished', half).slice(0, most)) {
  const sound = set.find(first.entry.continuedBy ?? '')
  for (const pauseMs of values.pauses.split(',').map(Number)) {
    const outcome = await play(first, { sound, pauseMs })
    units.push({ id: first.name, language: first.entry.language ?? 'en', pauseMs, ...outcome })
  }
}
await Promise.all([detector.close(), recognizer.close(), turns.close(), model?.close()])
for (const { id, pauseMs, early, waitMs, words, votes, views } of units) {
  const what = pauseMs === 0 ? `waited ${Math.round(waitMs ?? 0)} ms` : early ? 'ENDED EARLY' : 'held'
  console.log(
    `${id} ${pauseMs} ms: ${what}; ${JSON.stringify(words)} ${completeness(words)}; ${votes.join(' ')}; ${views.join(' ')}`,
  )
}
const keys = [...new Set(units.map(({ language, pauseMs }) => `${language} ${pauseMs}`))].sort()
const rows = keys.map((key) => {
  const own = units.filter(({ language, pauseMs }) => `${language} ${pauseMs}` === key)
  const waits = own.filter(({ early }) => !early).flatMap(({ waitMs }) => waitMs ?? [])
  const { language, pauseMs } = own[0]!
  const endedEarly = own.filter(({ early }) => early).length
  const minutes = own.reduce((sum, { speechMs }) => sum + speechMs, 0) / 60_000
  const resumed = own.reduce((sum, unit) => sum + unit.resumed, 0)
  // Of whole turns alone: a pause for thought comes to nothing as it should.
  const perMinute = pauseMs === 0 && { cameToNothingPerMinute: Math.round(resumed / minutes) }
  return { language, pauseMs, cases: own.length, endedEarly, waitMs: summarize(waits), ...perMinute }
})
const cell = (value: unknown) => String(typeof value === 'number' ? Math.round(value) : (value ?? ''))
console.log(
  aligned([
    ['language', 'pause ms', 'turns', 'ended early', 'wait P50', 'P95'],
    ...rows.map((row) =>
      [row.language, row.pauseMs, row.cases, row.endedEarly, row.waitMs?.p50, row.waitMs?.p95].map(cell),
    ),
  ]),
)
if (values.out !== undefined) {
  const { out: _, ...configuration } = values
  const head = { benchmark: 'pauses', measuredAt: new Date().toISOString(), commit: describeCommit() }
  const result = { ...head, machine: describeMachine(), configuration, rows, units }
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`)
}
