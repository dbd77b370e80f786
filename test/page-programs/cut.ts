/**
 * The four Python programs of the Live API page, cut out of its text by what stands before and after each. Not one
 * character of them is changed.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const PAGE_FILE = join(
  resolve(import.meta.dirname, '../..'),
  '../shared/reference/live-api-page.es.txt',
)

export const PROGRAMS = ['text-from-audio', 'speech-from-text', 'transcripts', 'websockets'] as const
export type ProgramName = (typeof PROGRAMS)[number]

/** What three of the programs say; the other one is given a recording. */
export const PAGE_WORDS = 'Hello? Gemini are you there?'

/** Where each program lies: from the start of the first marker to the start of the second. */
const MARKERS: Record<ProgramName, readonly [first: string, after: string]> = {
  'text-from-audio': ['# Test file:', 'Obtener respuestas de voz a partir de texto'],
  'speech-from-text': ['import asyncio\nimport numpy as np', 'Para ver más ejemplos de envío de texto'],
  transcripts: ['import asyncio\nfrom google import genai', 'WebSockets\n'],
  websockets: ['# Set model generation_config', 'Más información'],
}

/** Undefined where the page does not lie beside the checkout. */
export function readPage(): string | undefined {
  return existsSync(PAGE_FILE) ? readFileSync(PAGE_FILE, 'utf8') : undefined
}

/** Throws where a marker is not found: then the page has changed. */
export function cutProgram(page: string, name: ProgramName): string {
  const [first, after] = MARKERS[name]
  const start = page.indexOf(first, page.indexOf('Funciones de la API Live'))
  const end = page.indexOf(after, start)
  if (start < 0 || end < 0)
    throw new Error(`the page has no program between ${JSON.stringify(first)} and ${JSON.stringify(after)}`)
  return page.slice(start, end)
}
