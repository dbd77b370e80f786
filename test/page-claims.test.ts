/** docs/page-claims.md goes through the Live API page sentence by sentence: none is left out, none is made up, and what it points to is there. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readPage } from './page-programs/cut.js'
import { REQUIREMENTS } from './requirements.js'

const root = resolve(import.meta.dirname, '..')
const FILE = join(root, 'docs/page-claims.md')
const claims = readFileSync(FILE, 'utf8')
const quoted = [...claims.matchAll(/^> (.+)$/gm)].map(([, sentence]) => sentence!)
const page = readPage()?.replaceAll('\u00a0', ' ')

/** They lead somewhere else on Google's site, or say what the next lines are. */
const LEADS_ON =
  /^(?:Para obtener más información sobre cómo usar|Puedes usar la API Live con los siguientes modelos|\* Ponte en contacto|Descarga estos tutoriales|La API Live admite los siguientes|Para obtener más información sobre el audio nativo|Gemini 2\.5 Flash con Live API también incluye|La función de audio nativo incluye|Si quieres saber cómo iniciar)/

describe.skipIf(page === undefined)('the claims of the page', () => {
  it('are quoted as they stand there', () => {
    for (const sentence of quoted) expect(page, sentence).toContain(sentence)
  })

  it('are all there', () => {
    const missing = sentencesOf(page!).filter(
      (sentence) => !LEADS_ON.test(sentence) && !quoted.some((quote) => quote.includes(sentence)),
    )
    expect(missing).toEqual([])
  })
})

it('the commands run files that exist, and the rules are in PROTOCOL.md', () => {
  const files = [...claims.matchAll(/(?:test|examples)\/[\w./-]+/g)].map(([path]) =>
    path.replace(/[.)]+$/, ''),
  )
  expect(files.length).toBeGreaterThan(15)
  for (const path of files) expect(existsSync(join(root, path)), path).toBe(true)
  for (const [, link] of claims.matchAll(/\]\(([^)#]+)(?:#[\w-]+)?\)/g))
    expect(existsSync(join(dirname(FILE), link!)), link).toBe(true)
  for (const [rule] of claims.matchAll(/\b[A-Z]{3,}-\d+\b/g)) expect(REQUIREMENTS.has(rule), rule).toBe(true)
})

/** Of the prose: what ends a sentence and is no line of a program. */
function sentencesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => /^(?:\s+• )?[A-ZÁÉÍÓÚ*][^=(){}]*.{30}/.test(line) && /[.:]$|little-endian$/.test(line))
    .filter((line) => !/^\s*[#"']|^(?:from|import|async)\b/.test(line))
    .flatMap((line) => line.replace(/^\s*• /, '').split(/(?<=[.:])\s+(?=[A-ZÁÉÍÓÚ])/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.length > 40)
}
