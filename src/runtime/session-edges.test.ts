/** Sessions in the situations that wedge voice systems: every answer that is owed comes, and nothing else does. */
import { describe, expect, it } from 'vitest'
import { type EngineSet, messageText } from '../engine/index.js'
import { decodeClientMessage, ProtocolError } from '../protocol/index.js'
import { audio, silence, startSession, stream, tone } from '../testing/session-bench.js'

const joined = (...pieces: Uint8Array[]) => Uint8Array.from(Buffer.concat(pieces))
const MANUAL = { realtimeInputConfig: { automaticActivityDetection: { disabled: true } } }
const count = (words: string[], word: string) => words.filter((each) => each === word).length

describe('a session at its edges', () => {
  it('manual activity whose audio comes in one blob is answered', async () => {
    const started = startSession(MANUAL)
    started.session.receive({ type: 'realtime-input', activityStart: true })
    started.session.receive(audio(tone(900)))
    started.session.receive({ type: 'realtime-input', activityEnd: true })
    await started.clock.advance(120_000)
    expect(started.connection.transcript()).toContain('turnComplete')
  })

  it('manual activity + realtime text after a blob is answered', async () => {
    const started = startSession(MANUAL)
    started.session.receive(audio(tone(900)))
    started.session.receive({ type: 'realtime-input', text: 'hello there' })
    await started.clock.advance(120_000)
    expect(started.connection.transcript()).toContain('turnComplete')
  })

  it('a live stream that began with buffered audio is answered', async () => {
    const started = startSession()
    // 2 s buffered while the client connected, then the microphone in real time.
    started.session.receive(audio(joined(tone(1_200), silence(800))))
    await stream(started, silence(20_000))
    expect(started.connection.transcript()).toContain('turnComplete')
  })

  it('a network gap of 3 s while the user speaks', async () => {
    const started = startSession()
    await stream(started, tone(600))
    await started.clock.advance(3_900)
    started.session.receive(audio(joined(tone(900), silence(3_000))))
    await stream(started, silence(20_000))
    const words = started.connection.transcript()
    expect(words.filter((word) => word.startsWith('heard'))).toHaveLength(2)
    expect(words.at(-1)).toBe('turnComplete')
    expect(words.lastIndexOf('generationComplete')).toBeGreaterThan(
      words.findLastIndex((word) => word.startsWith('heard')),
    )
  })

  it('audioStreamEnd holds even if more audio follows at once', async () => {
    // A detector behind a process boundary: scores come a tick later.
    const started = startSession()
    started.session.receive(audio(tone(900)))
    started.session.receive({ type: 'realtime-input', audioStreamEnd: true })
    started.session.receive(audio(tone(900)))
    started.session.receive({ type: 'realtime-input', audioStreamEnd: true })
    await started.clock.advance(5_000)
    const heard = started.connection.transcript().filter((word) => word.startsWith('heard'))
    expect(heard.join(' ')).not.toContain('1800')
  })

  it('a recognition that failed twice does not pin the audio for ever', async () => {
    const started = startSession({}, 'rules:\n  - fail: { engine: asr, code: engine-failed, times: 2 }\n')
    await stream(started, tone(800))
    await stream(started, silence(4_000))
    expect(started.connection.transcript()).toContain('turnComplete')
    let closed: unknown
    try {
      for (let minute = 0; minute < 16; minute++) await stream(started, silence(60_000), 400)
    } catch (error) {
      closed = error
    }
    expect(closed).toBeUndefined()
  })

  it('control: the same stream without a failure stays open', async () => {
    const started = startSession()
    await stream(started, tone(800))
    await stream(started, silence(4_000))
    for (let minute = 0; minute < 16; minute++) await stream(started, silence(60_000), 400)
    expect(started.connection.closed).toBeUndefined()
  })

  it('a recogniser that hangs in one session does not stop the others', async () => {
    let opened = 0
    const started = startSession({}, '', {
      slots: 1,
      change: (set) => ({
        ...set,
        asr: {
          ...set.asr,
          open(options) {
            const real = set.asr.open(options)
            if (opened++ > 0) return real
            return {
              ...real,
              settle: () =>
                new Promise((_, reject) =>
                  options.signal.addEventListener('abort', () => reject(options.signal.reason)),
                ),
            }
          },
        },
      }),
    })
    started.session.receive(audio(tone(900)))
    await started.clock.advance(95_000) // watchdog: the retry has begun
    const other = started.open()
    other.say('one two three')
    await started.clock.advance(60_000)
    expect(other.connection.transcript()).toContain('turnComplete')
  })

  it('a client that does not read for two minutes gets its answer, not an apology', async () => {
    const started = startSession(
      {},
      'rules:\n  - reply: Well, one two three four. Five six seven eight nine. Ten.\n',
    )
    const { connection } = started
    const send = connection.send.bind(connection)
    // The socket is full after the first clause.
    connection.send = (message) => {
      send(message)
      connection.bufferedBytes = 2 * 1024 * 1024
    }
    started.say('one two three')
    await started.clock.advance(110_000)
    connection.send = send
    connection.bufferedBytes = 0
    await started.clock.advance(1_000)
    expect(connection.transcript().join(' ')).toContain('Ten.')
    expect(connection.transcript().join(' ')).not.toContain('Sorry')
  })

  it('nor for four', async () => {
    const started = startSession()
    started.connection.bufferedBytes = 2 * 1024 * 1024
    started.say('one two three')
    await started.clock.advance(300_000)
    started.connection.bufferedBytes = 0
    await started.clock.advance(1_000)
    expect(started.connection.transcript()).toContain('said one two three')
  })

  it('transcripts of one burst go out in the order of speech', async () => {
    const started = startSession(
      {},
      'rules:\n  - match: { audioMs: { min: 1500 } }\n    transcript: first\n    delaysMs: { recognizer: 900 }\n  - match: { audioMs: { max: 1400 } }\n    transcript: second\n',
    )
    started.session.receive(audio(joined(tone(2_000), silence(1_000), tone(800), silence(1_000))))
    await started.clock.advance(5_000)
    const heard = started.connection.transcript().filter((word) => word.startsWith('heard'))
    expect(heard.map((word) => word.replace(/heard\s+/, ''))).toEqual(['first', 'second'])
  })

  it('a rate that is no whole number is refused as a bad message', () => {
    const started = startSession()
    const receive = () =>
      started.session.receive(
        decodeClientMessage(
          JSON.stringify({
            realtimeInput: { audio: { mimeType: 'audio/pcm;rate=16000.5', data: 'AAAA' } },
          }),
        ),
      )
    let error: unknown
    try {
      receive()
    } catch (thrown) {
      error = thrown
    }
    expect(error === undefined || error instanceof ProtocolError).toBe(true)
  })

  it('says sorry in text where the voice has failed', async () => {
    const started = startSession(
      {},
      'rules:\n  - reply: Yes.\n    fail: { engine: tts, code: engine-failed, times: always }\n  - fail: { engine: tts, code: engine-failed, times: always }\n',
      {
        change: (set) => ({
          ...set,
          tts: {
            ...set.tts,
            // biome-ignore lint/correctness/useYield: it fails
            async *speak() {
              throw new Error('broken voice')
            },
          },
        }),
      },
    )
    started.say('hello')
    await started.clock.advance(1_000)
    expect(started.connection.transcript().join(' ')).toMatch(/Sorry|sorry/)
  })

  it('no byte of a TEXT answer leaves after it was interrupted', async () => {
    let release = () => {}
    const started = startSession({ generationConfig: { responseModalities: ['TEXT'] } }, '', {
      change: (set) => ({
        ...set,
        llm: {
          ...set.llm,
          open: () => ({
            async *weigh() {},
            async *prefill() {},
            async *generate() {
              yield { type: 'text' as const, text: 'first ' }
              await new Promise<void>((resolve) => {
                release = resolve
              })
              yield { type: 'text' as const, text: 'LATE' }
              yield {
                type: 'end' as const,
                reason: 'stop' as const,
                usage: { promptTokens: 1, cachedTokens: 0, outputTokens: 2 },
              }
            },
            close() {},
          }),
        },
      }),
    })
    started.say('a')
    await started.clock.advance(10)
    release()
    started.session.receive({
      type: 'client-content',
      turns: [{ role: 'user', text: 'b' }],
      turnComplete: false,
    })
    await started.clock.advance(10)
    expect(started.connection.transcript().join(' ')).not.toContain('LATE')
  })

  it('sessions beyond the sequences of the model do not lock the gate', async () => {
    const started = startSession({}, 'delaysMs: { perToken: 20, firstAudio: 30 }\n', {
      slots: 1,
      change: (set) => {
        // As the embedded model with one sequence: a generate call holds it until its end.
        let last: Promise<void> = Promise.resolve()
        return {
          ...set,
          llm: {
            ...set.llm,
            open(options) {
              const real = set.llm.open(options)
              return {
                ...real,
                async *weigh() {},
                async *prefill() {},
                async *generate(prompt, sampling, signal) {
                  const before = last
                  let done = () => {}
                  last = new Promise((resolve) => {
                    done = resolve
                  })
                  await before
                  try {
                    yield* real.generate(prompt, sampling, signal)
                  } finally {
                    done()
                  }
                },
              }
            },
          },
        }
      },
    })
    const other = started.open()
    started.say('Well, one two three four five. Six seven eight nine ten. Eleven twelve.')
    await started.clock.advance(5)
    other.say('Well, one two three.')
    await started.clock.advance(30_000)
    expect(started.connection.transcript()).toContain('turnComplete')
    expect(other.connection.transcript()).toContain('turnComplete')
  })

  it('[RTI-11] realtime text "." makes the model speak first, without an apology', async () => {
    const started = startSession()
    started.session.receive({ type: 'realtime-input', text: '.' })
    await started.clock.advance(1_000)
    expect(started.connection.transcript().join(' ')).not.toContain('Sorry')
  })

  it('a late failure of the first recognition does not fail the second', async () => {
    let opened = 0
    let failFirst = (_: unknown) => {}
    const started = startSession({}, 'delaysMs: { recognizer: 2000 }\n', {
      change: (set) => ({
        ...set,
        asr: {
          ...set.asr,
          open(options) {
            const real = set.asr.open(options)
            if (opened++ > 0) return real
            return {
              ...real,
              settle: () =>
                new Promise((_, reject) => {
                  failFirst = reject
                }),
            }
          },
        },
      }),
    })
    started.session.receive(audio(tone(900)))
    await started.clock.advance(91_000)
    failFirst(new Error('timed out at last'))
    await started.clock.advance(10_000)
    expect(started.connection.transcript().join(' ')).not.toContain('Sorry')
  })

  it('a slow reader: turns are not lost (count of turnComplete)', async () => {
    const started = startSession()
    started.say('one')
    await started.clock.advance(100)
    started.say('two')
    await started.clock.advance(100)
    expect(count(started.connection.transcript(), 'turnComplete')).toBe(2)
  })

  function capturing(prompts: string[], pieceSamples: number) {
    return (set: EngineSet): EngineSet => ({
      ...set,
      llm: {
        ...set.llm,
        open(options) {
          const real = set.llm.open(options)
          return {
            ...real,
            generate(prompt, sampling, signal) {
              prompts.push(
                prompt.messages.map((message) => `${message.role}:${messageText(message)}`).join('|'),
              )
              return real.generate(prompt, sampling, signal)
            },
          }
        },
      },
      tts: {
        ...set.tts,
        async *speak(text, voice, signal) {
          const all: number[] = []
          for await (const samples of set.tts.speak(text, voice, signal)) all.push(...samples)
          for (let from = 0; from < all.length; from += pieceSamples)
            yield Float32Array.from(all.slice(from, from + pieceSamples))
        },
      },
    })
  }

  it.each([1_000_000, 2_400])(
    '20 the history keeps what was heard, pieces of %d samples',
    async (pieceSamples) => {
      const prompts: string[] = []
      const started = startSession(
        {},
        'rules:\n  - match: { turn: 1 }\n    reply: a1 b2 c3 d4 e5 f6 g7 h8 i9 j10 k11 l12 m13 n14 o15 p16\n',
        { change: capturing(prompts, pieceSamples) },
      )
      await stream(started, tone(800))
      await stream(started, silence(1_300))
      await stream(started, tone(800))
      await stream(started, silence(3_000))
      const model = prompts
        .at(-1)
        ?.split('|')
        .find((message) => message.startsWith('model:'))
      expect(model).toBeDefined()
      // About 0.9 s were played: four words.
      expect(model).not.toContain('f6')
    },
  )

  it.each(['burst', 'live'])('21 a detector lost in the middle of speech (%s)', async (how) => {
    let opened = 0
    const started = startSession({}, '', {
      change: (set) => ({
        ...set,
        vad: {
          ...set.vad,
          open(options) {
            const real = set.vad.open(options)
            if (opened++ > 0) return real
            return {
              push: (samples) => real.push(samples),
              finish: () => real.finish(),
              async *[Symbol.asyncIterator]() {
                let frames = 0
                for await (const score of real) {
                  if (frames++ === 15) throw new Error('lost')
                  yield score
                }
              },
            }
          },
        },
      }),
    })
    if (how === 'burst') started.session.receive(audio(tone(900)))
    else {
      await stream(started, tone(900))
      await stream(started, silence(4_000))
    }
    await started.clock.advance(4_000)
    expect(started.connection.transcript()).toContain('heard speech of 900 ms')
    expect(started.connection.transcript().at(-1)).toBe('turnComplete')
    started.session.disconnected()
    await started.clock.advance(1)
    expect(started.clock.pending).toBe(0)
  })

  it('an answer in the making, a second session that waits for its sequence, a third that is heard', async () => {
    // The embedded model: a prefill of the same system instruction waits for the answer that is evaluating it.
    let sequence: Promise<void> = Promise.resolve()
    const started = startSession({}, 'delaysMs: { firstToken: 30, perToken: 20 }\n', {
      slots: 1,
      change: (set) => {
        return {
          ...set,
          llm: {
            ...set.llm,
            open(options) {
              const real = set.llm.open(options)
              return {
                ...real,
                async *weigh() {},
                async *prefill() {
                  await sequence
                  yield { evaluatedTokens: 1, totalTokens: 1 }
                },
                async *generate(prompt, sampling, signal) {
                  let done = () => {}
                  sequence = new Promise((resolve) => {
                    done = resolve
                  })
                  try {
                    yield* real.generate(prompt, sampling, signal)
                  } finally {
                    done()
                  }
                },
              }
            },
          },
        }
      },
    })
    const third = started.open()
    await started.clock.advance(10)
    started.say('Well, one two three four five six seven.')
    await started.clock.advance(20)
    started.open() // its prefill waits
    third.session.receive(audio(tone(400)))
    third.session.receive({ type: 'realtime-input', audioStreamEnd: true })
    await started.clock.advance(60_000)
    expect(started.connection.transcript()).toContain('turnComplete')
    expect(third.connection.transcript()).toContain('turnComplete')
  })
})
const _never = new AbortController().signal
