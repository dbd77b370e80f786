/**
 * The voice-to-voice benchmark: conversations of several turns each, one or more at once, until enough turns are
 * measured. It owns the schedule and the result; a turn is measured by `conversation.ts`.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectOptions } from '../client/index.js'
import { LATENCIES, type LatencyName, latenciesOf, type TurnRecord } from '../telemetry/index.js'
import { type Conversation, type MeasuredTurn, openConversation } from './conversation.js'
import { type Summary, summarize } from './percentiles.js'
import type { Question } from './question.js'
import { type ServerFacts, type ServerStats, watchMemory } from './server-facts.js'
import { type StageShare, stageShares } from './stages.js'

export interface LatencyOptions {
  readonly connect: ConnectOptions
  readonly facts: ServerFacts
  readonly questions: readonly Question[]
  readonly turns: number
  /** Conversations at the same time. */
  readonly sessions: number
  readonly turnsPerSession: number
  /** Pause after an answer was heard; absent = as people leave. */
  readonly pauseMs?: number
  /** When each conversation begins, ms from the start; absent = all at once. */
  readonly phasesMs?: readonly number[]
  /** Measured in an earlier run; they count. */
  readonly earlier?: readonly LatencyUnit[]
  readonly onTurn: (turn: MeasuredTurn, done: number) => void
  /** Takes the turns of a conversation that has ended, with what the server says of them. */
  readonly onConversation?: (units: readonly LatencyUnit[]) => void
  /** Aborting ends the run early; what was measured until then is returned. */
  readonly signal: AbortSignal
}

/** One turn as it is kept. `server`: the record of the server's timeline, where it tells one. */
export interface LatencyUnit {
  readonly turn: MeasuredTurn
  readonly server?: TurnRecord
}

export interface LatencyResult {
  readonly complete: boolean
  /** Why the run ended before all turns were measured, where it was not the user's wish. */
  readonly failure: string | undefined
  readonly voiceToVoiceMs: Summary | undefined
  /** To the first word that tells something; an opener ("Sure,") does not. */
  readonly contentWordMs: Summary | undefined
  /** As the server measured them, on its own clock; those of `telemetry/latencies.ts`. */
  readonly serverMs: Readonly<Partial<Record<LatencyName, Summary>>>
  /** Of the answered turns: how many had speech in hand when the turn was decided. */
  readonly heldReady: { readonly turns: number; readonly of: number }
  readonly stages: readonly StageShare[]
  readonly underruns: { readonly turns: number; readonly count: number; readonly totalMs: number }
  readonly answeredTooEarly: number
  readonly brokenOff: number
  readonly problems: number
  readonly memory: { readonly peakRssBytes: number; readonly last: ServerStats | undefined } | undefined
  readonly answered: number
}

/** Asks the questions in turn. Rejects only where not one session could be opened. */
export async function measureLatency(options: LatencyOptions): Promise<LatencyResult> {
  const now = () => performance.now()
  const units: LatencyUnit[] = [...(options.earlier ?? [])]
  await options.facts.resetStats()
  const memory = watchMemory(options.facts)
  let asked = units.length
  let answered = units.length
  let opened = 0

  /** The server keeps the last turns only, so they are fetched at the end of each conversation. */
  const keep = async (session: string, turns: readonly MeasuredTurn[]) => {
    const told = (await options.facts.turns()).filter((record) => record.session === session)
    // One that was broken off has a record of its own; the answers that were heard to the end are in order.
    const complete = told.filter(({ outcome }) => outcome === 'complete')
    const kept = turns.map((turn, index) => {
      const server = complete[index]
      return server === undefined ? { turn } : { turn, server }
    })
    units.push(...kept)
    options.onConversation?.(kept)
  }
  const converse = async () => {
    const conversation = await openConversation(options.connect, now, options.pauseMs)
    opened++
    const turns: MeasuredTurn[] = []
    try {
      for (let turn = 0; turn < options.turnsPerSession && asked < options.turns; turn++) {
        const question = options.questions[asked++ % options.questions.length]!
        const measured = await askSafely(conversation, question, options.signal)
        if (measured === undefined) return
        turns.push(measured)
        options.onTurn(measured, ++answered)
        if (measured.problem !== undefined) return
      }
    } finally {
      await conversation.close()
      await keep(conversation.session, turns)
    }
  }
  const work = async (phaseMs: number) => {
    await sleep(phaseMs, undefined, { signal: options.signal })
    while (asked < options.turns && !options.signal.aborted) await converse()
  }
  let failure: string | undefined
  try {
    const workers = await Promise.allSettled(
      Array.from({ length: options.sessions }, (_, index) => work(options.phasesMs?.[index] ?? 0)),
    )
    const failed = workers.find((worker) => worker.status === 'rejected')
    if (failed !== undefined && opened === 0) throw failed.reason
    if (failed !== undefined && !options.signal.aborted)
      failure = String(failed.reason?.message ?? failed.reason)
  } finally {
    await memory.stop()
  }
  const complete = units.length >= options.turns
  return { complete, failure, ...summarizeTurns(units, memory) }
}

/** A session that ends in mid-turn is a measured failure, not the end of the run; undefined where the run was aborted. */
async function askSafely(
  conversation: Conversation,
  question: Question,
  signal: AbortSignal,
): Promise<MeasuredTurn | undefined> {
  try {
    return await conversation.ask(question, signal)
  } catch (error) {
    if (signal.aborted) return undefined
    const { session } = conversation
    const nothing = { answerMs: 0, underruns: 0, underrunMs: 0, brokenOff: 0, heard: '', said: '' }
    return { session, question: question.name, ...nothing, problem: (error as Error).message }
  }
}

function summarizeTurns(
  units: readonly LatencyUnit[],
  memory: { readonly peakRssBytes: number | undefined; readonly last: ServerStats | undefined },
): Omit<LatencyResult, 'complete' | 'failure'> {
  const turns = units.map(({ turn }) => turn)
  const timeline = units.flatMap(({ server }) => server ?? [])
  const measured = turns.flatMap(({ voiceToVoiceMs }) => voiceToVoiceMs ?? [])
  const { peakRssBytes, last } = memory
  return {
    voiceToVoiceMs: summarize(measured),
    contentWordMs: summarize(turns.flatMap(({ contentWordMs }) => contentWordMs ?? [])),
    serverMs: serverLatencies(timeline),
    heldReady: heldReady(timeline),
    stages: stageShares(timeline),
    underruns: {
      turns: turns.filter(({ underruns }) => underruns > 0).length,
      count: turns.reduce((sum, turn) => sum + turn.underruns, 0),
      totalMs: turns.reduce((sum, turn) => sum + turn.underrunMs, 0),
    },
    answeredTooEarly: measured.filter((ms) => ms < 0).length,
    brokenOff: turns.reduce((sum, turn) => sum + turn.brokenOff, 0),
    problems: turns.filter(({ problem }) => problem !== undefined).length,
    memory: peakRssBytes === undefined ? undefined : { peakRssBytes, last },
    answered: turns.length,
  }
}

function serverLatencies(timeline: readonly TurnRecord[]): LatencyResult['serverMs'] {
  const measured = timeline.map(({ marks }) => latenciesOf(marks))
  const summaries: Partial<Record<LatencyName, Summary>> = {}
  for (const name of Object.keys(LATENCIES) as LatencyName[]) {
    const summary = summarize(measured.flatMap((latencies) => latencies[name] ?? []))
    if (summary !== undefined) summaries[name] = summary
  }
  return summaries
}

function heldReady(timeline: readonly TurnRecord[]): LatencyResult['heldReady'] {
  const held = timeline.flatMap(({ marks }) => latenciesOf(marks).heldReady ?? [])
  return { turns: held.filter((ms) => ms >= 0).length, of: held.length }
}
