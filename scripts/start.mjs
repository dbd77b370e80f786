/**
 * `npm start`: makes the checkout ready, then serves. The command line runs in this very process, so that flags,
 * signals and the exit code are its own.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { buildIfNeeded, installIfNeeded, requireNode, root } from './tree.mjs'

requireNode()
installIfNeeded()
buildIfNeeded()
if (process.env.npm_lifecycle_event !== undefined) stopWithNpm()

const main = join(root, 'dist/cli/main.js')
process.argv = [process.execPath, main, 'serve', ...process.argv.slice(2)]
await import(pathToFileURL(main).href)

/**
 * A program that ends `npm start` reaches npm and the shell below it, which passes no signal on. So, when that shell
 * is gone and nobody told us to stop (^C in a terminal reaches everyone), tell ourselves.
 */
function stopWithNpm() {
  const shell = process.ppid
  let told = false
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      told = true
      // Until the server listens for it, the signal means what it always means.
      if (process.listenerCount(signal) === 1) process.exit(130)
    })
  }
  const watch = setInterval(() => {
    if (process.ppid === shell) return
    clearInterval(watch)
    if (!told) process.kill(process.pid, 'SIGTERM')
  }, 250)
  watch.unref()
}
