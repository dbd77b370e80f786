/**
 * Speech synthesis behind `/v1/audio/speech`: raw PCM as it streams in where the server has it, else a whole WAV of
 * any rate. Knows nothing of how a reply was cut into clauses.
 */
import { createByteAligner, pcm16ToFloat, readWav, resample } from '../../audio/index.js'
import { EngineError, SPEECH_OUTPUT_HZ, type Synthesizer, type VoiceOptions } from '../../engine/index.js'
import { pauseAfterMs } from '../clause-edges.js'
import { createEdgeTrimmer } from './edge-trimmer.js'
import { createEndpoint, type Endpoint, type OpenAiOptions, RefusedFieldError, type Reply } from './http.js'

export interface OpenAiSynthesizerOptions extends OpenAiOptions {
  /** The server's voice for names that `voices` does not hold; absent = `alloy`. */
  readonly voice?: string
  /** From the names that clients use (`Aoede`) to the server's. */
  readonly voices?: Readonly<Record<string, string>>
  /** Hands names that `voices` does not hold to the server as they are; absent = false. */
  readonly passVoiceNames?: boolean
}

/** What is asked for; a server that knows no raw PCM is asked for WAV from then on. */
interface AudioFormat {
  name: 'pcm' | 'wav'
}

const CAN_BE_SPOKEN = /[\p{L}\p{N}]/u

/**
 * The language of a text is not sent: the API has no field for it, and servers find it out or have a voice for it. Throws
 * `EngineError` (`engine-refused`) for a URL that can't be used.
 */
export function createOpenAiSynthesizer(options: OpenAiSynthesizerOptions): Synthesizer {
  const endpoint = createEndpoint(options, 'audio/speech')
  const format: AudioFormat = { name: 'pcm' }
  return {
    info: {
      id: `openai:${options.model}`,
      kind: 'tts',
      languages: [],
      description: `${options.model} at ${new URL(endpoint.url).host}`,
    },
    async *speak(text, voice, signal) {
      signal.throwIfAborted()
      if (!CAN_BE_SPOKEN.test(text)) return
      const trimmer = createEdgeTrimmer(SPEECH_OUTPUT_HZ, pauseAfterMs(endMark(text)))
      const reply = await request(endpoint, format, text, voice, options, signal)
      try {
        for await (const samples of decode(reply, endpoint)) {
          signal.throwIfAborted()
          const sound = trimmer.push(samples)
          if (sound.length > 0) yield sound
        }
        signal.throwIfAborted()
        const rest = trimmer.flush()
        if (rest.length > 0) yield rest
      } finally {
        reply.close()
      }
    },
  }
}

async function request(
  endpoint: Endpoint,
  format: AudioFormat,
  text: string,
  voice: VoiceOptions,
  options: OpenAiSynthesizerOptions,
  signal: AbortSignal,
): Promise<Reply> {
  for (;;) {
    const asked = format.name
    const body = {
      model: endpoint.model,
      input: text,
      voice: voiceName(voice.name, options),
      response_format: asked,
      speed: voice.speed === 1 ? undefined : voice.speed,
    }
    try {
      return await endpoint.post(JSON.stringify(body), signal)
    } catch (error) {
      const unknownFormat =
        error instanceof RefusedFieldError && /response_format|pcm/i.test(error.serverText)
      if (!unknownFormat || asked === 'wav') throw error
      format.name = 'wav'
    }
  }
}

function voiceName(name: string | undefined, options: OpenAiSynthesizerOptions): string {
  const fallback = options.voice ?? 'alloy'
  if (name === undefined || name === '') return fallback
  return options.voices?.[name] ?? (options.passVoiceNames ? name : fallback)
}

/** Samples at 24 kHz. A server may answer with WAV although PCM was asked for, so the first bytes decide. */
async function* decode(reply: Reply, endpoint: Endpoint): AsyncGenerator<Float32Array> {
  const { contentType } = reply
  const statedHz = Number(/rate=(\d+)/.exec(contentType)?.[1] ?? SPEECH_OUTPUT_HZ)
  const aligner = createByteAligner()
  let start: Uint8Array = new Uint8Array(0)
  let isPcm = false
  for await (const chunk of reply.chunks()) {
    if (!isPcm) {
      start = Buffer.concat([start, chunk])
      if (start.length < 4 || isWav(start)) continue
      assertPcm(start, contentType, endpoint)
      isPcm = statedHz === SPEECH_OUTPUT_HZ
      if (isPcm) yield pcm16ToFloat(aligner.push(start))
    } else yield pcm16ToFloat(aligner.push(chunk))
  }
  if (isPcm) return
  if (isWav(start)) {
    const { samples, sampleRateHz } = parseWav(start, endpoint)
    yield clamped(resample(samples, sampleRateHz, SPEECH_OUTPUT_HZ))
  } else yield clamped(resample(pcm16ToFloat(start), statedHz, SPEECH_OUTPUT_HZ))
}

function parseWav(bytes: Uint8Array, endpoint: Endpoint): ReturnType<typeof readWav> {
  try {
    return readWav(bytes)
  } catch (error) {
    throw new EngineError('engine-failed', `${endpoint.url}: ${(error as Error).message}`, { cause: error })
  }
}

function assertPcm(start: Uint8Array, contentType: string, endpoint: Endpoint): void {
  const tag = Buffer.from(start.subarray(0, 4)).toString('latin1')
  const isMp3 = tag.startsWith('ID3') || contentType.includes('mpeg') || contentType.includes('mp3')
  const isOther = ['OggS', 'fLaC'].includes(tag) || /json|html|text\//.test(contentType)
  if (!isMp3 && !isOther) return
  throw new EngineError(
    'engine-failed',
    `${endpoint.url} sent ${isMp3 ? 'MP3' : contentType || tag} instead of raw PCM or WAV; choose a server or model that can send one of these`,
  )
}

function isWav(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'RIFF'
}

/** Resampling may overshoot a little. */
function clamped(samples: Float32Array): Float32Array {
  return samples.map((sample) => Math.max(-1, Math.min(1, sample)))
}

/** The punctuation that ends the text, past quotes and brackets. */
function endMark(text: string): string {
  return /([.!?…,;:])["'”’»)\]\s]*$/u.exec(text)?.[1] ?? ''
}
