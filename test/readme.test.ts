/** README.es.md says what README.md says: the same sections, commands, settings and links, in the same order. */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
/** The table of clients is written by the tests, in one place. */
const CLIENTS = /<!-- clients:.*?<!-- \/clients -->/s
const TRANSLATION = 'README.es.md'
const ORIGINAL = 'README.md'

function read(name: string): string {
  return readFileSync(join(root, name), 'utf8').replace(CLIENTS, '')
}

const FENCE = /^```(\w*)\n(.*?)^```$/gms
const prose = (text: string) => text.replace(FENCE, '')

/** Comments are prose. */
const programs = (text: string) =>
  [...text.matchAll(FENCE)].map(([, language, code]) => [language, code!.replace(/\s+# .*$/gm, '')])
const headings = (text: string) => [...prose(text).matchAll(/^#+(?= )/gm)].map(([level]) => level)
const codeOfTables = (text: string) =>
  [...prose(text).matchAll(/^\|.*\|$/gm)].map(([row]) => [...row.matchAll(/`[^`]+`/g)].map(([code]) => code))
/** Without those that lead from the one to the other. */
const links = (text: string) =>
  [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !target.startsWith(ORIGINAL) && target !== TRANSLATION)

it.each([
  ['sections', headings],
  ['commands and programs', programs],
  ['settings in tables', codeOfTables],
  ['links', links],
] as const)('the Spanish README has the same %s', (_, parts) => {
  const original = parts(read(ORIGINAL))
  expect(original.length).toBeGreaterThan(3)
  expect(parts(read(TRANSLATION))).toEqual(original)
})
