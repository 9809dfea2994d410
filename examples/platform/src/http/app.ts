// The service over HTTP. A handler says what to do; whether it may be done is answered by the store's guard.
import { OpenAPIHono } from '@hono/zod-openapi'
import { bodyLimit } from 'hono/body-limit'
import { ApiError, NotFoundError } from '../api-error.js'
import type { Act } from '../rules/index.js'
import type { Caller } from '../store/context.js'
import { accessApi } from './access.js'
import { boundaryLogApi } from './boundary-logs.js'
import type { AppEnv, Api } from './environment.js'
import { answerError, answerNotFound } from './errors.js'
import { keyApi } from './keys.js'
import { organizationApi } from './organizations.js'
import { personalApi } from './personal.js'
import { providerApi, type Providers } from './providers.js'
import { sessionApi } from './session-api.js'
import { requireCaller, sessionHeader, type Authenticate } from './session.js'
import { signInApi } from './sign-in.js'
import { userApi } from './users.js'

export interface AppParts {
  readonly act: Act
  readonly authenticate: Authenticate
  /** The service itself, which asks where nobody has signed in yet. */
  readonly service: () => Caller
  readonly providers: Providers
  /** Where browsers reach the service. */
  readonly accessUrl: URL
  /** Whether a proxy stands in front of it, and says where requests come from. */
  readonly isBehindProxy: boolean
}

export function createApp({
  act,
  authenticate,
  service,
  providers,
  accessUrl,
  isBehindProxy
}: AppParts): Api {
  const api = new OpenAPIHono<AppEnv>()
  api.route('/', signInApi(act, service, providers))
  api.route('/', providerApi(act, service, providers))
  // From here on, somebody has signed in.
  api.use(requireCaller(authenticate))
  for (const part of [sessionApi, userApi, accessApi, personalApi, keyApi, organizationApi, boundaryLogApi])
    api.route('/', part(act))

  const app = new OpenAPIHono<AppEnv>()
  app.use(
    bodyLimit({
      maxSize: 512 * 1024,
      onError: () => {
        throw new ApiError(413, 'The body is too long.', { detail: 'It may have 512 KiB.' })
      }
    })
  )
  app.use((context, next) => {
    context.set('isHttps', accessUrl.protocol === 'https:')
    context.set('isBehindProxy', isBehindProxy)
    // PostgreSQL holds no text with U+0000, so there is nothing that is called so.
    const { pathname, search } = new URL(context.req.url)
    if (pathname.includes('%00')) throw new NotFoundError()
    if (search.includes('%00')) throw new ApiError(400, 'The query has the character U+0000.')
    return next()
  })
  app.openAPIRegistry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'header',
    name: sessionHeader
  })
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Platform',
      version: '2.0.0',
      description: 'Users, their roles and keys, and boundary logs.'
    },
    security: [{ session: [] }]
  })
  app.route('/api/v2', api)
  app.notFound(answerNotFound(app))
  app.onError(answerError)
  return app
}
