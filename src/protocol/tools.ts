/**
 * Declarations of what the model may call: the list of tools as functions in one form, and the choice among them.
 * Built-in tools are judged by the support table; here they are only let through.
 */

import { z } from 'zod'

import type { FunctionCalling, FunctionDeclaration, JsonObject, JsonValue } from './client-message.js'
import { fieldError, truncateUtf8 } from './close.js'
import { enumField, fieldPath, listField, objectField, textField } from './fields.js'
import { toJsonSchema } from './json-schema.js'

const NAME = /^[A-Za-z_][\w.:-]{0,127}$/
const nameCure = 'must be 1 to 128 letters, digits or _ . : - and begin with a letter or _'

const schemaField = objectField({}).optional()

const functionDeclaration = objectField({
  name: z.string({ error: nameCure }).regex(NAME, nameCure),
  description: textField(),
  parameters: schemaField,
  parametersJsonSchema: schemaField,
  behavior: enumField(['BLOCKING', 'NON_BLOCKING']),
})

/** A list of tools, each a set of function declarations or a built-in tool. */
export const toolsField = listField(objectField({ functionDeclarations: listField(functionDeclaration) }))

export const toolConfigField = objectField({
  functionCallingConfig: objectField({
    mode: enumField(['AUTO', 'ANY', 'NONE', 'VALIDATED'], 'must be AUTO, ANY, NONE or VALIDATED'),
    allowedFunctionNames: listField(z.string({ error: 'must be a string' })),
  }).optional(),
}).optional()

/** The functions of all tools at `path`, in order. Throws a ProtocolError (1007) for a name given twice. */
export function declaredFunctions(tools: z.infer<typeof toolsField>, path: string): FunctionDeclaration[] {
  const functions: FunctionDeclaration[] = []
  for (const [index, tool] of (tools ?? []).entries()) {
    for (const [position, declaration] of (tool.functionDeclarations ?? []).entries()) {
      const at = fieldPath(path, [index, 'functionDeclarations', position])
      if (functions.some(({ name }) => name === declaration.name)) {
        const shown = truncateUtf8(declaration.name, 40)
        throw fieldError(
          1007,
          `${at}.name`,
          `"${shown}" is declared twice: give every function its own name.`,
        )
      }
      const parameters = argumentSchema(declaration, at)
      functions.push({
        name: declaration.name,
        description: declaration.description ?? '',
        ...(parameters && { parameters }),
        ...(declaration.behavior && { behavior: declaration.behavior }),
      })
    }
  }
  return functions
}

/** The choice at `path.toolConfig`. Throws a ProtocolError (1007) for mode ANY where nothing can be called. */
export function functionCalling(
  config: z.infer<typeof toolConfigField>,
  declared: readonly FunctionDeclaration[],
  path: string,
): FunctionCalling | undefined {
  const given = config?.functionCallingConfig
  if (!given) return undefined
  const calling = { mode: given.mode ?? 'AUTO', allowedNames: given.allowedFunctionNames ?? [] }
  if (calling.mode === 'ANY' && !declared.some(({ name }) => mayCall(calling, name))) {
    const [member, cure] =
      declared.length === 0
        ? ['mode', 'ANY needs tools with functions.']
        : ['allowedFunctionNames', 'must name declared functions.']
    throw fieldError(1007, `${path}.toolConfig.functionCallingConfig.${member}`, cure)
  }
  return calling
}

export function mayCall({ mode, allowedNames }: FunctionCalling, name: string): boolean {
  return mode !== 'NONE' && (allowedNames.length === 0 || allowedNames.includes(name))
}

function argumentSchema(
  declaration: z.infer<typeof functionDeclaration>,
  path: string,
): JsonObject | undefined {
  const member = declaration.parametersJsonSchema === undefined ? 'parameters' : 'parametersJsonSchema'
  const given = declaration[member]
  // A schema without members: SDKs send it for functions without arguments.
  if (given === undefined || Object.keys(given).length === 0) return undefined
  const schema = toJsonSchema(given as JsonValue) as JsonObject
  const { type = 'object' } = schema
  if (type !== 'object' && !(Array.isArray(type) && type.includes('object'))) {
    throw fieldError(1007, `${path}.${member}.type`, 'must be OBJECT: arguments are given by name.')
  }
  // One that may be null as well is an object all the same: a call without arguments has an empty one.
  return { ...schema, type: 'object' }
}
