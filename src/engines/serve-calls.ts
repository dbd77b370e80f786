/**
 * The child process's side of the calls: turns messages into calls of one loaded engine and its parts into replies, sending no more
 * parts than the caller gave credit for. It knows no particular engine.
 */
import { type AsyncQueue, createAsyncQueue } from '../engine/async-queue.js'
import type { CallMessage, CallReply } from '../engine/call.js'
import {
  type Conversation,
  EngineError,
  type LookOptions,
  type Picture,
  type Prompt,
  type Recognition,
  type RecognitionOptions,
  type Sampling,
  type Transcript,
  type View,
  type VoiceOptions,
} from '../engine/index.js'
import type { LoadedEngine } from './registry.js'

/** One call of one method: its inputs as they come and a signal that says when it is not wanted any more. */
type Method = (args: unknown, inputs: AsyncIterable<unknown>, signal: AbortSignal) => AsyncIterable<unknown>

interface RunningCall {
  readonly abort: AbortController
  readonly inputs: AsyncQueue<unknown>
  credit: number
  wake: (() => void) | undefined
}

/** Handles one message from the parent. `reply` must not block. */
export function createCallServer(
  loaded: LoadedEngine,
  reply: (message: CallReply) => void,
): (message: CallMessage) => void {
  const methods = methodsOf(loaded)
  const calls = new Map<number, RunningCall>()

  async function run(id: number, method: Method, args: unknown, call: RunningCall): Promise<void> {
    const { signal } = call.abort
    const parts = method(args, call.inputs, signal)[Symbol.asyncIterator]()
    try {
      for (;;) {
        while (call.credit <= 0 && !signal.aborted) {
          await new Promise<void>((resolve) => {
            call.wake = resolve
          })
        }
        if (signal.aborted) return
        call.credit--
        const { done, value } = await parts.next()
        if (signal.aborted) return
        if (done) {
          reply({ type: 'end', id })
          return
        }
        reply({ type: 'part', id, value })
      }
    } catch (error) {
      if (signal.aborted) return
      const code = error instanceof EngineError ? error.code : 'engine-failed'
      reply({ type: 'error', id, code, message: error instanceof Error ? error.message : String(error) })
    } finally {
      calls.delete(id)
      await parts.return?.()
    }
  }

  return (message) => {
    if (message.type === 'stop') return
    if (message.type === 'call') {
      const method = methods[message.method]
      if (!method) {
        reply({
          type: 'error',
          id: message.id,
          code: 'engine-refused',
          message: `no method ${message.method}`,
        })
        return
      }
      const call = {
        abort: new AbortController(),
        inputs: createAsyncQueue<unknown>(),
        credit: message.credit,
        wake: undefined,
      }
      calls.set(message.id, call)
      void run(message.id, method, message.args, call)
      return
    }
    const call = calls.get(message.id)
    if (!call) return
    if (message.type === 'input') call.inputs.push(message.value)
    if (message.type === 'input-end') call.inputs.end()
    if (message.type === 'pull') call.credit++
    if (message.type === 'abort') {
      call.abort.abort()
      call.inputs.end()
    }
    call.wake?.()
  }
}

function methodsOf(loaded: LoadedEngine): Readonly<Record<string, Method>> {
  switch (loaded.kind) {
    case 'vad':
      return {
        detect(_args, inputs, signal) {
          const detection = loaded.engine.open({ signal })
          feed(
            inputs,
            (samples) => detection.push(samples as Float32Array),
            () => detection.finish(),
          )
          return detection
        },
      }
    case 'turn':
      return {
        async *score(args, _inputs, signal) {
          const { samples } = args as { samples: Float32Array }
          yield await loaded.engine.score(samples, signal)
        },
      }
    case 'tone':
      return {
        async *listen(args, _inputs, signal) {
          const { samples } = args as { samples: Float32Array }
          yield await loaded.engine.listen(samples, signal)
        },
      }
    case 'speaker':
      return {
        async *encode(args, _inputs, signal) {
          const { samples } = args as { samples: Float32Array }
          yield await loaded.engine.encode(samples, signal)
        },
      }
    case 'asr':
      return {
        async *recognise(args, inputs, signal) {
          const recognition = loaded.engine.open({ ...(args as Omit<RecognitionOptions, 'signal'>), signal })
          try {
            for await (const answer of answersOf(recognition, inputs)) yield await answer
          } finally {
            recognition.close()
          }
        },
      }
    case 'llm':
      return conversationMethods(loaded)
    case 'vision':
      return viewMethods(loaded)
    case 'tts':
      return {
        speak(args, _inputs, signal) {
          const { text, voice } = args as { text: string; voice: VoiceOptions }
          return loaded.engine.speak(text, voice, signal)
        },
      }
  }
}

/** One for each `settle`, in order: the transcript, or null where `abandon` came first. */
function answersOf(
  recognition: Recognition,
  inputs: AsyncIterable<unknown>,
): AsyncIterable<Promise<Transcript | null>> {
  const answers = createAsyncQueue<Promise<Transcript | null>>()
  let wanted = new AbortController()
  const settle = async ({ signal }: AbortController) => {
    try {
      return await recognition.settle(signal)
    } catch (error) {
      if (signal.aborted) return null
      throw error
    }
  }
  const read = async () => {
    for await (const input of inputs) {
      if (input === 'abandon') {
        wanted.abort()
        wanted = new AbortController()
      } else if (input === 'settle') {
        const answer = settle(wanted)
        answer.catch(() => {})
        answers.push(answer)
      } else recognition.push(input as Float32Array)
    }
    answers.end()
  }
  void read()
  return answers
}

function conversationMethods({ engine }: Extract<LoadedEngine, { kind: 'llm' }>): Record<string, Method> {
  const open = new Map<number, { conversation: Conversation; abort: AbortController }>()
  const conversationOf = (id: number): Conversation => {
    let entry = open.get(id)
    if (!entry) {
      const abort = new AbortController()
      entry = { conversation: engine.open({ signal: abort.signal }), abort }
      open.set(id, entry)
    }
    return entry.conversation
  }
  return {
    prefill(args, _inputs, signal) {
      const { conversation, prompt } = args as { conversation: number; prompt: Prompt }
      return conversationOf(conversation).prefill(prompt, signal)
    },
    generate(args, _inputs, signal) {
      const call = args as { conversation: number; prompt: Prompt; sampling: Sampling }
      return conversationOf(call.conversation).generate(call.prompt, call.sampling, signal)
    },
    weigh(args, _inputs, signal) {
      const call = args as { conversation: number; prompt: Prompt; words: readonly string[] }
      return conversationOf(call.conversation).weigh(call.prompt, call.words, signal)
    },
    foresee(args, _inputs, signal) {
      const { conversation, prompt } = args as { conversation: number; prompt: Prompt }
      return conversationOf(conversation).foresee!(prompt, signal)
    },
    // biome-ignore lint/correctness/useYield: it is done when it ends
    async *close(args) {
      const { conversation } = args as { conversation: number }
      open.get(conversation)?.conversation.close()
      open.get(conversation)?.abort.abort()
      open.delete(conversation)
    },
  }
}

function viewMethods({ engine }: Extract<LoadedEngine, { kind: 'vision' }>): Record<string, Method> {
  const open = new Map<number, { view: View; abort: AbortController }>()
  const viewOf = (id: number): View => {
    let entry = open.get(id)
    if (!entry) {
      const abort = new AbortController()
      entry = { view: engine.open({ signal: abort.signal }), abort }
      open.set(id, entry)
    }
    return entry.view
  }
  return {
    look(args, _inputs, signal) {
      const { view, picture, options } = args as { view: number; picture: Picture; options: LookOptions }
      return viewOf(view).look(picture, options, signal)
    },
    // biome-ignore lint/correctness/useYield: it is done when it ends
    async *close(args) {
      const { view } = args as { view: number }
      open.get(view)?.view.close()
      open.get(view)?.abort.abort()
      open.delete(view)
    },
  }
}

function feed(inputs: AsyncIterable<unknown>, push: (value: unknown) => void, end: () => void): void {
  const run = async () => {
    for await (const value of inputs) push(value)
    end()
  }
  void run()
}
