/** A connection that keeps what was sent, with the time of sending, and can pretend not to be read. */
import type { ServerContent, ServerMessage } from '../protocol/index.js'
import { serverMessageSchema } from '../protocol/server-schema.js'
import type { Clock } from '../runtime/clock.js'
import type { SessionConnection } from '../runtime/connection.js'

export interface RecordingConnection extends SessionConnection {
  readonly sent: { readonly at: number; readonly message: ServerMessage }[]
  readonly closed: { readonly code: number; readonly reason: string } | undefined
  bufferedBytes: number
  /** False = the client is gone without a trace: nothing sent from now on is received. */
  receives: boolean
  /** What was sent as words: `audio 250` (ms), `text …`, `heard …`, `said …`, or the member's name. Runs of audio are added up. */
  transcript(): string[]
}

export function createRecordingConnection(clock: Clock): RecordingConnection {
  const sent: { at: number; message: ServerMessage }[] = []
  let closed: { code: number; reason: string } | undefined
  return {
    id: 'test',
    sent,
    bufferedBytes: 0,
    receives: true,
    whenReceived(run) {
      if (this.receives) clock.setTimer(clock.now(), run)
    },
    get closed() {
      return closed
    },
    send(message) {
      if (closed) return
      // Whatever a test makes the server say must be a message of the protocol.
      serverMessageSchema.parse(message)
      sent.push({ at: clock.now(), message })
    },
    close(closing) {
      closed ??= closing
    },
    transcript() {
      const words: string[] = []
      let audioMs = 0
      const flush = () => {
        if (audioMs > 0) words.push(`audio ${Math.round(audioMs)}`)
        audioMs = 0
      }
      for (const { message } of sent) {
        const ms = 'serverContent' in message ? audioLengthMs(message.serverContent) : undefined
        if (ms !== undefined) {
          audioMs += ms
          continue
        }
        flush()
        words.push('serverContent' in message ? word(message.serverContent) : (Object.keys(message)[0] ?? ''))
      }
      flush()
      return words
    },
  }
}

/** Length of the audio part, 24 kHz PCM16 as base64; undefined for anything else. */
export function audioLengthMs(content: ServerContent): number | undefined {
  const part = content.modelTurn?.parts[0]
  if (!part || !('inlineData' in part)) return undefined
  return Buffer.from(part.inlineData.data, 'base64').length / 2 / 24
}

function word(content: ServerContent): string {
  const part = content.modelTurn?.parts[0]
  if (part && 'text' in part) return `text ${part.text}`
  if (content.inputTranscription) return `heard ${content.inputTranscription.text}`
  if (content.outputTranscription) return `said ${content.outputTranscription.text}`
  return Object.keys(content)[0] ?? ''
}
