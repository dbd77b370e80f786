/**
 * How long it takes on this machine to write, speak and hear a clause: estimates that follow what is measured, shared by all sessions.
 * Arithmetic only.
 */

export interface SpokenClause {
  readonly letters: number
  readonly audioSeconds: number
  /** Until the processor was free for it. */
  readonly waitedSeconds: number
  /** From then on until it was made. */
  readonly madeSeconds: number
}

export interface SpeechPace {
  noteSpoken(clause: SpokenClause): void
  /** Letters that the language model wrote, and the seconds that passed meanwhile without any speech being made. */
  noteWritten(letters: number, seconds: number): void
  /** How long a clause plays. */
  audioSeconds(letters: number): number
  /** How long it takes until a written clause is speech. */
  speakSeconds(letters: number): number
  writeSeconds(letters: number): number
}

/**
 * Making a clause takes as long as if it were this much longer: models speak silence around it, which is cut off. Measured on clauses of 4 to
 * 200 letters: Kokoro 0.38 s and 0.48 s for each second of speech, Piper 0.15 s and 0.23 s.
 */
const OVERHEAD_SECONDS = 0.7
/** The sentence of the calibration. */
const CALIBRATION_SECONDS = 7
/** English and Spanish answers of both voices, a long clause: 17 to 19 letters a second, and the pause after it. */
const LETTERS_PER_SECOND = 18
const PAUSE_SECONDS = 0.25
/** Until it is measured: a slow language model, 10 tokens a second. */
const WRITTEN_LETTERS_PER_SECOND = 40

/** Weight of the newest measurement in a running mean: what became slower counts sooner than what became faster. */
const SLOWER = 0.5
const FASTER = 0.2
/** One measurement moves a mean by no more than that of this many times its value. */
const LARGEST_STEP = 4
/** Made in less than this share of the expected time: it was in a cache and says nothing. */
const CACHED = 0.1
/** Fewer letters say little about letters a second. */
const TELLING_LETTERS = 25

/** `speed`: seconds of speech made per second, as the calibration measured it. */
export function createSpeechPace(speed: number): SpeechPace {
  let secondsPerSecond = (CALIBRATION_SECONDS / (CALIBRATION_SECONDS + OVERHEAD_SECONDS)) * (1 / speed)
  let waitSeconds = 0
  let secondsPerLetter = 1 / WRITTEN_LETTERS_PER_SECOND
  let lettersPerSecond = LETTERS_PER_SECOND
  const writing = { letters: 0, seconds: 0 }

  const audioSeconds = (letters: number) => PAUSE_SECONDS + letters / lettersPerSecond

  return {
    noteSpoken({ letters, audioSeconds: audio, waitedSeconds, madeSeconds }) {
      waitSeconds = Math.max(
        0,
        waitSeconds + weight(waitedSeconds > waitSeconds) * (waitedSeconds - waitSeconds),
      )
      if (audio <= 0 || letters === 0) return
      const rate = madeSeconds / (audio + OVERHEAD_SECONDS)
      if (rate > CACHED * secondsPerSecond) secondsPerSecond = follow(secondsPerSecond, rate)
      if (letters >= TELLING_LETTERS && audio > PAUSE_SECONDS)
        lettersPerSecond += FASTER * (letters / (audio - PAUSE_SECONDS) - lettersPerSecond)
    },
    noteWritten(letters, seconds) {
      writing.letters += letters
      writing.seconds += seconds
      if (writing.letters < TELLING_LETTERS) return
      secondsPerLetter = follow(secondsPerLetter, writing.seconds / writing.letters)
      writing.letters = 0
      writing.seconds = 0
    },
    audioSeconds,
    speakSeconds: (letters) => waitSeconds + secondsPerSecond * (audioSeconds(letters) + OVERHEAD_SECONDS),
    writeSeconds: (letters) => secondsPerLetter * letters,
  }
}

const weight = (slower: boolean) => (slower ? SLOWER : FASTER)

function follow(mean: number, measured: number): number {
  return mean + weight(measured > mean) * (Math.min(measured, LARGEST_STEP * mean) - mean)
}
