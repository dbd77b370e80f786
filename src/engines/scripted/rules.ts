/**
 * Carries out a script's rules: which transcript, reply, delays and failures apply to what an engine was given.
 * The only memory of the scripted engines lives here: turns heard, failures used up, replies given.
 */
import { createHash } from 'node:crypto'
import { EngineError, type Picture } from '../../engine/index.js'
import { compileRegex, type Delays, type Failure, type Rule, type Script, type ToolCall } from './script.js'

/** A user turn as the recogniser or the language model sees it; each leaves out what it can't know. */
export interface Occasion {
  /** The n-th user turn, from 1. */
  readonly turn: number
  readonly text?: string
  readonly audioMs?: number
  readonly pictures?: readonly Picture[]
  /** Results of functions that came after the last words: the model answers them. */
  readonly results?: readonly { readonly name: string; readonly json: string }[]
}

export interface Rules {
  /** What a rule lays down as the transcript. */
  findTranscript(occasion: Occasion): string | undefined
  /** What a rule has the model say and call. A rule that only calls has it say nothing. */
  findAnswer(
    occasion: Occasion,
  ): { readonly reply?: string; readonly toolCalls: readonly ToolCall[] } | undefined
  /** What a rule has the model say where it is asked whether words were said to it. */
  findAddressed(occasion: Occasion): boolean | undefined
  /** In milliseconds; 0 where nothing is stated. */
  delayMs(what: keyof Delays, occasion: Occasion | undefined): number
  /** A failure that is due, counted as used. */
  takeFailure(engine: Failure['engine'], occasion: Occasion | undefined): Failure | undefined
  /** A session begins: turns heard of speakers that nobody names are counted from 1 again. */
  startConversation(): void
  /** The number of the speech heard next in this session. */
  nextHeardTurn(session?: string): number
  /** Remembers which turn a reply belongs to, so that its synthesis can be told apart. */
  rememberReply(reply: string, occasion: Occasion): void
  /** The turn that a clause was written for, the latest one first. */
  occasionOf(clause: string): Occasion | undefined
}

const REMEMBERED_REPLIES = 64
/** Sessions whose turns are counted; the oldest are forgotten. */
const COUNTED_SESSIONS = 1_000
const UNSCRIPTED_TRANSCRIPT = /^speech of (\d+) ms$/

/** What the recogniser hears where no rule says: the length, rounded so that small shifts don't change it. */
export function unscriptedTranscript(audioMs: number): string {
  return `speech of ${Math.max(100, Math.round(audioMs / 100) * 100)} ms`
}

export function createRules(script: Script): Rules {
  const rules = script.rules.map((rule) => ({
    ...rule,
    regex: rule.match.regex === undefined ? undefined : compileRegex(rule.match.regex),
    failuresLeft: rule.fail?.times === 'always' ? Number.POSITIVE_INFINITY : (rule.fail?.times ?? 0),
  }))
  const replies: { readonly words: string; readonly occasion: Occasion }[] = []
  const heardTurns = new Map<string, number>()

  function applies(rule: (typeof rules)[number], occasion: Occasion): boolean {
    const { match, regex } = rule
    if (match.turn !== undefined && match.turn !== occasion.turn) return false
    if (match.audioMs !== undefined && !audioApplies(rule, occasion)) return false
    if (match.picture !== undefined && !pictureApplies(match.picture, occasion.pictures)) return false
    const { text, results = [] } = occasion
    if ((match.toolResult !== undefined || results.length > 0) && !resultApplies(match, results)) return false
    if (text === undefined) {
      return match.text === undefined && match.contains === undefined && regex === undefined
    }
    if (match.text !== undefined && fold(match.text) !== fold(text)) return false
    if (match.contains !== undefined && !fold(text).includes(fold(match.contains))) return false
    return regex === undefined || regex.test(text)
  }

  return {
    findTranscript: (occasion) =>
      rules.find((rule) => rule.transcript !== undefined && applies(rule, occasion))?.transcript,
    findAnswer(occasion) {
      const rule = rules.find(
        (each) => (each.reply ?? each.toolCalls) !== undefined && applies(each, occasion),
      )
      if (!rule) return undefined
      const { reply, toolCalls = [] } = rule
      return { ...(reply !== undefined && { reply }), toolCalls }
    },
    findAddressed: (occasion) =>
      rules.find((rule) => rule.addressed !== undefined && applies(rule, occasion))?.addressed,
    delayMs(what, occasion) {
      const rule =
        occasion && rules.find((each) => each.delaysMs[what] !== undefined && applies(each, occasion))
      return (rule ?? script).delaysMs[what] ?? 0
    },
    takeFailure(engine, occasion) {
      const rule =
        occasion &&
        rules.find((each) => each.failuresLeft > 0 && each.fail?.engine === engine && applies(each, occasion))
      if (rule === undefined) return undefined
      rule.failuresLeft -= 1
      return rule.fail
    },
    startConversation() {
      heardTurns.delete('')
    },
    nextHeardTurn(session = '') {
      const turn = (heardTurns.get(session) ?? 0) + 1
      heardTurns.delete(session)
      heardTurns.set(session, turn)
      const [oldest = ''] = heardTurns.keys()
      if (heardTurns.size > COUNTED_SESSIONS) heardTurns.delete(oldest)
      return turn
    },
    rememberReply(reply, occasion) {
      replies.unshift({ words: wordsOf(reply), occasion })
      replies.length = Math.min(replies.length, REMEMBERED_REPLIES)
    },
    occasionOf(clause) {
      const words = wordsOf(clause)
      return replies.find((reply) => reply.words.includes(words))?.occasion
    },
  }
}

export function failureError(failure: Failure): EngineError {
  return new EngineError(failure.code, `the script makes this engine fail with ${failure.code}`)
}

/** The language model doesn't see audio; it knows its length from the transcript that the audio had. */
function audioApplies(rule: Rule, occasion: Occasion): boolean {
  const { min = 0, max = Number.POSITIVE_INFINITY } = rule.match.audioMs ?? {}
  if (occasion.audioMs !== undefined) return occasion.audioMs >= min && occasion.audioMs <= max
  const text = occasion.text ?? ''
  if (rule.transcript !== undefined) return fold(rule.transcript) === fold(text)
  const audioMs = Number(UNSCRIPTED_TRANSCRIPT.exec(text)?.[1] ?? Number.NaN)
  return audioMs >= min && audioMs <= max
}

function pictureApplies(wanted: string, pictures: readonly Picture[] = []): boolean {
  if (wanted === 'none') return pictures.length === 0
  return pictures.some(({ bytes, mimeType }) => {
    if (wanted === 'any' || mimeType === `image/${wanted}`) return true
    return createHash('sha256').update(bytes).digest('hex').startsWith(wanted)
  })
}

/** Of several results at once, a rule may be about any; rules about words alone are about none. */
function resultApplies(match: Rule['match'], results: NonNullable<Occasion['results']>): boolean {
  const { toolResult, result } = match
  if (toolResult === undefined) return false
  return results.some(
    ({ name, json }) => name === toolResult && (result === undefined || fold(json).includes(fold(result))),
  )
}

function fold(text: string): string {
  return text.trim().toLowerCase()
}

/** Letters and digits only, since a clause may have lost its punctuation on the way to the synthesiser. */
function wordsOf(text: string): string {
  return ` ${(fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).join(' ')} `
}
