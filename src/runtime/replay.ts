/** Runs a recorded session through the core once more, without engines or sockets, and says where it decides otherwise. Pure. */
import { openSession, reduce, type SessionEvent } from '../core/index.js'
import { effectName, type LoggedSession } from './event-log.js'

export interface ReplayedStep {
  readonly event: SessionEvent
  readonly effects: readonly string[]
  /** The effects of then, where they were others. */
  readonly recorded?: readonly string[]
}

export function* replay(log: LoggedSession): Generator<ReplayedStep> {
  let [state] = openSession(log.config, log.events[0]?.event.at, log.snapshot)
  for (const { event, effects: recorded } of log.events) {
    const [next, performed] = reduce(state, event)
    state = next
    const effects = performed.map(effectName)
    const same = effects.length === recorded.length && effects.every((each, i) => each === recorded[i])
    yield { event, effects, ...(same ? {} : { recorded }) }
  }
}
