/** Ends a stream of text before the first of some sequences, which may be spread over several pieces. */

export interface StopFilter {
  /** The part of `text`, and of what was held back, that can be passed on now. */
  take(text: string): string
  /** What was held back when the stream ended by itself. */
  rest(): string
  readonly stopped: boolean
}

export function createStopFilter(sequences: readonly string[]): StopFilter {
  const longest = Math.max(...sequences.map((sequence) => sequence.length))
  let held = ''
  let stopped = false
  return {
    get stopped() {
      return stopped
    },
    take(text) {
      if (stopped) return ''
      held += text
      const found = sequences.map((sequence) => held.indexOf(sequence)).filter((at) => at >= 0)
      if (found.length > 0) {
        stopped = true
        const before = held.slice(0, Math.min(...found))
        held = ''
        return before
      }
      // The tail may be the beginning of a sequence.
      let keep = Math.min(held.length, longest - 1)
      while (keep > 0 && !sequences.some((sequence) => sequence.startsWith(held.slice(-keep)))) keep--
      const passed = held.slice(0, held.length - keep)
      held = held.slice(held.length - keep)
      return passed
    },
    rest() {
      const rest = stopped ? '' : held
      held = ''
      return rest
    },
  }
}
