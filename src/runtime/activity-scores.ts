/**
 * How an activity sounds: finished or not, and in which manner. Asks the turn detector and the tone reader where they are there, and reports
 * what they say; without their word the others decide.
 */
import type { ActivityId, SessionEvent } from '../core/index.js'
import type { ToneReader, TurnDetector } from '../engine/index.js'
import type { Clock } from './clock.js'
import { describeError } from './describe-error.js'
import type { Logger } from './logger.js'

export interface ActivityScores {
  /** 16 kHz samples up to `toMs`, read only where somebody will hear them; one question of a session at a time, the newest next. */
  scoreTurn(id: ActivityId, toMs: number, read: () => Float32Array): void
  readManner(id: ActivityId, read: () => Float32Array): void
}

export function createActivityScores(options: {
  readonly turnDetector: TurnDetector | undefined
  readonly toneReader: ToneReader | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly logger: Logger
  readonly emit: (event: SessionEvent) => void
}): ActivityScores {
  const { turnDetector, toneReader, clock, signal, logger, emit } = options
  let scoring = false
  let next: Parameters<ActivityScores['scoreTurn']> | undefined
  const failed = (what: string) => (error: unknown) => {
    if (!signal.aborted) logger.debug({ error: describeError(error) }, what)
  }

  const scores: ActivityScores = {
    scoreTurn(activity, toMs, read) {
      if (!turnDetector) return
      if (scoring) {
        next = [activity, toMs, read]
        return
      }
      scoring = true
      turnDetector
        .score(read(), signal)
        .then(
          (probability) => emit({ type: 'turn-vote', at: clock.now(), activity, toMs, probability }),
          failed('the turn detector gave no vote'),
        )
        .finally(() => {
          scoring = false
          const waiting = next
          next = undefined
          if (waiting && !signal.aborted) scores.scoreTurn(...waiting)
        })
    },
    readManner(activity, read) {
      toneReader
        ?.listen(read(), signal)
        .then(
          (manner) => emit({ type: 'manner', at: clock.now(), activity, manner }),
          failed('the tone reader heard nothing'),
        )
    },
  }
  return scores
}
