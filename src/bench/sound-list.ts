/**
 * The frozen list of sounds that the benches use: what is said in which voice, and which noise comes from which seed. Made before
 * anything was tuned on it; tuning may look at the `tune` half only, figures come from the `report` half. A change makes a new
 * version. Everything here is synthetic; recordings are added by the user's own manifest.
 */

export const SOUND_SET_VERSION = 'v1'

/** Speech that takes the floor, two halves of a turn, whole turns, and what should interrupt nobody. */
export type SoundKind =
  | 'barge-in'
  | 'unfinished'
  | 'continuation'
  | 'finished'
  | 'backchannel'
  | 'cough'
  | 'keyboard'
  | 'noise'
  | 'music'
  | 'babble'
  | 'tv'
  /** What televisions and crowds are made of. */
  | 'broadcast'

export type Half = 'tune' | 'report'

export interface ListedSound {
  /** Also the file's name. */
  readonly id: string
  readonly kind: SoundKind
  readonly half: Half
  /** Speech: what is said by which voice of Kokoro-82M. */
  readonly text?: string
  readonly voice?: string
  /** Of what is said, and of whom it is said to; absent = English. */
  readonly language?: string
  /** Of a `unfinished` sound: the id of what follows after the pause. */
  readonly continuedBy?: string
  /** Noise: where its random numbers begin. */
  readonly seed?: number
}

/** Voices that the product does not answer with by default, women and men, American and British in turn. */
const VOICES = [
  ...['af_bella', 'am_adam', 'bf_emma', 'bm_george', 'af_nova', 'am_eric', 'bf_alice', 'bm_lewis'],
  ...['af_sarah', 'am_liam', 'bf_isabella', 'bm_daniel', 'af_river', 'am_onyx', 'af_jessica', 'am_puck'],
]

const BARGE_INS = [
  'Stop, that is enough.',
  'Wait, I meant the other one.',
  'Hold on, I have a question.',
  'No, not that one.',
  'Sorry, can you say that again?',
  'What about the price?',
  'Actually, tell me about Rome instead.',
  'Can you speak a bit slower, please?',
  'Okay, and what happens next?',
  'That is wrong, I said Tuesday.',
  'Please stop talking.',
  'How much does it cost?',
  'Let us talk about something else.',
  'Excuse me, who was that?',
  'Never mind, forget it.',
  'Just give me the short version.',
  'When does it start?',
  'Could you repeat the last part?',
  'I already know that.',
  'Wait a second.',
]

const BACKCHANNELS = [
  'Mm-hm.',
  'Uh-huh.',
  'Yeah.',
  'Right.',
  'Okay.',
  'I see.',
  'Oh.',
  'Sure.',
  'Mm.',
  'Wow.',
]

/** Where a person stops to think, and how it goes on. */
const PAUSED: readonly (readonly [first: string, then: string])[] = [
  ['I would like to book a table for,', 'four people on Friday evening.'],
  ['My phone number is five five five,', 'one two three four.'],
  ['Could you tell me how to get to the,', 'main station from here?'],
  ['I was thinking that maybe we could,', 'meet a little later on Thursday.'],
  ['The thing that I do not understand is,', 'why the second bill is higher.'],
  ['Please remind me to call my,', 'sister tomorrow at nine.'],
  ['I want to go somewhere warm, but,', 'I do not like long flights.'],
  ['Can you find me a recipe with chicken and,', 'something green?'],
  ['What is the difference between a,', 'cello and a double bass?'],
  ['I need a present for my mother, she likes,', 'gardening and old films.'],
  ['So yesterday I went to the doctor and,', 'she told me to drink more water.'],
  ['If I leave the house at eight, then,', 'when do I arrive in Madrid?'],
  ['The address is forty two,', 'Baker Street, second floor.'],
  ['Um, I am looking for a,', 'good book about the sea.'],
  ['Tell me a story about a dog who,', 'wanted to become a sailor.'],
  ['I think the meeting is on the,', 'third of March, is that right?'],
  ['Could you explain again why,', 'the sky turns red in the evening?'],
  ['My order number is seven nine two,', 'zero zero eight.'],
  ['I have two questions. The first one is,', 'how long does the battery last?'],
  ['Do you know whether the museum is,', 'open on Sundays?'],
  ['I would rather have the blue one, because,', 'it matches my coat.'],
  ['Well, I am not sure, but I guess,', 'we should wait until spring.'],
  ['Let me think, the capital of Australia is,', 'not Sydney, what is it then?'],
  ['Send a message to Anna and say that,', 'I will be ten minutes late.'],
]

const FINISHED = [
  'What time is it?',
  'Tell me a joke.',
  'How do I boil an egg?',
  'What is the capital of Portugal?',
  'I would like a coffee, please.',
  'Thank you, that was very helpful.',
  'Can you recommend a film for tonight?',
  'How far away is the moon?',
  'My name is Peter.',
  'Who painted the Mona Lisa?',
  'I am looking for a quiet hotel in Lisbon.',
  'Please turn down the volume.',
  'What should I cook for dinner?',
  'Is it going to rain tomorrow?',
  'My number is five five five one two three four.',
  'How long does the train take?',
]

/** Halves alternate by text, so that no sentence is in both. */
const halfOf = (index: number): Half => (index % 2 === 0 ? 'tune' : 'report')
const voiceOf = (index: number) => VOICES[index % VOICES.length]!
const numbered = (name: string, index: number) => `${name}-${String(index + 1).padStart(2, '0')}`

function spoken(kind: SoundKind, texts: readonly string[], voices: number): ListedSound[] {
  return texts.flatMap((text, index) =>
    Array.from({ length: voices }, (_, take) => ({
      id: `${numbered(kind, index)}-${take + 1}`,
      kind,
      half: halfOf(index),
      text,
      voice: voiceOf(index * 3 + take * 5),
    })),
  )
}

function paused(): ListedSound[] {
  return PAUSED.flatMap(([first, then], index) =>
    Array.from({ length: 2 }, (_, take): ListedSound[] => {
      const id = `${numbered('unfinished', index)}-${take + 1}`
      const voice = voiceOf(index * 5 + take * 7)
      const half = halfOf(index)
      return [
        { id, kind: 'unfinished', half, text: first, voice, continuedBy: `${id}-then` },
        { id: `${id}-then`, kind: 'continuation', half, text: then, voice },
      ]
    }).flat(),
  )
}

function seeded(kind: SoundKind, count: number, firstSeed: number): ListedSound[] {
  return Array.from({ length: count }, (_, index) => ({
    id: numbered(kind, index),
    kind,
    half: halfOf(index),
    seed: firstSeed + index,
  }))
}

export const SOUND_LIST: readonly ListedSound[] = [
  ...spoken('barge-in', BARGE_INS, 2),
  ...spoken('backchannel', BACKCHANNELS, 3),
  ...paused(),
  ...spoken('finished', FINISHED, 2),
  ...seeded('cough', 12, 100),
  ...seeded('keyboard', 8, 200),
  ...seeded('noise', 6, 300),
  ...seeded('music', 6, 400),
  ...seeded('babble', 8, 500),
  ...seeded('tv', 8, 600),
]
