/**
 * A folder of sounds with its manifest: what each file is, whether it was recorded or made, from where and under which licence. A user's
 * own recordings are another folder with a manifest of the same form.
 */
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { firstAudibleSample } from '../audio/index.js'
import { QUESTION_HZ, type Question, readQuestion } from './question.js'

const soundSchema = z.object({
  file: z.string().min(1),
  kind: z.enum([
    'barge-in',
    'unfinished',
    'continuation',
    'finished',
    'backchannel',
    'cough',
    'keyboard',
    'noise',
    'music',
    'babble',
    'tv',
    'broadcast',
  ]),
  /** True = recorded from the world; false = synthetic. */
  real: z.boolean(),
  source: z.string().min(1),
  licence: z.string().min(1),
  half: z.enum(['tune', 'report']),
  /** What is said, where it is speech. */
  text: z.string().optional(),
  voice: z.string().optional(),
  /** Of what is said, and of whom it is said to; absent = English. */
  language: z.string().optional(),
  seed: z.number().optional(),
  /** Of an unfinished turn: the file of what follows. */
  continuedBy: z.string().optional(),
})

export const manifestSchema = z.object({ version: z.string(), sounds: z.array(soundSchema).min(1) })

export type SoundEntry = z.output<typeof soundSchema>
export type SoundManifest = z.output<typeof manifestSchema>

export interface Sound extends Question {
  readonly entry: SoundEntry
  /** First audible sample. */
  readonly onsetMs: number
}

export interface SoundSet {
  readonly version: string
  /** Of one half, by file name. */
  ofKind(kind: SoundEntry['kind'], half: SoundEntry['half']): readonly Sound[]
  find(file: string): Sound
}

const MANIFEST = 'manifest.json'
/** Noise may be quiet throughout. */
const QUIET_DBFS = -60

/** Throws an Error that names the file where one is missing or wrong. Sounds are read when they are asked for. */
/** `added`: entries beside those of the manifest, with absolute paths. */
export function openSoundSet(folder: string, added: readonly SoundEntry[] = []): SoundSet {
  const manifest = readManifest(folder)
  const { version } = manifest
  const sounds = [...manifest.sounds, ...added]
  const read = new Map<string, Sound>()
  const load = (entry: SoundEntry): Sound => {
    const known = read.get(entry.file)
    if (known) return known
    const question = readQuestion(entry.file, readFileSync(resolve(folder, entry.file)))
    const first = Math.max(0, firstAudibleSample(question.samples, QUIET_DBFS))
    const sound = { ...question, entry, onsetMs: (first / QUESTION_HZ) * 1000 }
    read.set(entry.file, sound)
    return sound
  }
  return {
    version,
    ofKind: (kind, half) =>
      sounds
        .filter((entry) => entry.kind === kind && entry.half === half)
        .sort((a, b) => a.file.localeCompare(b.file))
        .map(load),
    find(file) {
      const entry = sounds.find((each) => each.file === file)
      if (!entry) throw new Error(`${folder}: the manifest names no ${file}`)
      return load(entry)
    },
  }
}

function readManifest(folder: string): SoundManifest {
  const path = join(folder, MANIFEST)
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    throw new Error(`${path}: ${reason}`)
  }
}
