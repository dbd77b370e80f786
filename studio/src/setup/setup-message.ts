/** From the settings to the setup message and back from the address, and what is wrong with them. Pure. */

import type { LiveConfig } from 'vivavoce/client'
import { FIELDS, type FieldValue, nested, type Setup, valueIn, wireOf } from './fields'
import { refusalOf } from './offers'

/** The whole message; throws `SyntaxError` where the tools are no JSON. */
export function setupOf(setup: Setup): { model: string } & Record<string, unknown> {
  const message: Record<string, unknown> = {}
  for (const field of FIELDS) {
    if (field.when?.(setup) === false) continue
    const value = wireOf(field, valueIn(field, setup))
    if (value !== undefined) merge(message, nested(field.path, value))
  }
  return message as { model: string }
}

/** As `connectLive` takes it. */
export function connectionOf(setup: Setup): { readonly model: string; readonly config: LiveConfig } {
  const { model, ...config } = setupOf(setup)
  return { model, config }
}

/** In the server's own words; undefined where the setup would be accepted. */
export function problemOf(setup: Setup): string | undefined {
  try {
    return refusalOf({ setup: setupOf(setup) })
  } catch (error) {
    return (error as Error).message
  }
}

function merge(target: Record<string, unknown>, source: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(source)) {
    const known = target[key]
    if (isPlain(known) && isPlain(value)) merge(known, value)
    else target[key] = value
  }
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Only what differs from the defaults, in the order of the table. */
export function toAddress(setup: Setup): string {
  const parameters = new URLSearchParams()
  for (const field of FIELDS) {
    const value = setup[field.name]
    if (value === undefined || value === '') continue
    if (field.kind === 'toggle' && value === field.initial) continue
    parameters.set(field.name, String(value))
  }
  return parameters.toString()
}

/** Whatever is no setting, or no value of it, is left out. */
export function fromAddress(address: string): Setup {
  const parameters = new URLSearchParams(address)
  const setup: Record<string, FieldValue> = {}
  for (const field of FIELDS) {
    const text = parameters.get(field.name)
    if (text === null) continue
    if (field.kind === 'toggle') setup[field.name] = text === 'true'
    else if (field.kind === 'number') {
      const value = Number(text)
      if (Number.isFinite(value)) setup[field.name] = value
    } else setup[field.name] = text
  }
  return setup
}
