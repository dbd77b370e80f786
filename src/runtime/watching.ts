/**
 * What a session does with pictures: keeps them as long as they may be looked at or asked about, and looks when told to, step by step
 * behind everything that speech needs, unless an answer waits for it. It reports what was seen and decides nothing.
 */
import type { PictureId, PictureSource, SessionEvent } from '../core/index.js'
import { EngineError, type LookOptions, type Picture, type Sight, type VisionModel } from '../engine/index.js'
import type { Clock } from './clock.js'
import { type ComputeGate, PRIORITY } from './compute-gate.js'
import { describeSight } from './describe-sight.js'
import type { Logger } from './logger.js'

/** An answer does not wait longer than this for what there is to see. */
const LONGEST_LOOK_MS = 15_000
/** Pictures and bytes that a session keeps; the oldest go first. */
const MOST_PICTURES = 16
const MOST_BYTES = 32 * 1024 * 1024

export interface Watching {
  /** Takes a picture in; it stays until it is dropped or crowded out. */
  keep(picture: Picture, source: PictureSource): PictureId
  lookAt(id: PictureId): void
  drop(id: PictureId): void
  /** Undefined where it is gone. */
  picture(id: PictureId): Picture | undefined
}

export interface WatchingOptions {
  readonly vision: VisionModel | undefined
  readonly detail: LookOptions['detail']
  readonly session: string
  readonly gate: ComputeGate
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly logger: Logger
  /** An answer waits for what there is to see. */
  readonly awaited: () => boolean
  /** Somebody speaks, and may ask about it. */
  readonly spoken: () => boolean
  readonly emit: (event: SessionEvent) => void
}

interface Kept {
  readonly picture: Picture
  readonly source: PictureSource
}

export function createWatching(options: WatchingOptions): Watching {
  const { vision, detail, gate, clock, signal, logger, emit } = options
  const view = vision?.open({ signal })
  const kept = new Map<PictureId, Kept>()
  let bytes = 0
  let count = 0
  let last: Promise<void> = Promise.resolve()

  function drop(id: PictureId): void {
    bytes -= kept.get(id)?.picture.bytes.length ?? 0
    kept.delete(id)
  }

  async function look(id: PictureId): Promise<void> {
    const shown = kept.get(id)
    if (!view || !shown || signal.aborted) {
      emit({ type: 'sight-failed', at: clock.now(), picture: id })
      return
    }
    const late = new AbortController()
    const disarm = clock.setTimer(clock.now() + LONGEST_LOOK_MS, () =>
      late.abort(new EngineError('engine-timeout', 'A picture took too long to look at.')),
    )
    try {
      const sight = await steps(shown, AbortSignal.any([signal, late.signal]))
      const words = vision?.languageModel ? '' : describeSight(sight, shown.source, detail)
      if (!signal.aborted) emit({ type: 'sight', at: clock.now(), picture: id, words, change: sight.change })
    } catch (error) {
      if (signal.aborted) return
      logger.warn({ session: options.session, error: String(error) }, 'a picture was not seen')
      emit({ type: 'sight-failed', at: clock.now(), picture: id })
    } finally {
      disarm()
      // A model that takes pictures takes them with a question.
      if (!vision?.languageModel) drop(id)
    }
  }

  async function steps({ picture }: Kept, within: AbortSignal): Promise<Sight> {
    const priority = () => {
      if (options.awaited()) return PRIORITY.firstToken
      return options.spoken() ? PRIORITY.shown : PRIORITY.background
    }
    const parts = view!.look(picture, { detail }, within)[Symbol.asyncIterator]()
    try {
      for (;;) {
        const { done, value } = await gate.run('vision', priority, within, () => parts.next())
        if (done) throw new EngineError('engine-failed', 'A look ended without a sight.')
        if (value.type === 'sight') return value.sight
      }
    } finally {
      await parts.return?.()
    }
  }

  return {
    keep(picture, source) {
      const id = `${options.session}/${++count}`
      kept.set(id, { picture, source })
      bytes += picture.bytes.length
      for (const oldest of kept.keys()) {
        if (kept.size <= MOST_PICTURES && bytes <= MOST_BYTES) break
        if (oldest !== id) drop(oldest)
      }
      return id
    },
    lookAt(id) {
      last = last.then(() => look(id))
    },
    drop,
    picture: (id) => kept.get(id)?.picture,
  }
}
