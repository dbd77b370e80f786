/** An engine keeps its contract through the process boundary: the scripted ones, each in a child of its own. */
import { resample } from '../../audio/index.js'
import type { EngineInfo, EngineKind } from '../../engine/index.js'
import { createScriptedEngines } from '../../engines/scripted/index.js'
import {
  SPELLED_OUT,
  SPELLED_OUT_SCRIPT,
  testLanguageModel,
  testRecognizer,
  testSpeechDetector,
  testSynthesizer,
  testToneReader,
  testVisionModel,
} from '../../testing/contract/index.js'
import { createManualClock } from '../../testing/manual-clock.js'
import { GREEN_PNG, RED_BLUE_JPEG, RED_BLUE_PNG, RED_BLUE_WEBP } from '../../testing/pictures.js'
import { voice } from '../../testing/voice.js'
import { systemClock } from '../clock.js'
import { type EngineProcess, startEngineProcess } from '../engine-process.js'
import { hostedLanguageModel } from './language-model.js'
import { hostedRecognizer } from './recognizer.js'
import { hostedSpeechDetector } from './speech-detector.js'
import { hostedSynthesizer } from './synthesizer.js'
import { hostedToneReader } from './tone-reader.js'
import { hostedVisionModel } from './vision-model.js'

const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} }

function hosted<Engine extends object>(
  kind: EngineKind,
  wrap: (process: EngineProcess, info: EngineInfo) => Engine,
) {
  return async () => {
    const process = startEngineProcess({
      name: kind,
      entry: new URL('../../testing/scripted-child.ts', import.meta.url),
      execArgv: ['--import', 'tsx'],
      load: { engine: 'scripted', options: { kind, script: SPELLED_OUT_SCRIPT } },
      clock: systemClock,
      logger: QUIET_LOG,
    })
    const info = await process.ready
    return Object.assign(wrap(process, info), { close: () => process.close() })
  }
}

async function spoken(text: string): Promise<Float32Array> {
  const { tts } = createScriptedEngines({ clock: createManualClock() })
  const samples: number[] = []
  for await (const piece of tts.speak(text, {}, new AbortController().signal)) samples.push(...piece)
  return resample(Float32Array.from(samples), 24_000, 16_000)
}
const speech = await spoken('A few words make more than one second.')

testSpeechDetector('scripted, in a child process', hosted('vad', hostedSpeechDetector), { speech })
testRecognizer('scripted, in a child process', hosted('asr', hostedRecognizer), {
  speech,
  expected: /^speech of 2000 ms$/,
})
testLanguageModel('scripted, in a child process', hosted('llm', hostedLanguageModel), {
  caches: true,
  functions: SPELLED_OUT,
})
testSynthesizer('scripted, in a child process', hosted('tts', hostedSynthesizer), {
  otherLanguage: { language: 'es', text: 'Hola, ¿qué tal?' },
})

testToneReader(
  'prosody, in a child process that starts when it is asked',
  () => {
    const started: EngineProcess[] = []
    const start = async () => {
      const process = startEngineProcess({
        name: 'tone',
        entry: new URL('../../engines/child.ts', import.meta.url),
        execArgv: ['--import', 'tsx'],
        load: { engine: 'prosody', options: {} },
        clock: systemClock,
        logger: QUIET_LOG,
      })
      started.push(process)
      await process.ready
      return process
    }
    const info = { id: 'prosody', kind: 'tone', languages: [], description: 'How the user sounds' } as const
    return Object.assign(hostedToneReader(start, info), {
      close: () => Promise.all(started.map((process) => process.close())),
    })
  },
  { speech: voice() },
)
testVisionModel('scripted, in a child process', hosted('vision', hostedVisionModel), {
  pictures: [RED_BLUE_PNG, RED_BLUE_JPEG, RED_BLUE_WEBP],
  other: GREEN_PNG,
})
