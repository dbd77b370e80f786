/** Runs every engine once, so that the first conversation is not slower than the second. */
import { EngineError, type EngineSet, type LanguageModel, type Message } from '../engine/index.js'

const QUIET_SECOND = 16_000

export async function warmUp(engines: EngineSet, signal: AbortSignal): Promise<void> {
  await Promise.all([warmEars(engines, signal), warmMouth(engines, signal)])
}

async function warmEars({ vad, turn, asr }: EngineSet, signal: AbortSignal): Promise<void> {
  const detection = vad.open({ signal })
  detection.push(new Float32Array(QUIET_SECOND))
  detection.finish()
  for await (const _ of detection);
  const recognition = asr.open({ signal })
  recognition.push(new Float32Array(2 * QUIET_SECOND))
  await turn?.score(new Float32Array(QUIET_SECOND), signal)
  await recognition.settle()
  recognition.close()
}

async function warmMouth({ llm, profiles, tts }: EngineSet, signal: AbortSignal): Promise<void> {
  for (const model of new Set([llm, ...(profiles?.values() ?? [])])) {
    if (!model.info.speaks) await answerOnce(model, { role: 'user', text: 'Hello.' }, signal)
    if (model.info.hears) await tryItsEars(model, signal)
  }
  for await (const _ of tts.speak('Ready when you are.', {}, signal));
}

/** Rejects for a model that was said to hear and takes no audio: better now than in the first turn. */
export async function tryItsEars(llm: LanguageModel, signal: AbortSignal): Promise<void> {
  const speech = { recordings: [new Float32Array(QUIET_SECOND)], typed: '' }
  const asked = answerOnce(llm, { role: 'user', text: 'Hello.', speech }, signal)
  if (llm.info.speaks) return asked
  try {
    await asked
  } catch (error) {
    if (!(error instanceof EngineError) || !['engine-refused', 'engine-failed'].includes(error.code))
      throw error
    throw new EngineError(
      error.code,
      `llm.input is audio, but ${llm.info.description} takes no input_audio: ${error.message}. Serve a model that hears, or set llm.input to words.`,
      { cause: error },
    )
  }
}

async function answerOnce(llm: LanguageModel, message: Message, signal: AbortSignal): Promise<void> {
  const conversation = llm.open({ signal, ...(llm.info.speaks && { voice: {} }) })
  const prompt = { system: 'You are a friendly voice assistant.', messages: [message] }
  for await (const part of conversation.generate(prompt, { maxOutputTokens: 4 }, signal))
    if (part.type === 'end') break
  conversation.close()
}
