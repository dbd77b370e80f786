/**
 * The REST surface around Live sessions, in the paths of the Developer API, of Vertex AI with a project and of Vertex
 * in express mode: who may ask, which handler answers, errors as Google's SDKs read them. Knows no engine.
 */

import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { presentedCredentials } from '../credentials.js'
import type { AppBindings } from '../http-app.js'
import type { GatewayOptions, RequestFacts } from '../options.js'
import { TOKEN_PREFIX } from '../tokens/tokens.js'
import { ApiError, apiErrorResponse, responseToError } from './api-error.js'
import { readTokenTerms, tokenResource } from './auth-tokens.js'
import { countTokens, generateContent, streamGenerateContent } from './generate.js'
import { jsonBody } from './json-body.js'
import { createModelDirectory, type Flavour } from './models.js'

type Env = { Bindings: AppBindings }

export type ApiOptions = Pick<
  GatewayOptions,
  'checkCredential' | 'checkOrigin' | 'keyOf' | 'tokens' | 'models' | 'text'
> & {
  readonly maxBodyBytes: number
  /** Why nobody is served now, in a sentence. */
  readonly unready: () => string | undefined
}

/** Setups hold instructions and tools, not media. */
const MAX_TOKEN_BODY_BYTES = 1024 * 1024

const BASES: readonly { readonly base: string; readonly flavour: Flavour }[] = [
  { base: '/models', flavour: 'developer' },
  { base: '/publishers/google/models', flavour: 'vertex' },
  { base: '/projects/:project/locations/:location/publishers/google/models', flavour: 'vertex' },
]

/** Routes below `/v1`, `/v1beta`, `/v1alpha` and `/v1beta1`. */
export function createApi(options: ApiOptions, factsOf: (context: Context<Env>) => RequestFacts) {
  const app = new Hono<Env>()
  const models = createModelDirectory(options.models ?? [], options.text !== undefined)

  app.onError((error) => {
    const response = responseToError(error)
    if (response) return response
    throw error
  })
  app.use(webPages(options, factsOf))
  app.use(async (context, next) => {
    const facts = factsOf(context)
    if (presentedCredentials(facts).some((credential) => credential.startsWith(TOKEN_PREFIX))) {
      throw new ApiError(
        'UNAUTHENTICATED',
        'Ephemeral tokens are for Live sessions only: use an API key here.',
      )
    }
    const refusal = options.checkCredential(facts)
    if (refusal !== undefined) throw new ApiError('UNAUTHENTICATED', refusal)
    return next()
  })

  for (const { base, flavour } of BASES) {
    app.get(base, (context) => context.json(models.list(flavour, new URL(context.req.url).searchParams)))
    app.get(`${base}/:id`, (context) => context.json(models.get(context.req.param('id') ?? '', flavour)))
    app.post(`${base}/:call`, (context) => call(context, context.req.param('call') ?? ''))
  }
  // Nobody tunes models here; the SDKs list them all the same.
  app.get('/tunedModels', (context) => context.json({ tunedModels: [] }))
  app.get('/projects/:project/locations/:location/models', (context) => context.json({ models: [] }))

  app.post('/auth_tokens', async (context) => {
    if (!options.tokens) throw new ApiError('UNIMPLEMENTED', 'This server makes no ephemeral tokens.')
    const terms = readTokenTerms(await jsonBody(context.req.raw, MAX_TOKEN_BODY_BYTES), Date.now())
    const name = options.tokens.create(terms, options.keyOf?.(factsOf(context)))
    return context.json(tokenResource(name, terms))
  })

  app.all('*', (context) =>
    apiErrorResponse(
      'NOT_FOUND',
      `Nothing is served at ${context.req.method} ${context.req.path.slice(0, 200)}: there are models, generateContent, ` +
        'streamGenerateContent, countTokens, auth_tokens and Live sessions.',
    ),
  )

  async function call(context: Context<Env>, text: string): Promise<Response> {
    const [, id = '', method = ''] = /^(.*):(\w+)$/.exec(text) ?? []
    if (method === '')
      throw new ApiError('NOT_FOUND', 'Add a method to the model: POST …/models/MODEL:generateContent.')
    models.require(id)
    const unready = options.unready()
    if (unready !== undefined) throw new ApiError('UNAVAILABLE', unready)
    if (!options.text) throw unsupported(id, method)
    const generator = options.text()
    if (!generator) throw new ApiError('UNAVAILABLE', 'The language model is not ready yet; try again.')
    const { signal } = context.req.raw
    const body = () => jsonBody(context.req.raw, options.maxBodyBytes)
    switch (method) {
      case 'generateContent':
        return generateContent(generator, id, await body(), signal)
      case 'streamGenerateContent':
        return streamGenerateContent(generator, id, await body(), context.req.query('alt') === 'sse', signal)
      case 'countTokens':
        return countTokens(generator, await body(), signal)
      default:
        throw unsupported(id, method)
    }
  }

  return app
}

/** As the service says it of a method that a model does not have. */
function unsupported(id: string, method: string): ApiError {
  return new ApiError(
    'NOT_FOUND',
    `models/${id} is not supported for ${method.slice(0, 80)}. Call ListModels (GET /v1beta/models) to see its methods.`,
  )
}

/** Pages that may open a Live session may call the API as well, and no others. */
function webPages(
  options: ApiOptions,
  factsOf: (context: Context<Env>) => RequestFacts,
): MiddlewareHandler<Env> {
  return async (context, next) => {
    const origin = context.req.header('origin')
    if (origin === undefined) return next()
    const refusal = options.checkOrigin(factsOf(context))
    if (refusal !== undefined) return apiErrorResponse('PERMISSION_DENIED', refusal)
    if (context.req.method === 'OPTIONS') {
      return new Response(null, {
        status: 204,
        headers: {
          'access-control-allow-origin': origin,
          'access-control-allow-methods': 'GET, POST',
          'access-control-allow-headers': context.req.header('access-control-request-headers') ?? '*',
          'access-control-max-age': '600',
          vary: 'origin',
        },
      })
    }
    await next()
    context.res.headers.set('access-control-allow-origin', origin)
    context.res.headers.append('vary', 'origin')
  }
}
