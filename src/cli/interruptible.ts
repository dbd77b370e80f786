/** Work that the user, or who reads its output, may end at any time: it is told by a signal and cleans up itself. */

/** With the status of a program that ended so. A reader that goes away (`| head`) is told by SIGPIPE: see main.ts. */
const STATUS = { SIGINT: 130, SIGTERM: 130, SIGHUP: 130, SIGPIPE: 141 } as const

export type Interruption = keyof typeof STATUS

export interface Interruptible {
  /** Before what went wrong. */
  readonly name: string
  readonly signals: readonly Interruption[]
  readonly onInterrupt?: () => void
}

/** What goes wrong is written to standard error and told by the exit status; a second signal of the same kind ends the process at once. */
export async function interruptible(
  { name, signals, onInterrupt }: Interruptible,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const interruption = new AbortController()
  let by: Interruption | undefined
  const listeners = signals.map((each) => {
    const listener = () => {
      by ??= each
      onInterrupt?.()
      interruption.abort(new Error('interrupted'))
    }
    process.once(each, listener)
    return [each, listener] as const
  })
  try {
    await work(interruption.signal)
  } catch (error) {
    // Nobody reads it.
    if (by !== 'SIGPIPE') process.stderr.write(`${name}: ${(error as Error).message}\n`)
    process.exitCode = 1
  } finally {
    for (const [each, listener] of listeners) process.off(each, listener)
    if (by !== undefined) process.exitCode = STATUS[by]
  }
}
