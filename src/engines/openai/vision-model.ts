/**
 * A vision-language model behind `/v1/chat/completions` (vLLM, SGLang, llama.cpp, Ollama, a cloud): it is given the pictures and the
 * question in one request and answers in the language model's place. What changes from frame to frame, other eyes tell.
 */
import type { VisionModel } from '../../engine/index.js'
import type { OpenAiOptions } from './http.js'
import { createOpenAiLanguageModel } from './language-model.js'

/** `eyes` look at the frames, so that only those with something new are sent. Throws as the language model does. */
export function createOpenAiVisionModel(
  options: OpenAiOptions,
  eyes: Pick<VisionModel, 'open'>,
): VisionModel & { readonly languageModel: NonNullable<VisionModel['languageModel']> } {
  const languageModel = createOpenAiLanguageModel(options)
  return {
    info: { ...languageModel.info, kind: 'vision' },
    languageModel,
    open: (lifetime) => eyes.open(lifetime),
  }
}
