/**
 * The pictures of a request as the language model can take them: shown to a model that sees, for the others in words. Behind live
 * conversations on the processor, as the request itself.
 */
import {
  EngineError,
  type LookOptions,
  type Message,
  type Picture,
  type View,
  type VisionModel,
} from '../engine/index.js'
import { type ComputeGate, PRIORITY } from './compute-gate.js'
import { describeSight } from './describe-sight.js'
import type { TextRequest, TextTurn } from './text-generator.js'

export interface SeenRequest {
  readonly messages: readonly Message[]
  /** The messages hold pictures. */
  readonly shown: boolean
}

/** Throws `EngineError` where there are pictures and nobody sees, or one is no whole picture. */
export async function seePictures(
  { turns, mediaResolution = 'MEDIUM' }: Pick<TextRequest, 'turns' | 'mediaResolution'>,
  { vision, gate }: { readonly vision: VisionModel | undefined; readonly gate: ComputeGate },
  signal: AbortSignal,
): Promise<SeenRequest> {
  const hasPictures = turns.some(({ role }) => role === 'picture')
  if (!hasPictures) return { messages: turns as readonly Message[], shown: false }
  if (!vision) {
    throw new EngineError(
      'engine-refused',
      'contents: inlineData is not supported: no vision engine is running here. Send text parts.',
    )
  }
  const view = vision.languageModel ? undefined : vision.open({ signal })
  const detail = mediaResolution.toLowerCase() as LookOptions['detail']
  if (!view) return { messages: withPictures(turns), shown: true }
  const messages: Message[] = []
  try {
    for (const turn of turns) {
      if (turn.role !== 'picture') messages.push(turn)
      else messages.push({ role: 'user', text: await look(view, turn.picture, detail, gate, signal) })
    }
  } finally {
    view.close()
  }
  return { messages, shown: false }
}

/** Pictures go with what the user says next. */
function withPictures(turns: readonly TextTurn[]): Message[] {
  const messages: Message[] = []
  let pictures: Picture[] = []
  for (const turn of turns) {
    if (turn.role === 'picture') pictures.push(turn.picture)
    else if (turn.role === 'user' && pictures.length > 0) {
      messages.push({ ...turn, pictures })
      pictures = []
    } else messages.push(turn)
  }
  return pictures.length === 0 ? messages : [...messages, { role: 'user', text: '', pictures }]
}

async function look(
  view: View,
  picture: Picture,
  detail: LookOptions['detail'],
  gate: ComputeGate,
  signal: AbortSignal,
): Promise<string> {
  const parts = view.look(picture, { detail }, signal)[Symbol.asyncIterator]()
  try {
    for (;;) {
      const { done, value } = await gate.run('vision', PRIORITY.background, signal, () => parts.next())
      if (done) throw new EngineError('engine-failed', 'A look ended without a sight.')
      if (value.type === 'sight') return describeSight(value.sight, 'image', detail)
    }
  } finally {
    await parts.return?.()
  }
}
