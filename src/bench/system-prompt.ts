/**
 * Time to the first audio under system instructions and functions of a given size: what evaluating them costs once, and what the server
 * saves for the next session, for a change of context in the middle, and for a session that is resumed, and how long others wait meanwhile. The
 * questions are typed, so that nothing is read while somebody speaks; a session like the second is asked aloud as well.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { pcm16ToFloat } from '../audio/index.js'
import {
  audioOf,
  type ConnectOptions,
  connectLive,
  type LiveClient,
  type LiveConfig,
} from '../client/index.js'
import { converseOver } from './conversation.js'
import { type Summary, summarize } from './percentiles.js'
import { createPlayback } from './playback.js'
import type { Question } from './question.js'

/** Times go from sending the text, right after `setupComplete` or `contextUpdate`, to the first audible sample; of `spokenMs` from the end of speech. */
export interface SystemPromptResult {
  readonly requestedTokens: number
  /** As the server counted the whole prompt; undefined where it does not say. */
  readonly promptTokens: number | undefined
  readonly firstSessionMs: number
  /** A new session changes to a context of the same size that no session had before. */
  readonly newContextMs: number
  /** Sessions with the same context as the first. */
  readonly secondSessionMs: Summary
  /** The same, where the user speaks from `setupComplete` on. */
  readonly spokenMs: Summary
  /** New sessions change to the context that one session had. */
  readonly knownContextMs: Summary
  /** The second sessions, after their answer, resumed in another connection. */
  readonly resumedMs: Summary
  /** Sessions without any context, one after the other, with nobody beside them. */
  readonly aloneMs: Summary
  /** The same, asked while a context that no session had before is read for another one; at least one. */
  readonly besideMs: Summary
}

type Context = Required<Pick<LiveConfig, 'systemInstruction' | 'tools'>>

interface Answer {
  readonly audibleMs: number
  readonly promptTokens: number | undefined
}

/** What is quick is measured this often. */
const ROUNDS = 5
/** After it was asked for; 250 tokens take seconds. */
const READING_BEGINS_MS = 300
const QUESTION = 'Hello, when is breakfast?'

const SENTENCES = [
  'You are the friendly receptionist of a small hotel by the sea.',
  'Guests may check in from three in the afternoon and check out until eleven.',
  'Breakfast is served from seven to ten, on Sundays until half past eleven.',
  'Always answer in one or two short sentences and never invent a price.',
  'If somebody asks for the manager, offer to take a message for her.',
]
/** Tokens per sentence above, about, for the tokenisers in use; the true count is reported beside it. */
const TOKENS_PER_SENTENCE = 15

const FUNCTIONS = [
  ['order_taxi', 'Order a taxi to the hotel'],
  ['report_fault', 'Tell the caretaker what is broken in a room'],
  ['send_towels', 'Have fresh towels brought to a room'],
  ['rent_bicycle', 'Rent out one of the bicycles of the hotel'],
] as const
/** Of the JSON of one below, about. */
const TOKENS_PER_FUNCTION = 75

/** Numbered and marked with `nonce`, so that no two runs share a prefix that a server might have saved. */
export function systemText(tokens: number, nonce: string): string {
  const count = Math.max(1, Math.round(tokens / (TOKENS_PER_SENTENCE + 3)))
  const rules = Array.from(
    { length: count },
    (_, index) => `${index + 1}. ${SENTENCES[index % SENTENCES.length]}`,
  )
  return `House rules, edition ${nonce}. ${rules.join(' ')}`
}

/** Instructions alone, or half instructions and half functions, counted as the client sends them. */
export function contextOf(tokens: number, nonce: string, hasFunctions: boolean): Context {
  const text = systemText(hasFunctions ? tokens / 2 : tokens, nonce)
  const systemInstruction = { parts: [{ text }] }
  if (!hasFunctions) return { systemInstruction, tools: [] }
  const functionDeclarations = Array.from(
    { length: Math.max(1, Math.round(tokens / 2 / TOKENS_PER_FUNCTION)) },
    (_, index) => {
      const [name, description] = FUNCTIONS[index % FUNCTIONS.length]!
      const room = { type: 'STRING', description: 'Number of the room' }
      const hour = { type: 'INTEGER', description: 'Hour of the day' }
      const parameters = { type: 'OBJECT', properties: { room, hour }, required: ['room'] }
      return {
        name: `${name}_${index + 1}`,
        description: `${description}, in house ${index + 1}.`,
        parameters,
      }
    },
  )
  return { systemInstruction, tools: [{ functionDeclarations }] }
}

export interface SystemPromptOptions {
  readonly connect: ConnectOptions
  readonly requestedTokens: number
  /** No other run has the same. */
  readonly nonce: string
  readonly hasFunctions: boolean
  /** Asked aloud, in turn. */
  readonly questions: readonly Question[]
  readonly signal: AbortSignal
}

/** Rejects where a session fails, ends early, answers without a sound or gives no handle to be resumed with. */
export async function measureSystemPrompt(options: SystemPromptOptions): Promise<SystemPromptResult> {
  const { connect, requestedTokens, nonce, hasFunctions, questions, signal } = options
  const known = contextOf(requestedTokens, nonce, hasFunctions)
  const other = contextOf(requestedTokens, `${nonce} b`, hasFunctions)
  const within = <T>(config: LiveConfig, use: (client: LiveClient) => Promise<T>) =>
    inSession({ ...connect, config: { ...connect.config, ...config }, signal }, use)
  const changedTo = (context: Context) =>
    within(known, async (client) => {
      client.updateContext(context)
      return (await ask(client)).audibleMs
    })

  const askPlain = async () => (await within({}, ask)).audibleMs
  /** As long as the context is read for another session, which is not measured. */
  async function askBeside(context: Context): Promise<readonly number[]> {
    let isRead = false
    const reading = within(context, ask).finally(() => {
      isRead = true
    })
    const beside: number[] = []
    await Promise.all([
      reading,
      (async () => {
        await sleep(READING_BEGINS_MS, undefined, { signal })
        do beside.push(await askPlain())
        while (!isRead && beside.length < ROUNDS)
      })(),
    ])
    return beside
  }

  const first = await within(known, ask)
  const newContextMs = await changedTo(other)
  const seconds: number[] = []
  const changed: number[] = []
  const spoken: number[] = []
  const resumed: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const handle = await within({ ...known, sessionResumption: {} }, async (client) => {
      seconds.push((await ask(client)).audibleMs)
      return nextHandle(client)
    })
    resumed.push((await within({ ...known, sessionResumption: { handle } }, ask)).audibleMs)
    changed.push(await changedTo(other))
    const question = questions[round % questions.length]!
    spoken.push(await within(known, (client) => askAloud(client, question, signal)))
  }
  const alone: number[] = []
  while (alone.length < ROUNDS) alone.push(await askPlain())
  const beside = await askBeside(contextOf(requestedTokens, `${nonce} c`, hasFunctions))
  return {
    requestedTokens,
    promptTokens: first.promptTokens,
    firstSessionMs: first.audibleMs,
    newContextMs,
    secondSessionMs: summarize(seconds)!,
    spokenMs: summarize(spoken)!,
    knownContextMs: summarize(changed)!,
    resumedMs: summarize(resumed)!,
    aloneMs: summarize(alone)!,
    besideMs: summarize(beside)!,
  }
}

async function inSession<T>(options: ConnectOptions, use: (client: LiveClient) => Promise<T>): Promise<T> {
  const client = await connectLive(options)
  try {
    return await use(client)
  } finally {
    await client.close()
    options.signal?.throwIfAborted()
  }
}

async function ask(client: LiveClient): Promise<Answer> {
  const startMs = performance.now()
  const playback = createPlayback(24_000)
  client.sendText(QUESTION)
  for await (const message of client) {
    const audio = audioOf(message)
    if (audio !== undefined) playback.receive(performance.now(), pcm16ToFloat(audio.pcm16))
    if ('toolCall' in message) throw new Error('a function was called instead of an answer')
    if (!('serverContent' in message) || !message.serverContent.turnComplete) continue
    if (playback.firstAudibleMs === undefined) throw new Error('the answer had no audible sample')
    const promptTokens = message.usageMetadata?.promptTokenCount
    return { audibleMs: playback.firstAudibleMs - startMs, promptTokens }
  }
  throw new Error('the session ended before the answer')
}

/** Milliseconds from the end of speech; takes the session over. */
async function askAloud(client: LiveClient, question: Question, signal: AbortSignal): Promise<number> {
  const conversation = converseOver(client, () => performance.now(), 0)
  try {
    const { voiceToVoiceMs, problem } = await conversation.ask(question, signal)
    if (voiceToVoiceMs === undefined || problem) throw new Error(`${question.name}: ${problem}`)
    if (voiceToVoiceMs < 0) throw new Error(`${question.name}: answered before it was over`)
    return voiceToVoiceMs
  } finally {
    await conversation.close()
  }
}

/** Of the session with the answer that was just completed. */
async function nextHandle(client: LiveClient): Promise<string> {
  for await (const message of client) {
    if (!('sessionResumptionUpdate' in message)) continue
    const { newHandle, resumable } = message.sessionResumptionUpdate
    if (resumable && newHandle) return newHandle
  }
  throw new Error('the session ended before it gave a handle to be resumed with')
}
