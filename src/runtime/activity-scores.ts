/**
 * How an activity sounds: finished or not, and in which manner. Asks the turn detector and the tone reader where they are there, and reports
 * what they say; without their word the others decide.
 */
import type { ActivityId, SessionEvent } from '../core/index.js'
import type { ToneReader, TurnDetector } from '../engine/index.js'
import type { Clock } from './clock.js'
import { describeError } from './describe-error.js'
import type { Logger } from './logger.js'
import { createNewestNext } from './newest-next.js'

export interface ActivityScores {
  /** 16 kHz samples up to `toMs`, read only where somebody will hear them; one question of a session at a time, the newest next. */
  scoreTurn(id: ActivityId, toMs: number, read: () => Float32Array): void
  readManner(id: ActivityId, read: () => Float32Array): void
}

interface TurnQuestion {
  readonly activity: ActivityId
  readonly toMs: number
  readonly samples: Float32Array
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
  const failed = (what: string) => (error: unknown) => {
    if (!signal.aborted) logger.debug({ error: describeError(error) }, what)
  }

  const scoring = createNewestNext(async ({ activity, toMs, samples }: TurnQuestion) => {
    if (!turnDetector || signal.aborted) return
    await turnDetector
      .score(samples, signal)
      .then(
        (probability) => emit({ type: 'turn-vote', at: clock.now(), activity, toMs, probability }),
        failed('the turn detector gave no vote'),
      )
  })

  return {
    scoreTurn(activity, toMs, read) {
      if (turnDetector) scoring.ask({ activity, toMs, samples: read() })
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
}
