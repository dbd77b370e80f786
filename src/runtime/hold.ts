/** Holds back the output of work that may turn out not to be wanted, until it is released or aborted. */
export interface Hold {
  readonly held: boolean
  /** Resolves in the tick of the release; rejects with the signal's reason. */
  readonly released: Promise<void>
  release(): void
}

/** `held` false = released from the start. */
export function createHold(held: boolean, signal: AbortSignal): Hold {
  let holds = held
  let open = () => {}
  const released = held
    ? new Promise<void>((resolve, reject) => {
        open = resolve
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
    : Promise.resolve()
  // Nobody may be waiting yet when it is aborted.
  released.catch(() => {})
  return {
    get held() {
      return holds
    },
    released,
    release() {
      holds = false
      open()
    },
  }
}
