/**
 * Holds the architecture as a literal: which folder of src/ may import which, what the pure folders must not touch,
 * how long files may be, and the few rules of style that a linter has no word for.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'

/** Folder → folders it may import. Whatever is not listed is forbidden; tests and `testing` may import anything. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  config: [],
  telemetry: [],
  audio: [],
  engine: ['audio'],
  core: ['protocol'],
  client: ['protocol', 'audio'],
  engines: ['engine', 'audio'],
  catalog: ['engines', 'engine', 'audio'],
  runtime: ['core', 'engine', 'audio', 'protocol', 'telemetry'],
  sessions: ['runtime', 'core', 'protocol'],
  gateway: ['runtime', 'core', 'protocol', 'telemetry'],
  bench: ['client', 'gateway', 'engine', 'audio', 'protocol', 'telemetry'],
  conformance: [],
  cli: [
    'audio',
    'bench',
    'catalog',
    'client',
    'config',
    'conformance',
    'core',
    'engine',
    'engines',
    'gateway',
    'protocol',
    'runtime',
    'sessions',
    'telemetry',
  ],
}
/** No Node built-ins, clock, environment, randomness or I/O: same input, same output, in any JavaScript runtime. */
const PURE = ['protocol', 'core', 'audio', 'engine']
const IMPURE_NAMES = [
  'Buffer',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'fetch',
  'globalThis',
  'performance',
  'process',
  'queueMicrotask',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
]
const IMPURE_MEMBERS = ['Date.now', 'Math.random']

/** Where a library can only be extended by a subclass: ws makes its sockets, browsers their audio threads that way. */
const LIBRARY_HOOKS: Readonly<Record<string, string>> = {
  'gateway/upgrade.ts': 'WebSocket',
  'client/audio-worklets.ts': 'AudioWorkletProcessor',
}

const WARN_LINES = 400
const MAX_LINES = 600
const MAX_MEDIAN_LINES = 120

const root = fileURLToPath(new URL('..', import.meta.url))
const src = join(root, 'src')

interface Import {
  readonly target: string
  readonly typeOnly: boolean
}

interface SourceFile {
  /** Relative to src/, with forward slashes. */
  readonly path: string
  readonly folder: string
  readonly text: string
  readonly tree: ts.SourceFile
  readonly imports: readonly Import[]
  readonly isTest: boolean
}

const assets = listFiles(src, /\.(ts|js|css|html)$/)
const files = assets.filter((path) => path.endsWith('.ts')).map(readSource)
const product = files.filter((file) => !file.isTest && file.folder !== 'testing')

describe('imports', () => {
  it('follow the table', () => {
    const wrong = product.flatMap((file) =>
      file.imports.flatMap(({ target }) => {
        const path = insideSrc(file, target)
        if (path === undefined) return []
        const folder = topFolder(path)
        const allowed = folder === file.folder || (ALLOWED[file.folder] ?? []).includes(folder)
        return allowed ? [] : [`${file.path} imports ${path}: ${file.folder} may not import ${folder}`]
      }),
    )
    expect(wrong).toEqual([])
  })

  it('know every folder', () => {
    const unknown = [...new Set(product.map((file) => file.folder))].filter((folder) => !(folder in ALLOWED))
    expect(unknown).toEqual([])
  })

  it('keep the engines apart from each other', () => {
    const wrong = product.flatMap((file) => {
      const own = engineFolder(file.path)
      if (own === undefined) return []
      return file.imports.flatMap(({ target }) => {
        const other = engineFolder(insideSrc(file, target) ?? '')
        return other === undefined || other === own ? [] : [`${file.path} imports engines/${other}`]
      })
    })
    expect(wrong).toEqual([])
  })

  it('stay inside src/ and name only packages that are installed with the product', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
    const wrong = product.flatMap((file) =>
      file.imports.flatMap(({ target, typeOnly }) => {
        if (target.startsWith('.')) return insideSrc(file, target) ? [] : [`${file.path} imports ${target}`]
        if (isBuiltin(target) || typeOnly || packageName(target) in manifest.dependencies) return []
        return [`${file.path} imports ${target}, which is not in "dependencies"`]
      }),
    )
    expect(wrong).toEqual([])
  })

  it('of Node built-ins are written with node: and absent from the pure folders', () => {
    const wrong = product.flatMap((file) =>
      file.imports
        .filter(({ target }) => isBuiltin(target))
        .filter(({ target }) => PURE.includes(file.folder) || !target.startsWith('node:'))
        .map(({ target }) => `${file.path} imports ${target}`),
    )
    expect(wrong).toEqual([])
  })
})

describe('the pure folders', () => {
  it('touch no clock, environment, randomness or I/O', () => {
    const wrong = product.filter((file) => PURE.includes(file.folder)).flatMap(impureUses)
    expect(wrong).toEqual([])
  })
})

describe('sizes', () => {
  it(`no file is longer than ${MAX_LINES} lines`, () => {
    const lengths = assets.map((path) => ({ path, lines: lineCount(readFileSync(join(src, path), 'utf8')) }))
    const long = lengths.filter(({ lines }) => lines > WARN_LINES && lines <= MAX_LINES)
    for (const { path, lines } of long)
      console.warn(`src/${path} has ${lines} lines (more than ${WARN_LINES})`)
    expect(lengths.filter(({ lines }) => lines > MAX_LINES)).toEqual([])
  })

  it(`half of the files have at most ${MAX_MEDIAN_LINES} lines`, () => {
    const lengths = product.map((file) => lineCount(file.text)).sort((a, b) => a - b)
    expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(MAX_MEDIAN_LINES)
  })
})

describe('the Studio', () => {
  const folder = join(root, 'studio/src')
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }))

  it('imports the client, the protocol, its own files and packages of its own, nothing else', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'studio/package.json'), 'utf8'))
    const wrong = sources
      .filter(({ path }) => !/\.test\.tsx?$/.test(path))
      .flatMap(({ path, text }) =>
        importsOf(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true))
          .filter(({ target }) => {
            if (target.startsWith('.')) return !resolve(folder, dirname(path), target).startsWith(folder)
            if (['vivavoce/client', 'vivavoce/protocol'].includes(target)) return false
            return !(packageName(target) in manifest.devDependencies)
          })
          .map(({ target }) => `${path} imports ${target}`),
      )
    expect(wrong).toEqual([])
  })

  it('has short files that say what they own', () => {
    const long = sources.filter(({ text }) => lineCount(text) > WARN_LINES)
    const silent = sources.filter(({ text }) => !/^\s*\/\*/.test(text))
    expect([...long, ...silent].map(({ path }) => path)).toEqual([])
  })
})

describe('style', () => {
  it('every file opens with a comment that says what it owns', () => {
    const wrong = product.filter((file) => !/^(#!.*\n)?\s*\/[*/]/.test(file.text)).map((file) => file.path)
    expect(wrong).toEqual([])
  })

  it('file names are kebab-case and name a subject', () => {
    const wrong = assets.filter((path) => {
      const name = path.slice(path.lastIndexOf('/') + 1)
      return (
        !/^[a-z0-9]+(-[a-z0-9]+)*(\.property)?(\.test|\.d)?\.[a-z]+$/.test(name) ||
        /^(utils?|helpers?|misc|common)\./.test(name)
      )
    })
    expect(wrong).toEqual([])
  })

  it('no enums, and classes extend nothing but errors', () => {
    const wrong = files.flatMap((file) =>
      nodesOf(file.tree).flatMap((node) => {
        if (ts.isEnumDeclaration(node)) return [`${file.path}: enum ${node.name.text}`]
        if (!ts.isClassLike(node)) return []
        const parent = node.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword)
        const name = parent?.types[0]?.expression.getText(file.tree)
        return name === undefined || name.endsWith('Error') || LIBRARY_HOOKS[file.path] === name
          ? []
          : [`${file.path}: a class extends ${name}`]
      }),
    )
    expect(wrong).toEqual([])
  })

  it('nothing is marked as left to do', () => {
    expect(files.filter((file) => /\b(TODO|FIXME)\b/.test(file.text)).map((file) => file.path)).toEqual([])
  })
})

function listFiles(folder: string, pattern: RegExp): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => relative(src, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(src, path), 'utf8')
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  return {
    path,
    folder: topFolder(path),
    text,
    tree,
    imports: importsOf(tree),
    isTest: path.endsWith('.test.ts'),
  }
}

function importsOf(tree: ts.SourceFile): Import[] {
  return nodesOf(tree).flatMap((node): Import[] => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const bindings = node.importClause?.namedBindings
      const allTypes =
        node.importClause?.name === undefined &&
        bindings !== undefined &&
        ts.isNamedImports(bindings) &&
        bindings.elements.length > 0 &&
        bindings.elements.every((element) => element.isTypeOnly)
      const typeOnly = node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword || allTypes
      return [{ target: node.moduleSpecifier.text, typeOnly }]
    }
    if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      return [{ target: node.moduleSpecifier.text, typeOnly: node.isTypeOnly }]
    }
    if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    ) {
      return [{ target: node.argument.literal.text, typeOnly: true }]
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [target] = node.arguments
      return target && ts.isStringLiteralLike(target) ? [{ target: target.text, typeOnly: false }] : []
    }
    return []
  })
}

function impureUses(file: SourceFile): string[] {
  return nodesOf(file.tree).flatMap((node) => {
    if (ts.isPropertyAccessExpression(node) && IMPURE_MEMBERS.includes(node.getText(file.tree))) {
      return [`${file.path} uses ${node.getText(file.tree)}`]
    }
    if (
      ts.isNewExpression(node) &&
      node.expression.getText(file.tree) === 'Date' &&
      !node.arguments?.length
    ) {
      return [`${file.path} uses new Date()`]
    }
    if (!ts.isIdentifier(node) || !IMPURE_NAMES.includes(node.text)) return []
    const { parent } = node
    const isMember =
      (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
      ((ts.isPropertyAssignment(parent) ||
        ts.isPropertySignature(parent) ||
        ts.isMethodSignature(parent) ||
        ts.isMethodDeclaration(parent)) &&
        parent.name === node)
    return isMember ? [] : [`${file.path} uses ${node.text}`]
  })
}

function nodesOf(tree: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return nodes
}

/** The path relative to src/ that a relative import leads to; undefined for packages and for paths outside. */
function insideSrc(file: SourceFile, target: string): string | undefined {
  if (!target.startsWith('.')) return undefined
  const path = relative(src, resolve(src, dirname(file.path), target))
    .split(sep)
    .join('/')
  return path.startsWith('..') ? undefined : path
}

function topFolder(path: string): string {
  return path.split('/')[0]!
}

/** `whisper` for engines/whisper/x.ts; undefined for files directly in engines/, which all engines share. */
function engineFolder(path: string): string | undefined {
  const parts = path.split('/')
  return parts[0] === 'engines' && parts.length > 2 ? parts[1] : undefined
}

function packageName(target: string): string {
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/')
}

function lineCount(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0)
}
