/** How results are told to people: as tables. */

import type { LatencyResult } from './latency.js'
import type { Summary } from './percentiles.js'
import type { SystemPromptResult } from './system-prompt.js'

export function latencyTable(result: LatencyResult): string {
  const { voiceToVoiceMs, contentWordMs, stages, underruns, memory } = result
  const rows = [
    ['ms', 'P50', 'P90', 'P99', 'max', 'turns', 'share'],
    summaryRow('voice to voice', voiceToVoiceMs),
    summaryRow('to first content word', contentWordMs),
    ...stages.map(({ name, ms, share }) => [...summaryRow(`  ${name}`, ms), `${Math.round(share * 100)} %`]),
    summaryRow('decision to audio', result.serverMs.decisionToAudio),
    summaryRow('recognition', result.serverMs.recognition),
  ]
  const eventLoop = memory?.last?.eventLoopDelayMs
  const notes = [
    `under-runs: ${underruns.count} in ${underruns.turns} of ${result.answered} turns, ${Math.round(underruns.totalMs)} ms in all`,
    `answered too early: ${result.answeredTooEarly}, broken off: ${result.brokenOff}, failed turns: ${result.problems}`,
    `answer in hand when the turn was decided: ${result.heldReady.turns} of ${result.heldReady.of} turns`,
    memory === undefined
      ? 'memory: the server does not say'
      : `memory: ${megabytes(memory.peakRssBytes)} at most (${(memory.last?.processes ?? [])
          .map(({ name, rssBytes }) => `${name} ${megabytes(rssBytes)}`)
          .join(', ')})`,
    ...(eventLoop === undefined
      ? []
      : [
          `event-loop delay: P50 ${eventLoop.p50.toFixed(1)} ms, P99 ${eventLoop.p99.toFixed(1)} ms, max ${eventLoop.max.toFixed(1)} ms`,
        ]),
    ...(result.complete ? [] : [`incomplete${result.failure === undefined ? '' : `: ${result.failure}`}`]),
  ]
  return `${aligned(rows)}\n${notes.join('\n')}`
}

export function systemPromptTable(results: readonly SystemPromptResult[]): string {
  const ms = (value: number) => `${Math.round(value)} ms`
  return aligned([
    [
      'tokens',
      'as counted',
      'first session',
      'new context',
      'second session',
      'asked aloud',
      'known context',
      'resumed',
      'beside a first',
      'alone',
    ],
    ...results.map((result) => [
      String(result.requestedTokens),
      String(result.promptTokens ?? '-'),
      ms(result.firstSessionMs),
      ms(result.newContextMs),
      ...[result.secondSessionMs, result.spokenMs, result.knownContextMs, result.resumedMs].map(({ p50 }) =>
        ms(p50),
      ),
      ...[result.besideMs, result.aloneMs].map(({ p50 }) => ms(p50)),
    ]),
  ])
}

export function summaryRow(name: string, summary: Summary | undefined): string[] {
  if (summary === undefined) return [name, '-', '-', '-', '-', '0']
  const { p50, p90, p99, max, count } = summary
  return [name, ...[p50, p90, p99, max].map((ms) => ms.toFixed(Math.abs(ms) < 10 ? 1 : 0)), String(count)]
}

export function aligned(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
      .join('  ')
  return rows.map((row) => line(row).trimEnd()).join('\n')
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`
}
