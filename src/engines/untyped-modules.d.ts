/** Types of the WebAssembly packages of speech synthesis that ship none: only what is used here. */
declare module '@echogarden/espeak-ng-emscripten' {
  export interface EspeakModule {
    readonly HEAPU8: Uint8Array
    readonly eSpeakNGWorker: new () => EspeakWorker | Promise<EspeakWorker>
  }
  export interface EspeakWorker {
    /** Takes a voice identifier such as `gmw/en-US`; 0 = found. */
    set_voice(identifier: string): number
    /** Answers the address of a zero-terminated UTF-8 string: `_` between phonemes, ` ` between words. */
    convert_to_phonemes(text: string, ipa: boolean): { readonly ptr: number }
  }
  export default function create(): Promise<EspeakModule>
}

declare module 'signalsmith-stretch' {
  const createNode: unknown
  export default createNode
}

declare module '@echogarden/svoxpico-wasm' {
  /** Addresses are numbers; results are 0 where it worked, negative where not. */
  export interface PicoModule {
    readonly HEAPU8: Uint8Array
    readonly HEAP16: Int16Array
    readonly HEAPU32: Uint32Array
    readonly FS: { writeFile(path: string, bytes: Uint8Array): void; unlink(path: string): void }
    _malloc(bytes: number): number
    _free(address: number): void
    _pico_initialize(memory: number, bytes: number, system: number): number
    _pico_terminate(system: number): number
    _pico_loadResource(system: number, path: number, resource: number): number
    _pico_getResourceName(system: number, resource: number, name: number): number
    _pico_createVoiceDefinition(system: number, voice: number): number
    _pico_addResourceToVoiceDefinition(system: number, voice: number, name: number): number
    _pico_newEngine(system: number, voice: number, engine: number): number
    _pico_putTextUtf8(engine: number, text: number, bytes: number, taken: number): number
    /** 200 = all was said, 201 = there is more. */
    _pico_getData(engine: number, buffer: number, bytes: number, given: number, type: number): number
    _pico_resetEngine(engine: number, mode: number): number
  }
  export default function create(): Promise<PicoModule>
}

/** What is used of it; it is read at run time alone. */
declare module 'pinyin-pro' {
  export function pinyin(
    word: string,
    options: { type: 'array'; toneType: 'num'; nonZh: 'removed' },
  ): string[]
}
