/**
 * Turns what a language model writes into what a person would read aloud: markdown, emoji, web addresses and symbols
 * become words or vanish. Pure text to text; plain numbers stay digits, which eSpeak reads in the voice's language.
 * It doesn't know voices or phonemes.
 */
import { type SpokenWords, spokenWordsOf } from './speech-words.js'

/** Characters of scripts that a voice of another script would spell out as "Chinese letter". */
const EAST_ASIAN = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]+/gu

/**
 * Plain text to be spoken, on one line; empty when nothing can be said. `language` is a BCP-47 tag, its symbols are
 * said in that language where `speech-words.ts` has a table.
 */
export function textToSpeak(text: string, language: string): string {
  const words = spokenWordsOf(language)
  // Typographic apostrophes split words for eSpeak ("d’ici").
  let spoken = withoutEmoji(withoutMarkdown(text.normalize('NFC').replaceAll('’', "'")))
  if (!/^(ja|zh|ko|yue)\b/i.test(language)) spoken = spoken.replace(EAST_ASIAN, ' ')
  if (words !== undefined) spoken = withSymbolsSaid(spoken, words, language)
  spoken = joinLines(spoken)
    .replace(/[*_`~|\\^<>#•·▪◦●→←⇒↔]+/g, ' ')
    .replace(/\s+([,;:.!?…])/g, '$1')
    .replace(/\s+/g, ' ')
    .trim()
  return /[\p{L}\p{N}]/u.test(spoken) ? spoken : ''
}

function withoutMarkdown(text: string): string {
  return text
    .replace(/^[ \t]*(```|~~~).*$/gm, '')
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/<\/?[a-z][^<>\n]*>/gi, ' ')
    .replace(/^[ \t]*([-*_][ \t]*){3,}$/gm, '')
    .replace(/^[ \t]*\|?[ \t]*:?-{2,}[-:| \t]*$/gm, '')
    .replace(/^[ \t]*#{1,6}[ \t]+/gm, '')
    .replace(/^[ \t]*>+[ \t]?/gm, '')
    .replace(/^[ \t]*[-*+•][ \t]+(\[[ xX]\][ \t]+)?/gm, '')
    .replace(/^[ \t]*(\d{1,3})[.)][ \t]+/gm, '$1, ')
    .replace(/^[ \t]*\|(.*)\|[ \t]*$/gm, (_, cells: string) => cells.replaceAll('|', ','))
    .replace(/(\*\*|__)(?=\S)([\s\S]*?\S)\1/g, '$2')
    .replace(/`+/g, '')
    .replace(/(?<![\p{L}\p{N}])([*_])(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/gu, '$2')
}

/** Modifiers, joiners and flag letters are single characters here on purpose: whatever is left of a sequence goes. */
function withoutEmoji(text: string): string {
  return text
    .replace(/([0-9#*])\u{FE0F}?\u{20E3}/gu, ' $1 ')
    .replace(/(?![0-9#*])\p{Emoji}/gu, ' ')
    .replace(/\u{FE0F}|\u{200D}|\p{Emoji_Modifier}|\p{Regional_Indicator}/gu, ' ')
}

/** A line that ends without a mark is closed, so that list items and headings are not run together. */
function joinLines(text: string): string {
  return text
    .split(/\n+/)
    .map((line) => line.trim())
    .filter((line) => /[\p{L}\p{N}]/u.test(line) || /^[.!?…,;:]+$/.test(line))
    .map((line, index, lines) =>
      index < lines.length - 1 && !/[,;:.!?…—]["'”’)]*$/.test(line) ? `${line}.` : line,
    )
    .join(' ')
}

function withSymbolsSaid(text: string, words: SpokenWords, language: string): string {
  const english = language.toLowerCase().startsWith('en')
  let spoken = withAddressesSaid(text, words)
  spoken = spoken.replace(/\b(\d{4})-(\d{2})-(\d{2})\b/g, (date) => dateInWords(date, language))
  spoken = abbreviationsOf(words)(spoken)
  if (words.hums) spoken = withHums(spoken, words.hums)
  spoken = spoken.replace(/\b(?:\p{Lu}\.){2,}/gu, (letters) => letters.replaceAll('.', ' ').trim())
  if (english) spoken = englishNumbers(spoken)
  spoken = withMoneySaid(spoken, words)
  spoken = spoken.replace(
    /\b([01]?\d|2[0-4]):([0-5]\d)(?!:?\d)(?:\s?([ap])\s?m\b)?/gi,
    (_, hours: string, minutes: string, half?: string) =>
      words.clock(Number(hours), minutes, half === undefined ? '' : `${half.toLowerCase()}m`),
  )
  spoken = spoken.replace(/\b(\d{1,2})\s?([ap])m\b/gi, (_, hours: string, half: string) =>
    words.clock(Number(hours), '00', `${half.toLowerCase()}m`),
  )
  spoken = spoken.replace(/(?<![\d-])(\d[\d.,]*)\s?[–-]\s?(\d[\d.,]*)(?![\d-])/g, `$1 ${words.to} $2`)
  spoken = withUnitsSaid(spoken, words)
  spoken = spoken
    .replace(/\b([Cc])#/g, english ? '$1 sharp' : '$1')
    .replace(/(?<=[\p{L}\p{N}])\s*[/]\s*(?=[\p{L}\p{N}])/gu, ' ')
  // A minus before a number; a plus glued to a word ("C++") counts as well.
  spoken = spoken.replace(/(^|[\s(=])[-−](?=\d)/g, `$1${minusOf(language)} `)
  spoken = spoken.replace(/(?<=\d)\s?[x*]\s?(?=\d)/g, ' × ')
  for (const [sign, said] of Object.entries(words.signs)) {
    const around = sign === '#' ? /#(?=\s?\d)/g : new RegExp(`\\${sign}`, 'g')
    spoken = spoken.replace(around, ` ${said} `)
  }
  return spoken
}

/** `https://www.example.com/a/b?c` is said as "example dot com slash a slash b"; the query is left out. */
function withAddressesSaid(text: string, words: SpokenWords): string {
  const dots = (name: string) => name.replaceAll('.', ` ${words.dot} `).replace(/[-_]/g, ' ')
  return text
    .replace(/\b[\w.+-]+@[\w-]+(\.[\w-]+)+\b/g, (address) => {
      const [user = '', host = ''] = address.split('@')
      return `${dots(user)} ${words.at} ${dots(host)}`
    })
    .replace(/\b(?:https?:\/\/|www\.)[^\s<>()]+/gi, (address) => {
      const trailing = /[.,;:!?]+$/.exec(address)?.[0] ?? ''
      const [place = ''] = address.slice(0, address.length - trailing.length).split(/[?#]/)
      const [host = '', ...path] = place
        .replace(/^https?:\/\//i, '')
        .replace(/^www\./i, '')
        .split('/')
      const said = [host, ...path.filter((part) => /^[a-z.-]{1,20}$/i.test(part))].map(dots)
      return said.join(` ${words.slash} `) + trailing
    })
}

function dateInWords(date: string, language: string): string {
  const day = new Date(`${date}T00:00:00Z`)
  if (Number.isNaN(day.getTime())) return date.replaceAll('-', ' ')
  return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(day)
}

const abbreviationReplacers = new WeakMap<SpokenWords, (text: string) => string>()

function abbreviationsOf(words: SpokenWords): (text: string) => string {
  const known = abbreviationReplacers.get(words)
  if (known !== undefined) return known
  const written = Object.keys(words.abbreviations).sort((a, b) => b.length - a.length)
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}.])(${written.map((short) => short.replace(/[.]/g, '\\.')).join('|')})(?![\\p{L}\\p{N}])`,
    'gu',
  )
  // "etc." and "p.m." may also end the sentence: then the mark is kept.
  const replace = (text: string) =>
    text.replace(pattern, (short, _group, at: number) => {
      const after = text.slice(at + short.length)
      const full = words.abbreviations[short] ?? short
      if (short === 'No.' && !/^\s?\d/.test(after)) return short
      return /^(etc|ecc|a\. ?m|p\. ?m)/.test(short) && /^\s*($|\n|\s\p{Lu})/u.test(after) ? `${full}.` : full
    })
  abbreviationReplacers.set(words, replace)
  return replace
}

/** eSpeak spells hums letter by letter ("em, aitch, em"); behind a number "mm" is a unit, and capitals are letters. */
function withHums(text: string, { one, agreeing }: NonNullable<SpokenWords['hums']>): string {
  return text.replace(
    /(?<![\p{L}\p{N}'.-]|\p{N} )[mMhH][mh]*(?:[- ][mh]+)*(?![\p{L}\p{N}'])/gu,
    (letters) => {
      const hum = letters.toLowerCase()
      if (/^m+[- ]?h+[- ]?m+$/.test(hum)) return agreeing
      return /^(?:m{2,}|h+m+)$/.test(hum) ? one : letters
    },
  )
}

/** eSpeak spells these wrongly: decades ("1990 z"), simple fractions, years as "nineteen hundred …". */
function englishNumbers(text: string): string {
  return text
    .replace(/\b(1[1-9]|20)(\d0)['’]?s\b/g, (decade, century: string, tens: string) =>
      tens === '00' ? decade.replace(/['’]?s$/, ' s') : `${century} ${DECADES[tens] ?? tens}`,
    )
    .replace(/\b(1[1-9])([1-9]\d)\b(?![.,]?\d|\s?[%€$£])/g, '$1 $2')
    .replace(/\b1\/2\b|½/g, 'one half')
    .replace(/\b1\/3\b|⅓/g, 'one third')
    .replace(/\b1\/4\b|¼/g, 'one quarter')
    .replace(/\b3\/4\b|¾/g, 'three quarters')
    .replace(/\b2\/3\b|⅔/g, 'two thirds')
}

const DECADES: Readonly<Record<string, string>> = {
  '10': 'tens',
  '20': 'twenties',
  '30': 'thirties',
  '40': 'forties',
  '50': 'fifties',
  '60': 'sixties',
  '70': 'seventies',
  '80': 'eighties',
  '90': 'nineties',
}

const SCALES = 'thousand|million|billion|mil|millones|millions|milioni|milhões'

/** "$12.50", "12,50 €" and "€1 million"; two decimals are cents. */
function withMoneySaid(text: string, words: SpokenWords): string {
  let spoken = text
  for (const sign of Object.keys(words.currencies).sort((a, b) => b.length - a.length)) {
    const escaped = sign.replace('$', '\\$')
    const amount = `(\\d+(?:[.,]\\d+)*)(?:\\s(${SCALES}))?`
    const said = (_: string, number: string, scale?: string) => {
      const [one, many, hundredths] = words.currencies[sign]!
      if (scale !== undefined) return `${number} ${scale} ${many}`
      const [, whole = number, cents = '00'] = /^(.+)[.,](\d{2})$/.exec(number) ?? []
      const amountSaid = `${whole} ${whole === '1' ? one : many}`
      return cents === '00' ? amountSaid : `${amountSaid} ${words.and} ${Number(cents)} ${hundredths}`
    }
    spoken = spoken
      .replace(new RegExp(`${escaped}\\s?${amount}`, 'g'), said)
      .replace(new RegExp(`(?<![\\d.,])${amount}\\s?${escaped}`, 'g'), said)
  }
  return spoken
}

function withUnitsSaid(text: string, words: SpokenWords): string {
  const written = Object.keys(words.units).sort((a, b) => b.length - a.length)
  const pattern = new RegExp(`(\\d[\\d.,]*)\\s?(${written.join('|')})(?![\\p{L}\\p{N}/])`, 'gu')
  return text.replace(pattern, (_, amount: string, unit: string) => {
    const [one, many] = words.units[unit]!
    return `${amount} ${amount === '1' ? one : many}`
  })
}

function minusOf(language: string): string {
  const primary = language.toLowerCase().slice(0, 2)
  return { es: 'menos', fr: 'moins', it: 'meno', pt: 'menos' }[primary] ?? 'minus'
}
