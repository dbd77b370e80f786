/**
 * Strict decoding: refuses every field that the API does not define, at any depth, with the words of the real service.
 * The tolerant default logs such fields instead. It knows names, not what becomes of them.
 */

import { closeError, fitsReason, truncateUtf8 } from './close.js'
import { SETUP_SUPPORT } from './setup-support.js'

const below = (path: string, names: string): string[] => names.split(' ').map((name) => `${path}.${name}`)

const blob = (path: string) => below(path, 'mimeType data displayName')
const file = (path: string) => below(path, 'fileUri mimeType displayName')

const functionResponse = (path: string) => [
  ...below(path, 'id name response scheduling willContinue parts'),
  ...below(`${path}.parts`, 'inlineData fileData mediaProcessing'),
  ...blob(`${path}.parts.inlineData`),
  ...file(`${path}.parts.fileData`),
]

const content = (path: string) => {
  const part = `${path}.parts`
  return [
    ...below(path, 'role parts'),
    ...below(
      part,
      'text thought thoughtSignature inlineData fileData functionCall functionResponse executableCode ' +
        'codeExecutionResult toolCall toolResponse videoMetadata mediaResolution partMetadata audioTranscription ' +
        'mediaProcessing speechMetadata',
    ),
    ...blob(`${part}.inlineData`),
    ...file(`${part}.fileData`),
    ...below(`${part}.functionCall`, 'id name args partialArgs willContinue'),
    ...functionResponse(`${part}.functionResponse`),
    ...below(`${part}.executableCode`, 'id language code'),
    ...below(`${part}.codeExecutionResult`, 'id outcome output'),
    ...below(`${part}.videoMetadata`, 'startOffset endOffset fps'),
    ...below(`${part}.mediaResolution`, 'level numTokens'),
  ]
}

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

const generationConfig = 'setup.generationConfig'
const voiceConfig = `${generationConfig}.speechConfig.voiceConfig`

/** Fields of setup that hold others. */
const setup = [
  ...SETUP_SUPPORT.map((row) => row.path),
  ...content('setup.systemInstruction'),
  ...tools('setup.tools'),
  ...below(`${generationConfig}.thinkingConfig`, 'includeThoughts thinkingBudget thinkingLevel'),
  ...below(`${generationConfig}.translationConfig`, 'targetLanguageCode echoTargetLanguage'),
  ...below(
    `${voiceConfig}.replicatedVoiceConfig`,
    'mimeType voiceSampleAudio consentAudio voiceConsentSignature',
  ),
  ...['input', 'output'].flatMap((side) =>
    below(`setup.${side}AudioTranscription.languageHints`, 'languageCodes'),
  ),
  ...below('setup.toolConfig.functionCallingConfig', 'streamFunctionCallArguments'),
  ...below('setup.toolConfig.retrievalConfig', 'languageCode latLng'),
  ...below('setup.toolConfig.retrievalConfig.latLng', 'latitude longitude'),
  ...below('setup.safetySettings', 'category threshold method'),
  ...below('setup.avatarConfig', 'avatarName customizedAvatar audioBitrateBps videoBitrateBps'),
  ...below('setup.avatarConfig.customizedAvatar', 'imageMimeType imageData'),
]

/** Paths in camelCase, list positions left out. */
const KNOWN: ReadonlySet<string> = new Set([
  ...'setup clientContent realtimeInput toolResponse contextUpdate'.split(' '),
  ...setup,
  ...below('clientContent', 'turns turnComplete'),
  ...content('clientContent.turns'),
  ...below('realtimeInput', 'audio video text mediaChunks activityStart activityEnd audioStreamEnd'),
  ...['audio', 'video', 'mediaChunks'].flatMap((name) => blob(`realtimeInput.${name}`)),
  ...below('toolResponse', 'functionResponses'),
  ...functionResponse('toolResponse.functionResponses'),
  ...below('contextUpdate', 'systemInstruction tools'),
  ...content('contextUpdate.systemInstruction'),
  ...below('contextUpdate.tools', 'tools'),
  ...tools('contextUpdate.tools.tools'),
])

/** Messages that the API defines without a field. */
const EMPTY = ['realtimeInput.activityStart', 'realtimeInput.activityEnd']

/** What lies below is the client's own data, or belongs to a feature that there is none of here. */
const OPEN: ReadonlySet<string> = new Set([
  'setup.labels',
  ...below(
    generationConfig,
    'responseSchema responseJsonSchema responseFormat modelConfig modelSelectionConfig routingConfig ' +
      'audioTranscriptionConfig imageConfig',
  ),
])

const PARENTS: ReadonlySet<string> = new Set([
  ...[...KNOWN].map((path) => path.slice(0, Math.max(0, path.lastIndexOf('.')))),
  ...EMPTY,
])

/** Whether the API defines the field that these camelCase steps lead to, list positions left out. */
export function isKnownField(steps: readonly string[]): boolean {
  for (let length = 1; length <= steps.length; length++) {
    const path = steps.slice(0, length).join('.')
    if (steps[length - 1] === '' || !KNOWN.has(path)) return false
    if (OPEN.has(path)) return true
  }
  return true
}

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
