/**
 * The way of speech to the client: holds the start of a reply until it cannot run dry, paces it for a person who listens live, and
 * never lets a slow reader pile up memory. Ends with its signal; what was not sent by then is never sent.
 */
import { floatToPcm16 } from '../audio/index.js'
import { SPEECH_OUTPUT_HZ } from '../engine/index.js'
import { audioMessage, outputTranscriptionMessage } from '../protocol/index.js'
import type { ResponderOptions, ResponderReport } from './responder.js'

/** One message carries at most this much audio where nothing else is set: 16 KiB as base64. */
export const DEFAULT_CHUNK_MS = 250
/**
 * A live client is sent so much ahead of its playout, in shorter messages: enough for jitter, and little enough that it falls silent soon
 * after sending stops (at most 220 ms, mostly less).
 */
const LIVE_LEAD_MS = 160
const LIVE_CHUNK_MS = 60
/** With more than this waiting in the socket, sending pauses: the client does not read. */
const HIGH_WATER_BYTES = 1024 * 1024
const DRAIN_POLL_MS = 50
/** Timers are no finer: what would be due sooner leaves at once. */
const SHORTEST_WAIT_MS = 1

export interface VoiceOutput {
  /**
   * Sends one piece of speech. `text` is what its clause says and `clauseMs` how long that takes, given with the clause's first piece.
   * Resolves when it was sent.
   */
  play(samples: Float32Array, text: string, clauseMs?: number): Promise<void>
  /** How long the client can play on with what it was sent; infinite before the first piece. */
  readonly leadMs: number
  /** Seconds of speech that left. */
  readonly sentSeconds: number
}

export function createVoiceOutput(
  options: ResponderOptions,
  signal: AbortSignal,
  report: Pick<ResponderReport, 'progress' | 'ready' | 'output'>,
): VoiceOutput {
  const { connection, clock } = options
  const chunkSamples = (live: boolean) =>
    Math.round(
      ((live ? Math.min(options.chunkMs, LIVE_CHUNK_MS) : options.chunkMs) * SPEECH_OUTPUT_HZ) / 1000,
    )
  /** When the client has played all that was sent. */
  let playedAt = 0
  let sentSamples = 0

  /** Waits until the next message may leave. What came between is looked at again: it may be held by then. */
  async function waitForLeave(): Promise<void> {
    for (;;) {
      if (options.hold.held) {
        report.ready()
        await options.hold.passed()
      }
      const waitMs = waitForRoomMs()
      if (waitMs >= SHORTEST_WAIT_MS) await sleep(waitMs)
      else if (!options.hold.held) break
    }
    signal.throwIfAborted()
  }

  /** 0 = there is room for the next message. */
  function waitForRoomMs(): number {
    if (connection.bufferedBytes > HIGH_WATER_BYTES) {
      report.progress()
      return DRAIN_POLL_MS
    }
    return options.live() ? playedAt - clock.now() - LIVE_LEAD_MS : 0
  }

  let onAbort = () => {}
  signal.addEventListener('abort', () => onAbort(), { once: true })

  /** As the clock's own, with one listener for all the sleeps of a response. */
  function sleep(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const disarm = clock.setTimer(clock.now() + ms, resolve)
      onAbort = () => {
        disarm()
        reject(signal.reason)
      }
    })
  }

  return {
    get leadMs() {
      return playedAt === 0 ? Number.POSITIVE_INFINITY : playedAt - clock.now()
    },
    get sentSeconds() {
      return sentSamples / SPEECH_OUTPUT_HZ
    },

    async play(samples, text, clauseMs) {
      await waitForLeave()
      if (options.outputTranscription && text !== '') connection.send(outputTranscriptionMessage(text))
      if (samples.length === 0) report.output(text, 0)
      for (let from = 0; from < samples.length; ) {
        if (from > 0) await waitForLeave()
        const chunk = samples.subarray(from, from + chunkSamples(options.live()))
        const audioMs = (chunk.length / SPEECH_OUTPUT_HZ) * 1000
        if (from === 0) report.output(text, audioMs, clauseMs)
        else report.output('', audioMs)
        connection.send(audioMessage(encodeBase64(floatToPcm16(chunk))))
        sentSamples += chunk.length
        const startsAt = Math.max(playedAt, clock.now())
        options.played.note(chunk, startsAt)
        playedAt = startsAt + audioMs
        from += chunk.length
      }
    },
  }
}

function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}
