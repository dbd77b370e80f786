/**
 * Scripted eyes: a picture is new where its bytes differ from those before. What is in it the script knows, by the rules of its
 * language model, which takes the pictures themselves.
 */
import { EngineError, type LanguageModel, type LookPart, type VisionModel } from '../../engine/index.js'

export function createScriptedVisionModel(languageModel: LanguageModel): VisionModel {
  return {
    info: {
      id: 'scripted',
      kind: 'vision',
      languages: [],
      description: 'Tells pictures apart; a script says what is answered to them.',
    },
    languageModel,
    open() {
      let last: Uint8Array | undefined
      return {
        async *look({ bytes, mimeType }, _options, signal): AsyncGenerator<LookPart> {
          signal.throwIfAborted()
          if (!isWhole(bytes, mimeType))
            throw new EngineError('engine-refused', 'The picture cannot be read.')
          const change = last && Buffer.compare(last, bytes) === 0 ? 0 : 1
          last = bytes
          yield { type: 'progress' }
          signal.throwIfAborted()
          yield { type: 'sight', sight: { change, facts: [] } }
        },
        close() {
          last = undefined
        },
      }
    },
  }
}

/** As far as its ends tell. */
function isWhole(bytes: Uint8Array, mimeType: string): boolean {
  const ends = (...expected: readonly number[]) =>
    expected.every((byte, index) => bytes.at(index - expected.length) === byte)
  switch (mimeType) {
    case 'image/jpeg':
      return bytes[0] === 0xff && ends(0xff, 0xd9)
    case 'image/png':
      return bytes[0] === 0x89 && ends(0xae, 0x42, 0x60, 0x82)
    default:
      return bytes.length >= 12 && bytes[0] === 0x52
  }
}
