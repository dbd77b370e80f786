/** What is exported for readers and other programs: pinned, so that a change of the wire is seen in review. */

import { describe, expect, it } from 'vitest'
import type { z } from 'zod'

import { CLOSE_CATALOGUE } from './close-catalogue.js'
import { messageJsonSchema } from './message-schema.js'
import type { ServerMessage } from './server-message.js'
import { serverMessageSchema } from './server-schema.js'

/** Maps of any keys stay as they are: JSON may be nested without end. */
type Mutable<Value> = Value extends readonly unknown[] | object
  ? string extends keyof Value
    ? Value
    : { -readonly [Key in keyof Value]: Mutable<Value[Key]> }
  : Value
/** Does not compile where a message can be sent that no schema describes. */
const asDescribed = (message: Mutable<ServerMessage>): z.input<typeof serverMessageSchema> => message

const DOCS = '../../docs'

describe('[SET-12] the JSON Schema of the messages', () => {
  it('is docs/live-api.schema.json (vitest -u writes it)', async () => {
    await expect(`${JSON.stringify(messageJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      `${DOCS}/live-api.schema.json`,
    )
  })
})

it('[CON-9] a message that is sent fits the schema, and nothing beside it', () => {
  const message = asDescribed({ goAway: { timeLeft: '5s' } })
  expect(serverMessageSchema.safeParse(message).success).toBe(true)
  expect(serverMessageSchema.safeParse({ ...message, novelty: 1 }).success).toBe(false)
  expect(serverMessageSchema.safeParse({ goAway: { timeLeft: '1.5s' } }).success).toBe(false)
})

describe('[ERR-1] the catalogue of closings', () => {
  it('is docs/close-codes.md (vitest -u writes it)', async () => {
    const cell = (text: string) => text.replaceAll('|', '\\|')
    const rows = Object.entries(CLOSE_CATALOGUE).map(
      ([id, { code, fault, reason, cure }]) =>
        `| ${code} | \`${cell(reason)}\` | ${fault} | ${cell(cure)} | ${id} |`,
    )
    const text = [
      '# Close codes',
      '',
      'Every way in which the server closes a connection. `{…}` stands for a value; reasons have at most 123 bytes.',
      '*client*: the program that connected, *operator*: the configuration of the server, *server*: its failure or limits.',
      'Written from `src/protocol/close-catalogue.ts`.',
      '',
      '| Code | Reason | Fault | What to do | Id |',
      '|---|---|---|---|---|',
      ...rows.sort(),
      '',
    ].join('\n')
    await expect(text).toMatchFileSnapshot(`${DOCS}/close-codes.md`)
  })
})
