/**
 * Every setting that Viva Voce has: its type, its limits, its default and one sentence on what it does. Flags,
 * environment names, the sample file and all messages are derived from this. It does not know where a value came from.
 */

import { z } from 'zod'

const MIB = 1024 * 1024

const text = z.string().min(1)
/** The message about a bad one names them. */
const url = (...schemes: readonly string[]) =>
  z.url({ protocol: new RegExp(`^(${schemes.join('|')})$`) }).meta({ schemes })
const httpUrl = url('http', 'https')
const port = z.int().min(0).max(65_535)
const timeout = (defaultMs: number) =>
  z
    .int()
    .min(100)
    .max(600_000)
    .default(defaultMs)
    .describe('Milliseconds that server may stay silent before the request counts as failed.')
const threads = z.int().min(1).max(256).optional()

/** Settings that every remote-capable engine has. `what` ends the sentences of the descriptions. */
function remote(what: string, timeoutMs: number) {
  return {
    url: httpUrl
      .optional()
      .describe(
        `Base URL of an OpenAI-compatible server for ${what}, with its version: http://127.0.0.1:8000/v1.`,
      ),
    apiKey: text.optional().describe(`Key that is sent to that server as a Bearer token.`),
    model: text.optional().describe(`Model that is asked of that server.`),
    timeoutMs: timeout(timeoutMs),
    threads: threads.describe(
      `CPU threads of the embedded engine for ${what}. Unset: chosen by the machine.`,
    ),
  }
}

export const configSchema = z.strictObject({
  host: text
    // As URLs write an IPv6 address.
    .transform((host) => host.replace(/^\[(.*)\]$/, '$1'))
    .default('127.0.0.1')
    .describe('Address to listen on. Other than loopback needs apiKeys or insecure.'),
  port: port.default(8484).describe('Port for http:// and ws://. 0: any free port.'),
  tlsPort: port
    .default(8485)
    .describe('Port for https:// and wss:// (Python and Java SDKs always use TLS). 0: off.'),
  home: text
    .default('~/.vivavoce')
    .describe('Folder of every file that is kept: weights, runtimes, certificates, caches.'),
  apiKeys: z
    .array(text)
    .default([])
    .describe('Keys that clients must present. Empty: on loopback any key does.'),
  insecure: z.boolean().default(false).describe('Allow a bind other than loopback without keys.'),
  allowedOrigins: z
    .array(text)
    .default([])
    .describe('Web origins besides our own and localhost that may connect: https://app.example.com, or *.'),
  maxSessions: z
    .int()
    .min(1)
    .max(10_000)
    .default(16)
    .describe('Conversations at one time; more are refused at setup.'),
  maxMessageBytes: z
    .int()
    .min(64 * 1024)
    .max(256 * MIB)
    .default(16 * MIB)
    .describe('Longest message that a client may send, in bytes.'),
  textFrames: z
    .boolean()
    .default(false)
    .describe('Send JSON in text frames. Off: binary frames, as the real service does.'),
  strict: z
    .boolean()
    .default(false)
    .describe('Refuse fields that the API does not define, as the real service does. Off: they are logged.'),
  pacing: z
    .enum(['auto', 'off', 'on'])
    .default('auto')
    .describe(
      'Send audio close to real time: auto (when the client streams a microphone), on, off (as fast as made).',
    ),
  outputChunkMs: z
    .int()
    .min(10)
    .max(1_000)
    .default(250)
    .describe('Most audio that one message carries, in milliseconds.'),
  models: z.array(text).default([]).describe('Further model ids to serve, besides those of the Live API.'),
  sessions: z
    .strictObject({
      store: z
        .enum(['disk', 'memory', 'redis'])
        .default('disk')
        .describe('Where resumable sessions are kept, encrypted: on disk (in home), memory, redis.'),
      redisUrl: url('redis', 'rediss')
        .optional()
        .describe('Redis or Valkey that servers share: redis://[user:password@]host[:port][/database].'),
      connectionLimit: z
        .int()
        .min(0)
        .max(86_400)
        .default(0)
        .describe('Seconds after which a connection is closed, with a goAway before. 0: never.'),
      drainTime: z
        .int()
        .min(0)
        .max(3_600)
        .default(10)
        .describe('Seconds that clients get to go elsewhere when the server is told to stop.'),
    })
    .describe('Sessions beyond one connection.'),
  logLevel: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least severe log line that is printed.'),
  eventLog: text
    .optional()
    .describe('Folder for the events of every session, to replay them. Numbers only, unless eventLogWords.'),
  eventLogWords: z.boolean().default(false).describe('Keep what was said in the event logs as well.'),
  offline: z
    .boolean()
    .default(false)
    .describe('Never fetch anything; fail with the name of what is missing.'),
  hubUrl: httpUrl
    .default('https://huggingface.co')
    .describe('Model hub that weights are fetched from first, or a mirror of it.'),
  engines: z
    .enum(['embedded', 'scripted'])
    .default('embedded')
    .describe('embedded: real models. scripted: deterministic and instant, for tests and CI.'),
  script: text.optional().describe('YAML file with the rules of the scripted engines. Unset: they echo.'),
  freeVoicesOnly: z
    .boolean()
    .default(false)
    .describe('Refuse voices whose terms are not plainly free (the light Piper voice joe).'),
  unmeasuredVoices: z
    .boolean()
    .default(false)
    .describe(
      'Speak languages too whose voice nobody has measured (Hindi, Mandarin), instead of by English rules.',
    ),
  vad: z
    .strictObject({
      engine: z
        .enum(['auto', 'silero'])
        .default('auto')
        .describe('Voice activity detection. silero stays the real one beside scripted engines.'),
    })
    .describe('Voice activity detection.'),
  turnDetector: z
    .strictObject({
      engine: z
        .enum(['auto', 'smart-turn', 'none'])
        .default('auto')
        .describe(
          'Whether the user sounds finished. none: silence and words alone tell. auto: smart-turn where its weights can be had.',
        ),
    })
    .describe('Turn detection.'),
  speakerEncoder: z
    .strictObject({
      engine: z
        .enum(['auto', 'ge2e', 'none'])
        .default('auto')
        .describe(
          'Whose voice is heard, over an answer and for proactive audio; kept in memory for a session, never written. none: pitch and level tell. auto: ge2e where its weights can be had.',
        ),
    })
    .describe('Telling voices apart.'),
  asr: z
    .strictObject({
      engine: z.enum(['auto', 'whisper-base', 'openai']).default('auto').describe('Speech recognition.'),
      ...remote('recognition', 30_000),
    })
    .describe('Speech recognition.'),
  llm: z
    .strictObject({
      engine: z
        .enum(['auto', 'qwen2.5-coder-1.5b', 'qwen2.5-coder-0.5b', 'openai'])
        .default('auto')
        .describe('Language model. auto takes llm.modelPath or llm.url where one is set.'),
      modelPath: text.optional().describe('A gguf file of your own, instead of the embedded default.'),
      input: z
        .enum(['words', 'audio'])
        .default('words')
        .describe(
          'What a remote model is given of speech. audio: the speech itself (input_audio), recognised for transcripts and turn-taking only.',
        ),
      ...remote('the language model', 60_000),
    })
    .describe('Language model.'),
  realtime: z
    .strictObject({
      url: url('http', 'https', 'ws', 'wss')
        .optional()
        .describe(
          'Base URL of a server that speaks the OpenAI Realtime protocol, for a model that hears and speaks itself: http://127.0.0.1:8000/v1.',
        ),
      apiKey: text.optional().describe('Key that is sent to that server as a Bearer token.'),
      model: text.optional().describe('Model that is asked of that server.'),
      voice: text.optional().describe('Voice, by that server’s own name. Unset: its default.'),
      profiles: z
        .array(text)
        .default([])
        .describe('Models of the Live API that it stands behind. Empty: all of them.'),
      timeoutMs: timeout(30_000),
    })
    .describe('Speech to speech.'),
  tts: z
    .strictObject({
      engine: z
        .enum(['auto', 'kokoro', 'piper', 'pico', 'openai'])
        .default('auto')
        .describe(
          'Speech synthesis. auto calibrates and takes kokoro where it keeps up, else piper, or pico with freeVoicesOnly.',
        ),
      ...remote('synthesis', 30_000),
    })
    .describe('Speech synthesis.'),
  vision: z
    .strictObject({
      engine: z
        .enum(['auto', 'pp-ocr', 'openai', 'none'])
        .default('auto')
        .describe(
          'Pictures. pp-ocr reads the text in them and tells faces, the main thing and what changes; openai: a model that sees answers wherever pictures are shown. auto: vision.url where it is set, else pp-ocr.',
        ),
      ...remote('pictures', 60_000),
    })
    .describe('Vision.'),
  turns: z
    .strictObject({
      silenceDurationMs: z
        .int()
        .min(0)
        .max(60_000)
        .optional()
        .describe(
          'Silence that ends a turn, in milliseconds, where the client sets none. Unset: 200 … 3500, by what was said and how; 800 with scripted engines.',
        ),
      prefixPaddingMs: z
        .int()
        .min(0)
        .max(60_000)
        .optional()
        .describe(
          'Speech that starts a turn, in milliseconds, where the client sets none. Unset: by sensitivity.',
        ),
      startSensitivity: z
        .enum(['high', 'low'])
        .optional()
        .describe(
          'How readily speech starts a turn, where the client does not say. Unset: as the service, high, and low through Vertex AI.',
        ),
      endSensitivity: z
        .enum(['high', 'low'])
        .optional()
        .describe('How readily silence ends a turn, where the client does not say. Unset: as above.'),
    })
    .describe('Turn-taking where the client leaves it to the server.'),
})

/** A complete, checked configuration. Paths are absolute. */
export type Config = z.output<typeof configSchema>

/** Dotted key (`llm.url`) → where its value came from: `default`, a flag, a variable, or `file:line`. */
export type Origins = Readonly<Record<string, string>>

/** Keys whose value never appears in any output. */
export const SECRET_KEYS: ReadonlySet<string> = new Set([
  'sessions.redisUrl',
  'apiKeys',
  'asr.apiKey',
  'llm.apiKey',
  'tts.apiKey',
  'vision.apiKey',
  'realtime.apiKey',
])

/** Keys that hold a path: relative to the file that names it, or to the working directory. `~` is the home directory. */
export const PATH_KEYS: ReadonlySet<string> = new Set(['home', 'script', 'eventLog', 'llm.modelPath'])

/** Flags that are not the key in kebab-case. A list's flag is its singular: it is given once per value. */
export const FLAG_NAMES: Readonly<Record<string, string>> = {
  apiKeys: 'api-key',
  allowedOrigins: 'allowed-origin',
  models: 'model',
  'sessions.store': 'session-store',
  'sessions.redisUrl': 'redis-url',
  'sessions.connectionLimit': 'connection-limit',
  'sessions.drainTime': 'drain-time',
  'vad.engine': 'vad',
  'turnDetector.engine': 'turn-detector',
  'speakerEncoder.engine': 'speaker-encoder',
  'asr.engine': 'asr',
  'llm.engine': 'llm',
  'tts.engine': 'tts',
  'vision.engine': 'vision',
  'realtime.profiles': 'realtime-profile',
  'turns.silenceDurationMs': 'silence-duration-ms',
  'turns.prefixPaddingMs': 'prefix-padding-ms',
  'turns.startSensitivity': 'start-sensitivity',
  'turns.endSensitivity': 'end-sensitivity',
}
