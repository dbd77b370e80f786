import type { Tracer } from '@opentelemetry/api'
import { expect, test } from 'vitest'
import { recordOf } from '../testing/turn-record.js'
import { traceTurn } from './spans.js'

interface SeenSpan {
  readonly name: string
  readonly start: number
  end?: number
  readonly attributes: Record<string, unknown>
  readonly events: string[]
}

/** The part of a tracer that is used; what it was given is kept. */
function recordingTracer() {
  const spans: SeenSpan[] = []
  const tracer = {
    startSpan(name: string, options: { startTime: number; attributes: Record<string, unknown> }) {
      const span: SeenSpan = { name, start: options.startTime, attributes: options.attributes, events: [] }
      spans.push(span)
      return {
        isRecording: () => true,
        end: (at: number) => {
          span.end = at
        },
        addEvent: (event: string) => span.events.push(event),
      }
    },
  }
  return { spans, tracer: tracer as unknown as Tracer }
}

test('a turn is a span with its stages inside, at the time of day', () => {
  const { spans, tracer } = recordingTracer()
  traceTurn(recordOf(), 1_000_000, tracer)
  const [turn, ...stages] = spans
  expect(turn).toMatchObject({ name: 'vivavoce.turn', start: 1_000_100, end: 1_004_000 })
  expect(turn!.attributes['vivavoce.latency.voiceToVoice_ms']).toBe(1_200)
  expect(turn!.events).toContain('underrun')
  expect(stages.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['vivavoce.speech', 'vivavoce.endpointing', 'vivavoce.playout']),
  )
  for (const stage of stages) {
    expect(stage.start).toBeGreaterThanOrEqual(turn!.start)
    expect(stage.end).toBeLessThanOrEqual(turn!.end!)
  }
})

test('without an SDK nothing happens', () => {
  expect(() => traceTurn(recordOf(), 0)).not.toThrow()
})
