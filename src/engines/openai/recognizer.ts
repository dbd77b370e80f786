/**
 * Speech recognition behind `/v1/audio/transcriptions`: whole clips as WAV, one request per settle. Knows nothing of
 * when an activity ends.
 */
import { joinSamples, writeWav } from '../../audio/index.js'
import {
  EngineError,
  type Recognition,
  type RecognitionOptions,
  type Recognizer,
  type Transcript,
} from '../../engine/index.js'
import { createEndpoint, type Endpoint, type OpenAiOptions, parseJson, RefusedFieldError } from './http.js'

const SAMPLE_RATE_HZ = 16_000
/** Servers refuse clips below 0.1 s, and no word is that short. */
const MIN_SAMPLES = SAMPLE_RATE_HZ / 10
/** Whisper's own rule for a stretch in which nobody speaks. */
const NO_SPEECH_PROBABILITY = 0.6
const NO_SPEECH_LOG_PROBABILITY = -1

/** How much the server tells: `verbose_json` has language and probabilities; some models know only `json`. */
interface ReplyFormat {
  name: 'verbose_json' | 'json'
}

/**
 * The language of a transcript is the one asked for, else what the server found, else `und`. Throws `EngineError`
 * (`engine-refused`) for a URL that can't be used.
 */
export function createOpenAiRecognizer(options: OpenAiOptions): Recognizer {
  const endpoint = createEndpoint(options, 'audio/transcriptions')
  const format: ReplyFormat = { name: 'verbose_json' }
  return {
    info: {
      id: `openai:${options.model}`,
      kind: 'asr',
      languages: [],
      description: `${options.model} at ${new URL(endpoint.url).host}`,
    },
    open: (recognition) => openRecognition(endpoint, format, recognition),
  }
}

function openRecognition(endpoint: Endpoint, format: ReplyFormat, options: RecognitionOptions): Recognition {
  const { signal } = options
  const language = options.language?.split('-')[0]?.toLowerCase()
  let pieces: Float32Array[] = []
  let settled: Promise<Transcript> | undefined
  let closed = false

  return {
    push(samples) {
      if (closed || samples.length === 0) return
      pieces.push(samples.slice())
      settled = undefined
    },
    async settle(wanted) {
      const within = wanted ? AbortSignal.any([signal, wanted]) : signal
      within.throwIfAborted()
      if (settled !== undefined) return settled
      if (closed) throw new EngineError('engine-failed', 'settle() was called after close()')
      const clip = joinSamples(pieces)
      pieces = [clip]
      const attempt = transcribe(endpoint, format, clip, language, within)
      settled = attempt
      // A failure is not kept: the next settle tries again.
      attempt.catch(() => {
        if (settled === attempt) settled = undefined
      })
      return attempt
    },
    close() {
      closed = true
      pieces = []
    },
  }
}

async function transcribe(
  endpoint: Endpoint,
  format: ReplyFormat,
  clip: Float32Array,
  language: string | undefined,
  signal: AbortSignal,
): Promise<Transcript> {
  if (clip.length < MIN_SAMPLES) return { text: '', language: language ?? 'und' }
  const wav = new Blob([writeWav(clip, SAMPLE_RATE_HZ) as Uint8Array<ArrayBuffer>], { type: 'audio/wav' })
  for (;;) {
    const asked = format.name
    const form = new FormData()
    form.append('file', wav, 'speech.wav')
    form.append('model', endpoint.model)
    form.append('response_format', asked)
    form.append('temperature', '0')
    if (language !== undefined) form.append('language', language)
    try {
      const reply = await endpoint.post(form, signal)
      return readTranscript(new TextDecoder().decode(await reply.bytes()), endpoint, language)
    } catch (error) {
      const unknownFormat =
        error instanceof RefusedFieldError && /response_format|verbose_json/.test(error.serverText)
      if (!unknownFormat || asked === 'json') throw error
      format.name = 'json'
    }
  }
}

interface Segment {
  readonly start?: number
  readonly end?: number
  readonly avg_logprob?: number
  readonly no_speech_prob?: number
}

function readTranscript(body: string, endpoint: Endpoint, language: string | undefined): Transcript {
  const reply = parseJson(body) as { text?: unknown; language?: unknown; segments?: unknown } | undefined
  if (typeof reply?.text !== 'string') {
    throw new EngineError(
      'engine-failed',
      `${endpoint.url} did not answer like a transcriptions API; is this the address of an OpenAI-compatible server?`,
    )
  }
  const segments = Array.isArray(reply.segments) ? (reply.segments as Segment[]) : []
  const silent = segments.length > 0 && segments.every(isSilent)
  const averageLogProbability = averageOf(segments)
  return {
    text: silent ? '' : reply.text.trim(),
    language: language ?? languageCode(reply.language) ?? 'und',
    ...(averageLogProbability === undefined ? {} : { averageLogProbability }),
  }
}

function isSilent({ no_speech_prob = 0, avg_logprob = 0 }: Segment): boolean {
  return no_speech_prob > NO_SPEECH_PROBABILITY && avg_logprob < NO_SPEECH_LOG_PROBABILITY
}

/** Weighted by duration, since servers don't count tokens. */
function averageOf(segments: readonly Segment[]): number | undefined {
  let sum = 0
  let weights = 0
  for (const { start = 0, end = 0, avg_logprob } of segments) {
    if (typeof avg_logprob !== 'number') continue
    const weight = Math.max(0.01, end - start)
    sum += Math.min(0, avg_logprob) * weight
    weights += weight
  }
  return weights === 0 ? undefined : sum / weights
}

/** Some servers say `en`, some `english`. */
function languageCode(language: unknown): string | undefined {
  if (typeof language !== 'string' || language === '') return undefined
  const name = language.toLowerCase()
  return /^[a-z]{2,3}(-|$)/.test(name) ? name.split('-')[0] : codesByName().get(name)
}

let codes: Map<string, string> | undefined

function codesByName(): Map<string, string> {
  if (codes !== undefined) return codes
  codes = new Map()
  const names = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' })
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  for (const first of letters) {
    for (const second of letters) {
      const name = names.of(first + second)?.toLowerCase()
      if (name !== undefined && !codes.has(name)) codes.set(name, first + second)
    }
  }
  return codes
}
