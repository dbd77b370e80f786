/**
 * How fast speech can be made on this machine while the language model takes its turns, and whether a reply may start to play now without
 * running dry later. Arithmetic only.
 */
export interface SpeechPace {
  /** Notes one clause: seconds of audio and the seconds from the clause before it until it was made, all waiting included. */
  note(audioSeconds: number, wallSeconds: number): void
  /** Seconds of audio made per second, as lately measured. */
  readonly speed: number
}

/** Weight of the newest clause in the running mean. */
const NEWEST = 0.3

/** `speed`: what the calibration measured, until clauses say better. */
export function createSpeechPace(speed: number): SpeechPace {
  let current = speed
  return {
    note(audioSeconds, wallSeconds) {
      if (audioSeconds <= 0 || wallSeconds <= 0) return
      current += NEWEST * (Math.min(audioSeconds / wallSeconds, 20) - current)
    },
    get speed() {
      return current
    },
  }
}

/** Spare audio asked for beyond the estimate, in share of the whole. */
const MARGIN = 1.15

/**
 * Seconds of audio to have in hand before playing, so that the rest is always made in time: with speed p and R seconds still to
 * be made, playing may start once B ≥ R · (1/p − 1).
 */
export function leadNeededSeconds(pace: SpeechPace, remainingSeconds: number): number {
  const shortfall = MARGIN / pace.speed - 1
  return shortfall <= 0 ? 0 : remainingSeconds * shortfall
}

/** Letters spoken per second, measured on English and Spanish answers of both voices (13 … 17). */
const LETTERS_PER_SECOND = 15

/** Most answers are shorter than this. */
const EXPECTED_ANSWER_SECONDS = 8
/** A shorter opener ("Sure,") is over before the next clause can be made, unless that one is already known. */
const SHORT_OPENER_SECONDS = 0.6

export interface SpeechInHand {
  /** Made and not yet sent. */
  readonly heldSeconds: number
  /** Written and not yet made into speech. */
  readonly pendingLetters: number
  readonly textDone: boolean
}

/** Whether a reply may begin to play so that its listener hears no gap later. */
export function mayStart({ heldSeconds, pendingLetters, textDone }: SpeechInHand, pace: SpeechPace): boolean {
  if (heldSeconds === 0) return false
  const knownSeconds = pendingLetters / LETTERS_PER_SECOND
  const remaining = textDone ? knownSeconds : Math.max(knownSeconds, EXPECTED_ANSWER_SECONDS - heldSeconds)
  if (heldSeconds < leadNeededSeconds(pace, remaining)) return false
  // What is written already must be made before what is in hand has been played.
  if (heldSeconds < (MARGIN * knownSeconds) / pace.speed) return false
  return textDone || pendingLetters > 0 || heldSeconds >= SHORT_OPENER_SECONDS
}
