/** A session on scripted engines and a clock that is turned by hand: what tests of the runtime start from. */
import { floatToPcm16 } from '../audio/index.js'
import type { EngineSet } from '../engine/index.js'
import { createScriptedEngines, loadScript } from '../engines/scripted/index.js'
import { decodeClientMessage, type Setup } from '../protocol/index.js'
import type { EventLog } from '../runtime/event-log.js'
import { createSessionHost } from '../runtime/session-host.js'
import { createManualClock } from './manual-clock.js'
import { createRecordingConnection } from './recording-connection.js'

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} }

export function setupOf(setup: object): Setup {
  const message = decodeClientMessage(
    JSON.stringify({ setup: { model: 'models/gemini-live-2.5-flash', ...setup } }),
  )
  if (message.type !== 'setup') throw new Error('not a setup')
  return message.setup
}

export interface SessionBenchOptions {
  /** Heavy steps at one time; absent = as many as there are. */
  readonly slots?: number
  readonly maxSessions?: number
  readonly eventLog?: EventLog
  readonly identifyLanguage?: (text: string) => string | undefined
  /** Replaces engines. */
  readonly change?: (engines: EngineSet) => EngineSet
}

/** A host on scripted engines with one session opened by `setup`, and more on demand. */
export function startSession(setup: object = {}, script = '', options: SessionBenchOptions = {}) {
  const { slots = 1_000, maxSessions = 10, change = (set) => set } = options
  const clock = createManualClock()
  const engines = change(
    createScriptedEngines({ clock, ...(script ? { script: loadScript(script, 'test') } : {}) }),
  )
  const host = createSessionHost({
    engines,
    clock,
    logger: QUIET_LOG,
    createId: () => 'session-1',
    computeSlots: slots,
    speechSpeed: 1_000,
    maxSessions,
    pacing: 'auto',
    ...(options.identifyLanguage ? { identifyLanguage: options.identifyLanguage } : {}),
    ...(options.eventLog ? { eventLog: options.eventLog } : {}),
  })
  const open = () => {
    const connection = createRecordingConnection(clock)
    const session = host.open(
      setupOf({ inputAudioTranscription: {}, outputAudioTranscription: {}, ...setup }),
      connection,
    )
    const say = (text: string) =>
      session.receive({ type: 'client-content', turns: [{ role: 'user', text }], turnComplete: true })
    return { connection, session, say }
  }
  return { clock, host, open, ...open() }
}

/** Speech as the scripted detector understands it: PCM16 at 16 kHz. */
export function tone(ms: number): Uint8Array {
  return floatToPcm16(
    Float32Array.from({ length: ms * 16 }, (_, i) => 0.3 * Math.sin((i * 2 * Math.PI * 300) / 16_000)),
  )
}
export const silence = (ms: number) => new Uint8Array(ms * 32)
export const audio = (bytes: Uint8Array) => ({
  type: 'realtime-input' as const,
  audio: { bytes, sampleRateHz: 16_000 },
})
export type StartedSession = ReturnType<typeof startSession>

/** Streams audio in real time. */
export async function stream(
  { clock, session }: StartedSession,
  bytes: Uint8Array,
  stepMs = 20,
): Promise<void> {
  const step = stepMs * 32
  for (let from = 0; from < bytes.length; from += step) {
    session.receive(audio(bytes.subarray(from, from + step)))
    await clock.advance(stepMs)
  }
}
