/**
 * The first message: its schema, and its translation into a Setup with every default applied. Which fields are
 * honoured, ignored or refused is data in `setup-support.ts`.
 */

import { z } from 'zod'

import type {
  ActivityDetection,
  ClientMessage,
  ContextWindowCompression,
  Sampling,
  Sensitivity,
  Setup,
  ThinkingRequest,
  TranscriptionRequest,
} from './client-message.js'
import { closeError, fieldError } from './close.js'
import { contentField, contentText } from './content.js'
import { judgeFields, supportTable } from './field-support.js'
import {
  booleanField,
  enumField,
  listField,
  numberField,
  objectField,
  parseField,
  textField,
} from './fields.js'
import { mediaResolutionField, RESOLUTIONS } from './media-resolution.js'
import { bareModelId } from './models.js'
import { SETUP_SUPPORT } from './setup-support.js'
import { declaredFunctions, functionCalling, toolConfigField, toolsField } from './tools.js'

const SUPPORT = supportTable(SETUP_SUPPORT)

const INT32_MAX = 2_147_483_647

const modelCure = 'is required: name a model, for example "models/gemini-live-2.5-flash"'

const generationConfig = objectField({
  responseModalities: listField(enumField(['AUDIO', 'TEXT'])),
  temperature: numberField({ min: 0, max: 2 }),
  topP: numberField({ min: 0, max: 1 }),
  topK: numberField({ min: 0, max: INT32_MAX, integer: true }),
  maxOutputTokens: numberField({ min: 0, max: INT32_MAX, integer: true }),
  seed: numberField({ min: -INT32_MAX - 1, max: INT32_MAX, integer: true }),
  presencePenalty: numberField({ min: -2, max: 2 }),
  frequencyPenalty: numberField({ min: -2, max: 2 }),
  candidateCount: numberField({ min: 0, max: INT32_MAX, integer: true }),
  speechConfig: objectField({
    languageCode: textField(),
    voiceConfig: objectField({
      prebuiltVoiceConfig: objectField({ voiceName: textField() }).optional(),
    }).optional(),
  }).optional(),
  mediaResolution: mediaResolutionField,
  thinkingConfig: objectField({
    includeThoughts: booleanField(),
    thinkingBudget: numberField({ min: -1, max: INT32_MAX, integer: true }),
    thinkingLevel: enumField(
      ['MINIMAL', 'LOW', 'MEDIUM', 'HIGH', 'XHIGH'],
      'must be MINIMAL, LOW, MEDIUM, HIGH or XHIGH',
    ),
  }).optional(),
  enableAffectiveDialog: booleanField(),
})

const realtimeInputConfig = objectField({
  automaticActivityDetection: objectField({
    disabled: booleanField(),
    startOfSpeechSensitivity: enumField(['START_SENSITIVITY_HIGH', 'START_SENSITIVITY_LOW']),
    endOfSpeechSensitivity: enumField(['END_SENSITIVITY_HIGH', 'END_SENSITIVITY_LOW']),
    prefixPaddingMs: numberField({ min: 0, max: 60_000, integer: true }),
    silenceDurationMs: numberField({ min: 0, max: 60_000, integer: true }),
  }).optional(),
  activityHandling: enumField(['START_OF_ACTIVITY_INTERRUPTS', 'NO_INTERRUPTION']),
  turnCoverage: enumField(
    ['TURN_INCLUDES_ONLY_ACTIVITY', 'TURN_INCLUDES_ALL_INPUT', 'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO'],
    'must be TURN_INCLUDES_ONLY_ACTIVITY or another TURN_INCLUDES_… value',
  ),
})

const texts = listField(z.string({ error: 'must be a string' }))

const transcriptionConfig = objectField({
  languageCodes: texts,
  languageHints: objectField({ languageCodes: texts }).optional(),
  customVocabulary: texts,
  adaptationPhrases: texts,
  mode: enumField(['VERBATIM', 'SMART']),
}).optional()

/** As in the service: 64-bit, as a number or as text. */
const tokenCount = numberField({ min: 0, max: Number.MAX_SAFE_INTEGER, integer: true })

export const setupField = objectField({
  model: z
    .string({
      error: ({ input }) =>
        input === undefined
          ? modelCure
          : 'must be a string: name a model, for example "models/gemini-live-2.5-flash"',
    })
    .min(1, modelCure),
  generationConfig: generationConfig.optional(),
  systemInstruction: contentField.optional(),
  realtimeInputConfig: realtimeInputConfig.optional(),
  inputAudioTranscription: transcriptionConfig,
  outputAudioTranscription: transcriptionConfig,
  tools: toolsField,
  toolConfig: toolConfigField,
  sessionResumption: objectField({ handle: textField(), transparent: booleanField() }).optional(),
  contextWindowCompression: objectField({
    triggerTokens: tokenCount,
    slidingWindow: objectField({ targetTokens: tokenCount }).optional(),
  }).optional(),
  historyConfig: objectField({ initialHistoryInClientContent: booleanField() }).optional(),
  proactivity: objectField({ proactiveAudio: booleanField(), proactiveVideo: booleanField() }).optional(),
  explicitVadSignal: booleanField(),
})

type SetupFields = z.infer<typeof setupField>

/** Parses a normalised `setup`. Throws a ProtocolError: 1007 for wrong values, 1008 for what is not supported. */
export function parseSetup(value: unknown): Extract<ClientMessage, { type: 'setup' }> {
  const fields = parseField(setupField, value, 'setup')
  const notices = judgeFields(SUPPORT, 'setup', fields)
  const generation: z.infer<typeof generationConfig> = fields.generationConfig ?? {}
  const speech = generation.speechConfig
  const voiceName = speech?.voiceConfig?.prebuiltVoiceConfig?.voiceName
  const turnCoverage = fields.realtimeInputConfig?.turnCoverage
  const functions = declaredFunctions(fields.tools, 'setup.tools')
  const calling = functionCalling(fields.toolConfig, functions, 'setup')
  const inputTranscription = transcription(fields.inputAudioTranscription)
  const outputTranscription = transcription(fields.outputAudioTranscription)
  const resolution = generation.mediaResolution
  const thinking = generation.thinkingConfig && thinkingRequest(generation.thinkingConfig)
  const resumption = fields.sessionResumption
  const result: Setup = {
    model: bareModelId(fields.model),
    modelPath: fields.model,
    modality: modality(generation.responseModalities),
    system: fields.systemInstruction
      ? (contentText(fields.systemInstruction, 'setup.systemInstruction') ?? '')
      : '',
    sampling: sampling(generation),
    ...(voiceName && { voiceName }),
    ...(speech?.languageCode && { languageCode: speech.languageCode }),
    activityDetection: activityDetection(fields.realtimeInputConfig?.automaticActivityDetection),
    interruptible: fields.realtimeInputConfig?.activityHandling !== 'NO_INTERRUPTION',
    ...(turnCoverage && { turnCoverage }),
    ...(inputTranscription && { inputTranscription }),
    ...(outputTranscription && { outputTranscription }),
    functions,
    ...(calling && { functionCalling: calling }),
    ...(resumption && {
      sessionResumption: {
        ...(resumption.handle && { handle: resumption.handle }),
        transparent: resumption.transparent ?? false,
      },
    }),
    ...(fields.contextWindowCompression && {
      contextWindowCompression: compression(fields.contextWindowCompression),
    }),
    explicitVadSignal: fields.explicitVadSignal ?? false,
    initialHistory: fields.historyConfig?.initialHistoryInClientContent ?? false,
    proactivity: {
      audio: fields.proactivity?.proactiveAudio ?? false,
      video: fields.proactivity?.proactiveVideo ?? false,
    },
    affectiveDialog: generation.enableAffectiveDialog ?? false,
    ...(resolution && { mediaResolution: RESOLUTIONS[resolution] }),
    ...(thinking && { thinking }),
  }
  return { type: 'setup', setup: result, notices }
}

function modality(requested: readonly (Setup['modality'] | undefined)[] | undefined): Setup['modality'] {
  const distinct = new Set(requested?.filter((name) => name !== undefined))
  if (distinct.size > 1) {
    throw closeError('modalities-both', {})
  }
  return distinct.has('TEXT') ? 'TEXT' : 'AUDIO'
}

function sampling(generation: z.infer<typeof generationConfig>): Sampling {
  const { temperature, topP, topK, maxOutputTokens, seed, presencePenalty, frequencyPenalty } = generation
  return {
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(topK && { topK }),
    ...(maxOutputTokens && { maxOutputTokens }),
    ...(seed !== undefined && { seed }),
    ...(presencePenalty !== undefined && { presencePenalty }),
    ...(frequencyPenalty !== undefined && { frequencyPenalty }),
  }
}

type DetectionFields = NonNullable<z.infer<typeof realtimeInputConfig>['automaticActivityDetection']>

function activityDetection(fields: DetectionFields | undefined): ActivityDetection {
  const start = sensitivity(fields?.startOfSpeechSensitivity)
  const end = sensitivity(fields?.endOfSpeechSensitivity)
  return {
    automatic: fields?.disabled !== true,
    ...(start && { startSensitivity: start }),
    ...(end && { endSensitivity: end }),
    ...(fields?.prefixPaddingMs !== undefined && { prefixPaddingMs: fields.prefixPaddingMs }),
    ...(fields?.silenceDurationMs !== undefined && { silenceDurationMs: fields.silenceDurationMs }),
  }
}

function sensitivity(name: string | undefined): Sensitivity | undefined {
  return name === undefined ? undefined : name.endsWith('HIGH') ? 'HIGH' : 'LOW'
}

function transcription(fields: SetupFields['inputAudioTranscription']): TranscriptionRequest | undefined {
  if (!fields) return undefined
  return { languageCodes: fields.languageCodes ?? fields.languageHints?.languageCodes ?? [] }
}

function compression({
  triggerTokens,
  slidingWindow,
}: NonNullable<SetupFields['contextWindowCompression']>): ContextWindowCompression {
  const targetTokens = slidingWindow?.targetTokens
  if (triggerTokens && targetTokens && targetTokens >= triggerTokens) {
    const path = 'setup.contextWindowCompression.slidingWindow.targetTokens'
    throw fieldError(1007, path, `must be below triggerTokens (${triggerTokens}): set it to half of it.`)
  }
  return {
    // 0 is "not set", as everywhere in this encoding.
    ...(triggerTokens && { triggerTokens }),
    ...(slidingWindow && { slidingWindow: { ...(targetTokens && { targetTokens }) } }),
  }
}

function thinkingRequest(
  fields: NonNullable<z.infer<typeof generationConfig>['thinkingConfig']>,
): ThinkingRequest {
  return {
    includeThoughts: fields.includeThoughts ?? false,
    ...(fields.thinkingBudget !== undefined && { budgetTokens: fields.thinkingBudget }),
    ...(fields.thinkingLevel && { level: fields.thinkingLevel }),
  }
}
