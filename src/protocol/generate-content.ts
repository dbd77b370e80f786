/**
 * Requests for text without a session (`generateContent`, `countTokens`): their schema, and the parts of the wire's
 * content that they share with sessions. Knows no HTTP and no model.
 */

import { z } from 'zod'

import type { ContentTurn, Sampling } from './client-message.js'
import { fieldError } from './close.js'
import { contentField, contentText } from './content.js'
import { type FieldSupport, judgeFields, supportTable } from './field-support.js'
import { enumField, listField, numberField, objectField, parseField, textField } from './fields.js'

const INT32_MAX = 2_147_483_647
const MAX_STOP_SEQUENCES = 5

type TextTurn = Extract<ContentTurn, { readonly text: string }>

export interface GenerateRequest {
  readonly system: string
  /** Never empty; alternating or not, as the client sent them. */
  readonly turns: readonly TextTurn[]
  readonly sampling: Sampling
  /** The answer ends before the first of these. */
  readonly stopSequences: readonly string[]
  /** Sentences about accepted fields that have no effect here. */
  readonly notices: readonly string[]
}

const request = objectField({
  contents: listField(contentField),
  systemInstruction: contentField.optional(),
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
    responseModalities: listField(enumField(['TEXT', 'AUDIO', 'IMAGE'])),
  }).optional(),
})

const used = (path: string): FieldSupport => ({ path, decision: 'used' })
const config = 'request.generationConfig'
const SUPPORT = supportTable([
  used('request.contents'),
  used('request.systemInstruction'),
  used(config),
  ...['temperature', 'topP', 'topK', 'maxOutputTokens', 'seed', 'presencePenalty', 'frequencyPenalty']
    .concat('stopSequences', 'responseModalities')
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
    cure: 'answers are free text, remove it',
    asked: (value) => value !== '' && value !== 'text/plain',
  },
  ...[
    'responseSchema',
    'responseJsonSchema',
    'responseFormat',
    'responseLogprobs',
    'logprobs',
    'speechConfig',
  ].map((name): FieldSupport => ({ path: `${config}.${name}`, decision: 'refused', cure: 'remove it' })),
  {
    path: `${config}.thinkingConfig`,
    decision: 'ignored',
    why: 'answers are given without thinking aloud',
  },
  {
    path: 'request.tools',
    decision: 'refused',
    cure: 'functions are called in Live sessions only',
  },
  { path: 'request.toolConfig', decision: 'ignored', why: 'there are no tools here' },
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
  const turns = (fields.contents ?? []).flatMap((content, index): TextTurn[] => {
    const text = contentText(content, `request.contents[${index}]`)
    if (content.role === 'SYSTEM') {
      throw fieldError(
        1007,
        `request.contents[${index}].role`,
        'must be user or model: use systemInstruction.',
      )
    }
    return text === undefined ? [] : [{ role: content.role === 'MODEL' ? 'model' : 'user', text }]
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
  return {
    system: fields.systemInstruction
      ? (contentText(fields.systemInstruction, 'request.systemInstruction') ?? '')
      : '',
    turns,
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
