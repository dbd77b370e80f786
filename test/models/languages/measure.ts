/**
 * Every language both ways: what each voice says is given to the recogniser, with the language named and with the language to be found out.
 * Prints a table and keeps it; the half of the sentences that nothing was tuned on. All of this speech is *synthetic*.
 *
 *   node --import tsx test/models/languages/measure.ts [--languages es,en] [--voices kokoro,pico,piper] [--clips FOLDER] [--out bench/results/languages.json]
 *
 * `--clips` keeps what was spoken, so that a second run need not speak again.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { joinSamples, readWav, resample, writeWav } from '../../../src/audio/index.js'
import { openResult } from '../../../src/bench/result-file.js'
import { modelPaths, runtimePaths } from '../../../src/catalog/index.js'
import { wordErrorRate } from '../../../src/catalog/self-test.js'
import type { Recognizer, Synthesizer } from '../../../src/engine/index.js'
import { loadKokoro } from '../../../src/engines/kokoro/index.js'
import { loadPico } from '../../../src/engines/pico/index.js'
import { loadPiper } from '../../../src/engines/piper/index.js'
import { LIVE_VOICE_NAMES } from '../../../src/engines/voice-names.js'
import { loadWhisper } from '../../../src/engines/whisper/index.js'
import { halfOf, LANGUAGE_SETS } from './sentences.js'

const { values } = parseArgs({
  options: {
    languages: { type: 'string' },
    voices: { type: 'string', default: 'kokoro,pico,piper' },
    clips: { type: 'string' },
    out: { type: 'string', default: 'bench/results/languages.json' },
  },
})
const home = process.env.VIVAVOCE_HOME ?? join(homedir(), '.vivavoce')
const runtimeDir = runtimePaths(home, 'onnxruntime-node').directory
const never = new AbortController().signal

type Voice = 'kokoro' | 'pico' | 'piper'
const LOADERS: Record<Voice, () => Promise<Synthesizer>> = {
  kokoro: () => {
    const { main, file } = modelPaths(home, 'kokoro-82m')
    return loadKokoro({
      modelPath: main,
      voicesDir: file('voices'),
      runtimeDir,
      threads: 2,
      unmeasured: true,
    })
  },
  pico: () => loadPico({ dir: modelPaths(home, 'svox-pico').directory }),
  piper: () => {
    const { main } = modelPaths(home, 'piper-joe')
    return loadPiper({ modelPath: main, configPath: `${main}.json`, runtimeDir, threads: 1 })
  },
}

interface Unit {
  readonly voice: Voice
  readonly language: string
  readonly kind: 'sentence' | 'short'
  readonly text: string
  /** With the language named; of words, or of characters where words are not written apart. */
  readonly errors: number
  readonly length: number
  readonly heard: string
  /** Found out, first of a conversation and after an activity in that language. */
  readonly found: string
  readonly foundAfterSame: string
}

const result = openResult<Unit>(resolve(values.out), 'languages', {
  speech: 'synthetic, the half that nothing was tuned on',
  recogniser: 'whisper-base',
  command: 'node --import tsx test/models/languages/measure.ts',
})
const whisper = await loadWhisper({ dir: modelPaths(home, 'whisper-base').directory, runtimeDir })
const wanted = values.languages?.split(',')
for (const voice of values.voices.split(',') as Voice[]) {
  const synthesizer = await LOADERS[voice]()
  for (const language of synthesizer.info.languages) {
    if (wanted && !wanted.includes(language)) continue
    await measure(voice, synthesizer, language)
  }
}
const rows = summary()
console.table(rows)
result.finish(wanted === undefined && values.voices === 'kokoro,pico,piper', { rows })
process.exit(0)

async function measure(voice: Voice, synthesizer: Synthesizer, language: string): Promise<void> {
  const { sentences, short } = LANGUAGE_SETS[language]!
  const lists = [
    ['sentence', sentences],
    ['short', short],
  ] as const
  for (const [kind, list] of lists)
    for (const text of halfOf(list, 'report')) {
      if (
        result.units.some((unit) => unit.voice === voice && unit.language === language && unit.text === text)
      )
        continue
      const index = list.indexOf(text)
      const samples = await spoken(voice, synthesizer, language, text, `${kind}-${index}`, index)
      const named = await hear(samples, { language })
      const unspaced = language === 'ja' || language === 'zh'
      const spelled = (words: string) =>
        unspaced ? [...words.replace(/[^\p{L}\p{N}]/gu, '')].join(' ') : words
      const length = spelled(text)
        .split(/\s+/)
        .filter((word) => /[\p{L}\p{N}]/u.test(word)).length
      result.add({
        voice,
        language,
        kind,
        text,
        errors: Math.round(wordErrorRate(spelled(text), spelled(named.text)) * length),
        length,
        heard: named.text,
        found: (await hear(samples, {})).language,
        foundAfterSame: (await hear(samples, { languageBefore: language })).language,
      })
    }
}

async function spoken(
  voice: Voice,
  synthesizer: Synthesizer,
  language: string,
  text: string,
  id: string,
  index: number,
): Promise<Float32Array> {
  const path = values.clips && join(values.clips, `${voice}-${language}-${id}.wav`)
  if (path && existsSync(path)) return readWav(readFileSync(path)).samples
  const name = LIVE_VOICE_NAMES[(index * 7) % LIVE_VOICE_NAMES.length]!
  const pieces: Float32Array[] = []
  for await (const piece of synthesizer.speak(text, { name, language }, never)) pieces.push(piece)
  const samples = resample(joinSamples(pieces), 24_000, 16_000)
  if (path) {
    mkdirSync(values.clips!, { recursive: true })
    writeFileSync(path, writeWav(samples, 16_000))
  }
  return samples
}

async function hear(samples: Float32Array, options: Omit<Parameters<Recognizer['open']>[0], 'signal'>) {
  const recognition = whisper.open({ ...options, signal: never })
  recognition.push(samples)
  const transcript = await recognition.settle()
  recognition.close()
  return transcript
}

function summary(): object[] {
  const groups = new Map<string, Unit[]>()
  for (const unit of result.units) {
    const key = `${unit.language} ${unit.voice}`
    groups.set(key, [...(groups.get(key) ?? []), unit])
  }
  return [...groups.values()].map((units) => {
    const { language, voice } = units[0]!
    const of = (kind: Unit['kind']) => units.filter((unit) => unit.kind === kind)
    const errorPercent = (kind: Unit['kind']) => {
      const sum = (member: 'errors' | 'length') => of(kind).reduce((total, unit) => total + unit[member], 0)
      return Math.round((1000 * sum('errors')) / Math.max(1, sum('length'))) / 10
    }
    const right = (kind: Unit['kind'], member: 'found' | 'foundAfterSame') =>
      `${of(kind).filter((unit) => unit[member] === language).length} of ${of(kind).length}`
    return {
      language,
      voice,
      errorPercent: errorPercent('sentence'),
      errorPercentShort: errorPercent('short'),
      found: right('sentence', 'found'),
      foundShort: right('short', 'found'),
      foundAfterSame: right('sentence', 'foundAfterSame'),
      foundShortAfterSame: right('short', 'foundAfterSame'),
    }
  })
}
