import { describe, expect, it } from 'vitest'

import { effectiveSetup, parseFieldMask } from './setup-lock.js'

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
})
