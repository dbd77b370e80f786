/** A model that speaks itself: what the listener gets, what is interrupted, and what the model is told of it. */
import { describe, expect, it } from 'vitest'
import type { Conversation, GenerationPart, LanguageModel, Prompt, VoiceOptions } from '../engine/index.js'
import { audioLengthMs } from '../testing/recording-connection.js'
import { silence, startSession, stream, tone } from '../testing/session-bench.js'

const WORDS = ['Well, ', 'one ', 'two ', 'three ', 'four ', 'five ', 'six ', 'seven ', 'eight. ']
const WORD_MS = 400
const sound = () => new Float32Array((WORD_MS * 24_000) / 1000).fill(0.25)
const END: GenerationPart = {
  type: 'end',
  reason: 'stop',
  usage: { promptTokens: 9, cachedTokens: 0, outputTokens: 9 },
}
const text = (said: string): GenerationPart => ({ type: 'text', text: said })
const audio = (): GenerationPart => ({ type: 'audio', samples: sound() })

/** Words and their sound together; all the words first; a preface without sound; nothing but sound. */
const ANSWERS = {
  together: [...WORDS.flatMap((word) => [text(word), audio()]), END],
  ahead: [text(WORDS.join('')), ...WORDS.map(audio), END],
  behind: [...WORDS.map(audio), text(WORDS.join('')), END],
  written: [text(WORDS.join('')), END],
}

function speaker(answer: readonly GenerationPart[]) {
  const prompts: Prompt[] = []
  const voices: (VoiceOptions | undefined)[] = []
  const cuts: number[] = []
  const model: LanguageModel = {
    info: { id: 'speaker', kind: 'llm', languages: [], description: 'Speaks', hears: true, speaks: true },
    open({ voice }): Conversation {
      voices.push(voice)
      return {
        async *prefill() {},
        async *generate(prompt, _sampling, signal) {
          prompts.push(prompt)
          for (const part of answer) {
            signal.throwIfAborted()
            yield part
          }
        },
        async *weigh(_prompt, words) {
          yield { type: 'weights', weights: words.map(() => 0) }
        },
        truncate: (heardMs) => cuts.push(heardMs),
        close() {},
      }
    },
  }
  return { model, prompts, voices, cuts }
}

/** A question, and a sound two seconds after it. */
async function conversation(
  answer: readonly GenerationPart[],
  said: string,
  setup: object = {},
  interjection = tone(250),
) {
  const script = `rules:\n  - match: { audioMs: { max: 600 } }\n    transcript: "${said}"\n    delaysMs: { recognizer: 150 }\n`
  const spoken = speaker(answer)
  const started = startSession(setup, script, { change: (engines) => ({ ...engines, llm: spoken.model }) })
  await stream(started, tone(1_000))
  await stream(started, silence(2_500))
  await stream(started, interjection)
  await stream(started, silence(6_000))
  return { ...started, ...spoken, told: started.connection.transcript() }
}

const soundMs = (told: readonly string[]) =>
  told.reduce((sum, word) => sum + (word.startsWith('audio') ? Number(word.split(' ')[1]) : 0), 0)
const words = (told: readonly string[]) =>
  told.flatMap((word) => (word.startsWith('said ') ? [word.slice('said '.length)] : [])).join('')

describe('a model that speaks', () => {
  it.each(['together', 'ahead', 'behind'] as const)(
    'is heard as it speaks, with its words (%s)',
    async (how) => {
      const { told, prompts, voices } = await conversation(ANSWERS[how], '', {}, silence(250))
      expect(soundMs(told)).toBe(WORDS.length * WORD_MS)
      expect(words(told)).toBe(WORDS.join(''))
      expect(told.at(-1)).toBe('turnComplete')
      expect(voices).toEqual([{}])
      const [question] = prompts.at(-1)!.messages
      expect(question).toMatchObject({ role: 'user', text: 'speech of 1000 ms', speech: { typed: '' } })
      expect('speech' in question! && question.speech?.recordings[0]?.length).toBeGreaterThan(16_000)
    },
  )

  it('leaves at the pace of the listener', async () => {
    const { connection } = await conversation(ANSWERS.ahead, '', {}, silence(250))
    const sent = connection.sent.flatMap(({ at, message }) =>
      'serverContent' in message && audioLengthMs(message.serverContent) !== undefined ? [at] : [],
    )
    const lengthMs = WORDS.length * WORD_MS
    expect(sent.at(-1)! - sent[0]!).toBeGreaterThan(lengthMs - 500)
    expect(sent.at(-1)! - sent[0]!).toBeLessThan(lengthMs)
  })

  it.each(['together', 'ahead'] as const)(
    'is told how much of it was heard before an interruption (%s)',
    async (how) => {
      const { told, cuts, prompts } = await conversation(ANSWERS[how], 'Stop.')
      expect(told).toContain('interrupted')
      expect(cuts).toHaveLength(1)
      expect(cuts[0]).toBeGreaterThan(1_000)
      expect(cuts[0]).toBeLessThan(3_000)
      const heard = prompts.at(-1)!.messages[1]
      expect(heard?.role).toBe('model')
      const count = 'text' in heard! ? heard.text.split(' ').length : 0
      // Words that come before their sound are placed by their letters.
      expect(Math.abs(count - cuts[0]! / WORD_MS)).toBeLessThanOrEqual(how === 'together' ? 1 : 2)
      expect(prompts.at(-1)!.messages.at(-1)).toMatchObject({ role: 'user', text: 'Stop.' })
    },
  )

  it('goes on at the same sample after an "mm-hm"', async () => {
    const { told, cuts } = await conversation(ANSWERS.together, 'Mm-hmm.')
    expect(told).not.toContain('interrupted')
    expect(soundMs(told)).toBe(WORDS.length * WORD_MS)
    expect(cuts).toEqual([])
  })

  it('writes where the client reads', async () => {
    const { told, voices } = await conversation(
      ANSWERS.written,
      '',
      { generationConfig: { responseModalities: ['TEXT'] } },
      silence(250),
    )
    expect(told).toContain(`text ${WORDS.join('')}`)
    expect(voices).toEqual([undefined])
  })

  it('gives its words where it has only written', async () => {
    const { told } = await conversation(ANSWERS.written, '', {}, silence(250))
    expect(words(told)).toBe(WORDS.join(''))
    expect(soundMs(told)).toBe(0)
    expect(told.at(-1)).toBe('turnComplete')
  })

  it('stands behind the profile that names it, and behind no other', async () => {
    const { model, prompts } = speaker(ANSWERS.together)
    for (const [id, asked] of [
      ['gemini-live-2.5-flash-preview-native-audio', 1],
      ['gemini-live-2.5-flash', 1],
    ] as const) {
      const started = startSession({ model: `models/${id}` }, '', {
        change: (engines) => ({
          ...engines,
          profiles: new Map([['gemini-live-2.5-flash-preview-native-audio', model]]),
        }),
      })
      started.say('Hello')
      await started.clock.advance(5_000)
      expect(prompts).toHaveLength(asked)
    }
  })
})
