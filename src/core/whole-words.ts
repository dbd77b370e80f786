/** Words of a sentence, lower case, none of them a part of a longer one. Each of the `alternatives` is a pattern of its own. */

/** Anywhere in it. */
export const any = (...alternatives: readonly string[]) =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${alternatives.join('|')})(?![\\p{L}\\p{N}])`, 'u')

/** At its beginning. */
export const first = (...alternatives: readonly string[]) =>
  new RegExp(`^(?:${alternatives.join('|')})(?![\\p{L}\\p{N}])`, 'u')

/** Recognisers forget accents, and so do people. */
export const withoutAccents = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '')
