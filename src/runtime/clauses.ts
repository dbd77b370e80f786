/**
 * Cuts a stream of text into clauses for synthesis. The first one is short, so that speech starts early; later ones are long
 * enough to sound natural. The pieces are verbatim slices: joined, they are the text.
 */
export interface ClauseSplitter {
  /** Appends text and returns the clauses that are complete. */
  push(text: string): string[]
  /** Cuts what there is at the best place so far, for a listener who is about to hear silence; nothing for a word or two. */
  urge(): string[]
  /** What is left, if it is more than white space. */
  flush(): string[]
}

/** A first clause may end at any punctuation, else after this many words. */
const FIRST_CLAUSE_WORDS = 7
/** Later clauses end at a sentence, or at a comma from this length on. */
const LATER_CLAUSE_LETTERS = 40
/** Fewer words than this are not worth a clause of their own. */
const URGED_WORDS = 3
/** Text without any punctuation is cut at a space from this length on: a synthesiser's input is bounded. */
const LONGEST_CLAUSE_LETTERS = 220

export function createClauseSplitter(): ClauseSplitter {
  let rest = ''
  let first = true

  function take(): string | undefined {
    const end = first ? firstEnd(rest) : laterEnd(rest)
    if (end === undefined) return undefined
    const clause = rest.slice(0, end)
    rest = rest.slice(end)
    first = false
    return clause
  }

  return {
    push(text) {
      rest += text
      const clauses: string[] = []
      for (let clause = take(); clause !== undefined; clause = take()) clauses.push(clause)
      return clauses
    },
    urge() {
      const end = lastEnd(rest)
      if (end === undefined) return []
      const clause = rest.slice(0, end)
      rest = rest.slice(end)
      return [clause]
    },
    flush() {
      const clause = rest
      rest = ''
      return clause.trim() === '' ? [] : [clause]
    },
  }
}

/** White space must follow: "3.5" and "e.g" go on. Quotes and brackets may close after the mark. */
const SENTENCE_END = /[.!?…。！？]["'”’)\]]*\s+/g
const ANY_END = /[.!?…,;:。！？，、—]["'”’)\]]*\s+/g
const FIRST_WORDS = new RegExp(`^\\s*(?:\\S+\\s+){${FIRST_CLAUSE_WORDS}}`)
const ABBREVIATION = /(?:^|\s)(?:Mr|Mrs|Ms|Dr|St|Sr|Sra|vs|No|etc|e\.g|i\.e|[A-Z])\.\s+$/

function firstEnd(text: string): number | undefined {
  const end = firstMatch(text, ANY_END, 2)
  if (end !== undefined) return end
  const words = text.match(FIRST_WORDS)
  return words ? words[0].length : undefined
}

function laterEnd(text: string): number | undefined {
  const sentence = firstMatch(text, SENTENCE_END, 12)
  const comma = firstMatch(text, ANY_END, LATER_CLAUSE_LETTERS)
  if (sentence !== undefined && (comma === undefined || sentence <= LONGEST_CLAUSE_LETTERS)) return sentence
  if (comma !== undefined) return comma
  if (text.length <= LONGEST_CLAUSE_LETTERS) return undefined
  const space = text.lastIndexOf(' ', LONGEST_CLAUSE_LETTERS)
  return space > 0 ? space + 1 : LONGEST_CLAUSE_LETTERS
}

/** After the last punctuation, else after the last whole word, of at least a few. */
function lastEnd(text: string): number | undefined {
  const marks = [...text.matchAll(ANY_END)].map((match) => match.index + match[0].length)
  const mark = marks.filter((end) => !ABBREVIATION.test(text.slice(0, end))).at(-1)
  if (mark !== undefined) return mark
  const words = text.match(/^\s*(?:\S+\s+)+/)?.[0]
  return words !== undefined && words.trim().split(/\s+/).length >= URGED_WORDS ? words.length : undefined
}

function firstMatch(text: string, pattern: RegExp, least: number): number | undefined {
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length
    if (end >= least && !ABBREVIATION.test(text.slice(0, end))) return end
  }
  return undefined
}
