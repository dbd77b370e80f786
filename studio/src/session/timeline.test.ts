/** Turns out of frames and messages: when they began, how long one waited, and what the server's record adds. */
import { describe, expect, test } from 'vitest'
import { createTimeline, type TurnRecord, voiceToVoiceMs } from './timeline'

const LOUD = Int16Array.from({ length: 320 }, (_, index) => (index % 2 ? 8000 : -8000))
const QUIET = new Int16Array(320)

/** Frames of 20 ms from … to …, ms. */
function frames(fromMs: number, toMs: number, pcm16 = LOUD) {
  return Array.from({ length: (toMs - fromMs) / 20 }, (_, index) => ({ pcm16, atMs: fromMs + index * 20 }))
}

function spoken() {
  const timeline = createTimeline()
  timeline.reset(1000)
  for (const frame of [...frames(1500, 2500), ...frames(2500, 3000, QUIET)]) timeline.input(frame)
  timeline.answered(3000, true)
  for (const frame of [...frames(3060, 3100, QUIET), ...frames(3100, 4000)]) timeline.output(frame)
  return timeline
}

describe('timeline', () => {
  test('a spoken turn waits from the last loud frame to the first loud one of the answer', () => {
    const [turn] = spoken().turns
    expect(turn).toMatchObject({ number: 1, written: false, startMs: 1500, askedMs: 2500, heardMs: 3100 })
    expect(voiceToVoiceMs(turn!)).toBe(600)
  })

  test('a written turn waits from when it was sent, and is known as one', () => {
    const timeline = spoken()
    timeline.turnEnded(4000, { interrupted: false })
    timeline.asked(5000)
    timeline.answered(5200, true)
    for (const frame of frames(5300, 5400)) timeline.output(frame)
    expect(timeline.turns[1]).toMatchObject({ number: 2, written: true, startMs: 5000, askedMs: 5000 })
    expect(voiceToVoiceMs(timeline.turns[1]!)).toBe(300)
  })

  test('an interrupted turn stays one; the tokens come with the completion behind it', () => {
    const timeline = spoken()
    timeline.turnEnded(3500, { interrupted: true })
    timeline.turnEnded(3510, { interrupted: false, tokens: 12, promptTokens: 80 })
    expect(timeline.turns).toMatchObject([{ interrupted: true, endMs: 3500, tokens: 12, promptTokens: 80 }])
  })

  test('the server’s record is laid on the page’s clock, and its ears are believed', () => {
    const timeline = spoken()
    timeline.turnEnded(4000, { interrupted: false })
    const record: TurnRecord = {
      session: 's',
      turn: 7,
      outcome: 'complete',
      marks: { speechStart: 480, speechEnd: 1450, firstAudio: 2000, turnComplete: 3000 },
    }
    timeline.records([record])
    expect(timeline.serverOffsetMs).toBe(1000)
    expect(timeline.turns[0]).toMatchObject({ record, startMs: 1480, askedMs: 2450 })
  })

  test('what is saved is loaded again, counted from its beginning', () => {
    const timeline = spoken()
    timeline.turnEnded(4000, { interrupted: false })
    const saved = timeline.save()
    const again = createTimeline()
    again.load(saved)
    expect(again.turns[0]).toMatchObject({ startMs: 500, askedMs: 1500, heardMs: 2100 })
    expect([again.tracks.input.at(0), again.tracks.input.at(25)]).toEqual([0, 62])
  })
})
