/** Engines that are somebody else's server, by the API that OpenAI made common. Loads nothing, keeps no state but what that server refused. */
export type { OpenAiOptions } from './http.js'
export { createOpenAiLanguageModel } from './language-model.js'
export { createOpenAiRealtimeModel, type OpenAiRealtimeOptions } from './realtime-model.js'
export { createOpenAiRecognizer } from './recognizer.js'
export { createOpenAiSynthesizer, type OpenAiSynthesizerOptions } from './synthesizer.js'
export { createOpenAiVisionModel } from './vision-model.js'
