/**
 * The frozen set of utterances, each after the exchange it follows, and one of them taken through the session core. Written before the word
 * lists of the decision; the practice half is for tuning, the report half for the figure. All texts are made up for this set.
 */
import { join } from 'node:path'
import type { Manner } from '../../../src/core/index.js'
import {
  type Effect,
  floorSettings,
  openSession,
  type ProactiveConfig,
  reduce,
  type SessionConfig,
  type SessionEvent,
} from '../../../src/core/index.js'
import { readLines } from '../json-lines.js'

export type Kind =
  | 'to-it'
  | 'question'
  | 'side-talk'
  | 'television'
  | 'self-talk'
  | 'other-people'
  | 'quote'
  | 'instructed'

export interface Utterance {
  readonly id: string
  readonly language: 'en' | 'es'
  readonly kind: Kind
  readonly addressed: boolean
  readonly text: string
  readonly system: string
  /** From the end of the model's last words; absent = it has not spoken yet. */
  readonly sinceMs?: number
  /** What was said before, the user's and the model's words. */
  readonly before: readonly (readonly [user: string, model: string])[]
}

/**
 * `generated`: by another hand, the default language model's, sorted by what it was asked to write; nothing is tuned on it. `unseen`: written from
 * situations in one go by who had read the word lists once; it is measured once, and no rule is changed for it. `situations`: the same again, by who knew the lists and
 * changed them afterwards with `drill`, made for that; people speak to each other without names in both.
 * `household`: tuned on; people at home and in a car, in the way of `situations`.
 * `blind`: cars, offices, shops and kitchens, with telephone calls among what other people say, by a hand that had read neither rules nor lists; it is measured once.
 * `blind-2`: the same again by another such hand, with classrooms, workshops, sickrooms and waiting rooms, announcements, and instructions that limit speech.
 * `blind-3`: by a third such hand: kitchens, cars, offices and living rooms in everyday use, with more direct questions in a running exchange.
 * `blind-4`: by a fourth such hand: twenty-two places of work and leisure, from a narrowboat to a spare-parts store, half of it meant for the assistant.
 * `blind-5`: by a fifth such hand: homes, workplaces and leisure in twenty scenes, half of it meant for the assistant. `blind-6`: by a sixth, mostly homes.
 */
export type Half =
  | 'practice'
  | 'report'
  | 'generated'
  | 'fresh'
  | 'unseen'
  | 'situations'
  | 'drill'
  | 'household'
  | 'blind'
  | 'blind-2'
  | 'blind-3'
  | 'blind-4'
  | 'blind-5'
  | 'blind-6'

export const readFrozenSet = (half: Half): Utterance[] =>
  readLines(join(import.meta.dirname, `${half}.jsonl`))

export type AskAddress = Extract<Effect, { type: 'ask-address' }>
export type AskForesight = Extract<Effect, { type: 'foresee-address' }>
export type Vote = (asked: AskAddress | AskForesight) => Promise<number>

export interface Outcome {
  readonly addressed: boolean
  readonly lead: number
  readonly why: readonly string[]
  /** The language model was asked. */
  readonly asked: boolean
}

/** How things sounded; absent = no sound, as in the figures by text. */
export interface Heard {
  readonly text: string
  /** Of the user in the exchange before, and of this. */
  readonly usual: readonly Manner[]
  readonly manner: Manner
}

/** Judges one utterance as a session does; the language model votes where the core asks it. */
export async function judgeUtterance(
  item: Utterance,
  vote: Vote,
  { heard, asks }: { readonly heard?: Heard } & Pick<ProactiveConfig, 'asks'> = {},
): Promise<Outcome> {
  const config: SessionConfig = {
    modality: 'AUDIO',
    system: item.system,
    style: '',
    floor: floorSettings({ automatic: false }),
    interruptible: true,
    inputTranscription: false,
    outputTranscription: false,
    language: item.language,
    proactive: { ...(asks && { asks }), video: false },
  }
  let at = 1_000
  let [session] = openSession(config, at)
  const feed = async (event: Record<string, unknown>): Promise<Effect[]> => {
    const [next, effects] = reduce(session, { at, ...event } as SessionEvent)
    session = next
    const all = [...effects]
    for (const effect of effects) {
      if (effect.type !== 'ask-address' && effect.type !== 'foresee-address') continue
      all.push(...(await feed({ type: 'address-vote', question: effect.question, lead: await vote(effect) })))
    }
    return all
  }
  const speak = async (text: string, manner: Manner | undefined): Promise<Effect[]> => {
    const begun = await feed({ type: 'activity-start', audioMs: at })
    const { activity } = begun.find((effect) => effect.type === 'open-activity')!
    at += 2_000
    await feed({ type: 'activity-end', audioMs: at })
    if (manner) await feed({ type: 'manner', activity, manner })
    return feed({ type: 'transcript', activity, text, language: item.language, audioMs: 2_000 })
  }
  for (const [index, [user, model]] of item.before.entries()) {
    const usual = heard?.usual[index]
    let effects = usual ? await speak(user, usual) : []
    if (!effects.some(({ type }) => type === 'start-response'))
      effects = await feed({ type: 'content', turns: [{ role: 'user', text: user }], turnComplete: true })
    const { response } = effects.find((effect) => effect.type === 'start-response')!
    await feed({ type: 'response-output', response, text: model, audioMs: 0 })
    await feed({ type: 'response-generated', response, promptTokens: 1, outputTokens: 1 })
  }
  at += item.sinceMs ?? 0
  const effects = await speak(heard?.text ?? item.text, heard?.manner)
  const { verdict } = effects.find((effect) => effect.type === 'note-address')!
  return {
    ...verdict,
    asked: effects.some(({ type }) => type === 'ask-address' || type === 'foresee-address'),
  }
}

export interface Figures {
  readonly utterances: number
  readonly precision: number
  readonly recall: number
  /** Direct questions in a running exchange, and how many of them were ignored. */
  readonly questions: number
  readonly questionsIgnored: number
  /** Where the language model was asked. */
  readonly asked: number
}

export function figuresOf(
  results: readonly { readonly item: Utterance; readonly outcome: Outcome }[],
): Figures {
  const count = (test: (result: (typeof results)[number]) => boolean) => results.filter(test).length
  const right = count(({ item, outcome }) => outcome.addressed && item.addressed)
  const isQuestion = ({ item }: (typeof results)[number]) => item.kind === 'question'
  return {
    utterances: results.length,
    precision: share(
      right,
      count(({ outcome }) => outcome.addressed),
    ),
    recall: share(
      right,
      count(({ item }) => item.addressed),
    ),
    questions: count(isQuestion),
    questionsIgnored: count((result) => isQuestion(result) && !result.outcome.addressed),
    asked: count(({ outcome }) => outcome.asked),
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((1_000 * part) / whole) / 1_000
}
