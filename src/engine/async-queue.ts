/** A queue with one consumer: values pushed from callbacks are read with `for await`. Unbounded: its producers bound it. */
export interface AsyncQueue<T> extends AsyncIterable<T> {
  push(value: T): void
  /** Iteration ends after what was pushed. Later pushes are dropped. */
  end(): void
  /** Iteration throws after what was pushed. */
  fail(error: unknown): void
}

export function createAsyncQueue<T>(): AsyncQueue<T> {
  const values: T[] = []
  let finish: { error?: unknown } | undefined
  let wake: (() => void) | undefined

  const notify = () => {
    const resume = wake
    wake = undefined
    resume?.()
  }

  async function* iterate(): AsyncGenerator<T> {
    for (;;) {
      while (values.length > 0) {
        yield values.shift() as T
      }
      if (finish) {
        if ('error' in finish) throw finish.error
        return
      }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }

  return {
    push(value) {
      if (finish) return
      values.push(value)
      notify()
    },
    end() {
      finish ??= {}
      notify()
    },
    fail(error) {
      finish ??= { error }
      notify()
    },
    [Symbol.asyncIterator]: iterate,
  }
}
