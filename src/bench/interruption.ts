/**
 * The interruption benchmark: somebody asks, and while the answer plays a sound begins. Words must silence the client soon, and an answer
 * to them must follow; coughs, noises, assent, a television and the agent's own echo must not stop it. One case is one session.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectOptions } from '../client/index.js'
import { openListener } from './listener.js'
import { type Summary, summarize } from './percentiles.js'
import { createRandom } from './random.js'
import type { ServerFacts } from './server-facts.js'
import type { Sound, SoundEntry } from './sound-files.js'

export type InterruptionKind = SoundEntry['kind'] | 'echo'

export interface InterruptionCase {
  readonly id: string
  readonly kind: InterruptionKind
  readonly real: boolean
  /** What is asked first, as a rule in the voice that speaks over the answer. */
  readonly question: Sound
  /** Absent: nothing is said, the microphone hears the loudspeaker alone. */
  readonly sound?: Sound
  readonly echoDb?: number
}

export interface InterruptionUnit {
  readonly id: string
  readonly kind: InterruptionKind
  readonly real: boolean
  readonly interrupted: boolean
  /** Onset of the sound → silence at the client; of what interrupted. */
  readonly silenceMs?: number
  /** Onset → `interrupted` arrived. */
  readonly toldMs?: number
  /** Audible gaps in the answer from the onset on, of what did not interrupt. */
  readonly gaps: number
  readonly gapMs: number
  /** Whether voice activity alone would have stopped the answer: the server noticed speech. Absent where it does not tell. */
  readonly noticed?: boolean
  /** Words: whether an answer followed, whether its transcript has the first words, and what was heard. */
  readonly answered?: boolean
  readonly firstWordsKept?: boolean
  readonly heard?: string
  readonly problem?: string
}

export interface InterruptionOptions {
  readonly connect: ConnectOptions
  readonly facts: ServerFacts
  readonly seed: number
  readonly signal: AbortSignal
}

/** Answers that last beyond any sound. */
export const LONG_ANSWERS = 'Whatever is said, answer at length: with ten sentences or more.'
const START_DEADLINE_MS = 45_000
const ANSWER_DEADLINE_MS = 45_000
/** After the end of a sound it is decided by then. */
const DECISION_MS = 2_000
const ECHO_MS = 6_000

/** Rejects where no session can be opened or the run is aborted. */
export async function measureInterruption(
  { id, kind, real, question, sound, echoDb }: InterruptionCase,
  index: number,
  { connect, facts, seed, signal }: InterruptionOptions,
): Promise<InterruptionUnit> {
  const now = () => performance.now()
  const random = createRandom(seed + index)
  const base = { id, kind, real, interrupted: false, gaps: 0, gapMs: 0 }
  const listener = await openListener({ connect, now, signal, ...(echoDb === undefined ? {} : { echoDb }) })
  const { heard, microphone } = listener
  const happened = (what: string, sinceMs: number) =>
    heard.find(({ kind: each, atMs }) => each === what && atMs >= sinceMs)
  try {
    // Somebody who listens live has had the microphone on for a while.
    await sleep(400, undefined, { signal })
    const askedMs = microphone.say(question) + question.speechEndMs
    const { speaker } = listener
    const began = await listener.until(
      () => speaker.firstAudibleMs !== undefined,
      askedMs + START_DEADLINE_MS,
    )
    if (!began) return { ...base, problem: 'no answer to interrupt' }
    // An echo is there from the first sound on.
    if (sound) await sleep(800 + random() * 1_700, undefined, { signal })
    if (sound && (now() > speaker.endMs + 300 || happened('turnComplete', 0))) {
      return { ...base, problem: 'the answer was too short to interrupt' }
    }
    const startMs = sound ? microphone.say(sound) : (speaker.firstAudibleMs ?? now())
    const onsetMs = startMs + (sound?.onsetMs ?? 0)
    const soundEndMs = sound ? startMs + sound.speechEndMs : startMs + ECHO_MS
    await listener.until(
      () => happened('interrupted', onsetMs) !== undefined || happened('turnComplete', onsetMs) !== undefined,
      soundEndMs + DECISION_MS,
    )
    const told = happened('interrupted', onsetMs)
    const ended = happened('turnComplete', onsetMs)
    if (!told && ended && ended.atMs < soundEndMs) {
      return { ...base, problem: 'the answer was over before the sound' }
    }
    if (!told) {
      const gaps = speaker.underruns.filter(({ atMs }) => atMs >= onsetMs)
      const noticed = await wasNoticed(facts, listener)
      return {
        ...base,
        gaps: gaps.length,
        gapMs: gaps.reduce((sum, { lengthMs }) => sum + lengthMs, 0),
        ...(noticed === undefined ? {} : { noticed }),
      }
    }
    // The client may have run dry before it was told, since sending stopped earlier.
    const silentMs = Math.min(told.atMs, Math.max(speaker.endMs, onsetMs))
    const stopped = {
      ...base,
      interrupted: true,
      noticed: true,
      silenceMs: silentMs - onsetMs,
      toldMs: told.atMs - onsetMs,
    }
    if (kind !== 'barge-in') return stopped
    const answered = await listener.until(
      () => happened('audio', Math.max(told.atMs, soundEndMs)) !== undefined,
      soundEndMs + ANSWER_DEADLINE_MS,
    )
    const text = heard
      .filter(({ kind: each, atMs }) => each === 'input' && atMs >= onsetMs)
      .map((each) => each.text ?? '')
      .join('')
    return {
      ...stopped,
      answered,
      firstWordsKept: hasFirstWords(text, sound?.entry.text ?? ''),
      heard: text.trim(),
    }
  } catch (error) {
    signal.throwIfAborted()
    return { ...base, problem: (error as Error).message }
  } finally {
    await listener.close()
  }
}

/** The turn's record is there once the session has ended. */
async function wasNoticed(
  facts: ServerFacts,
  listener: { session: string; close(): Promise<void> },
): Promise<boolean | undefined> {
  await listener.close()
  const records = (await facts.turns()).filter(({ session }) => session === listener.session)
  if (records.length === 0) return undefined
  return records.some(({ marks }) => marks.bargeIn !== undefined || marks.paused !== undefined)
}

const wordsOf = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? []

/** Both of the first two words, near the beginning. */
export function hasFirstWords(heard: string, said: string): boolean {
  const first = wordsOf(said).slice(0, 2)
  const begin = wordsOf(heard).slice(0, 4)
  return first.every((word) => begin.includes(word))
}

export interface InterruptionRow {
  readonly kind: InterruptionKind
  readonly real: boolean
  readonly cases: number
  readonly interrupted: number
  /** Of these voice activity alone would have stopped the answer; undefined where the server does not tell. */
  readonly noticed: number | undefined
  readonly silenceMs: Summary | undefined
  readonly toldMs: Summary | undefined
  /** Rejected with an audible gap, and the length of the gaps. */
  readonly withGap: number
  readonly gapMs: Summary | undefined
  readonly answered: number
  readonly firstWordsKept: number
  readonly problems: number
}

export function interruptionRows(units: readonly InterruptionUnit[]): InterruptionRow[] {
  const keys = [...new Set(units.map(({ kind, real }) => `${kind} ${real}`))]
  return keys.map((key) => {
    const all = units.filter(({ kind, real }) => `${kind} ${real}` === key)
    const measured = all.filter(({ problem }) => problem === undefined)
    const gaps = measured.filter(({ interrupted, gaps: count }) => !interrupted && count > 0)
    const tell = measured.filter(({ noticed }) => noticed !== undefined)
    return {
      kind: all[0]!.kind,
      real: all[0]!.real,
      cases: measured.length,
      interrupted: measured.filter(({ interrupted }) => interrupted).length,
      noticed: tell.length === 0 ? undefined : tell.filter(({ noticed }) => noticed).length,
      silenceMs: summarize(measured.flatMap(({ silenceMs }) => silenceMs ?? [])),
      toldMs: summarize(measured.flatMap(({ toldMs }) => toldMs ?? [])),
      withGap: gaps.length,
      gapMs: summarize(gaps.map(({ gapMs }) => gapMs)),
      answered: measured.filter(({ answered }) => answered).length,
      firstWordsKept: measured.filter(({ firstWordsKept }) => firstWordsKept).length,
      problems: all.length - measured.length,
    }
  })
}

/** Of the sounds that are no words and that voice activity alone would have stopped for: the share that did not stop the answer. */
export function removedShare(rows: readonly InterruptionRow[]): number | undefined {
  const sounds = rows.filter(({ kind }) => kind !== 'barge-in')
  const noticed = sounds.reduce((sum, row) => sum + (row.noticed ?? 0), 0)
  const interrupted = sounds.reduce((sum, row) => sum + row.interrupted, 0)
  return noticed === 0 ? undefined : 1 - interrupted / noticed
}
