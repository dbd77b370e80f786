/**
 * The messages of the server as schemas, for documentation and for tests of our own server; what is sent is typed by
 * `server-message.ts`, whose types must fit these.
 */

import { z } from 'zod'

const count = z.int().min(0)
const details = z.array(
  z.strictObject({ modality: z.enum(['TEXT', 'AUDIO', 'IMAGE', 'VIDEO']), tokenCount: count }),
)

const usageMetadata = z.strictObject({
  promptTokenCount: count,
  responseTokenCount: count,
  candidatesTokenCount: count,
  toolUsePromptTokenCount: count.optional(),
  thoughtsTokenCount: count.optional(),
  cachedContentTokenCount: count.optional(),
  totalTokenCount: count,
  promptTokensDetails: details,
  responseTokensDetails: details,
  candidatesTokensDetails: details,
  toolUsePromptTokensDetails: details.optional(),
})

const transcription = z.strictObject({
  text: z.string(),
  finished: z.boolean().optional(),
  languageCode: z.string().optional(),
})

const part = z.union([
  z.strictObject({ text: z.string(), thought: z.literal(true).optional() }),
  z.strictObject({
    inlineData: z.strictObject({ mimeType: z.string().regex(/^audio\/pcm;rate=24000$/), data: z.base64() }),
  }),
])

const yes = z.literal(true)

const serverContent = z.strictObject({
  modelTurn: z.strictObject({ role: z.literal('model'), parts: z.tuple([part]) }).optional(),
  inputTranscription: transcription.optional(),
  outputTranscription: transcription.optional(),
  interimInputTranscription: transcription.optional(),
  generationComplete: yes.optional(),
  interrupted: yes.optional(),
  turnComplete: yes.optional(),
  turnCompleteReason: z.string().optional(),
  waitingForInput: yes.optional(),
})

const wholeSeconds = z.templateLiteral([z.int(), 's'])

/** One member names the event; `usageMetadata` may stand beside `serverContent`. */
export const serverMessageSchema = z.union([
  z.strictObject({ setupComplete: z.strictObject({ sessionId: z.string().optional() }) }),
  z.strictObject({ serverContent, usageMetadata: usageMetadata.optional() }),
  z.strictObject({
    toolCall: z.strictObject({
      functionCalls: z.array(
        z.strictObject({ id: z.string(), name: z.string(), args: z.record(z.string(), z.unknown()) }),
      ),
    }),
  }),
  z.strictObject({ toolCallCancellation: z.strictObject({ ids: z.array(z.string()) }) }),
  z.strictObject({ goAway: z.strictObject({ timeLeft: wholeSeconds }) }),
  z.strictObject({
    sessionResumptionUpdate: z.strictObject({
      newHandle: z.string().optional(),
      resumable: z.boolean(),
      lastConsumedClientMessageIndex: z.string().optional(),
    }),
  }),
  z.strictObject({
    voiceActivity: z.strictObject({
      type: z.enum(['ACTIVITY_START', 'ACTIVITY_END']),
      voiceActivityType: z.enum(['ACTIVITY_START', 'ACTIVITY_END']),
      audioOffset: wholeSeconds.optional(),
    }),
  }),
])
