/**
 * SVOX Pico's WebAssembly behind two calls: open a voice out of its two files, and speak a text in one go. It knows no names, languages or
 * clauses.
 */
import create, { type PicoModule } from '@echogarden/svoxpico-wasm'
import { pcm16ToFloat } from '../../audio/index.js'

/** What the voices were made for. */
export const PICO_HZ = 16_000

export interface PicoSpeaker {
  /** `pitch` and `speed` are percent of the voice's own, 50 … 200 and 20 … 500. Blocks for a thirtieth of the speech's length. */
  speak(text: string, percent: { readonly pitch: number; readonly speed: number }): Float32Array
}

/** Of which a voice uses some 1.5 MB. */
const MEMORY_BYTES = 2_500_000
const LONGEST_NAME_BYTES = 200
const PIECE_BYTES = 1024
/** Percent; at 100 loud vowels are clipped. */
const VOLUME = 50
const RESOURCE_PATH = '/resource.bin'
const SAID = 200
const MORE = 201

let shared: Promise<PicoModule> | undefined

/** Rejects where the files are no voice. */
export async function openPicoSpeaker(analysis: Uint8Array, signal: Uint8Array): Promise<PicoSpeaker> {
  shared ??= create()
  const module = await shared
  const engine = newEngine(module, [analysis, signal])
  const buffer = module._malloc(PIECE_BYTES)
  const numbers = module._malloc(4)
  const count = () => module.HEAP16[numbers >> 1]!

  return {
    speak(text, { pitch, speed }) {
      // Angle brackets would be read as its own markup.
      const plain = text.replace(/[<>]/g, ' ')
      const bytes = zeroTerminated(
        `<volume level='${VOLUME}'><pitch level='${pitch}'><speed level='${speed}'>${plain}</speed></pitch></volume>`,
      )
      const address = copied(module, bytes)
      const pieces: Uint8Array[] = []
      try {
        for (let taken = 0; taken < bytes.length; ) {
          checked(module._pico_putTextUtf8(engine, address + taken, bytes.length - taken, numbers))
          if (count() <= 0) throw new Error('Pico takes no more text.')
          taken += count()
          let state = MORE
          while (state === MORE) {
            state = module._pico_getData(engine, buffer, PIECE_BYTES, numbers, numbers + 2)
            if (count() > 0) pieces.push(module.HEAPU8.slice(buffer, buffer + count()))
          }
          if (state !== SAID) throw new Error(`Pico failed with ${state}.`)
        }
      } catch (error) {
        module._pico_resetEngine(engine, 0)
        throw error
      } finally {
        module._free(address)
      }
      return pcm16ToFloat(Buffer.concat(pieces))
    },
  }
}

function newEngine(module: PicoModule, files: readonly Uint8Array[]): number {
  const out = module._malloc(4)
  const result = () => module.HEAPU32[out >> 2]!
  checked(module._pico_initialize(module._malloc(MEMORY_BYTES), MEMORY_BYTES, out))
  const system = result()
  // The voice is defined after its resources are loaded: before, they are refused.
  const names = files.map((file) => {
    module.FS.writeFile(RESOURCE_PATH, file)
    checked(module._pico_loadResource(system, copied(module, zeroTerminated(RESOURCE_PATH)), out))
    module.FS.unlink(RESOURCE_PATH)
    const name = module._malloc(LONGEST_NAME_BYTES)
    checked(module._pico_getResourceName(system, result(), name))
    return name
  })
  const voice = copied(module, zeroTerminated('voice'))
  checked(module._pico_createVoiceDefinition(system, voice))
  for (const name of names) checked(module._pico_addResourceToVoiceDefinition(system, voice, name))
  checked(module._pico_newEngine(system, voice, out))
  return result()
}

const zeroTerminated = (text: string) => new TextEncoder().encode(`${text}\0`)

function copied(module: PicoModule, bytes: Uint8Array): number {
  const address = module._malloc(bytes.length)
  module.HEAPU8.set(bytes, address)
  return address
}

function checked(status: number): void {
  if (status < 0) throw new Error(`Pico failed with ${status}.`)
}
