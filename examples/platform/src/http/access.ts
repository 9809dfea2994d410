// Whether an account may be used, and with which roles.
import { createRoute } from '@hono/zod-openapi'
import type { Act } from '../rules/index.js'
import { answer, body, conflicts, refusals, responseSchema, userParams, type z } from '../schemas/common.js'
import { rolesSchema, showUser, userSchema } from '../schemas/users.js'
import { tagOf } from '../store/roles.js'
import type { User } from '../store/users.js'
import { actOnUser, createApi, found, needs, type Api } from './environment.js'

const tags = ['Users']

/** A request that gives an account another status. */
const statusRoute = <P extends string>(path: P, summary: string) =>
  createRoute({
    method: 'put',
    path,
    tags,
    summary,
    middleware: needs('update', 'user'),
    request: { params: userParams },
    responses: { 200: answer(userSchema, 'The user as they are now.'), ...conflicts }
  })

const activate = statusRoute('/users/{user}/status/activate', 'Let a user in again')
const suspend = statusRoute('/users/{user}/status/suspend', 'Lock a user out')

const showRoles = createRoute({
  method: 'get',
  path: '/users/{user}/roles',
  tags,
  summary: 'Show a user with their roles',
  description: 'The ETag of the answer is for the If-Match of a change.',
  middleware: needs('read_personal', 'user'),
  request: { params: userParams },
  responses: { 200: answer(userSchema, 'The user.'), ...refusals }
})

const assignRoles = createRoute({
  method: 'put',
  path: '/users/{user}/roles',
  tags,
  summary: 'Say which roles of the site a user is to have',
  description: 'With the header If-Match, only if nobody else has changed them meanwhile.',
  middleware: needs('read', 'user'),
  request: { params: userParams, ...body(rolesSchema) },
  responses: {
    200: answer(userSchema, 'The user as they are now.'),
    ...conflicts,
    412: answer(responseSchema, 'The roles are no longer those of the If-Match.')
  }
})

export function accessApi(act: Act): Api {
  return createApi()
    .openapi(activate, (context) =>
      actOnUser(act, context, async (store, id) => {
        await store.setStatus(id, 'active')
        return context.json(showUser(await found(store.user(id))), 200)
      })
    )
    .openapi(suspend, (context) =>
      actOnUser(act, context, async (store, id) => {
        await store.setStatus(id, 'suspended')
        return context.json(showUser(await found(store.user(id))), 200)
      })
    )
    .openapi(showRoles, (context) =>
      actOnUser(act, context, async (store, id) =>
        context.json(...withTag(await found(store.userWithRoles(id))))
      )
    )
    .openapi(assignRoles, (context) =>
      actOnUser(act, context, async (store, id) => {
        await store.setSiteRoles(id, context.req.valid('json').roles, context.req.header('if-match'))
        return context.json(...withTag(await found(store.user(id))))
      })
    )
}

function withTag(user: User): [z.infer<typeof userSchema>, 200, { ETag: string }] {
  return [showUser(user), 200, { ETag: tagOf(user.roles) }]
}
