/** The HTTP side: health, the list of models in both flavours, and the handlers that others bring along. */

import type { IncomingMessage } from 'node:http'

import { type Context, Hono } from 'hono'

import { bareModelId, KNOWN_MODELS } from '../protocol/index.js'
import type { GatewayOptions } from './options.js'
import { requestFacts } from './upgrade.js'

/** What the server passes along with each request. */
export interface AppBindings {
  readonly incoming: IncomingMessage
  /** True on the TLS port. */
  readonly secure: boolean
}

type AppOptions = Pick<
  GatewayOptions,
  'ready' | 'checkCredential' | 'models' | 'metadata' | 'page' | 'logger'
>

export function createHttpApp(options: AppOptions) {
  const app = new Hono<{ Bindings: AppBindings }>({
    getPath: (request) => new URL(request.url).pathname.replace(/\/{2,}/g, '/'),
  })
  const models = [...(options.models ?? []), ...KNOWN_MODELS]
  const facts = (context: Context<{ Bindings: AppBindings }>) =>
    requestFacts(context.env.incoming, context.env.secure)

  app.onError((error, context) => {
    options.logger.error({ err: error }, 'unexpected error in an HTTP request')
    return context.text('Internal error: see the log of the server.\n', 500)
  })

  app.use(async (context, next) => {
    const answer = context.env.secure ? undefined : await options.metadata?.(context.req.raw, facts(context))
    if (answer) return answer
    return next()
  })

  app.get('/healthz', (context) => context.text('ok\n'))
  app.get('/readyz', (context) =>
    options.ready() ? context.text('ready\n') : context.text('The engines are still loading.\n', 503),
  )

  for (const path of ['/api/*', '/metrics']) {
    app.use(path, async (context, next) => {
      const refusal = options.checkCredential(facts(context))
      return refusal === undefined ? next() : context.text(`${refusal}\n`, 401)
    })
  }

  app.use('/:version{v1[a-z0-9]*}/*', async (context, next) => {
    const refusal = options.checkCredential(facts(context))
    if (refusal !== undefined) return context.json(apiError(401, 'UNAUTHENTICATED', refusal), 401)
    return next()
  })
  app.get('/:version{v1[a-z0-9]*}/models', (context) => context.json({ models: models.map(developerModel) }))
  app.get('/:version{v1[a-z0-9]*}/models/:id', (context) => {
    const id = context.req.param('id')
    return models.includes(id) ? context.json(developerModel(id)) : context.json(modelNotFound(id), 404)
  })
  app.get('/:version{v1[a-z0-9]*}/publishers/google/models', (context) =>
    context.json({ publisherModels: models.map(publisherModel) }),
  )
  app.get('/:version{v1[a-z0-9]*}/publishers/google/models/:id', (context) => {
    const id = context.req.param('id')
    return models.includes(id) ? context.json(publisherModel(id)) : context.json(modelNotFound(id), 404)
  })

  app.all('*', async (context) => {
    const answer = await options.page?.(context.req.raw)
    return answer ?? context.text('Nothing is served at this path.\n', 404)
  })
  return app
}

function developerModel(id: string) {
  return {
    name: `models/${id}`,
    displayName: id,
    version: '001',
    supportedGenerationMethods: ['bidiGenerateContent'],
  }
}

function publisherModel(id: string) {
  return { name: `publishers/google/models/${id}`, versionId: '001', supportedActions: {} }
}

function modelNotFound(id: string) {
  return apiError(404, 'NOT_FOUND', `Model ${bareModelId(id)} is not served: list the models without a name.`)
}

function apiError(code: number, status: string, message: string) {
  return { error: { code, message, status } }
}
