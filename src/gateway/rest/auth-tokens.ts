/**
 * `POST /{version}/auth_tokens`: reads what a token shall permit, with its defaults and limits, and answers with its
 * name. Knows neither how tokens are sealed nor what becomes of them.
 */

import { z } from 'zod'

import { effectiveSetup, parseFieldMask, parseSetup, type SetupLock } from '../../protocol/index.js'
import type { TokenTerms } from '../tokens/tokens.js'
import { ApiError } from './api-error.js'
import type { JsonObject } from './json-body.js'

const EXPIRES_AFTER_MS = 30 * 60_000
const NEW_SESSIONS_FOR_MS = 60_000
const LONGEST_MS = 20 * 3_600_000
/** What fits into headers everywhere, twice: one SDK sends the token in two of them. */
const MAX_TOKEN_LENGTH = 12_000

const MISPLACED: Readonly<Record<string, string>> = {
  liveConnectConstraints:
    'liveConnectConstraints is a name of the SDKs, which translate it: send {"bidiGenerateContentSetup": {"model": …, ' +
    '"generationConfig": …}}, the content of a setup message, and name the fields that it fixes in fieldMask.',
  config:
    'config is a name of the SDKs: send its members (uses, expireTime, bidiGenerateContentSetup …) at the top.',
  lockAdditionalFields:
    'lockAdditionalFields is a name of the SDKs: send fieldMask, for example "model,generationConfig.temperature".',
}

const USES_CURE = 'uses must be a whole number; 0 means any number of sessions.'

/** RFC 3339 with an offset. */
const time = (field: string) =>
  z.iso
    .datetime({ offset: true, error: `${field} must be a time as in 2027-01-31T12:00:00Z.` })
    .transform((text) => Date.parse(text))
    .optional()

const request = z.looseObject({
  uses: z.coerce.number({ error: USES_CURE }).int(USES_CURE).min(0, USES_CURE).max(1e9, USES_CURE).default(1),
  expireTime: time('expireTime'),
  newSessionExpireTime: time('newSessionExpireTime'),
  bidiGenerateContentSetup: z.record(z.string(), z.unknown()).optional(),
  fieldMask: z.string({ error: 'fieldMask must be a string with commas between the fields.' }).optional(),
  name: z.unknown().optional(),
})

const KNOWN = Object.keys(request.shape)

/** Throws an ApiError or ProtocolError that names the field. */
export function readTokenTerms(body: JsonObject, nowMs: number): TokenTerms {
  for (const key of Object.keys(body)) {
    if (KNOWN.includes(key)) continue
    const cure =
      MISPLACED[key] ??
      `Invalid JSON payload received. Unknown name "${key.slice(0, 60)}": Cannot find field.`
    throw new ApiError('INVALID_ARGUMENT', cure)
  }
  const parsed = request.safeParse(body)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const field = String(issue?.path[0] ?? 'body')
    throw new ApiError(
      'INVALID_ARGUMENT',
      issue?.message.startsWith(field) ? issue.message : `${field}: ${issue?.message}.`,
    )
  }
  const { uses, expireTime, newSessionExpireTime, bidiGenerateContentSetup, fieldMask } = parsed.data
  const expiresAtMs = checkedTime('expireTime', expireTime ?? nowMs + EXPIRES_AFTER_MS, nowMs)
  const newSessionsUntilMs = checkedTime(
    'newSessionExpireTime',
    newSessionExpireTime ?? Math.min(nowMs + NEW_SESSIONS_FOR_MS, expiresAtMs),
    nowMs,
  )
  return { uses, expiresAtMs, newSessionsUntilMs, lock: readLock(bidiGenerateContentSetup, fieldMask) }
}

function checkedTime(field: string, timeMs: number, nowMs: number): number {
  if (timeMs <= nowMs) throw new ApiError('INVALID_ARGUMENT', `${field} is in the past.`)
  if (timeMs > nowMs + LONGEST_MS) {
    throw new ApiError('INVALID_ARGUMENT', `${field} is more than 20 hours ahead.`)
  }
  return timeMs
}

function readLock(setup: JsonObject | undefined, fieldMask: string | undefined): SetupLock {
  // The SDKs take the wrapping `setup` off, some programs do not.
  const inner = setup && Object.keys(setup).join() === 'setup' ? (setup.setup as JsonObject) : setup
  const mask = fieldMask === undefined || fieldMask.trim() === '' ? undefined : parseFieldMask(fieldMask)
  const lock = { ...(inner && { setup: inner }), ...(mask && { mask }) }
  // What no session could be begun with is refused now, not when a user's browser connects.
  if (inner) parseSetup(effectiveSetup({ model: 'models/any' }, lock))
  return lock
}

/** The answer. Throws an ApiError for a token too long for a header. */
export function tokenResource(name: string, terms: TokenTerms) {
  if (name.length > MAX_TOKEN_LENGTH) {
    throw new ApiError(
      'INVALID_ARGUMENT',
      `bidiGenerateContentSetup is too long for a token (${name.length} characters, at most ${MAX_TOKEN_LENGTH}): shorten it.`,
    )
  }
  return {
    name,
    uses: terms.uses,
    expireTime: new Date(terms.expiresAtMs).toISOString(),
    newSessionExpireTime: new Date(terms.newSessionsUntilMs).toISOString(),
  }
}
