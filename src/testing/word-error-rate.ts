/**
 * Word error rate as it is usually given for Whisper: both texts are brought to one spelling first, so that "$43.99" equals
 * "forty three dollars and ninety nine cents". English only. Knows nothing of audio.
 */

export interface WordErrors {
  /** Words put in, left out or changed. */
  readonly errors: number
  /** Words of the reference. */
  readonly words: number
}

/** Add up `errors` and `words` over texts for a pooled rate. */
export function wordErrorRate(reference: string, hypothesis: string): WordErrors {
  const expected = normaliseWords(reference)
  return { errors: editDistance(expected, normaliseWords(hypothesis)), words: expected.length }
}

/**
 * Lower case, no punctuation or fillers, contractions and titles spelt out, American spelling, hyphens as spaces, and numbers as digits,
 * neighbouring ones joined ("five five five" and "555" are one word). Some rules bend innocent words ("promise"), but both texts alike.
 */
export function normaliseWords(text: string): string[] {
  let plain = text.toLowerCase().normalize('NFKC').replace(/[’‘]/g, "'")
  for (const [pattern, replacement] of REWRITES) plain = plain.replace(pattern, replacement)
  const words = plain
    .split(/[^\p{L}\p{N}.]+/u)
    .map((word) => word.replace(/^\.+|\.+$/g, ''))
    .filter((word) => word !== '' && !FILLERS.has(word))
  return joinNumbers(readNumbers(words)).map((word) => SPELLINGS.get(word) ?? american(word))
}

const FILLERS = new Set(['hm', 'hmm', 'mm', 'mhm', 'mmm', 'uh', 'um', 'er', 'ah'])

const REWRITES: readonly (readonly [RegExp, string])[] = [
  [/[[(<][^\])>]*[\])>]/g, ' '],
  [/([$£€])\s?(\d[\d,]*)(?:\.(\d\d))?/g, ' $2 $1 $3 '],
  [/\$ (\d\d) /g, ' dollars and $1 cents '],
  [/£ (\d\d) /g, ' pounds and $1 pence '],
  [/€ (\d\d) /g, ' euros and $1 cents '],
  [/\$/g, ' dollars '],
  [/£/g, ' pounds '],
  [/€/g, ' euros '],
  [/%/g, ' percent '],
  [/&/g, ' and '],
  [/(\d),(?=\d{3}\b)/g, '$1'],
  [/\b([ap])\.\s?m\b\.?/g, '$1m'],
  // "B247" and "3pm" are two words; "21st" stays one.
  [/(\p{L})(?=\d)/gu, '$1 '],
  [/(\d)(?!(?:st|nd|rd|th)\b)(?=\p{L})/gu, '$1 '],
  // A dot is kept between digits and nowhere else.
  [/(?<!\d)\.|\.(?!\d)/g, ' '],
  [/\bwon't\b/g, 'will not'],
  [/\bcan(?:'t|not)\b/g, 'can not'],
  [/\blet's\b/g, 'let us'],
  [/\bain't\b/g, 'is not'],
  [/\by'all\b/g, 'you all'],
  [/n't\b/g, ' not'],
  [/'re\b/g, ' are'],
  [/'s\b/g, ' is'],
  [/'d\b/g, ' would'],
  [/'ll\b/g, ' will'],
  [/'ve\b/g, ' have'],
  [/'m\b/g, ' am'],
  [/\bwanna\b/g, 'want to'],
  [/\bgonna\b/g, 'going to'],
  [/\bgotta\b/g, 'got to'],
  [/\ball right\b/g, 'alright'],
  [/\ba (?=hundred|thousand|million)/g, 'one '],
  [/'/g, ''],
]

const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['mr', 'mister'],
  ['mrs', 'missus'],
  ['dr', 'doctor'],
  ['prof', 'professor'],
  ['ok', 'okay'],
  ['1st', 'first'],
  ['2nd', 'second'],
  ['3rd', 'third'],
  ['grey', 'gray'],
  ['programme', 'program'],
  ['cheque', 'check'],
  ['tyre', 'tire'],
  ['aeroplane', 'airplane'],
  ['defence', 'defense'],
  ['licence', 'license'],
  ['practise', 'practice'],
  ['dialogue', 'dialog'],
  ['catalogue', 'catalog'],
])

function american(word: string): string {
  return word
    .replace(/^(.{2,})our(s|ed|ing|ite|able|ful|hood)?$/, '$1or$2')
    .replace(/^(.{3,})is(e|ed|es|ing|er|ers|ation|ations)$/, '$1iz$2')
    .replace(/^(.{3,})ys(e|ed|es|ing)$/, '$1yz$2')
    .replace(/^(met|kilomet|centimet|lit|cent|theat|fib|calib)re(s?)$/, '$1er$2')
    .replace(
      /^(travel|cancel|label|model|signal|fuel|level|counsel|marvel|total|dial)l(ed|ing|er|ers)$/,
      '$1$2',
    )
}

const UNITS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  )
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
const ORDINAL_ROOTS: ReadonlyMap<string, string> = new Map([
  ['first', 'one'],
  ['second', 'two'],
  ['third', 'three'],
  ['fifth', 'five'],
  ['eighth', 'eight'],
  ['ninth', 'nine'],
  ['twelfth', 'twelve'],
])
const SCALES: ReadonlyMap<string, number> = new Map([
  ['thousand', 1e3],
  ['million', 1e6],
  ['billion', 1e9],
])

const valueByWord: ReadonlyMap<string, number> = new Map([
  ...UNITS.map((word, value) => [word, value] as const),
  ...TENS.map((word, index) => [word, (index + 2) * 10] as const),
])

/** Number words become digits; what is no number stays. */
function readNumbers(words: readonly string[]): string[] {
  const result: string[] = []
  for (let start = 0; start < words.length; ) {
    const number = readNumber(words, start)
    result.push(number?.text ?? words[start]!)
    start += number?.length ?? 1
  }
  return result
}

/** One spoken number at `start`: "three hundred and sixty five", "twenty first". */
function readNumber(words: readonly string[], start: number): { text: string; length: number } | undefined {
  let total = 0
  /** Below a thousand: what the next scale multiplies. */
  let group = 0
  let length = 0
  let ordinal = false
  /** What the last word was worth: decides what may follow it. */
  let last = Number.POSITIVE_INFINITY
  while (start + length < words.length && !ordinal) {
    const joiner = words[start + length] === 'and' && last >= 100 && length > 0 ? 1 : 0
    const word = words[start + length + joiner]
    if (word === undefined) break
    const cardinal = cardinalOf(word, length > 0)
    ordinal = cardinal !== word
    const value = valueByWord.get(cardinal)
    const scale = SCALES.get(cardinal)
    if (value !== undefined && fits(value, last)) {
      group += value
      last = value
    } else if (cardinal === 'hundred' && joiner === 0 && group > 0 && group < 100) {
      group *= 100
      last = 100
    } else if (scale !== undefined && joiner === 0 && group > 0) {
      total += group * scale
      group = 0
      last = scale
    } else {
      ordinal = false
      break
    }
    length += 1 + joiner
  }
  if (length === 0) return undefined
  const value = total + group
  return { text: ordinal ? `${value}${ordinalSuffix(value)}` : String(value), length }
}

/** A unit may follow tens, hundreds and scales; tens may follow hundreds and scales; nothing follows a zero. */
function fits(value: number, last: number): boolean {
  if (last >= 100) return true
  return last >= 20 && last % 10 === 0 && value >= 1 && value <= 9
}

/** "first" alone is more often a word than a number; "twenty first" is 21st. */
function cardinalOf(word: string, isLater: boolean): string {
  const root = ORDINAL_ROOTS.get(word)
  if (root) return isLater || valueByWord.get(root)! > 3 ? root : word
  const stem = word.replace(/ieth$/, 'y').replace(/th$/, '')
  return stem !== word && (valueByWord.has(stem) || SCALES.has(stem) || stem === 'hundred') ? stem : word
}

function ordinalSuffix(value: number): string {
  if (value % 100 >= 11 && value % 100 <= 13) return 'th'
  return ['th', 'st', 'nd', 'rd'][value % 10] ?? 'th'
}

/** "5 55 01 42" is one word, and so is "43 point 5". */
function joinNumbers(words: readonly string[]): string[] {
  const result: string[] = []
  const isNumber = (word: string | undefined) => word !== undefined && /^[\d.]+$/.test(word)
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!
    if (word === 'point' && isNumber(result.at(-1)) && isNumber(words[index + 1])) {
      result.push(`${result.pop()}.${words[++index]}`)
    } else if (isNumber(word) && isNumber(result.at(-1))) result.push(`${result.pop()}${word}`)
    else result.push(word)
  }
  return result
}

function editDistance(from: readonly string[], to: readonly string[]): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [index, word] of from.entries()) {
    const next = [index + 1]
    for (let column = 1; column <= to.length; column++) {
      const changed = row[column - 1]! + (word === to[column - 1] ? 0 : 1)
      next.push(Math.min(changed, row[column]! + 1, next[column - 1]! + 1))
    }
    row = next
  }
  return row[to.length]!
}
