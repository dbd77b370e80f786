/** What belongs to a turn besides the user's activity, and what the recogniser is told of the user's language. */
import { describe, expect, it } from 'vitest'
import type { RecognitionOptions } from '../engine/index.js'
import { silence, startSession, stream, tone } from '../testing/session-bench.js'

const input = (turnCoverage: string | undefined, disabled: boolean) => ({
  realtimeInputConfig: {
    automaticActivityDetection: { disabled },
    ...(turnCoverage && { turnCoverage }),
  },
})

/** Speech before the mark, and more of it behind it. */
async function markLate(turnCoverage: string | undefined, model = 'models/gemini-live-2.5-flash') {
  const started = startSession({ model, ...input(turnCoverage, true) })
  await stream(started, tone(1_000))
  await stream(started, silence(4_000))
  started.session.receive({ type: 'realtime-input', activityStart: true })
  await stream(started, tone(600))
  started.session.receive({ type: 'realtime-input', activityEnd: true })
  await started.clock.advance(120_000)
  return started.connection
}

const audioTokens = (connection: Awaited<ReturnType<typeof markLate>>) => {
  const usage = connection.sent.flatMap(({ message }) =>
    'usageMetadata' in message && message.usageMetadata ? [message.usageMetadata] : [],
  )
  return usage.at(-1)?.promptTokensDetails.find(({ modality }) => modality === 'AUDIO')?.tokenCount
}

describe('[RTI-9] turnCoverage', () => {
  it.each(['TURN_INCLUDES_ONLY_ACTIVITY', 'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO'])(
    '%s: audio outside the marks is in no turn',
    async (coverage) => {
      expect(audioTokens(await markLate(coverage))).toBe(15)
    },
  )

  it('TURN_INCLUDES_ALL_INPUT: all audio since the last turn is heard, and counts', async () => {
    const connection = await markLate('TURN_INCLUDES_ALL_INPUT')
    expect(audioTokens(connection)).toBe(140)
    expect(connection.transcript().find((word) => word.startsWith('heard'))).toContain('5600')
  })

  it.each([
    ['models/gemini-2.0-flash-live-001', 140],
    ['models/gemini-live-2.5-flash', 15],
    ['models/gemini-3.1-flash-live-preview', 15],
  ])('is what the generation of %s has where the client does not say', async (model, tokens) => {
    expect(audioTokens(await markLate(undefined, model))).toBe(tokens)
  })

  it('TURN_INCLUDES_ALL_INPUT counts the silence between activities that are detected', async () => {
    const started = startSession(input('TURN_INCLUDES_ALL_INPUT', false))
    await stream(started, silence(3_000))
    await stream(started, tone(1_000))
    await stream(started, silence(10_000))
    expect(audioTokens(started.connection)).toBeGreaterThanOrEqual(100)
  })
})

describe('[TRN-3] languageCodes', () => {
  async function askedOf(setup: object): Promise<Partial<RecognitionOptions>> {
    const asked: RecognitionOptions[] = []
    const started = startSession(setup, '', {
      change: (engines) => ({
        ...engines,
        asr: {
          ...engines.asr,
          open(options) {
            asked.push(options)
            return engines.asr.open(options)
          },
        },
      }),
    })
    await stream(started, tone(900))
    await stream(started, silence(3_000))
    const { language, languages } = asked[0]!
    return { ...(language && { language }), ...(languages && { languages }) }
  }

  it.each([
    [{}, {}],
    [{ inputAudioTranscription: { languageCodes: ['es-ES'] } }, { language: 'es-ES' }],
    [{ inputAudioTranscription: { languageHints: { languageCodes: ['es'] } } }, { language: 'es' }],
    [{ inputAudioTranscription: { languageCodes: ['en', 'es'] } }, { languages: ['en', 'es'] }],
    [{ generationConfig: { speechConfig: { languageCode: 'fr' } } }, { language: 'fr' }],
    [
      {
        inputAudioTranscription: { languageCodes: ['es'] },
        generationConfig: { speechConfig: { languageCode: 'fr' } },
      },
      { language: 'es' },
    ],
  ])('%j: the recogniser expects %j', async (setup, expected) => {
    expect(await askedOf(setup)).toEqual(expected)
  })
})
