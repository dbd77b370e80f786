import { describe, expect, it } from 'vitest'
import { testVisionModel } from '../../testing/contract/index.js'
import { type Flavour, startOpenAiServer } from '../../testing/contract/openai-server.js'
import { createManualClock } from '../../testing/manual-clock.js'
import { GREEN_PNG, RED_BLUE_JPEG, RED_BLUE_PNG, RED_BLUE_WEBP } from '../../testing/pictures.js'
import { createScriptedEngines } from '../scripted/index.js'
import { createOpenAiVisionModel } from './index.js'

async function served(flavour: Flavour) {
  const server = await startOpenAiServer({ flavour })
  const eyes = createScriptedEngines({ clock: createManualClock() }).vision!
  const model = createOpenAiVisionModel({ url: server.url, model: 'seer', timeoutMs: 5_000 }, eyes)
  return Object.assign(model, { requests: server.requests, close: () => server.close() })
}

for (const flavour of ['vllm', 'llama.cpp', 'ollama', 'openai'] satisfies Flavour[]) {
  testVisionModel(`openai engine, ${flavour} server`, () => served(flavour), {
    pictures: [RED_BLUE_PNG, RED_BLUE_JPEG, RED_BLUE_WEBP],
    other: GREEN_PNG,
  })
}

describe('a vision model elsewhere', () => {
  it('gets the pictures and the question in one request, pictures first', async () => {
    const model = await served('vllm')
    const signal = new AbortController().signal
    const prompt = {
      system: 'Be brief.',
      messages: [{ role: 'user' as const, text: 'Which is green?', pictures: [RED_BLUE_JPEG, GREEN_PNG] }],
    }
    let said = ''
    for await (const part of model.languageModel.open({ signal }).generate(prompt, {}, signal))
      if (part.type === 'text') said += part.text
    await model.close()
    expect(said).toContain(`a jpeg of ${RED_BLUE_JPEG.bytes.length} bytes a png of`)
    expect(model.requests).toHaveLength(1)
    expect(model.requests[0]).toMatchObject({
      model: 'seer',
      messages: [
        { role: 'system' },
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: expect.stringMatching(/^data:image\/jpeg;base64,/) } },
            { type: 'image_url', image_url: { url: expect.stringMatching(/^data:image\/png;base64,/) } },
            { type: 'text', text: 'Which is green?' },
          ],
        },
      ],
    })
  })
})
