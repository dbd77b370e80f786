/**
 * Every setting as data: how it is shown, where it stands in the setup message and what it says there. The form, the
 * address, the generated programs and the tests are all made from this table. Settings that the server does not offer
 * are not in `FIELDS`.
 */

import { KNOWN_MODELS } from 'vivavoce/protocol'
import { setupIsOffered } from './offers'
import { LANGUAGES, VOICES } from './voices'

export type FieldValue = string | number | boolean
/** Absent means: what the server does by itself. */
export type Setup = Readonly<Record<string, FieldValue | undefined>>

export type Group = 'model' | 'instruction' | 'tools' | 'turns' | 'generation' | 'transcripts'

interface FieldBase {
  /** Unique; it is the name in the address, and that of its texts. */
  readonly name: string
  readonly group: Group
  /** In `setup`, with dots. */
  readonly path: string
  /** A value to ask the server's decoder with. */
  readonly sample: FieldValue
  /** What the wire says for a value; default: the value. Undefined leaves it out. */
  readonly wire?: (value: never) => unknown
  /** Settings that make this one meaningless hide it. */
  readonly when?: (setup: Setup) => boolean
}

export type Field =
  | (FieldBase & { readonly kind: 'select'; readonly options: readonly string[]; readonly free?: true })
  | (FieldBase & {
      readonly kind: 'number'
      readonly min: number
      readonly max: number
      readonly step: number
      readonly unit?: string
      readonly slider?: true
    })
  | (FieldBase & { readonly kind: 'toggle'; readonly initial: boolean })
  | (FieldBase & { readonly kind: 'text' | 'json' })

const detection = 'realtimeInputConfig.automaticActivityDetection'
const generation = 'generationConfig'
const automatic = (setup: Setup) => setup.manual !== true
const spoken = (setup: Setup) => setup.modality !== 'TEXT'
const presence = (on: boolean) => (on ? {} : undefined)

const ALL: readonly Field[] = [
  {
    name: 'model',
    group: 'model',
    kind: 'select',
    path: 'model',
    options: KNOWN_MODELS,
    sample: KNOWN_MODELS[0]!,
    wire: (id: string) => `models/${id}`,
  },
  {
    name: 'modality',
    group: 'model',
    kind: 'select',
    path: `${generation}.responseModalities`,
    options: ['AUDIO', 'TEXT'],
    sample: 'AUDIO',
    wire: (name: string) => [name],
  },
  {
    name: 'voice',
    group: 'model',
    kind: 'select',
    path: `${generation}.speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName`,
    options: VOICES.map(([name]) => name),
    sample: 'Kore',
    when: spoken,
  },
  {
    name: 'language',
    group: 'model',
    kind: 'select',
    path: `${generation}.speechConfig.languageCode`,
    options: LANGUAGES,
    free: true,
    sample: 'en-US',
  },
  {
    name: 'affective',
    group: 'model',
    kind: 'toggle',
    path: `${generation}.enableAffectiveDialog`,
    initial: false,
    sample: true,
    wire: (on: boolean) => on || undefined,
  },
  {
    name: 'proactive',
    group: 'model',
    kind: 'toggle',
    path: 'proactivity.proactiveAudio',
    initial: false,
    sample: true,
    wire: (on: boolean) => on || undefined,
  },
  {
    name: 'system',
    group: 'instruction',
    kind: 'text',
    path: 'systemInstruction',
    sample: 'Be brief.',
    wire: (text: string) => (text.trim() === '' ? undefined : { parts: [{ text }] }),
  },
  {
    name: 'tools',
    group: 'tools',
    kind: 'json',
    path: 'tools',
    sample: '[{ "name": "f", "description": "d" }]',
    wire: toolsOf,
  },
  {
    name: 'manual',
    group: 'turns',
    kind: 'toggle',
    path: `${detection}.disabled`,
    initial: false,
    sample: true,
    wire: (on: boolean) => on || undefined,
  },
  {
    name: 'startSensitivity',
    group: 'turns',
    kind: 'select',
    path: `${detection}.startOfSpeechSensitivity`,
    options: ['START_SENSITIVITY_HIGH', 'START_SENSITIVITY_LOW'],
    sample: 'START_SENSITIVITY_LOW',
    when: automatic,
  },
  {
    name: 'endSensitivity',
    group: 'turns',
    kind: 'select',
    path: `${detection}.endOfSpeechSensitivity`,
    options: ['END_SENSITIVITY_HIGH', 'END_SENSITIVITY_LOW'],
    sample: 'END_SENSITIVITY_LOW',
    when: automatic,
  },
  {
    name: 'prefixPaddingMs',
    group: 'turns',
    kind: 'number',
    path: `${detection}.prefixPaddingMs`,
    min: 0,
    max: 60_000,
    step: 10,
    unit: 'ms',
    sample: 20,
    when: automatic,
  },
  {
    name: 'silenceDurationMs',
    group: 'turns',
    kind: 'number',
    path: `${detection}.silenceDurationMs`,
    min: 0,
    max: 60_000,
    step: 50,
    unit: 'ms',
    sample: 100,
    when: automatic,
  },
  {
    name: 'activityHandling',
    group: 'turns',
    kind: 'select',
    path: 'realtimeInputConfig.activityHandling',
    options: ['START_OF_ACTIVITY_INTERRUPTS', 'NO_INTERRUPTION'],
    sample: 'NO_INTERRUPTION',
  },
  {
    name: 'turnCoverage',
    group: 'turns',
    kind: 'select',
    path: 'realtimeInputConfig.turnCoverage',
    options: [
      'TURN_INCLUDES_ONLY_ACTIVITY',
      'TURN_INCLUDES_ALL_INPUT',
      'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
    ],
    sample: 'TURN_INCLUDES_ALL_INPUT',
  },
  ...(
    [
      ['temperature', 0, 2, 0.05, true],
      ['topP', 0, 1, 0.01, true],
      ['topK', 1, 1000, 1],
      ['maxOutputTokens', 1, 65_536, 1],
      ['seed', -2_147_483_648, 2_147_483_647, 1],
      ['presencePenalty', -2, 2, 0.1, true],
      ['frequencyPenalty', -2, 2, 0.1, true],
    ] as const
  ).map(
    ([name, min, max, step, slider]): Field => ({
      name,
      group: 'generation',
      kind: 'number',
      path: `${generation}.${name}`,
      min,
      max,
      step,
      sample: max === 1 ? 0.5 : 1,
      ...(slider && { slider }),
    }),
  ),
  {
    name: 'mediaResolution',
    group: 'generation',
    kind: 'select',
    path: `${generation}.mediaResolution`,
    options: ['MEDIA_RESOLUTION_LOW', 'MEDIA_RESOLUTION_MEDIUM', 'MEDIA_RESOLUTION_HIGH'],
    sample: 'MEDIA_RESOLUTION_LOW',
  },
  {
    name: 'inputTranscript',
    group: 'transcripts',
    kind: 'toggle',
    path: 'inputAudioTranscription',
    initial: true,
    sample: true,
    wire: presence,
  },
  {
    name: 'outputTranscript',
    group: 'transcripts',
    kind: 'toggle',
    path: 'outputAudioTranscription',
    initial: true,
    sample: true,
    wire: presence,
    when: spoken,
  },
]

export const FIELDS: readonly Field[] = ALL.filter(
  (field) => field.path === 'model' || setupIsOffered(nested(field.path, wireOf(field, field.sample))),
)

export const GROUPS: readonly Group[] = (
  ['model', 'instruction', 'tools', 'turns', 'transcripts', 'generation'] as const
).filter((group) => FIELDS.some((field) => field.group === group))

/** The value a field stands for where the setup says nothing: toggles have one, others leave it to the server. */
export function valueIn(field: Field, setup: Setup): FieldValue | undefined {
  const value = setup[field.name]
  if (field.kind === 'toggle') return value ?? field.initial
  if (field.name === 'model') return value ?? KNOWN_MODELS[0]
  if (field.name === 'modality') return value ?? 'AUDIO'
  return value
}

export function wireOf(field: Field, value: FieldValue | undefined): unknown {
  if (value === undefined || value === '') return undefined
  return field.wire === undefined ? value : field.wire(value as never)
}

/** An object with `value` at `path`. */
export function nested(path: string, value: unknown): Record<string, unknown> {
  const [key = '', ...rest] = path.split('.')
  return { [key]: rest.length === 0 ? value : nested(rest.join('.'), value) }
}

/** A list of function declarations is the one thing most people want; whole tools are taken as they are. */
function toolsOf(text: string): unknown {
  if (text.trim() === '') return undefined
  const parsed: unknown = JSON.parse(text)
  const list = Array.isArray(parsed) ? parsed : [parsed]
  if (list.length === 0) return undefined
  const isDeclaration = (item: unknown) => typeof item === 'object' && item !== null && 'name' in item
  return list.every(isDeclaration) ? [{ functionDeclarations: list }] : list
}
