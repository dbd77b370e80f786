/**
 * Hostile input, made from a seed: valid messages of every kind and what can be done to them. Knows no socket. The same
 * seed gives the same messages, so that what broke the server can be sent again.
 */

export interface Random {
  /** From 0 to below `limit`. */
  below(limit: number): number
  chance(probability: number): boolean
  pick<Item>(items: readonly Item[]): Item
}

/** Mulberry32: small, fast, and good enough to make mischief. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    chance: (probability) => next() < probability,
    pick: (items) => items[below(items.length)]!,
  }
}

export const MODEL = 'models/gemini-live-2.5-flash'

const FUNCTION = {
  name: 'get_time',
  parameters: { type: 'OBJECT', properties: { city: { type: 'STRING' } } },
}

/** Setups that open a session. */
export function validSetup(random: Random): object {
  return {
    setup: {
      model: MODEL,
      generationConfig: { responseModalities: [random.pick(['TEXT', 'AUDIO'])] },
      ...(random.chance(0.3) && { tools: [{ functionDeclarations: [FUNCTION] }] }),
      ...(random.chance(0.3) && { sessionResumption: {} }),
      ...(random.chance(0.3) && {
        realtimeInputConfig: { automaticActivityDetection: { disabled: random.chance(0.5) } },
      }),
      ...(random.chance(0.5) && { inputAudioTranscription: {}, outputAudioTranscription: {} }),
    },
  }
}

/** Messages that a session takes, in an order that makes no sense. */
export function validMessage(random: Random): object {
  return random.pick([
    () => ({
      clientContent: {
        turns: [{ role: 'user', parts: [{ text: word(random) }] }],
        turnComplete: random.chance(0.3),
      },
    }),
    () => ({ clientContent: { turnComplete: random.chance(0.5) } }),
    () => ({ realtimeInput: { audio: audio(random) } }),
    () => ({ realtime_input: { media_chunks: [audio(random)] } }),
    () => ({ realtimeInput: { text: word(random) } }),
    () => ({ realtimeInput: { audioStreamEnd: true } }),
    () => ({ realtimeInput: {} }),
    () => ({
      toolResponse: { functionResponses: [{ id: word(random), name: 'get_time', response: { output: 1 } }] },
    }),
    () => ({ contextUpdate: { systemInstruction: { parts: [{ text: word(random) }] } } }),
    () => ({ contextUpdate: { tools: { tools: [] } } }),
    () => ({ realtimeInput: { video: { mimeType: 'image/jpeg', data: '/9j/4AAQ' } } }),
  ])()
}

/** The largest message that is taken has 16 MiB. */
const BEYOND_LIMIT = 17 * 1024 * 1024

/** Something that no client should send: text or bytes of a frame. */
export function hostileMessage(random: Random): string | Uint8Array {
  return random.pick(MISCHIEF)(random)
}

const MISCHIEF: readonly ((random: Random) => string | Uint8Array)[] = [
  (random) => bytes(random, 1 + random.below(200)),
  (random) => truncated(JSON.stringify(validMessage(random)), random),
  (random) => truncated(JSON.stringify(validSetup(random)), random),
  (random) => JSON.stringify(validSetup(random)),
  (random) => JSON.stringify(confused(validMessage(random), random)),
  (random) => JSON.stringify({ setup: confused((validSetup(random) as { setup: object }).setup, random) }),
  (random) => '['.repeat(random.pick([10, 100, 50_000])),
  (random) => nested(random.pick([20, 70, 5_000])),
  (random) =>
    JSON.stringify({ clientContent: { turns: Array.from({ length: random.pick([50, 25_000]) }, () => 0) } }),
  (random) => JSON.stringify({ [`k${'x'.repeat(random.pick([10, 100_000]))}`]: 1 }),
  (random) =>
    `{"realtimeInput":{"text":"${'y'.repeat(random.chance(0.002) ? BEYOND_LIMIT : random.pick([10, 500_000]))}"}}`,
  () => '{"setup":{"generationConfig":{"temperature":NaN}}}',
  () => '{"setup":{"generationConfig":{"temperature":1e999,"topK":-1e308}}}',
  () => '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  () => '{"clientContent":{"__proto__":{"turnComplete":true},"turns":[{"__proto__":null}]}}',
  () => '{"realtimeInput":{"text":"\\ud800\\u0000\\udfff"}}',
  () => '{"client_content":{},"clientContent":{}}',
  () => '{"realtimeInput":{"activityStart":{}}}',
  () => '{"realtimeInput":{"activityEnd":{}}}',
  (random) =>
    JSON.stringify({ realtimeInput: { audio: { mimeType: mimeType(random), data: base64(random) } } }),
  (random) =>
    JSON.stringify({
      toolResponse: { functionResponses: random.pick([null, {}, [], [{}], 'x', [{ id: 7 }]]) },
    }),
  (random) =>
    JSON.stringify({
      contextUpdate: { tools: { tools: [{ functionDeclarations: [{ name: word(random) }] }] } },
    }),
  () => '',
  () => 'null',
  () => '"setup"',
]

const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  '',
  'x',
  [],
  [[]],
  {},
  { a: { b: {} } },
  'AAAA',
  '\u202e',
  Number.MAX_SAFE_INTEGER,
]

/** A copy with one or more values of another type, at random places. */
function confused(value: unknown, random: Random): unknown {
  if (random.chance(0.15)) return random.pick(VALUES)
  if (Array.isArray(value)) return value.map((item) => confused(item, random))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      random.chance(0.05) ? `${key}_` : key,
      confused(member, random),
    ]),
  )
}

function nested(depth: number): string {
  return `{"setup":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`
}

function truncated(text: string, random: Random): string {
  return text.slice(0, random.below(text.length))
}

function bytes(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256))
}

function word(random: Random): string {
  return Array.from({ length: 1 + random.below(12) }, () => String.fromCharCode(97 + random.below(26))).join(
    '',
  )
}

function audio(random: Random) {
  const samples = bytes(random, random.pick([0, 1, 2, 640, 641, 3_200]))
  return {
    mimeType: `audio/pcm;rate=${random.pick([8_000, 16_000, 24_000])}`,
    data: Buffer.from(samples).toString('base64'),
  }
}

function mimeType(random: Random): string {
  return random.pick([
    'audio/pcm;rate=0',
    'audio/pcm;rate=1e9',
    'audio/pcm;rate=',
    'audio/mpeg',
    '',
    'audio/pcm;channels=2',
    ';;;',
  ])
}

function base64(random: Random): string {
  return random.pick(['A', '====', 'AA*A', 'é', 'AAAA', 'A'.repeat(random.pick([3, 99_999]))])
}
