/**
 * The endpointing benchmark: a person stops to think in the middle of a sentence for one, two, three seconds, then goes on. Any byte of an
 * answer before the sentence is over counts as a turn falsely ended; in the same run, how long the server waits after turns that are over.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectOptions } from '../client/index.js'
import { openListener } from './listener.js'
import { type Summary, summarize } from './percentiles.js'
import type { ServerFacts } from './server-facts.js'
import type { Sound } from './sound-files.js'

export interface EndpointingCase {
  readonly id: string
  readonly real: boolean
  /** The whole turn; of a turn with a pause its first part. */
  readonly first: Sound
  readonly pauseMs?: number
  readonly second?: Sound
}

export interface EndpointingUnit {
  readonly id: string
  readonly real: boolean
  /** 0 = a whole turn without a pause. */
  readonly pauseMs: number
  /** Something of an answer came before the turn was over. */
  readonly endedEarly: boolean
  /** From the end of the first part to that byte. */
  readonly earlyMs?: number
  /** End of the turn → the first byte of its answer. */
  readonly firstByteMs?: number
  /** The server's own figure for its wait, where it tells. */
  readonly waitMs?: number
  readonly heard: string
  readonly problem?: string
}

export interface EndpointingOptions {
  readonly connect: ConnectOptions
  readonly facts: ServerFacts
  readonly signal: AbortSignal
}

const ANSWER_DEADLINE_MS = 30_000

export async function measureEndpointing(
  { id, real, first, pauseMs = 0, second }: EndpointingCase,
  { connect, facts, signal }: EndpointingOptions,
): Promise<EndpointingUnit> {
  const now = () => performance.now()
  const listener = await openListener({ connect, now, signal })
  const { heard, microphone } = listener
  const isAnswer = ({ kind }: { kind: string }) => kind === 'audio' || kind === 'output'
  let problem: string | undefined
  let earlyMs: number | undefined
  let firstByteMs: number | undefined
  try {
    await sleep(600, undefined, { signal })
    const firstEndMs = microphone.say(first) + first.speechEndMs
    let turnEndMs = firstEndMs
    if (second) {
      // The pause lies between the speech of the parts: what is silent at their edges belongs to it.
      await listener.until(() => false, firstEndMs + pauseMs - second.onsetMs)
      turnEndMs = microphone.say(second) + second.speechEndMs
    }
    const answered = await listener.until(
      () => heard.some((each) => isAnswer(each) && each.atMs >= turnEndMs),
      turnEndMs + ANSWER_DEADLINE_MS,
    )
    const early = heard.find((each) => isAnswer(each) && each.atMs < turnEndMs)
    if (early) earlyMs = early.atMs - firstEndMs
    const byte = heard.find((each) => isAnswer(each) && each.atMs >= turnEndMs)
    if (byte && !early) firstByteMs = byte.atMs - turnEndMs
    if (!answered) problem = 'no answer'
  } catch (error) {
    signal.throwIfAborted()
    problem = (error as Error).message
  } finally {
    await listener.close()
  }
  const endedEarly = earlyMs !== undefined
  const waitMs = endedEarly ? undefined : await ownWait(facts, listener.session)
  return {
    id,
    real,
    pauseMs,
    endedEarly,
    ...(earlyMs === undefined ? {} : { earlyMs }),
    ...(firstByteMs === undefined ? {} : { firstByteMs }),
    ...(waitMs === undefined ? {} : { waitMs }),
    heard: heard
      .filter(({ kind }) => kind === 'input')
      .map(({ text }) => text ?? '')
      .join('')
      .trim(),
    ...(problem === undefined ? {} : { problem }),
  }
}

async function ownWait(facts: ServerFacts, session: string): Promise<number | undefined> {
  const record = (await facts.turns()).find((each) => each.session === session)
  const { speechEnd, turnDecided } = record?.marks ?? {}
  return speechEnd === undefined || turnDecided === undefined ? undefined : turnDecided - speechEnd
}

export interface EndpointingRow {
  readonly pauseMs: number
  readonly real: boolean
  readonly cases: number
  readonly endedEarly: number
  readonly waitMs: Summary | undefined
  readonly firstByteMs: Summary | undefined
  readonly problems: number
}

/** One for each pause; `pauseMs` 0 = whole turns. */
export function endpointingRows(units: readonly EndpointingUnit[]): EndpointingRow[] {
  const keys = [...new Set(units.map(({ pauseMs, real }) => `${pauseMs} ${real}`))].sort()
  return keys.map((key) => {
    const all = units.filter(({ pauseMs, real }) => `${pauseMs} ${real}` === key)
    const measured = all.filter(({ problem, endedEarly }) => problem === undefined || endedEarly)
    return {
      pauseMs: all[0]!.pauseMs,
      real: all[0]!.real,
      cases: measured.length,
      endedEarly: measured.filter(({ endedEarly }) => endedEarly).length,
      waitMs: summarize(measured.flatMap(({ waitMs }) => waitMs ?? [])),
      firstByteMs: summarize(measured.flatMap(({ firstByteMs }) => firstByteMs ?? [])),
      problems: all.length - measured.length,
    }
  })
}
