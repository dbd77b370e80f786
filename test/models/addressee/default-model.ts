/** The default language model without a server, how likely it finds words, and an end behind them. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { SessionPrompt } from '../../../src/core/index.js'
import type { Conversation, Ending, Prompt } from '../../../src/engine/index.js'
import { loadLlama } from '../../../src/engines/llama/index.js'
import type { AskForesight } from './frozen-set.js'

const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const never = new AbortController().signal

export const openDefaultModel = (threads: number) =>
  loadLlama({
    modelPath: join(home, 'models', 'qwen2.5-coder-1.5b', 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf'),
    runtimeDir: join(home, 'runtimes', 'node-llama-cpp-3.22.1'),
    threads,
    contextTokens: 4096,
    sequences: 2,
  })

/** How much likelier the words are after the exchange than among people, each in a conversation of its own: what comes before the words stays read in both. */
export async function foreseen(
  conversation: Conversation,
  others: Conversation,
  { exchange, among }: Pick<AskForesight, 'exchange' | 'among'>,
): Promise<number> {
  return (await likelihood(conversation, exchange)) - (await likelihood(others, among))
}

async function likelihood(where: Conversation, prompt: SessionPrompt): Promise<number> {
  for await (const part of where.foresee!(prompt as Prompt, never)) {
    if (part.type === 'weights') return part.weights[0]!
  }
  return 0
}

/** What may follow the words of the prompt's last message. */
export async function endingOf(conversation: Conversation, prompt: Prompt): Promise<Ending> {
  const asked = { ...prompt, mayGoOn: true }
  for await (const part of conversation.generate(asked, { maxOutputTokens: 1 }, never)) {
    if (part.type === 'ending') return part
  }
  throw new Error('the language model has no view')
}
