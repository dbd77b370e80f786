import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { decodeClientMessage, KNOWN_MODELS, ProtocolError, resolveModel, type Setup } from './index.js'
import { normaliseKeys } from './normalise-keys.js'

const decode = (message: unknown) => decodeClientMessage(JSON.stringify(message))

function setupOf(fields: object): Setup {
  const message = decode({ setup: { model: 'models/m', ...fields } })
  if (message.type !== 'setup') throw new Error('not a setup')
  return message.setup
}

describe('setup', () => {
  it('has its defaults', () => {
    expect(decode({ setup: { model: 'models/gemini-live-2.5-flash' } })).toEqual({
      type: 'setup',
      notices: [],
      setup: {
        model: 'gemini-live-2.5-flash',
        modelPath: 'models/gemini-live-2.5-flash',
        modality: 'AUDIO',
        system: '',
        sampling: {},
        activityDetection: { automatic: true },
        interruptible: true,
        functions: [],
        explicitVadSignal: false,
        initialHistory: false,
        proactivity: { audio: false, video: false },
        affectiveDialog: false,
      },
    })
  })

  it('[MSG-4] is read whole, in the mixed spelling of a real SDK', () => {
    const { setup, notices } = decode({
      setup: {
        model: 'projects/p1/locations/us-central1/publishers/google/models/gemini-live-2.5-flash',
        generationConfig: {
          response_modalities: ['audio'],
          temperature: '0.5',
          top_p: 0.9,
          topK: 20.0,
          max_output_tokens: '64',
          seed: -7,
          presencePenalty: 0.5,
          frequency_penalty: -0.5,
          speechConfig: {
            voice_config: { prebuilt_voice_config: { voice_name: 'Kore' } },
            language_code: 'en-US',
          },
          thinkingConfig: { include_thoughts: true, thinking_budget: 0, thinkingLevel: 'low' },
          media_resolution: 'MEDIA_RESOLUTION_LOW',
        },
        systemInstruction: { parts: [{ text: 'Be brief.' }, { text: 'Be kind.' }], role: 'user' },
        realtimeInputConfig: {
          automatic_activity_detection: {
            disabled: true,
            start_of_speech_sensitivity: 'START_SENSITIVITY_HIGH',
            end_of_speech_sensitivity: 'END_SENSITIVITY_LOW',
            prefix_padding_ms: 20,
            silence_duration_ms: '100',
          },
          activity_handling: 'NO_INTERRUPTION',
          turn_coverage: 'TURN_INCLUDES_ALL_INPUT',
        },
        input_audio_transcription: {
          language_codes: ['en-US'],
          custom_vocabulary: [],
          mode: 'verbatim',
        },
        outputAudioTranscription: { custom_vocabulary: ['Viva'], adaptationPhrases: ['Voce'], mode: 'smart' },
        sessionResumption: { handle: null },
        contextWindowCompression: { trigger_tokens: '25600', sliding_window: { target_tokens: 12800 } },
        history_config: { initial_history_in_client_content: true },
        toolConfig: {
          functionCallingConfig: { mode: 'none', allowed_function_names: ['f'] },
        },
        proactivity: { proactive_audio: false },
        safetySettings: [{ category: 'C' }],
      },
    }) as Extract<ReturnType<typeof decode>, { type: 'setup' }>
    expect(setup).toEqual({
      model: 'gemini-live-2.5-flash',
      modelPath: 'projects/p1/locations/us-central1/publishers/google/models/gemini-live-2.5-flash',
      modality: 'AUDIO',
      system: 'Be brief.\nBe kind.',
      sampling: {
        temperature: 0.5,
        topP: 0.9,
        topK: 20,
        maxOutputTokens: 64,
        seed: -7,
        presencePenalty: 0.5,
        frequencyPenalty: -0.5,
      },
      voiceName: 'Kore',
      languageCode: 'en-US',
      activityDetection: {
        automatic: false,
        startSensitivity: 'HIGH',
        endSensitivity: 'LOW',
        prefixPaddingMs: 20,
        silenceDurationMs: 100,
      },
      interruptible: false,
      turnCoverage: 'TURN_INCLUDES_ALL_INPUT',
      inputTranscription: { languageCodes: ['en-US'] },
      outputTranscription: { languageCodes: [] },
      functions: [],
      functionCalling: { mode: 'NONE', allowedNames: ['f'] },
      sessionResumption: { transparent: false },
      contextWindowCompression: { triggerTokens: 25_600, slidingWindow: { targetTokens: 12_800 } },
      explicitVadSignal: false,
      initialHistory: true,
      proactivity: { audio: false, video: false },
      affectiveDialog: false,
      mediaResolution: 'LOW',
      thinking: { includeThoughts: true, budgetTokens: 0, level: 'LOW' },
    } satisfies Setup)
    expect(notices.map((notice) => notice.split(' ')[0])).toEqual([
      'setup.generationConfig.thinkingConfig',
      'setup.outputAudioTranscription.customVocabulary',
      'setup.outputAudioTranscription.adaptationPhrases',
      'setup.outputAudioTranscription.mode',
      'setup.safetySettings',
    ])
  })

  it('takes an instruction as text, unset enums as absent, one modality twice', () => {
    expect(setupOf({ systemInstruction: 'Be brief.' }).system).toBe('Be brief.')
    expect(setupOf({ system_instruction: { parts: { text: 'Hi' } } }).system).toBe('Hi')
    const generationConfig = { responseModalities: ['TEXT', 'TEXT', 'MODALITY_UNSPECIFIED'], topK: 0 }
    expect(setupOf({ generationConfig })).toMatchObject({ modality: 'TEXT', sampling: {} })
    const realtimeInputConfig = { activityHandling: 'ACTIVITY_HANDLING_UNSPECIFIED' }
    expect(setupOf({ realtimeInputConfig }).interruptible).toBe(true)
  })
})

describe('[SET-3] models', () => {
  it.each(KNOWN_MODELS)('%s is served, with every prefix', (id) => {
    for (const prefix of ['', 'models/', 'publishers/google/models/', 'projects/p/models/']) {
      expect(resolveModel(setupOf({ model: prefix + id }).model)).toBe(id)
    }
  })

  it('the configuration can add one, which a refusal then names first', () => {
    expect(resolveModel('mine', ['mine'])).toBe('mine')
    expect(() => resolveModel('other', ['mine'])).toThrow(
      /"other" is not served: use mine, gemini-live-2.5-flash/,
    )
  })
})

describe('[CNT-4] clientContent', () => {
  it.each([
    [{ turnComplete: true }, [], true],
    [{}, [], false],
    [
      { turns: { role: 'user', parts: [{ text: 'Hi' }] }, turn_complete: true },
      [{ role: 'user', text: 'Hi' }],
      true,
    ],
    [{ turns: [{ parts: { text: 'Hi' } }] }, [{ role: 'user', text: 'Hi' }], false],
    [{ turns: ['Hi'] }, [{ role: 'user', text: 'Hi' }], false],
    [
      { turns: [{ role: 'model', parts: [{ text: 'Yes, I' }, { text: "'m here" }] }] },
      [{ role: 'model', text: "Yes, I'm here" }],
      false,
    ],
    [
      { turns: [{ role: 'system', parts: [{ text: 'A' }, { text: 'B' }] }] },
      [{ role: 'system', text: 'A\nB' }],
      false,
    ],
    [
      {
        turns: [
          {
            role: 'model',
            parts: [{ text: 'hm', thought: true }, { thoughtSignature: 'x' }, { text: 'Yes' }],
          },
        ],
      },
      [{ role: 'model', text: 'Yes' }],
      false,
    ],
    [
      {
        turns: [
          { role: 'user', parts: [] },
          { role: null, parts: [{ text: ' ' }] },
        ],
      },
      [{ role: 'user', text: ' ' }],
      false,
    ],
  ])('%j', (clientContent, turns, turnComplete) => {
    expect(decode({ clientContent })).toEqual({ type: 'client-content', turns, turnComplete })
  })
})

describe('realtimeInput', () => {
  const audio = (...bytes: number[]) => ({ bytes: Uint8Array.from(bytes), sampleRateHz: 16_000 })

  it.each([
    [{ audio: { data: 'AP_-AQ==', mime_type: 'audio/pcm;rate=16000' } }, { audio: audio(0, 255, 254, 1) }],
    [
      { audio: { data: 'AP/+AQ', mimeType: 'Audio/PCM; Rate=16000; channels=1' } },
      { audio: audio(0, 255, 254, 1) },
    ],
    [{ audio: { data: 'AP/+', mimeType: 'audio/pcm' } }, { audio: audio(0, 255, 254) }],
    [{ audio: { data: 'AP/+' } }, { audio: audio(0, 255, 254) }],
    [
      { audio: { data: '', mimeType: 'audio/pcm;rate=44100' } },
      { audio: { bytes: new Uint8Array(), sampleRateHz: 44_100 } },
    ],
    [{ mediaChunks: { data: 'AAE=', mimeType: 'audio/pcm' } }, { audio: audio(0, 1) }],
    [
      {
        media_chunks: [
          { data: 'AAE=', mime_type: 'audio/pcm' },
          { data: 'AgM=', mimeType: 'audio/pcm' },
        ],
      },
      { audio: audio(0, 1, 2, 3) },
    ],
    [{ text: 'hi' }, { text: 'hi' }],
    [{ activityStart: {} }, { activityStart: true }],
    [{ activity_end: {} }, { activityEnd: true }],
    [{ audioStreamEnd: true }, { audioStreamEnd: true }],
    [{ audioStreamEnd: false, activityStart: null, text: null }, {}],
    [
      { audio: { data: 'AAE=' }, text: 'hi', activityStart: {} },
      { audio: audio(0, 1), text: 'hi', activityStart: true },
    ],
  ])('%j', (realtimeInput, expected) => {
    expect(decode({ realtimeInput })).toEqual({ type: 'realtime-input', ...expected })
  })

  it('refuses chunks of different rates', () => {
    const mediaChunks = ['16000', '24000'].map((rate) => ({
      mimeType: `audio/pcm;rate=${rate}`,
      data: 'AAAA',
    }))
    expect(() => decode({ realtimeInput: { mediaChunks } })).toThrow(/mediaChunks have different rates/)
  })

  it('uses the decoder that it is given', () => {
    const message = decodeClientMessage('{"realtimeInput":{"audio":{"data":"AAAA"}}}', {
      decodeBase64: () => Uint8Array.of(9),
    })
    expect(message).toMatchObject({ audio: { bytes: Uint8Array.of(9) } })
  })
})

describe('any message', () => {
  it('is read from text and from bytes, with unknown neighbours noticed', () => {
    const bytes = new TextEncoder().encode('{"realtimeInput":{"text":"¿qué?"},"extra":1,"none":null}')
    expect(decodeClientMessage(bytes)).toEqual({
      type: 'realtime-input',
      text: '¿qué?',
      notices: ['Unknown field extra is ignored'],
    })
  })

  it('[ERR-2] is decoded or refused with a fitting reason, whatever it is', () => {
    const key = fc.constantFrom(
      ...[
        'setup',
        'clientContent',
        'client_content',
        'realtimeInput',
        'toolResponse',
        'contextUpdate',
        'model',
      ],
      ...[
        'generationConfig',
        'turns',
        'parts',
        'text',
        'role',
        'audio',
        'mediaChunks',
        'data',
        'mimeType',
        '__proto__',
      ],
      ...['tools', 'sessionResumption', 'speech_config', 'systemInstruction', 'constructor', 'toString'],
    )
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom(null, true, 1, -1, 'x', 'AAAA', 'audio/pcm', '', 'models/m', 1e300),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(value, (message) => {
        try {
          expect(decode(message).type).toBeTypeOf('string')
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
          expect((error as ProtocolError).reason).not.toBe('')
        }
      }),
      { numRuns: 2000 },
    )
  })
})

describe('normaliseKeys', () => {
  const word = fc.stringMatching(/^[a-z]{1,4}$/).filter((text) => !['args', 'defs'].includes(text))
  const words = fc.array(word, { minLength: 1, maxLength: 3 })
  const camel = ([head = '', ...tail]: readonly string[]) =>
    head + tail.map((text) => text[0]!.toUpperCase() + text.slice(1)).join('')

  it('gives both spellings the same result, at every level', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 5 }), (path) => {
        const nest = (spell: (name: readonly string[]) => string) =>
          path.reduceRight<unknown>((content, name) => [{ [spell(name)]: content }], 1)
        expect(normaliseKeys(nest((name) => name.join('_')))).toEqual(nest(camel))
        expect(normaliseKeys(nest(camel))).toEqual(nest(camel))
      }),
    )
  })

  it("leaves the user's own keys alone", () => {
    const own = { my_key: { a_b: null }, other_key: [1] }
    const tools = [
      {
        function_declarations: [
          {
            parameters: { properties: { my_key: { max_items: 1 }, labels: { any_of: [{ min_length: 2 }] } } },
            parameters_json_schema: own,
            response: { max_items: 3 },
          },
        ],
      },
    ]
    expect(
      normaliseKeys({
        labels: own,
        tools,
        function_call: { args: own },
        tool_response: { function_responses: [{ response: own, will_continue: true }] },
      }),
    ).toEqual({
      labels: own,
      tools: [
        {
          functionDeclarations: [
            {
              parameters: { properties: { my_key: { maxItems: 1 }, labels: { anyOf: [{ minLength: 2 }] } } },
              parametersJsonSchema: own,
              response: { maxItems: 3 },
            },
          ],
        },
      ],
      functionCall: { args: own },
      toolResponse: { functionResponses: [{ response: own, willContinue: true }] },
    })
  })
})
