/**
 * Remembers clauses that were spoken lately, since openers such as "Sure," come back all the time. In memory only;
 * bounded by seconds of audio; the least recently used go first. It wraps any synthesizer and knows none.
 */
import { SPEECH_OUTPUT_HZ, type Synthesizer } from '../engine/index.js'

export interface ClauseCacheOptions {
  /** Audio kept, in seconds: one second is 96 kB. 0 keeps nothing. */
  readonly maxSeconds: number
}

/** A clause longer than this is hardly ever said twice. */
const MAX_CLAUSE_SECONDS = 5

/**
 * Only clauses that were spoken to their end are kept. The arrays handed out are the cache's own for repeated
 * clauses: callers must not write into them.
 */
export function withClauseCache<T extends Synthesizer>(synthesizer: T, options: ClauseCacheOptions): T {
  const maxSamples = options.maxSeconds * SPEECH_OUTPUT_HZ
  const clauses = new Map<string, readonly Float32Array[]>()
  let keptSamples = 0

  function keep(key: string, pieces: readonly Float32Array[]): void {
    const samples = lengthOf(pieces)
    if (samples === 0 || samples > Math.min(maxSamples, MAX_CLAUSE_SECONDS * SPEECH_OUTPUT_HZ)) return
    drop(key)
    clauses.set(key, pieces)
    keptSamples += samples
    for (const oldest of clauses.keys()) {
      if (keptSamples <= maxSamples) break
      drop(oldest)
    }
  }

  function drop(key: string): void {
    keptSamples -= lengthOf(clauses.get(key) ?? [])
    clauses.delete(key)
  }

  return {
    ...synthesizer,
    async *speak(text, voice, signal) {
      signal.throwIfAborted()
      const key = JSON.stringify([
        synthesizer.info.id,
        voice.name?.toLowerCase() ?? '',
        voice.language?.toLowerCase() ?? '',
        voice.speed ?? 1,
        voice.pitchSemitones ?? 0,
        voice.gainDb ?? 0,
        text.trim(),
      ])
      const known = clauses.get(key)
      if (known !== undefined) {
        clauses.delete(key)
        clauses.set(key, known)
        for (const piece of known) {
          signal.throwIfAborted()
          yield piece
        }
        return
      }
      const pieces: Float32Array[] = []
      for await (const piece of synthesizer.speak(text, voice, signal)) {
        pieces.push(piece)
        yield piece
      }
      if (!signal.aborted) keep(key, pieces)
    },
  } satisfies Synthesizer as T
}

function lengthOf(pieces: readonly Float32Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0)
}
