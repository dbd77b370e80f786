/**
 * The user's turn while it is being composed: activities whose words may still be on their way, and typed text, in the
 * order they came. It knows nothing of responses.
 */
import type { SessionMessage, SpokenParts } from './effects.js'
import type { ActivityId } from './events.js'

export interface OpenTurn {
  readonly parts: readonly TurnPart[]
  /** The client is waiting for the end of this turn: it marked the activity itself, or sent a file. */
  readonly explicit: boolean
  /** An answer was begun or cut off before: it follows even when no words were heard. */
  readonly owed: boolean
  /** An answer was begun, so that all of it is for the model; absent = that is not decided, or no question. */
  readonly addressed?: boolean
  /** Words of others before it belong to the same turn of the client's. */
  readonly follows?: true
}

export type TurnPart =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'activity'
      readonly id: ActivityId
      readonly state: ActivityState
      /** Its loudest frame of speech, dBFS, once it is over; absent = not known. */
      readonly loudestDb?: number
    }

export type ActivityState =
  | { readonly phase: 'open' }
  | { readonly phase: 'awaiting'; readonly attempt: 1 | 2 }
  /** `announced` = the client has its transcript. */
  | { readonly phase: 'heard'; readonly text: string; readonly announced: boolean }
  | { readonly phase: 'failed' }

export const NEW_TURN: OpenTurn = { parts: [], explicit: false, owed: false }

export function withPart(turn: OpenTurn | undefined, part: TurnPart): OpenTurn {
  const base = turn ?? NEW_TURN
  return { ...base, parts: [...base.parts, part] }
}

export function withActivity(turn: OpenTurn, id: ActivityId, state: ActivityState): OpenTurn {
  return {
    ...turn,
    parts: turn.parts.map((part) => (part.kind === 'activity' && part.id === id ? { ...part, state } : part)),
  }
}

export function withLevel(turn: OpenTurn, id: ActivityId, loudestDb: number | undefined): OpenTurn {
  if (loudestDb === undefined) return turn
  return {
    ...turn,
    parts: turn.parts.map((part) =>
      part.kind === 'activity' && part.id === id ? { ...part, loudestDb } : part,
    ),
  }
}

export function withoutActivity(turn: OpenTurn, id: ActivityId): OpenTurn | undefined {
  const parts = turn.parts.filter((part) => part.kind !== 'activity' || part.id !== id)
  return parts.length === 0 && !turn.owed ? undefined : { ...turn, parts }
}

export function activityState(turn: OpenTurn | undefined, id: ActivityId): ActivityState | undefined {
  for (const part of turn?.parts ?? []) if (part.kind === 'activity' && part.id === id) return part.state
  return undefined
}

/** True once every word of the turn is known. */
export function isSettled(turn: OpenTurn): boolean {
  return turn.parts.every(
    (part) => part.kind === 'text' || part.state.phase === 'heard' || part.state.phase === 'failed',
  )
}

export function turnText(turn: OpenTurn): string {
  return turn.parts
    .map((part) => (part.kind === 'text' ? part.text : part.state.phase === 'heard' ? part.state.text : ''))
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join(' ')
}

/** Something was typed, if only " ", or words were heard. */
export function hasSpoken({ parts }: OpenTurn): boolean {
  return parts.some(
    (part) => part.kind === 'text' || (part.state.phase === 'heard' && part.state.text !== ''),
  )
}

/** The turn as a message of the history. `text`: its words; `hears`: the model takes the speech itself. */
export function askedMessage(turn: OpenTurn, text: string, hears = false): SessionMessage {
  const speech = hears ? spokenParts(turn) : undefined
  return { role: 'user', text, ...(speech && { speech }) }
}

/** Without sounds in which no word was heard. Where recognition failed nobody knows, and the model may. */
function spokenParts({ parts }: OpenTurn): SpokenParts | undefined {
  const activities = parts.flatMap((part) => {
    if (part.kind === 'text') return []
    const { id, state } = part
    return state.phase === 'failed' || (state.phase === 'heard' && state.text !== '') ? [id] : []
  })
  if (activities.length === 0) return undefined
  const typed = parts.flatMap((part) => (part.kind === 'text' ? [part.text.trim()] : []))
  return { activities, typed: typed.filter((text) => text !== '').join(' ') }
}

/** Texts that may go to the client now: those of activities before which every other one is settled, so that they come in the order of speech. */
export function takeAnnouncements(turn: OpenTurn): {
  readonly turn: OpenTurn
  readonly texts: readonly string[]
} {
  const texts: string[] = []
  let before = turn.follows ? ' ' : ''
  let inOrder = true
  const parts = turn.parts.map((part): TurnPart => {
    if (part.kind === 'text') {
      before += part.text
      return part
    }
    const { state } = part
    if (state.phase === 'open' || state.phase === 'awaiting') inOrder = false
    if (state.phase !== 'heard' || !inOrder) return part
    if (!state.announced && state.text !== '') texts.push(before === '' ? state.text : ` ${state.text}`)
    before += state.text
    return { ...part, state: { ...state, announced: true } }
  })
  return { turn: { ...turn, parts }, texts }
}

export function hasFailed(turn: OpenTurn): boolean {
  return turn.parts.some((part) => part.kind === 'activity' && part.state.phase === 'failed')
}

export function awaitingActivities(turn: OpenTurn | undefined): readonly ActivityId[] {
  return (turn?.parts ?? []).flatMap((part) =>
    part.kind === 'activity' && part.state.phase === 'awaiting' ? [part.id] : [],
  )
}
