/**
 * Which client messages the state of a session holds. Text counts the moment it comes; audio, and the marks between it, only when
 * nothing that is said later can reach back to it.
 */
export interface ConsumedMessages {
  /** A message came in. `audioEndMs` is where the audio ends with it; absent = it is text. */
  note(audioEndMs?: number): void
  /** Index of the last message that is held whole, `setup` being 0. `settledMs`: audio before this is done with. */
  index(settledMs: number): number
}

export function createConsumedMessages(): ConsumedMessages {
  let received = 0
  let consumed = 0
  const audio: { readonly index: number; readonly endMs: number }[] = []

  return {
    note(audioEndMs) {
      received++
      if (audioEndMs === undefined) consumed = received
      else audio.push({ index: received, endMs: audioEndMs })
    },
    index(settledMs) {
      for (let next = audio[0]; next && next.endMs <= settledMs; next = audio[0]) {
        audio.shift()
        consumed = Math.max(consumed, next.index)
      }
      return consumed
    },
  }
}
