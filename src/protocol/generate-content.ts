/**
 * Requests for text without a session (`generateContent`, `countTokens`): their schema, and the parts of the wire's
 * content that they share with sessions. Knows no HTTP and no model.
 */

import { z } from 'zod'

import type {
  ContentTurn,
  FunctionDeclaration,
  JsonObject,
  JsonValue,
  Sampling,
  Setup,
} from './client-message.js'
import { fieldError } from './close.js'
import { contentField, contentText, contentTurns, createCallNames } from './content.js'
import { type FieldSupport, judgeFields, supportTable } from './field-support.js'
import { enumField, listField, numberField, objectField, parseField, textField } from './fields.js'
import { toJsonSchema } from './json-schema.js'
import { mediaResolutionField, RESOLUTIONS } from './media-resolution.js'
import { toolRows } from './setup-support.js'
import { declaredFunctions, functionCalling, mayCall, toolConfigField, toolsField } from './tools.js'

const JSON_TYPE = 'application/json'
/** One value of an enum, as plain text. */
const ENUM_TYPE = 'text/x.enum'
const INT32_MAX = 2_147_483_647
const MAX_STOP_SEQUENCES = 5

export type GenerateTurn = Exclude<ContentTurn, { readonly role: 'system' }>

export interface GenerateRequest {
  readonly system: string
  /** Never empty; alternating or not, as the client sent them. */
  readonly turns: readonly GenerateTurn[]
  /** What the model may call. */
  readonly functions: readonly FunctionDeclaration[]
  /** One of them is called, whatever was said. */
  readonly mustCall: boolean
  readonly sampling: Sampling
  /** JSON Schema of the answer; `{}` = any JSON. Absent = free text. */
  readonly answerSchema?: JsonObject
  /** The schema's value, a text, is given without the marks of JSON. */
  readonly plainAnswer: boolean
  readonly mediaResolution?: Setup['mediaResolution']
  /** The answer ends before the first of these. */
  readonly stopSequences: readonly string[]
  /** Sentences about accepted fields that have no effect here. */
  readonly notices: readonly string[]
}

const request = objectField({
  contents: listField(contentField),
  systemInstruction: contentField.optional(),
  tools: toolsField,
  toolConfig: toolConfigField,
  generationConfig: objectField({
    temperature: numberField({ min: 0, max: 2 }),
    topP: numberField({ min: 0, max: 1 }),
    topK: numberField({ min: 0, max: INT32_MAX, integer: true }),
    maxOutputTokens: numberField({ min: 0, max: INT32_MAX, integer: true }),
    seed: numberField({ min: -INT32_MAX - 1, max: INT32_MAX, integer: true }),
    presencePenalty: numberField({ min: -2, max: 2 }),
    frequencyPenalty: numberField({ min: -2, max: 2 }),
    candidateCount: numberField({ min: 0, max: 8, integer: true }),
    stopSequences: listField(z.string()),
    responseMimeType: textField(),
    responseSchema: objectField({}).optional(),
    responseJsonSchema: objectField({}).optional(),
    responseModalities: listField(enumField(['TEXT', 'AUDIO', 'IMAGE'])),
    mediaResolution: mediaResolutionField,
  }).optional(),
})

const used = (path: string): FieldSupport => ({ path, decision: 'used' })
const config = 'request.generationConfig'
const SUPPORT = supportTable([
  used('request.contents'),
  used('request.systemInstruction'),
  used(config),
  ...['temperature', 'topP', 'topK', 'maxOutputTokens', 'seed', 'presencePenalty', 'frequencyPenalty']
    .concat('stopSequences', 'responseModalities', 'responseSchema', 'responseJsonSchema', 'mediaResolution')
    .map((name) => used(`${config}.${name}`)),
  {
    path: `${config}.candidateCount`,
    decision: 'refused',
    cure: 'there is one answer, remove it',
    asked: (value) => Number(value) > 1,
  },
  {
    path: `${config}.responseMimeType`,
    decision: 'refused',
    cure: `use text/plain, ${JSON_TYPE} or ${ENUM_TYPE}`,
    asked: (value) => !['', 'text/plain', JSON_TYPE, ENUM_TYPE].includes(String(value)),
  },
  ...['responseFormat', 'responseLogprobs', 'logprobs', 'speechConfig'].map(
    (name): FieldSupport => ({ path: `${config}.${name}`, decision: 'refused', cure: 'remove it' }),
  ),
  {
    path: `${config}.thinkingConfig`,
    decision: 'ignored',
    why: 'answers are given without thinking aloud',
  },
  ...toolRows('request.tools'),
  used('request.toolConfig'),
  used('request.toolConfig.functionCallingConfig'),
  used('request.toolConfig.functionCallingConfig.allowedFunctionNames'),
  used('request.toolConfig.functionCallingConfig.mode'),
  { path: 'request.cachedContent', decision: 'refused', cure: 'send the content itself' },
  { path: 'request.safetySettings', decision: 'ignored', why: 'nothing is filtered here' },
  { path: 'request.labels', decision: 'ignored', why: 'there is no billing here' },
  { path: 'request.serviceTier', decision: 'ignored', why: 'there is no billing here' },
  { path: 'request.model', decision: 'ignored', why: 'the path names the model' },
])

/** Parses a normalised body. Throws a ProtocolError that names the field and the cure. */
export function parseGenerateRequest(body: Readonly<Record<string, unknown>>): GenerateRequest {
  const fields = parseField(request, body, 'request')
  const notices = judgeFields(SUPPORT, 'request', fields)
  const calls = createCallNames()
  const turns = (fields.contents ?? []).flatMap((content, index) => {
    const path = `request.contents[${index}]`
    if (content.role === 'SYSTEM') {
      throw fieldError(1007, `${path}.role`, 'must be user or model: use systemInstruction.')
    }
    refuseMedia(content, path)
    return contentTurns(content, path, calls) as readonly GenerateTurn[]
  })
  if (turns.length === 0) throw fieldError(1007, 'request.contents', 'must not be empty: send a text part.')
  const generation: NonNullable<typeof fields.generationConfig> = fields.generationConfig ?? {}
  const { temperature, topP, topK, maxOutputTokens, seed, presencePenalty, frequencyPenalty } = generation
  if (generation.responseModalities?.some((name) => name !== undefined && name !== 'TEXT')) {
    throw fieldError(1007, `${config}.responseModalities`, 'must be TEXT: speech needs a Live session.')
  }
  const stopSequences = (generation.stopSequences ?? []).filter((text) => text !== '')
  if (stopSequences.length > MAX_STOP_SEQUENCES) {
    throw fieldError(1007, `${config}.stopSequences`, `may hold at most ${MAX_STOP_SEQUENCES} texts.`)
  }
  const { functions, mustCall } = callable(fields)
  const answerSchema = schemaOf(generation)
  const { mediaResolution } = generation
  if (answerSchema && functions.length > 0) {
    throw fieldError(
      1008,
      `${config}.responseMimeType`,
      'cannot be JSON where there are tools: send one or the other.',
    )
  }
  return {
    system: fields.systemInstruction
      ? (contentText(fields.systemInstruction, 'request.systemInstruction') ?? '')
      : '',
    turns,
    functions,
    mustCall,
    ...(answerSchema && { answerSchema }),
    plainAnswer: generation.responseMimeType === ENUM_TYPE,
    ...(mediaResolution && { mediaResolution: RESOLUTIONS[mediaResolution] }),
    sampling: {
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { topP }),
      ...(topK && { topK }),
      ...(maxOutputTokens && { maxOutputTokens }),
      ...(seed !== undefined && { seed }),
      ...(presencePenalty !== undefined && { presencePenalty }),
      ...(frequencyPenalty !== undefined && { frequencyPenalty }),
    },
    stopSequences,
    notices,
  }
}

/** Pictures are seen; a request that would be answered without what else it holds would be answered wrongly. */
function refuseMedia({ parts }: z.infer<typeof contentField>, path: string): void {
  for (const [index, { inlineData, fileData }] of (parts ?? []).entries()) {
    const isPicture = /^\s*image\//i.test(inlineData?.mimeType ?? '')
    if ((!inlineData && !fileData) || isPicture) continue
    const member = inlineData ? 'inlineData' : 'fileData'
    const cure = 'is not supported here: send text, or pictures as inlineData.'
    throw fieldError(1008, `${path}.parts[${index}].${member}`, cure)
  }
}

function callable({
  tools,
  toolConfig,
}: z.infer<typeof request>): Pick<GenerateRequest, 'functions' | 'mustCall'> {
  const declared = declaredFunctions(tools, 'request.tools')
  const calling = functionCalling(toolConfig, declared, 'request')
  const functions = declared.filter(({ name }) => !calling || mayCall(calling, name))
  return { functions, mustCall: calling?.mode === 'ANY' }
}

function schemaOf({
  responseMimeType,
  responseSchema,
  responseJsonSchema,
}: NonNullable<z.infer<typeof request>['generationConfig']>): JsonObject | undefined {
  const given = responseJsonSchema ?? responseSchema
  const schema = given && (toJsonSchema(given as JsonValue) as JsonObject)
  if (responseMimeType === JSON_TYPE) return schema ?? {}
  if (responseMimeType === ENUM_TYPE) {
    const values = schema?.enum
    if (Array.isArray(values) && values.length > 0 && values.every((value) => typeof value === 'string'))
      return schema
    throw fieldError(1007, `${config}.responseSchema`, `must have an enum of texts for ${ENUM_TYPE}.`)
  }
  if (!schema) return undefined
  throw fieldError(
    1007,
    `${config}.responseMimeType`,
    `must be ${JSON_TYPE} or ${ENUM_TYPE} where there is a schema.`,
  )
}
