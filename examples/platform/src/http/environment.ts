// What every handler works with: what is done for whom, and how it is asked whether somebody may do such a thing at all.
import { OpenAPIHono } from '@hono/zod-openapi'
import type { ActionOf, ResourceOf } from 'casemate'
import type { Guarded } from 'casemate/guard'
import type { Context, MiddlewareHandler } from 'hono'
import { ApiError, NotFoundError } from '../api-error.js'
import type { policy } from '../policy.js'
import type { Act } from '../rules/index.js'
import type { Caller } from '../store/context.js'
import type { Store } from '../store/index.js'
import { explainRefusal } from './errors.js'

export interface AppEnv {
  Variables: {
    /** Who asks, known to every handler behind `requireCaller`. */
    caller: Caller
    /** Whether browsers reach the service by https, whatever a proxy in front of it makes of that. */
    isHttps: boolean
    /** Whether a proxy stands in front of the service, and says where requests come from. */
    isBehindProxy: boolean
  }
}

export type Api = OpenAPIHono<AppEnv>

/** Some requests, each with its schemas. Whatever does not fit them is refused with everything that is wrong. */
export function createApi(): Api {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result, context) => {
      // A body that is not there reads as one without keys, which may all be left out.
      if (result.target === 'json' && context.req.header('content-type') === undefined)
        throw new ApiError(400, 'The body is missing.', {
          detail: 'It is JSON, and its content-type says so.'
        })
      if (result.success) return
      const validations = result.error.issues.map(({ path, message }) => ({
        field: path.map(String).join('.'),
        detail: message
      }))
      throw new ApiError(400, 'The request is not valid.', { validations })
    }
  })
}

/**
 * Lets through whose key and roles may do this to some object, and tells the others what they lack. This depends on who
 * asks alone, so that a refusal says nothing of what exists.
 */
export function needs<R extends ResourceOf<typeof policy>>(
  action: ActionOf<typeof policy, R>,
  type: R
): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const { subject } = context.get('caller')
    if (subject.canSome(action, type)) return next()
    throw explainRefusal(subject, action, { type })
  }
}

/** Does something to the account that a path names, all of it in one transaction. */
export function actOnUser<T>(
  act: Act,
  context: Context<AppEnv>,
  work: (store: Guarded<Store>, userId: string) => Promise<T>
): Promise<T> {
  const caller = context.get('caller')
  const named = context.req.param('user') ?? ''
  return act(caller, async (store) => {
    const id = named === 'me' || named === caller.subject.id ? caller.subject.id : await store.findUser(named)
    return work(store, id)
  })
}

/** Answers what there is not where the caller may not see the account that a list is of: else an empty one would show it. */
export async function requireVisible(
  store: Guarded<Store>,
  context: Context<AppEnv>,
  userId: string
): Promise<void> {
  if (userId !== context.get('caller').subject.id) await found(store.user(userId))
}

/** What is there, or the answer for what is not. */
export async function found<T>(reading: Promise<T | undefined>): Promise<T> {
  const result = await reading
  if (result === undefined) throw new NotFoundError()
  return result
}
