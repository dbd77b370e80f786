/** The language of a conversation: what the recogniser is told, what the model is told and what the voice speaks. */
import { describe, expect, it } from 'vitest'
import type { EngineSet, Prompt, RecognitionOptions, VoiceOptions } from '../engine/index.js'
import { silence, startSession, stream, tone } from '../testing/session-bench.js'

/** Hears one language after the other, an empty one as engines without words do. */
function start(heard: readonly string[], setup: object = {}) {
  const asked: RecognitionOptions[] = []
  const prompts: Prompt[] = []
  const voices: VoiceOptions[] = []
  let turn = 0
  const change = (engines: EngineSet): EngineSet => ({
    ...engines,
    asr: {
      ...engines.asr,
      open(options) {
        asked.push(options)
        const language = options.language ?? heard[turn++] ?? 'en'
        const text = language === '' ? '' : `said in ${language}.`
        return {
          push() {},
          settle: async () => ({ text, language: language || 'xx' }),
          close() {},
        }
      },
    },
    llm: {
      ...engines.llm,
      open(options) {
        const conversation = engines.llm.open(options)
        return {
          ...conversation,
          generate(prompt, sampling, signal) {
            prompts.push(prompt)
            return conversation.generate(prompt, sampling, signal)
          },
        }
      },
    },
    tts: {
      ...engines.tts,
      speak(text, voice, signal) {
        voices.push(voice)
        return engines.tts.speak(text, voice, signal)
      },
    },
  })
  const started = startSession(setup, '', { change })
  const speak = async () => {
    await stream(started, tone(900))
    await stream(started, silence(6_000))
  }
  return { speak, asked, prompts, voices }
}

describe('[TRN-5] the language of a conversation', () => {
  it('is that of the last activity, in its answer and as what comes before the next', async () => {
    const { speak, asked, voices } = start(['es', 'es', 'fr', 'en'])
    for (let turn = 0; turn < 4; turn++) await speak()
    expect(voices.map(({ language }) => language)).toEqual(['es', 'es', 'fr', 'en'])
    expect(asked.map(({ languageBefore }) => languageBefore)).toEqual([undefined, 'es', 'es', 'fr'])
    expect(asked.every(({ language }) => language === undefined)).toBe(true)
  })

  it('stays where nothing was heard', async () => {
    const { speak, asked, voices } = start(['es', '', 'es'])
    for (let turn = 0; turn < 3; turn++) await speak()
    expect(voices.map(({ language }) => language)).toEqual(['es', 'es'])
    expect(asked.at(-1)?.languageBefore).toBe('es')
  })

  it('leaves the model to answer in the language of the user', async () => {
    const { speak, prompts } = start(['es'])
    await speak()
    expect(prompts[0]?.system).toContain('Answer in the language of the user')
  })

  it.each([
    ['es-US', 'Spanish'],
    ['fr', 'French'],
    ['cmn-CN', 'Chinese'],
  ])('is %s where the client says so: the model answers in %s', async (languageCode, name) => {
    const { speak, asked, prompts, voices } = start(['en'], {
      generationConfig: { speechConfig: { languageCode } },
    })
    await speak()
    expect(asked[0]?.language).toBe(languageCode)
    expect(prompts[0]?.system).toContain(`Answer in ${name}, in one`)
    expect(voices[0]?.language).toBe(languageCode)
  })

  it('is found out by the model where the tag is none', async () => {
    const { speak, prompts } = start(['en'], { generationConfig: { speechConfig: { languageCode: '??' } } })
    await speak()
    expect(prompts[0]?.system).toContain('Answer in the language of the user')
  })
})
