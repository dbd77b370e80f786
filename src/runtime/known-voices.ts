/**
 * The voices that were answered in a session, as directions that move slowly with what is heard of them: compares each activity with them, and
 * reports how alike it is. They live in this memory alone and end with the session.
 */
import type { ActivityId, SessionEvent } from '../core/index.js'
import { likeness, type SpeakerEncoder, type VoicePrint } from '../engine/index.js'
import type { Clock } from './clock.js'
import { describeError } from './describe-error.js'
import type { Logger } from './logger.js'
import { createNewestNext } from './newest-next.js'

export interface KnownVoices {
  /** `read`: its sound so far. One question at a time: of those that come meanwhile the newest is asked. */
  compare(id: ActivityId, read: () => Float32Array): void
  /** The activity was answered. `sure`: a voice not heard before may be a further one. */
  keep(id: ActivityId, sure: boolean): void
}

interface Voice {
  direction: Float32Array
  heard: number
  /** By how much speech it is known. */
  speechMs: number
}

/** Household and guests; whoever was heard longest ago gives way. */
const MOST_VOICES = 4
/** So alike it is taken for the same voice, and moves it (test/models/speaker). */
const SAME_VOICE = 0.75
/** Older sentences count less: people change their place and their microphone. */
const REMEMBERED = 8
/** Activities of which the answer may still come to be known. */
const MOST_PRINTS = 8

interface VoiceQuestion {
  readonly id: ActivityId
  readonly samples: Float32Array
}

export function createKnownVoices(options: {
  readonly encoder: SpeakerEncoder | undefined
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly logger: Logger
  readonly emit: (event: SessionEvent) => void
}): KnownVoices {
  const { encoder, clock, signal, logger, emit } = options
  const voices: Voice[] = []
  const prints = new Map<ActivityId, VoicePrint>()
  /** Answered before their print was there. */
  const owed = new Map<ActivityId, boolean>()
  const comparing = createNewestNext(compare)

  async function compare({ id, samples }: VoiceQuestion): Promise<void> {
    if (!encoder || signal.aborted) return
    try {
      const print = await encoder.encode(samples, signal)
      signal.throwIfAborted()
      if (print.direction.length > 0) heard(id, print)
    } catch (error) {
      if (!signal.aborted) logger.debug({ error: describeError(error) }, 'the voice was not compared')
    }
  }

  function heard(activity: ActivityId, print: VoicePrint): void {
    prints.delete(activity)
    prints.set(activity, print)
    for (const old of prints.keys()) if (prints.size > MOST_PRINTS) prints.delete(old)
    const [known, alike] = nearest(print)
    const knownMs = known?.speechMs ?? 0
    const sure = owed.get(activity)
    if (sure !== undefined) {
      owed.delete(activity)
      learn(print, sure)
    }
    if (alike === undefined) return
    const rounded = Math.round(1000 * alike) / 1000
    // A voice that is known by a word or two tells as little as a word or two that are compared with it.
    const speechMs = Math.min(print.speechMs, knownMs)
    emit({ type: 'voice', at: clock.now(), activity, speechMs, likeness: rounded })
  }

  function nearest({ direction }: VoicePrint): readonly [Voice | undefined, number | undefined] {
    let best: Voice | undefined
    let most: number | undefined
    for (const voice of voices) {
      const alike = likeness(voice.direction, direction)
      if (most === undefined || alike > most) [best, most] = [voice, alike]
    }
    return [best, most]
  }

  function learn(print: VoicePrint, sure: boolean): void {
    const [voice, alike] = nearest(print)
    if (voice && alike !== undefined && alike >= SAME_VOICE) {
      voice.heard = Math.min(voice.heard + 1, REMEMBERED)
      voice.speechMs += print.speechMs
      voice.direction = towards(voice.direction, print.direction, 1 / voice.heard)
      voices.splice(voices.indexOf(voice), 1)
      voices.push(voice)
    } else if (!voice || sure) {
      voices.push({ direction: print.direction, heard: 1, speechMs: print.speechMs })
      if (voices.length > MOST_VOICES) voices.shift()
    }
  }

  return {
    compare(id, read) {
      if (!encoder) return
      comparing.ask({ id, samples: read() })
    },
    keep(id, sure) {
      if (!encoder) return
      const print = prints.get(id)
      if (print) {
        prints.delete(id)
        learn(print, sure)
      }
      // What was asked about at its end may be on its way still, and counts for it.
      if (comparing.running && !print) owed.set(id, sure)
    },
  }
}

function towards(from: Float32Array, to: Float32Array, step: number): Float32Array {
  const moved = from.map((value, index) => value + step * (to[index]! - value))
  const length = Math.sqrt(likeness(moved, moved))
  return moved.map((value) => value / length)
}
