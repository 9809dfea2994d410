// Signing in and out, and making the first account. Whoever asks here has not signed in yet.
import { createRoute } from '@hono/zod-openapi'
import { ApiError } from '../api-error.js'
import type { Act } from '../rules/index.js'
import type { Caller } from '../store/context.js'
import { answer, body, conflicts, refusals, responseSchema, text, tooOften, z } from '../schemas/common.js'
import { firstUserAnswer, firstUserSchema } from '../schemas/users.js'
import { hashPassword } from '../secrets/password.js'
import { admitByPassword } from '../store/admit.js'
import type { Providers } from './providers.js'
import { addressOf } from './address.js'
import { createApi, type Api } from './environment.js'

const tags = ['Signing in']
const security: never[] = []

const login = createRoute({
  method: 'post',
  path: '/users/login',
  tags,
  security,
  summary: 'Sign in with an address and a password',
  request: body(z.strictObject({ email: text(254), password: z.string().max(1024) }).openapi('LoginRequest')),
  responses: {
    201: answer(z.object({ session_token: z.string() }), 'The key of the new session.'),
    ...refusals,
    ...tooOften
  }
})

const authMethods = createRoute({
  method: 'get',
  path: '/users/authmethods',
  tags,
  security,
  summary: 'Show how one may sign in',
  responses: {
    200: answer(
      z
        .object({
          terms_of_service_url: z.string(),
          github: z.object({ enabled: z.boolean(), default_provider_configured: z.boolean() }),
          oidc: z.object({ enabled: z.boolean(), signInText: z.string(), iconUrl: z.string() }),
          password: z.object({ enabled: z.boolean() })
        })
        .openapi('AuthMethods'),
      'The ways.'
    )
  }
})

const hasFirst = createRoute({
  method: 'get',
  path: '/users/first',
  tags,
  security,
  summary: 'Show whether the first account has been made',
  responses: {
    200: answer(responseSchema, 'It has.'),
    404: answer(responseSchema, 'It has not.')
  }
})

const createFirst = createRoute({
  method: 'post',
  path: '/users/first',
  tags,
  security,
  summary: 'Make the first account, which may do everything',
  request: body(firstUserSchema),
  responses: { 201: answer(firstUserAnswer, 'The account, and its organization.'), ...conflicts }
})

export function signInApi(act: Act, service: () => Caller, { oidc, github, settings }: Providers): Api {
  return createApi()
    .openapi(login, async (context) => {
      const address = addressOf(context)
      const token = await admitByPassword(act, service(), { ...context.req.valid('json'), address })
      return context.json({ session_token: token }, 201)
    })
    .openapi(authMethods, (context) =>
      context.json(
        {
          terms_of_service_url: '',
          github: { enabled: github !== undefined, default_provider_configured: false },
          oidc: {
            enabled: oidc !== undefined,
            signInText: settings.oidc?.signInText ?? '',
            iconUrl: settings.oidc?.iconUrl ?? ''
          },
          password: { enabled: true }
        },
        200
      )
    )
    .openapi(hasFirst, async (context) => {
      if (!(await act(service(), (store) => store.hasUsers())))
        throw new ApiError(404, 'The first account has not been made yet.')
      return context.json({ message: 'The first account has been made.', detail: '', validations: [] }, 200)
    })
    .openapi(createFirst, async (context) => {
      const { username, email, name, password } = context.req.valid('json')
      const passwordHash = await hashPassword(password)
      return act(service(), async (store) => {
        // Of two who ask at once, the second waits here.
        if (await store.hasUsers(true)) throw new ApiError(403, 'The first account has been made already.')
        const organization = (await store.defaultOrganization()) ?? (await store.createDefaultOrganization())
        const id = await store.createUser({
          username,
          email,
          name,
          loginType: 'password',
          passwordHash,
          status: 'active',
          isServiceAccount: false
        })
        await store.addMember(id, organization, false)
        await store.giveFirstRoles(id)
        return context.json({ user_id: id, organization_id: organization }, 201)
      })
    })
}
