/**
 * The product's own runtime on virtual time with real ears: speech detector, recogniser, turn detector, tone reader and speaker encoder, and a scripted model and voice. The clock
 * stands still while they compute, so that what is decided depends on sounds alone, not on how busy the machine is; recognitions take a fixed time.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { floatToPcm16 } from '../../../src/audio/index.js'
import { modelPaths, runtimePaths } from '../../../src/catalog/index.js'
import type { EngineSet, Recognizer, SpeechDetector, Transcript } from '../../../src/engine/index.js'
import { loadGe2e } from '../../../src/engines/ge2e/index.js'
import { loadProsody } from '../../../src/engines/prosody/index.js'
import { loadSilero } from '../../../src/engines/silero/index.js'
import { loadSmartTurn } from '../../../src/engines/smart-turn/index.js'
import { loadWhisper } from '../../../src/engines/whisper/index.js'
import { audio, startSession } from '../../../src/testing/session-bench.js'
import type { Language } from './clips.js'
import { HZ } from './room.js'
import { ADDRESS_MODEL } from './spoken-figures.js'

export const FRAME_MS = 32
export const FRAME = (HZ / 1000) * FRAME_MS

export interface VirtualOptions {
  readonly home: string
  /** What was recognised once is not recognised again when a change is tried. */
  readonly known: string
  readonly recognitionMs: number
  /** From the question to the first word of the model. */
  readonly answerMs: number
}

export interface VirtualServer {
  open(system: string, language: Language): VirtualSession
  close(): Promise<void>
}

export type VirtualSession = ReturnType<typeof startSession> & {
  /** One frame of the microphone; time goes on by as much. */
  hear(frame: Float32Array): Promise<void>
}

const REPLIES = { en: 'That depends on what you have at hand.', es: 'Eso depende de lo que tengas a mano.' }

export async function startVirtualServer(options: VirtualOptions): Promise<VirtualServer> {
  const { home, known, recognitionMs, answerMs } = options
  mkdirSync(known, { recursive: true })
  const runtimeDir = runtimePaths(home, 'onnxruntime-node').directory
  const detector = await loadSilero({ modelPath: modelPaths(home, 'silero-vad').main, runtimeDir })
  const recognizer = await loadWhisper({ dir: modelPaths(home, 'whisper-base').directory, runtimeDir })
  const speaker = await loadGe2e({ modelPath: modelPaths(home, 'ge2e-speaker').main, runtimeDir })
  const turn = await loadSmartTurn({ modelPath: modelPaths(home, 'smart-turn-v3').main, runtimeDir })
  const tone = loadProsody()
  /** How much is being computed: time goes on when nothing is. */
  let busy = 0

  async function computing<T>(work: Promise<T>): Promise<T> {
    busy++
    try {
      return await work
    } finally {
      busy--
    }
  }

  function ears(
    sleep: (ms: number, signal: AbortSignal) => Promise<unknown>,
    { llm, tts }: EngineSet,
  ): EngineSet {
    const vad: SpeechDetector = {
      info: detector.info,
      open(options) {
        const detection = detector.open(options)
        let waiting = 0
        return {
          push(samples) {
            waiting += samples.length
            const frames = Math.floor(waiting / FRAME)
            waiting -= frames * FRAME
            busy += frames
            detection.push(samples)
          },
          finish: () => detection.finish(),
          async *[Symbol.asyncIterator]() {
            for await (const score of detection) {
              yield score
              busy--
            }
          },
        }
      },
    }
    const asr: Recognizer = {
      info: recognizer.info,
      open(options) {
        const recognition = recognizer.open(options)
        const pushed: Float32Array[] = []
        let last: Promise<unknown> = Promise.resolve()
        const settle = async (wanted?: AbortSignal): Promise<Transcript> => {
          const hash = createHash('sha256').update(`${options.language} ${options.languageBefore}`)
          for (const samples of pushed)
            hash.update(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength))
          const path = join(known, `${hash.digest('hex').slice(0, 32)}.json`)
          if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8')) as Transcript
          const transcript = await recognition.settle(wanted)
          writeFileSync(path, JSON.stringify(transcript))
          return transcript
        }
        return {
          push(samples) {
            pushed.push(Float32Array.from(samples))
            recognition.push(samples)
          },
          settle(wanted) {
            const result = last.then(async () => {
              const transcript = await computing(settle(wanted))
              await sleep(recognitionMs, wanted ?? options.signal)
              return transcript
            })
            last = result.catch(() => undefined)
            return result
          },
          close: () => recognition.close(),
        }
      },
    }
    return {
      // As the default model, it is not asked whom words are for.
      llm: { ...llm, info: { ...llm.info, judges: false } },
      tts,
      vad,
      asr,
      turn: { info: turn.info, score: (samples, signal) => computing(turn.score(samples, signal)) },
      tone: { info: tone.info, listen: (samples, signal) => computing(tone.listen(samples, signal)) },
      speaker: {
        info: speaker.info,
        encode: (samples, signal) => computing(speaker.encode(samples, signal)),
      },
    }
  }

  return {
    open(system, language) {
      const script = { delaysMs: { firstToken: answerMs }, rules: [{ reply: REPLIES[language] }] }
      const started = startSession(
        {
          model: `models/${ADDRESS_MODEL}`,
          systemInstruction: { parts: [{ text: system }] },
          generationConfig: {
            responseModalities: ['AUDIO'],
            speechConfig: { languageCode: language === 'es' ? 'es-ES' : 'en-US' },
          },
          proactivity: { proactiveAudio: true },
        },
        JSON.stringify(script),
        { slots: 1, change: (set) => ears((ms, signal) => started.clock.sleep(ms, signal), set) },
      )
      return {
        ...started,
        async hear(frame) {
          started.session.receive(audio(floatToPcm16(frame)))
          do await new Promise((resolve) => setImmediate(resolve))
          while (busy > 0)
          await started.clock.advance(FRAME_MS)
        },
      }
    },
    async close() {
      await Promise.all([detector.close(), recognizer.close(), speaker.close(), turn.close()])
    },
  }
}
