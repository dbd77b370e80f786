/**
 * How much of the conversation is kept. Sizes are tokens as the service counts them, so that what clients set in
 * `contextWindowCompression` means here what it means there: text by its length, audio by its duration, however few words it held. The
 * engines' own windows are no business of this file.
 */
import { INPUT_TOKEN_LIMIT } from '../protocol/index.js'
import type { SessionMessage } from './effects.js'
import { sentMs } from './playout.js'
import type { Session } from './session-state.js'

export interface ContextWindow {
  /** A history that has grown beyond this is cut … */
  readonly triggerTokens: number
  /** … to at most this. */
  readonly targetTokens: number
}

/** What one message takes. */
export interface MessageSize {
  readonly modality: 'TEXT' | 'AUDIO' | 'IMAGE' | 'VIDEO'
  readonly tokens: number
  /** Frames that were on view up to this message. */
  readonly videoTokens?: number
}

/** The history's sizes, one for each message, and what was counted of the audio so far. */
export interface ContextSize {
  readonly messages: readonly SessionMessage[]
  readonly sizes: readonly MessageSize[]
  /** Messages that were cut off the front since the session began. */
  readonly dropped: number
  /** User audio up to here belongs to messages that are in the history. */
  readonly countedAudioMs: number
  /** Frames up to here likewise. */
  readonly countedFrames: number
}

export const EMPTY_CONTEXT: ContextSize = {
  messages: [],
  sizes: [],
  dropped: 0,
  countedAudioMs: 0,
  countedFrames: 0,
}

/** Protocol reference §6.7, a figure quoted by client code. */
const AUDIO_TOKENS_PER_SECOND = 25
/** The service's own rule of thumb for Latin script; other scripts carry about a token in each character. */
const LETTERS_PER_TOKEN = 4

/** What is kept where the client leaves it open: the cut comes rarely, and half of the conversation outlives it. */
export function contextWindow(
  limitTokens: number,
  compression?: { readonly triggerTokens?: number; readonly targetTokens?: number },
): ContextWindow {
  const usual = compression ? Math.floor(limitTokens * 0.8) : limitTokens
  const triggerTokens = Math.min(compression?.triggerTokens ?? usual, limitTokens)
  const targetTokens = compression?.targetTokens ?? Math.floor(triggerTokens / 2)
  return { triggerTokens, targetTokens: Math.min(targetTokens, triggerTokens) }
}

export function audioTokens(ms: number): number {
  return Math.ceil((ms / 1000) * AUDIO_TOKENS_PER_SECOND)
}

export function textTokens(text: string): number {
  let letters = 0
  let others = 0
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) < 0x250) letters++
    else others++
  }
  return Math.ceil(letters / LETTERS_PER_TOKEN) + others
}

/**
 * Brings the sizes into step with the history. `before` is the session before the event that changed it: what was being
 * said then is what a new message of the model holds.
 */
export function measureContext(session: Session, before: Session): Session {
  return session.context.messages === session.messages ? session : measured(session, before)
}

function measured(session: Session, before: Session): Session {
  const { context, messages } = session
  const kept = sharedLength(context.messages, messages)
  let countedAudioMs = context.countedAudioMs - withdrawnAudioMs(context, kept)
  const spokenMs = Math.max(0, session.userAudioMs - countedAudioMs)
  const pictureTokens = session.config.vision?.pictureTokens ?? 0
  let countedFrames = context.countedFrames - withdrawnFrames(context, kept, pictureTokens)
  const added = messages.slice(kept).map((message): MessageSize => {
    if ('picture' in message && message.picture) {
      // What was seen in a frame costs what the frame costs, once.
      const { source } = message.picture
      return source === 'image'
        ? { modality: 'IMAGE', tokens: pictureTokens }
        : { modality: 'VIDEO', tokens: 0 }
    }
    const videoTokens = message.role === 'user' ? (session.view.frames - countedFrames) * pictureTokens : 0
    if (message.role === 'user') countedFrames = session.view.frames
    return { ...measure(message), ...(videoTokens > 0 && { videoTokens }) }
  })
  const sizes = [...context.sizes.slice(0, kept), ...added]
  return { ...session, context: { ...context, messages, sizes, countedAudioMs, countedFrames } }

  function measure(message: SessionMessage): MessageSize {
    if (message.role === 'user' && spokenMs > 0 && countedAudioMs < session.userAudioMs) {
      countedAudioMs = session.userAudioMs
      return { modality: 'AUDIO', tokens: audioTokens(spokenMs) }
    }
    if (message.role === 'model' && session.config.modality === 'AUDIO') {
      const audioMs = answerMs(before) || answerMs(session)
      if (audioMs > 0) return { modality: 'AUDIO', tokens: audioTokens(audioMs) }
    }
    return { modality: 'TEXT', tokens: textTokens(messageText(message)) }
  }
}

/**
 * Cuts a history that has outgrown its window at the start of a user's turn; the system instruction and the last turn always
 * stay. Not while an answer is under way: it refers to the messages before it.
 */
export function slideWindow(session: Session): Session {
  const { context, messages, output } = session
  if (output.phase !== 'silent') return session
  const { triggerTokens, targetTokens } = session.config.window ?? contextWindow(INPUT_TOKEN_LIMIT)
  let left = contextTokens(session)
  if (left <= triggerTokens) return session
  let cut = 0
  for (let index = 0; index < messages.length; index++) {
    if (messages[index]?.role === 'user' && messages[index - 1]?.role !== 'user') {
      cut = index
      if (left <= targetTokens) break
    }
    left -= sizeTokens(context.sizes[index])
  }
  if (cut === 0) return session
  const kept = messages.slice(cut)
  return {
    ...session,
    messages: kept,
    context: {
      ...context,
      messages: kept,
      sizes: context.sizes.slice(cut),
      dropped: context.dropped + cut,
    },
  }
}

/** Tokens of the prompt as it stands: system instruction and history. */
export function contextTokens(session: Session): number {
  const { TEXT, AUDIO, IMAGE, VIDEO } = contextCounts(session)
  return TEXT + AUDIO + IMAGE + VIDEO
}

export function contextCounts(session: Session): Readonly<Record<MessageSize['modality'], number>> {
  const counts = { TEXT: textTokens(session.system), AUDIO: 0, IMAGE: 0, VIDEO: 0 }
  for (const { modality, tokens, videoTokens = 0 } of session.context.sizes) {
    counts[modality] += tokens
    counts.VIDEO += videoTokens
  }
  return counts
}

/** What functions gave back since the user spoke last: the part of the prompt that is told apart as theirs. */
export function resultTokens({ context: { messages, sizes } }: Session): number {
  let tokens = 0
  for (let index = messages.length - 1; index >= 0 && messages[index]?.role !== 'user'; index--) {
    if (messages[index]?.role === 'result') tokens += sizes[index]?.tokens ?? 0
  }
  return tokens
}

function sizeTokens(size: MessageSize | undefined): number {
  return (size?.tokens ?? 0) + (size?.videoTokens ?? 0)
}

function withdrawnFrames({ sizes }: ContextSize, kept: number, pictureTokens: number): number {
  if (pictureTokens === 0) return 0
  return sizes.slice(kept).reduce((sum, { videoTokens = 0 }) => sum + videoTokens / pictureTokens, 0)
}

/** A question that was put back is counted again when it is asked again. */
function withdrawnAudioMs({ messages, sizes }: ContextSize, kept: number): number {
  let ms = 0
  for (let index = kept; index < messages.length; index++) {
    const size = sizes[index]
    if (messages[index]?.role === 'user' && size?.modality === 'AUDIO')
      ms += (size.tokens * 1000) / AUDIO_TOKENS_PER_SECOND
  }
  return ms
}

function answerMs({ output }: Session): number {
  if (output.phase === 'silent') return 0
  return sentMs(output.clauses)
}

function messageText(message: SessionMessage): string {
  return 'text' in message ? message.text : JSON.stringify(message)
}

function sharedLength(a: readonly unknown[], b: readonly unknown[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}
