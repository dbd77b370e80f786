/**
 * Mandarin as Kokoro was taught to read it: characters to pinyin with their tones (pinyin-pro, MIT), pinyin to the letters of its alphabet. Words are those that Node's own
 * dictionary sees. Pure text; it knows no model. Nobody who speaks Mandarin has listened to it.
 */
import type { PhonemeSegment } from '../espeak.js'

/** Initial consonants; the longer first. */
const INITIALS: readonly (readonly [pinyin: string, written: string])[] = [
  ['zh', 'ꭧ'],
  ['ch', 'ꭧʰ'],
  ['sh', 'ʂ'],
  ['b', 'p'],
  ['p', 'pʰ'],
  ['m', 'm'],
  ['f', 'f'],
  ['d', 't'],
  ['t', 'tʰ'],
  ['n', 'n'],
  ['l', 'l'],
  ['g', 'k'],
  ['k', 'kʰ'],
  ['h', 'x'],
  ['j', 'ʨ'],
  ['q', 'ʨʰ'],
  ['x', 'ɕ'],
  ['r', 'ɻ'],
  ['z', 'ʦ'],
  ['c', 'ʦʰ'],
  ['s', 's'],
]

/** `0` stands where the tone is written. */
const FINALS: Readonly<Record<string, string>> = {
  a: 'a0',
  ai: 'ai0',
  an: 'a0n',
  ang: 'a0ŋ',
  ao: 'au0',
  e: 'ɤ0',
  ei: 'ei0',
  en: 'ə0n',
  eng: 'ə0ŋ',
  er: 'aɚ0',
  i: 'i0',
  ia: 'ja0',
  ian: 'jɛ0n',
  iang: 'ja0ŋ',
  iao: 'jau0',
  ie: 'je0',
  in: 'i0n',
  ing: 'i0ŋ',
  iong: 'jʊ0ŋ',
  iu: 'jou0',
  o: 'wo0',
  ong: 'ʊ0ŋ',
  ou: 'ou0',
  u: 'u0',
  ua: 'wa0',
  uai: 'wai0',
  uan: 'wa0n',
  uang: 'wa0ŋ',
  ueng: 'wə0ŋ',
  ui: 'wei0',
  un: 'wə0n',
  uo: 'wo0',
  ü: 'y0',
  üan: 'ɥɛ0n',
  üe: 'ɥe0',
  ün: 'y0n',
}
/** Neutral, then the four. */
const TONES = ['', '→', '↗', '↓', '↘'] as const
const MARKS: Readonly<Record<string, string>> = {
  '，': ',',
  '、': ',',
  '；': ';',
  '：': ':',
  '。': '.',
  '！': '!',
  '？': '?',
  '…': '…',
  '—': '—',
}

type Read = (word: string, options: { type: 'array'; toneType: 'num'; nonZh: 'removed' }) => string[]

export interface Mandarin {
  /** `latin`: how words in Latin letters are said. */
  segments(text: string, latin: (word: string) => readonly string[]): PhonemeSegment[]
}

/** The dictionary is read when Mandarin is first spoken: 1 MB. */
export async function loadMandarin(): Promise<Mandarin> {
  const { pinyin } = await import('pinyin-pro')
  return { segments: (text, latin) => mandarinSegments(pinyin, text, latin) }
}

/** Third tones in a row stay as they are written: so the model was taught. */
function mandarinSegments(
  pinyin: Read,
  text: string,
  latin: (word: string) => readonly string[],
): PhonemeSegment[] {
  const segments: PhonemeSegment[] = []
  let words: (readonly string[])[] = []
  const close = (mark: string) => {
    if (words.length > 0) segments.push({ words, mark })
    words = []
  }
  for (const { segment } of new Intl.Segmenter('zh', { granularity: 'word' }).segment(withNumerals(text))) {
    const mark = MARKS[segment] ?? (/^[,;:.!?]$/.test(segment) ? segment : undefined)
    if (mark !== undefined) close(mark)
    else if (/\p{Script=Han}/u.test(segment))
      words.push(pinyin(segment, { type: 'array', toneType: 'num', nonZh: 'removed' }).map(readSyllable))
    else if (/\p{L}/u.test(segment)) words.push(latin(segment))
  }
  close('')
  return segments
}

/** "hao3" → "xau↓". What is no syllable of pinyin is left out. */
export function readSyllable(syllable: string): string {
  const [, letters = '', digit = '0'] = /^([a-zü]+)([0-5])?$/.exec(syllable.toLowerCase()) ?? []
  const tone = TONES[Number(digit) % 5] ?? ''
  const [first, written] = INITIALS.find(([initial]) => letters.startsWith(initial)) ?? ['', '']
  const final = finalOf(first, letters.slice(first.length))
  // After these an "i" is the consonant held on.
  if (/^(?:zh|ch|sh|r|z|c|s)$/.test(first) && final === 'i') return `${written}ɨ${tone}`
  const vowels = FINALS[final]
  return vowels === undefined ? '' : written + vowels.replace('0', tone)
}

/** As it is spelt behind no consonant, and where pinyin leaves the dots of "ü" out. */
function finalOf(initial: string, rest: string): string {
  if (/^[jqx]$/.test(initial) && rest.startsWith('u')) return `ü${rest.slice(1)}`
  if (initial !== '') return rest
  if (rest.startsWith('yu')) return `ü${rest.slice(2)}`
  if (rest === 'you') return 'iu'
  if (rest === 'wei') return 'ui'
  if (rest === 'wen') return 'un'
  if (rest === 'yong') return 'iong'
  if (rest.startsWith('yi')) return rest.slice(1)
  if (rest.startsWith('y')) return `i${rest.slice(1)}`
  if (rest === 'wu') return 'u'
  if (rest.startsWith('w')) return `u${rest.slice(1)}`
  return rest
}

const DIGITS = [...'零一二三四五六七八九']
const PLACES = ['', '十', '百', '千']

/** Numbers in figures are read as a quantity; long ones digit by digit. */
function withNumerals(text: string): string {
  return text.replace(/(\d+)(?:\.(\d+))?(%)?/g, (_, whole: string, part: string | undefined, percent) => {
    const said = whole.length > 8 ? spelt(whole) : numeral(Number(whole))
    return `${percent ? '百分之' : ''}${said}${part === undefined ? '' : `点${spelt(part)}`}`
  })
}

const spelt = (digits: string) => [...digits].map((digit) => DIGITS[Number(digit)]).join('')

function numeral(value: number): string {
  if (value >= 10_000) {
    const rest = value % 10_000
    const gap = rest > 0 && rest < 1_000 ? '零' : ''
    return `${numeral(Math.floor(value / 10_000))}万${rest === 0 ? '' : gap + numeral(rest)}`
  }
  let said = ''
  for (const [index, digit] of [...String(value)].entries()) {
    const place = PLACES[String(value).length - 1 - index]!
    if (digit !== '0') said += DIGITS[Number(digit)]! + place
    else if (!said.endsWith('零')) said += '零'
  }
  const short = said.length > 1 ? said.replace(/零+$/, '') : said
  return short.replace(/^一十/, '十')
}
