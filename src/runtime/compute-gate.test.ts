import { describe, expect, it } from 'vitest'
import { createManualClock } from '../testing/manual-clock.js'
import { systemClock } from './clock.js'
import { createComputeGate, type Lane, PRIORITY } from './compute-gate.js'

const never = new AbortController().signal

/** Steps that end when told to, and the order in which they began. */
function bench(slots = 1) {
  const clock = createManualClock()
  const gate = createComputeGate({ slots, clock })
  const began: string[] = []
  const ends = new Map<string, () => void>()
  const step = (name: string, lane: Lane, priority: number | (() => number), signal = never) =>
    gate.run(lane, priority, signal, () => {
      began.push(name)
      return new Promise<void>((resolve) => ends.set(name, resolve))
    })
  const end = async (name: string) => {
    ends.get(name)?.()
    await clock.advance(0)
  }
  return { clock, gate, began, step, end }
}

describe('the compute gate', () => {
  it('runs one heavy step at a time, the most urgent next', async () => {
    const { clock, began, step, end } = bench()
    void step('token', 'llm', PRIORITY.nextToken)
    void step('later clause', 'tts', PRIORITY.nextClause)
    void step('first clause', 'tts', PRIORITY.firstAudio)
    void step('words', 'asr', PRIORITY.recognise)
    await clock.advance(0)
    expect(began).toEqual(['token'])
    for (const name of ['token', 'words', 'first clause', 'later clause']) await end(name)
    expect(began).toEqual(['token', 'words', 'first clause', 'later clause'])
  })

  it('lets what follows on a step go before what is less urgent', async () => {
    const { clock, began, step, end } = bench()
    const chain = async () => {
      for (const name of ['look', 'look on', 'look to the end'])
        await step(name, 'vision', PRIORITY.firstToken)
    }
    void chain()
    await clock.advance(0)
    void step('history', 'llm', PRIORITY.background)
    for (const name of ['look', 'look on', 'look to the end']) await end(name)
    expect(began).toEqual(['look', 'look on', 'look to the end', 'history'])
  })

  it('gives the event loop its turn between steps that take no time of their own', async () => {
    const gate = createComputeGate({ slots: 1, clock: systemClock })
    let hadTurn = false
    setImmediate(() => {
      hadTurn = true
    })
    for (let step = 0; !hadTurn; step++) {
      await gate.run('llm', 1, never, async () => step)
      if (step > 1_000) expect.unreachable('nobody else had a turn')
    }
  })

  it('lets conversations share the language model, unless something more urgent waits', async () => {
    const { clock, began, step, end } = bench()
    void step('a', 'llm', PRIORITY.nextToken)
    void step('b', 'llm', PRIORITY.nextToken)
    await clock.advance(0)
    expect(began).toEqual(['a', 'b'])
    void step('words', 'asr', PRIORITY.recognise)
    void step('c', 'llm', PRIORITY.nextToken)
    await end('a')
    expect(began).toEqual(['a', 'b'])
    await end('b')
    await end('words')
    expect(began).toEqual(['a', 'b', 'words', 'c'])
  })

  it('recognises speech beside a look at a picture, and runs nothing else beside either', async () => {
    const { clock, began, step, end } = bench()
    void step('look', 'vision', PRIORITY.shown)
    void step('words', 'asr', PRIORITY.partials)
    await clock.advance(0)
    expect(began).toEqual(['look', 'words'])
    void step('next look', 'vision', PRIORITY.shown)
    void step('token', 'llm', PRIORITY.nextToken)
    await end('look')
    expect(began).toEqual(['look', 'words'])
    await end('words')
    expect(began).toEqual(['look', 'words', 'token'])
  })

  it('runs as many as there are slots', async () => {
    const { clock, began, step } = bench(2)
    void step('a', 'llm', PRIORITY.nextToken)
    void step('b', 'tts', PRIORITY.nextClause)
    void step('c', 'tts', PRIORITY.firstAudio)
    await clock.advance(0)
    expect(began).toEqual(['a', 'b'])
  })

  it('gives up what nobody asked for while users wait, in order, and takes it up again', async () => {
    const { clock, gate, began, step, end } = bench()
    void step('clause', 'tts', PRIORITY.nextClause)
    void step('words', 'asr', PRIORITY.recognise)
    await clock.advance(900)
    expect(gate.gives('background')).toBe(true)
    expect(gate.gives('partials')).toBe(true)
    expect(gate.gives('speculation')).toBe(false)
    await clock.advance(1_900)
    expect(gate.gives('speculation')).toBe(true)
    expect(gate.gives('admission')).toBe(false)
    await end('clause')
    await end('words')
    void step('prefill', 'llm', PRIORITY.background)
    await clock.advance(500)
    expect(began).not.toContain('prefill')
    void step('token', 'llm', PRIORITY.nextToken)
    await end('token')
    await clock.advance(60_000)
    expect(gate.gives('background')).toBe(false)
    expect(began).toEqual(['clause', 'words', 'token', 'prefill'])
  })

  it('speculative work becomes urgent when it is confirmed', async () => {
    const { clock, gate, began, step, end } = bench()
    let confirmed = false
    void step('running', 'tts', PRIORITY.nextClause)
    void step('token', 'llm', PRIORITY.nextToken)
    void step('answer', 'llm', () => (confirmed ? PRIORITY.firstToken : PRIORITY.speculation))
    confirmed = true
    gate.reconsider()
    await clock.advance(0)
    await end('running')
    expect(began[1]).toBe('answer')
  })

  it('lets nothing starve: waiting makes a step more urgent', async () => {
    const { clock, began, step, end } = bench()
    void step('running', 'tts', PRIORITY.nextClause)
    void step('background', 'llm', PRIORITY.firstAudio + 1)
    await clock.advance(2_900)
    void step('fresh', 'tts', PRIORITY.firstAudio)
    await end('running')
    expect(began).toEqual(['running', 'background'])
  })

  it('forgets a step that was aborted while it waited, and frees its slot when a step fails', async () => {
    const { clock, began, step, end } = bench()
    const abort = new AbortController()
    void step('running', 'tts', PRIORITY.nextClause)
    const waiting = step('aborted', 'tts', PRIORITY.firstAudio, abort.signal)
    abort.abort(new Error('gone'))
    await expect(waiting).rejects.toThrow('gone')
    await end('running')
    expect(began).toEqual(['running'])

    const gate = createComputeGate({ slots: 1, clock })
    await expect(gate.run('tts', 0, never, () => Promise.reject(new Error('broken')))).rejects.toThrow(
      'broken',
    )
    await expect(gate.run('tts', 0, never, async () => 'next')).resolves.toBe('next')
  })
})
