/**
 * A gate on the way out: while it is held nothing passes. Output of work that may turn out not to be wanted waits at it, and output that
 * the user may be about to interrupt.
 */
export interface Hold {
  readonly held: boolean
  /** Resolves at once, or in the tick of the release; rejects with the signal's reason. */
  passed(): Promise<void>
  hold(): void
  release(): void
}

export function createHold(held: boolean, signal: AbortSignal): Hold {
  let holds = held
  let open = () => {}
  let released: Promise<void> = Promise.resolve()

  function hold(): void {
    holds = true
    released = new Promise<void>((resolve, reject) => {
      open = resolve
      if (signal.aborted) reject(signal.reason)
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    // Nobody may be waiting yet when it is aborted.
    released.catch(() => {})
  }
  if (held) hold()

  return {
    get held() {
      return holds
    },
    passed: () => released,
    hold() {
      if (!holds) hold()
    },
    release() {
      holds = false
      open()
    },
  }
}
