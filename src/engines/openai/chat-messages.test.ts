import { describe, expect, it } from 'vitest'
import { readWav } from '../../audio/index.js'
import type { Message } from '../../engine/index.js'
import { chatMessages, chatTools } from './chat-messages.js'

const user = (text: string): Message => ({ role: 'user', text })
const call = (id: string): Message => ({ role: 'call', id, name: 'look', args: { at: id } })
const result = (id: string, output: string | number = 1): Message => ({
  role: 'result',
  id,
  name: 'look',
  result: { output },
})

/** `u:` words of the user, `m:` of the model, `c:` ids of calls, `t:` id and content of a tool's message. */
function outline(...messages: Message[]): string[] {
  return chatMessages({ system: '', messages }).map(
    ({ role, content, tool_calls: calls, tool_call_id: id }) => {
      if (role === 'tool') return `t:${id}=${content}`
      if (Array.isArray(calls)) return `c:${calls.map((one) => (one as { id: string }).id).join(',')}`
      return `${role === 'user' ? 'u' : 'm'}:${content}`
    },
  )
}

describe('calls and results', () => {
  it('are written as servers want them', () => {
    expect(
      chatMessages({
        system: 'S',
        messages: [call('a'), { ...result('a'), result: { error: 'none' } } as Message],
      }),
    ).toEqual([
      { role: 'system', content: 'S' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'look', arguments: '{"at":"a"}' } }],
      },
      { role: 'tool', tool_call_id: 'a', content: '{"error":"none"}' },
    ])
  })

  it.each<[string, Message[], string[]]>([
    ['together', [call('a'), call('b'), result('b', 'B'), result('a', 'A')], ['c:a,b', 't:a=A', 't:b=B']],
    [
      'one after the other',
      [call('a'), result('a'), call('b'), result('b')],
      ['c:a', 't:a=1', 'c:b', 't:b=1'],
    ],
    ['late', [call('a'), user('hey'), result('a')], ['u:hey', 'c:a', 't:a=1']],
    [
      'half of them late',
      [call('a'), call('b'), result('a'), user('hey'), result('b')],
      ['c:a', 't:a=1', 'u:hey', 'c:b', 't:b=1'],
    ],
    [
      'twice',
      [call('a'), result('a', 1), user('hey'), result('a', 2)],
      ['c:a', 't:a=1', 'u:hey', 'c:a-2', 't:a-2=2'],
    ],
    ['twice at once', [call('a'), result('a', 1), result('a', 2)], ['c:a', 't:a=1', 'c:a-2', 't:a-2=2']],
    ['never', [call('a'), user('hey')], ['c:a', 't:a=There is no result yet.', 'u:hey']],
    ['without a call that is still known', [result('a')], ['c:a', 't:a=1']],
  ])('that come %s follow each other', (_what, messages, expected) => {
    expect(outline(...messages)).toEqual(expected)
  })
})

describe('tools', () => {
  it('carry the schema as it was declared, an empty one where there is none', () => {
    const parameters = { type: 'object', properties: { at: { type: 'string' } } }
    expect(
      chatTools([
        { name: 'look', description: 'Look', parameters },
        { name: 'stop', description: '' },
      ]),
    ).toEqual([
      { type: 'function', function: { name: 'look', description: 'Look', parameters } },
      {
        type: 'function',
        function: { name: 'stop', description: '', parameters: { type: 'object', properties: {} } },
      },
    ])
    expect(chatTools()).toEqual([])
  })
})

describe('speech', () => {
  const recording = Float32Array.from([0, 0.5, -0.5])
  const spoken: Message = {
    role: 'user',
    text: 'what it was taken for blue',
    speech: { recordings: [recording, recording], typed: 'blue' },
  }

  it('goes as WAV where the model hears, with what was typed beside it', () => {
    const [message] = chatMessages({ system: '', messages: [spoken] }, true)
    const content = message?.content as { type: string; input_audio?: { data: string; format: string } }[]
    expect(content.map(({ type }) => type)).toEqual(['input_audio', 'input_audio', 'text'])
    expect(content[2]).toEqual({ type: 'text', text: 'blue' })
    expect(content[0]?.input_audio?.format).toBe('wav')
    const wav = readWav(Buffer.from(content[0]!.input_audio!.data, 'base64'))
    expect(wav.sampleRateHz).toBe(16_000)
    expect(Array.from(wav.samples, (sample) => Math.round(sample * 10) / 10)).toEqual([0, 0.5, -0.5])
  })

  it('goes as its words to any other model', () => {
    expect(chatMessages({ system: '', messages: [spoken] })).toEqual([
      { role: 'user', content: 'what it was taken for blue' },
    ])
  })
})
