import { describe, expect, it } from 'vitest'

import { ProtocolError } from './close.js'
import { decodeClientMessage } from './decode.js'
import { SETUP_SUPPORT } from './setup-support.js'

/** Members that are objects in a list. */
const IN_LISTS = new Set(['tools', 'functionDeclarations'])

/** A setup with `value` at `path` (`setup.a.b`). */
function setupWith(path: string, value: unknown): string {
  const keys = path.split('.').slice(1)
  const inner = keys.reduceRight<unknown>((content, key, index) => {
    const beside = key === 'functionDeclarations' ? { name: 'f' } : {}
    const inList = IN_LISTS.has(key) && index < keys.length - 1
    return { [key]: inList ? [{ ...beside, ...(content as object) }] : content }
  }, value)
  return JSON.stringify({ setup: { model: 'models/m', ...(inner as object) } })
}

/** Something that a client would send to ask for the feature, where `true` is not of the right type. */
const ASKING: Readonly<Record<string, unknown>> = {
  'setup.generationConfig.candidateCount': 3,
  'setup.generationConfig.responseMimeType': 'application/json',
  'setup.sessionResumption.handle': 'h1',
  'setup.sessionResumption.transparent': true,
  'setup.generationConfig.mediaResolution': 'MEDIA_RESOLUTION_LOW',
  ...Object.fromEntries(
    ['inputAudioTranscription', 'outputAudioTranscription'].flatMap((path) => [
      [`setup.${path}.languageCodes`, ['en']],
      [`setup.${path}.customVocabulary`, ['Viva']],
      [`setup.${path}.adaptationPhrases`, ['Viva']],
      [`setup.${path}.mode`, 'SMART'],
    ]),
  ),
}

const rows = (decision: string) => SETUP_SUPPORT.filter((row) => row.decision === decision)

describe('fields of setup', () => {
  it('are decided once each', () => {
    const paths = SETUP_SUPPORT.map((row) => row.path)
    expect(paths).toEqual([...new Set(paths)])
  })

  it.each(rows('refused'))('[SET-10] $path is refused by name, with a cure', ({ path }) => {
    try {
      decodeClientMessage(setupWith(path, ASKING[path] ?? true))
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError)
      const { closeCode, reason } = error as ProtocolError
      expect(closeCode).toBe(1008)
      expect(reason).toMatch(/^\S+ is not supported yet: .+\.$/)
      expect(path.endsWith(reason.split(' ')[0]!.replace('…', ''))).toBe(true)
    }
  })

  it.each(rows('refused'))('$path is accepted where it asks for nothing', ({ path }) => {
    const nothing = [null, ...(path.match(/proactive|explicit|enable/) ? [false] : [])]
    for (const value of nothing) {
      expect(decodeClientMessage(setupWith(path, value))).toMatchObject({ type: 'setup', notices: [] })
    }
  })

  it.each(rows('ignored'))('[SET-9] $path is accepted with a notice', ({ path }) => {
    const { notices } = decodeClientMessage(setupWith(path, ASKING[path] ?? { a: 1 }))
    expect(notices).toEqual([expect.stringContaining(`${path} is accepted without effect: `)])
  })

  it('unknown ones are accepted with a notice that names the likely place', () => {
    const { notices } = decodeClientMessage(setupWith('setup.responseModalities', ['TEXT']))
    expect(notices).toEqual([
      'Unknown field setup.responseModalities is ignored; did you mean setup.generationConfig.responseModalities?',
    ])
    expect(decodeClientMessage(setupWith('setup.generationConfig.sparkle', 1)).notices).toEqual([
      'Unknown field setup.generationConfig.sparkle is ignored',
    ])
  })
})
