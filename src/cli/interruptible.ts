/** Work that the user, or who reads its output, may end at any time: it is told by a signal and cleans up itself. */

import { BROKEN_PIPE_STATUS, onBrokenPipe } from './broken-pipe.js'

/** With the status of a program that ended so. A reader that goes away (`| head`) goes by the name of its signal. */
const STATUS = { SIGINT: 130, SIGTERM: 130, SIGHUP: 130, SIGPIPE: BROKEN_PIPE_STATUS } as const

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
  const undo = signals.map((each) => {
    const listener = () => {
      by ??= each
      onInterrupt?.()
      interruption.abort(new Error('interrupted'))
    }
    if (each === 'SIGPIPE') return onBrokenPipe(listener)
    process.once(each, listener)
    return () => process.off(each, listener)
  })
  try {
    await work(interruption.signal)
  } catch (error) {
    // Nobody reads it.
    if (by !== 'SIGPIPE') process.stderr.write(`${name}: ${(error as Error).message}\n`)
    process.exitCode = 1
  } finally {
    for (const each of undo) each()
    if (by !== undefined) process.exitCode = STATUS[by]
  }
}
