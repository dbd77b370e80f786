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

it('speaks its own language by the first voice and loads another once, when it is needed', async () => {
  const loads: string[] = []
  const other = (id: string, ...languages: string[]) => ({
    languages,
    load: async () => {
      loads.push(id)
      return voice(id, languages)
    },
  })
  const all = byLanguage(voice('light', ['en']), [other('two', 'es', 'fr'), other('three', 'es', 'fr', 'pt')])
  expect(all.info).toMatchObject({ id: 'light', languages: ['en', 'es', 'fr', 'pt'] })
  expect(await firstSample(all)).toBe(1)
  expect(await firstSample(all, 'en-GB')).toBe(1)
  expect(loads).toEqual([])
  expect(await firstSample(all, 'es-ES')).toBe(2)
  expect(await firstSample(all, 'fr')).toBe(2)
  expect(loads).toEqual(['two'])
  expect(await firstSample(all, 'pt-BR')).toBe(3)
  expect(await firstSample(all, 'ko')).toBe(1)
  expect(loads).toEqual(['two', 'three'])
})

it('tries again where the other voice could not be loaded', async () => {
  let loads = 0
  const load = async () => {
    if (loads++ === 0) throw new Error('no memory')
    return voice('full', ['en', 'es'])
  }
  const both = byLanguage(voice('light', ['en']), [{ languages: ['es'], load }])
  await expect(firstSample(both, 'es')).rejects.toThrow('no memory')
  expect(await firstSample(both, 'es')).toBe(2)
})
