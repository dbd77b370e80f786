/**
 * How much silence ends a turn: a function of what was said and of how finished it sounded. Pure; it knows neither frames nor sessions.
 *
 * docs/turn-ends.md tells it to users, with the whole table.
 */
import type { Completeness } from './completeness.js'
import { type Foreseen, wordsEnd } from './turn-end.js'

export type Endpointing =
  /** The client's own `silenceDurationMs`, or the operator's: obeyed exactly. */
  | { readonly kind: 'fixed'; readonly silenceMs: number }
  | { readonly kind: 'graded'; readonly extraMs: number }

export interface Evidence {
  /** What was said; absent while the recogniser works. */
  readonly text?: string
  readonly language?: string
  /** What may follow the words; absent where no language model has told. */
  readonly foreseen?: Foreseen
  /** 0 … 1, that the turn sounds complete; absent without a turn detector. */
  readonly vote?: number
}

/** Words that come later than this are not waited for, and nothing but unfinished words makes a wait longer. To a listener it is 1.2 s: the end of speech is seen 30 to 90 ms late. */
export const LONGEST_WAIT_MS = 1_152
export const UNFINISHED_WAIT_MS = 3_500

/** Sounds finished, no vote, sounds unfinished: votes of 0.9 and more, 0.5, and 0.1 and less; interpolated between them. */
const WAITS_MS: Readonly<Record<Completeness, readonly [number, number, number]>> = {
  question: [200, 300, 900],
  sentence: [300, 500, LONGEST_WAIT_MS],
  open: [500, 500, LONGEST_WAIT_MS],
  doubtful: [LONGEST_WAIT_MS, LONGEST_WAIT_MS, LONGEST_WAIT_MS],
  unfinished: [2_000, UNFINISHED_WAIT_MS, UNFINISHED_WAIT_MS],
  number: [UNFINISHED_WAIT_MS, UNFINISHED_WAIT_MS, UNFINISHED_WAIT_MS],
}
const FINISHED_VOTE = 0.9
const NO_VOTE = 0.5
const UNFINISHED_VOTE = 0.1

/** Milliseconds of silence after which the turn is over. */
export function silenceNeededMs(
  endpointing: Endpointing,
  { text, language = '', foreseen, vote }: Evidence,
): number {
  if (endpointing.kind === 'fixed') return endpointing.silenceMs
  if (text === undefined) return LONGEST_WAIT_MS + endpointing.extraMs
  return Math.round(waitMs(wordsEnd(text, language, foreseen), vote ?? NO_VOTE)) + endpointing.extraMs
}

function waitMs(words: Completeness, vote: number): number {
  const [finished, neutral, unfinished] = WAITS_MS[words]
  if (vote >= NO_VOTE) {
    const share = Math.min(1, (vote - NO_VOTE) / (FINISHED_VOTE - NO_VOTE))
    return neutral + share * (finished - neutral)
  }
  const share = Math.min(1, (NO_VOTE - vote) / (NO_VOTE - UNFINISHED_VOTE))
  return neutral + share * (unfinished - neutral)
}
