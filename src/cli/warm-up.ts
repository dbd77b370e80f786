/** Runs every engine once, so that the first conversation is not slower than the second. */
import type { EngineSet } from '../engine/index.js'

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

async function warmMouth({ llm, tts }: EngineSet, signal: AbortSignal): Promise<void> {
  const conversation = llm.open({ signal })
  const prompt = {
    system: 'You are a friendly voice assistant.',
    messages: [{ role: 'user' as const, text: 'Hello.' }],
  }
  for await (const part of conversation.generate(prompt, { maxOutputTokens: 4 }, signal))
    if (part.type === 'end') break
  conversation.close()
  for await (const _ of tts.speak('Ready when you are.', {}, signal));
}
