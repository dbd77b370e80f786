/** A session file as half an hour of talk leaves it: a turn every ten seconds, both voices, and its wire log. */

import { packSession } from '../../studio/src/keep/session-file.js'
import { SLOT_MS, type Turn } from '../../studio/src/session/timeline.js'

const TURN_MS = 10_000
const QUESTION_MS = 3_000
const ANSWER_FROM_MS = 3_800
const ANSWER_TO_MS = 9_000

export function longSession(minutes: number): Uint8Array {
  const durationMs = minutes * 60_000
  const turns: Turn[] = Array.from({ length: durationMs / TURN_MS }, (_, index) => {
    const startMs = index * TURN_MS
    return {
      number: index + 1,
      startMs,
      endMs: startMs + ANSWER_TO_MS,
      askedMs: startMs + QUESTION_MS,
      heardMs: startMs + ANSWER_FROM_MS,
      outputMs: startMs + ANSWER_FROM_MS - 60,
      audioMs: startMs + ANSWER_FROM_MS - 60,
      interrupted: index % 5 === 0,
      tokens: 60,
      promptTokens: 200 + index * 80,
      record: undefined,
    }
  })
  const track = (fromMs: number, toMs: number) =>
    Array.from({ length: durationMs / SLOT_MS }, (_, slot) => {
      const atMs = (slot * SLOT_MS) % TURN_MS
      return atMs >= fromMs && atMs < toMs ? 60 + ((slot * 37) % 120) : 0
    })
  const wire = turns.flatMap(({ startMs }, index) =>
    Array.from({ length: 20 }, (_, line) => {
      const atMs = startMs + line * 400
      const direction = line % 2 === 0 ? 'sent' : 'received'
      const kind = direction === 'sent' ? 'realtimeInput.audio' : 'serverContent.modelTurn.audio'
      return {
        index: index * 20 + line,
        direction,
        kind,
        atMs,
        lastMs: atMs + 380,
        count: 19,
        bytes: 17_000,
        text: '{}',
      } as const
    }),
  )
  const entries = turns.flatMap(({ startMs }, index) => [
    {
      id: index * 2 + 1,
      kind: 'user',
      text: `Question ${index + 1}?`,
      interim: '',
      source: 'voice',
      atMs: startMs,
    } as const,
    {
      id: index * 2 + 2,
      kind: 'model',
      pieces: [
        { text: 'This is the answer, and it takes two sentences. Here is the second one.', fromMs: 0 },
      ],
      audioMs: ANSWER_TO_MS - ANSWER_FROM_MS,
      state: 'complete',
      atMs: startMs + ANSWER_FROM_MS,
    } as const,
  ])
  return packSession({
    setup: {},
    sessionId: 'long',
    durationMs,
    conversation: { entries, user: undefined, model: undefined },
    meters: { turns: turns.length, promptTokens: 14_000, responseTokens: 10_800 },
    timeline: {
      turns,
      speech: turns.map(({ startMs }) => ({ startMs, endMs: startMs + QUESTION_MS })),
      input: track(0, QUESTION_MS),
      output: track(ANSWER_FROM_MS, ANSWER_TO_MS),
      serverOffsetMs: 0,
    },
    wire,
    sound: undefined,
  })
}
