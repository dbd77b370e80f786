/** The wire protocol of the Live API: messages in, messages out, paths, model ids, close reasons. No I/O. */

export { behaviourOf, isBlocking, type ModelBehaviour } from './behaviour.js'
export type {
  ActivityDetection,
  AudioBlob,
  ClientMessage,
  ContentTurn,
  ContextWindowCompression,
  FunctionBehavior,
  FunctionCalling,
  FunctionDeclaration,
  FunctionResult,
  JsonObject,
  JsonValue,
  PictureBlob,
  PictureType,
  Sampling,
  Scheduling,
  Sensitivity,
  SessionResumption,
  Setup,
  ThinkingRequest,
  ToolResult,
  TranscriptionRequest,
  TurnCoverage,
} from './client-message.js'
export { type Closing, closeError, closeReason, closing, MAX_REASON_BYTES, ProtocolError } from './close.js'
export { CLOSE_CATALOGUE, type CloseCode, type CloseEntry, type CloseId } from './close-catalogue.js'
export { type DecodeOptions, decodeClientMessage } from './decode.js'
export { type GenerateRequest, parseGenerateRequest } from './generate-content.js'
export { type LivePath, matchLivePath } from './live-path.js'
export { bareModelId, INPUT_TOKEN_LIMIT, KNOWN_MODELS, resolveModel } from './models.js'
export { normaliseKeys } from './normalise-keys.js'
export {
  audioMessage,
  encodeServerMessage,
  type FunctionCall,
  generationCompleteMessage,
  goAwayMessage,
  inputTranscriptionMessage,
  interimTranscriptionMessage,
  interruptedMessage,
  OUTPUT_AUDIO_MIME_TYPE,
  outputTranscriptionMessage,
  type ServerContent,
  type ServerMessage,
  type ServerPart,
  sessionResumptionUpdateMessage,
  setupCompleteMessage,
  type Transcription,
  textMessage,
  toolCallCancellationMessage,
  toolCallMessage,
  turnCompleteMessage,
  type VoiceActivity,
  voiceActivityMessage,
  waitingForInputMessage,
} from './server-message.js'
export { parseSetup } from './setup.js'
export { effectiveSetup, parseFieldMask, type SetupLock } from './setup-lock.js'
export { mayCall } from './tools.js'
export {
  type Modality,
  type ModalityTokenCount,
  pictureTokens,
  type TokenCounts,
  type Usage,
  type UsageMetadata,
  usageMetadata,
} from './usage.js'
