/**
 * How much a model prefers one of several continuations: walks the tokens they share and asks for scores only where they part.
 * Knows nothing of functions.
 */
import type { LlamaModel, Token } from './runtime-types.js'

/** Logits of the candidates after everything so far and `tokens`. */
export type Score = (tokens: readonly Token[], candidates: readonly Token[]) => Promise<readonly number[]>

export interface Choice<Name extends string> {
  readonly name: Name
  /** In logits, where they part: how far it is before the best of the `others`; Infinity without any. */
  readonly margin: number
}

/** The likeliest of `texts` after `start`, and its lead over `others`, of which none may begin with one of `texts`. */
export async function chooseText<Name extends string>(
  model: Pick<LlamaModel, 'tokenize'>,
  score: Score,
  start: readonly Token[],
  texts: readonly (readonly [name: Name, text: string])[],
  others: readonly string[],
): Promise<Choice<Name>> {
  let left = texts.map(([name, text]) => ({ name, tokens: model.tokenize(text, false) }))
  let rivals = others.map((text) => model.tokenize(text, false))
  let margin = Number.POSITIVE_INFINITY
  const path = [...start]
  for (let at = 0; left.length > 1 || rivals.length > 0; at++) {
    const own = unique(left.flatMap(({ tokens }) => tokens[at] ?? []))
    const candidates = unique([...own, ...rivals.flatMap((tokens) => tokens[at] ?? [])])
    if (own.length === 0) break
    const scores = candidates.length === 1 ? [0] : await score(path, candidates)
    const scoreOf = (token: Token | undefined) =>
      token === undefined
        ? Number.NEGATIVE_INFINITY
        : (scores[candidates.indexOf(token)] ?? Number.NEGATIVE_INFINITY)
    const best = own.reduce((top, token) => (scoreOf(token) > scoreOf(top) ? token : top))
    const parted = rivals.filter((tokens) => tokens[at] !== best)
    for (const tokens of parted) margin = Math.min(margin, scoreOf(best) - scoreOf(tokens[at]))
    rivals = rivals.filter((tokens) => tokens[at] === best)
    left = left.filter(({ tokens }) => tokens[at] === best)
    path.push(best)
  }
  return { name: left[0]!.name, margin }
}

function unique(tokens: readonly Token[]): Token[] {
  return [...new Set(tokens)]
}
