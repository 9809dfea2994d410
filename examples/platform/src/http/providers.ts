// Signing in with an identity provider: a browser is sent there, comes back with an answer, and has a session.
import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { ApiError } from '../api-error.js'
import type { Act } from '../rules/index.js'
import type { Caller } from '../store/context.js'
import { answer, refusals, responseSchema, z } from '../schemas/common.js'
import { isAnswer, type CodeFlow } from '../sign-in/code-flow.js'
import { configured, SignInError } from '../sign-in/errors.js'
import type { GitHub } from '../sign-in/github.js'
import type { Identity } from '../sign-in/identity.js'
import type { SignInSettings } from '../sign-in/settings.js'
import { stateMaxAge } from '../sign-in/state.js'
import { admitIdentity } from '../store/admit.js'
import { createApi, type Api, type AppEnv } from './environment.js'
import { keepSession } from './session.js'

/** Those that are configured, and how. */
export interface Providers {
  readonly oidc: CodeFlow | undefined
  readonly github: GitHub | undefined
  readonly settings: SignInSettings
}

const tags = ['Signing in']
const security: never[] = []
const stateCookie = 'coder_sign_in_state'
const failures = {
  400: refusals[400],
  403: refusals[403],
  502: answer(responseSchema, 'The provider does not answer as it should.')
}

const githubCallback = createRoute({
  method: 'get',
  path: '/users/oauth2/github/callback',
  tags,
  security,
  summary: 'Sign in with GitHub: where a browser begins, and where GitHub sends it back to',
  responses: { 307: { description: 'To GitHub, or signed in.' }, ...failures }
})

const oidcCallback = createRoute({
  method: 'get',
  path: '/users/oidc/callback',
  tags,
  security,
  summary: 'Sign in with OpenID Connect: where a browser begins, and where the issuer sends it back to',
  responses: { 307: { description: 'To the issuer, or signed in.' }, ...failures }
})

const githubDevice = createRoute({
  method: 'get',
  path: '/users/oauth2/github/device',
  tags,
  security,
  summary: 'Begin to sign in with GitHub on a device without a browser',
  description: 'Ask the callback with `device_code` at each interval what has become of it.',
  responses: {
    200: answer(
      z
        .object({
          device_code: z.string(),
          user_code: z.string(),
          verification_uri: z.string(),
          expires_in: z.int(),
          interval: z.int()
        })
        .openapi('ExternalAuthDevice'),
      'What to show.'
    ),
    ...failures
  }
})

export function providerApi(act: Act, service: () => Caller, { oidc, github, settings }: Providers): Api {
  const admit = (identity: Identity): Promise<string> =>
    admitIdentity(act, service(), identity, settings[identity.provider]?.opensAccounts === true)
  const signIn = async (context: Context<AppEnv>, flow: CodeFlow): Promise<Response> => {
    const url = new URL(context.req.url)
    if (isAnswer(url)) {
      const identity = await flow.finish(url, getCookie(context, stateCookie))
      keepSession(context, await admit(identity))
      keepState(context, '', 0)
      return context.redirect('/', 307)
    }
    const { url: there, state } = await flow.start()
    keepState(context, state)
    return context.redirect(there.href, 307)
  }

  return createApi()
    .openapi(githubCallback, (context) =>
      answering(async () => {
        const provider = configured(github, 'GitHub')
        const code = context.req.query('device_code')
        if (code === undefined) return signIn(context, provider)
        const poll = await provider.pollDevice(code, getCookie(context, stateCookie))
        if (poll.status !== 'signed_in')
          throw new ApiError(400, 'Nobody has entered the code yet.', { detail: poll.status })
        keepSession(context, await admit(poll.identity))
        return context.redirect('/', 307)
      })
    )
    .openapi(oidcCallback, (context) => answering(() => signIn(context, configured(oidc, 'OpenID Connect'))))
    .openapi(githubDevice, (context) =>
      answering(async () => {
        const { device, state } = await configured(github, 'GitHub').startDevice()
        keepState(context, state, device.expires_in)
        return context.json(device, 200)
      })
    )
}

function keepState(context: Context<AppEnv>, state: string, maxAge = stateMaxAge): void {
  setCookie(context, stateCookie, state, {
    path: '/api/v2/users',
    httpOnly: true,
    // The provider's site sends the browser back, so it is another site that asks.
    sameSite: 'Lax',
    secure: context.get('isHttps'),
    maxAge
  })
}

/** What keeps somebody from signing in, as an answer of this API. */
async function answering<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof SignInError)) throw error
    if (error.cause !== undefined) console.error(error)
    const status = error.code === 'unreachable' || error.code === 'bad_answer' ? 502 : 400
    throw new ApiError(error.code === 'email_unverified' ? 403 : status, 'You could not be signed in.', {
      detail: error.message
    })
  }
}
