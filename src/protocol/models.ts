/**
 * The model ids that clients of the Live API ask for, and how an id is looked up among them. What stands
 * behind an id is configuration: here ids are only names.
 */

import { closeError, truncateUtf8 } from './close.js'

/** Every id in public use, the generally available ones first: the refusal of an unknown id names these. */
export const KNOWN_MODELS: readonly string[] = [
  'gemini-live-2.5-flash',
  'gemini-live-2.5-flash-native-audio',
  'gemini-live-2.5-flash-preview',
  'gemini-live-2.5-flash-preview-native-audio',
  'gemini-live-2.5-flash-preview-native-audio-09-2025',
  'gemini-2.5-flash-native-audio-latest',
  'gemini-2.5-flash-native-audio-preview-latest',
  'gemini-2.5-flash-native-audio-preview-09-2025',
  'gemini-2.5-flash-native-audio-preview-12-2025',
  'gemini-3.8-live',
  'gemini-3.8-live-extended-thinking',
  'gemini-3.1-flash-live-preview',
  'gemini-2.0-flash-live-001',
  'gemini-2.0-flash-live-preview-04-09',
  'gemini-2.0-flash-exp',
]

/** Tokens of a conversation that the service announces for these models, as it counts them. */
export const INPUT_TOKEN_LIMIT = 131_072

/** The bare id of a model path: what follows the last `models/`, else the path itself. */
export function bareModelId(modelPath: string): string {
  const at = modelPath.lastIndexOf(MARKER)
  return at < 0 ? modelPath : modelPath.slice(at + MARKER.length)
}

const MARKER = 'models/'

/**
 * Returns `id` if it is served, `extra` (ids that the configuration adds) included. Throws a ProtocolError
 * (1008) that names as many served ids as the close reason holds.
 */
export function resolveModel(id: string, extra: readonly string[] = []): string {
  const served = [...extra, ...KNOWN_MODELS]
  if (served.includes(id)) return id
  const error = (names: readonly string[], more: string) =>
    closeError('model-unknown', { model: truncateUtf8(id, 30), served: `${names.join(', ')}${more}` })
  const named = served.slice(0, 1)
  for (const name of served.slice(1)) {
    if (error([...named, name], MORE_MODELS).reason.endsWith('…')) break
    named.push(name)
  }
  throw error(named, named.length === served.length ? '' : MORE_MODELS)
}

const MORE_MODELS = ' or another of GET /v1/models'
