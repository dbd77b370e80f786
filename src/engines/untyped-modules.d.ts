/** Types of the two WebAssembly packages of speech synthesis that ship none: only what is used here. */
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
