/**
 * Who reads standard output or error may go away (`| head`): Node tells it by an error, and a command that must clean up by this. The
 * signal itself is left alone: a process that listens for SIGPIPE gets it for every client that hangs up, too.
 */

/** As of a program that died of the signal. */
export const BROKEN_PIPE_STATUS = 141

const listeners = new Set<() => void>()
let told = false

/** Returns what takes the listener away again. */
export function onBrokenPipe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** To be called once, at the start. Where nobody listens the process ends at once. */
export function watchForBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
      if (told) return
      told = true
      if (listeners.size === 0) process.exit(BROKEN_PIPE_STATUS)
      for (const listener of listeners) listener()
    })
  }
}
