/** Errors of the REST surface in the shape that Google's SDKs read. Knows no endpoint. */

import { ProtocolError } from '../../protocol/index.js'

/** HTTP status and name, as google.rpc.Code pairs them. */
const STATUS = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const

export type ApiStatus = keyof typeof STATUS

/** Ends a request with an error that is the caller's to read. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: ApiStatus
  constructor(status: ApiStatus, message: string) {
    super(message)
    this.status = status
  }
}

export function apiErrorBody(status: ApiStatus, message: string) {
  return { error: { code: STATUS[status], message, status } }
}

export function apiErrorResponse(status: ApiStatus, message: string): Response {
  return Response.json(apiErrorBody(status, message), { status: STATUS[status] })
}

/** Undefined for what is no fault of the caller. */
export function responseToError(error: unknown): Response | undefined {
  if (error instanceof ApiError) return apiErrorResponse(error.status, error.message)
  // A field that a Live session would be refused for is as wrong here.
  if (error instanceof ProtocolError) return apiErrorResponse('INVALID_ARGUMENT', error.reason)
  return undefined
}
