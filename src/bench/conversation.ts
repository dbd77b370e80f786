/**
 * One spoken conversation, measured: asks questions through a simulated microphone, listens to the answers through a
 * simulated loudspeaker. It owns one session; what is asked and how often is the caller's business.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { pcm16ToFloat } from '../audio/index.js'
import { audioOf, type ConnectOptions, connectLive, type LiveClient } from '../client/index.js'
import type { ServerMessage } from '../protocol/index.js'
import { openMicrophone } from './microphone.js'
import { openerShare } from './opener.js'
import { createPlayback, type Playback } from './playback.js'
import type { Question } from './question.js'

/** Times in ms. */
export interface MeasuredTurn {
  readonly session: string
  readonly question: string
  /** End of the user's speech → first audible sample; negative where the answer began while the user still spoke. */
  readonly voiceToVoiceMs?: number
  /** End of the user's speech → first word of the answer that tells something, placed by its letters. */
  readonly contentWordMs?: number
  readonly answerMs: number
  readonly underruns: number
  readonly underrunMs: number
  /** Answers that were begun and then broken off because the question went on. */
  readonly brokenOff: number
  readonly heard: string
  readonly said: string
  /** Why there is no measurement. */
  readonly problem?: string
}

export interface Conversation {
  readonly session: string
  /**
   * Asks and waits until the answer has been heard to its end. Rejects where the session ends in between. After a turn
   * with a problem the conversation is out of step and can only be closed.
   */
  ask(question: Question, signal: AbortSignal): Promise<MeasuredTurn>
  close(): Promise<void>
}

const OUTPUT_HZ = 24_000
/** How long an answer may take from the end of speech to its turnComplete. */
const ANSWER_DEADLINE_MS = 60_000
/** People leave about this much between hearing an answer and speaking again. */
const PAUSE_MS = 600

/** Both transcripts are measured too. */
export async function openConversation(
  options: ConnectOptions,
  now: () => number,
  pauseMs = PAUSE_MS,
): Promise<Conversation> {
  const transcripts = { inputAudioTranscription: {}, outputAudioTranscription: {} }
  return converseOver(
    await connectLive({ ...options, config: { ...transcripts, ...options.config } }),
    now,
    pauseMs,
  )
}

/** Switches the microphone of an open session on. Takes the session over: `close` closes it. */
export function converseOver(client: LiveClient, now: () => number, pauseMs = PAUSE_MS): Conversation {
  const microphone = openMicrophone(client, now)
  const messages = client[Symbol.asyncIterator]()
  const session = client.sessionId ?? ''
  return {
    session,
    async ask(question, signal) {
      const startMs = microphone.say(question)
      const endMs = startMs + question.speechEndMs
      const turn = await listen(messages, endMs, now, signal)
      await sleep(Math.max(0, turn.playback.endMs - now()) + pauseMs, undefined, { signal })
      const { playback, heard, said, brokenOff, problem } = turn
      const audibleMs = playback.firstAudibleMs
      const why = problem ?? (audibleMs === undefined ? 'the answer had no audible sample' : undefined)
      return {
        session,
        question: question.name,
        ...(audibleMs !== undefined && {
          voiceToVoiceMs: audibleMs - endMs,
          contentWordMs: audibleMs - endMs + openerShare(said) * playback.receivedMs,
        }),
        answerMs: playback.receivedMs,
        underruns: playback.underruns.length,
        underrunMs: playback.underruns.reduce((sum, { lengthMs }) => sum + lengthMs, 0),
        brokenOff,
        heard,
        said,
        ...(why === undefined ? {} : { problem: why }),
      }
    },
    async close() {
      microphone.stop()
      await client.close()
    },
  }
}

interface HeardTurn {
  playback: Playback
  heard: string
  said: string
  brokenOff: number
  problem?: string
}

/**
 * Reads messages up to the turnComplete of the answer to the whole question: one that comes while the user still
 * speaks, or that follows an interruption, ended an answer to a part of it.
 */
async function listen(
  messages: AsyncIterator<ServerMessage>,
  speechEndMs: number,
  now: () => number,
  signal: AbortSignal,
): Promise<HeardTurn> {
  const turn: HeardTurn = { playback: createPlayback(OUTPUT_HZ), heard: '', said: '', brokenOff: 0 }
  const deadline = AbortSignal.timeout(Math.ceil(speechEndMs - now() + ANSWER_DEADLINE_MS))
  const stopped = rejectOn(AbortSignal.any([signal, deadline]))
  let interrupted = false
  while (true) {
    let message: ServerMessage
    try {
      const next = await Promise.race([messages.next(), stopped])
      if (next.done) throw new Error('the session ended before the answer')
      message = next.value
    } catch (error) {
      signal.throwIfAborted()
      if (!deadline.aborted) throw error
      turn.problem = `no complete answer within ${ANSWER_DEADLINE_MS / 1000} s`
      return turn
    }
    const audio = audioOf(message)
    if (audio !== undefined) turn.playback.receive(now(), pcm16ToFloat(audio.pcm16))
    if (!('serverContent' in message)) continue
    const content = message.serverContent
    turn.heard += content.inputTranscription?.text ?? ''
    turn.said += content.outputTranscription?.text ?? ''
    if (content.interrupted) interrupted = true
    if (!content.turnComplete) continue
    if (!interrupted && now() >= speechEndMs) return turn
    turn.brokenOff++
    turn.playback = createPlayback(OUTPUT_HZ)
    turn.said = ''
    interrupted = false
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  const stopped = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  // The race that it belongs to may be over by then.
  stopped.catch(() => {})
  return stopped
}
