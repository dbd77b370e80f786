/** The timeline that whole sessions leave behind, on scripted engines and a clock that is turned by hand. */
import { describe, expect, it } from 'vitest'
import { latenciesOf } from '../telemetry/index.js'
import { silence, startSession, stream, tone } from '../testing/session-bench.js'

describe('the turn record', () => {
  it('has every stage of a spoken turn, in order, on one clock', async () => {
    const started = startSession()
    await stream(started, tone(800))
    await stream(started, silence(4_000))
    const [record] = started.host.turns
    expect(record).toMatchObject({ turn: 1, outcome: 'complete', pacing: 'paced', revisions: 1 })
    const { marks } = record!
    const order = [
      marks.speechStart,
      marks.speechEnd,
      marks.softEnd,
      marks.transcriptReady,
      marks.responseStarted,
      marks.firstToken,
      marks.firstClause,
      marks.firstAudioReady,
      marks.turnDecided,
      marks.firstAudio,
      marks.generated,
      marks.turnComplete,
    ]
    expect(order).not.toContain(undefined)
    expect([...order].sort((a, b) => a! - b!)).toEqual(order)
    expect(latenciesOf(marks).endpointing).toBeGreaterThanOrEqual(480)
    expect(latenciesOf(marks)).toMatchObject({ decisionToAudio: 0 })
    expect(latenciesOf(marks).heldReady).toBeGreaterThan(100)
    expect(record!.inputAudioMs).toBeGreaterThan(700)
    expect(record!.outputAudioMs).toBeGreaterThan(500)
  })

  it('shows the answer that was begun and dropped because the user went on', async () => {
    const started = startSession()
    await stream(started, tone(800))
    await stream(started, silence(350))
    await stream(started, tone(800))
    await stream(started, silence(4_000))
    const [record] = started.host.turns
    expect(record).toMatchObject({ outcome: 'complete', revisions: 2 })
    const { marks, events } = record!
    const dropped = events.find(({ mark }) => mark === 'speculationDropped')!
    expect(events.find(({ mark }) => mark === 'firstToken')!.at).toBeLessThan(dropped.at)
    expect(marks.firstToken!).toBeGreaterThan(dropped.at)
    expect(marks.speculationConfirmed).toBe(marks.turnDecided)
  })

  it('tells an interruption from the onset, and begins the next turn there', async () => {
    const started = startSession(
      {},
      'rules:\n  - match: { turn: 2 }\n    transcript: "Where is that?"\n  - reply: "one two three four five six seven eight nine ten"\n',
    )
    await stream(started, tone(800))
    await stream(started, silence(1_000))
    await stream(started, tone(600))
    await stream(started, silence(6_000))
    const [first, second] = started.host.turns
    expect(first).toMatchObject({ turn: 1, outcome: 'interrupted' })
    expect(first!.marks.interrupted).toBeDefined()
    expect(second).toMatchObject({ turn: 2, outcome: 'complete' })
    // Output stops with the onset; the words decide.
    expect(second!.marks.speechStart).toBe(first!.marks.paused)
    expect(first!.marks.interrupted! - first!.marks.paused!).toBeLessThanOrEqual(500)
    expect(second!.marks.speechStart!).toBeLessThan(second!.marks.speechEnd!)
  })

  it('keeps a speaker who may not interrupt apart from the answer that plays', async () => {
    const script = 'rules:\n  - reply: "one two three four five six"\n'
    const started = startSession({ realtimeInputConfig: { activityHandling: 'NO_INTERRUPTION' } }, script)
    await stream(started, tone(800))
    await stream(started, silence(1_000))
    await stream(started, tone(400))
    await stream(started, silence(8_000))
    const [first, second] = started.host.turns
    expect(first).toMatchObject({ outcome: 'complete' })
    expect(second).toMatchObject({ outcome: 'complete' })
    expect(second!.marks.speechStart!).toBeLessThan(first!.marks.turnComplete!)
    expect(second!.marks.firstAudio!).toBeGreaterThanOrEqual(first!.marks.turnComplete!)
    expect(first!.marks.speechEnd!).toBeLessThan(first!.marks.firstAudio!)
  })

  it('takes a sound without words for no part of what is said later', async () => {
    const started = startSession({}, 'rules:\n  - match: { turn: 1 }\n    transcript: ""\n')
    await stream(started, tone(400))
    await stream(started, silence(10_000))
    await stream(started, tone(800))
    await stream(started, silence(4_000))
    const [first, second] = started.host.turns
    expect(first).toMatchObject({ turn: 1, outcome: 'unanswered', outputAudioMs: 0 })
    expect(second).toMatchObject({ turn: 2, outcome: 'complete' })
    expect(second!.marks.speechStart!).toBeGreaterThan(10_000)
  })

  it('times typed turns from their arrival, and says when a session ended in the middle', async () => {
    const started = startSession()
    started.say('one two three')
    await started.clock.advance(50)
    expect(started.host.turns[0]).toMatchObject({ outcome: 'complete', pacing: 'unpaced' })
    expect(latenciesOf(started.host.turns[0]!.marks).textToAudio).toBeGreaterThanOrEqual(0)
    await stream(started, tone(800))
    started.session.disconnected()
    expect(started.host.turns[1]).toMatchObject({ outcome: 'abandoned' })
  })

  it('a typed turn that interrupts is a turn of its own', async () => {
    const script = 'rules:\n  - reply: "one two three four five six seven eight nine ten"\n'
    const started = startSession({}, script)
    await stream(started, tone(800))
    await stream(started, silence(1_200))
    started.say('stop that')
    await stream(started, silence(6_000))
    const [first, second] = started.host.turns
    expect(first).toMatchObject({ outcome: 'interrupted' })
    expect(first!.marks.textReceived).toBeUndefined()
    expect(second!.marks.textReceived).toBe(first!.marks.interrupted)
  })

  it('counts gaps in what a live listener hears', async () => {
    const script =
      'rules:\n  - reply: "One, two three four five, six seven eight nine ten eleven. Twelve thirteen."\n    delaysMs: { firstAudio: 2500 }\n'
    const started = startSession({}, script)
    await stream(started, tone(800))
    await stream(started, silence(20_000))
    const gaps = started.host.turns[0]!.events.filter(({ mark }) => mark === 'underrun')
    expect(gaps.length).toBeGreaterThan(0)
    expect(gaps[0]!.value).toBeGreaterThan(100)
  })
})
