/** Reads the JSON body of a request, bounded, in one spelling. Knows no endpoint. */

import { normaliseKeys } from '../../protocol/index.js'
import { ApiError } from './api-error.js'

export type JsonObject = Readonly<Record<string, unknown>>

/**
 * The body with camelCase keys; an empty body is an empty object. Throws an ApiError for more than `maxBytes` and for
 * what is not a JSON object, a ProtocolError for what `normaliseKeys` refuses.
 */
export async function jsonBody(request: Request, maxBytes: number): Promise<JsonObject> {
  const text = await boundedText(request, maxBytes)
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new ApiError('INVALID_ARGUMENT', 'Invalid JSON payload received: send one JSON object.')
  }
  const body = normaliseKeys(value)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ApiError('INVALID_ARGUMENT', 'Invalid JSON payload received: send one JSON object.')
  }
  return body as JsonObject
}

async function boundedText(request: Request, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.length
    if (bytes > maxBytes) {
      throw new ApiError('INVALID_ARGUMENT', `The request is larger than ${maxBytes} bytes: send less.`)
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
