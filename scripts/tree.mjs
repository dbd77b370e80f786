/**
 * Keeps a checkout ready to run: dependencies as package-lock.json says, dist/ as src/ says. Plain JavaScript on
 * Node's built-ins alone, since it runs before anything is installed. Quiet unless something fails.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))
const INSTALL_STAMP = join(root, 'node_modules/.vivavoce-lock')
const BUILD_STAMP = join(root, 'dist/.vivavoce-sources')

/** Ends the process with a clear message where Node is older than package.json asks for. */
export function requireNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.replace('>=', '')
  const [major, minor] = process.versions.node.split('.').map(Number)
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number)
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return
  fail(
    `Viva Voce needs Node.js ${wanted} or newer; this is ${process.versions.node}. ` +
      'Install a current one from https://nodejs.org or with your version manager (nvm install 22).',
  )
}

/** Installs the dependencies unless node_modules is what the lock file says. */
export function installIfNeeded() {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8')
  const wanted = createHash('sha256').update(lock).digest('hex')
  if (existsSync(INSTALL_STAMP) && readFileSync(INSTALL_STAMP, 'utf8') === wanted) return
  if (!isInstalled(lock)) {
    console.error('Installing dependencies …')
    // No package needs its install script; without them nothing is downloaded but the packages.
    const options = ['ci', '--include=dev', '--ignore-scripts', '--loglevel=error', '--no-audit', '--no-fund']
    runQuietly(...npmCommand(), options, {
      what: 'installing the dependencies',
      cure: 'Check the network and the registry (npm ping), then start again.',
    })
  }
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(INSTALL_STAMP, wanted)
}

/** Builds dist/ unless it was built from the sources as they are now. */
export function buildIfNeeded() {
  if (existsSync(BUILD_STAMP) && readFileSync(BUILD_STAMP, 'utf8') === sourcesHash()) return
  console.error('Building …')
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  const cure = 'If you did not change the sources, delete node_modules and start again.'
  const step = (what, script, ...options) =>
    runQuietly(process.execPath, [], [join(root, script), ...options], { what, cure })
  step('building', 'node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json')
  const studio = ['build', 'studio', '--config', 'studio/vite.config.js']
  step('building the Studio', 'node_modules/vite/bin/vite.js', ...studio)
  step('copying assets', 'scripts/copy-assets.mjs')
}

/** Notes what dist/ was built from; the last step of every build. */
export function markBuilt() {
  writeFileSync(BUILD_STAMP, sourcesHash())
}

/** Every file of src/ that the product is built from, relative to the root, sorted. */
export function sourceFiles() {
  return filesOf('src').filter((path) => !path.startsWith('src/testing/'))
}

/** Files of a folder, tests left out, relative to the root, sorted. */
function filesOf(folder) {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
}

function sourcesHash() {
  const hash = createHash('sha256')
  const studio = filesOf('studio').filter((path) => !path.includes('node_modules/'))
  for (const path of [
    ...sourceFiles(),
    ...studio,
    'tsconfig.json',
    'tsconfig.build.json',
    'package-lock.json',
  ]) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(join(root, path)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** Whether npm's own record of what it installed agrees with the lock file (someone ran `npm install` themselves). */
function isInstalled(lock) {
  const record = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(record)) return false
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, wanted]) =>
      path === '' ||
      (path in installed ? installed[path].version === wanted.version : wanted.optional === true),
  )
}

/** The npm that runs us, else the one on the path; on Windows that one is a script, which needs a shell. */
function npmCommand() {
  const own = process.env.npm_execpath
  return own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []]
}

function runQuietly(command, prefix, options, { what, cure }) {
  const result = spawnSync(command, [...prefix, ...options], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    shell: process.platform === 'win32' && command === 'npm',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  if (result.status === 0) return
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`)
  const reason =
    result.error?.message ?? (result.signal ? `ended by ${result.signal}` : `exit code ${result.status}`)
  fail(`Viva Voce: ${what} failed (${reason}). ${cure}`)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
