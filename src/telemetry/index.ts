/** What the server tells about its own work: turn timelines, latencies, metrics, spans and log lines. Numbers, never words. */
export {
  LATENCIES,
  type Latencies,
  type LatencyName,
  latenciesOf,
  type StageName,
  type StageSpan,
  stagesOf,
  WAIT_NAMES,
  type WaitName,
  waitsOf,
} from './latencies.js'
export { type GateStep, NO_OBSERVER, type Observer, type SessionEnd, tellAll } from './observer.js'
export { TURN_MARK_NAMES, TURN_MARKS, type TurnMark } from './turn-marks.js'
export {
  createTurnTimeline,
  type TurnAddress,
  type TurnEvent,
  type TurnManner,
  type TurnMarks,
  type TurnOutcome,
  type TurnRecord,
  type TurnTimeline,
  type TurnTone,
} from './turn-timeline.js'
export { type TurnView, turnLogFields, viewTurn } from './turn-view.js'
