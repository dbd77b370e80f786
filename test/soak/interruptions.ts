/**
 * An answer follows every interruption. Conversations in which each answer is spoken over at a random moment, also before it is heard and after it was
 * sent: on scripted engines and a clock that is turned by hand, or on real engines with the benches' sounds. Prints and keeps what went wrong.
 *
 *   node --import tsx test/soak/interruptions.ts [--count 1000] [--seed 1] [--out FILE]
 *   node --import tsx test/soak/interruptions.ts --real HOME [--count 100] [--seed 1] [--sounds FOLDER] [--out FILE]
 *
 * The first keeps only what went wrong, if anything. The second goes on with an unfinished result of the same commit. The sounds are made by `vivavoce bench sounds`; they are synthetic.
 */
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'
import { hasFirstWords, LONG_ANSWERS } from '../../src/bench/interruption.js'
import { type Listener, openListener } from '../../src/bench/listener.js'
import { createRandom } from '../../src/bench/random.js'
import { openResult } from '../../src/bench/result-file.js'
import { openSoundSet, type Sound } from '../../src/bench/sound-files.js'
import { SOUND_SET_VERSION } from '../../src/bench/sound-list.js'
import { audioLengthMs } from '../../src/testing/recording-connection.js'
import { silence, startSession, stream, tone } from '../../src/testing/session-bench.js'
import { startServerProcess } from './server-process.js'

const RESULTS = 'bench/results/interruptions'

export interface SpokenOver {
  readonly index: number
  /** After the first sound of the answer; negative = before it. */
  readonly momentMs: number
  readonly said: string
  readonly heard: string
  /** The client was told; false where nothing had been sent, or all had been played. */
  readonly interrupted: boolean
  readonly answered: boolean
  readonly firstWordsKept: boolean
}

// ---- scripted engines

/** Each length has words of its own: where the beginning is lost, it is another length. */
const LENGTHS_MS = [400, 700, 1_000, 1_300]
const TOLERANCE_MS = 45
const SCRIPT = `delaysMs: { firstToken: 120, perToken: 8, firstAudio: 60, recognizer: 120 }
rules:
${LENGTHS_MS.map(
  (ms) => `  - match: { audioMs: { min: ${ms - TOLERANCE_MS}, max: ${ms + TOLERANCE_MS} } }
    transcript: Speech of ${ms}
    reply: "You spoke for ${ms}. One two three four five six seven eight nine ten eleven twelve. And thirteen, fourteen and fifteen after that."
`,
).join('')}  - transcript: Another length
    reply: I did not hear the beginning.
`
const STEP_MS = 40
const ANSWER_WITHIN_MS = 10_000
const EACH_SESSION = 50

export async function interruptOnManualClock(count: number, seed: number): Promise<SpokenOver[]> {
  const results: SpokenOver[] = []
  for (let first = 0; first < count; first += EACH_SESSION) {
    const started = startSession({}, SCRIPT)
    const { clock, connection } = started
    const random = createRandom(seed + first)
    const audioSince = (index: number) =>
      connection.sent
        .slice(index)
        .find(
          ({ message }) => 'serverContent' in message && audioLengthMs(message.serverContent) !== undefined,
        )
    const contentsSince = (index: number) =>
      connection.sent
        .slice(index)
        .flatMap(({ message }) => ('serverContent' in message ? [message.serverContent] : []))
    await stream(started, tone(1_000), STEP_MS)
    for (let index = first; index < Math.min(count, first + EACH_SESSION); index++) {
      // A question of the user's is on its way to be answered. Its end takes up to a second, its answer lasts some ten.
      const fromMessage = connection.sent.length
      const pauseMs = STEP_MS * Math.round((700 + random() * 8_000) / STEP_MS)
      await stream(started, silence(pauseMs), STEP_MS)
      const sounded = audioSince(fromMessage)
      const beganAt = clock.now()
      const overMessage = connection.sent.length
      const lengthMs = LENGTHS_MS[Math.floor(random() * LENGTHS_MS.length)]!
      await stream(started, tone(lengthMs), STEP_MS)
      const spokenMessage = connection.sent.length
      const deadline = clock.now() + ANSWER_WITHIN_MS
      // Heard, and only then answered.
      const heardAt = () =>
        connection.sent.findIndex(
          ({ message }, at) =>
            at >= overMessage &&
            'serverContent' in message &&
            message.serverContent.inputTranscription !== undefined,
        )
      const isAnswered = () => heardAt() >= 0 && audioSince(Math.max(heardAt(), spokenMessage)) !== undefined
      while (!isAnswered() && clock.now() < deadline) await stream(started, silence(STEP_MS), STEP_MS)
      const contents = contentsSince(overMessage)
      const heard = contents.map(({ inputTranscription }) => inputTranscription?.text ?? '').join('')
      results.push({
        index,
        momentMs: sounded ? Math.round(beganAt - sounded.at) : -pauseMs,
        said: `Speech of ${lengthMs}`,
        heard,
        interrupted: contents.some(({ interrupted }) => interrupted === true),
        answered: isAnswered(),
        firstWordsKept: heard.trim() === `Speech of ${lengthMs}`,
      })
    }
    started.session.disconnected()
  }
  return results
}

async function keptOnManualClock(count: number, seed: number, out: string): Promise<SpokenOver[]> {
  const file = openResult<SpokenOver>(resolve(out), 'interruptions-scripted', { count, seed })
  const units = await interruptOnManualClock(count, seed)
  for (const unit of units) if (!unit.answered || !unit.firstWordsKept) file.add(unit)
  file.finish(true, summaryOf(units))
  return units
}

// ---- real engines

const REAL_SESSION = 10
const REAL_ANSWER_MS = 120_000

async function interruptOnRealEngines(
  home: string,
  flags: { count: number; seed: number; sounds: string; out: string },
) {
  const { count, seed, out } = flags
  const set = openSoundSet(flags.sounds)
  const sounds: Sound[] = (['report', 'tune'] as const).flatMap((half) => [...set.ofKind('barge-in', half)])
  const file = openResult<SpokenOver>(out, 'interruptions-real', { count, seed, soundSet: set.version })
  const server = await startServerProcess({ home, readyWithinMs: 300_000 })
  let listener: Listener | undefined
  try {
    for (let index = file.resumed; index < count; index++) {
      if (!listener || index % REAL_SESSION === 0) {
        await listener?.close()
        listener = await begin(server.url, set.ofKind('finished', 'report')[index % 8]!)
      }
      const unit = await speakOver(listener, index, sounds, createRandom(seed + index))
      file.add(unit)
      process.stdout.write(`${index + 1}/${count}  ${JSON.stringify(unit)}\n`)
    }
  } finally {
    await listener?.close()
    await server.stop()
  }
  file.finish(file.units.length === count, summaryOf(file.units))
  return file.units
}

const now = () => performance.now()

/** A session whose first question is spoken. */
async function begin(url: string, question: Sound): Promise<Listener> {
  const listener = await openListener({
    connect: {
      url,
      model: 'gemini-live-2.5-flash',
      WebSocket,
      config: {
        generationConfig: { responseModalities: ['AUDIO'] },
        systemInstruction: { parts: [{ text: LONG_ANSWERS }] },
      },
    },
    now,
    signal: new AbortController().signal,
  })
  await sleep(400)
  listener.microphone.say(question)
  if (
    !(await listener.until(() => listener.heard.some(({ kind }) => kind === 'audio'), now() + REAL_ANSWER_MS))
  )
    throw new Error('the first question was not answered')
  return listener
}

async function speakOver(
  listener: Listener,
  index: number,
  sounds: readonly Sound[],
  random: () => number,
): Promise<SpokenOver> {
  const { heard, microphone } = listener
  const soundedMs = now()
  await sleep(random() * 4_000)
  const sound = sounds[Math.floor(random() * sounds.length)]!
  const startMs = microphone.say(sound)
  const onsetMs = startMs + sound.onsetMs
  const after = (kind: string, sinceMs: number) =>
    heard.find((each) => each.kind === kind && each.atMs >= sinceMs)
  const answered = await listener.until(() => {
    const input = after('input', onsetMs)
    return (
      input !== undefined && after('audio', Math.max(input.atMs, startMs + sound.speechEndMs)) !== undefined
    )
  }, startMs + REAL_ANSWER_MS)
  const text = heard.flatMap(({ kind, atMs, text: said }) =>
    kind === 'input' && atMs >= onsetMs ? [said ?? ''] : [],
  )
  return {
    index,
    momentMs: Math.round(startMs - soundedMs),
    said: sound.entry.text ?? '',
    heard: text.join('').trim(),
    interrupted: after('interrupted', onsetMs) !== undefined,
    answered,
    firstWordsKept: hasFirstWords(text.join(''), sound.entry.text ?? ''),
  }
}

export function summaryOf(units: readonly SpokenOver[]) {
  const share = (of: (unit: SpokenOver) => boolean) => units.filter(of).length
  return {
    spokenOver: units.length,
    interrupted: share(({ interrupted }) => interrupted),
    answered: share(({ answered }) => answered),
    firstWordsKept: share(({ firstWordsKept }) => firstWordsKept),
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: 'string' },
      seed: { type: 'string', default: '1' },
      real: { type: 'string' },
      sounds: { type: 'string' },
      out: { type: 'string' },
    },
  })
  const { real } = values
  const seed = Number(values.seed)
  const units =
    real === undefined
      ? await keptOnManualClock(Number(values.count ?? 1_000), seed, values.out ?? `${RESULTS}-scripted.json`)
      : await interruptOnRealEngines(resolve(real), {
          count: Number(values.count ?? 100),
          seed,
          sounds: values.sounds ?? join(resolve(real), 'bench-sounds', SOUND_SET_VERSION),
          out: resolve(values.out ?? `${RESULTS}-real.json`),
        })
  for (const unit of units) if (!unit.answered || !unit.firstWordsKept) console.log(JSON.stringify(unit))
  const summary = summaryOf(units)
  console.log(JSON.stringify(summary))
  process.exitCode =
    summary.answered === units.length && summary.firstWordsKept >= 0.98 * units.length ? 0 : 1
}

if (import.meta.url === `file://${process.argv[1]}`) await main()
