import { describe, expect, it } from 'vitest'

import type { ProtocolError } from './close.js'
import { decodeClientMessage } from './decode.js'
import { effectiveSetup, parseFieldMask, type SetupLock } from './setup-lock.js'

const OWN = {
  model: 'models/own',
  generationConfig: { temperature: 1, topK: 5 },
  systemInstruction: { parts: [{ text: 'own' }] },
  tools: [{ googleSearch: {} }],
}
const TOKEN = {
  model: 'models/token',
  generationConfig: { responseModalities: ['AUDIO'], temperature: 0.2 },
}

describe('[TOK-6] the setup in effect', () => {
  it('is the connection’s where the token fixes nothing', () => {
    expect(effectiveSetup(OWN, {})).toEqual(OWN)
  })

  it('[TOK-7] is the token’s where it has one and no mask', () => {
    expect(effectiveSetup(OWN, { setup: TOKEN })).toEqual(TOKEN)
    expect(effectiveSetup(OWN, { setup: { generationConfig: {} } })).toEqual({
      model: 'models/own',
      generationConfig: {},
    })
  })

  it('[TOK-8] has the token’s masked fields and the rest of the connection', () => {
    const mask = ['model', 'generationConfig.temperature', 'systemInstruction', 'generationConfig.topK']
    expect(effectiveSetup(OWN, { setup: TOKEN, mask })).toEqual({
      model: 'models/token',
      generationConfig: { temperature: 0.2 },
      tools: [{ googleSearch: {} }],
    })
    expect(effectiveSetup({ model: 'm', generationConfig: 'no object' }, { setup: TOKEN, mask })).toEqual({
      model: 'models/token',
      generationConfig: { temperature: 0.2 },
    })
  })

  it('[TOK-9] keeps the handle that the connection resumes with', () => {
    const own = { ...OWN, sessionResumption: { handle: 'h1' } }
    expect(effectiveSetup(own, { setup: { ...TOKEN, sessionResumption: {} } })).toEqual({
      ...TOKEN,
      sessionResumption: { handle: 'h1' },
    })
    expect(effectiveSetup(own, { setup: TOKEN, mask: ['sessionResumption.handle', 'model'] })).toMatchObject({
      model: 'models/token',
      sessionResumption: { handle: 'h1' },
    })
  })

  it('[TOK-22] is resumable only where the token says so: an empty handle is none', () => {
    const own = { ...OWN, sessionResumption: { handle: '' } }
    expect(effectiveSetup(own, { setup: TOKEN })).toEqual(TOKEN)
    expect(effectiveSetup(own, { setup: TOKEN, mask: ['sessionResumption'] })).not.toHaveProperty(
      'sessionResumption',
    )
    const resumable = { ...TOKEN, sessionResumption: {} }
    expect(effectiveSetup(own, { setup: resumable })).toEqual(resumable)
  })

  it('[TOK-8] switches nothing on by a mask for what the token leaves out', () => {
    const mask = ['sessionResumption.handle', 'inputAudioTranscription.languageCodes']
    expect(effectiveSetup(OWN, { setup: TOKEN, mask })).toEqual(OWN)
  })

  it('never changes what it was given', () => {
    const own = structuredClone(OWN)
    effectiveSetup(own, { setup: TOKEN, mask: ['generationConfig.temperature', 'tools'] })
    expect(own).toEqual(OWN)
  })
})

describe('[TOK-10] a field mask', () => {
  it('may be spelt as the SDKs spell it', () => {
    expect(parseFieldMask('model, generationConfig.top_k,system_instruction,setup.tools.0,tools.1')).toEqual([
      'model',
      'generationConfig.topK',
      'systemInstruction',
      'tools',
    ])
  })

  it('names fields of setup only', () => {
    expect(() => parseFieldMask('temperature')).toThrow('fieldMask: "temperature" is no field of setup.')
    expect(() => parseFieldMask('generationConfig..x')).toThrow('fieldMask')
  })

  it('[TOK-10] names fields that exist, however deep', () => {
    for (const path of [
      'generationConfig.maxOutputToken',
      'generation_config.speech_config.voice_config.name',
      'generationConfig.temperature.x',
      'tools.0.functionDeclaration',
      'sessionResumption.handle.',
      'setup',
    ]) {
      expect(() => parseFieldMask(`model,${path}`)).toThrow(`fieldMask: "${path}" is no field of setup.`)
    }
    expect(
      parseFieldMask(
        'generationConfig.thinkingConfig.thinkingBudget,labels.team,system_instruction.parts.0.text,' +
          'tools.functionDeclarations,generationConfig.responseSchema.type',
      ),
    ).toEqual([
      'generationConfig.thinkingConfig.thinkingBudget',
      'labels.team',
      'systemInstruction',
      'tools',
      'generationConfig.responseSchema.type',
    ])
  })
})

describe('[TOK-21] in the middle of a session', () => {
  const outcome = (message: object, lock: SetupLock): string => {
    try {
      return decodeClientMessage(JSON.stringify(message), { lock }).type
    } catch (error) {
      const { closeCode, reason } = error as ProtocolError
      return `${closeCode} ${reason}`
    }
  }
  const fixes = (where: string, field: string) =>
    `1008 ${where} is refused: the ephemeral token fixes ${field} for the whole session.`
  const instruction = { contextUpdate: { systemInstruction: { parts: [{ text: 'x' }] } } }
  const noInstruction = { context_update: { system_instruction: { parts: [] } } }
  const tools = { contextUpdate: { tools: { tools: [] } } }
  const systemTurn = {
    clientContent: {
      turns: [
        { role: 'user', parts: [{ text: 'a' }] },
        { role: 'system', parts: [{ text: 'b' }] },
      ],
    },
  }
  const byUpdate = fixes('contextUpdate.systemInstruction', 'setup.systemInstruction')
  const byTurn = fixes('clientContent of the role system', 'setup.systemInstruction')
  const byTools = fixes('contextUpdate.tools', 'setup.tools')

  it.each<[string, SetupLock, [string, string, string, string]]>([
    ['all of setup', { setup: TOKEN }, [byUpdate, byUpdate, byTurn, byTools]],
    [
      'the instruction',
      { setup: TOKEN, mask: ['model', 'systemInstruction'] },
      [byUpdate, byUpdate, byTurn, 'context-update'],
    ],
    ['the tools', { mask: ['tools'] }, ['context-update', 'context-update', 'client-content', byTools]],
    [
      'something else',
      { setup: TOKEN, mask: ['model'] },
      ['context-update', 'context-update', 'client-content', 'context-update'],
    ],
    ['nothing', {}, ['context-update', 'context-update', 'client-content', 'context-update']],
  ])('what a token fixes stays as it is: %s', (_, lock, expected) => {
    expect([instruction, noInstruction, systemTurn, tools].map((message) => outcome(message, lock))).toEqual(
      expected,
    )
    expect(outcome({ contextUpdate: {} }, lock)).toBe('context-update')
    expect(outcome({ clientContent: { turns: [{ parts: [{ text: 'a' }] }] } }, lock)).toBe('client-content')
  })
})
