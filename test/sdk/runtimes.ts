/**
 * The languages that the suites need besides Node. One that is absent skips its suite with a printed reason, or fails
 * it where VIVAVOCE_REQUIRE_ALL is set.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './server.js'

export interface Runtime {
  readonly command: string
  readonly arguments: readonly string[]
}

/** Undefined after printing why; throws instead where everything is required. */
export function requireRuntime<T>(name: string, find: () => T): T | undefined {
  try {
    return find()
  } catch (error) {
    const reason = `${name}: ${(error as Error).message.trim().split('\n').slice(0, 3).join(' ')}`
    if (process.env.VIVAVOCE_REQUIRE_ALL) throw new Error(`VIVAVOCE_REQUIRE_ALL is set, but ${reason}`)
    process.stderr.write(`skipped, ${reason}\n`)
    return undefined
  }
}

/**
 * A Python that has google-genai and `modules`: VIVAVOCE_TEST_PYTHON, the `.venv` of this folder, or `python3`; or the
 * one of `environment`, a folder beside them, where packages can't share one.
 */
export function findPython(modules: readonly string[], environment?: string): string {
  const shared = [process.env.VIVAVOCE_TEST_PYTHON, join(ROOT, '.venv/bin/python'), 'python3']
  const candidates = environment === undefined ? shared : [join(ROOT, environment, 'bin/python')]
  const problems: string[] = []
  for (const python of candidates) {
    if (python === undefined || (python.includes('/') && !existsSync(python))) continue
    // Looked up, not imported: importing librosa alone takes seconds.
    const test = `import importlib.util, sys; sys.exit(", ".join(m for m in sys.argv[1:] if not importlib.util.find_spec(m)) or 0)`
    try {
      execFileSync(python, ['-c', test, 'google', ...modules], {
        stdio: ['ignore', 'ignore', 'pipe'],
        encoding: 'utf8',
      })
      execFileSync(python, ['-c', 'import google.genai'], {
        stdio: ['ignore', 'ignore', 'pipe'],
        encoding: 'utf8',
      })
      return python
    } catch (error) {
      const missing = String((error as { stderr?: string }).stderr ?? error)
        .trim()
        .split('\n')
        .at(-1)
      problems.push(`${python} lacks ${missing}`)
    }
  }
  throw new Error(`no Python with google-genai ${modules.join(' ')} (${problems.join('; ') || 'none found'})`)
}

/** Builds the Go program; the first build fetches the SDK. */
export function buildGo(): string {
  const folder = cacheFolder()
  const program = join(folder, 'sdk-go')
  execFileSync('go', ['build', '-o', program, '.'], {
    cwd: join(ROOT, 'test/sdk/go'),
    stdio: 'pipe',
    encoding: 'utf8',
  })
  return program
}

/** Bundles what a page needs of the JavaScript SDK, and returns the bundle. */
export function buildBrowserBundle(): string {
  const bundle = join(cacheFolder(), 'sdk-browser.js')
  execFileSync(process.execPath, [join(ROOT, 'test/sdk/node/bundle.mjs'), bundle], { stdio: 'pipe' })
  return bundle
}

/** VIVAVOCE_TEST_CHROMIUM, or where distributions put it. */
export function findChromium(): string {
  const candidates = [process.env.VIVAVOCE_TEST_CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome']
  const found = candidates.find((path) => path !== undefined && existsSync(path))
  if (found === undefined) throw new Error('no Chromium at VIVAVOCE_TEST_CHROMIUM or /usr/bin/chromium')
  return found
}

/** Compiles the Java program and returns the class path that it runs with. */
export function buildJava(): string {
  const classPath = sdkClassPath()
  const classes = join(cacheFolder(), 'sdk-java-classes')
  const source = join(ROOT, 'test/sdk/java/src/main/java/Drive.java')
  execFileSync('javac', ['-encoding', 'UTF-8', '-cp', classPath, '-d', classes, source], { stdio: 'pipe' })
  return `${classes}:${classPath}`
}

/** Looked up once by Maven, which fetches the SDK at the first time. */
function sdkClassPath(): string {
  const project = join(ROOT, 'test/sdk/java/pom.xml')
  const folder = cacheFolder()
  const file = join(folder, 'sdk-java-class-path.json')
  const pom = readFileSync(project, 'utf8')
  if (existsSync(file)) {
    const known = JSON.parse(readFileSync(file, 'utf8'))
    const isThere = known.classPath.split(':').every((path: string) => existsSync(path))
    if (known.pom === pom && isThere) return known.classPath
  }
  const output = join(folder, 'sdk-java-class-path.txt')
  execFileSync(
    'mvn',
    ['-q', '-B', '-f', project, 'dependency:build-classpath', `-Dmdep.outputFile=${output}`],
    {
      stdio: 'pipe',
    },
  )
  const classPath = readFileSync(output, 'utf8').trim()
  writeFileSync(file, JSON.stringify({ pom, classPath }))
  return classPath
}

function cacheFolder(): string {
  const folder = join(ROOT, 'node_modules/.cache/vivavoce-test')
  mkdirSync(folder, { recursive: true })
  return folder
}
