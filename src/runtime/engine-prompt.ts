/** The core's prompt as engines take it: pictures and speech in the place of their names. */
import type { ActivityId, PictureId, PromptMessage, SessionPrompt } from '../core/index.js'
import type { Message, Picture, Prompt, Speech } from '../engine/index.js'

/** For the model's eyes, where a picture is kept no longer. */
const GONE = '[A picture that was shown earlier.]'
/** For its ears, where speech that nobody could recognise is kept no longer. */
const UNHEARD = '[Speech that was not understood.]'

export interface Shown {
  picture(id: PictureId): Picture | undefined
  recording(id: ActivityId): Float32Array | undefined
}

export function enginePrompt({ messages, ...rest }: SessionPrompt, shown: Shown): Prompt {
  return { ...rest, messages: messages.map((message) => engineMessage(message, shown)) }
}

function engineMessage(message: PromptMessage, shown: Shown): Message {
  if (!('pictures' in message) && !('speech' in message)) return message as Message
  const { pictures: ids = [], speech: spoken, role } = message
  const pictures = ids.flatMap((id) => shown.picture(id) ?? [])
  const speech = spoken && speechOf(spoken, shown)
  const words = message.text === '' && spoken && !speech ? UNHEARD : message.text
  const text = pictures.length < ids.length ? `${GONE} ${words}`.trim() : words
  return { role, text, ...(pictures.length > 0 && { pictures }), ...(speech && { speech }) }
}

/** All of it, or none: half a question is worse than its words. */
function speechOf(
  { activities, typed }: { readonly activities: readonly ActivityId[]; readonly typed: string },
  { recording }: Shown,
): Speech | undefined {
  const recordings = activities.flatMap((id) => recording(id) ?? [])
  return recordings.length === activities.length ? { recordings, typed } : undefined
}
