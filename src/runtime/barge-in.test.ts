/** Speech over the answer on scripted engines: what the listener gets, sample by sample. */
import { describe, expect, it } from 'vitest'
import type { EngineSet, RecognitionOptions } from '../engine/index.js'
import { audioLengthMs } from '../testing/recording-connection.js'
import { silence, startSession, stream, tone } from '../testing/session-bench.js'

const script = (interjection: string) => `rules:
  - match: { audioMs: { max: 600 } }
    transcript: "${interjection}"
    delaysMs: { recognizer: 150 }
    reply: You said something.
  - reply: "Well, one two three four five six seven eight nine ten eleven twelve. That is all of it, I think."
`

/** A question, and then a sound of 250 ms two seconds into the answer. */
async function conversation(
  interjection: string,
  sound = tone(250),
  change?: (engines: EngineSet) => EngineSet,
) {
  const started = startSession({}, script(interjection), change && { change })
  await stream(started, tone(1_000))
  await stream(started, silence(2_500))
  const at = started.clock.now()
  await stream(started, sound)
  await stream(started, silence(9_000))
  const audio = started.connection.sent.flatMap(({ at: sentAt, message }) => {
    if (!('serverContent' in message) || audioLengthMs(message.serverContent) === undefined) return []
    const part = message.serverContent.modelTurn!.parts[0]
    return 'inlineData' in part ? [{ at: sentAt, bytes: Buffer.from(part.inlineData.data, 'base64') }] : []
  })
  return { ...started, at, audio, speech: Buffer.concat(audio.map(({ bytes }) => bytes)) }
}

describe('a sound over the answer', () => {
  it.each(['Mm-hmm.', ''])('that says %j stops it for a moment, and not one sample is lost', async (said) => {
    const undisturbed = await conversation('', silence(250))
    const disturbed = await conversation(said)
    expect(disturbed.speech.equals(undisturbed.speech)).toBe(true)
    const words = disturbed.connection.transcript()
    expect(words).not.toContain('interrupted')
    expect(words.filter((word) => word.startsWith('heard'))).toHaveLength(1)
    const gaps = disturbed.audio.map(({ at }, index) => at - (disturbed.audio[index - 1]?.at ?? at))
    expect(Math.max(...gaps)).toBeGreaterThan(200)
    expect(Math.max(...gaps)).toBeLessThanOrEqual(600)
    expect(words.at(-1)).toBe('turnComplete')
  })

  it('is recognised by who knows what is likely to be said there, as nothing else is', async () => {
    const asked: RecognitionOptions[] = []
    const open = (asr: EngineSet['asr']) => (options: RecognitionOptions) => {
      asked.push(options)
      return asr.open(options)
    }
    await conversation('Mm-hmm.', tone(250), (engines) => ({
      ...engines,
      asr: { ...engines.asr, open: open(engines.asr) },
    }))
    const told = asked.map(({ likely, rivals }) => [likely?.includes('hold on'), rivals?.includes('hold on')])
    expect([told[0], told.at(-1)]).toEqual([
      [undefined, undefined],
      [true, false],
    ])
    expect(asked.at(-1)?.rivals).toContain('uh-huh')
  })

  it('that says "stop" ends it, with nothing sent from the onset on, and is answered', async () => {
    const { connection, at, audio } = await conversation('Stop.')
    const words = connection.transcript()
    const interrupted = connection.sent.find(
      ({ message }) => 'serverContent' in message && message.serverContent.interrupted,
    )!
    // Onset after 96 ms, 64 ms of silence, 150 ms for the words.
    expect(interrupted.at - at).toBeLessThan(650)
    expect(audio.filter((each) => each.at > at + 140 && each.at < interrupted.at)).toEqual([])
    expect(words.slice(words.indexOf('interrupted') + 1, words.indexOf('interrupted') + 3)).toEqual([
      'turnComplete',
      'heard Stop.',
    ])
    expect(words.at(-1)).toBe('turnComplete')
    expect(words.filter((word) => word.startsWith('said')).at(-1)).toBe('said You said something.')
  })
})
