/** What the spoken measurements of the addressee share: the model and its setup, and the figures. */
import type { LiveConfig } from '../../../src/client/index.js'
import type { Kind, Utterance } from './frozen-set.js'

/** Its profile is proactive on request. */
export const ADDRESS_MODEL = 'gemini-live-2.5-flash-preview-native-audio'

/** Answers are kept short: what they say is not measured. */
export function spokenConfig({ system, language }: Pick<Utterance, 'system' | 'language'>): LiveConfig {
  return {
    generationConfig: {
      responseModalities: ['AUDIO'],
      maxOutputTokens: 24,
      temperature: 0,
      speechConfig: { languageCode: language === 'es' ? 'es-ES' : 'en-US' },
    },
    systemInstruction: { parts: [{ text: system }] },
    proactivity: { proactiveAudio: true },
  }
}

interface Answerable {
  readonly kind: Kind
  readonly language: Utterance['language']
  readonly addressed: boolean
  readonly answered: boolean
}

export function figuresOfSpoken(units: readonly Answerable[]) {
  const of = (some: readonly Answerable[]) => {
    const answered = some.filter((unit) => unit.answered)
    const addressed = some.filter((unit) => unit.addressed)
    const right = answered.filter((unit) => unit.addressed).length
    const questions = some.filter(({ kind }) => kind === 'question')
    return {
      utterances: some.length,
      precision: share(right, answered.length),
      recall: share(right, addressed.length),
      falseAnswers: `${answered.length - right} of ${some.length - addressed.length}`,
      misses: `${addressed.length - right} of ${addressed.length}`,
      questionsIgnored: `${questions.filter((unit) => !unit.answered).length} of ${questions.length}`,
    }
  }
  const kinds = [...new Set(units.map(({ kind }) => kind))]
  return {
    all: of(units),
    english: of(units.filter(({ language }) => language === 'en')),
    spanish: of(units.filter(({ language }) => language === 'es')),
    rightByKind: Object.fromEntries(
      kinds.map((kind) => {
        const some = units.filter((unit) => unit.kind === kind)
        return [kind, `${some.filter((unit) => unit.answered === unit.addressed).length} of ${some.length}`]
      }),
    ),
  }
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((1_000 * part) / whole) / 1_000
}
