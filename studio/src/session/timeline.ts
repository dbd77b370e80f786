/**
 * The sound of both sides as peaks of 20 ms each, where speech was heard, and what the server recorded about each
 * turn, all on the page's clock. It lives outside React. Knows neither canvas nor sockets.
 */

import type { AudioFrame } from 'vivavoce/client'

export const SLOT_MS = 20
/** Speech for the meters' sake: the server decides by its own means. */
const AUDIBLE = 0.01
const PAUSE_MS = 300

/** A record of `/api/turns`: marks in ms on the server's clock. */
export interface TurnRecord {
  readonly session: string
  readonly turn: number
  readonly marks: Readonly<Record<string, number | undefined>>
  readonly outcome: string
  /** How the user sounded, −1 … 1, and how the answer is spoken because of it; absent = not asked for, or as ever. */
  readonly tone?: { readonly name: string; readonly arousal: number; readonly valence: number }
  readonly manner?: { readonly pace: number; readonly pitchSemitones: number; readonly gainDb: number }
  /** Whether it was said to the model, with the log-odds of that and what spoke for and against it; absent = proactive audio is off. */
  readonly address?: { readonly addressed: boolean; readonly lead: number; readonly why: readonly string[] }
  /** Attempts at the answer; what belongs to an earlier one was dropped. */
  readonly revisions?: number
  readonly stages?: readonly {
    readonly stage: string
    readonly startMs: number
    readonly endMs: number
    readonly revision: number
  }[]
  readonly events?: readonly { readonly mark: string; readonly at: number; readonly revision: number }[]
}

export interface Turn {
  readonly number: number
  /** Asked in writing. Files of older versions do not say. */
  readonly written?: boolean
  startMs: number
  endMs: number | undefined
  /** The last sound of the user before the answer, or the moment a text was sent. */
  askedMs: number | undefined
  /** First audible sample of the answer, as played here. */
  heardMs: number | undefined
  /** When the first message of the answer came, and the first with sound in it. */
  outputMs: number | undefined
  audioMs: number | undefined
  interrupted: boolean
  tokens: number | undefined
  promptTokens: number | undefined
  record: TurnRecord | undefined
}

export interface Timeline {
  readonly version: number
  readonly originMs: number
  readonly turns: readonly Turn[]
  /** Peaks 0..255 from the origin on. */
  readonly tracks: { readonly input: Track; readonly output: Track }
  readonly speech: readonly { readonly startMs: number; readonly endMs: number }[]
  /** Server clock + this = page clock; undefined until a record was matched. */
  readonly serverOffsetMs: number | undefined
  /** Of the last frame, 0..1. */
  readonly levels: { input: number; output: number }
  input(frame: AudioFrame): void
  output(frame: AudioFrame): void
  playing(playing: boolean): void
  asked(atMs: number): void
  answered(atMs: number, hasSound: boolean): void
  /** What was heard is left unanswered on purpose; `turnEnded` follows. */
  keptSilent(atMs: number): void
  turnEnded(atMs: number, outcome: { interrupted: boolean; tokens?: number; promptTokens?: number }): void
  records(records: readonly TurnRecord[]): void
  save(): SavedTimeline
  load(saved: SavedTimeline): void
  reset(originMs: number): void
}

export interface SavedTimeline {
  readonly turns: readonly Turn[]
  readonly speech: readonly { readonly startMs: number; readonly endMs: number }[]
  readonly input: readonly number[]
  readonly output: readonly number[]
  readonly serverOffsetMs: number | undefined
}

export function createTimeline(): Timeline {
  let version = 0
  let originMs = 0
  let turns: Turn[] = []
  let speech: { startMs: number; endMs: number }[] = []
  let tracks = { input: createTrack(), output: createTrack() }
  let serverOffsetMs: number | undefined
  let answering: Turn | undefined
  let askedMs: number | undefined
  const levels = { input: 0, output: 0 }

  function begin(atMs: number, output: Pick<Turn, 'outputMs' | 'audioMs'>): Turn {
    const said = speech.at(-1)
    const spoken = said !== undefined && said.endMs > (turns.at(-1)?.startMs ?? 0) ? said : undefined
    const asked = Math.max(spoken?.endMs ?? 0, askedMs ?? 0) || undefined
    const previousEndMs = turns.at(-1)?.endMs ?? originMs
    const written = askedMs !== undefined && asked === askedMs
    const start = written ? askedMs! : (spoken?.startMs ?? atMs)
    const turn: Turn = {
      number: turns.length + 1,
      written,
      startMs: Math.max(start, Math.min(previousEndMs, start)),
      endMs: undefined,
      askedMs: asked === undefined ? undefined : Math.min(asked, atMs),
      heardMs: undefined,
      ...output,
      interrupted: false,
      tokens: undefined,
      promptTokens: undefined,
      record: undefined,
    }
    askedMs = undefined
    turns.push(turn)
    version++
    return turn
  }

  return {
    get version() {
      return version
    },
    get originMs() {
      return originMs
    },
    get turns() {
      return turns
    },
    get tracks() {
      return tracks
    },
    get speech() {
      return speech
    },
    get serverOffsetMs() {
      return serverOffsetMs
    },
    levels,
    input({ pcm16, atMs }) {
      const peak = peakOf(pcm16)
      levels.input = peak
      tracks.input.set(atMs - originMs, peak)
      if (peak < AUDIBLE) return
      const endMs = atMs + SLOT_MS
      const last = speech.at(-1)
      if (last !== undefined && atMs - last.endMs < PAUSE_MS) last.endMs = endMs
      else speech.push({ startMs: atMs, endMs })
    },
    output({ pcm16, atMs }) {
      const peak = peakOf(pcm16)
      levels.output = peak
      tracks.output.set(atMs - originMs, peak)
      if (peak < AUDIBLE || answering === undefined || answering.heardMs !== undefined) return
      answering.heardMs = atMs
      version++
    },
    playing(playing) {
      if (!playing) levels.output = 0
    },
    asked(atMs) {
      askedMs = atMs
    },
    answered(atMs, hasSound) {
      if (answering !== undefined) {
        if (hasSound) answering.audioMs ??= atMs
        return
      }
      answering = begin(atMs, { outputMs: atMs, audioMs: hasSound ? atMs : undefined })
    },
    keptSilent(atMs) {
      answering ??= begin(atMs, { outputMs: undefined, audioMs: undefined })
    },
    turnEnded(atMs, { interrupted, tokens, promptTokens }) {
      version++
      // After an interruption comes a turnComplete that carries the tokens of the same turn.
      const turn = answering ?? turns.at(-1)
      if (turn === undefined) return
      if (answering !== undefined) turn.endMs = atMs
      turn.interrupted ||= interrupted
      turn.tokens ??= tokens
      turn.promptTokens ??= promptTokens
      answering = undefined
    },
    records(records) {
      for (const record of records) {
        const { firstAudio, firstText, turnComplete } = record.marks
        const turn = turns.find(
          (item) => item.record?.turn === record.turn && item.record.session === record.session,
        )
        const target =
          turn ??
          nearest(
            turns.filter((item) => item.record === undefined),
            firstAudio ?? firstText ?? turnComplete,
            serverOffsetMs,
          )
        if (target === undefined) continue
        target.record = record
        for (const [seen, mark] of [
          [target.audioMs, firstAudio],
          [firstAudio === undefined ? target.outputMs : undefined, firstText],
          [target.endMs, turnComplete],
        ]) {
          if (seen === undefined || mark === undefined) continue
          // The least difference has the least delay of the network in it.
          serverOffsetMs = Math.min(serverOffsetMs ?? Number.POSITIVE_INFINITY, seen - mark)
        }
      }
      for (const turn of turns) {
        const { speechStart, speechEnd } = turn.record?.marks ?? {}
        if (serverOffsetMs === undefined) continue
        if (speechStart !== undefined)
          turn.startMs = Math.min(turn.outputMs ?? Number.POSITIVE_INFINITY, speechStart + serverOffsetMs)
        // The server's ears are better than a threshold here, where they tell.
        if (speechEnd !== undefined) turn.askedMs = speechEnd + serverOffsetMs
      }
      version++
    },
    save: () => ({
      turns: turns.map((turn) => shifted(turn, -originMs)),
      speech: speech.map(({ startMs, endMs }) => ({ startMs: startMs - originMs, endMs: endMs - originMs })),
      input: [...tracks.input.values()],
      output: [...tracks.output.values()],
      serverOffsetMs: serverOffsetMs === undefined ? undefined : serverOffsetMs - originMs,
    }),
    load(saved) {
      version++
      originMs = 0
      turns = saved.turns.map((turn) => ({ ...turn }))
      speech = saved.speech.map((piece) => ({ ...piece }))
      tracks = { input: createTrack(saved.input), output: createTrack(saved.output) }
      serverOffsetMs = saved.serverOffsetMs
      answering = undefined
    },
    reset(atMs) {
      version++
      originMs = atMs
      turns = []
      speech = []
      tracks = { input: createTrack(), output: createTrack() }
      serverOffsetMs = undefined
      answering = undefined
      askedMs = undefined
      levels.input = 0
      levels.output = 0
    },
  }
}

export interface Track {
  set(sinceOriginMs: number, peak: number): void
  /** 0..255; 0 where nothing was heard. */
  at(slot: number): number
  readonly length: number
  values(): Uint8Array
}

function createTrack(initial: readonly number[] = []): Track {
  let peaks = new Uint8Array(Math.max(3000, initial.length))
  peaks.set(initial)
  let length = initial.length
  return {
    set(sinceOriginMs, peak) {
      const slot = Math.floor(sinceOriginMs / SLOT_MS)
      if (slot < 0) return
      if (slot >= peaks.length) {
        const larger = new Uint8Array(Math.max(slot + 1, peaks.length * 2))
        larger.set(peaks)
        peaks = larger
      }
      peaks[slot] = Math.max(peaks[slot]!, Math.min(255, Math.round(peak * 255)))
      // Clocks of two devices drift: a slot that was stepped over is no gap.
      if (slot > 1 && slot === length + 1 && peaks[slot - 1] === 0) peaks[slot - 1] = peaks[slot]!
      length = Math.max(length, slot + 1)
    },
    at: (slot) => peaks[slot] ?? 0,
    get length() {
      return length
    },
    values: () => peaks.subarray(0, length),
  }
}

export function voiceToVoiceMs(turn: Turn): number | undefined {
  if (turn.askedMs === undefined || turn.heardMs === undefined) return undefined
  const ms = turn.heardMs - turn.askedMs
  return ms > 0 ? ms : undefined
}

function peakOf(pcm16: Int16Array): number {
  let peak = 0
  for (let index = 0; index < pcm16.length; index++) {
    const value = Math.abs(pcm16[index]!)
    if (value > peak) peak = value
  }
  return peak / 32_768
}

/** Before the offset is known turns and records are taken in order. */
function nearest(
  turns: readonly Turn[],
  mark: number | undefined,
  offsetMs: number | undefined,
): Turn | undefined {
  if (mark === undefined || offsetMs === undefined) return turns[0]
  const distance = (turn: Turn) => Math.abs((turn.outputMs ?? turn.endMs ?? turn.startMs) - (mark + offsetMs))
  const best = turns.toSorted((a, b) => distance(a) - distance(b))[0]
  return best !== undefined && distance(best) < 3000 ? best : undefined
}

function shifted(turn: Turn, byMs: number): Turn {
  const move = (ms: number | undefined) => (ms === undefined ? undefined : ms + byMs)
  return {
    ...turn,
    startMs: turn.startMs + byMs,
    endMs: move(turn.endMs),
    askedMs: move(turn.askedMs),
    heardMs: move(turn.heardMs),
    outputMs: move(turn.outputMs),
    audioMs: move(turn.audioMs),
  }
}
