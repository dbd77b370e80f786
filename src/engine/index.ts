/** Interfaces that every engine implements, embedded, remote or scripted. */
export { EngineError, type EngineErrorCode } from './errors.js'
export type { EngineInfo, EngineKind, EngineSet } from './info.js'
export {
  type Conversation,
  type Ending,
  type FunctionDeclaration,
  type FunctionResult,
  type GenerationPart,
  type GenerationUsage,
  type JsonObject,
  type JsonValue,
  type LanguageModel,
  type Message,
  messageText,
  type PrefillProgress,
  type Prompt,
  type Sampling,
  type Speech,
  type WeighingPart,
} from './language-model.js'
export type { Recognition, RecognitionOptions, Recognizer, Transcript } from './recognizer.js'
export { likeness, type SpeakerEncoder, type VoicePrint } from './speaker-encoder.js'
export {
  SPEECH_FRAME_SAMPLES,
  type SpeechDetection,
  type SpeechDetector,
  type SpeechScore,
} from './speech-detector.js'
export { SPEECH_OUTPUT_HZ, type Synthesizer, type VoiceOptions } from './synthesizer.js'
export type { ToneReader } from './tone-reader.js'
export type { TurnDetector } from './turn-detector.js'
export type { Box, Fact, LookOptions, LookPart, Picture, Sight, View, VisionModel } from './vision-model.js'
