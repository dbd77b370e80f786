/**
 * What the user has heard: places everything that was sent on the client's time line, as if each piece were played on
 * arrival or right after the one before it. Pure arithmetic on times that the events carry.
 */
export interface Clause {
  readonly text: string
  /** Length of the whole clause, as far as it is known; 0 for text, which is read the moment it arrives. */
  readonly lengthMs: number
  /** Its audio that was sent, in order; a gap between two is a silence that the client heard. */
  readonly sent: readonly Stretch[]
}

interface Stretch {
  /** When its playout starts, on the runtime's clock. */
  readonly startsAt: number
  readonly audioMs: number
}

/**
 * Adds what left at `at`. Texts are verbatim slices of the answer: together they are the answer; an empty one is more audio of the same
 * clause. `lengthMs`: of the whole clause, as far as it is known, where more of it is to come.
 */
export function appendClause(
  clauses: readonly Clause[],
  at: number,
  text: string,
  audioMs: number,
  lengthMs: number = audioMs,
): readonly Clause[] {
  const last = clauses.at(-1)
  const startsAt = Math.max(at, playoutEnd(clauses))
  if (last && text === '') return clauses.with(-1, withAudio(last, startsAt, audioMs, lengthMs))
  if (last && last.lengthMs === 0 && audioMs === 0)
    return clauses.with(-1, { ...last, text: last.text + text })
  return [...clauses, { text, lengthMs, sent: [{ startsAt, audioMs }] }]
}

function withAudio(clause: Clause, startsAt: number, audioMs: number, lengthMs: number): Clause {
  const last = clause.sent.at(-1)
  const joins = last !== undefined && last.startsAt + last.audioMs === startsAt
  const sent = joins
    ? clause.sent.with(-1, { ...last, audioMs: last.audioMs + audioMs })
    : [...clause.sent, { startsAt, audioMs }]
  const sentMs = sent.reduce((sum, stretch) => sum + stretch.audioMs, 0)
  return { ...clause, sent, lengthMs: Math.max(clause.lengthMs, sentMs, lengthMs) }
}

/** When the client has played everything sent so far; 0 when nothing was sent. */
export function playoutEnd(clauses: readonly Clause[]): number {
  const last = clauses.at(-1)?.sent.at(-1)
  return last ? last.startsAt + last.audioMs : 0
}

/** How much of what was sent had been played. */
export function heardMs(clauses: readonly Clause[], at: number): number {
  return clauses.reduce((sum, clause) => sum + playedMs(clause, at), 0)
}

/** Length of all audio that was sent. */
export function sentMs(clauses: readonly Clause[]): number {
  return clauses.reduce((sum, { sent }) => sum + sent.reduce((all, { audioMs }) => all + audioMs, 0), 0)
}

/** Of another connection, on another clock: whatever was played of it, nothing is playing now. */
export function asPlayed(clauses: readonly Clause[]): readonly Clause[] {
  return clauses.map((clause) => ({
    ...clause,
    sent: clause.sent.map(({ audioMs }) => ({ startsAt: -audioMs, audioMs })),
  }))
}

export function wholeText(clauses: readonly Clause[]): string {
  return joinText(clauses.map((clause) => clause.text))
}

/** The words whose playout had begun at the given time. */
export function heardText(clauses: readonly Clause[], at: number): string {
  return joinText(clauses.map((clause) => playedPart(clause, Number.NEGATIVE_INFINITY, at)))
}

/** The words that were being played since a time, with the rest of their clause: a recogniser that hears half of it guesses how it goes on. */
export function begunText(clauses: readonly Clause[], from: number, at: number): string {
  return joinText(
    clauses.map((clause) =>
      playedMs(clause, at) > 0 && clause.lengthMs > 0
        ? wordTimes(clause.text, clause.lengthMs)
            .filter(({ endMs }) => endMs > playedMs(clause, from))
            .map(({ text }) => text)
            .join('')
        : playedPart(clause, from, at),
    ),
  )
}

function playedPart(clause: Clause, from: number, to: number): string {
  if (clause.lengthMs === 0) {
    const readAt = clause.sent[0]?.startsAt ?? 0
    return readAt <= to && readAt >= from ? clause.text : ''
  }
  const fromMs = playedMs(clause, from)
  const toMs = playedMs(clause, to)
  if (toMs === 0) return ''
  return wordTimes(clause.text, clause.lengthMs)
    .filter(({ startMs, endMs }) => startMs < toMs && endMs > fromMs)
    .map(({ text }) => text)
    .join('')
}

/** How much of a clause was played at a time. */
function playedMs({ sent }: Clause, at: number): number {
  return sent.reduce((sum, { startsAt, audioMs }) => sum + Math.max(0, Math.min(at - startsAt, audioMs)), 0)
}

interface TimedWord {
  /** With the white space behind it. */
  readonly text: string
  readonly startMs: number
  readonly endMs: number
}

/** Where each word of a clause lies in its audio, by the share of its sounds. */
export function wordTimes(text: string, lengthMs: number): readonly TimedWord[] {
  const words = text.match(/\s*\S+\s*/g) ?? []
  const weights = words.map(soundWeight)
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let reached = 0
  return words.map((word, index) => {
    const startMs = (reached / total) * lengthMs
    reached += weights[index] ?? 0
    return { text: word, startMs, endMs: (reached / total) * lengthMs }
  })
}

/** Spoken length in letters: a digit is a word of its own, a mark a pause of about 100 (comma) or 200 ms. */
function soundWeight(word: string): number {
  const letters = word.match(/\p{L}/gu)?.length ?? 0
  const digits = word.match(/\p{N}/gu)?.length ?? 0
  const pause = /[.!?…:;]["'”’)\]]*\s*$/.test(word) ? 3 : /,["'”’)\]]*\s*$/.test(word) ? 1.5 : 0
  return Math.max(1, letters + 4 * digits) + pause
}

function joinText(texts: readonly string[]): string {
  return texts.join('').trim()
}
