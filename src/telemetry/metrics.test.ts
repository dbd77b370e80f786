import { expect, test } from 'vitest'
import { recordOf } from '../testing/turn-record.js'
import { createMetrics } from './metrics.js'
import { turnLogFields } from './turn-view.js'

test('the exposition carries latencies, under-runs, sessions, restarts, waiting and event-loop delay', async () => {
  const metrics = createMetrics({
    openSessions: () => 3,
    processes: () => [{ name: 'llm', pid: 7, restarts: 2 }],
    residentBytes: (pid) => pid * 1_000,
  })
  metrics.turn(recordOf())
  metrics.sessionOpened()
  metrics.sessionEnded({ session: 's', code: 1011 })
  metrics.sessionEnded({ session: 's' })
  metrics.sessionRefused('load')
  metrics.gateStep({ lane: 'llm', priority: 2, waitedMs: 30, ranMs: 40 })
  const { text, contentType } = await metrics.render()
  metrics.close()
  expect(contentType).toMatch(/^text\/plain/)
  for (const line of [
    'vivavoce_latency_seconds_sum{latency="voiceToVoice"} 1.2',
    'vivavoce_stage_seconds_sum{stage="endpointing"} 0.5',
    'vivavoce_turns_total{outcome="complete"} 1',
    'vivavoce_underruns_total 1',
    'vivavoce_underrun_seconds_total 0.25',
    'vivavoce_sessions_open 3',
    'vivavoce_sessions_ended_total{code="1011"} 1',
    'vivavoce_sessions_ended_total{code="client"} 1',
    'vivavoce_sessions_refused_total{why="load"} 1',
    'vivavoce_engine_restarts{process="llm"} 2',
    'vivavoce_process_resident_bytes{process="llm"} 7000',
    'vivavoce_gate_wait_seconds_sum{lane="llm",priority="2"} 0.03',
    'vivavoce_event_loop_delay_seconds{quantile="0.99"}',
  ]) {
    expect(text).toContain(line)
  }
})

test('no session id and no word ever becomes a label', async () => {
  const metrics = createMetrics({ openSessions: () => 0, processes: () => [], residentBytes: () => 1 })
  metrics.turn(recordOf('secret-session-id'))
  const { text } = await metrics.render()
  metrics.close()
  expect(text).not.toContain('secret-session-id')
})

test('a log line of a turn is flat, and whole numbers', () => {
  const fields = turnLogFields(recordOf())
  expect(fields).toMatchObject({ session: 's', turn: 1, voiceToVoiceMs: 1_200, underruns: 1 })
  expect(Object.values(fields).every((value) => typeof value === 'string' || Number.isInteger(value))).toBe(
    true,
  )
})
