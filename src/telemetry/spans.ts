/**
 * A turn as OpenTelemetry spans: one for the turn, one for each stage within it. They go to whatever SDK the process was started with;
 * without one this costs nothing. Attributes are numbers, ids and outcomes, never words.
 */
import { type Attributes, context, type Tracer, trace } from '@opentelemetry/api'
import { latenciesOf, stagesOf } from './latencies.js'
import type { TurnRecord } from './turn-timeline.js'

/** `timeOriginMs`: the time of day at 0 of the clock that the marks were read from, ms since 1970. */
export function traceTurn(
  record: TurnRecord,
  timeOriginMs: number,
  tracer: Tracer = trace.getTracer('vivavoce'),
): void {
  const times = record.events.map(({ at }) => at)
  if (times.length === 0) return
  const startTime = timeOriginMs + Math.min(...times)
  const endTime = timeOriginMs + Math.max(...times)
  const turn = tracer.startSpan(
    'vivavoce.turn',
    { startTime, attributes: turnAttributes(record) },
    context.active(),
  )
  if (!turn.isRecording()) {
    turn.end(endTime)
    return
  }
  const within = trace.setSpan(context.active(), turn)
  for (const { stage, startMs, endMs, revision } of stagesOf(record.events)) {
    tracer
      .startSpan(
        `vivavoce.${stage}`,
        { startTime: timeOriginMs + startMs, attributes: { 'vivavoce.revision': revision } },
        within,
      )
      .end(timeOriginMs + endMs)
  }
  for (const { mark, at, value, revision } of record.events) {
    const attributes = {
      'vivavoce.revision': revision,
      ...(value === undefined ? {} : { 'vivavoce.value': value }),
    }
    turn.addEvent(mark, attributes, timeOriginMs + at)
  }
  turn.end(endTime)
}

function turnAttributes(record: TurnRecord): Attributes {
  const attributes: Attributes = {
    'vivavoce.session': record.session,
    'vivavoce.turn': record.turn,
    'vivavoce.outcome': record.outcome,
    'vivavoce.pacing': record.pacing,
    'vivavoce.revisions': record.revisions,
    'vivavoce.input_audio_ms': record.inputAudioMs,
    'vivavoce.output_audio_ms': record.outputAudioMs,
  }
  for (const [latency, ms] of Object.entries(latenciesOf(record.marks))) {
    attributes[`vivavoce.latency.${latency}_ms`] = ms
  }
  return attributes
}
