import { expect, it } from 'vitest'
import type { Synthesizer } from '../engine/index.js'
import { byLanguage } from './by-language.js'

function voice(id: string, languages: string[]): Synthesizer {
  return {
    info: { id, kind: 'tts', languages, description: id },
    async *speak() {
      yield Float32Array.of(languages.length)
    },
  }
}

const never = new AbortController().signal

async function firstSample(synthesizer: Synthesizer, language?: string): Promise<number | undefined> {
  for await (const piece of synthesizer.speak('x', language === undefined ? {} : { language }, never))
    return piece[0]
  return undefined
}

it('speaks its own language by the first voice and loads the other once, when it is needed', async () => {
  let loads = 0
  const both = byLanguage(voice('light', ['en']), async () => {
    loads++
    return voice('full', ['en', 'es'])
  })
  expect(await firstSample(both)).toBe(1)
  expect(await firstSample(both, 'en-GB')).toBe(1)
  expect(loads).toBe(0)
  expect(await firstSample(both, 'es-ES')).toBe(2)
  expect(await firstSample(both, 'es')).toBe(2)
  expect(loads).toBe(1)
})

it('tries again where the other voice could not be loaded', async () => {
  let loads = 0
  const both = byLanguage(voice('light', ['en']), async () => {
    if (loads++ === 0) throw new Error('no memory')
    return voice('full', ['en', 'es'])
  })
  await expect(firstSample(both, 'es')).rejects.toThrow('no memory')
  expect(await firstSample(both, 'es')).toBe(2)
})
