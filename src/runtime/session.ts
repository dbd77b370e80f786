/**
 * One live session: feeds what happens to the pure core and carries out what it decides. All waiting, engines and timers of the session hang
 * off one signal; when that aborts, nothing of it is left.
 */
import {
  awaitsSight,
  type Effect,
  isSpeaking,
  openSession,
  reduce,
  type SessionConfig,
  type SessionEvent,
  type SessionTurn,
  type Snapshot,
  type TimerName,
} from '../core/index.js'
import type { EngineSet, LookOptions, RecognitionOptions, Sampling, VoiceOptions } from '../engine/index.js'
import { type ClientMessage, type ContentTurn, closeError, closing } from '../protocol/index.js'
import type { TurnRecord } from '../telemetry/index.js'
import { createAddressVotes } from './address-votes.js'
import type { Clock } from './clock.js'
import type { ComputeGate } from './compute-gate.js'
import type { SessionConnection } from './connection.js'
import { createConsumedMessages } from './consumed-messages.js'
import { describeError } from './describe-error.js'
import { createHearing } from './hearing.js'
import type { Logger } from './logger.js'
import { createPlayedSpeech } from './played-speech.js'
import { createRecordings } from './recordings.js'
import { createResponses } from './responses.js'
import type { SpeechPace } from './speech-pace.js'
import { createTimers } from './timers.js'
import { createTurnRecorder } from './turn-record.js'
import { type IdentifyLanguage, typedLanguage } from './typed-language.js'
import { createWatching } from './watching.js'

export interface SessionOptions {
  readonly id: string
  readonly config: SessionConfig
  readonly sampling: Sampling
  readonly voice: VoiceOptions
  /** What the speaker is expected to use; empty = found out. */
  readonly expects: Pick<RecognitionOptions, 'language' | 'languages'>
  /** Of typed words; absent = not asked. */
  readonly identifyLanguage?: IdentifyLanguage
  readonly engines: EngineSet
  /** How closely pictures are looked at. */
  readonly detail: LookOptions['detail']
  readonly gate: ComputeGate
  readonly pace: SpeechPace
  /** Whether speech is paced: `auto` = where audio comes in in real time. */
  readonly pacing: 'auto' | 'on' | 'off'
  /** Most audio in one message, ms. */
  readonly chunkMs: number
  readonly connection: SessionConnection
  readonly clock: Clock
  readonly logger: Logger
  /** Where the conversation goes on; absent = at the beginning. */
  readonly snapshot?: Snapshot
  /** Keeps the conversation beyond this connection; used where `config.resumption` asks for it. */
  readonly keeper?: SessionKeeper
  readonly onTurn: (record: TurnRecord) => void
  /** Takes every event with its effects, for a replay. */
  readonly record?: (event: SessionEvent, effects: readonly Effect[]) => void
  /** `code`: of the close that we sent; absent where the client left. */
  readonly onEnd: (code: number | undefined) => void
}

export interface SessionKeeper {
  /** Keeps the snapshot, without waiting, in place of the one before. `saved` is called with its handle once it is safe. */
  keep(checkpoint: number, snapshot: Snapshot, last: boolean, saved: (handle: string) => void): void
}

export interface RunningSession {
  /** Takes one client message. Never waits; throws `ProtocolError`. */
  receive(message: ClientMessage): void
  disconnected(): void
  /** Another connection goes on with it: closes this one. */
  takeOver(): void
}

export function runSession(options: SessionOptions): RunningSession {
  const { config, engines, gate, clock, connection, logger } = options
  const ended = new AbortController()
  const { signal } = ended
  const timers = createTimers<TimerName>(clock, (timer) =>
    dispatch({ type: 'timer', at: clock.now(), timer }),
  )
  const recorder = createTurnRecorder({
    session: options.id,
    speechThreshold: config.floor.speechThreshold,
    paced: isPaced,
    finish: options.onTurn,
  })
  const played = createPlayedSpeech(clock.now)
  const hearing = createHearing({
    detector: engines.vad,
    recognizer: engines.asr,
    turnDetector: engines.turn,
    toneReader: engines.tone,
    speakerEncoder: engines.speaker,
    played,
    automatic: config.floor.automatic,
    coversAll: config.coversAllAudio ?? false,
    expects: options.expects,
    // English is what is assumed, too, of a conversation without a spoken word.
    languageBefore: () => (state.userAudioMs > 0 || state.language !== 'en' ? state.language : undefined),
    session: options.id,
    recordings: engines.llm.info.hears ? createRecordings() : undefined,
    gate,
    clock,
    signal,
    logger,
    emit: dispatch,
  })

  const watching = createWatching({
    vision: engines.vision,
    detail: options.detail,
    session: options.id,
    gate,
    clock,
    signal,
    logger,
    awaited: () => awaitsSight(state) && state.turn !== undefined,
    spoken: () => isSpeaking(state),
    emit: dispatch,
  })

  const addressVotes = createAddressVotes({ llm: engines.llm, gate, clock, signal, logger, emit: dispatch })
  const responses = createResponses({
    ...options,
    signal,
    played,
    shown: { picture: watching.picture, recording: hearing.recording },
    live: isPaced,
    mark: (mark, value) => recorder.mark(mark, clock.now(), value),
    emit: dispatch,
  })
  // Nobody asks for it in a session that is not kept, and the list would grow with every piece of audio.
  const consumed = options.keeper && createConsumedMessages()
  let [state, opening] = openSession(config, clock.now(), options.snapshot)
  const waiting: SessionEvent[] = []
  let closedWith: number | undefined
  let dispatching = false

  /** Effects may cause events at once; each event is finished before the next begins. */
  function dispatch(event: SessionEvent): void {
    waiting.push(event)
    if (dispatching) return
    dispatching = true
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        const [after, effects] = reduce(state, next)
        state = after
        recorder.saw(next, effects)
        options.record?.(next, effects)
        for (const effect of effects) perform(effect)
        if (state.closed) end()
      }
    } catch (error) {
      // A defect of ours must cost this session only, wherever the event came from.
      logger.error({ session: options.id, error: describeError(error) }, 'session failed')
      closedWith = 1011
      connection.close(closing('internal-session', {}))
      end()
    } finally {
      dispatching = false
    }
  }

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'send':
        connection.send(effect.message)
        return
      case 'open-activity':
        hearing.openActivity(effect.activity, effect.fromMs, effect.over)
        return
      case 'settle-activity':
        // But for the step under way, the last words go before all that is read ahead: the answer reads what is left of it, as they want it.
        responses.haltReading()
        hearing.settleActivity(effect.activity, effect.toMs)
        return
      case 'guess-words':
        hearing.guessWords(effect.activity, effect.toMs)
        return
      case 'partial-words':
        hearing.partialWords(effect.activity, effect.toMs)
        return
      case 'score-turn':
        hearing.scoreTurn(effect.activity, effect.toMs)
        return
      case 'read-manner':
        hearing.readManner(effect.activity, effect.toMs)
        return
      case 'compare-voice':
        hearing.compareVoice(effect.activity, effect.toMs)
        return
      case 'compare-echo':
        hearing.compareEcho(effect.activity, effect.toMs)
        return
      case 'keep-voice':
        hearing.keepVoice(effect.activity, effect.sure)
        return
      case 'resume-activity':
        responses.resumeReading()
        hearing.resumeActivity(effect.activity, effect.wordsWanted)
        return
      case 'close-activity':
        hearing.closeActivity(effect.activity, effect.toMs)
        return
      case 'finish-activity':
        hearing.finishActivity(effect.activity)
        return
      case 'retry-activity':
        hearing.retryActivity(effect.activity)
        return
      case 'drop-activity':
        hearing.dropActivity(effect.activity)
        return
      case 'look-at':
        watching.lookAt(effect.picture)
        return
      case 'drop-picture':
        watching.drop(effect.picture)
        return
      case 'prepare-address':
        addressVotes.prepare(effect.prompt)
        return
      case 'ask-address':
        addressVotes.ask(effect)
        return
      case 'foresee-address':
        addressVotes.foresee(effect)
        return
      case 'prefill':
        responses.prefill(effect.prompt, effect.soon)
        return
      case 'start-response':
        responses.start(effect)
        return
      case 'apologise':
        responses.apologise(effect.response, effect.language)
        return
      case 'pause-response':
        responses.pause(effect.response)
        return
      case 'hasten-response':
        responses.hasten(effect.response)
        return
      case 'release-response':
      case 'resume-response':
        responses.release(effect.response)
        return
      case 'cancel-response':
        responses.cancel(effect.response, effect.heardMs)
        return
      case 'set-timer':
        timers.set(effect.timer, effect.at)
        return
      case 'clear-timer':
        timers.clear(effect.timer)
        return
      case 'checkpoint':
        keep(effect)
        return
      case 'confirm-delivery':
        connection.whenReceived(() =>
          dispatch({ type: 'delivered', at: clock.now(), checkpoint: effect.checkpoint }),
        )
        return
      case 'close':
        closedWith = effect.closing.code
        connection.close(effect.closing)
        return
    }
  }

  function keep({ checkpoint, snapshot, last }: Extract<Effect, { type: 'checkpoint' }>): void {
    if (!options.keeper || !consumed) return
    const consumedIndex = consumed.index(hearing.settledMs)
    options.keeper.keep(checkpoint, snapshot, last, (handle) =>
      dispatch({ type: 'checkpoint-saved', at: clock.now(), checkpoint, handle, consumedIndex }),
    )
  }

  /** Whether audio leaves little ahead of its playing. */
  function isPaced(): boolean {
    return options.pacing === 'on' || (options.pacing === 'auto' && isLive())
  }

  function isLive(): boolean {
    return state.stream.phase === 'flowing' && state.stream.live
  }

  function end(): void {
    if (signal.aborted) return
    timers.clearAll()
    ended.abort(new DOMException('session ended', 'AbortError'))
    recorder.end()
    options.onEnd(closedWith)
  }

  const kept = (turn: ContentTurn): SessionTurn =>
    turn.role === 'picture' ? { role: 'picture', picture: watching.keep(turn.picture, 'image') } : turn

  for (const effect of opening) perform(effect)
  opening = []

  return {
    receive(message) {
      const at = clock.now()
      switch (message.type) {
        case 'setup':
          throw closeError('setup-twice', {})
        case 'client-content':
          consumed?.note()
          dispatch({
            type: 'content',
            at,
            turns: message.turns.map(kept),
            turnComplete: message.turnComplete,
            ...typedLanguage(message.turns, options.identifyLanguage),
          })
          return
        case 'realtime-input': {
          if (message.text !== undefined) consumed?.note()
          if (message.activityStart) dispatch({ type: 'activity-start', at, audioMs: hearing.receivedMs })
          if (message.picture)
            dispatch({ type: 'picture', at, picture: watching.keep(message.picture, 'video') })
          if (message.audio) hearing.receive(message.audio)
          if (message.text === undefined) consumed?.note(hearing.receivedMs)
          if (message.text !== undefined) {
            const language = typedLanguage(message.text, options.identifyLanguage)
            dispatch({ type: 'realtime-text', at, text: message.text, ...language })
          }
          if (message.activityEnd) dispatch({ type: 'activity-end', at, audioMs: hearing.receivedMs })
          if (message.audioStreamEnd) hearing.endStream()
          return
        }
        case 'tool-response':
          consumed?.note()
          dispatch({ type: 'tool-results', at, results: message.results })
          return
        case 'context-update': {
          consumed?.note()
          const { system, functions } = message
          dispatch({
            type: 'context-update',
            at,
            ...(system !== undefined && { system }),
            ...(functions && { functions }),
          })
          return
        }
      }
    },
    disconnected() {
      dispatch({ type: 'disconnected', at: clock.now() })
    },
    takeOver() {
      dispatch({ type: 'taken-over', at: clock.now() })
    },
  }
}
