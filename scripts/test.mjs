/**
 * `npm test`: installs what is missing, builds, then runs every test that needs no weights. Arguments go to vitest. With
 * VIVAVOCE_TEST_REPORT set, vitest's JSON report is kept there.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildIfNeeded, installIfNeeded, requireNode, root } from './tree.mjs'

requireNode()
installIfNeeded()
// Programs under test start from dist/: much faster than from their sources, and it is what users run.
buildIfNeeded()

const scratch = mkdtempSync(join(tmpdir(), 'vivavoce-test-'))
const report = process.env.VIVAVOCE_TEST_REPORT ?? join(scratch, 'report.json')
rmSync(report, { force: true })
const vitest = spawn(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    ...['--project', 'unit', '--project', 'sdk'],
    ...['--reporter', 'default', '--reporter', 'json', `--outputFile.json=${report}`],
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit', env: { ...process.env, VIVAVOCE_TEST_MAIN: 'dist/cli/main.js' } },
)
// The terminal sends ^C to vitest as well; it ends by itself and we with it.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => vitest.kill('SIGTERM'))
vitest.on('exit', (code, signal) => {
  if (existsSync(report)) printSummary(JSON.parse(readFileSync(report, 'utf8')))
  rmSync(scratch, { recursive: true, force: true })
  process.exitCode = code ?? (signal ? 1 : 0)
})

function printSummary(result) {
  const left = result.numPendingTests + result.numTodoTests
  const skipped = left > 0 ? `, ${left} skipped` : ''
  console.log(`${result.numPassedTests} passed, ${result.numFailedTests} failed${skipped}`)
}
