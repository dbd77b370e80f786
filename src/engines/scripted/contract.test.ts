/** The scripted engines keep the contracts that all engines keep. */
import { resample } from '../../audio/index.js'
import type { EngineErrorCode, EngineSet } from '../../engine/index.js'
import {
  SPELLED_OUT,
  SPELLED_OUT_SCRIPT,
  testLanguageModel,
  testRecognizer,
  testSpeechDetector,
  testSynthesizer,
  testVisionModel,
} from '../../testing/contract/index.js'
import { createManualClock } from '../../testing/manual-clock.js'
import { GREEN_PNG, RED_BLUE_JPEG, RED_BLUE_PNG, RED_BLUE_WEBP } from '../../testing/pictures.js'
import { createScriptedEngines, loadScript } from './index.js'

const engines = (yaml = ''): EngineSet =>
  createScriptedEngines({ script: loadScript(yaml, 'contract.yaml'), clock: createManualClock() })

async function spoken(text: string): Promise<Float32Array> {
  const samples: number[] = []
  for await (const piece of engines().tts.speak(text, {}, new AbortController().signal))
    samples.push(...piece)
  return resample(Float32Array.from(samples), 24_000, 16_000)
}
const speech = await spoken('A few words make more than one second.')

function broken<Kind extends 'asr' | 'llm' | 'tts'>(engine: Kind) {
  const codes: EngineErrorCode[] = ['engine-lost', 'engine-timeout', 'engine-refused', 'engine-failed']
  return codes.map((code) => ({
    what: `a script that makes it fail with ${code}`,
    // The synthesiser fails for a reply that was given, so the language model speaks first.
    make: async () => {
      const reply = engine === 'tts' ? "reply: 'The train to Lisbon leaves at half past nine.', " : ''
      const set = engines(`rules: [{ ${reply}fail: { engine: ${engine}, code: ${code}, times: always } }]`)
      if (engine === 'tts') {
        const signal = new AbortController().signal
        const prompt = { system: '', messages: [{ role: 'user' as const, text: 'x' }] }
        for await (const _ of set.llm.open({ signal }).generate(prompt, {}, signal));
      }
      return set[engine]
    },
    code,
  }))
}

testSpeechDetector('scripted', () => engines().vad, { speech })
testRecognizer('scripted', () => engines().asr, {
  speech,
  expected: /^speech of 2000 ms$/,
  broken: broken('asr'),
})
testLanguageModel('scripted', () => engines(SPELLED_OUT_SCRIPT).llm, {
  caches: true,
  functions: SPELLED_OUT,
  broken: broken('llm'),
})
testSynthesizer('scripted', () => engines().tts, {
  otherLanguage: { language: 'es', text: 'Hola, ¿qué tal?' },
  broken: broken('tts'),
})
testVisionModel('scripted', () => engines().vision!, {
  pictures: [RED_BLUE_PNG, RED_BLUE_JPEG, RED_BLUE_WEBP],
  other: GREEN_PNG,
})
