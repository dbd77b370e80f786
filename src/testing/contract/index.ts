/** One suite per kind of engine, run on every implementation: scripted, remote, embedded, and any of them in a child process. */
export type { FunctionCases } from './function-calls.js'
export {
  type LanguageModelSuiteOptions,
  SPELLED_OUT,
  SPELLED_OUT_SCRIPT,
  testLanguageModel,
} from './language-model.js'
export { type RecognizerSuiteOptions, testRecognizer } from './recognizer.js'
export { type SpeakerEncoderSuiteOptions, testSpeakerEncoder } from './speaker-encoder.js'
export { type SpeechDetectorSuiteOptions, testSpeechDetector } from './speech-detector.js'
export type { Made, Make, SuiteOptions } from './suite.js'
export { type SynthesizerSuiteOptions, testSynthesizer } from './synthesizer.js'
export { type ToneReaderSuiteOptions, testToneReader } from './tone-reader.js'
export { type TurnDetectorSuiteOptions, testTurnDetector } from './turn-detector.js'
export { testVisionModel, type VisionModelSuiteOptions } from './vision-model.js'
