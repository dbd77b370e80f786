/** The list of models and one of them, in the Developer API's shape and in Vertex's, page by page. */

import { INPUT_TOKEN_LIMIT, KNOWN_MODELS } from '../../protocol/index.js'
import { ApiError } from './api-error.js'

/** What the service announces for these models; clients plan with it. */
const OUTPUT_TOKEN_LIMIT = 8_192
const LIVE_METHODS = ['bidiGenerateContent']
/** Those of a server that answers without a session as well. */
const TEXT_METHODS = ['generateContent', 'countTokens']

const PAGE_SIZE = 50
const MAX_PAGE_SIZE = 1_000

export type Flavour = 'developer' | 'vertex'

export interface ModelDirectory {
  has(id: string): boolean
  /** Throws an ApiError (NOT_FOUND) that says how to find the others. */
  get(id: string, flavour: Flavour): object
  /** One page. Throws an ApiError for a page size or token that is none. */
  list(flavour: Flavour, query: URLSearchParams): object
  /** Throws as `get` does. */
  require(id: string): void
}

/** `extra`: ids that the configuration adds; they come first. `hasText`: answers are given without a session, too. */
export function createModelDirectory(extra: readonly string[], hasText: boolean): ModelDirectory {
  const methods = hasText ? [...TEXT_METHODS, ...LIVE_METHODS] : LIVE_METHODS
  const ids = [...new Set([...extra, ...KNOWN_MODELS])]
  const has = (id: string) => ids.includes(id)
  const resource = (id: string, flavour: Flavour) =>
    flavour === 'developer' ? developerModel(id, methods) : publisherModel(id, methods)
  const require = (id: string) => {
    if (has(id)) return
    throw new ApiError(
      'NOT_FOUND',
      `models/${id.slice(0, 80)} is not found. Call ListModels (GET /v1beta/models) to see what is served, or serve it with --model.`,
    )
  }
  return {
    has,
    require,
    get(id, flavour) {
      require(id)
      return resource(id, flavour)
    },
    list(flavour, query) {
      const start = offsetOf(query.get('pageToken') ?? '', ids.length)
      const end = start + pageSizeOf(query.get('pageSize'))
      const page = ids.slice(start, end).map((id) => resource(id, flavour))
      return {
        [flavour === 'developer' ? 'models' : 'publisherModels']: page,
        ...(end < ids.length && { nextPageToken: Buffer.from(`from ${end}`).toString('base64url') }),
      }
    },
  }
}

function offsetOf(token: string, count: number): number {
  if (token === '') return 0
  const offset = Number(
    /^from (\d+)$/.exec(Buffer.from(token, 'base64url').toString('utf8'))?.[1] ?? Number.NaN,
  )
  if (!(offset <= count))
    throw new ApiError('INVALID_ARGUMENT', 'pageToken is not one of this list: leave it out.')
  return offset
}

function pageSizeOf(text: string | null): number {
  if (text === null || text === '') return PAGE_SIZE
  const size = Number(text)
  if (!Number.isInteger(size) || size < 0)
    throw new ApiError('INVALID_ARGUMENT', 'pageSize must be a whole number.')
  return size === 0 ? PAGE_SIZE : Math.min(size, MAX_PAGE_SIZE)
}

function developerModel(id: string, methods: readonly string[]) {
  return {
    name: `models/${id}`,
    baseModelId: id,
    version: '001',
    displayName: id,
    description:
      'A live conversation with the engines of this server; text answers come from its language model.',
    inputTokenLimit: INPUT_TOKEN_LIMIT,
    outputTokenLimit: OUTPUT_TOKEN_LIMIT,
    supportedGenerationMethods: methods,
  }
}

function publisherModel(id: string, methods: readonly string[]) {
  return {
    name: `publishers/google/models/${id}`,
    versionId: '001',
    launchStage: 'GA',
    publisherModelTemplate: `projects/{user-project}/locations/{location}/publishers/google/models/${id}`,
    supportedActions: {},
    supportedGenerationMethods: methods,
  }
}
