/**
 * Cuts phonemes into the pieces that a model speaks in one run: sentences, and where one is longer than the model
 * takes, its clauses, then its words. Knows no model's alphabet; the caller counts.
 */
import type { PhonemeSegment } from './espeak.js'

const SENTENCE_END = new Set(['.', '!', '?', '…'])

/**
 * `lengthOf` gives a word's length in the model's tokens; one more is counted per word for the space or mark after
 * it. No piece is longer than `maxTokens`, except a single word that is.
 */
export function spokenPieces(
  segments: readonly PhonemeSegment[],
  maxTokens: number,
  lengthOf: (word: readonly string[]) => number,
): PhonemeSegment[][] {
  const lengthOfSegment = (segment: PhonemeSegment) =>
    segment.words.reduce((sum, word) => sum + lengthOf(word) + 1, segment.mark === '' ? 0 : 1)
  const pieces: PhonemeSegment[][] = []
  let piece: PhonemeSegment[] = []
  let pieceTokens = 0
  const close = () => {
    if (piece.length > 0) pieces.push(piece)
    piece = []
    pieceTokens = 0
  }
  for (const segment of segments.flatMap((whole) => cutAtWords(whole, maxTokens, lengthOf))) {
    const tokens = lengthOfSegment(segment)
    if (pieceTokens + tokens > maxTokens) close()
    piece.push(segment)
    pieceTokens += tokens
    if (SENTENCE_END.has(segment.mark)) close()
  }
  close()
  return pieces
}

function cutAtWords(
  segment: PhonemeSegment,
  maxTokens: number,
  lengthOf: (word: readonly string[]) => number,
): PhonemeSegment[] {
  const parts: (readonly string[])[][] = [[]]
  let tokens = 1
  for (const word of segment.words) {
    const length = lengthOf(word) + 1
    if (tokens + length > maxTokens && parts.at(-1)!.length > 0) {
      parts.push([])
      tokens = 1
    }
    parts.at(-1)!.push(word)
    tokens += length
  }
  return parts.map((words, index) => ({ words, mark: index === parts.length - 1 ? segment.mark : '' }))
}
