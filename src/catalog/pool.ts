/** Runs work side by side, a few at a time. Knows nothing of downloads. */

/**
 * Calls `work` for every item, at most `width` at once. The first rejection aborts the signal that the others got;
 * all of them are awaited before it is thrown.
 */
export async function runPool<T>(
  items: readonly T[],
  width: number,
  signal: AbortSignal,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failure = new AbortController()
  const linked = AbortSignal.any([signal, failure.signal])
  const queue = [...items]
  let firstError: { readonly error: unknown } | undefined
  const lane = async () => {
    for (let item = queue.shift(); item !== undefined && !linked.aborted; item = queue.shift()) {
      try {
        await work(item, linked)
      } catch (error) {
        firstError ??= { error }
        failure.abort(error)
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane))
  signal.throwIfAborted()
  if (firstError) throw firstError.error
}

/** At most `width` holders at once; the rest wait in order. */
export function createLimiter(width: number): <R>(work: () => Promise<R>) => Promise<R> {
  let running = 0
  const waiting: (() => void)[] = []
  return async (work) => {
    if (running >= width) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    try {
      return await work()
    } finally {
      // The place passes on directly, so that nobody can slip in between.
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
