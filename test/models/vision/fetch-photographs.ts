/**
 * Fetches the packages that hold the photographs of the frozen set, once, into a folder, and reads single pictures out of them. Needs apt-get,
 * dpkg-deb, pip and unzip, as Debian has them.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import type { Photograph } from './photographs.js'

/** The wheel is made for one Python; only its pictures are read. */
const WHEEL = ['--python-version', '37', '--platform', 'manylinux1_x86_64', '--only-binary=:all:']

export function fetchPhotographs(folder: string): (photograph: Photograph) => Uint8Array {
  mkdirSync(folder, { recursive: true })
  const run = (command: string, ...words: string[]) =>
    execFileSync(command, words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
  const fetched = (start: string) => readdirSync(folder).find((name) => name.startsWith(start))

  for (const name of ['gcompris-qt-data', 'tuxpaint-stamps-default']) {
    if (existsSync(join(folder, name))) continue
    run('apt-get', 'download', '-qq', name)
    run('dpkg-deb', '-x', fetched(`${name}_`)!, name)
  }
  if (!existsSync(join(folder, 'scikit-image'))) {
    run('pip', 'download', '-q', '--no-deps', ...WHEEL, 'scikit-image==0.16.2')
    run('unzip', '-qo', fetched('scikit_image-')!, 'skimage/data/*', '-d', 'scikit-image')
  }

  const archives = new Map<string, ReadonlyMap<string, Uint8Array>>()
  const archive = (activity: string) => {
    const known = archives.get(activity)
    if (known) return known
    const path = join(folder, 'gcompris-qt-data/usr/share/gcompris-qt/rcc', `${activity}.rcc`)
    const read = resources(readFileSync(path))
    archives.set(activity, read)
    return read
  }

  return ({ package: from, member }) => {
    if (from === 'scikit-image') return readFileSync(join(folder, from, member))
    if (from === 'tuxpaint-stamps-default')
      return readFileSync(join(folder, from, 'usr/share/tuxpaint/stamps', member))
    const [activity, ...path] = member.split('/')
    const wanted = path.join('/')
    const found = [...archive(activity!)].find(([name]) => name.endsWith(`/${wanted}`))
    if (!found) throw new Error(`gcompris has no ${member}`)
    return found[1]
  }
}

/** The files of a Qt resource archive by their paths. */
function resources(bytes: Buffer): ReadonlyMap<string, Uint8Array> {
  if (bytes.toString('latin1', 0, 4) !== 'qres') throw new Error('this is no Qt resource archive')
  const [version, tree, data, names] = [4, 8, 12, 16].map((at) => bytes.readUInt32BE(at)) as [
    number,
    number,
    number,
    number,
  ]
  /** Newer ones have the time of each file. */
  const size = version === 1 ? 14 : 22
  const files = new Map<string, Uint8Array>()
  const nameAt = (offset: number) => {
    const length = bytes.readUInt16BE(names + offset)
    const start = names + offset + 6
    return Buffer.from(bytes.subarray(start, start + 2 * length))
      .swap16()
      .toString('utf16le')
  }
  const visit = (index: number, path: string) => {
    const at = tree + index * size
    const flags = bytes.readUInt16BE(at + 4)
    const own = index === 0 ? '' : `${path}/${nameAt(bytes.readUInt32BE(at))}`
    if (flags & 2) {
      const [count, first] = [bytes.readUInt32BE(at + 6), bytes.readUInt32BE(at + 10)]
      for (let child = 0; child < count; child++) visit(first + child, own)
      return
    }
    const start = data + bytes.readUInt32BE(at + 10)
    const content = bytes.subarray(start + 4, start + 4 + bytes.readUInt32BE(start))
    files.set(own, flags & 1 ? inflateSync(content.subarray(4)) : content)
  }
  visit(0, '')
  return files
}
