/** The core's prompt as engines take it: pictures in the place of their names. */
import type { PictureId, SessionPrompt } from '../core/index.js'
import type { Message, Picture, Prompt } from '../engine/index.js'

/** For the model's eyes, where a picture is kept no longer. */
const GONE = '[A picture that was shown earlier.]'

export function enginePrompt(
  { messages, ...rest }: SessionPrompt,
  picture: (id: PictureId) => Picture | undefined,
): Prompt {
  return {
    ...rest,
    messages: messages.map((message): Message => {
      if (!('pictures' in message) || !message.pictures) return message as Message
      const { pictures: ids, text, role } = message
      const pictures = ids.flatMap((id) => picture(id) ?? [])
      const said = pictures.length < ids.length ? `${GONE} ${text}`.trim() : text
      return { role, text: said, ...(pictures.length > 0 && { pictures }) }
    }),
  }
}
