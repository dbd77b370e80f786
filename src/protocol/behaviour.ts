/**
 * How the generations of Live models differ in what a client sees of them, as one table. A session looks its row up
 * once, at setup; nothing else asks for a model's name. Differences that would only refuse what does no harm (TEXT
 * from a model of native audio, mediaChunks, thinkingConfig on 3.8) are left out on purpose: they are accepted.
 */

import type { FunctionBehavior, Sensitivity, TurnCoverage } from './client-message.js'

export interface ModelBehaviour {
  /** What a function does that declares no behaviour, and the only one that this generation knows, if so. */
  readonly functions: { readonly default: FunctionBehavior; readonly only?: FunctionBehavior }
  /** A turnComplete follows a toolCall at once: the client shows the call to its program only then. */
  readonly turnCompleteAfterCall: boolean
  /** Which clientContent stops an answer: any, or one that asks for the next answer. */
  readonly contentInterrupts: 'always' | 'when-complete'
  readonly turnCoverage: TurnCoverage
  /** How readily speech starts and silence ends an activity where nobody says. */
  readonly speechSensitivity: Sensitivity
  /** Every turnComplete says whether results of functions are still to come. */
  readonly interactionStatus: boolean
  /** A preview of the transcript comes while the user speaks. */
  readonly interimTranscripts: boolean
  /** The model may choose to stay silent: where asked to by proactivity.proactiveAudio, or without being asked. */
  readonly proactiveAudio: 'never' | 'on-request' | 'always'
  /** Answers in the user's tone of voice, where asked to by enableAffectiveDialog. */
  readonly affectiveDialog: 'never' | 'on-request'
}

interface Generation {
  readonly functions: {
    readonly developer: FunctionBehavior
    readonly vertex: FunctionBehavior
    readonly only?: FunctionBehavior
  }
  /** Parts of `x-goog-api-client` whose clients wait for a turnComplete before they look at a call. */
  readonly turnCompleteAfterCallFor: readonly string[]
  readonly contentInterrupts: ModelBehaviour['contentInterrupts']
  readonly turnCoverage: TurnCoverage
  readonly interactionStatus: boolean
  readonly interimTranscripts: boolean
  readonly proactiveAudio: ModelBehaviour['proactiveAudio']
  readonly affectiveDialog: ModelBehaviour['affectiveDialog']
}

const EITHER = { developer: 'BLOCKING', vertex: 'NON_BLOCKING' } as const
const ADK = ['google-adk/']

/** Protocol reference §3.1, §6.5 and §6.9. */
const GENERATIONS = {
  '2.0': {
    functions: EITHER,
    turnCompleteAfterCallFor: ADK,
    contentInterrupts: 'always',
    turnCoverage: 'TURN_INCLUDES_ALL_INPUT',
    interactionStatus: false,
    interimTranscripts: false,
    proactiveAudio: 'never',
    affectiveDialog: 'never',
  },
  '2.5': {
    functions: EITHER,
    turnCompleteAfterCallFor: ADK,
    contentInterrupts: 'always',
    turnCoverage: 'TURN_INCLUDES_ONLY_ACTIVITY',
    interactionStatus: false,
    interimTranscripts: false,
    proactiveAudio: 'never',
    affectiveDialog: 'never',
  },
  '2.5 native audio': {
    functions: EITHER,
    turnCompleteAfterCallFor: ADK,
    contentInterrupts: 'always',
    turnCoverage: 'TURN_INCLUDES_ONLY_ACTIVITY',
    interactionStatus: false,
    interimTranscripts: false,
    proactiveAudio: 'on-request',
    affectiveDialog: 'on-request',
  },
  '3.1': {
    functions: { developer: 'BLOCKING', vertex: 'BLOCKING', only: 'BLOCKING' },
    turnCompleteAfterCallFor: [],
    contentInterrupts: 'when-complete',
    turnCoverage: 'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
    interactionStatus: false,
    interimTranscripts: false,
    proactiveAudio: 'never',
    affectiveDialog: 'never',
  },
  '3.8': {
    functions: { developer: 'NON_BLOCKING', vertex: 'NON_BLOCKING' },
    turnCompleteAfterCallFor: [],
    contentInterrupts: 'when-complete',
    turnCoverage: 'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
    interactionStatus: false,
    interimTranscripts: true,
    proactiveAudio: 'always',
    affectiveDialog: 'never',
  },
  '3.8 extended thinking': {
    functions: { developer: 'NON_BLOCKING', vertex: 'NON_BLOCKING', only: 'NON_BLOCKING' },
    turnCompleteAfterCallFor: [],
    contentInterrupts: 'when-complete',
    turnCoverage: 'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
    interactionStatus: true,
    interimTranscripts: true,
    proactiveAudio: 'always',
    affectiveDialog: 'never',
  },
} as const satisfies Record<string, Generation>

/** First match counts; ids that the configuration adds behave as 2.5. */
const FAMILIES: readonly (readonly [RegExp, keyof typeof GENERATIONS])[] = [
  [/3\.8.*extended-thinking/, '3.8 extended thinking'],
  [/3\.8/, '3.8'],
  [/3\.1/, '3.1'],
  [/native-audio/, '2.5 native audio'],
  [/2\.0/, '2.0'],
]

/**
 * `modelPath` as the client sent it: with a publisher it came through Vertex. `apiClient` is the header
 * `x-goog-api-client`, by which frameworks name themselves; may be empty.
 */
export function behaviourOf(modelPath: string, apiClient = ''): ModelBehaviour {
  const id = modelPath.slice(modelPath.lastIndexOf('/') + 1)
  const family = FAMILIES.find(([pattern]) => pattern.test(id))?.[1] ?? '2.5'
  const { functions, turnCompleteAfterCallFor, ...shared }: Generation = GENERATIONS[family]
  const isVertex = modelPath.includes('publishers/')
  return {
    ...shared,
    speechSensitivity: isVertex ? 'LOW' : 'HIGH',
    functions: {
      default: isVertex ? functions.vertex : functions.developer,
      ...(functions.only && { only: functions.only }),
    },
    turnCompleteAfterCall: turnCompleteAfterCallFor.some((mark) => apiClient.includes(mark)),
  }
}

/** Whether the model waits for the result of a function that was declared so. */
export function isBlocking(behaviour: ModelBehaviour, declared: FunctionBehavior | undefined): boolean {
  const { functions } = behaviour
  return (functions.only ?? declared ?? functions.default) === 'BLOCKING'
}
