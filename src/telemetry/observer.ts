/** What the runtime tells about its work as it happens. Types, and a way to tell several listeners at once. */
import type { TurnRecord } from './turn-timeline.js'

/** One heavy step of an engine. */
export interface GateStep {
  readonly lane: 'asr' | 'llm' | 'tts' | 'vision' | 'speaker'
  /** Smaller is more urgent; see docs/decisions. */
  readonly priority: number
  readonly waitedMs: number
  readonly ranMs: number
}

export interface SessionEnd {
  readonly session: string
  /** Of the server's close; absent where the client left. */
  readonly code?: number
}

export interface Observer {
  turn(record: TurnRecord): void
  sessionOpened(session: string): void
  sessionEnded(end: SessionEnd): void
  /** `why`: one word of a small set. */
  sessionRefused(why: string): void
  gateStep(step: GateStep): void
}

export const NO_OBSERVER: Observer = {
  turn() {},
  sessionOpened() {},
  sessionEnded() {},
  sessionRefused() {},
  gateStep() {},
}

export function tellAll(...observers: readonly Partial<Observer>[]): Observer {
  return {
    turn: (record) => observers.forEach((observer) => void observer.turn?.(record)),
    sessionOpened: (session) => observers.forEach((observer) => void observer.sessionOpened?.(session)),
    sessionEnded: (end) => observers.forEach((observer) => void observer.sessionEnded?.(end)),
    sessionRefused: (why) => observers.forEach((observer) => void observer.sessionRefused?.(why)),
    gateStep: (step) => observers.forEach((observer) => void observer.gateStep?.(step)),
  }
}
