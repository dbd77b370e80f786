/**
 * Stand-ins for `python3 -m pip` and `npm`: small programs on a PATH of their own that hand out packages from a folder.
 * They know only the calls that the catalog makes, and write each of them down.
 */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { zipSync } from 'fflate'
import { create } from 'tar'

export interface FakeRegistries {
  /** For child processes: a PATH with nothing but the stand-ins. */
  readonly environment: NodeJS.ProcessEnv
  addWheel(name: string, version: string, members: Readonly<Record<string, Uint8Array>>): Promise<void>
  addNpmPackage(name: string, version: string, members: Readonly<Record<string, Uint8Array>>): Promise<void>
  /** From now on pip finds the disk full. */
  fillDisk(): Promise<void>
  /** One line per call, e.g. `pip download … a==1`. */
  calls(): Promise<string[]>
}

const program = (node: string, tool: 'pip' | 'npm', directory: string) => `#!${node}
const { appendFileSync, copyFileSync, existsSync, mkdirSync, writeFileSync } = require('node:fs')
const { join } = require('node:path')
const directory = ${JSON.stringify(directory)}
const args = process.argv.slice(2).filter((arg) => arg !== '-m' && arg !== 'pip')
appendFileSync(join(directory, 'calls.log'), '${tool} ' + args.join(' ') + '\\n')
if (args.includes('--version')) { console.log('99.0'); process.exit(0) }
const after = (flag) => args[args.indexOf(flag) + 1]
${
  tool === 'pip'
    ? `const [name, version] = args.at(-1).split('==')
const file = name + '-' + version + '.whl'
if (existsSync(join(directory, 'disk-full'))) { console.error('ERROR: [Errno 28] No space left on device'); process.exit(1) }
if (!existsSync(join(directory, file))) { console.error('ERROR: No matching distribution found for ' + args.at(-1)); process.exit(1) }
copyFileSync(join(directory, file), join(after('-d'), file))`
    : `if (args[0] === 'pack') {
  const file = args[1].replace('@', '-') + '.tgz'
  if (!existsSync(join(directory, file))) { console.error('npm error 404 Not Found - ' + args[1]); process.exit(1) }
  copyFileSync(join(directory, file), join(after('--pack-destination'), file))
} else {
  for (const spec of args.filter((arg) => /@[0-9]/.test(arg))) {
    const [, name, version] = /^(.+)@([^@]+)$/.exec(spec)
    const target = join(after('--prefix'), 'node_modules', name)
    const contents = join(directory, 'contents.json')
    if (!existsSync(contents)) { console.error('npm error code E404'); process.exit(1) }
    const files = { 'package.json': JSON.stringify({ name, version }), ...JSON.parse(require('node:fs').readFileSync(contents, 'utf8'))[name] }
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(target, path, '..'), { recursive: true })
      writeFileSync(join(target, path), text)
    }
  }
}`
}
`

export interface FakeRegistriesOptions {
  readonly tools?: readonly ('pip' | 'npm')[]
  /** Files that `npm install` makes: package → path → text. */
  readonly npmContents?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export async function makeFakeRegistries(
  directory: string,
  { tools = ['pip', 'npm'], npmContents }: FakeRegistriesOptions = {},
): Promise<FakeRegistries> {
  const bin = join(directory, 'bin')
  await mkdir(bin, { recursive: true })
  for (const tool of tools) {
    const path = join(bin, tool === 'pip' ? 'python3' : 'npm')
    await writeFile(path, program(process.execPath, tool, directory))
    await chmod(path, 0o755)
  }
  if (npmContents) await writeFile(join(directory, 'contents.json'), JSON.stringify(npmContents))
  return {
    environment: { PATH: bin },
    addWheel: (name, version, members) =>
      writeFile(join(directory, `${name}-${version}.whl`), zipSync({ ...members })),
    async addNpmPackage(name, version, members) {
      const content = join(directory, `content-${name}`)
      for (const [path, bytes] of Object.entries(members)) {
        await mkdir(join(content, path, '..'), { recursive: true })
        await writeFile(join(content, path), bytes)
      }
      await create(
        { gzip: true, cwd: content, file: join(directory, `${name}-${version}.tgz`) },
        Object.keys(members),
      )
    },
    fillDisk: () => writeFile(join(directory, 'disk-full'), ''),
    calls: async () =>
      (await readFile(join(directory, 'calls.log'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
  }
}
