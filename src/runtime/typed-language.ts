/** The language of typed words, as the events that bring them tell it. */
import type { ContentTurn } from '../protocol/index.js'

/** Primary subtag; undefined where the words are too few to tell. */
export type IdentifyLanguage = (text: string) => string | undefined

/** Of several turns the user's last one counts. */
export function typedLanguage(
  typed: string | readonly ContentTurn[],
  identify: IdentifyLanguage = () => undefined,
): { readonly language?: string } {
  const language = identify(typeof typed === 'string' ? typed : lastWords(typed))
  return language === undefined ? {} : { language }
}

function lastWords(turns: readonly ContentTurn[]): string {
  for (const turn of turns.toReversed()) if (turn.role === 'user') return turn.text
  return ''
}
