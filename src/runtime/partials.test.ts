/** Words while the user speaks, on their way from the recogniser to the language model. */
import { describe, expect, it } from 'vitest'
import type { EngineSet, Prompt, Recognizer, Transcript } from '../engine/index.js'
import { silence, startSession, stream, tone } from '../testing/session-bench.js'

/** A recogniser that tells how much it heard, and keeps an account of its recognitions. */
function countingRecognizer(partials: boolean, hangs = false) {
  const aborted: number[] = []
  const settled: number[] = []
  const recognizer: Recognizer = {
    info: { id: 'counting', kind: 'asr', languages: [], description: '', ...(partials && { partials }) },
    open({ signal }) {
      let samples = 0
      return {
        push: (more) => {
          samples += more.length
        },
        settle: async () => {
          const ms = Math.round(samples / 16)
          settled.push(ms)
          signal.addEventListener('abort', () => aborted.push(ms), { once: true })
          const heard: Transcript = { text: `heard ${ms}`, language: 'en' }
          if (!hangs || settled.length > 1) return heard
          return new Promise<never>((_, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason)),
          )
        },
        close() {},
      }
    },
  }
  return { recognizer, settled, aborted }
}

function withPrefills(set: EngineSet, asr: Recognizer, prompts: Prompt[]): EngineSet {
  return {
    ...set,
    asr,
    llm: {
      ...set.llm,
      open(options) {
        const conversation = set.llm.open(options)
        return {
          ...conversation,
          prefill(prompt, signal) {
            prompts.push(prompt)
            return conversation.prefill(prompt, signal)
          },
        }
      },
    },
  }
}

const texts = (prompts: readonly Prompt[]) =>
  prompts.flatMap(({ messages }) => messages.map((message) => ('text' in message ? message.text : '')))

describe('words while the user speaks', () => {
  it('reach the language model before the turn is over', async () => {
    const prompts: Prompt[] = []
    const { recognizer, settled } = countingRecognizer(true)
    const started = startSession({}, '', { change: (set) => withPrefills(set, recognizer, prompts) })
    await stream(started, tone(1_600))
    expect(settled).toHaveLength(2)
    expect(texts(prompts)).toEqual(settled.map((ms) => `heard ${ms}`))
    expect(started.connection.transcript()).toEqual(['setupComplete'])
  })

  it('are left alone where asking costs something', async () => {
    const prompts: Prompt[] = []
    const { recognizer, settled } = countingRecognizer(false)
    const started = startSession({}, '', { change: (set) => withPrefills(set, recognizer, prompts) })
    await stream(started, tone(1_600))
    expect(settled).toEqual([])
    expect(texts(prompts)).toEqual([])
  })

  it('are given up when the end is heard: the last words wait for none of them', async () => {
    const { recognizer, settled, aborted } = countingRecognizer(true, true)
    const started = startSession({}, '', { slots: 1, change: (set) => ({ ...set, asr: recognizer }) })
    await stream(started, tone(1_200))
    expect(settled).toHaveLength(1)
    expect(aborted).toEqual([])
    await stream(started, silence(700))
    expect(aborted[0]).toBe(settled[0])
    expect(started.connection.transcript()[1]).toMatch(/^heard heard 1\d\d\d/)
  })

  it('of a recogniser that tells none leave a long prompt to be read on in spite of a pause', async () => {
    const { recognizer } = countingRecognizer(false, true)
    const readings: number[] = []
    let sleep = async () => {}
    const started = startSession({}, '', {
      change: (set) => ({
        ...set,
        asr: recognizer,
        llm: {
          ...set.llm,
          open: (options) => ({
            ...set.llm.open(options),
            async *prefill(_prompt, signal) {
              const reading = readings.push(0) - 1
              for (let evaluatedTokens = 0; evaluatedTokens < 1_000 && !signal.aborted; evaluatedTokens++) {
                await sleep()
                readings[reading]!++
                yield { evaluatedTokens, totalTokens: 1_000 }
              }
            },
          }),
        },
      }),
    })
    sleep = () => started.clock.sleep(10, new AbortController().signal)
    await stream(started, tone(800))
    await stream(started, silence(120))
    const stopped = [...readings]
    await stream(started, tone(800))
    expect(stopped).toHaveLength(1)
    expect(readings).toEqual([stopped[0], expect.any(Number)])
    expect(readings[1]).toBeGreaterThan(50)
  })

  it('are asked for as soon as speech goes on, though the words of the pause are not given up yet', async () => {
    const settled: number[] = []
    let sleep = async () => {}
    const recognizer: Recognizer = {
      info: { id: 'slow', kind: 'asr', languages: [], description: '', partials: true },
      open() {
        let samples = 0
        return {
          push: (more) => {
            samples += more.length
          },
          // An engine in another process: it hears of an abort between two steps.
          settle: async (wanted) => {
            const ms = Math.round(samples / 16)
            settled.push(ms)
            await sleep()
            wanted?.throwIfAborted()
            return { text: `heard ${ms}`, language: 'en' }
          },
          close() {},
        }
      },
    }
    const started = startSession({}, '', { change: (set) => ({ ...set, asr: recognizer }) })
    sleep = () => started.clock.sleep(300, new AbortController().signal)
    await stream(started, tone(704))
    await stream(started, silence(64))
    await stream(started, tone(300))
    const [pause, partial] = settled
    expect(pause).toBeLessThan(768)
    expect(partial).toBeGreaterThanOrEqual(768)
    expect(partial).toBeLessThan(900)
  })

  it.each([
    ['when the chunk that is read ahead is done: side by side both would take longer', 300, 900],
    ['at once where nothing is read', 0, 820],
    ['in spite of a model that waits for something else', 60_000, 1_320],
  ])('let the last words be recognised %s', async (_, chunkMs, at) => {
    const { recognizer } = countingRecognizer(false)
    let sleep = async (_signal: AbortSignal) => {}
    const settledAt: number[] = []
    const started = startSession({}, '', {
      slots: 1,
      change: (set) => ({
        ...set,
        asr: {
          ...recognizer,
          open(options) {
            const recognition = recognizer.open(options)
            const settle = (wanted?: AbortSignal) => {
              settledAt.push(started.clock.now())
              return recognition.settle(wanted)
            }
            return { ...recognition, settle }
          },
        },
        llm: {
          ...set.llm,
          open: (options) => ({
            ...set.llm.open(options),
            async *prefill(_prompt, signal) {
              for (let evaluatedTokens = 0; chunkMs > 0; evaluatedTokens++) {
                await sleep(signal)
                yield { evaluatedTokens, totalTokens: 1_000 }
              }
            },
          }),
        },
      }),
    })
    sleep = (signal) => started.clock.sleep(chunkMs, signal)
    await stream(started, tone(800))
    await stream(started, silence(700))
    expect(settledAt).toEqual([at])
  })
})
