/** Whole sessions on scripted engines and a clock that is turned by hand: what goes out, when, and what never does. */
import { describe, expect, it } from 'vitest'
import { floatToPcm16 } from '../audio/index.js'
import { createScriptedEngines, loadScript } from '../engines/scripted/index.js'
import { decodeClientMessage, ProtocolError, type Setup } from '../protocol/index.js'
import { createManualClock } from '../testing/manual-clock.js'
import { audioLengthMs, createRecordingConnection } from '../testing/recording-connection.js'
import { createSessionHost } from './session-host.js'

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} }

function setupOf(setup: object): Setup {
  const message = decodeClientMessage(
    JSON.stringify({ setup: { model: 'models/gemini-live-2.5-flash', ...setup } }),
  )
  if (message.type !== 'setup') throw new Error('not a setup')
  return message.setup
}

function start(setup: object = {}, script = '', maxSessions = 10) {
  const clock = createManualClock()
  const engines = createScriptedEngines({ clock, ...(script ? { script: loadScript(script, 'test') } : {}) })
  const host = createSessionHost({
    engines,
    clock,
    logger: QUIET_LOG,
    createId: () => 'session-1',
    computeSlots: 1_000,
    speechSpeed: 1_000,
    maxSessions,
    pacing: 'auto',
  })
  const connection = createRecordingConnection(clock)
  const session = host.open(
    setupOf({ inputAudioTranscription: {}, outputAudioTranscription: {}, ...setup }),
    connection,
  )
  const say = (text: string) =>
    session.receive({ type: 'client-content', turns: [{ role: 'user', text }], turnComplete: true })
  return { clock, host, connection, session, say }
}

/** Speech as the scripted detector understands it: a tone; 16 kHz. */
function tone(ms: number): Uint8Array {
  return floatToPcm16(
    Float32Array.from({ length: ms * 16 }, (_, i) => 0.3 * Math.sin((i * 2 * Math.PI * 300) / 16_000)),
  )
}
const silence = (ms: number) => new Uint8Array(ms * 32)
const audio = (bytes: Uint8Array) => ({
  type: 'realtime-input' as const,
  audio: { bytes, sampleRateHz: 16_000 },
})

type Started = ReturnType<typeof start>

/** Streams audio in real time, 20 ms at a time. */
async function stream({ clock, session }: Started, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length; from += 640) {
    session.receive(audio(bytes.subarray(from, from + 640)))
    await clock.advance(20)
  }
}

describe('a session', () => {
  it('answers typed text with transcript and speech, as fast as it is made', async () => {
    const started = start()
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
    const started = start({ generationConfig: { responseModalities: ['TEXT'] } })
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
    const started = start()
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
    const started = start()
    const bytes = tone(900)
    started.session.receive(audio(bytes.subarray(0, 1_001)))
    started.session.receive(audio(bytes.subarray(1_001)))
    await started.clock.advance(700)
    expect(started.connection.transcript()[1]).toBe('heard speech of 900 ms')
  })

  it('answers a stream in real time after the silence, paced, and ends the turn when it was played', async () => {
    const started = start(
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
      expect(sentMs - (at - firstAt)).toBeLessThanOrEqual(810)
      sentMs += ms
    }
    // Twelve words, and the pauses between clauses.
    expect(sentMs).toBeGreaterThanOrEqual(3_100)
    expect((started.connection.sent.at(-1)?.at ?? 0) - (firstAt ?? 0)).toBeGreaterThanOrEqual(sentMs)
  })

  it('never lets a listener hear a gap while words are made faster than they are spoken', async () => {
    const words = Array.from({ length: 40 }, (_, index) => `w${index}`).join(' ')
    const script = `delaysMs: { perToken: 120, firstAudio: 150 }\nrules:\n  - reply: Sure, ${words} and that is all.\n`
    const started = start({}, script)
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
    const started = start(
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
    const started = start({}, script)
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
    const { host, session, clock } = start({}, '', 1)
    const another = () => host.open(setupOf({}), createRecordingConnection(clock))
    expect(another).toThrow(ProtocolError)
    session.disconnected()
    expect(host.openSessions).toBe(0)
    expect(another).not.toThrow()
  })

  it('stops sending to a client that does not read, and goes on when it does', async () => {
    const started = start()
    started.connection.bufferedBytes = 2 * 1024 * 1024
    started.say('one two three')
    await started.clock.advance(5_000)
    expect(started.connection.transcript()).toEqual(['setupComplete'])
    started.connection.bufferedBytes = 0
    await started.clock.advance(200)
    expect(started.connection.transcript().at(-1)).toBe('turnComplete')
  })

  it('leaves nothing behind when it ends', async () => {
    const started = start()
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
    const started = start()
    await stream(started, tone(800))
    await stream(started, silence(2_500))
    const [turn] = started.host.turns
    expect(turn?.outcome).toBe('complete')
    const { speechStart, speechEnd, turnDecided, transcriptReady, firstAudio, turnComplete } =
      turn?.marks ?? {}
    const order = [speechStart, speechEnd, turnDecided, transcriptReady, firstAudio, turnComplete]
    expect(order.every((mark) => mark !== undefined)).toBe(true)
    expect([...order].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(order)
  })
})
