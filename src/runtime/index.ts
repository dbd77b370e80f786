/** The runtime: carries out what the core decides, with engines, timers and sockets. */
export { type Clock, systemClock } from './clock.js'
export type { SessionConnection } from './connection.js'
export { type EngineProcess, type EngineProcessOptions, startEngineProcess } from './engine-process.js'
export { createEventLog, type EventLog } from './event-log.js'
export { hostedLanguageModel } from './hosted/language-model.js'
export { hostedRecognizer } from './hosted/recognizer.js'
export { hostedSpeakerEncoder } from './hosted/speaker-encoder.js'
export { hostedSpeechDetector } from './hosted/speech-detector.js'
export { hostedSynthesizer } from './hosted/synthesizer.js'
export { hostedToneReader } from './hosted/tone-reader.js'
export { hostedTurnDetector } from './hosted/turn-detector.js'
export { hostedVisionModel } from './hosted/vision-model.js'
export type { Logger } from './logger.js'
export { rehearseComparison } from './played-speech.js'
export type { RunningSession, SessionKeeper } from './session.js'
export {
  createSessionHost,
  type KeptSession,
  type SessionHost,
  type SessionHostOptions,
} from './session-host.js'
export {
  createTextGenerator,
  TextGenerationError,
  type TextGenerator,
  type TextPart,
  type TextRequest,
} from './text-generator.js'
export type { VoicePreviews } from './voice-preview.js'
