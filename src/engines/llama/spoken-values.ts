/**
 * What spoken numbers, times and days are in writing, in English and Spanish: "veintiún grados" → 21, "half past five in the
 * afternoon" → 17:30. Small models copy a figure reliably but misread words. Knows nothing of functions or models.
 */

interface Found {
  readonly start: number
  readonly end: number
  readonly value: string
}

const NUMBERS = table(
  'zero:0 one:1 two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 thirteen:13 fourteen:14 ' +
    'fifteen:15 sixteen:16 seventeen:17 eighteen:18 nineteen:19 twenty:20 thirty:30 forty:40 fifty:50 sixty:60 seventy:70 eighty:80 ' +
    'ninety:90 dozen:12 cero:0 un:1 uno:1 una:1 dos:2 tres:3 cuatro:4 cinco:5 seis:6 siete:7 ocho:8 nueve:9 diez:10 once:11 doce:12 ' +
    'trece:13 catorce:14 quince:15 dieciseis:16 diecisiete:17 dieciocho:18 diecinueve:19 veinte:20 veintiuno:21 veintiun:21 ' +
    'veintiuna:21 veintidos:22 veintitres:23 veinticuatro:24 veinticinco:25 veintiseis:26 veintisiete:27 veintiocho:28 ' +
    'veintinueve:29 treinta:30 cuarenta:40 cincuenta:50 sesenta:60 setenta:70 ochenta:80 noventa:90 cien:100 ciento:100 ' +
    'doscientos:200 doscientas:200 trescientos:300 trescientas:300 cuatrocientos:400 cuatrocientas:400 quinientos:500 ' +
    'quinientas:500 seiscientos:600 seiscientas:600 setecientos:700 setecientas:700 ochocientos:800 ochocientas:800 ' +
    'novecientos:900 novecientas:900 docena:12',
)
/** Alone they are articles and pronouns more often than numbers; "once" is English as well. */
const WEAK = new Set(['one', 'un', 'uno', 'una', 'once'])
const DAYS = new Map(
  (
    'lunes:monday martes:tuesday miercoles:wednesday jueves:thursday viernes:friday sabado:saturday domingo:sunday enero:january ' +
    'febrero:february marzo:march abril:april mayo:may junio:june julio:july agosto:august septiembre:september octubre:october ' +
    'noviembre:november diciembre:december manana:tomorrow'
  )
    .split(' ')
    .map((pair) => pair.split(':') as [string, string]),
)
const COMMON_WORDS = new Set(
  'the and for with that this from your you are was have his her las los una uno del para por con que como mis sus'.split(
    ' ',
  ),
)
const WORD = String.raw`(?:\d+(?:[.,]\d+)?|[a-z]+(?:-[a-z]+)?)`
const PART_OF_DAY = String.raw`(?:\s*(a|p)\.? ?m\b\.?|\s+(?:in|at|de|por) (?:the |la )?(morning|manana|madrugada|afternoon|evening|night|tarde|noche))`

/** `words = value` for each expression that is not in figures yet. */
export function spokenValues(text: string): string[] {
  const plain = withoutAccents(text)
  const found = [...times(plain), ...durations(plain), ...halves(plain), ...numbers(plain), ...days(plain)]
  const kept: Found[] = []
  for (const one of found) {
    if (kept.every(({ start, end }) => one.end <= start || one.start >= end)) kept.push(one)
  }
  return kept
    .sort((a, b) => a.start - b.start)
    .filter(({ start, end, value }) => text.slice(start, end).trim() !== value)
    .map(({ start, end, value }) => `${text.slice(start, end).trim()} = ${value}`)
}

/** Whether an amount or a time is said at all, in figures or in words. */
export function namesNumber(text: string): boolean {
  const plain = withoutAccents(text)
  const small =
    /\d|\b(one|uno|half|halfway|medi[oa]|mitad|quarter|cuarto|couple|par|doble|double|midnight|noon|(an?|una?) (hour|minute|day|week|month|hora|minuto|dia|semana|mes))\b/
  return small.test(plain) || spokenValues(text).some((value) => /\d/.test(value))
}

/** The words that mean something, without case and accents; all of them where none does. */
export function plainWords(text: string): string[] {
  const words: string[] = withoutAccents(text).match(/[\p{L}\p{N}]+/gu) ?? []
  const meaning = words.filter((word) => word.length > 2 && !COMMON_WORDS.has(word))
  return meaning.length > 0 ? meaning : words
}

/** Letter for letter, so that places in the text stay the same. */
function withoutAccents(text: string): string {
  return [...text.normalize('NFC')]
    .map((letter) =>
      letter.length > 1 ? ' '.repeat(letter.length) : letter.normalize('NFD')[0]!.toLowerCase(),
    )
    .join('')
}

function table(pairs: string): ReadonlyMap<string, number> {
  return new Map(
    pairs.split(' ').map((pair) => {
      const [word = '', value] = pair.split(':')
      return [word, Number(value)]
    }),
  )
}

/** A word or figures up to 999. */
function small(word: string | undefined): number | undefined {
  if (word === undefined) return undefined
  if (/^\d/.test(word)) return Number(word.replace(',', '.'))
  const [tens = '', units = ''] = word.split('-')
  const first = NUMBERS.get(tens)
  if (units === '' || first === undefined) return first
  const second = NUMBERS.get(units)
  return second === undefined ? undefined : first + second
}

/** "one hundred and twenty", "dos mil quinientos", "treinta y cinco", "three point five". */
function* numbers(plain: string): Generator<Found> {
  const words = [...plain.matchAll(/\d+(?:[.,]\d+)?|[a-z]+(?:-[a-z]+)?/g)]
  for (let index = 0; index < words.length; index++) {
    let total = 0
    let group = 0
    let last = 0
    let length = 0
    let onlyWeak = true
    for (let next = index; next < words.length; next++) {
      const word = words[next]![0]
      const before = words[next - 1]
      // Punctuation ends a number.
      if (next > index && !/^\s$/.test(plain.slice(before!.index + before![0].length, words[next]!.index)))
        break
      const value = /^\d/.test(word) ? undefined : small(word)
      if (word === 'hundred') group = Math.max(1, group) * 100
      else if (word === 'thousand' || word === 'mil') {
        total += Math.max(1, group) * 1000
        group = 0
      } else if (value !== undefined && (length === 0 || value < magnitude(last))) group += value
      else if ((word === 'and' || word === 'y') && length > 0 && small(words[next + 1]?.[0]) !== undefined)
        continue
      else break
      last = word === 'thousand' || word === 'mil' ? 1000 : word === 'hundred' ? 100 : (value ?? 0)
      if (value === 0 && length > 0) break
      onlyWeak &&= WEAK.has(word)
      length = next - index + 1
    }
    if (length === 0 || (onlyWeak && length === 1)) continue
    const end = words[index + length - 1]!
    const whole = total + group
    let stop = end.index + end[0].length
    let value = String(whole)
    const point = new RegExp(
      `^ (?:point|punto|coma) (${WORD})|^ (?:euros?|dolar(?:es)?|libras?|dollars?|pounds?) (?:con|and|y) (${WORD})`,
    ).exec(plain.slice(stop))
    const decimals = small(point?.[1] ?? point?.[2])
    if (point && decimals !== undefined && decimals < 100) {
      value = point[1] === undefined ? (whole + decimals / 100).toFixed(2) : `${whole}.${decimals}`
      stop += point[0].length
    }
    yield { start: words[index]!.index, end: stop, value }
    index += length - 1
  }
}

/** What may follow a number is smaller: "twenty five", never "five twenty". */
function magnitude(value: number): number {
  return value >= 1000 ? 1000 : value >= 100 ? 100 : value >= 20 && value % 10 === 0 ? 10 : 0
}

/** "half past five", "a quarter to six", "las nueve y media de la noche", "4 p.m.". */
function* times(plain: string): Generator<Found> {
  const patterns = [
    `(half|quarter|${WORD}) (?:minutes )?(past|to) (${WORD})(?:${PART_OF_DAY})?`,
    `las? (${WORD})(?: (y|menos) (media|cuarto|${WORD}))?(?:${PART_OF_DAY})?`,
    String.raw`(${WORD})(?::(\d\d))?(?: o'?clock)?(?:${PART_OF_DAY})`,
  ]
  for (const [kind, pattern] of patterns.entries()) {
    for (const match of plain.matchAll(new RegExp(String.raw`\b${pattern}`, 'g'))) {
      const [whole, a, b, c] = match
      const hour = small(kind === 0 ? c : a)
      const minuteWord = kind === 0 ? a : kind === 1 ? c : b
      const minutes =
        minuteWord === undefined
          ? 0
          : minuteWord === 'half' || minuteWord === 'media'
            ? 30
            : /^(quarter|cuarto)$/.test(minuteWord)
              ? 15
              : small(minuteWord)
      if (hour === undefined || minutes === undefined || hour > 24 || minutes > 59 || !Number.isInteger(hour))
        continue
      const [half, part] = match.slice(-2)
      // "las dos lámparas" is no time.
      if (kind === 1 && minuteWord === undefined && half === undefined && part === undefined) continue
      const isLate = half === 'p' || /^(afternoon|evening|night|tarde|noche)$/.test(part ?? '')
      const base =
        isLate && hour < 12
          ? hour + 12
          : (half === 'a' || part !== undefined) && !isLate && hour === 12
            ? 0
            : hour
      const total = (base * 60 + (b === 'to' || b === 'menos' ? -minutes : minutes) + 1440) % 1440
      const value = `${String(Math.floor(total / 60)).padStart(2, '0')}:${String(total % 60).padStart(2, '0')}`
      yield { start: match.index, end: match.index + whole.trimEnd().length, value }
    }
  }
}

/** In minutes: "an hour and a half", "media hora", "dos horas y cuarto". */
function* durations(plain: string): Generator<Found> {
  const pattern = new RegExp(
    String.raw`\b(?:(half an hour|media hora|(?:a )?quarter of an hour|(?:un )?cuarto de hora|three quarters of an hour|tres cuartos de hora)|(?:(an|una|${WORD}) )?(?:hours?|horas?)(?: (?:and|y) (a half|media|a quarter|(?:un )?cuarto|${WORD}(?= min)))?)`,
    'g',
  )
  for (const match of plain.matchAll(pattern)) {
    const [whole, part, count, more] = match
    let minutes: number | undefined
    if (part !== undefined) minutes = /^(half|media)/.test(part) ? 30 : /^t/.test(part) ? 45 : 15
    else {
      const hours =
        count === undefined ? (more === undefined ? undefined : 1) : count === 'an' ? 1 : small(count)
      const rest =
        more === undefined ? 0 : /half|media/.test(more) ? 30 : /quarter|cuarto/.test(more) ? 15 : small(more)
      // Whole hours may be asked for as hours.
      if (hours !== undefined && rest !== undefined && rest > 0) minutes = hours * 60 + rest
    }
    if (minutes === undefined) continue
    yield { start: match.index, end: match.index + whole.length, value: `${minutes} minutes` }
  }
}

function* halves(plain: string): Generator<Found> {
  for (const match of plain.matchAll(
    /\b(halfway|half way|a la mitad|half open|medio litro|half a lit(?:re|er))\b/g,
  )) {
    const value = match[0].includes('lit') ? '0.5 litres = 500 ml' : '50%'
    yield { start: match.index, end: match.index + match[0].length, value }
  }
}

function* days(plain: string): Generator<Found> {
  for (const { 0: word, index } of plain.matchAll(/[a-z]+/g)) {
    const day = DAYS.get(word)
    if (day === undefined || (word === 'manana' && /\b(la|esta|de) $/.test(plain.slice(0, index)))) continue
    yield { start: index, end: index + word.length, value: day }
  }
}
