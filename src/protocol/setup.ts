/**
 * The first message: its schema, and its translation into a Setup with every default applied. Which fields are
 * honoured, ignored or refused is data in `setup-support.ts`.
 */

import { z } from 'zod'

import type { ActivityDetection, ClientMessage, Sampling, Sensitivity, Setup } from './client-message.js'
import { ProtocolError } from './close.js'
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
import { bareModelId } from './models.js'
import { SETUP_SUPPORT } from './setup-support.js'

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

const anObject = objectField({}).optional()

const setup = objectField({
  model: z.string({ error: modelCure }).min(1, modelCure),
  generationConfig: generationConfig.optional(),
  systemInstruction: contentField.optional(),
  realtimeInputConfig: realtimeInputConfig.optional(),
  inputAudioTranscription: anObject,
  outputAudioTranscription: anObject,
  sessionResumption: objectField({ handle: textField() }).optional(),
  proactivity: objectField({ proactiveAudio: booleanField(), proactiveVideo: booleanField() }).optional(),
  explicitVadSignal: booleanField(),
  tools: listField(objectField({})),
})

/** Parses a normalised `setup`. Throws a ProtocolError: 1007 for wrong values, 1008 for what is not supported. */
export function parseSetup(value: unknown): ClientMessage {
  const fields = parseField(setup, value, 'setup')
  const notices = judgeFields(SUPPORT, 'setup', fields)
  const generation: z.infer<typeof generationConfig> = fields.generationConfig ?? {}
  const speech = generation.speechConfig
  const voiceName = speech?.voiceConfig?.prebuiltVoiceConfig?.voiceName
  const turnCoverage = fields.realtimeInputConfig?.turnCoverage
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
    inputTranscription: fields.inputAudioTranscription !== undefined,
    outputTranscription: fields.outputAudioTranscription !== undefined,
    sessionResumptionRequested: fields.sessionResumption !== undefined,
  }
  return { type: 'setup', setup: result, notices }
}

function modality(requested: readonly (Setup['modality'] | undefined)[] | undefined): Setup['modality'] {
  const distinct = new Set(requested?.filter((name) => name !== undefined))
  if (distinct.size > 1) {
    throw new ProtocolError(
      1007,
      'setup.generationConfig.responseModalities names both AUDIO and TEXT: choose one of them.',
    )
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
