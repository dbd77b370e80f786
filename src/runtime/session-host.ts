/** Opens sessions on one set of engines, shares the processor between them and keeps the records of their last turns. */
import { type FloorDefaults, floorSettings, type SessionConfig } from '../core/index.js'
import type { EngineSet } from '../engine/index.js'
import { ProtocolError, type Setup, setupCompleteMessage } from '../protocol/index.js'
import type { Clock } from './clock.js'
import { createComputeGate, type Lane } from './compute-gate.js'
import type { SessionConnection } from './connection.js'
import type { Logger } from './logger.js'
import { type RunningSession, runSession } from './session.js'
import { createSpeechPace } from './speech-pace.js'
import type { TurnRecord } from './turn-record.js'

export interface SessionHostOptions {
  readonly engines: EngineSet
  readonly clock: Clock
  readonly logger: Logger
  /** Fresh unguessable ids. */
  readonly createId: () => string
  /** Heavy steps that may run at once: one for every two cores. */
  readonly computeSlots: number
  /** What another machine computes waits for nobody here. */
  readonly remoteLanes?: readonly Lane[]
  /** Seconds of speech the voice makes per second, as calibrated. */
  readonly speechSpeed: number
  readonly maxSessions: number
  readonly pacing: 'auto' | 'on' | 'off'
  /** Turn-taking where the client leaves it to the server. */
  readonly floorDefaults?: FloorDefaults
}

export interface SessionHost {
  /** Throws `ProtocolError` when the server is full. Sends `setupComplete` at once. */
  open(setup: Setup, connection: SessionConnection): RunningSession
  readonly openSessions: number
  /** The last turns of all sessions, oldest first. */
  readonly turns: readonly TurnRecord[]
}

/** Turn records kept in memory. */
const KEPT_TURNS = 500

const SPOKEN_STYLE =
  'Everything you answer is spoken aloud. Answer in the language of the user, in one to three short plain sentences, without lists, markdown, emoji or code.'
/** In force where the developer gave no system instruction. */
const DEFAULT_SYSTEM = 'You are a friendly and helpful voice assistant.'

export function createSessionHost(options: SessionHostOptions): SessionHost {
  const { engines, clock } = options
  const gate = createComputeGate({
    slots: options.computeSlots,
    clock,
    ...(options.remoteLanes ? { remote: options.remoteLanes } : {}),
  })
  const pace = createSpeechPace(options.speechSpeed)
  const turns: TurnRecord[] = []
  let openSessions = 0

  return {
    get openSessions() {
      return openSessions
    },
    turns,
    open(setup, connection) {
      if (openSessions >= options.maxSessions) {
        throw new ProtocolError(
          1011,
          `The server is full (${options.maxSessions} sessions, maxSessions); try again later.`,
        )
      }
      const id = options.createId()
      connection.send(setupCompleteMessage(id))
      const session = runSession({
        id,
        config: sessionConfig(setup, options),
        sampling: setup.sampling,
        voice: {
          ...(setup.voiceName === undefined ? {} : { name: setup.voiceName }),
          ...(setup.languageCode === undefined ? {} : { language: setup.languageCode }),
        },
        language: setup.languageCode,
        engines,
        gate,
        pace,
        pacing: options.pacing,
        connection,
        clock,
        logger: options.logger,
        onTurn(record) {
          turns.push(record)
          if (turns.length > KEPT_TURNS) turns.shift()
        },
        onEnd() {
          openSessions--
        },
      })
      openSessions++
      return session
    },
  }
}

function sessionConfig(setup: Setup, options: SessionHostOptions): SessionConfig {
  return {
    modality: setup.modality,
    system: setup.system || DEFAULT_SYSTEM,
    style: setup.modality === 'AUDIO' ? SPOKEN_STYLE : '',
    floor: floorSettings(setup.activityDetection, options.floorDefaults),
    interruptible: setup.interruptible,
    inputTranscription: setup.inputTranscription !== undefined,
    outputTranscription: setup.outputTranscription !== undefined,
    language: setup.languageCode?.split('-')[0]?.toLowerCase() ?? 'en',
  }
}
