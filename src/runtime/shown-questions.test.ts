/**
 * What a picture costs a spoken question, on virtual time: engines that take about as long as the embedded ones do on two cores with nothing else to do, one heavy step
 * at a time. The same question is asked with nothing shown and with a screen that changes as the user begins to speak.
 */
import { expect, it } from 'vitest'
import type { Conversation, EngineSet, Prompt } from '../engine/index.js'
import { latenciesOf } from '../telemetry/index.js'
import { RED_BLUE_JPEG } from '../testing/pictures.js'
import { silence, startSession, stream, tone } from '../testing/session-bench.js'

/** ms: a step of a look, of 20; a token of prompt; a token of an answer; a recognition; a clause of speech. */
const COSTS = { look: 25, prompt: 10, answer: 50, recognition: 170, clause: 60 }
const LOOK_STEPS = 20
const CHUNK_TOKENS = 32
const QUESTION = 'What is the total on this receipt?'.split(' ')
/** Of receipts: their numbers are read digit by digit. */
const TOKEN_LETTERS = 2.5
const RECEIPT =
  'GREEN GROCER 14 Mill Lane\nApples 1.2 kg | 3.48\nOat milk | 2.19\nBrown bread | 2.85\nTomatoes | 4.10\nSubtotal | 12.62\nTax | 0.88\nTOTAL | 13.50\nCard ****7731'

type Sleep = (ms: number, signal?: AbortSignal) => Promise<void>

function costly(set: EngineSet, sleep: Sleep, questionMs: number, asked: Prompt[]): EngineSet {
  return {
    ...set,
    asr: {
      ...set.asr,
      open() {
        let samples = 0
        return {
          push(more) {
            samples += more.length
          },
          async settle() {
            const heard = Math.round((samples / 16 / questionMs) * QUESTION.length)
            await sleep(COSTS.recognition)
            return { text: QUESTION.slice(0, heard).join(' '), language: 'en' }
          },
          close() {},
        }
      },
    },
    vision: {
      info: { id: 'costly', kind: 'vision', languages: [], description: 'Takes its time.' },
      open() {
        let last: number | undefined
        return {
          async *look({ bytes }) {
            const change = bytes.length === last ? 0 : 1
            last = bytes.length
            for (let step = 0; step < (change ? LOOK_STEPS : 1); step++) {
              await sleep(COSTS.look)
              yield { type: 'progress' }
            }
            const text = RECEIPT.replace('TOTAL', `TOTAL ${bytes.length}`)
            const facts = [{ kind: 'text' as const, text, confidence: 1 }]
            yield { type: 'sight', sight: { change, facts } }
          },
          close() {},
        }
      },
    },
    llm: { ...set.llm, open: () => cachingConversation(sleep, asked) },
    tts: {
      ...set.tts,
      async *speak(...given) {
        await sleep(COSTS.clause)
        yield* set.tts.speak(...given)
      },
    },
  }
}

/** Evaluates what it has not evaluated yet, token by token. */
function cachingConversation(sleep: Sleep, asked: Prompt[]): Conversation {
  let cached = ''
  const told = ({ system, messages }: Prompt) =>
    [system, ...messages.map((message) => ('text' in message ? message.text : ''))].join('\n')
  const tokens = (text: string) => Math.ceil(text.length / TOKEN_LETTERS)
  const shared = (text: string) => {
    let length = 0
    while (length < text.length && text[length] === cached[length]) length++
    return length
  }
  async function* evaluate(text: string) {
    const totalTokens = tokens(text)
    for (;;) {
      const from = shared(text)
      const next = text.slice(0, from + CHUNK_TOKENS * TOKEN_LETTERS)
      await sleep(tokens(next.slice(from)) * COSTS.prompt)
      cached = next
      yield { evaluatedTokens: tokens(next), totalTokens }
      if (next === text) return
    }
  }
  return {
    async *prefill(prompt) {
      yield* evaluate(told(prompt))
    },
    async *generate(prompt) {
      asked.push(prompt)
      const text = told(prompt)
      for await (const progress of evaluate(text)) yield { type: 'prefill', ...progress }
      for (const word of ['The ', 'total ', 'is ', '13.50.']) {
        await sleep(COSTS.answer)
        yield { type: 'text', text: word }
      }
      const usage = { promptTokens: tokens(text), cachedTokens: 0, outputTokens: 4 }
      yield { type: 'end', reason: 'stop', usage }
    },
    async *weigh() {},
    close() {},
  }
}

/** Voice to voice of three questions in one conversation, ms. */
async function ask(shows: boolean, questionMs: number): Promise<number[]> {
  let sleep: Sleep = async () => {}
  const asked: Prompt[] = []
  const started = startSession({}, '', {
    slots: 1,
    change: (set) => costly(set, (ms) => sleep(ms), questionMs, asked),
  })
  const { clock, session, host } = started
  sleep = (ms) => clock.sleep(ms, new AbortController().signal)
  let count = 0
  let onView: Uint8Array | undefined
  const show = () => {
    if (!shows) return
    const bytes = onView ?? RED_BLUE_JPEG.bytes.slice(0, 100 + count++)
    session.receive({ type: 'realtime-input', picture: { ...RED_BLUE_JPEG, bytes } as never })
  }
  const seconds = async (ms: number, sound: (ms: number) => Uint8Array) => {
    for (let at = 0; at < ms; at += 20) {
      if (clock.now() % 1_000 < 20) show()
      await stream(started, sound(20))
    }
  }
  await seconds(3_000, silence)
  for (let turn = 0; turn < 3; turn++) {
    onView = new Uint8Array(1_000 + turn)
    show()
    await seconds(questionMs, tone)
    await seconds(1_000, silence)
    if (shows) expect(JSON.stringify(asked.at(-1))).toContain(`TOTAL ${onView.length}`)
    onView = undefined
    await seconds(7_000, silence)
  }
  return host.turns.map(({ marks }) => latenciesOf(marks).voiceToVoice ?? Number.NaN)
}

it.each([1_400, 2_000, 3_000])(
  'a screen that changes as a question of %d ms begins costs at most a tenth',
  async (ms) => {
    const off = await ask(false, ms)
    const shown = await ask(true, ms)
    for (const [turn, waited] of shown.entries()) expect(waited).toBeLessThanOrEqual(1.1 * off[turn]!)
  },
)

it.each([1_000, 1_200])('with one of %d ms does from the second question on', async (ms) => {
  const off = await ask(false, ms)
  const shown = await ask(true, ms)
  // The first look is at everything, and what every note begins with is still to be read.
  expect(shown[0]).toBeLessThanOrEqual(off[0]! + 400)
  for (const [turn, waited] of shown.slice(1).entries())
    expect(waited).toBeLessThanOrEqual(1.1 * off[turn + 1]!)
})
