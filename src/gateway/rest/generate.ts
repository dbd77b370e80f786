/**
 * `generateContent`, `streamGenerateContent` and `countTokens` on the language model of the live conversations: a JSON
 * body in, candidates and usage out, in one piece or as a stream. Knows no model and no path.
 */

import { randomUUID } from 'node:crypto'

import { parseGenerateRequest } from '../../protocol/index.js'
import { TextGenerationError, type TextGenerator, type TextPart } from '../../runtime/index.js'
import { ApiError, type ApiStatus, apiErrorBody } from './api-error.js'
import type { JsonObject } from './json-body.js'

const STATUS_OF: Readonly<Record<TextGenerationError['failure'], ApiStatus>> = {
  busy: 'RESOURCE_EXHAUSTED',
  unavailable: 'UNAVAILABLE',
  timeout: 'DEADLINE_EXCEEDED',
  refused: 'INVALID_ARGUMENT',
  failed: 'INTERNAL',
}

/** Answers with one object. Throws an ApiError or a ProtocolError. */
export async function generateContent(
  text: TextGenerator,
  model: string,
  body: JsonObject,
  signal: AbortSignal,
): Promise<Response> {
  const request = parseGenerateRequest(body)
  const shape = responseShape(model)
  let answer = ''
  const calls: object[] = []
  try {
    for await (const part of text.generate(request, signal)) {
      if (part.type === 'text') answer += part.text
      else if (part.type === 'call') calls.push(callPart(part))
      else return Response.json(shape.last(part, [...textParts(answer, calls.length === 0), ...calls]))
    }
  } catch (error) {
    throw asApiError(error)
  }
  throw new ApiError('INTERNAL', 'The answer had no end.')
}

/**
 * Answers with server-sent events (`sse`) or, as the service does without `alt=sse`, with a JSON array that grows.
 * What fails before the first piece is thrown; later failures are the last element.
 */
export async function streamGenerateContent(
  text: TextGenerator,
  model: string,
  body: JsonObject,
  sse: boolean,
  signal: AbortSignal,
): Promise<Response> {
  const request = parseGenerateRequest(body)
  const stopped = new AbortController()
  const parts = text.generate(request, AbortSignal.any([signal, stopped.signal]))
  const shape = responseShape(model)
  const first = await parts.next().catch((error: unknown) => {
    throw asApiError(error)
  })
  const encoder = new TextEncoder()
  let count = 0
  const encode = (value: object) =>
    encoder.encode(
      sse
        ? `data: ${JSON.stringify(value)}\r\n\r\n`
        : `${count++ === 0 ? '[' : ',\r\n'}${JSON.stringify(value)}`,
    )
  let next: Promise<IteratorResult<TextPart>> | undefined = Promise.resolve(first)

  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await (next ?? parts.next())
        next = undefined
        if (!done)
          controller.enqueue(
            encode(value.type === 'end' ? shape.last(value, textParts('', true)) : shape.delta(value)),
          )
        if (!done && value.type !== 'end') return
      } catch (error) {
        const { status, message } = asApiError(error)
        controller.enqueue(encode(apiErrorBody(status, message)))
      }
      if (!sse) controller.enqueue(encoder.encode(']'))
      controller.close()
    },
    async cancel() {
      stopped.abort(new DOMException('the client has gone', 'AbortError'))
      await parts.return(undefined).catch(() => {})
    },
  })
  const type = sse ? 'text/event-stream' : 'application/json; charset=utf-8'
  return new Response(stream, { headers: { 'content-type': type, 'cache-control': 'no-cache' } })
}

/** Takes `contents`, or a whole `generateContentRequest`. */
export async function countTokens(
  text: TextGenerator,
  body: JsonObject,
  signal: AbortSignal,
): Promise<Response> {
  const inner = body.generateContentRequest
  const request = parseGenerateRequest(
    typeof inner === 'object' && inner !== null ? (inner as JsonObject) : body,
  )
  try {
    const totalTokens = await text.countTokens(request, signal)
    return Response.json({
      totalTokens,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }],
    })
  } catch (error) {
    throw asApiError(error)
  }
}

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof TextGenerationError) return new ApiError(STATUS_OF[error.failure], error.message)
  return new ApiError('INTERNAL', 'Internal error: see the log of the server.')
}

const callPart = ({ name, args }: Extract<TextPart, { type: 'call' }>) => ({ functionCall: { name, args } })

/** An answer has a part, even where it is empty. */
const textParts = (text: string, alone: boolean) => (text !== '' || alone ? [{ text }] : [])

/** The objects of one answer: they share an id. */
function responseShape(model: string) {
  const ids = { modelVersion: model, responseId: randomUUID() }
  const content = (parts: readonly object[]) => ({ role: 'model', parts })
  return {
    delta: (part: Exclude<TextPart, { type: 'end' }>) => {
      const parts = part.type === 'call' ? [callPart(part)] : [{ text: part.text }]
      return { candidates: [{ content: content(parts), index: 0 }], ...ids }
    },
    last: ({ reason, usage }: Extract<TextPart, { type: 'end' }>, parts: readonly object[]) => ({
      candidates: [
        { content: content(parts), finishReason: reason === 'length' ? 'MAX_TOKENS' : 'STOP', index: 0 },
      ],
      usageMetadata: {
        promptTokenCount: usage.promptTokens,
        candidatesTokenCount: usage.outputTokens,
        totalTokenCount: usage.promptTokens + usage.outputTokens,
        promptTokensDetails: [{ modality: 'TEXT', tokenCount: usage.promptTokens }],
        candidatesTokensDetails: [{ modality: 'TEXT', tokenCount: usage.outputTokens }],
      },
      ...ids,
    }),
  }
}
