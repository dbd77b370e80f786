/**
 * Which Kokoro voice speaks for a name and a language, and the reading and mixing of voice files. A voice file is
 * 510 rows of 256 floats (little-endian): the row is chosen by the number of tokens, its first half is timbre, its
 * second prosody. Knows nothing of texts or of the model's graph.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { fromDbfs } from '../../audio/index.js'
import { EngineError } from '../../engine/index.js'
import { findLiveVoice, LIVE_VOICES, type LiveVoice, type VoiceGender } from '../voice-names.js'

export const STYLE_VALUES = 256
export const STYLE_ROWS = 510

/** One voice of the model, or an even mix of several. */
export type VoiceRecipe = readonly string[]

const DEFAULT_RECIPE: VoiceRecipe = ['af_heart']

const ENGLISH_RECIPES: Readonly<Record<LiveVoice, VoiceRecipe>> = {
  Zephyr: ['af_jessica'],
  Kore: ['af_kore'],
  Leda: ['af_bella'],
  Aoede: ['af_aoede'],
  Callirrhoe: ['af_sky'],
  Autonoe: ['bf_alice'],
  Despina: ['bf_isabella'],
  Erinome: ['bf_emma'],
  Laomedeia: ['af_sarah'],
  Achernar: ['af_nicole'],
  Gacrux: ['af_alloy'],
  Pulcherrima: ['af_nova'],
  Vindemiatrix: ['af_river'],
  Sulafat: ['af_heart'],
  Puck: ['am_puck'],
  Charon: ['bm_george'],
  Fenrir: ['am_fenrir'],
  Orus: ['am_adam'],
  Enceladus: ['bm_fable'],
  Iapetus: ['am_echo'],
  Umbriel: ['am_liam'],
  Algieba: ['am_michael'],
  Algenib: ['am_onyx'],
  Rasalgethi: ['bm_daniel'],
  Alnilam: ['bm_lewis'],
  Schedar: ['am_eric'],
  Sadachbia: ['am_santa'],
  Achird: ['am_michael', 'am_puck'],
  Zubenelgenubi: ['am_liam', 'am_echo'],
  Sadaltager: ['bm_george', 'am_michael'],
}

/** The voices that were trained on each other language; names take turns. French has one woman only. */
const NATIVE_VOICES: Readonly<Record<string, Readonly<Record<VoiceGender, readonly string[]>>>> = {
  es: { female: ['ef_dora'], male: ['em_alex', 'em_santa'] },
  fr: { female: ['ff_siwis'], male: ['ff_siwis'] },
  hi: { female: ['hf_alpha', 'hf_beta'], male: ['hm_omega', 'hm_psi'] },
  it: { female: ['if_sara'], male: ['im_nicola'] },
  pt: { female: ['pf_dora'], male: ['pm_alex', 'pm_santa'] },
  zh: {
    female: ['zf_xiaobei', 'zf_xiaoni', 'zf_xiaoxiao', 'zf_xiaoyi'],
    male: ['zm_yunjian', 'zm_yunxi', 'zm_yunxia', 'zm_yunyang'],
  },
}

/**
 * The voice for a name of the Live API, or a voice of the model named directly (`af_heart`); both in any case.
 * Unknown or absent = af_heart, in other languages that language's first woman.
 */
export function recipeFor(
  name: string | undefined,
  language: string,
  available: ReadonlySet<string>,
): VoiceRecipe {
  const direct = name?.trim().toLowerCase() ?? ''
  if (available.has(direct)) return [direct]
  const live = findLiveVoice(name)
  const native = NATIVE_VOICES[language.toLowerCase().split(/[-_]/)[0] ?? '']
  if (native !== undefined) {
    const gender = live === undefined ? 'female' : LIVE_VOICES[live]
    const choices = native[gender]
    const rank = live === undefined ? 0 : namesOf(gender).indexOf(live)
    return [choices[rank % choices.length]!]
  }
  return live === undefined ? DEFAULT_RECIPE : ENGLISH_RECIPES[live]
}

function namesOf(gender: VoiceGender): LiveVoice[] {
  return (Object.keys(LIVE_VOICES) as LiveVoice[]).filter((name) => LIVE_VOICES[name] === gender)
}

/**
 * Level of each voice's speech in dBFS, measured over one sentence: they differ by 12 dB, which a listener who
 * changes the voice would have to correct by hand.
 */
const LEVELS_DBFS: Readonly<Record<string, number>> = {
  af_alloy: -22,
  af_aoede: -17.9,
  af_bella: -21.8,
  af_heart: -22.7,
  af_jessica: -22.3,
  af_kore: -18.4,
  af_nicole: -22.2,
  af_nova: -26.8,
  af_river: -21.8,
  af_sarah: -21.3,
  af_sky: -23.7,
  am_adam: -18.6,
  am_echo: -22.3,
  am_eric: -21.2,
  am_fenrir: -19.3,
  am_liam: -21.7,
  am_michael: -24.2,
  am_onyx: -22.8,
  am_puck: -18.7,
  am_santa: -22.4,
  bf_alice: -20.6,
  bf_emma: -20.8,
  bf_isabella: -18.4,
  bf_lily: -21.2,
  bm_daniel: -21.1,
  bm_fable: -23.6,
  bm_george: -21.3,
  bm_lewis: -23.7,
  ef_dora: -23.5,
  em_alex: -22.8,
  em_santa: -22.7,
  ff_siwis: -19.2,
  if_sara: -14.4,
  im_nicola: -19,
  pf_dora: -22.9,
  pm_alex: -22.6,
  pm_santa: -22.4,
}
const TARGET_DBFS = -20.5

/** Factor that brings a voice to the common level; 1 for a voice that was not measured. */
export function gainFor(recipe: VoiceRecipe): number {
  const levels = recipe.map((voice) => LEVELS_DBFS[voice] ?? TARGET_DBFS)
  return fromDbfs(TARGET_DBFS - levels.reduce((sum, level) => sum + level, 0) / levels.length)
}

/** True where the recipe leads with a British voice, which then also gets British phonemes. */
export function isBritish(recipe: VoiceRecipe): boolean {
  return /^b[fm]_/.test(recipe[0] ?? '')
}

export interface VoiceFiles {
  /** All 510 rows of the mixed voice. Throws `EngineError` when a file is missing or has another size. */
  load(recipe: VoiceRecipe): Promise<Float32Array>
}

/** Reads voices as they are asked for and keeps them: 0.5 MB each. */
export function openVoiceFiles(folder: string): VoiceFiles {
  const mixed = new Map<string, Promise<Float32Array>>()
  return {
    load(recipe) {
      const key = recipe.join('+')
      const known = mixed.get(key)
      if (known !== undefined) return known
      const loading = Promise.all(recipe.map((voice) => readVoice(folder, voice))).then(mixEvenly)
      loading.catch(() => mixed.delete(key))
      mixed.set(key, loading)
      return loading
    },
  }
}

async function readVoice(folder: string, voice: string): Promise<Float32Array> {
  const file = path.join(folder, `${voice}.bin`)
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new EngineError(
      'engine-failed',
      `The voice file ${file} can't be read; pull the Kokoro weights again.`,
      {
        cause: error,
      },
    )
  })
  if (bytes.byteLength !== STYLE_ROWS * STYLE_VALUES * 4)
    throw new EngineError(
      'engine-failed',
      `The voice file ${file} has ${bytes.byteLength} bytes, not 522240.`,
    )
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength))
}

function mixEvenly(voices: readonly Float32Array[]): Float32Array {
  if (voices.length === 1) return voices[0]!
  return Float32Array.from(
    voices[0]!,
    (_, index) => voices.reduce((sum, voice) => sum + voice[index]!, 0) / voices.length,
  )
}
