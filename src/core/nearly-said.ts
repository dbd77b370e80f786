/**
 * Signs of listening as they come back when they are misheard: the same sounds in other letters ("Bale" for "vale", "cabien" for "qué bien"),
 * or a letter besides ("Kenial" for "genial"). English and Spanish. Pure text; it knows neither what the model says nor how sure the recogniser was.
 */
import { distance } from 'fastest-levenshtein'

/**
 * What it sounds like, roughly, as letters: no accents, silent letters, spaces; b, v and w, c and k, y and i are one. Spanish spelling as it is spoken, and
 * English spelled badly, which does not matter as long as both sides are.
 */
export function soundOf(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '')
    .replaceAll('ph', 'f')
    .replace(/qu(?=[ei])/g, 'k')
    .replace(/gu(?=[ei])/g, 'g')
    .replace(/c(?=[eiy])/g, 's')
    .replace(/z/g, 's')
    .replace(/ck|[cq]/g, 'k')
    .replace(/[vw]/g, 'b')
    .replace(/(?<![cst])h/g, '')
    .replace(/ll|y/g, 'i')
    .replace(/(.)\1+/g, '$1')
}

export interface Sayings {
  /** What it sounds like but for a letter or two: as short as that is, all of it must fit. */
  has(text: string, letters: 'all' | 'most'): boolean
}

/** Of so many letters one may be another. */
const LETTERS_EACH = 4

export function sayings(list: Iterable<string>): Sayings {
  const sounds = [...new Set([...list].map(soundOf))]
  const exact = new Set(sounds)
  return {
    has(text, letters) {
      const sound = soundOf(text)
      if (sound === '') return false
      if (exact.has(sound)) return true
      if (letters === 'all') return false
      return sounds.some((other) => {
        const most = spared(Math.min(sound.length, other.length), LETTERS_EACH)
        return Math.abs(sound.length - other.length) <= most && distance(sound, other) <= most
      })
    },
  }
}

/** A recogniser that repeats itself writes 200 letters, which take 20 ms. */
const LONGEST_ROW = 40

/** Whether a text sounds like one or more of the list, one behind the other, but for one of so many letters ("Asia Bali" for "ah, ya, vale"). */
export function rowsOf(list: Iterable<string>, lettersEach: number): (text: string) => boolean {
  const sounds = [...new Set([...list].map(soundOf))].filter((sound) => sound !== '')
  return (text) => {
    const sound = soundOf(text)
    if (sound.length > LONGEST_ROW) return false
    const most = spared(sound.length, lettersEach)
    /** Letters that are other in the likest row for so many of the first. */
    const others = [0, ...Array.from(sound, () => Number.POSITIVE_INFINITY)]
    for (let from = 0; from < sound.length; from++) {
      const left = most - others[from]!
      if (left < 0) continue
      for (const each of sounds) {
        const longest = Math.min(sound.length, from + each.length + left)
        for (let to = Math.max(from + 1, from + each.length - left); to <= longest; to++) {
          const wrong = others[from]! + distance(sound.slice(from, to), each)
          if (wrong < others[to]!) others[to] = wrong
        }
      }
    }
    return sound !== '' && others[sound.length]! <= most
  }
}

/** None of what is shorter. */
const spared = (letters: number, each: number): number => Math.min(2, Math.floor(letters / each))
