import { expect, it } from 'vitest'
import type { Tensor } from '../onnxruntime.js'
import { decode } from './decoder.js'
import type { TokenCache, WhisperModel } from './model.js'
import { createTokenizer } from './tokenizer.js'

const special = [
  '<|endoftext|>',
  '<|startoftranscript|>',
  '<|en|>',
  '<|es|>',
  '<|transcribe|>',
  '<|nospeech|>',
  '<|notimestamps|>',
]
const tokenizer = createTokenizer(
  {
    added_tokens: special.map((content, index) => ({ id: 5 + index, content })),
    model: { vocab: { a: 0, Ġb: 1, Ġc: 2, Ġd: 3, '[': 4 } },
  },
  { suppress_ids: [4], suppress_ids_begin: [1, 5] },
)
const END = 5
const [EN, ES, TRANSCRIBE, NO_SPEECH, NO_TIMESTAMPS] = [7, 8, 9, 10, 11]

/** Says the tokens one after the other, each with the logit 10 (or those given), and keeps what it was asked. */
function scripted(
  first: Readonly<Record<number, number>>,
  ...said: (number | Readonly<Record<number, number>>)[]
) {
  const asked: number[][] = []
  const cache: TokenCache = { keys: {} as Tensor, values: {} as Tensor }
  const model: WhisperModel = {
    dims: {
      width: 0,
      heads: 1,
      headWidth: 1,
      decoderLayers: 1,
      vocabulary: 12,
      mels: 1,
      maxFrames: 1,
      maxTokens: 448,
    },
    emptyCache: cache,
    encode: async () => ({}),
    async step(tokens) {
      const next = asked.length === 0 ? first : (said[asked.length - 1] ?? END)
      asked.push([...tokens])
      const logits = new Float32Array(12)
      for (const [id, logit] of Object.entries(typeof next === 'number' ? { [next]: 10 } : next))
        logits[Number(id)] = logit
      return { logits, cache }
    },
    close: async () => undefined,
  }
  return { model, asked }
}

const options = {
  seconds: 2,
  language: undefined,
  among: [],
  before: 'en',
  signal: new AbortController().signal,
}

it('says what the likeliest tokens spell, and how sure it was', async () => {
  const { model, asked } = scripted({ [ES]: 10, [NO_SPEECH]: 8 }, 0, 1, 2)
  const decoded = await decode(model, tokenizer, {}, options)
  expect(decoded).toMatchObject({ text: 'a b c', language: 'es', tokenCount: 4, repeated: false })
  expect(decoded.logProbability).toBeLessThan(0)
  expect(decoded.logProbability).toBeGreaterThan(-0.01)
  expect(decoded.noSpeechProbability).toBeCloseTo(0.119, 2)
  expect(asked.slice(0, 3)).toEqual([[6], [ES, TRANSCRIBE, NO_TIMESTAMPS], [0]])
})

it('chooses among the languages that it was given', async () => {
  const heardAmong = async (...among: string[]) => {
    const { model } = scripted({ [ES]: 10, [EN]: 2 }, 0)
    return (await decode(model, tokenizer, {}, { ...options, among })).language
  }
  expect(await heardAmong('en')).toBe('en')
  expect(await heardAmong('en', 'es')).toBe('es')
})

it('keeps to the language it was given', async () => {
  const { model, asked } = scripted({ [ES]: 10 }, 0)
  expect((await decode(model, tokenizer, {}, { ...options, language: 'en' })).language).toBe('en')
  expect(asked[1]?.[0]).toBe(EN)
})

it('keeps the language before where another is hardly likelier', async () => {
  const three = createTokenizer(
    {
      added_tokens: [...special, '<|fr|>'].map((content, index) => ({
        id: content === '<|fr|>' ? 3 : 5 + index,
        content,
      })),
      model: { vocab: { a: 0 } },
    },
    {},
  )
  const { model, asked } = scripted({ [ES]: 1, [EN]: 1.2, [three.languages.get('fr')!]: 1.1 }, 0)
  expect((await decode(model, three, {}, { ...options, before: 'es' })).language).toBe('es')
  expect(asked.map(([first]) => first)).toEqual([6, ES, 0])
})

it('is told what was said before, where it has a token for that', async () => {
  const vocabulary = {
    added_tokens: [...special, '<|startofprev|>'].map((content, index) => ({ id: 5 + index, content })),
    model: { vocab: { a: 0 } },
  }
  const { model, asked } = scripted({ [EN]: 10 }, 0)
  await decode(model, createTokenizer(vocabulary, {}), {}, { ...options, prompt: [0, 2] })
  expect(asked[0]).toEqual([5 + special.length, 0, 2, 6])
  const without = scripted({ [EN]: 10 }, 0)
  await decode(without.model, tokenizer, {}, { ...options, prompt: [0, 2] })
  expect(without.asked[0]).toEqual([6])
})

it('lets the words decide where another language is likely but not certain', async () => {
  const likely = { [ES]: 2, [EN]: 1 }
  const sure = { 0: 10 }
  const unsure = { 0: 1 }
  const end = { [END]: 10 }
  // The language before is tried first.
  const surerBefore = scripted(likely, sure, end, unsure, end)
  expect((await decode(surerBefore.model, tokenizer, {}, options)).language).toBe('en')
  const surerOther = scripted(likely, unsure, end, sure, end)
  expect((await decode(surerOther.model, tokenizer, {}, options)).language).toBe('es')
  expect(surerOther.asked.map(([first]) => first)).toEqual([6, EN, 0, ES, 0])
})

it('says as well what is likely, where that is hardly less likely than what it hears freely', async () => {
  const end = { next: new Map([[END, { next: new Map() }]]) }
  const likely = { next: new Map([[0, end]]) }
  const heard = async (first: Readonly<Record<number, number>>) => {
    const { model, asked } = scripted({ [EN]: 10 }, first, { [END]: 10 }, { [END]: 10 })
    return { ...(await decode(model, tokenizer, {}, { ...options, likely })), asked }
  }
  const near = await heard({ 2: 10, 0: 9.9 })
  expect(near).toMatchObject({ text: 'c', saying: { text: 'a', language: 'en', tokenCount: 2 } })
  // On what it knew before the free token.
  expect(near.asked.slice(1)).toEqual([[EN, TRANSCRIBE, NO_TIMESTAMPS], [2], [0]])
  expect(await heard({ 2: 10, 0: 5 })).not.toHaveProperty('saying')
})

it('tells how much likelier it is than its rivals, also where it says what is likely', async () => {
  const end = { next: new Map([[END, { next: new Map() }]]) }
  const tree = { next: new Map([[0, end]]) }
  const heard = (more: Partial<Parameters<typeof decode>[3]>) => {
    const { model } = scripted({ [EN]: 10 }, { 2: 10, 0: 9.5 }, { [END]: 10 }, { [END]: 10 }, { [END]: 10 })
    return decode(model, tokenizer, {}, { ...options, ...more })
  }
  const compared = await heard({ rivals: tree })
  expect(compared.text).toBe('c')
  expect(compared.lead).toBeCloseTo(0.5)
  expect(await heard({ rivals: tree, likely: tree })).toMatchObject({ saying: { text: 'a', lead: 0 } })
  expect(await heard({})).not.toHaveProperty('lead')
})

it('never says suppressed tokens, nor a blank first', async () => {
  const { model } = scripted({ [EN]: 10 }, { 1: 9, 4: 10, 5: 9, 0: 5 }, { 1: 9, 4: 10 })
  expect((await decode(model, tokenizer, {}, options)).text).toBe('a b')
})

it('stops in a loop and drops the repetitions', async () => {
  const { model } = scripted({ [EN]: 10 }, 0, ...Array.from({ length: 60 }, (_, i) => 1 + (i % 3)))
  const decoded = await decode(model, tokenizer, {}, options)
  expect(decoded).toMatchObject({ text: 'a b c d', repeated: true })
})

it('ends when more was said than can be in the time', async () => {
  let state = 7
  const { model, asked } = scripted(
    { [EN]: 10 },
    ...Array.from({ length: 200 }, () => (state = (state * 73 + 11) % 1009) % 4),
  )
  await decode(model, tokenizer, {}, { ...options, seconds: 1 })
  expect(asked.length).toBeLessThanOrEqual(1 + 16 + 14)
})

it('stops between two tokens when aborted', async () => {
  const abort = new AbortController()
  const { model, asked } = scripted({ [EN]: 10 }, ...Array.from({ length: 50 }, (_, i) => i % 4))
  const step = model.step
  const watched: WhisperModel = {
    ...model,
    step: (...call) => {
      if (asked.length === 3) abort.abort(new Error('gone'))
      return step(...call)
    },
  }
  await expect(decode(watched, tokenizer, {}, { ...options, signal: abort.signal })).rejects.toThrow('gone')
  expect(asked.length).toBe(4)
})
