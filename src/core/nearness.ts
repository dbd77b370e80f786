/**
 * Several people around one microphone, told apart by how loud they are: where whom words are for is judged, what somebody farther away says is no part of
 * what the user says. It knows levels only; whose voice it is tells `voices`.
 */
import { BACKGROUND_BELOW_DB } from './config.js'
import type { ActivityId } from './events.js'
import type { FloorRules, Speaking } from './floor.js'
import { withVoice } from './own-voice.js'
import type { Session } from './session-state.js'
import { isSettled, type OpenTurn, type TurnPart } from './turn.js'

/**
 * Within a sentence nobody was more than 3 dB louder, for four frames of 32 ms, than in its first 0.6 s of speech (127 clips, recorded and synthetic); nor was it
 * so behind Chromium's gain control (48 sentences from −36 dB on).
 */
const NEARER_DB = 6
/** Two stretches so far apart are two people's: sentences of one speaker were up to 3.6 dB apart. */
export const APART_DB = 7
/** Sentences of one speaker are as far apart as that. */
const AS_OTHERS_DB = 4
const SOFTER_STEP = 0.25
/** Loudest frames of the background are this much below what counts as near. */
const ABOVE_OTHERS_DB = 1.5
/** Stretches of one's own words that are softer by so much last for 0.5 s and more in one of six sentences. */
const LEAST_BACKGROUND_DB = 10

/** How the floor is to tell others from the user. */
export function nearnessRules({ addressing, floor }: Session): Pick<FloorRules, 'nearerDb' | 'backgroundDb'> {
  if (!addressing) return {}
  const { othersDb } = addressing
  const loudestDb = floor.phase === 'speaking' ? floor.loudestDb : undefined
  if (othersDb === undefined || loudestDb === undefined) return { nearerDb: NEARER_DB }
  const backgroundDb = loudestDb - othersDb - ABOVE_OTHERS_DB
  if (backgroundDb < LEAST_BACKGROUND_DB) return { nearerDb: NEARER_DB }
  return { nearerDb: NEARER_DB, backgroundDb: Math.min(backgroundDb, BACKGROUND_BELOW_DB) }
}

/** Loudest frame of a part, dBFS; undefined where that is not known. */
function levelOf(part: TurnPart, { floor }: Session): number | undefined {
  if (part.kind === 'text') return undefined
  if (part.loudestDb !== undefined) return part.loudestDb
  return floor.phase === 'speaking' && floor.activity === part.id ? floor.loudestDb : undefined
}

/** The turn's activity that was said nearest: what tells how its speaker sounds. Where levels are not known, the last. */
export function nearestActivity(session: Session, turn: OpenTurn): ActivityId | undefined {
  let nearest: { readonly id: ActivityId; readonly levelDb: number } | undefined
  for (const part of turn.parts) {
    if (part.kind === 'text') continue
    const levelDb = levelOf(part, session) ?? Number.POSITIVE_INFINITY
    if (!nearest || levelDb >= nearest.levelDb) nearest = { id: part.id, levelDb }
  }
  return nearest?.id
}

/** What of a turn is judged next, once its words are known. */
export interface Due {
  readonly turn: OpenTurn
  /** What somebody nearer or farther said after it. */
  readonly rest?: OpenTurn
  readonly isNearerAfter: boolean
}

/** The parts at the turn's beginning that one voice said; undefined while their words are on their way. What others say after them is not waited for. */
export function dueTurn(session: Session, turn: OpenTurn): Due | undefined {
  const [end, isNearerAfter] = endOfVoice(session, turn)
  const { parts } = turn
  const first = end < parts.length ? { ...turn, parts: parts.slice(0, end) } : turn
  if (!isSettled(first)) return undefined
  return {
    turn: first,
    isNearerAfter,
    ...(end < parts.length && { rest: { ...turn, parts: parts.slice(end) } }),
  }
}

/** What is for the model is not answered while somebody nearer speaks: that belongs to it. Undefined until its words are known. */
export function withNearer(session: Session, due: Due): Due | undefined {
  const { turn, rest, isNearerAfter } = due
  if (!rest || !isNearerAfter) return due
  const nearer = dueTurn(session, rest)
  return (
    nearer && {
      ...nearer,
      turn: { ...turn, parts: [...turn.parts, ...nearer.turn.parts] },
      isNearerAfter: false,
    }
  )
}

function endOfVoice(
  session: Session,
  { parts, ...turn }: OpenTurn,
): readonly [end: number, isNearerAfter: boolean] {
  if (session.addressing && !turn.addressed) {
    const levels = parts.map((part) => levelOf(part, session))
    for (let end = 1; end < parts.length; end++) {
      const [one, other] = [levels[end - 1], levels[end]]
      if (one !== undefined && other !== undefined && Math.abs(one - other) > APART_DB)
        return [end, other > one]
    }
  }
  return [parts.length, false]
}

/** How much softer than who was answered the turn was said, its loudest part; undefined where that is not known. */
export function distanceDb(session: Session, turn: OpenTurn): number | undefined {
  const levels = turn.parts.flatMap((part) => levelOf(part, session) ?? [])
  return session.voiceDb === undefined || levels.length === 0
    ? undefined
    : Math.max(...levels) - session.voiceDb
}

/** Whether the turn was said from as far away as others were overheard. */
export function isAmongOthers(session: Session, turn: OpenTurn): boolean {
  const distance = distanceDb(session, turn)
  const othersDb = session.addressing?.othersDb
  if (distance === undefined || session.voiceDb === undefined || othersDb === undefined) return false
  return distance < -APART_DB && session.voiceDb + distance < othersDb + AS_OTHERS_DB
}

/**
 * Whether speech of this level begins beside the answer, and leaves it alone: farther away than the turn that is being answered, so that it is no going on of it; over the
 * answer's sound, as far away as others were heard.
 */
export function isBeside(session: Session, loudestDb: number | undefined): boolean {
  const { addressing, output } = session
  if (!addressing || loudestDb === undefined) return false
  if (isHeard(output)) {
    const { othersDb } = addressing
    return othersDb !== undefined && loudestDb < othersDb + AS_OTHERS_DB && !isNear(session, loudestDb)
  }
  if (output.phase !== 'responding' || !output.answers) return false
  const answered = output.answers.turn.parts.flatMap((part) => levelOf(part, session) ?? [])
  return answered.length > 0 && loudestDb < Math.max(...answered) - APART_DB
}

/** What began beside the answer is as near as the user by now. */
export function goesOn(session: Session, activity: ActivityId): boolean {
  const { addressing, output, floor, turn, overlap, config } = session
  if (!addressing || !config.interruptible || overlap) return false
  if (floor.phase !== 'speaking' || floor.activity !== activity) return false
  if (!turn?.parts.some((part) => part.kind === 'activity' && part.id === activity)) return false
  if (isHeard(output)) return isNear(session, floor.loudestDb)
  return output.phase === 'responding' && !isBeside(session, floor.loudestDb)
}

function isHeard(output: Session['output']): boolean {
  return (output.phase === 'responding' || output.phase === 'playing') && output.clauses.length > 0
}

function isNear({ voiceDb }: Session, loudestDb: number | undefined): boolean {
  return voiceDb === undefined || loudestDb === undefined || loudestDb >= voiceDb - APART_DB
}

/** An activity has ended: how loud those speak whom the model answers. Who is farther changes nothing, who is nearer at once. */
export function learnVoice(session: Session, floor: Speaking): Session {
  const { addressing, voiceDb } = session
  const { loudestDb, pause } = floor
  if (!addressing || voiceDb === undefined || loudestDb === undefined) return withVoice(session, floor)
  if (loudestDb < voiceDb - APART_DB || pause?.words?.text === '') return session
  return loudestDb > voiceDb + APART_DB ? { ...session, voiceDb: loudestDb } : withVoice(session, floor)
}

/** Who is answered from farther away has moved, or somebody else has taken over. */
export function followVoice(session: Session, turn: OpenTurn): Session {
  const distance = distanceDb(session, turn)
  if (session.voiceDb === undefined || distance === undefined || distance > -APART_DB) return session
  return { ...session, voiceDb: session.voiceDb + distance / 2 }
}

/** Others were heard, so loud; the end of a sentence and whoever is softer among them lower it slowly. */
export function withOthers(session: Session, levelDb: number | undefined): Session {
  const { addressing } = session
  if (!addressing || levelDb === undefined) return session
  const { othersDb = levelDb } = addressing
  const step = levelDb > othersDb ? 1 : SOFTER_STEP
  return { ...session, addressing: { ...addressing, othersDb: othersDb + step * (levelDb - othersDb) } }
}
