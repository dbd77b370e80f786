/** Whole sessions on scripted engines and a clock that is turned by hand: what goes out, when, and what never does. */
import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../protocol/index.js'
import { audioLengthMs, createRecordingConnection } from '../testing/recording-connection.js'
import { audio, setupOf, silence, startSession, stream, tone } from '../testing/session-bench.js'

describe('a session', () => {
  it('answers typed text with transcript and speech, as fast as it is made', async () => {
    const started = startSession()
    started.say('one two three')
    await started.clock.advance(50)
    expect(started.connection.transcript()).toEqual([
      'setupComplete',
      'said one two three',
      'audio 800',
      'generationComplete',
      'turnComplete',
    ])
  })

  it('answers in text where text was asked for', async () => {
    const started = startSession({ generationConfig: { responseModalities: ['TEXT'] } })
    started.say('one two')
    await started.clock.advance(50)
    expect(started.connection.transcript().filter((word) => !word.startsWith('text'))).toEqual([
      'setupComplete',
      'generationComplete',
      'turnComplete',
    ])
    expect(
      started.connection
        .transcript()
        .filter((word) => word.startsWith('text'))
        .join(''),
    ).toContain('one')
  })

  it('answers a file sent at once, cut off in the middle of speech, half a second after it was drained', async () => {
    const started = startSession()
    started.session.receive(audio(tone(900)))
    await started.clock.advance(480)
    expect(started.connection.transcript()).toEqual(['setupComplete'])
    await started.clock.advance(100)
    expect(started.connection.transcript().slice(1, 3)).toEqual([
      'heard speech of 900 ms',
      'said speech of 900 ms',
    ])
    expect(started.connection.transcript().at(-1)).toBe('turnComplete')
  })

  it('takes an odd number of bytes and any rate', async () => {
    const started = startSession()
    const bytes = tone(900)
    started.session.receive(audio(bytes.subarray(0, 1_001)))
    started.session.receive(audio(bytes.subarray(1_001)))
    await started.clock.advance(700)
    expect(started.connection.transcript()[1]).toBe('heard speech of 900 ms')
  })

  it('answers a stream in real time after the silence, paced, and ends the turn when it was played', async () => {
    const started = startSession(
      {},
      'rules:\n  - reply: one two three four five six seven eight nine ten eleven twelve\n',
    )
    await stream(started, tone(800))
    await stream(started, silence(800))
    const heardAt = started.connection.sent[1]?.at ?? 0
    expect(heardAt).toBeGreaterThanOrEqual(1_300)
    expect(heardAt).toBeLessThan(1_420)
    await stream(started, silence(4_000))
    const words = started.connection.transcript()
    expect(words.slice(-2)).toEqual(['generationComplete', 'turnComplete'])
    // 12 words of 250 ms and a pause: never more than the lead and one chunk ahead of the playout, and turnComplete after it.
    let sentMs = 0
    let firstAt: number | undefined
    for (const { at, message } of started.connection.sent) {
      const ms = 'serverContent' in message ? audioLengthMs(message.serverContent) : undefined
      if (ms === undefined) continue
      firstAt ??= at
      expect(sentMs - (at - firstAt)).toBeLessThanOrEqual(330)
      sentMs += ms
    }
    // Twelve words, and the pauses between clauses.
    expect(sentMs).toBeGreaterThanOrEqual(3_100)
    expect((started.connection.sent.at(-1)?.at ?? 0) - (firstAt ?? 0)).toBeGreaterThanOrEqual(
      Math.floor(sentMs),
    )
  })

  it('never lets a listener hear a gap while words are made faster than they are spoken', async () => {
    const words = Array.from({ length: 40 }, (_, index) => `w${index}`).join(' ')
    const script = `delaysMs: { perToken: 120, firstAudio: 150 }\nrules:\n  - reply: Sure, ${words} and that is all.\n`
    const started = startSession({}, script)
    await stream(started, tone(800))
    await stream(started, silence(16_000))
    let playedUntil = 0
    let gapsMs = 0
    for (const { at, message } of started.connection.sent) {
      const ms = 'serverContent' in message ? audioLengthMs(message.serverContent) : undefined
      if (ms === undefined) continue
      if (playedUntil > 0) gapsMs += Math.max(0, at - playedUntil)
      playedUntil = Math.max(playedUntil, at) + ms
    }
    expect(started.connection.transcript().at(-1)).toBe('turnComplete')
    expect(gapsMs).toBe(0)
  })

  it('is interrupted by voice: nothing of that answer leaves afterwards, and an answer follows', async () => {
    const started = startSession(
      {},
      'rules:\n  - match: { turn: 1 }\n    reply: a b c d e f g h i j k l m n o p q r s t\n',
    )
    await stream(started, tone(800))
    await stream(started, silence(1_500))
    await stream(started, tone(800))
    await stream(started, silence(3_000))
    const words = started.connection.transcript()
    const at = words.indexOf('interrupted')
    expect(words.slice(at, at + 3)).toEqual(['interrupted', 'turnComplete', 'heard speech of 800 ms'])
    expect(words[at + 3]).toBe('said speech of 800 ms')
    expect(words.at(-1)).toBe('turnComplete')
  })

  it('says sorry when the model fails twice, ends the turn and goes on', async () => {
    const script = 'rules:\n  - match: { text: boom }\n    fail: { code: engine-lost, times: 2 }\n'
    const started = startSession({}, script)
    started.say('boom')
    await started.clock.advance(100)
    expect(started.connection.transcript().slice(1)).toEqual([
      'said Sorry, ',
      expect.stringMatching(/^audio/),
      expect.stringMatching(/^said something/),
      expect.stringMatching(/^audio/),
      expect.stringMatching(/^said Please/),
      expect.stringMatching(/^audio/),
      'generationComplete',
      'turnComplete',
    ])
    started.say('fine')
    await started.clock.advance(100)
    expect(started.connection.transcript().at(-1)).toBe('turnComplete')
  })

  it('refuses one session too many and frees the place of one that ends', () => {
    const { host, session, clock } = startSession({}, '', { maxSessions: 1 })
    const another = () => host.open(setupOf({}), createRecordingConnection(clock))
    expect(another).toThrow(ProtocolError)
    session.disconnected()
    expect(host.openSessions).toBe(0)
    expect(another).not.toThrow()
  })

  it('stops sending to a client that does not read, and goes on when it does', async () => {
    const started = startSession()
    started.connection.bufferedBytes = 2 * 1024 * 1024
    started.say('one two three')
    await started.clock.advance(5_000)
    expect(started.connection.transcript()).toEqual(['setupComplete'])
    started.connection.bufferedBytes = 0
    await started.clock.advance(200)
    expect(started.connection.transcript().at(-1)).toBe('turnComplete')
  })

  it('leaves nothing behind when it ends', async () => {
    const started = startSession()
    await stream(started, tone(800))
    started.say('one two three')
    started.session.disconnected()
    await started.clock.advance(50)
    expect(started.clock.pending).toBe(0)
    const before = started.connection.sent.length
    await started.clock.advance(60_000)
    expect(started.connection.sent).toHaveLength(before)
  })

  it('records when each stage of a turn happened', async () => {
    const started = startSession()
    await stream(started, tone(800))
    await stream(started, silence(2_500))
    const [turn] = started.host.turns
    expect(turn?.outcome).toBe('complete')
    const { speechStart, speechEnd, turnDecided, transcriptReady, firstAudio, turnComplete } =
      turn?.marks ?? {}
    const order = [speechStart, speechEnd, transcriptReady, turnDecided, firstAudio, turnComplete]
    expect(order.every((mark) => mark !== undefined)).toBe(true)
    expect([...order].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(order)
  })
})
