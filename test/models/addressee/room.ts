/**
 * Two conversations in one room: what the user asks the model, and what two others say to each other, or a television does, beside it. The words are those of
 * the set `fresh`; all of this speech is *synthetic*.
 */
import { fromDbfs } from '../../../src/audio/index.js'
import { createRandom } from '../../../src/bench/random.js'
import { type Language, openClips, type Speaker } from './clips.js'
import { readFrozenSet } from './frozen-set.js'

export const HZ = 16_000
export const LANGUAGES = ['en', 'es'] as const
export const ROOM_SYSTEM = {
  en: 'You are Iris. Answer in one short sentence.',
  es: 'Eres Iris. Responde con una frase corta.',
}

export interface Clip {
  readonly text: string
  readonly samples: Float32Array
}

export interface RoomScript {
  readonly user: readonly Clip[]
  readonly others: readonly Clip[]
}

/** The user's words that are for the model, and what the others say in turns. `othersDb`: their peaks, against half of full scale. */
export async function readRoomScript(
  home: string,
  folder: string,
  othersDb: number,
): Promise<Record<Language, RoomScript>> {
  const clips = openClips(home, folder)
  const fresh = readFrozenSet('fresh')
  const script = {} as Record<Language, RoomScript>
  for (const language of LANGUAGES) {
    const spoken = async (text: string, speaker: Speaker): Promise<Clip> => ({
      text,
      samples: await clips.say(text, language, speaker),
    })
    const user: Clip[] = []
    const others: Clip[] = []
    for (const item of fresh.filter((each) => each.language === language)) {
      // What stands alone: a question that opens an exchange of the set, and those that follow it.
      if (item.kind === 'question') {
        const [opening] = item.before.at(-1)!
        user.push(await spoken(opening, 'user'), await spoken(item.text, 'user'))
      }
      if (!item.addressed && item.kind !== 'quote' && item.kind !== 'self-talk')
        others.push(await spoken(item.text, others.length % 2 === 0 ? 'housemate' : 'television'))
    }
    // The sets' own levels are for one voice at a time.
    script[language] = {
      user,
      others: others.map(({ text, samples }) => ({
        text,
        samples: atPeak(samples, 0.5 * fromDbfs(othersDb)),
      })),
    }
  }
  await clips.close()
  return script
}

function atPeak(samples: Float32Array, wanted: number): Float32Array {
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
  const gain = wanted / Math.max(peak, 1e-6)
  return samples.map((sample) => sample * gain)
}

export interface Room {
  /** Adds what the others say meanwhile. */
  mixInto(frame: Float32Array): void
  /** Sentences of the others' so far, the newest last. */
  readonly said: readonly string[]
}

/** The others' conversation: one sentence after another, with the pauses that people make. */
export function createRoom(others: readonly Clip[], random = createRandom(7)): Room {
  const said: string[] = []
  let samples = new Float32Array(0)
  let at = 0
  let silence = 3 * HZ
  return {
    said,
    mixInto(frame) {
      for (let index = 0; index < frame.length; index++) {
        if (silence > 0) {
          silence--
          continue
        }
        if (at >= samples.length) {
          const next = others[said.length % others.length]!
          samples = Float32Array.from(next.samples)
          at = 0
          said.push(next.text)
        }
        frame[index]! += samples[at++]!
        if (at >= samples.length) silence = Math.round((0.7 + 3 * random()) * HZ)
      }
    },
  }
}
