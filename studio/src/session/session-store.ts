/**
 * The session of the page: opens and closes it, carries what the user does to the client and what comes back to the
 * conversation and the instruments. Components read it and call its actions; audio never passes through it.
 */

import {
  bytesToBase64,
  type ConnectionEvent,
  type ContentTurn,
  type LiveClose,
  type MicrophoneError,
  type Picture,
  type Talk,
  talk,
} from 'vivavoce/client'
import type { ServerMessage } from 'vivavoce/protocol'
import { create } from 'zustand'
import type { Setup } from '../setup/fields'
import { OFFERS } from '../setup/offers'
import { connectionOf, setupOf } from '../setup/setup-message'
import { apiKey, useSetup } from '../setup/setup-store'
import { type Conversation, type ConversationEvent, converse, EMPTY, heardOfModel } from './conversation'
import { useDevices } from './devices'
import { recorder, timeline, wire } from './instruments'
import { type Problem, problemOf } from './problem'
import { decodeSpeech } from './speech-file'
import { fetchTurnRecords } from './turn-records'

export type Status = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'ended'

export interface Meters {
  readonly turns: number
  /** Of the last turn: the whole context. */
  readonly promptTokens: number
  /** Of all turns. */
  readonly responseTokens: number
}

interface SessionState {
  readonly status: Status
  readonly hasMicrophone: boolean
  readonly speaking: boolean
  readonly muted: boolean
  /** Push-to-talk is held. */
  readonly pressing: boolean
  /** A file speaks in place of the microphone. */
  readonly playingFile: string | undefined
  readonly problem: Problem | undefined
  readonly conversation: Conversation
  readonly meters: Meters
  readonly sessionId: string | undefined
  readonly startedMs: number | undefined
  readonly endedMs: number | undefined
  /** As the session was opened with, or updated to. */
  readonly inForce: Setup
  readonly recording: boolean
  start(options: { readonly microphone: boolean }): Promise<void>
  stop(): Promise<void>
  sendText(text: string): Promise<void>
  speakFile(file: File): Promise<void>
  stopFile(): void
  /** Dropped while there is no conversation, or no way through to it. */
  showPicture(picture: Picture, shown: 'camera' | 'screen'): void
  mute(muted: boolean): void
  press(pressing: boolean): void
  chooseMicrophone(id: string): Promise<void>
  chooseSpeaker(id: string): Promise<void>
  updateContext(): void
  answerCall(callId: string, name: string, response: Readonly<Record<string, unknown>>): void
  record(on: boolean): void
  notice(name: string): void
  dismissProblem(): void
  clear(): void
}

const NO_METERS: Meters = { turns: 0, promptTokens: 0, responseTokens: 0 }

let current: Talk | undefined
/** Grows with every start and stop, so that what was begun for an older one knows it is late. */
let generation = 0
let fileStop: AbortController | undefined
/** Of the answer in progress: what was received before it does not count. */
let playedMs = 0

export const useSession = create<SessionState>((set, get) => {
  const tell = (event: ConversationEvent) =>
    set(({ conversation }) => ({ conversation: converse(conversation, event) }))
  const notice = (name: string, detail = '') =>
    tell({ type: 'notice', notice: name, detail, atMs: performance.now() })

  function receive(message: ServerMessage): void {
    const atMs = performance.now()
    const content = 'serverContent' in message ? message.serverContent : undefined
    if (content?.modelTurn || content?.outputTranscription) {
      if (get().conversation.model === undefined) playedMs = 0
      timeline.answered(atMs, content.modelTurn?.parts.some((part) => 'inlineData' in part) ?? false)
    }
    if (content?.waitingForInput) timeline.keptSilent(atMs)
    tell({ type: 'message', message, atMs, playedMs })
    if (content?.interrupted || content?.turnComplete) {
      const usage = 'usageMetadata' in message ? message.usageMetadata : undefined
      timeline.turnEnded(atMs, {
        interrupted: content.interrupted === true,
        ...(usage && { tokens: usage.responseTokenCount, promptTokens: usage.promptTokenCount }),
      })
      if (content.turnComplete) {
        set(({ meters }) => ({
          meters: {
            turns: meters.turns + 1,
            promptTokens: usage?.promptTokenCount ?? meters.promptTokens,
            responseTokens: meters.responseTokens + (usage?.responseTokenCount ?? 0),
          },
        }))
        void fetchTurnRecords(get().sessionId)
      }
    }
    if ('toolCall' in message) {
      for (const { id, name } of message.toolCall.functionCalls) {
        const canned = cannedAnswers.get(name)
        if (canned !== undefined) get().answerCall(id, name, canned)
      }
    }
  }

  /** The turn in progress goes no further. */
  function cutOff(heardMs?: number): void {
    if (get().conversation.model !== undefined) timeline.turnEnded(performance.now(), { interrupted: true })
    tell({ type: 'cut-off', ...(heardMs !== undefined && { playedMs: heardMs }) })
  }

  /** The server's words where it gave any; the client's own are in one language. */
  function noticeOfDrop(reason: string): void {
    if (reason === 'goAway') notice('moving')
    else if (reason.startsWith('connection lost')) notice('lost')
    else notice('dropped', reason)
  }

  function connection(event: ConnectionEvent): void {
    if (event.type === 'reconnecting') {
      cutOff()
      if (get().status === 'live') noticeOfDrop(event.reason)
      set({ status: 'reconnecting' })
      return
    }
    if (get().status === 'reconnecting') notice(event.resumed ? 'resumed' : 'restarted')
    set({ status: 'live', sessionId: event.sessionId })
  }

  async function ensure(microphone: boolean): Promise<Talk | undefined> {
    if (current === undefined) await get().start({ microphone })
    return current
  }

  return {
    status: 'idle',
    hasMicrophone: false,
    speaking: false,
    muted: false,
    pressing: false,
    playingFile: undefined,
    problem: undefined,
    conversation: EMPTY,
    meters: NO_METERS,
    sessionId: undefined,
    startedMs: undefined,
    endedMs: undefined,
    inForce: {},
    recording: false,

    async start({ microphone }) {
      if (current !== undefined) {
        // A written session gets a voice.
        if (microphone && !get().hasMicrophone)
          await get().chooseMicrophone(useDevices.getState().microphoneId)
        return
      }
      const mine = ++generation
      const setup = useSetup.getState().setup
      const { microphoneId, speakerId } = useDevices.getState()
      const now = performance.now()
      wire.clear()
      timeline.reset(now)
      recorder.clear()
      set({
        status: 'connecting',
        problem: undefined,
        conversation: EMPTY,
        meters: NO_METERS,
        inForce: setup,
        muted: false,
        pressing: false,
        hasMicrophone: false,
        startedMs: now,
        endedMs: undefined,
      })
      try {
        const opened = await talk({
          url: location.origin,
          ...(apiKey && { apiKey }),
          ...connectionOf(setup),
          microphone: microphone
            ? { ...(microphoneId && { deviceId: microphoneId }), onDeviceChange: deviceChanged }
            : false,
          ...(speakerId && { speakerId }),
          observe: (direction, text) => wire.add(direction, text, performance.now()),
          onConnection: (event) => {
            if (mine === generation) connection(event)
          },
          history: () => historyOf(get().conversation),
          onMessage: receive,
          onInput: (frame) => {
            timeline.input(frame)
            recorder.input(frame)
          },
          onOutput: (frame) => {
            playedMs += (frame.pcm16.length / 24_000) * 1000
            timeline.output(frame)
            recorder.output(frame)
          },
          onPlaying: (playing) => {
            timeline.playing(playing)
            set({ speaking: playing })
          },
        })
        if (mine !== generation) return void opened.close()
        current = opened
        if (setup.manual === true) opened.mute(true)
        set({ status: 'live', hasMicrophone: microphone })
        void useDevices.getState().refresh()
        opened.ended.then(
          () => ended(mine),
          (error: Error & Partial<LiveClose>) => ended(mine, problemOf(error)),
        )
      } catch (error) {
        if (mine === generation) ended(mine, problemOf(error as Error))
      }
    },

    async stop() {
      const leaving = current
      ended(generation)
      await leaving?.close()
    },

    async sendText(text) {
      const session = await ensure(false)
      if (session === undefined) return
      const atMs = performance.now()
      tell({ type: 'said', text, source: 'text', atMs })
      timeline.asked(atMs)
      session.client.sendText(text)
    },

    async speakFile(file) {
      let pcm16: Int16Array
      try {
        pcm16 = await decodeSpeech(file)
      } catch {
        set({ problem: { name: 'file', detail: file.name } })
        return
      }
      const session = await ensure(false)
      if (session === undefined) return
      fileStop?.abort()
      const stop = new AbortController()
      fileStop = stop
      set({ playingFile: file.name })
      const manual = get().inForce.manual === true
      if (manual) session.client.activityStart()
      await session.speak(pcm16, stop.signal)
      if (manual) session.client.activityEnd()
      if (fileStop === stop) set({ playingFile: undefined })
    },

    stopFile: () => fileStop?.abort(),

    showPicture({ bytes, mimeType, atMs }, shown) {
      if (get().status !== 'live' || current?.show({ bytes, mimeType }) !== true) return
      tell({ type: 'image', url: `data:${mimeType};base64,${bytesToBase64(bytes)}`, shown, atMs })
    },

    mute(muted) {
      current?.mute(muted)
      set({ muted })
    },

    press(pressing) {
      if (current === undefined || pressing === get().pressing) return
      set({ pressing })
      if (pressing) {
        current.client.activityStart()
        current.mute(false)
      } else {
        current.mute(true)
        current.client.activityEnd()
      }
    },

    async chooseMicrophone(id) {
      useDevices.getState().choose('microphoneId', id)
      if (current === undefined) return
      try {
        await current.switchMicrophone({ ...(id && { deviceId: id }), onDeviceChange: deviceChanged })
        if (get().inForce.manual === true) current.mute(true)
        set({ hasMicrophone: true, problem: undefined })
        void useDevices.getState().refresh()
      } catch (error) {
        set({ problem: problemOf(error as Error) })
      }
    },

    async chooseSpeaker(id) {
      useDevices.getState().choose('speakerId', id)
      await current?.switchSpeaker(id)
    },

    updateContext() {
      const setup = useSetup.getState().setup
      const { systemInstruction, tools } = setupOf(setup) as ReturnType<typeof connectionOf>['config']
      current?.client.updateContext({
        systemInstruction: systemInstruction ?? { parts: [{ text: '' }] },
        ...(OFFERS.tools && { tools: tools ?? [] }),
      })
      set(({ inForce }) => ({ inForce: { ...inForce, system: setup.system, tools: setup.tools } }))
      notice('updated')
    },

    answerCall(callId, name, response) {
      current?.client.sendToolResponse([{ id: callId, name, response }])
      tell({ type: 'answered', callId, response })
    },

    record(on) {
      if (on) recorder.start()
      else recorder.stop()
      set({ recording: on })
    },

    notice: (name) => notice(name),
    dismissProblem: () => set({ problem: undefined }),

    clear() {
      if (current !== undefined) return
      wire.clear()
      timeline.reset(performance.now())
      recorder.clear()
      set({
        conversation: EMPTY,
        meters: NO_METERS,
        status: 'idle',
        startedMs: undefined,
        endedMs: undefined,
      })
    },
  }

  function ended(mine: number, problem?: Problem): void {
    if (mine !== generation) return
    generation++
    current = undefined
    fileStop?.abort()
    cutOff(playedMs)
    timeline.levels.input = 0
    timeline.levels.output = 0
    const begun = get().conversation.entries.length > 0 || get().sessionId !== undefined
    set({
      status: begun && problem?.name !== 'refused' ? 'ended' : 'idle',
      hasMicrophone: false,
      speaking: false,
      pressing: false,
      playingFile: undefined,
      endedMs: performance.now(),
      ...(problem && { problem }),
    })
  }

  function deviceChanged(change: { readonly label: string } | { readonly problem: MicrophoneError }): void {
    if ('label' in change) notice('device', change.label)
    else set({ hasMicrophone: false, problem: problemOf(change.problem) })
  }
})

/** By function name; the Set up panel fills it. */
export const cannedAnswers = new Map<string, Readonly<Record<string, unknown>>>()

/** For a new session in the place of a lost one: what was said and what was heard. */
export function historyOf(conversation: Conversation): ContentTurn[] {
  return conversation.entries.flatMap((entry): ContentTurn[] => {
    if (entry.kind === 'user' && entry.text.trim()) return [{ role: 'user', text: entry.text.trim() }]
    if (entry.kind !== 'model') return []
    const text = heardOfModel(entry)
    return text ? [{ role: 'model', text }] : []
  })
}
