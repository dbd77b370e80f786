/**
 * Content on the wire (roles and parts, in all the shapes that clients send) as turns of plain text. Parts that
 * carry something other than text are refused by name: dropping them would answer another question.
 */

import { z } from 'zod'

import type { ClientMessage, ContentTurn } from './client-message.js'
import { fieldError, type ProtocolError, truncateUtf8 } from './close.js'
import { judgeFields, supportTable } from './field-support.js'
import { booleanField, enumField, fieldPath, objectField, parseField, textField } from './fields.js'

/** Text stands for a part, a part for a list of parts, text for a Content. */
const part = z.preprocess(
  (value) => (typeof value === 'string' ? { text: value } : value),
  objectField({ text: textField(), thought: booleanField() }),
)

export const contentField = z.preprocess(
  (value) => (typeof value === 'string' ? { parts: [value] } : value),
  objectField({
    role: enumField(['USER', 'MODEL', 'SYSTEM']),
    parts: z.preprocess(
      (value) => (value === undefined || Array.isArray(value) ? value : [value]),
      z.array(part).optional(),
    ),
    text: textField(),
  }),
)

const clientContent = objectField({
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

export function parseClientContent(value: unknown): ClientMessage {
  const content = parseField(clientContent, value, 'clientContent')
  const turns = (content.turns ?? []).flatMap((turn, index): ContentTurn[] => {
    const text = contentText(turn, `clientContent.turns[${index}]`)
    return text === undefined ? [] : [{ role: ROLES[turn.role ?? 'USER'], text }]
  })
  const notices = judgeFields(SUPPORT, 'clientContent', content)
  return {
    type: 'client-content',
    turns,
    turnComplete: content.turnComplete ?? false,
    ...(notices.length > 0 && { notices }),
  }
}

const ROLES = { USER: 'user', MODEL: 'model', SYSTEM: 'system' } as const

/** Members of a part that say something about it without being its content. */
const ANNOTATIONS = new Set([
  'thought',
  'thoughtSignature',
  'videoMetadata',
  'mediaResolution',
  'partMetadata',
])

/**
 * The text of a Content found at `path`; thoughts are left out, undefined means it had no text part at all.
 * A model's parts are pieces of one stream and are joined as they are, others by a line break.
 * Throws a ProtocolError (1007 or 1008) for a part that is not text.
 */
export function contentText(content: z.infer<typeof contentField>, path: string): string | undefined {
  const texts: string[] = content.text === undefined ? [] : [content.text]
  for (const [index, item] of (content.parts ?? []).entries()) {
    if (item.text !== undefined) {
      if (!item.thought) texts.push(item.text)
      continue
    }
    const kind = Object.keys(item).find((key) => !ANNOTATIONS.has(key))
    if (kind !== undefined) throw refusedPart(fieldPath(path, ['parts', index]), kind)
  }
  return texts.length === 0 ? undefined : texts.join(content.role === 'MODEL' ? '' : '\n')
}

function refusedPart(path: string, kind: string): ProtocolError {
  if (kind === 'functionResponse') {
    return fieldError(1007, `${path}.functionResponse`, `does not belong here: send it in toolResponse.`)
  }
  return fieldError(1008, `${path}.${truncateUtf8(kind, 30)}`, `is not supported yet: send text parts.`)
}
