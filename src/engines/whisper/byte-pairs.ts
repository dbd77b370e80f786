/** Text as tokens of a byte-level vocabulary: words are parted as GPT-2 parts them, then the pair that was learned first is joined until none is left. Pure. */

/** Contractions, words, numbers, marks, each with the space before it. */
const PIECES = /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+/gu

export interface BytePairs {
  readonly ids: ReadonlyMap<string, number>
  /** Two pieces with a space between them → how early they were learned. */
  readonly ranks: ReadonlyMap<string, number>
  /** The letter that a byte is written as. */
  readonly letterOf: (byte: number) => string
}

export function encodeText(text: string, { ids, ranks, letterOf }: BytePairs): number[] {
  return (text.match(PIECES) ?? []).flatMap((piece) => {
    let parts = [...new TextEncoder().encode(piece)].map(letterOf)
    for (let at = earliest(parts, ranks); at >= 0; at = earliest(parts, ranks))
      parts = [...parts.slice(0, at), `${parts[at]}${parts[at + 1]}`, ...parts.slice(at + 2)]
    return parts.flatMap((part) => ids.get(part) ?? [])
  })
}

function earliest(parts: readonly string[], ranks: ReadonlyMap<string, number>): number {
  let best = Number.POSITIVE_INFINITY
  let at = -1
  for (let index = 0; index + 1 < parts.length; index++) {
    const rank = ranks.get(`${parts[index]} ${parts[index + 1]}`) ?? best
    if (rank < best) {
      best = rank
      at = index
    }
  }
  return at
}
