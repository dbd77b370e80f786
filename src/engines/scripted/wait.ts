/** Waiting in scripted engines: time comes from whoever runs them, so that tests and replays decide how it passes. */

export interface ScriptedClock {
  /** Milliseconds, monotonic. */
  now(): number
  /** Resolves after `ms`; rejects with the signal's reason when aborted first. */
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

/** Sleeps unless there is nothing to wait for. Throws the signal's reason when aborted before or meanwhile. */
export async function wait(clock: ScriptedClock, ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  if (ms <= 0) return
  await clock.sleep(ms, signal)
  signal.throwIfAborted()
}
