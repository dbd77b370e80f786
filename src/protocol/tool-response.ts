/** Results of functions, in all the places where clients put their parts. Knows no calls. */

import { z } from 'zod'

import type {
  ClientMessage,
  FunctionResult,
  JsonObject,
  JsonValue,
  Scheduling,
  ToolResult,
} from './client-message.js'
import { judgeFields, supportTable } from './field-support.js'
import { booleanField, enumField, listField, objectField, parseField, textField } from './fields.js'

const schedulingField = () =>
  z.preprocess(
    // One page of the documentation writes it so.
    (value) => (value === 'INTERRUPTED' ? 'INTERRUPT' : value),
    enumField(['SILENT', 'WHEN_IDLE', 'INTERRUPT'], 'must be SILENT, WHEN_IDLE or INTERRUPT'),
  )

const functionResponse = objectField({
  id: textField(),
  name: textField(),
  response: z.unknown().optional(),
  scheduling: schedulingField(),
  willContinue: booleanField(),
})

export const toolResponseField = objectField({ functionResponses: listField(functionResponse) })

const member = 'toolResponse.functionResponses'
const SUPPORT = supportTable([
  ...['', '.id', '.name', '.response', '.scheduling', '.willContinue'].map(
    (path) => ({ path: `${member}${path}`, decision: 'used' }) as const,
  ),
  { path: `${member}.parts`, decision: 'ignored', why: 'the model takes results as JSON only' },
])

export function parseToolResponse(value: unknown): ClientMessage {
  const fields = parseField(toolResponseField, value, 'toolResponse')
  const notices = judgeFields(SUPPORT, 'toolResponse', fields)
  const results = (fields.functionResponses ?? []).map((item): ToolResult => {
    const { response, ...inner } = separated(item.response as JsonValue | undefined)
    const scheduling = item.scheduling ?? inner.scheduling
    return {
      ...(item.id && { id: item.id }),
      ...(item.name && { name: item.name }),
      result: functionResult(response),
      ...(scheduling && { scheduling }),
      willContinue: item.willContinue ?? false,
    }
  })
  return { type: 'tool-response', results, ...(notices.length > 0 && { notices }) }
}

/** `error` and `output` say what they are; without them the whole response is the output. */
export function functionResult(response: JsonValue | undefined): FunctionResult {
  if (!isObject(response)) return { output: response ?? {} }
  if (response.error !== undefined && response.error !== null) return { error: response.error }
  return { output: response.output ?? response }
}

/** Older clients put it among the result; what names no scheduling there is the function's own. */
function separated(response: JsonValue | undefined): {
  readonly response: JsonValue | undefined
  readonly scheduling?: Scheduling
} {
  if (!isObject(response)) return { response }
  const { scheduling: given, ...rest } = response
  const scheduling = schedulingField().safeParse(given).data
  return scheduling ? { response: rest, scheduling } : { response }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
