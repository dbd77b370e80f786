/** The HTTP side: health, the REST API, and the handlers that others bring along. */

import type { IncomingMessage } from 'node:http'

import { type Context, Hono } from 'hono'

import type { GatewayOptions } from './options.js'
import { type ApiOptions, createApi } from './rest/api.js'
import { requestFacts } from './upgrade.js'
import { createVoices, type VoicesOptions } from './voices.js'

/** What the server passes along with each request. */
export interface AppBindings {
  readonly incoming: IncomingMessage
  /** True on the TLS port. */
  readonly secure: boolean
}

type AppOptions = ApiOptions & VoicesOptions & Pick<GatewayOptions, 'metadata' | 'page' | 'logger'>

const API_PATH = /\/v1(?:alpha|beta)?\d*(?=\/)/

export function createHttpApp(options: AppOptions) {
  const app = new Hono<{ Bindings: AppBindings }>({ getPath: routedPath })
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
  app.get('/readyz', (context) => {
    const unready = options.unready()
    return unready === undefined ? context.text('ready\n') : context.text(`${unready}\n`, 503)
  })

  for (const path of ['/api/*', '/metrics']) {
    app.use(path, async (context, next) => {
      const refusal = options.checkCredential(facts(context))
      return refusal === undefined ? next() : context.text(`${refusal}\n`, 401)
    })
  }

  app.route('/api/voices', createVoices(options))

  app.route('/:version{v1[a-z0-9]*}', createApi(options, facts))

  app.all('*', async (context) => {
    const answer = await options.page?.(context.req.raw)
    return answer ?? context.text('Nothing is served at this path.\n', 404)
  })
  return app
}

/** Single slashes (some SDKs send two), and no prefix before the version of the API, as on the way to a session. */
function routedPath(request: Request): string {
  const path = new URL(request.url).pathname.replace(/\/{2,}/g, '/')
  const api = API_PATH.exec(path)
  return api ? path.slice(api.index) : path
}
