/**
 * Content on the wire (roles and parts, in all the shapes that clients send) as turns of a conversation: text, calls
 * of functions and their results. Of media that the model cannot take it is told that they were there.
 */

import { z } from 'zod'

import { decodeBase64 as decodeBase64Plain } from './base64.js'
import type { ClientMessage, ContentTurn, JsonObject, JsonValue } from './client-message.js'
import { fieldError, truncateUtf8 } from './close.js'
import { judgeFields, supportTable } from './field-support.js'
import { booleanField, enumField, fieldPath, objectField, parseField, textField } from './fields.js'
import { parsePicture } from './picture.js'
import { functionResult } from './tool-response.js'

/** Text stands for a part, a part for a list of parts, text for a Content. */
const part = z.preprocess(
  (value) => (typeof value === 'string' ? { text: value } : value),
  objectField({
    text: textField(),
    thought: booleanField(),
    inlineData: objectField({ mimeType: textField(), data: textField() }).optional(),
    fileData: objectField({ mimeType: textField() }).optional(),
    functionCall: objectField({
      id: textField(),
      name: z.string({ error: 'must be a string' }),
      args: objectField({}).optional(),
    }).optional(),
    functionResponse: objectField({
      id: textField(),
      name: textField(),
      response: z.unknown().optional(),
    }).optional(),
    executableCode: objectField({ code: textField() }).optional(),
    codeExecutionResult: objectField({ output: textField() }).optional(),
  }),
)
type Part = z.infer<typeof part>

export const contentField = z.preprocess(
  (value) => (typeof value === 'string' ? { parts: [value] } : value),
  objectField({
    role: enumField(['USER', 'MODEL', 'SYSTEM', 'FUNCTION', 'TOOL'], 'must be user, model or system'),
    parts: z.preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(part).optional(),
    ),
    text: textField(),
  }),
)

export const clientContentField = objectField({
  turns: z.preprocess(
    (value) => (value === undefined || Array.isArray(value) ? value : [value]),
    z.array(contentField).optional(),
  ),
  turnComplete: booleanField(),
})

const SUPPORT = supportTable([
  { path: 'clientContent.turns', decision: 'used' },
  { path: 'clientContent.turnComplete', decision: 'used' },
])

type Decode = (text: string) => Uint8Array | undefined

export function parseClientContent(value: unknown, decodeBase64: Decode = decodeBase64Plain): ClientMessage {
  const content = parseField(clientContentField, value, 'clientContent')
  const notices = judgeFields(SUPPORT, 'clientContent', content)
  const calls = createCallNames()
  return {
    type: 'client-content',
    turns: (content.turns ?? []).flatMap((turn, index) =>
      contentTurns(turn, `clientContent.turns[${index}]`, calls, decodeBase64),
    ),
    turnComplete: content.turnComplete ?? false,
    ...(notices.length > 0 && { notices }),
  }
}

const ROLES = { USER: 'user', MODEL: 'model', SYSTEM: 'system', FUNCTION: 'user', TOOL: 'user' } as const

/** Members of a part that say something about it without being its content. */
const ANNOTATIONS = new Set([
  'thought',
  'thoughtSignature',
  'videoMetadata',
  'mediaResolution',
  'partMetadata',
])

/**
 * The text of an instruction found at `path`; thoughts are left out, undefined means it had no text part at all.
 * Throws a ProtocolError (1008) for a part that is not text.
 */
export function contentText(content: z.infer<typeof contentField>, path: string): string | undefined {
  const texts: string[] = content.text === undefined ? [] : [content.text]
  for (const [index, item] of (content.parts ?? []).entries()) {
    if (item.text === undefined) refuseKind(item, fieldPath(path, ['parts', index]))
    else if (!item.thought) texts.push(item.text)
  }
  return texts.length === 0 ? undefined : texts.join(joint(content.role))
}

/** A model's parts are pieces of one stream and are joined as they are, others by a line break. */
const joint = (role: string | undefined) => (role === 'MODEL' ? '' : '\n')

/** One Content: runs of text, and between them the pictures, calls and results that it holds. */
export function contentTurns(
  content: z.infer<typeof contentField>,
  path: string,
  calls: CallNames,
  decodeBase64: Decode = decodeBase64Plain,
): readonly ContentTurn[] {
  const role = ROLES[content.role ?? 'USER']
  if (role === 'system') {
    const text = contentText(content, path)
    return text === undefined ? [] : [{ role, text }]
  }
  const turns: ContentTurn[] = []
  let texts: string[] = content.text === undefined ? [] : [content.text]
  const endText = () => {
    if (texts.length > 0) turns.push({ role, text: texts.join(joint(content.role)) })
    texts = []
  }
  for (const [index, item] of (content.parts ?? []).entries()) {
    const { functionCall, functionResponse } = item
    if (functionCall) {
      endText()
      const { id, name, args = {} } = functionCall
      turns.push({ role: 'call', id: calls.called(name, id), name, args: args as JsonObject })
    } else if (functionResponse) {
      endText()
      const { id, name = '', response } = functionResponse
      const result = functionResult(response as JsonValue | undefined)
      turns.push({ role: 'result', id: calls.answered(name, id), name, result })
    } else if (item.inlineData && isPicture(item.inlineData)) {
      endText()
      const { mimeType = '', data = '' } = item.inlineData
      const place = `${fieldPath(path, ['parts', index])}.inlineData`
      const bytes = decodeBase64(data)
      if (!bytes) throw fieldError(1007, `${place}.data`, 'is not valid base64: encode the picture again.')
      turns.push({ role: 'picture', picture: parsePicture(bytes, mimeType, place) })
    } else {
      const text = partText(item)
      if (text === undefined) refuseKind(item, fieldPath(path, ['parts', index]))
      else if (!item.thought) texts.push(text)
    }
  }
  endText()
  return turns
}

const isPicture = ({ mimeType }: { mimeType?: string | undefined }) => /^\s*image\//i.test(mimeType ?? '')

/** What a part says, or for the model's eyes what it was; undefined for a part of another kind, or without content. */
function partText({
  text,
  inlineData,
  fileData,
  executableCode,
  codeExecutionResult,
}: Part): string | undefined {
  if (text !== undefined) return text
  if (executableCode) return executableCode.code ?? ''
  if (codeExecutionResult) return codeExecutionResult.output ?? ''
  const media = inlineData ?? fileData
  if (!media) return undefined
  const kind = media.mimeType?.split('/')[0]?.toLowerCase() ?? ''
  return MEDIA[kind] ?? '[Here is a file, which you cannot open.]'
}

const MEDIA: Readonly<Record<string, string>> = {
  image: '[Here is a picture, which you cannot see.]',
  video: '[Here is a video, which you cannot see.]',
  audio: '[Here is a recording, which you cannot hear.]',
}

function refuseKind(item: Part, path: string): void {
  const kind = Object.keys(item).find((key) => !ANNOTATIONS.has(key))
  if (kind === undefined) return
  throw fieldError(1008, `${path}.${truncateUtf8(kind, 30)}`, 'is not supported yet: send text parts.')
}

/** Ids for calls that came without one, so that results find their calls: in order, by name. */
interface CallNames {
  called(name: string, id: string | undefined): string
  answered(name: string, id: string | undefined): string
}

export function createCallNames(): CallNames {
  const open: { readonly name: string; readonly id: string }[] = []
  let count = 0
  const newId = () => `given-${++count}`
  return {
    called(name, id = newId()) {
      open.push({ name, id })
      return id
    },
    answered(name, id) {
      const at = open.findIndex((call) => (id === undefined ? call.name === name : call.id === id))
      const [call] = at < 0 ? [] : open.splice(at, 1)
      return id ?? call?.id ?? newId()
    },
  }
}
