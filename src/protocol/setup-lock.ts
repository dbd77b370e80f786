/**
 * Setup fields that an ephemeral token fixes: reads its field mask and works out the setup that is in effect for a
 * connection that came with the token. Works on normalised JSON; knows neither tokens nor their life.
 */

import type { ClientMessage, Setup } from './client-message.js'
import { closeError, truncateUtf8 } from './close.js'
import { isKnownField } from './strict.js'

type Json = Readonly<Record<string, unknown>>

export interface SetupLock {
  /** Normalised `setup`, possibly partial. */
  readonly setup?: Json
  /** camelCase paths below `setup`; absent: the token's setup replaces the connection's. */
  readonly mask?: readonly string[]
}

/** Lists, and what may come as text: these can be fixed as a whole only. */
const INDIVISIBLE = new Set(['tools', 'systemInstruction', 'safetySettings'])

/**
 * Reads a comma-separated mask, in either key spelling and with or without a leading `setup.`. A list can be fixed
 * as a whole only: `tools.0` means `tools`. Throws a ProtocolError (1007) for a path that is no field of `setup`, at
 * any depth: a lock that names nothing would lock nothing.
 */
export function parseFieldMask(text: string): string[] {
  const paths = text
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '')
    .map((path) => {
      const steps = path.split('.').map(camelCase)
      if (steps[0] === 'setup') steps.shift()
      const named = steps.filter((step) => !/^\d+$/.test(step))
      if (named.length === 0 || !isKnownField(['setup', ...named])) {
        throw closeError('mask-unknown', { path: truncateUtf8(path, 80) })
      }
      const index = steps.findIndex((step) => /^\d+$/.test(step))
      const whole = index < 0 ? steps : steps.slice(0, index)
      return INDIVISIBLE.has(whole[0] ?? '') ? whole[0]! : whole.join('.')
    })
  return [...new Set(paths)]
}

/**
 * The setup in effect. Without a mask the token's setup replaces `own` entirely; with one, the masked fields are the
 * token's, and those that it does not set are at their defaults. Two things always stay the connection's: the handle
 * that it resumes with, and its model where the token names none.
 */
export function effectiveSetup(own: Json, { setup, mask }: SetupLock): Json {
  if (setup === undefined && mask === undefined) return own
  const fixed = setup ?? {}
  const locked = mask === undefined ? structuredClone(fixed) : masked(own, fixed, mask)
  // An empty one is the beginning of a session: whether it is resumable is the token's to say.
  const handle = objectIn(own, 'sessionResumption')?.handle || undefined
  const resumption = objectIn(locked, 'sessionResumption')
  return {
    ...locked,
    ...(locked.model === undefined && own.model !== undefined && { model: own.model }),
    ...(handle === undefined ? {} : { sessionResumption: { ...resumption, handle } }),
  }
}

/**
 * Refuses what would change a fixed field in the middle of a session: `contextUpdate` and turns of the role `system`.
 * Throws a ProtocolError (1008).
 */
export function refuseLockedChange(message: ClientMessage, lock: SetupLock): void {
  const refuse = (field: 'systemInstruction' | 'tools', where: string): void => {
    if (isFixed(field, lock)) throw closeError('field-fixed', { where, field: `setup.${field}` })
  }
  if (message.type === 'client-content') {
    if (message.turns.some(({ role }) => role === 'system')) {
      refuse('systemInstruction', 'clientContent of the role system')
    }
  } else if (message.type === 'context-update') {
    if (message.system !== undefined) refuse('systemInstruction', 'contextUpdate.systemInstruction')
    if (message.functions !== undefined) refuse('tools', 'contextUpdate.tools')
  }
}

/** What of the instruction and the functions is the token's. */
export function fixedBy(lock: SetupLock): NonNullable<Setup['fixed']> {
  return { system: isFixed('systemInstruction', lock), functions: isFixed('tools', lock) }
}

/** Whether the token has a say in the member `field` of setup: all of it, or something in it. */
function isFixed(field: string, { setup, mask }: SetupLock): boolean {
  if (mask === undefined) return setup !== undefined
  return mask.some((path) => path === field || path.startsWith(`${field}.`))
}

function masked(own: Json, fixed: Json, mask: readonly string[]): Json {
  const result = structuredClone(own) as Record<string, unknown>
  for (const path of mask) {
    const steps = path.split('.')
    const last = steps.pop()!
    const value = valueAt(fixed, [...steps, last])
    // Nothing to take away: an object made on the way there could switch something on by being there.
    if (value === undefined && valueAt(own, [...steps, last]) === undefined) continue
    let target = result
    for (const step of steps) {
      // What lies on the way is an object, whatever the connection sent.
      const next = { ...objectIn(target, step) }
      target[step] = next
      target = next
    }
    if (value === undefined) delete target[last]
    else target[last] = structuredClone(value)
  }
  return result
}

function valueAt(value: unknown, steps: readonly string[]): unknown {
  return steps.reduce<unknown>(
    (found, step) => (typeof found === 'object' && found !== null ? (found as Json)[step] : undefined),
    value,
  )
}

function objectIn(value: Json, key: string): Json | undefined {
  const member = value[key]
  return typeof member === 'object' && member !== null && !Array.isArray(member)
    ? (member as Json)
    : undefined
}

function camelCase(key: string): string {
  return key.trim().replace(/(?<=.)_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
