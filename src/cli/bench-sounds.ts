/**
 * `vivavoce bench sounds`: makes a frozen sound set of the benches from its list, once, into the home: speech with Kokoro in many
 * voices, noises from seeds. Recordings with transcripts can be added; they are real, everything else is marked synthetic.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { readWav, resample, writeWav } from '../audio/index.js'
import {
  babble,
  cough,
  createRandom,
  type Half,
  keyboard,
  type ListedSound,
  music,
  noise,
  SOUND_SET_VERSION,
  SOUND_SETS,
  type SoundEntry,
  television,
} from '../bench/index.js'
import type { Config } from '../config/index.js'
import { SPEECH_OUTPUT_HZ, type Synthesizer } from '../engine/index.js'
import { hostedSynthesizer, startEngineProcess, systemClock } from '../runtime/index.js'
import { readNamedFile } from './named-file.js'

const SOUND_HZ = 16_000
const LICENCE = 'Apache-2.0 (Kokoro-82M v1.0)'
const OWN = 'Apache-2.0'
const QUIET_LOG = { debug() {}, info() {}, warn() {}, error() {} }

export interface SoundBuild {
  readonly config: Config
  readonly say: (sentence: string) => void
  readonly signal: AbortSignal
}

/** The folder of a set, or of a half of it, made where it is not there yet. Takes minutes the first time. */
export async function ensureSoundSet(
  { config, say, signal }: SoundBuild,
  version: string = SOUND_SET_VERSION,
  half?: Half,
): Promise<string> {
  const whole = SOUND_SETS[version]
  if (!whole)
    throw new Error(`No sounds are called ${version}: there are ${Object.keys(SOUND_SETS).join(' and ')}.`)
  // Without broadcasts background voices are made of both halves.
  if (half && !whole.some(({ kind }) => kind === 'broadcast'))
    throw new Error(`The halves of ${version} cannot be made apart.`)
  const list = half ? whole.filter((sound) => sound.half === half) : whole
  const folder = join(config.home, 'bench-sounds', half ? `${version}-${half}` : version)
  if (existsSync(join(folder, 'manifest.json'))) return folder
  say(`Making the sounds of the benches (${list.length}, once) in ${folder} …`)
  const unfinished = `${folder}.part`
  mkdirSync(unfinished, { recursive: true })
  const { ENGINE_CHILD, voiceLoad } = await import('./embedded-engines.js')
  const process = startEngineProcess({
    name: 'tts',
    entry: ENGINE_CHILD,
    load: voiceLoad('kokoro', config, 2),
    clock: systemClock,
    logger: QUIET_LOG,
  })
  try {
    const voice = hostedSynthesizer(process, await process.ready)
    await build(unfinished, { version, list }, voice, say, signal)
  } finally {
    await process.close()
  }
  rmSync(folder, { recursive: true, force: true })
  renameSync(unfinished, folder)
  return folder
}

async function build(
  folder: string,
  { version, list }: { readonly version: string; readonly list: readonly ListedSound[] },
  voice: Synthesizer,
  say: (sentence: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const speech: { readonly of: ListedSound; readonly samples: Float32Array }[] = []
  const entries: SoundEntry[] = []
  // Background voices are made of sentences alone, so that they do not depend on the order of what follows.
  const talk = list.some(({ kind }) => kind === 'broadcast') ? 'broadcast' : 'barge-in'
  for (const [index, sound] of list.entries()) {
    const path = join(folder, `${sound.id}.wav`)
    const heard = speech.filter(
      ({ of }) => talk === 'barge-in' || (of.half === sound.half && of.language === sound.language),
    )
    // One that was interrupted goes on where it was.
    const samples = existsSync(path)
      ? readWav(readFileSync(path)).samples
      : sound.text === undefined
        ? made(
            sound,
            heard.map((each) => each.samples),
          )
        : await spoken(sound, voice, signal)
    if (sound.kind === talk) speech.push({ of: sound, samples })
    if (!existsSync(path)) {
      writeFileSync(`${path}.part`, writeWav(samples, SOUND_HZ))
      renameSync(`${path}.part`, path)
    }
    entries.push(entryOf(sound))
    if (index % 20 === 19) say(`  ${index + 1} of ${list.length}`)
  }
  const manifest = { version, sounds: entries }
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}

async function spoken(sound: ListedSound, voice: Synthesizer, signal: AbortSignal): Promise<Float32Array> {
  const pieces: Float32Array[] = []
  const options = {
    ...(sound.voice !== undefined && { name: sound.voice }),
    ...(sound.language !== undefined && { language: sound.language }),
  }
  for await (const piece of voice.speak(sound.text ?? '', options, signal)) pieces.push(piece)
  const whole = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let offset = 0
  for (const piece of pieces) {
    whole.set(piece, offset)
    offset += piece.length
  }
  return resample(whole, SPEECH_OUTPUT_HZ, SOUND_HZ)
}

function made(sound: ListedSound, speech: readonly Float32Array[]): Float32Array {
  const random = createRandom(sound.seed ?? 0)
  switch (sound.kind) {
    case 'cough':
      return cough(random)
    case 'keyboard':
      return keyboard(random)
    case 'music':
      return music(random)
    case 'babble':
      return babble(random, speech)
    case 'tv':
      return television(random, speech)
    default:
      return noise(random)
  }
}

function entryOf(sound: ListedSound): SoundEntry {
  const { id, kind, half, text, voice, language, seed, continuedBy } = sound
  const fromSpeech = text !== undefined || kind === 'babble' || kind === 'tv'
  return {
    file: `${id}.wav`,
    kind,
    real: false,
    source: fromSpeech ? 'Kokoro-82M v1.0, by this program' : 'random numbers, by this program',
    licence: fromSpeech ? LICENCE : OWN,
    half,
    ...(text === undefined ? {} : { text }),
    ...(voice === undefined ? {} : { voice }),
    ...(language === undefined ? {} : { language }),
    ...(seed === undefined ? {} : { seed }),
    ...(continuedBy === undefined ? {} : { continuedBy: `${continuedBy}.wav` }),
  }
}

/** Real speech of a folder with `transcripts.tsv` (file, text, source), as barge-ins of the report half. */
export function recordingsIn(folder: string): SoundEntry[] {
  const lines = String(readNamedFile(join(folder, 'transcripts.tsv')))
    .split('\n')
    .slice(1)
  return lines.flatMap((line): SoundEntry[] => {
    const [file, text, source] = line.split('\t')
    if (!file || !text || !source || /kokoro|synth/i.test(source)) return []
    const path = resolve(folder, basename(file))
    return [{ file: path, kind: 'barge-in', real: true, source, licence: source, half: 'report', text }]
  })
}
