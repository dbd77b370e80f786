/**
 * The Prometheus metrics of a server, in seconds as is customary there. Owns a registry of its own, so that several servers in one
 * process do not mix. Latencies come from the turn records alone.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { LATENCIES, type LatencyName, latenciesOf, stagesOf } from './latencies.js'
import type { GateStep, SessionEnd } from './observer.js'
import type { TurnRecord } from './turn-timeline.js'

export interface MetricsSources {
  readonly openSessions: () => number
  readonly processes: () => readonly ProcessFacts[]
  /** Resident memory of a process in bytes; undefined where it cannot be known. */
  readonly residentBytes: (pid: number) => number | undefined
}

export interface ProcessFacts {
  readonly name: string
  readonly pid: number | undefined
  readonly restarts: number
}

export interface Metrics {
  turn(record: TurnRecord): void
  sessionOpened(): void
  sessionEnded(end: SessionEnd): void
  sessionRefused(why: string): void
  gateStep(step: GateStep): void
  /** The text exposition format and its content type. */
  render(): Promise<{ readonly text: string; readonly contentType: string }>
  close(): void
}

const LATENCY_BUCKETS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 13]
const NANOSECONDS_PER_SECOND = 1e9
/** Resolution of the event-loop delay, ms. */
const SAMPLING_MS = 10

export function createMetrics(sources: MetricsSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const histogram = <Label extends string>(name: string, help: string, labelNames: Label[]) =>
    new Histogram({ name, help, labelNames, buckets: LATENCY_BUCKETS, registers })

  const latencies = histogram('vivavoce_latency_seconds', 'Latencies of turns, by name; see docs.', [
    'latency',
  ])
  const stages = histogram('vivavoce_stage_seconds', 'Length of each stage of a turn.', ['stage'])
  const gateWaits = histogram(
    'vivavoce_gate_wait_seconds',
    'Time that heavy steps waited for the processor.',
    ['lane', 'priority'],
  )
  const gateRuns = histogram('vivavoce_gate_step_seconds', 'Time that heavy steps took.', ['lane'])
  const turns = new Counter({
    name: 'vivavoce_turns_total',
    help: 'Turns that ended, by outcome.',
    labelNames: ['outcome'],
    registers,
  })
  const underruns = new Counter({
    name: 'vivavoce_underruns_total',
    help: 'Times that a paced listener ran dry within an answer.',
    registers,
  })
  const underrunSeconds = new Counter({
    name: 'vivavoce_underrun_seconds_total',
    help: 'Silence that those made.',
    registers,
  })
  const dropped = new Counter({
    name: 'vivavoce_speculations_dropped_total',
    help: 'Answers begun before the turn was decided and dropped.',
    registers,
  })
  const audio = new Counter({
    name: 'vivavoce_audio_seconds_total',
    help: 'Audio of turns, by direction.',
    labelNames: ['direction'],
    registers,
  })
  const opened = new Counter({ name: 'vivavoce_sessions_opened_total', help: 'Sessions opened.', registers })
  const ended = new Counter({
    name: 'vivavoce_sessions_ended_total',
    help: 'Sessions that ended, by close code where the server closed them.',
    labelNames: ['code'],
    registers,
  })
  const refused = new Counter({
    name: 'vivavoce_sessions_refused_total',
    help: 'Setups that were refused for want of room.',
    labelNames: ['why'],
    registers,
  })
  gauge('vivavoce_sessions_open', 'Sessions that are open.', () => [[{}, sources.openSessions()]])
  gauge('vivavoce_process_resident_bytes', 'Resident memory of the server and each engine process.', () =>
    [{ name: 'server', pid: process.pid, restarts: 0 }, ...sources.processes()].flatMap(({ name, pid }) => {
      const bytes = pid === undefined ? undefined : sources.residentBytes(pid)
      return bytes === undefined ? [] : [[{ process: name }, bytes] as const]
    }),
  )
  gauge('vivavoce_engine_restarts', 'Times that each engine process was restarted.', () =>
    sources.processes().map(({ name, restarts }) => [{ process: name }, restarts] as const),
  )
  const delay = monitorEventLoopDelay({ resolution: SAMPLING_MS })
  delay.enable()
  gauge('vivavoce_event_loop_delay_seconds', 'Delay of the event loop since the last scrape.', () => {
    // The histogram counts the whole interval between two samples: what is over the resolution is delay.
    const seconds = (nanoseconds: number) =>
      Math.max(0, nanoseconds / NANOSECONDS_PER_SECOND - SAMPLING_MS / 1000)
    const values = ([50, 90, 99] as const).map(
      (p) => [{ quantile: String(p / 100) }, seconds(delay.percentile(p))] as const,
    )
    const all = [...values, [{ quantile: '1' }, seconds(delay.max)] as const]
    delay.reset()
    return all
  })

  function gauge(
    name: string,
    help: string,
    read: () => readonly (readonly [Record<string, string>, number])[],
  ): void {
    new Gauge({
      name,
      help,
      labelNames: ['process', 'quantile'],
      registers,
      collect() {
        this.reset()
        for (const [labels, value] of read()) this.set(labels, value)
      },
    })
  }

  return {
    turn(record) {
      turns.inc({ outcome: record.outcome })
      const measured = latenciesOf(record.marks)
      for (const latency of Object.keys(LATENCIES) as LatencyName[]) {
        const ms = measured[latency]
        if (ms !== undefined) latencies.observe({ latency }, Math.max(0, ms / 1000))
      }
      for (const { stage, startMs, endMs } of stagesOf(record.events)) {
        stages.observe({ stage }, Math.max(0, (endMs - startMs) / 1000))
      }
      for (const { mark, value = 0 } of record.events) {
        if (mark === 'speculationDropped') dropped.inc()
        if (mark !== 'underrun') continue
        underruns.inc()
        underrunSeconds.inc(value / 1000)
      }
      audio.inc({ direction: 'in' }, record.inputAudioMs / 1000)
      audio.inc({ direction: 'out' }, record.outputAudioMs / 1000)
    },
    sessionOpened: () => opened.inc(),
    sessionEnded: ({ code }) => ended.inc({ code: code === undefined ? 'client' : String(code) }),
    sessionRefused: (why) => refused.inc({ why }),
    gateStep({ lane, priority, waitedMs, ranMs }) {
      gateWaits.observe({ lane, priority: String(priority) }, waitedMs / 1000)
      gateRuns.observe({ lane }, ranMs / 1000)
    },
    async render() {
      return { text: await registry.metrics(), contentType: registry.contentType }
    },
    close: () => delay.disable(),
  }
}
