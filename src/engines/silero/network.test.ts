import { describe, expect, it } from 'vitest'
import type { InferenceSession, OnnxRuntime } from '../onnxruntime.js'
import { createNetwork, STATE_SIZE, WINDOW_SAMPLES } from './network.js'

/** A network with the real one's shapes: each stream's state takes in its window, and the probability is read from both layers. */
function fakeNetwork(failing = false) {
  const batches: number[] = []
  const Tensor = class {
    readonly data: Float32Array
    readonly dims: readonly number[]
    constructor(_type: string, data: Float32Array, dims: readonly number[]) {
      this.data = data
      this.dims = dims
    }
  }
  const session = {
    inputNames: ['input', 'state'],
    async run({ input, state }: Record<string, InstanceType<typeof Tensor>>) {
      if (failing) throw new Error('no memory')
      const count = input!.dims[0]!
      expect([input!.dims, state!.dims]).toEqual([
        [count, WINDOW_SAMPLES],
        [2, count, STATE_SIZE / 2],
      ])
      batches.push(count)
      const next = state!.data.slice()
      const output = new Float32Array(count)
      for (let stream = 0; stream < count; stream++) {
        const heard = input!.data[stream * WINDOW_SAMPLES]!
        for (const [layer, weight] of [1, 10].entries()) {
          const from = (layer * count + stream) * (STATE_SIZE / 2)
          for (let cell = 0; cell < STATE_SIZE / 2; cell++) next[from + cell]! += heard * weight
          output[stream]! += next[from + STATE_SIZE / 2 - 1]!
        }
      }
      return { output: { data: output }, stateN: { data: next } }
    },
  }
  const runtime = { Tensor } as unknown as OnnxRuntime
  return { network: createNetwork(runtime, session as unknown as InferenceSession), batches }
}

const windowOf = (value: number) => new Float32Array(WINDOW_SAMPLES).fill(value)

describe('frames of several streams', () => {
  it('are scored in one run, each with its own state', async () => {
    const { network, batches } = fakeNetwork()
    const states = [1, 2, 3].map(() => new Float32Array(STATE_SIZE))
    const scores: number[][] = []
    for (let frame = 0; frame < 2; frame++) {
      scores.push(await Promise.all(states.map((state, index) => network.score(windowOf(index + 1), state))))
    }
    expect(scores).toEqual([
      [11, 22, 33],
      [22, 44, 66],
    ])
    expect(batches).toEqual([3, 3])
    expect(states.map((state) => [state[0], state[STATE_SIZE - 1]])).toEqual([
      [2, 20],
      [4, 40],
      [6, 60],
    ])
  })

  it('go in several runs where they are many, and none is forgotten that comes meanwhile', async () => {
    const { network, batches } = fakeNetwork()
    const score = (value: number) => network.score(windowOf(value), new Float32Array(STATE_SIZE))
    const early = Array.from({ length: 20 }, (_, index) => score(index))
    const late = early[0]!.then(() => score(50))
    expect(await Promise.all(early)).toEqual(Array.from({ length: 20 }, (_, index) => index * 11))
    expect(await late).toBe(550)
    expect(batches.reduce((sum, count) => sum + count)).toBe(21)
    expect(Math.max(...batches)).toBe(16)
  })

  it('that the network fails on are told so, and the next are tried again', async () => {
    const { network } = fakeNetwork(true)
    for (let turn = 0; turn < 2; turn++) {
      await expect(network.score(windowOf(1), new Float32Array(STATE_SIZE))).rejects.toThrow('no memory')
    }
  })
})
