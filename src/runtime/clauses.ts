/**
 * Cuts a stream of text into clauses for synthesis. The first one is short, so that speech starts early; later ones are long
 * enough to sound natural. The pieces are verbatim slices: joined, they are the text.
 */
export interface ClauseSplitter {
  /** Appends text and returns the clauses that are complete. */
  push(text: string): string[]
  /** What is left, if it is more than white space. */
  flush(): string[]
}

/** A first clause may end at any punctuation, else after this many words. */
const FIRST_CLAUSE_WORDS = 9
/** Later clauses end at a sentence, or at a comma from this length on. */
const LATER_CLAUSE_LETTERS = 40
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

function firstMatch(text: string, pattern: RegExp, least: number): number | undefined {
  for (const match of text.matchAll(pattern)) {
    const end = match.index + match[0].length
    if (end >= least && !ABBREVIATION.test(text.slice(0, end))) return end
  }
  return undefined
}
