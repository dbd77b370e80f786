/**
 * Realtime input: audio chunks of any rate, pictures, text, activity marks. Reads the mime type of a chunk, decodes it
 * and folds the deprecated list of chunks into one piece of audio and one picture. Knows no voice activity.
 */

import { z } from 'zod'

import { decodeBase64 as decodeBase64Plain } from './base64.js'
import type { AudioBlob, ClientMessage, PictureBlob } from './client-message.js'
import { closeError, fieldError, truncateUtf8 } from './close.js'
import { type FieldSupport, judgeFields, supportTable } from './field-support.js'
import { booleanField, listField, objectField, parseField, textField } from './fields.js'
import { parsePicture } from './picture.js'

/** What a chunk without `rate=` has. */
const DEFAULT_INPUT_HZ = 16_000
const USUAL_MIME_TYPE = 'audio/pcm;rate=16000'
/** Below this, resampling to 16 kHz would turn one message into more memory than a server can spare. */
const MIN_INPUT_HZ = 1_000
const MAX_INPUT_HZ = 192_000

const blob = objectField({
  mimeType: textField(),
  data: z.string({ error: 'must be base64 text' }),
})

/** `{}` or true says "now"; false is as good as absent. */
const mark = z.union([z.boolean(), z.looseObject({})], { error: 'must be {}' }).optional()

export const realtimeInputField = objectField({
  audio: blob.optional(),
  video: blob.optional(),
  mediaChunks: listField(blob),
  text: textField(),
  activityStart: mark,
  activityEnd: mark,
  audioStreamEnd: booleanField(),
})

const SUPPORT = supportTable(
  ['audio', 'video', 'mediaChunks', 'text', 'activityStart', 'activityEnd', 'audioStreamEnd'].map(
    (name): FieldSupport => ({ path: `realtimeInput.${name}`, decision: 'used' }),
  ),
)

type Decode = (text: string) => Uint8Array | undefined

export function parseRealtimeInput(value: unknown, decodeBase64: Decode = decodeBase64Plain): ClientMessage {
  const input = parseField(realtimeInputField, value, 'realtimeInput')
  const notices = judgeFields(SUPPORT, 'realtimeInput', input)
  const sounds: AudioBlob[] = []
  let picture: PictureBlob | undefined
  if (input.audio) sounds.push(audioBlob(input.audio, 'realtimeInput.audio', decodeBase64))
  if (input.video) picture = pictureBlob(input.video, 'realtimeInput.video', decodeBase64)
  for (const [index, chunk] of (input.mediaChunks ?? []).entries()) {
    const path = `realtimeInput.mediaChunks[${index}]`
    if (isPicture(chunk)) picture = pictureBlob(chunk, path, decodeBase64)
    else sounds.push(audioBlob(chunk, path, decodeBase64))
  }
  const audio = joined(sounds)
  return {
    type: 'realtime-input',
    ...(audio && { audio }),
    ...(picture && { picture }),
    ...(input.text !== undefined && { text: input.text }),
    ...(input.activityStart && { activityStart: true }),
    ...(input.activityEnd && { activityEnd: true }),
    ...(input.audioStreamEnd && { audioStreamEnd: true }),
    ...(notices.length > 0 && { notices }),
  }
}

const isPicture = ({ mimeType }: z.infer<typeof blob>) => /^\s*(image|video)\//i.test(mimeType ?? '')

function pictureBlob(
  { mimeType = '', data }: z.infer<typeof blob>,
  path: string,
  decodeBase64: Decode,
): PictureBlob {
  const bytes = decodeBase64(data)
  if (!bytes) throw fieldError(1007, `${path}.data`, `is not valid base64: encode the picture again.`)
  return parsePicture(bytes, mimeType, path)
}

function audioBlob({ mimeType, data }: z.infer<typeof blob>, path: string, decodeBase64: Decode): AudioBlob {
  return decodePcm(mimeType ?? 'audio/pcm', data, path, decodeBase64)
}

/** `path` names the blob in what is thrown. */
export function decodePcm(
  mimeType: string,
  data: string,
  path: string,
  decodeBase64: Decode = decodeBase64Plain,
): AudioBlob {
  const sampleRateHz =
    mimeType === USUAL_MIME_TYPE ? DEFAULT_INPUT_HZ : pcmRateHz(mimeType, `${path}.mimeType`)
  const bytes = decodeBase64(data)
  if (!bytes) throw fieldError(1007, `${path}.data`, `is not valid base64: encode the raw PCM bytes again.`)
  return { bytes, sampleRateHz }
}

/** Reads `audio/pcm;rate=16000`, in any case and spacing. Throws a ProtocolError for every other medium. */
function pcmRateHz(mimeType: string, path: string): number {
  const [type = '', ...parameters] = mimeType.split(';').map((piece) => piece.trim().toLowerCase())
  if (type !== 'audio/pcm') {
    const shown = truncateUtf8(type, 20)
    throw fieldError(1007, path, `"${shown}" must be audio/pcm;rate=16000: send 16-bit mono PCM.`)
  }
  let rateHz = DEFAULT_INPUT_HZ
  for (const parameter of parameters) {
    const [name = '', text = ''] = parameter.split('=').map((piece) => piece.trim())
    if (name === 'channels' && text !== '1') {
      throw fieldError(1007, path, `must have one channel: mix the audio down to mono.`)
    }
    if (name === 'rate') rateHz = text === '' ? Number.NaN : Number(text)
  }
  if (!(Number.isInteger(rateHz) && rateHz >= MIN_INPUT_HZ && rateHz <= MAX_INPUT_HZ)) {
    throw fieldError(
      1007,
      path,
      `must have a rate from ${MIN_INPUT_HZ} to ${MAX_INPUT_HZ}, for example audio/pcm;rate=16000.`,
    )
  }
  return rateHz
}

function joined(chunks: readonly AudioBlob[]): AudioBlob | undefined {
  const [first, ...others] = chunks
  if (!first || others.length === 0) return first
  if (others.some((chunk) => chunk.sampleRateHz !== first.sampleRateHz)) {
    throw closeError('media-rates', {})
  }
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.bytes.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk.bytes, offset)
    offset += chunk.bytes.length
  }
  return { bytes, sampleRateHz: first.sampleRateHz }
}
