/**
 * Strict decoding: refuses every field that the API does not define, at any depth, with the words of the real service.
 * The tolerant default logs such fields instead. It knows names, not what becomes of them.
 */

import { closeError, fitsReason, truncateUtf8 } from './close.js'
import { SETUP_SUPPORT } from './setup-support.js'

const below = (path: string, names: string): string[] => names.split(' ').map((name) => `${path}.${name}`)

const blob = (path: string) => below(path, 'mimeType data displayName')

const content = (path: string) => [
  ...below(path, 'role parts'),
  ...below(
    `${path}.parts`,
    'text thought thoughtSignature inlineData fileData functionCall functionResponse executableCode ' +
      'codeExecutionResult toolCall toolResponse videoMetadata mediaResolution partMetadata',
  ),
  ...blob(`${path}.parts.inlineData`),
  ...below(`${path}.parts.fileData`, 'fileUri mimeType displayName'),
]

const tools = (path: string) => [
  ...below(
    path,
    'functionDeclarations googleSearch googleSearchRetrieval codeExecution urlContext googleMaps computerUse fileSearch ' +
      'retrieval enterpriseWebSearch mcpServers parallelAiSearch exaAiSearch',
  ),
  ...below(
    `${path}.functionDeclarations`,
    'name description parameters parametersJsonSchema response responseJsonSchema behavior',
  ),
]

/** Paths in camelCase, list positions left out. What has no paths below it is the client's own data. */
const KNOWN: ReadonlySet<string> = new Set([
  ...'setup clientContent realtimeInput toolResponse contextUpdate'.split(' '),
  ...SETUP_SUPPORT.map((row) => row.path),
  ...content('setup.systemInstruction'),
  ...tools('setup.tools'),
  ...below('clientContent', 'turns turnComplete'),
  ...content('clientContent.turns'),
  ...below('realtimeInput', 'audio video text mediaChunks activityStart activityEnd audioStreamEnd'),
  ...['audio', 'video', 'mediaChunks'].flatMap((name) => blob(`realtimeInput.${name}`)),
  ...below('toolResponse', 'functionResponses'),
  ...below('toolResponse.functionResponses', 'id name response scheduling willContinue parts'),
  ...below('contextUpdate', 'systemInstruction tools'),
  ...content('contextUpdate.systemInstruction'),
  ...below('contextUpdate.tools', 'tools'),
  ...tools('contextUpdate.tools.tools'),
])

const PARENTS: ReadonlySet<string> = new Set(
  [...KNOWN].map((path) => path.slice(0, Math.max(0, path.lastIndexOf('.')))),
)

/** Takes a normalised message. Throws a ProtocolError (1007) for the first field that the API does not define. */
export function refuseUnknownFields(message: Readonly<Record<string, unknown>>): void {
  judge(message, '', '')
}

function judge(value: unknown, path: string, place: string): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) judge(item, path, `${place}[${index}]`)
    return
  }
  if (typeof value !== 'object' || value === null || !PARENTS.has(path)) return
  for (const [key, member] of Object.entries(value)) {
    const memberPath = path === '' ? key : `${path}.${key}`
    if (!KNOWN.has(memberPath)) throw unknownField(key, place)
    judge(member, memberPath, `${place}${path === '' ? '' : '.'}${snakeCase(key)}`)
  }
}

/** The service names fields as the client spelt them and places in snake_case. */
function unknownField(key: string, place: string) {
  const name = truncateUtf8(key, 30)
  const error = (at: string) => closeError('field-unknown', { name, where: at === '' ? '' : ` at '${at}'` })
  for (let at = place; ; at = `…${at.slice(at.indexOf('.', 1) + 1)}`) {
    if (fitsReason(error(at).message) && !error(at).message.endsWith('…')) return error(at)
    if (!at.includes('.')) return error(at)
  }
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
