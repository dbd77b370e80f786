/** Sessions with proactive audio, whole, on scripted engines: what leaves, what it costs in time, and what the record says of it. */
import { describe, expect, it } from 'vitest'
import type { SpeakerEncoder } from '../engine/index.js'
import { silence, startSession, stream, tone } from '../testing/session-bench.js'

const PROACTIVE = {
  model: 'models/gemini-2.5-flash-native-audio-latest',
  proactivity: { proactiveAudio: true },
}
const SCRIPT = `
rules:
  - { match: { turn: 1 }, transcript: "What time is it?" }
  - { match: { turn: 2 }, transcript: "The blue one is on the shelf." }
  - { match: { turn: 3 }, transcript: "And tomorrow?" }
  - { match: { contains: 'Heard: "The blue one' }, addressed: false }
  - { match: { contains: "tomorrow" }, reply: "Sunny." }
  - { reply: "Ten." }
`

async function talk(setup: object, turns: number) {
  const started = startSession(setup, SCRIPT)
  for (let turn = 0; turn < turns; turn++) {
    await stream(started, tone(800 + 100 * turn))
    await stream(started, silence(3_000))
  }
  return started
}

describe('proactive audio', () => {
  it('[PRO-2] what the language model says is not for it is transcribed and ends in waitingForInput; what follows is answered', async () => {
    const { connection, host } = await talk(PROACTIVE, 3)
    expect(host.turns.map(({ outcome }) => outcome)).toEqual(['complete', 'overheard', 'complete'])
    const [first, second, third] = host.turns
    expect(first!.address).toMatchObject({ addressed: true })
    expect(second!.address).toMatchObject({ addressed: false, why: expect.arrayContaining(['vote']) })
    expect(third!.address!.why[0]).toBe('direct-question')
    expect(second!.outputAudioMs).toBe(0)
    expect(connection.transcript().join(' ')).toContain('Sunny.')
  })

  it('the record says how alike a voice is to those that were answered', async () => {
    // Another voice for each length of the sound.
    const speaker: SpeakerEncoder = {
      info: { id: 'length', kind: 'speaker', languages: [], description: 'by the length of the sound' },
      async encode(samples) {
        const angle = samples.length > 15_500 ? 1.2 : 0
        return { speechMs: 1_000, direction: Float32Array.of(Math.cos(angle), Math.sin(angle)) }
      },
    }
    const started = startSession(PROACTIVE, SCRIPT, { change: (set) => ({ ...set, speaker }) })
    const { host } = started
    for (const ms of [700, 1_200]) {
      await stream(started, tone(ms))
      await stream(started, silence(3_000))
    }
    const [first, second] = host.turns
    expect(first!.address).not.toHaveProperty('likeness')
    expect(second!.address).toMatchObject({
      addressed: false,
      likeness: 0.362,
      why: expect.arrayContaining(['other-voice']),
    })
    expect(second!.events).toContainEqual(expect.objectContaining({ mark: 'voiceCompared', value: 0.362 }))
  })

  it('adds no time after the turn where words and dialogue decide', async () => {
    const plain = await talk({ model: PROACTIVE.model }, 1)
    const proactive = await talk(PROACTIVE, 1)
    const audioAt = (host: typeof plain.host) => host.turns[0]!.marks.firstAudio
    expect(audioAt(proactive.host)).toBe(audioAt(plain.host))
  })

  it('[PRO-1] models that do not know it answer everything', async () => {
    const { host } = await talk({ ...PROACTIVE, model: 'models/gemini-live-2.5-flash' }, 2)
    expect(host.turns.map(({ outcome, address }) => [outcome, address])).toEqual([
      ['complete', undefined],
      ['complete', undefined],
    ])
  })
})
