/**
 * Which language typed words are in, told by the sequences of their letters: the voice that answers has only the words to go by
 * where nobody spoke and nobody named a language.
 */

/** The rest of a long text tells no more; a call takes 0.2 ms. */
const READ_CHARACTERS = 500

/**
 * Takes a second and 100 MB: only for voices that speak more languages than one. The result is a primary subtag (`en`, `es`), or
 * undefined where the words are too few to tell.
 */
export async function loadTextLanguage(): Promise<(text: string) => string | undefined> {
  const { eld } = await import('eld/extrasmall')
  return (text) => {
    const found = eld.detect(text.slice(0, READ_CHARACTERS))
    return found.isReliable() ? found.language : undefined
  }
}
