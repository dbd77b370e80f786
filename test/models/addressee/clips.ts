/**
 * The sentences of the frozen sets as sound: who says them, how loud they are at the user's microphone, and where the recordings are kept, so that
 * they are spoken once. All of this speech is *synthetic*; levels are against the user's own.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromDbfs, joinSamples, readWav, resample, writeWav } from '../../../src/audio/index.js'
import { modelPaths, runtimePaths } from '../../../src/catalog/index.js'
import { SPEECH_OUTPUT_HZ, type Synthesizer } from '../../../src/engine/index.js'
import { loadKokoro } from '../../../src/engines/kokoro/index.js'
import { loadPico } from '../../../src/engines/pico/index.js'
import { loadPiper } from '../../../src/engines/piper/index.js'
import type { Kind, Utterance } from './frozen-set.js'

export type Language = Utterance['language']
/** `user`: the one who is answered. `aside`: the same, turned away. */
export type Speaker = 'user' | 'aside' | 'housemate' | 'television'

export const SPEAKER_OF: Readonly<Record<Kind, Speaker>> = {
  'to-it': 'user',
  question: 'user',
  instructed: 'user',
  'self-talk': 'aside',
  'side-talk': 'aside',
  quote: 'aside',
  'other-people': 'housemate',
  television: 'television',
}

const LEVEL_DB: Readonly<Record<Speaker, number>> = { user: 0, aside: -3, housemate: -8, television: -12 }

type Engine = 'kokoro' | 'light'
type Loaded = Synthesizer & { close(): Promise<void> }
const VOICES: Readonly<Record<Speaker, Readonly<Record<Language, readonly [Engine, string]>>>> = {
  user: { en: ['kokoro', 'af_heart'], es: ['kokoro', 'ef_dora'] },
  aside: { en: ['kokoro', 'af_heart'], es: ['kokoro', 'ef_dora'] },
  // Piper's only English voice and Pico's only Spanish one.
  housemate: { en: ['light', 'joe'], es: ['light', 'Kore'] },
  television: { en: ['kokoro', 'am_michael'], es: ['kokoro', 'em_alex'] },
}
const HZ = 16_000
const never = new AbortController().signal

export interface Clips {
  /** At 16 kHz and at its level; spoken now where it was not before. */
  say(text: string, language: Language, speaker: Speaker): Promise<Float32Array>
  close(): Promise<void>
}

export function openClips(home: string, folder: string): Clips {
  mkdirSync(folder, { recursive: true })
  const runtimeDir = runtimePaths(home, 'onnxruntime-node').directory
  const loaded = new Map<string, Promise<Loaded>>()
  const load = (engine: Engine, language: Language): Promise<Loaded> => {
    if (engine === 'kokoro') {
      const { main, file } = modelPaths(home, 'kokoro-82m')
      return loadKokoro({ modelPath: main, voicesDir: file('voices'), runtimeDir, threads: 2 })
    }
    if (language === 'es') return loadPico({ dir: modelPaths(home, 'svox-pico').directory })
    const { main } = modelPaths(home, 'piper-joe')
    return loadPiper({ modelPath: main, configPath: `${main}.json`, runtimeDir, threads: 1 })
  }
  return {
    async say(text, language, speaker) {
      const [engine, name] = VOICES[speaker][language]
      const key = createHash('sha256').update([text, language, engine, name].join('|')).digest('hex')
      const path = join(folder, `${key.slice(0, 24)}.wav`)
      if (!existsSync(path)) {
        const slot = engine === 'kokoro' ? engine : `${engine} ${language}`
        if (!loaded.has(slot)) loaded.set(slot, load(engine, language))
        const pieces: Float32Array[] = []
        for await (const piece of (await loaded.get(slot)!).speak(text, { name, language }, never))
          pieces.push(piece)
        writeFileSync(path, writeWav(resample(joinSamples(pieces), SPEECH_OUTPUT_HZ, HZ), HZ))
      }
      const gain = fromDbfs(LEVEL_DB[speaker])
      return readWav(readFileSync(path)).samples.map((sample) => sample * gain)
    },
    async close() {
      for (const synthesizer of loaded.values()) await (await synthesizer).close()
      loaded.clear()
    },
  }
}
