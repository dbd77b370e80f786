/** Changes to the setup of a running session: another system instruction, other functions. */

import type { ClientMessage } from './client-message.js'
import { contentField, contentText } from './content.js'
import { judgeFields, supportTable } from './field-support.js'
import { objectField, parseField } from './fields.js'
import { toolRows } from './setup-support.js'
import { declaredFunctions, toolsField } from './tools.js'

export const contextUpdateField = objectField({
  systemInstruction: contentField.optional(),
  tools: objectField({ tools: toolsField }).optional(),
})

const SUPPORT = supportTable([
  { path: 'contextUpdate.systemInstruction', decision: 'used' },
  { path: 'contextUpdate.tools', decision: 'used' },
  ...toolRows('contextUpdate.tools.tools'),
])

/** Only what is set changes; an empty list of tools takes all functions away. */
export function parseContextUpdate(value: unknown): ClientMessage {
  const fields = parseField(contextUpdateField, value, 'contextUpdate')
  const notices = judgeFields(SUPPORT, 'contextUpdate', fields)
  const { systemInstruction, tools } = fields
  return {
    type: 'context-update',
    ...(systemInstruction && {
      system: contentText(systemInstruction, 'contextUpdate.systemInstruction') ?? '',
    }),
    ...(tools && { functions: declaredFunctions(tools.tools, 'contextUpdate.tools.tools') }),
    ...(notices.length > 0 && { notices }),
  }
}
