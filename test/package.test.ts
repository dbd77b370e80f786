/** What must hold of the package and its documents, so that a fresh clone and an install anywhere work. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

interface LockEntry {
  readonly resolved?: string
  /** A folder of this repository. */
  readonly link?: true
  readonly dev?: boolean
  readonly hasInstallScript?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

const root = fileURLToPath(new URL('..', import.meta.url))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const lock: Readonly<Record<string, LockEntry>> = JSON.parse(
  readFileSync(join(root, 'package-lock.json'), 'utf8'),
).packages

describe('the lock file', () => {
  it('names every optional package, of other platforms too: else `npm ci` refuses it', () => {
    const missing = Object.entries(lock).flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => findInstalled(path, name) === undefined)
        .map((name) => `${path} needs ${name}`),
    )
    expect(missing).toEqual([])
  })

  it('names no other registry than the public one', () => {
    const others = Object.values(lock).filter(
      ({ resolved, link }) =>
        resolved !== undefined && !link && !resolved.startsWith('https://registry.npmjs.org/'),
    )
    expect(others).toEqual([])
  })
})

describe('the package', () => {
  it('installs without any install script, its own or of what it depends on', () => {
    const scripts = ['preinstall', 'install', 'postinstall', 'prepare'].filter(
      (name) => name in manifest.scripts,
    )
    const dependencies = Object.entries(lock).filter(([, entry]) => entry.hasInstallScript && !entry.dev)
    expect([...scripts, ...dependencies.map(([path]) => path)]).toEqual([])
  })

  it('does not rely on overrides, which are read in the root project only', () => {
    expect(manifest.overrides).toBeUndefined()
  })

  it('exports and starts only what a build makes', () => {
    const targets = [...Object.values<string>(manifest.bin), ...Object.values<string>(manifest.exports)]
    const missing = targets
      .map((target) => target.replace(/^(\.\/)?dist\/(.*)\.js$/, 'src/$2.ts'))
      .filter((path) => !existsSync(join(root, path)))
    expect(missing).toEqual([])
  })
})

describe('the documents', () => {
  const documents = [
    ...readdirSync(root).filter((name) => name.endsWith('.md')),
    ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join('docs', name)),
  ]

  it.each(documents)('%s links to files that exist', (document) => {
    const text = readFileSync(join(root, document), 'utf8')
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1]!)
    const paths = targets.map((target) => join(dirname(document), target))
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([])
    // The package has all documents, so it needs what they lead to.
    expect(paths.filter((path) => !isPacked(path))).toEqual([])
  })

  it('CONTRIBUTING.md has less than 100 lines', () => {
    expect(readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8').split('\n').length).toBeLessThan(100)
  })
})

/** By `files` of the manifest, whose entries are folders, files and all of a kind at the top. */
function isPacked(path: string): boolean {
  return (manifest.files as string[]).some((entry) =>
    entry.startsWith('*.')
      ? !path.includes('/') && path.endsWith(entry.slice(1))
      : `${path.replace(/\/$/, '')}/`.startsWith(`${entry}/`),
  )
}

/** As Node looks a package up: beside the one that asks, then in every folder above it. */
function findInstalled(from: string, name: string): string | undefined {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    if (path in lock) return path
    if (folder === '') return undefined
  }
}
