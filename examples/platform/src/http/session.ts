// The key of a request, in its header or in the cookie of a browser that has signed in.
import type { Context, MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import { ApiError } from '../api-error.js'
import type { Caller } from '../store/context.js'
import { sessionSeconds } from '../store/keys.js'
import type { AppEnv } from './environment.js'

export const sessionHeader = 'Coder-Session-Token'
const sessionCookie = 'coder_session_token'

/** Who a key stands for; `undefined` for nobody. */
export type Authenticate = (token: string | undefined) => Promise<Caller | undefined>

/** Lets through who has signed in. */
export function requireCaller(authenticate: Authenticate): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const caller = await authenticate(context.req.header(sessionHeader) ?? cookieOf(context))
    if (caller === undefined)
      throw new ApiError(401, 'You are not signed in, or your session has ended.', {
        detail: `Send the key of a session or a token in the header ${sessionHeader}.`
      })
    context.set('caller', caller)
    return next()
  }
}

/** A browser sends its cookie with what other sites have it ask for: that may read, and nothing else. */
function cookieOf(context: Context): string | undefined {
  const site = context.req.header('sec-fetch-site') ?? 'same-origin'
  const isOwn = site === 'same-origin' || site === 'none' || context.req.method === 'GET'
  return isOwn ? getCookie(context, sessionCookie) : undefined
}

/** Has a browser keep a session. */
export function keepSession(context: Context<AppEnv>, token: string): void {
  setCookie(context, sessionCookie, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: context.get('isHttps'),
    maxAge: sessionSeconds
  })
}

export function forgetSession(context: Context): void {
  deleteCookie(context, sessionCookie, { path: '/' })
}
