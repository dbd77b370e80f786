/**
 * The names of everything that can happen in a turn, each with what it means. The one list that the recorder, logs, metrics, spans,
 * benchmarks and pages share; a new stage begins with a name here. It knows no times.
 */

/** Whether the first or the last occurrence within a turn tells its latencies. */
interface MarkMeaning {
  readonly counts: 'first' | 'last'
  /** Answer marks belong to one attempt at the answer: a new attempt, or a dropped one, takes them out of the summary. */
  readonly group: 'user' | 'answer' | 'floor'
}

const user = (counts: MarkMeaning['counts']) => ({ counts, group: 'user' }) as const
const answer = (counts: MarkMeaning['counts']) => ({ counts, group: 'answer' }) as const
const floor = (counts: MarkMeaning['counts']) => ({ counts, group: 'floor' }) as const

export const TURN_MARKS = {
  /** Typed input that asks for an answer arrived. */
  textReceived: user('last'),
  /** Speech was detected: arrival of the frame that decided so. */
  speechStart: user('first'),
  /** Arrival of the last audio that counted as speech. */
  speechEnd: user('last'),
  /** Words so far, while the user still speaks. */
  partialReady: user('last'),
  /** The user may have finished: the recogniser settles. */
  softEnd: user('last'),
  /** The user went on after a soft end. */
  speechResumed: user('last'),
  /** The recogniser's words for all that was said until the soft end. */
  transcriptReady: user('last'),
  /** A turn detector scored the turn; the value is its probability, 0 … 1. */
  turnScored: user('last'),
  /** The voice was compared with those that were answered; the value is how alike it is, 1 = the same. */
  voiceCompared: user('last'),
  /** The language model has said whether the words were for it; the value is its lead for yes, in natural logarithms. */
  addressVoted: user('last'),
  /** The language model has told how likely a sentence ends where the words do; the value is the natural logarithm of that. */
  endingForeseen: user('last'),
  /** The turn is over. */
  turnDecided: user('last'),

  /** Work on the answer began before the turn was decided; its output is held. */
  speculationStarted: answer('last'),
  /** The silence was long enough, and the turn waits only for its answer to be made. */
  turnDue: answer('last'),
  /** The user went on: that work is void and nothing of it was sent. */
  speculationDropped: floor('last'),
  /** The turn was decided as expected: what is held may leave. */
  speculationConfirmed: answer('last'),
  /** Work on the answer began. */
  responseStarted: answer('last'),
  /** The prompt has been evaluated. */
  prefillDone: answer('first'),
  firstToken: answer('first'),
  lastToken: answer('last'),
  /** A clause has been written; the first one counts. */
  firstClause: answer('first'),
  /** A clause goes to the synthesiser; the value is its number in the answer, from 1. */
  synthesisStarted: answer('first'),
  synthesisEnded: answer('last'),
  /** Speech is in hand, whether or not it may leave. */
  firstAudioReady: answer('first'),
  /** The first audio left for the client. */
  firstAudio: answer('first'),
  lastAudio: answer('last'),
  /** The first text left for the client, where the answer is text. */
  firstText: answer('first'),
  /** Everything was produced and sent. */
  generated: answer('last'),
  /** The client ran dry before more audio was sent; the value is the length of the gap in ms. */
  underrun: answer('last'),

  /** Speech began while the answer played. */
  bargeIn: floor('last'),
  /** Sending stopped on suspicion. */
  paused: floor('last'),
  /** It was nothing: sending went on at the same sample. */
  resumed: floor('last'),
  /** The user has taken the floor. */
  interrupted: floor('last'),
  /** End of the turn: the client has played everything, or was interrupted. */
  turnComplete: floor('last'),
} as const satisfies Record<string, MarkMeaning>

export type TurnMark = keyof typeof TURN_MARKS

export const TURN_MARK_NAMES = Object.keys(TURN_MARKS) as readonly TurnMark[]
