/**
 * What the user has heard: places every clause that was sent on the client's time line, as if each were played on
 * arrival or right after the one before it. Pure arithmetic on times that the events carry.
 */
export interface Clause {
  readonly text: string
  /** When its playout starts, on the runtime's clock. */
  readonly startsAt: number
  /** 0 for text: read the moment it arrives. */
  readonly audioMs: number
}

/** Texts are verbatim slices of the answer: together they are the answer. */
export function appendClause(
  clauses: readonly Clause[],
  at: number,
  text: string,
  audioMs: number,
): readonly Clause[] {
  const last = clauses.at(-1)
  // More audio of the same clause.
  if (last && text === '') return [...clauses.slice(0, -1), { ...last, audioMs: last.audioMs + audioMs }]
  if (last && last.audioMs === 0 && audioMs === 0)
    return [...clauses.slice(0, -1), { ...last, text: last.text + text }]
  return [...clauses, { text, startsAt: Math.max(at, playoutEnd(clauses)), audioMs }]
}

/** When the client has played everything sent so far; 0 when nothing was sent. */
export function playoutEnd(clauses: readonly Clause[]): number {
  const last = clauses.at(-1)
  return last ? last.startsAt + last.audioMs : 0
}

export function wholeText(clauses: readonly Clause[]): string {
  return joinText(clauses.map((clause) => clause.text))
}

/** The words whose playout had begun at the given time; within a clause words are taken to be equally long per letter. */
export function heardText(clauses: readonly Clause[], at: number): string {
  return joinText(clauses.map((clause) => heardPart(clause, at)))
}

function heardPart({ text, startsAt, audioMs }: Clause, at: number): string {
  if (at >= startsAt + audioMs) return text
  if (at <= startsAt) return ''
  const letters = text.length * ((at - startsAt) / audioMs)
  const words = text.match(/\S+\s*/g) ?? []
  let heard = ''
  for (const word of words) {
    if (heard.length >= letters) break
    heard += word
  }
  return heard
}

function joinText(texts: readonly string[]): string {
  return texts.join('').trim()
}
