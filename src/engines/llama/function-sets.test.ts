import { expect, it } from 'vitest'
import { createFakeLlama } from '../../testing/contract/fake-llama.js'
import { createFunctionSets } from './function-sets.js'
import type { LlamaModel, Token } from './runtime-types.js'

const FUNCTIONS = [
  { name: 'get_time', description: 'Tell the time' },
  { name: 'go', description: 'Go on' },
]

async function openModel() {
  const llama = await createFakeLlama().getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    logLevel: 'error',
    maxThreads: 1,
  })
  const model: LlamaModel = await llama.loadModel({ modelPath: '' })
  const text = (tokens: readonly Token[]) => model.detokenize(tokens, false, [])
  return { sets: createFunctionSets(createFakeLlama(), llama, model), text }
}

/** Votes in logits; what is asked is written down. */
async function decide(words: string, votes: { request: number; fulfils: number; wanted: number }) {
  const { sets, text } = await openModel()
  const asked: string[] = []
  const scores: Readonly<Record<string, number>> = {
    'request:': votes.request,
    go: votes.fulfils,
    yes: votes.wanted,
  }
  const decision = await sets.decide(FUNCTIONS, words, async (path, candidates) => {
    asked.push(text(path).trimEnd())
    return candidates.map((token) => scores[text([token])] ?? 0)
  })
  return { ...decision, asked }
}

it('adds up three votes, each for itself too weak', async () => {
  const votes = { request: 2, fulfils: 4, wanted: 1 }
  expect(await decide('go on', votes)).toEqual({
    name: 'go',
    leads: votes,
    asked: [
      '"go on" →',
      '"go on" → request:',
      '"go on" (Does the user want me to do this now: "Go on"? Answer:',
    ],
  })
  for (const weak of ['request', 'fulfils', 'wanted'] as const) {
    expect((await decide('go on', { ...votes, [weak]: -1 })).name).toBeUndefined()
  }
})

it('asks no third time where it is clear', async () => {
  const sure = await decide('go', { request: 9, fulfils: 15, wanted: -3 })
  expect([sure.name, sure.asked.length, sure.leads.wanted]).toEqual(['go', 2, undefined])
  const never = await decide('hello', { request: -5, fulfils: -5, wanted: 3 })
  expect([never.name, never.asked.length]).toEqual([undefined, 2])
})

it('repeats numbers in figures, and of long words the end', async () => {
  const votes = { request: -9, fulfils: -9, wanted: 0 }
  expect((await decide('go veintiún steps', votes)).asked[0]).toBe('"go veintiún steps" (veintiún = 21) →')
  const long = await decide(`${'well '.repeat(100)}go`, votes)
  expect(long.asked[0]).toMatch(/^"(well ){31}go" →$/)
})

it.each([
  ['a likelier name', 4, 0, 'go'],
  ['what is wanted, before a name that is likelier anyway', 2, 3, 'get_time'],
])('chooses one in any case: by %s', async (_, likelier, wanted, chosen) => {
  const { sets, text } = await openModel()
  const [getTime, go] = FUNCTIONS
  const name = await sets.choose([getTime!, go!], 'hello', async (path, candidates) => {
    const isTime = text(path).includes('Tell the time')
    const scores: Readonly<Record<string, number>> = { go: likelier, yes: isTime ? wanted : 0 }
    return candidates.map((token) => scores[text([token])] ?? 0)
  })
  expect(name).toBe(chosen)
  expect(await sets.choose([go!], 'hello', async () => [])).toBe('go')
})
