/**
 * Who has the floor, as far as the user's side goes: turns speech scores into the start, the possible end and the end of
 * an activity. It counts audio time only and knows nothing of responses, transcripts or the wire.
 */
import { type FloorSettings, PRE_ROLL_MS, SOFT_END_MS } from './config.js'
import type { ActivityId } from './events.js'

export type Floor =
  /** Nobody speaks; `onset` is a run of speech frames too short to count yet. */
  | { readonly phase: 'quiet'; readonly onset?: { readonly fromMs: number; readonly speechMs: number } }
  | {
      readonly phase: 'speaking'
      readonly activity: ActivityId
      readonly lastSpeechMs: number
      readonly settled: boolean
    }
  /** Between the client's own activityStart and activityEnd. */
  | { readonly phase: 'marked'; readonly activity: ActivityId }

export const QUIET: Floor = { phase: 'quiet' }

export type FloorDecision =
  | { readonly type: 'none' }
  | { readonly type: 'start'; readonly fromMs: number; readonly lastSpeechMs: number }
  | { readonly type: 'soft-end'; readonly toMs: number }
  | { readonly type: 'resume' }
  | { readonly type: 'end'; readonly toMs: number }

/** A frame that is this much less likely than the threshold no longer counts as speech: hysteresis, as Silero advises. */
const HYSTERESIS = 0.15
/** Silence kept at the end of what is recognised; a recogniser wants some. */
export const TAIL_MS = 200

export interface Score {
  readonly startMs: number
  readonly endMs: number
  readonly probability: number
}

/** One scored frame. The caller applies the decision (`start` needs an id from it). */
export function hearFrame(
  floor: Floor,
  settings: FloorSettings,
  score: Score,
): readonly [Floor, FloorDecision] {
  switch (floor.phase) {
    case 'marked':
      return [floor, { type: 'none' }]
    case 'quiet':
      return hearQuiet(floor, settings, score)
    case 'speaking': {
      if (score.probability >= settings.speechThreshold - HYSTERESIS) {
        const speaking: Floor = { ...floor, lastSpeechMs: score.endMs, settled: false }
        return [speaking, floor.settled ? { type: 'resume' } : { type: 'none' }]
      }
      const silenceMs = score.endMs - floor.lastSpeechMs
      const toMs = floor.lastSpeechMs + TAIL_MS
      if (silenceMs >= settings.silenceMs) return [QUIET, { type: 'end', toMs: Math.min(toMs, score.endMs) }]
      if (!floor.settled && silenceMs >= SOFT_END_MS) {
        return [
          { ...floor, settled: true },
          { type: 'soft-end', toMs },
        ]
      }
      return [floor, { type: 'none' }]
    }
  }
}

function hearQuiet(
  floor: Extract<Floor, { phase: 'quiet' }>,
  settings: FloorSettings,
  score: Score,
): readonly [Floor, FloorDecision] {
  const frameMs = score.endMs - score.startMs
  if (score.probability < settings.speechThreshold) {
    // One weak frame inside a run is a stop consonant, not the end of the run.
    const keep = floor.onset && score.probability >= settings.speechThreshold - HYSTERESIS
    return [keep ? floor : QUIET, { type: 'none' }]
  }
  const onset = {
    fromMs: floor.onset?.fromMs ?? score.startMs,
    speechMs: (floor.onset?.speechMs ?? 0) + frameMs,
  }
  if (onset.speechMs < settings.onsetMs) return [{ phase: 'quiet', onset }, { type: 'none' }]
  return [
    QUIET,
    { type: 'start', fromMs: Math.max(0, onset.fromMs - PRE_ROLL_MS), lastSpeechMs: score.endMs },
  ]
}
