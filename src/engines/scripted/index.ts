/**
 * Scripted engines: a complete, deterministic and instant engine set for tests, CI and load measurements. No weights,
 * no randomness, no time but the given clock's. See docs/scripted-engines.md.
 */
import type { EngineSet } from '../../engine/index.js'
import { createScriptedLanguageModel } from './language-model.js'
import { createScriptedRecognizer } from './recognizer.js'
import { createRules } from './rules.js'
import { type Script, scriptSchema } from './script.js'
import { createScriptedSpeechDetector } from './speech-detector.js'
import { createScriptedSynthesizer } from './synthesizer.js'
import { createScriptedVisionModel } from './vision-model.js'
import type { ScriptedClock } from './wait.js'

export { loadScript } from './load-script.js'
export { type Script, scriptJsonSchema } from './script.js'
export type { ScriptedClock } from './wait.js'

/**
 * Silence that ends a turn, ms, where nobody sets it. The words are known at the first pause already, so that a pause for breath would
 * pass for the end of a question: the longest within 39 recordings of speech is 704 ms.
 */
export const SCRIPTED_SILENCE_MS = 800

/**
 * Without a script they echo. One set serves any number of sessions; failures that happen a number of times are
 * counted over all of them, turns heard are counted within the session opened last.
 */
export function createScriptedEngines(options: {
  readonly script?: Script
  readonly clock: ScriptedClock
}): EngineSet {
  const { clock, script = scriptSchema.parse({}) } = options
  const rules = createRules(script)
  const llm = createScriptedLanguageModel(rules, clock)
  return {
    vad: createScriptedSpeechDetector(),
    asr: createScriptedRecognizer(rules, clock),
    llm,
    tts: createScriptedSynthesizer(rules, clock),
    vision: createScriptedVisionModel(llm),
  }
}
