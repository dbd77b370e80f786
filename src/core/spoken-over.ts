/**
 * What somebody says while the model speaks: something of their own, a sign of listening ("mm-hm"), nothing but noise, or the model's own
 * words out of a loudspeaker. Pure text, English and Spanish; it knows neither sessions nor time.
 */

export type Verdict = 'words' | 'backchannel' | 'noise' | 'echo'

export interface SpokenOver {
  /** What the model was heard to say lately. */
  readonly played: string
  /** The model has just asked something: "yes" is an answer then. */
  readonly wasAsked: boolean
}

/** Signs of listening, each of one or more words. */
const BACKCHANNELS = new Set(
  (
    'yeah|yes|yep|yup|ok|okay|right|alright|all right|sure|i see|got it|uh huh|mm|mhm|mm hm|mm hmm|hmm|hm|ah|oh|aha|wow|cool|nice|great|' +
    'exactly|indeed|really|thank you|thanks|good|fine|of course|go on|true|' +
    'sí|si|ajá|aja|vale|claro|ya|bien|bueno|muy bien|entiendo|ya veo|eso|exacto|gracias|perfecto|de acuerdo|venga|anda|ah sí'
  ).split('|'),
)
/** The sounds that recognisers spell in many ways: mm, mhm, hmm, uh-huh, aha, oh. */
const HUM = /^(?:m+|h+m+|m+h+m*|u+h+|h+u+h+|a+h+(?:a+h*)?|o+h+|e+h+|a+j+á|[oau]h)$/
/** A longer one says something of its own. */
const LONGEST_BACKCHANNEL = 4
/** Share of what was heard that the model itself said, from which it is its echo. */
const ECHO_SHARE = 0.6

export function judgeSpeech(text: string, { played, wasAsked }: SpokenOver): Verdict {
  const words = wordsOf(text)
  if (words.length === 0) return 'noise'
  if (isEcho(words, wordsOf(played))) return 'echo'
  return isBackchannel(words) && !wasAsked ? 'backchannel' : 'words'
}

export const countWords = (text: string): number => wordsOf(text).length

function wordsOf(text: string): string[] {
  return (
    text
      .toLowerCase()
      .replaceAll('’', "'")
      .match(/[\p{L}\p{N}']+/gu) ?? []
  )
}

/** Every word belongs to some sign of listening: "yeah, okay", "uh-huh, I see". */
function isBackchannel(words: readonly string[]): boolean {
  if (words.length > LONGEST_BACKCHANNEL) return false
  for (let first = 0; first < words.length; ) {
    const length = [3, 2, 1].find((count) => BACKCHANNELS.has(words.slice(first, first + count).join(' ')))
    const taken = length ?? (HUM.test(words[first] ?? '') ? 1 : 0)
    if (taken === 0) return false
    first += taken
  }
  return true
}

/** Enough of the words come in what was played, in that order. A single one could be anybody's. */
function isEcho(heard: readonly string[], played: readonly string[]): boolean {
  if (heard.length < 2) return false
  return commonInOrder(heard, played) / heard.length >= ECHO_SHARE
}

/** Length of the longest common subsequence. */
function commonInOrder(one: readonly string[], other: readonly string[]): number {
  let row = new Array<number>(other.length + 1).fill(0)
  for (const word of one) {
    const next = [0]
    for (let index = 0; index < other.length; index++) {
      const same = sounds(word, other[index] ?? '')
      next.push(same ? (row[index] ?? 0) + 1 : Math.max(row[index + 1] ?? 0, next[index] ?? 0))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** Equal, or begun alike: an echo is recognised worse than speech, and its last word is often cut off. */
function sounds(heard: string, said: string): boolean {
  if (heard === said) return true
  const length = Math.min(heard.length, said.length)
  return length >= 4 && heard.slice(0, length - 1) === said.slice(0, length - 1)
}
