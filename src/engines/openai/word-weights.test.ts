import { describe, expect, it } from 'vitest'
import { sendError, sendEvent, startOpenAiServer } from '../../testing/contract/openai-server.js'
import { collect, neverAborted } from '../../testing/contract/suite.js'
import { createOpenAiLanguageModel } from './index.js'
import { wordWeights } from './word-weights.js'

const prompt = { system: 'Yes or no?', messages: [{ role: 'user' as const, text: 'Is water wet?' }] }

describe('weights of first words', () => {
  it.each([
    [
      'likelihoods, in any spelling',
      [
        ['Yes', -0.2],
        [' no', -1.8],
      ],
      'Yes',
      [-0.2, -1.8],
    ],
    [
      'a word that is not among them',
      [
        ['yes', -0.1],
        ['maybe', -4],
      ],
      'yes',
      [-0.1, -4],
    ],
    [
      'a token that is the beginning of a word',
      [
        ['y', -0.3],
        ['n', -2],
      ],
      'y',
      [-0.3, -2],
    ],
    ['none of them: what was said counts', [], 'No.', [0, 0]],
    ['none of them: what was said counts', [], 'No', [0, 2]],
    ['nothing at all', [], '', [0, 0]],
  ] as const)('%s', (_, listed, content, weights) => {
    const top_logprobs = listed.map(([token, logprob]) => ({ token, logprob }))
    const logprobs = listed.length > 0 ? { content: [{ top_logprobs }] } : null
    expect(wordWeights({ message: { content }, logprobs }, ['yes', 'no'])).toEqual(weights)
  })

  it.each(['streamed', 'whole', 'without likelihoods'] as const)('%s, from a server', async (how) => {
    const logprobs = {
      content: [
        {
          top_logprobs: [
            { token: 'Yes', logprob: -0.1 },
            { token: 'No', logprob: -2.5 },
          ],
        },
      ],
    }
    const server = await startOpenAiServer({
      respond(body, response) {
        if (how === 'without likelihoods' && 'logprobs' in body)
          return sendError(response, 400, 'Unrecognized request argument: logprobs')
        if (how === 'whole') {
          response.writeHead(200, { 'content-type': 'application/json' })
          return response.end(JSON.stringify({ choices: [{ message: { content: 'Yes' }, logprobs }] }))
        }
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        sendEvent(response, { choices: [{ delta: { role: 'assistant', content: '' } }] })
        const said = { delta: { content: 'Yes' }, ...(how === 'streamed' && { logprobs }) }
        sendEvent(response, { choices: [said] })
        sendEvent(response, '[DONE]')
        response.end()
      },
    })
    const model = createOpenAiLanguageModel({ url: server.url, model: 'm', timeoutMs: 5_000 })
    const conversation = model.open({ signal: neverAborted() })
    const parts = await collect(conversation.weigh(prompt, ['yes', 'no'], neverAborted()))
    await server.close()
    expect(parts).toEqual([
      { type: 'weights', weights: how === 'without likelihoods' ? [2, 0] : [-0.1, -2.5] },
    ])
    expect(server.requests.at(-1)).toMatchObject({ max_tokens: 1 })
  })
})
