/**
 * Cuts text that is still being written into clauses for synthesis, each when it is asked for: how long one may be depends on how much speech
 * is in hand by then. The pieces are verbatim slices: joined, they are the text. Pure.
 */
import { completeness } from '../core/index.js'

export interface ClauseLimits {
  /** Letters at most; a few words are taken even where fewer letters are asked for. */
  readonly most: number
  /** Take what there is instead of waiting for the end of a clause: a cut clause beats a silence. */
  readonly urgent: boolean
  /** The voice is fast: the fewest words that sound natural make the opener. */
  readonly brief?: boolean
}

export interface ClauseText {
  push(text: string): void
  /** Nothing more is written: what is left may be taken as it is. */
  end(): void
  /** Takes the next clause; undefined while more must be written first, and when nothing is left. */
  take(limits: ClauseLimits): string | undefined
  /** Written and not taken. */
  readonly waiting: string
  readonly ended: boolean
}

export function createClauseText(): ClauseText {
  let waiting = ''
  let ended = false
  let first = true

  return {
    get waiting() {
      return waiting
    },
    get ended() {
      return ended
    },
    push(text) {
      waiting += text
    },
    end() {
      ended = true
    },
    take(limits) {
      const end = clauseEnd(waiting, { ...limits, first, ended })
      if (end === undefined) return undefined
      const clause = waiting.slice(0, end)
      waiting = waiting.slice(end)
      first = false
      return clause
    },
  }
}

export interface ClauseRules extends ClauseLimits {
  /** The first clause is short, so that speech starts early. */
  readonly first: boolean
  readonly ended: boolean
}

/** Words that are enough for an opener without punctuation, and the fewest that it has. */
const OPENER_WORDS = { most: 7, least: 5 }
const BRIEF_OPENER_WORDS = { most: 4, least: 3 }
/** A word of so many letters may belong to what follows it. */
const SHORT_WORD_LETTERS = 4
/** Where two clauses part well without a mark: no place further on would be better. */
const GOOD_JOINT = 0.7
/** Later clauses end at a sentence, or at a comma from this length on. */
const LATER_CLAUSE_LETTERS = 40
/** Shorter pieces are not worth a clause of their own, nor may one be left over by a cut. */
const LEAST_LETTERS = 12
/** However short of time a voice is: clauses of one word are not understood. */
const FEWEST_WORDS_LETTERS = 24
/** Text without any punctuation is cut at a space from this length on: a synthesiser's input is bounded. */
export const LONGEST_CLAUSE_LETTERS = 220

/**
 * How far ahead a clause is looked for. What lies behind is never looked at: a word of 500,000 letters would keep the expressions below,
 * and with them every session, for minutes.
 */
const SIGHT_LETTERS = 4 * LONGEST_CLAUSE_LETTERS

/** White space must follow: "3.5" and "e.g" go on. Quotes and brackets may close after the mark. */
const SENTENCE_END = /[.!?…。！？]["'”’)\]]*\s+/g
const ANY_END = /[.!?…,;:。！？，、—]["'”’)\]]*\s+/g
const ABBREVIATION = /(?:^|\s)(?:Mr|Mrs|Ms|Dr|St|Sr|Sra|vs|No|etc|e\.g|i\.e|[A-Z])\.\s+$/

/** Where the next clause of `written` ends; undefined while more must be written first, or where nothing is left to say. */
export function clauseEnd(written: string, rules: ClauseRules): number | undefined {
  const text = written.slice(0, SIGHT_LETTERS)
  const most = Math.min(Math.max(rules.most, FEWEST_WORDS_LETTERS), LONGEST_CLAUSE_LETTERS)
  const natural =
    (rules.first ? openerEnd(text, rules.brief ? BRIEF_OPENER_WORDS : OPENER_WORDS) : laterEnd(text)) ??
    (rules.ended && text.length === written.length ? text.length : undefined)
  if (natural !== undefined && natural <= most) return text.trim() === '' ? undefined : natural
  if (natural !== undefined || text.length > most) return cut(text, most, natural)
  return rules.urgent ? cut(text, text.length, undefined) : undefined
}

function openerEnd(text: string, words: { most: number; least: number }): number | undefined {
  const mark = firstMatch(text, ANY_END, 2)
  if (mark !== undefined) return mark
  const ends = wordEnds(text)
  const places = ends.slice(words.least - 1, words.most)
  if (places.length === 0) return undefined
  const begun = text.slice(ends.at(-1))
  const isJoining = isJoiningWord(text, begun)
  // Such a word is known before the space behind it is written: one token earlier, 30 to 40 ms on two cores.
  const known = isJoining ? `${text} ` : text
  const good = places.find((place) => joint(known, place) >= GOOD_JOINT)
  if (good !== undefined) return good
  if (ends.length < words.most) return undefined
  // "How can I help | you?" would leave a single word: what follows is waited for until it is known that more comes behind it. A number comes digit by digit.
  const isLong = ends.length > words.most || begun.length > SHORT_WORD_LETTERS
  const goesOn = isLong || isJoining || /^\d/.test(begun)
  if (!goesOn) return undefined
  return best(places, (place) => joint(text, place) + place / 1000)
}

/** One that no sentence ends with: "the", "is". */
const isJoiningWord = (text: string, begun: string): boolean =>
  /^\p{L}+$/u.test(begun) && completeness(text) === 'unfinished'

function laterEnd(text: string): number | undefined {
  const sentence = firstMatch(text, SENTENCE_END, LEAST_LETTERS)
  const comma = firstMatch(text, ANY_END, LATER_CLAUSE_LETTERS)
  if (sentence !== undefined && (comma === undefined || sentence <= LONGEST_CLAUSE_LETTERS)) return sentence
  return comma
}

/**
 * A place within `most` letters, the best for the ear; in even parts where the end of the clause is known. Undefined while there is no
 * whole word or two.
 */
function cut(text: string, most: number, natural: number | undefined): number | undefined {
  const parts = natural === undefined ? 1 : Math.ceil(natural / most)
  const wanted = natural === undefined ? most : natural / parts
  const whole = wordEnds(text).filter((end) => natural === undefined || natural - end >= LEAST_LETTERS)
  const places = whole.filter((end) => end <= most && end >= LEAST_LETTERS)
  if (places.length > 0)
    return best(places, (place) => joint(text, place) - Math.abs(place - wanted) / wanted)
  // Words longer than the limit are taken whole. Text without spaces is cut only where it would grow without bounds.
  const longer = whole.find((end) => end >= LEAST_LETTERS)
  return natural ?? longer ?? (text.length > LONGEST_CLAUSE_LETTERS ? LONGEST_CLAUSE_LETTERS : undefined)
}

/**
 * How well two clauses part at `place`: at a mark, else before a short word that follows a longer one ("… works | by aligning"), never
 * after a short one ("of the | Moon"). In most European languages short words belong to what follows.
 */
function joint(text: string, place: number): number {
  const before = text.slice(0, place).trimEnd()
  if (/[.!?…,;:—]["'”’)\]]*$/.test(before) && !ABBREVIATION.test(text.slice(0, place))) return 1
  const lastWord = before.match(/\S+$/)?.[0] ?? ''
  if (lastWord.length <= 3) return 0
  const nextWord = text.slice(place).match(/^\S+(?=\s)/)?.[0] ?? ''
  return nextWord !== '' && nextWord.length <= SHORT_WORD_LETTERS ? GOOD_JOINT : 0.4
}

/** Behind the white space after each whole word. */
function wordEnds(text: string): number[] {
  // Looking for the spaces alone takes one pass, also through a word that has none.
  return [...text.matchAll(/\s+/g)].flatMap(({ index, 0: space }) =>
    index > 0 ? [index + space.length] : [],
  )
}

function best(places: readonly number[], worth: (place: number) => number): number | undefined {
  let found: number | undefined
  for (const place of places) if (found === undefined || worth(place) > worth(found)) found = place
  return found
}

function firstMatch(text: string, pattern: RegExp, least: number): number | undefined {
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length
    if (end >= least && !ABBREVIATION.test(text.slice(0, end))) return end
  }
  return undefined
}
