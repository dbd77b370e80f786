/**
 * Writes a prompt as the messages and tools of a chat completion. Knows nothing of requests or replies.
 *
 * Servers insist that a tool's message follows the call it answers at once. Conversations are freer: a result may come
 * turns later, several times, or never. So a call that is not answered at once is written where its result is, with
 * it; one without any result gets a word that says so.
 */
import { writeWav } from '../../audio/index.js'
import type { FunctionDeclaration, JsonObject, Message, Prompt } from '../../engine/index.js'

type Call = Extract<Message, { role: 'call' }>
type Result = Extract<Message, { role: 'result' }>

/** Of what engines hear. */
const SPEECH_HZ = 16_000
const NO_RESULT_YET = 'There is no result yet.'

/** `hears`: speech goes as audio. */
export function chatMessages({ system, messages }: Prompt, hears = false): JsonObject[] {
  const chat: JsonObject[] = system === '' ? [] : [{ role: 'system', content: system }]
  const answered = new Set(messages.flatMap((message) => (message.role === 'result' ? [message.id] : [])))
  const argsOf = new Map<string, JsonObject>()
  const usedIds = new Set<string>()
  let index = 0
  const takeWhile = <M extends Message>(is: (message: Message) => message is M): M[] => {
    const taken: M[] = []
    for (let next = messages[index]; next !== undefined && is(next); next = messages[++index])
      taken.push(next)
    return taken
  }
  while (index < messages.length) {
    const message = messages[index]!
    if ('text' in message) {
      chat.push({ role: message.role === 'user' ? 'user' : 'assistant', content: content(message, hears) })
      index++
      continue
    }
    const calls = takeWhile((next): next is Call => next.role === 'call')
    const results = takeWhile((next): next is Result => next.role === 'result')
    for (const call of calls) argsOf.set(call.id, call.args)
    const together = calls
      .map((call) => ({ call, result: results.find(({ id }) => id === call.id) }))
      .filter(({ call, result }) => result !== undefined || !answered.has(call.id))
    if (together.length > 0) chat.push(assistantCalls(together.map(({ call }) => call)))
    for (const { call, result } of together) {
      usedIds.add(call.id)
      chat.push(toolMessage(call.id, result))
    }
    for (const result of results) {
      if (together.some((pair) => pair.result === result)) continue
      // A further result of the same call must look like another call.
      let id = result.id
      for (let count = 2; usedIds.has(id); count++) id = `${result.id}-${count}`
      usedIds.add(id)
      chat.push(
        assistantCalls([{ id, name: result.name, args: argsOf.get(result.id) ?? {} }]),
        toolMessage(id, result),
      )
    }
  }
  return chat
}

/** What is seen and heard before the words that ask about it, as models are trained. Spoken words are not told twice. */
function content(
  { text, pictures = [], speech }: Extract<Message, { text: string }>,
  hears: boolean,
): string | JsonObject[] {
  const recordings = hears ? (speech?.recordings ?? []) : []
  if (pictures.length + recordings.length === 0) return text
  const words = recordings.length > 0 && speech ? speech.typed : text
  return [
    ...pictures.map(({ bytes, mimeType }) => ({
      type: 'image_url',
      image_url: { url: `data:${mimeType};base64,${Buffer.from(bytes).toString('base64')}` },
    })),
    ...recordings.map((samples) => ({
      type: 'input_audio',
      input_audio: { data: encodedWav(samples), format: 'wav' },
    })),
    ...(words === '' ? [] : [{ type: 'text', text: words }]),
  ]
}

/** Speech goes with every request that it belongs to, and is written once. */
const written = new WeakMap<Float32Array, string>()

function encodedWav(samples: Float32Array): string {
  const known = written.get(samples)
  if (known !== undefined) return known
  const encoded = Buffer.from(writeWav(samples, SPEECH_HZ)).toString('base64')
  written.set(samples, encoded)
  return encoded
}

export function chatTools(functions: readonly FunctionDeclaration[] = []): JsonObject[] {
  return functions.map(({ name, description, parameters }) => ({
    type: 'function',
    function: { name, description, parameters: parameters ?? { type: 'object', properties: {} } },
  }))
}

function assistantCalls(calls: readonly Pick<Call, 'id' | 'name' | 'args'>[]): JsonObject {
  return {
    role: 'assistant',
    content: null,
    tool_calls: calls.map(({ id, name, args }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(args) },
    })),
  }
}

function toolMessage(id: string, result: Result | undefined): JsonObject {
  if (result === undefined) return { role: 'tool', tool_call_id: id, content: NO_RESULT_YET }
  const value = 'output' in result.result ? result.result.output : { error: result.result.error }
  return {
    role: 'tool',
    tool_call_id: id,
    content: typeof value === 'string' ? value : JSON.stringify(value),
  }
}
