/**
 * The table of clients in README.md, made of what test runs have proved: suites note each capability as its test
 * passes. `UPDATE_DOCS=1` writes the table again; without it a run that proves what the table lacks fails.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './server.js'

export const CAPABILITIES = [
  'connect',
  'audio turn',
  'interruption',
  'function call',
  'resumption',
  'Vertex AI',
] as const
export type Capability = (typeof CAPABILITIES)[number]

const START = '<!-- clients: written by UPDATE_DOCS=1 -->\n'
const END = '\n<!-- /clients -->'
const README = join(ROOT, 'README.md')
const FOLDER = join(ROOT, 'node_modules/.cache/vivavoce-test/clients')

/** Throws where the table does not know that this client can do this. */
export function noteCapability(client: string, capability: Capability): void {
  if (process.env.UPDATE_DOCS) {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(join(FOLDER, `${encodeURIComponent(client)}@${capability}`), '')
    writeTable()
    return
  }
  const row = table()
    .split('\n')
    .find((line) => line.startsWith(`| ${client} |`))
  const cell = row?.split('|')[2 + CAPABILITIES.indexOf(capability)]?.trim()
  if (cell !== '✓') {
    throw new Error(
      `README.md does not say that ${client} can do this (${capability}): run with UPDATE_DOCS=1`,
    )
  }
}

function table(): string {
  const text = readFileSync(README, 'utf8')
  return text.slice(text.indexOf(START) + START.length, text.indexOf(END))
}

function writeTable(): void {
  const proved = readdirSync(FOLDER).map((name) => name.split('@') as [string, Capability])
  const clients = [...new Set(proved.map(([client]) => client))].sort()
  const rows = clients.map((client) => {
    const cells = CAPABILITIES.map((capability) =>
      proved.some(([name, what]) => name === client && what === capability) ? '✓' : '',
    )
    return `| ${[decodeURIComponent(client), ...cells].join(' | ')} |`
  })
  const head = [`| | ${CAPABILITIES.join(' | ')} |`, `|---|${CAPABILITIES.map(() => ':-:|').join('')}`]
  const text = readFileSync(README, 'utf8')
  const before = text.slice(0, text.indexOf(START) + START.length)
  writeFileSync(README, before + [...head, ...rows].join('\n') + text.slice(text.indexOf(END)))
}
