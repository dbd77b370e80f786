/**
 * JSON Schema of everything that goes over the wire, made from the schemas that decode it: `docs/live-api.schema.json`.
 * It shows one spelling (camelCase, upper-case enums); the decoder takes more.
 */

import { z } from 'zod'

import { clientContentField } from './content.js'
import { contextUpdateField } from './context-update.js'
import { realtimeInputField } from './realtime-input.js'
import { serverMessageSchema } from './server-schema.js'
import { setupField } from './setup.js'
import { toolResponseField } from './tool-response.js'

const clientMessageSchema = z.union([
  z.object({ setup: setupField }),
  z.object({ clientContent: clientContentField }),
  z.object({ realtimeInput: realtimeInputField }),
  z.object({ toolResponse: toolResponseField }),
  z.object({ contextUpdate: contextUpdateField }),
])

export function messageJsonSchema(): Record<string, unknown> {
  const asJson = (schema: z.ZodType) => {
    const { $schema, ...rest } = z.toJSONSchema(schema, { unrepresentable: 'any' }) as Record<string, unknown>
    return rest
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Messages of the Live API as Viva Voce takes and sends them',
    $defs: { ClientMessage: asJson(clientMessageSchema), ServerMessage: asJson(serverMessageSchema) },
  }
}
