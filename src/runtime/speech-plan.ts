/**
 * Decides how long the next clause may be and whether a reply may start to play, so that a listener hears no gap: what comes is simulated at
 * the present pace, clause by clause. Pure.
 */
import { type ClauseLimits, clauseEnd, LONGEST_CLAUSE_LETTERS } from './clauses.js'
import type { SpeechPace } from './speech-pace.js'

export interface SpeechInHand {
  /** Made and not yet heard. */
  readonly leadSeconds: number
  readonly started: boolean
  /** Written and not yet taken by the voice. */
  readonly waiting: string
  /** Being made into speech just now. */
  readonly inWorkLetters: number
  /** Nothing more is written. */
  readonly ended: boolean
}

/** A plan holds as long as everything takes no longer than this many times its estimate. */
export const MARGIN = 1.2
/** Of the speech in hand this is left for messages on their way and late timers. */
const RESERVE_SECONDS = 0.1
/** A clause that is being made can't be stopped, and everyone else waits for it. */
const LONGEST_RUN_SECONDS = 2.5
/** While nothing is heard yet. */
const FIRST_RUN_SECONDS = 1.5
/** A slow voice is given this much all the same: the silence around shorter clauses would make it slower still. */
const WORTHWHILE_LETTERS = 40
/** With an opener in hand, this many letters are worth a clause before their sentence is over. */
const FOLLOWING_LETTERS = 24
/** Most answers are shorter than this. */
const EXPECTED_ANSWER_SECONDS = 8
/** What is not written yet comes in clauses of this length where there is time. */
const USUAL_LETTERS = 60
/**
 * So much is written before a clause can be cut: two or three words, the last of them whole. With 24 letters, and 0.15 s in reserve, a slow machine (11 tokens a second) began 0.05 s later
 * (median of 72 answers, simulated; 0.2 s at the 90th percentile), and no gap was spared.
 */
const LEAST_LETTERS = 18
/**
 * A cut is put off word by word: looking further ahead (24 letters) cut answers into 1.2 to 1.6 times as many clauses, most of them two words that a listener
 * mishears, and spared no gap (60 answers simulated at six paces).
 */
const WORD_LETTERS = 8
/** An opener of three to four words. */
const BRIEF_LETTERS = 18
/** A shorter opener ("Sure,") waits for the clause after it. */
const SHORT_OPENER_SECONDS = 0.6

/** For the clause that is taken next. What may start and is held back is made as if it played already: there is time for longer clauses. */
export function clauseLimits(speech: SpeechInHand, pace: SpeechPace): ClauseLimits {
  const { leadSeconds, started, waiting } = speech
  if (!started && !mayStart(speech, pace)) {
    const urgent = leadSeconds > 0 && waiting.length >= FOLLOWING_LETTERS
    return { most: lettersInRun(FIRST_RUN_SECONDS, pace), urgent, brief: isFast(pace) }
  }
  const spareSeconds = leadSeconds - RESERVE_SECONDS
  const affordable = lettersWithin(spareSeconds / MARGIN, (letters) => pace.speakSeconds(letters))
  // The next word takes time as well: cut while what there is can still be made.
  const next = MARGIN * (pace.speakSeconds(waiting.length + WORD_LETTERS) + pace.writeSeconds(WORD_LETTERS))
  return { most: Math.min(affordable, lettersInRun(LONGEST_RUN_SECONDS, pace)), urgent: next > spareSeconds }
}

/** Whether a reply that plays from now on keeps playing. */
export function mayStart(speech: SpeechInHand, pace: SpeechPace): boolean {
  const { ended, inWorkLetters } = speech
  if (speech.leadSeconds === 0) return false
  if (!ended && inWorkLetters === 0 && speech.leadSeconds < SHORT_OPENER_SECONDS) return false
  let leadSeconds = speech.leadSeconds
  let plannedSeconds = leadSeconds
  /** Whether one more clause is made in time. */
  const make = (letters: number, seconds: number) => {
    if (MARGIN * seconds > leadSeconds - RESERVE_SECONDS) return false
    const audioSeconds = pace.audioSeconds(letters)
    leadSeconds += audioSeconds - MARGIN * seconds
    plannedSeconds += audioSeconds
    return true
  }

  if (inWorkLetters > 0 && !make(inWorkLetters, pace.speakSeconds(inWorkLetters))) return false
  let rest = speech.waiting
  for (;;) {
    const limits = clauseLimits({ ...speech, started: true, leadSeconds, waiting: rest }, pace)
    const end = clauseEnd(rest, { ...limits, first: false, ended })
    if (end === undefined) break
    if (!make(end, pace.speakSeconds(end))) return false
    rest = rest.slice(end)
  }
  if (ended) return true
  // At least one clause more comes, of which `rest` is written.
  let written = rest.length
  do {
    const seconds = (letters: number) =>
      pace.speakSeconds(letters) + pace.writeSeconds(Math.max(0, letters - written))
    const affordable = lettersWithin((leadSeconds - RESERVE_SECONDS) / MARGIN, seconds)
    const usual = Math.min(USUAL_LETTERS, lettersInRun(LONGEST_RUN_SECONDS, pace))
    const letters = Math.max(LEAST_LETTERS, Math.min(affordable, usual))
    if (!make(letters, seconds(letters))) return false
    written = Math.max(0, written - letters)
  } while (plannedSeconds < EXPECTED_ANSWER_SECONDS)
  return true
}

/** While a brief opener is heard, the next clause is written and spoken in time. */
function isFast(pace: SpeechPace): boolean {
  const next = pace.speakSeconds(LEAST_LETTERS) + pace.writeSeconds(LEAST_LETTERS)
  return MARGIN * next <= pace.audioSeconds(BRIEF_LETTERS) - RESERVE_SECONDS
}

function lettersInRun(seconds: number, pace: SpeechPace): number {
  return Math.max(
    WORTHWHILE_LETTERS,
    lettersWithin(seconds, (letters) => pace.speakSeconds(letters)),
  )
}

/** The longest clause that takes no longer than `seconds`; 0 where none does. `secondsFor` grows with letters. */
function lettersWithin(seconds: number, secondsFor: (letters: number) => number): number {
  let low = 0
  let high = LONGEST_CLAUSE_LETTERS
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (secondsFor(middle) <= seconds) low = middle
    else high = middle - 1
  }
  return low
}
