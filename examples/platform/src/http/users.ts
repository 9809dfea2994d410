// Accounts: the list, and one at a time.
import { createRoute } from '@hono/zod-openapi'
import type { Act } from '../rules/index.js'
import { answer, body, conflicts, refusals, userParams } from '../schemas/common.js'
import {
  createUserSchema,
  profileSchema,
  showUser,
  userListQuery,
  userListSchema,
  userSchema
} from '../schemas/users.js'
import { hashPassword } from '../secrets/password.js'
import { actOnUser, createApi, found, needs, type Api } from './environment.js'
import { readSearch } from './user-search.js'

const tags = ['Users']

const list = createRoute({
  method: 'get',
  path: '/users',
  tags,
  summary: 'List the users that one may see',
  middleware: needs('read', 'user'),
  request: { query: userListQuery },
  responses: { 200: answer(userListSchema, 'One page of them, and how many there are.'), ...refusals }
})

const create = createRoute({
  method: 'post',
  path: '/users',
  tags,
  summary: 'Open an account',
  middleware: needs('create', 'user'),
  request: body(createUserSchema),
  responses: { 201: answer(userSchema, 'The new user.'), ...conflicts }
})

const show = createRoute({
  method: 'get',
  path: '/users/{user}',
  tags,
  summary: 'Show a user',
  middleware: needs('read', 'user'),
  request: { params: userParams },
  responses: { 200: answer(userSchema, 'The user.'), ...refusals }
})

const close = createRoute({
  method: 'delete',
  path: '/users/{user}',
  tags,
  summary: 'Close an account',
  middleware: needs('delete', 'user'),
  request: { params: userParams },
  responses: { 200: { description: 'It is closed, its keys are gone.' }, ...conflicts }
})

const rename = createRoute({
  method: 'put',
  path: '/users/{user}/profile',
  tags,
  summary: 'Change the names of a user',
  middleware: needs('update_personal', 'user'),
  request: { params: userParams, ...body(profileSchema) },
  responses: { 200: answer(userSchema, 'The user as they are now.'), ...conflicts }
})

export function userApi(act: Act): Api {
  return createApi()
    .openapi(list, async (context) => {
      const search = readSearch(context.req.valid('query'))
      return act(context.get('caller'), async (store) => {
        const [users, count] = [await store.users(search), await store.countUsers(search)]
        return context.json({ users: users.map(showUser), count }, 200)
      })
    })
    .openapi(create, async (context) => {
      const asked = context.req.valid('json')
      const passwordHash = asked.password === '' ? undefined : await hashPassword(asked.password)
      return act(context.get('caller'), async (store) => {
        const id = await store.createUser({
          username: asked.username,
          email: asked.email,
          name: asked.name,
          loginType: asked.login_type || (asked.service_account ? 'none' : 'password'),
          passwordHash,
          status: asked.user_status,
          isServiceAccount: asked.service_account
        })
        const organizations =
          asked.organization_ids.length > 0 ? asked.organization_ids : [await store.defaultOrganization()]
        for (const org of organizations)
          if (org !== undefined) await store.addMember(id, org, asked.service_account)
        if (asked.roles.length > 0) await store.setSiteRoles(id, asked.roles)
        return context.json(showUser(await found(store.user(id))), 201)
      })
    })
    .openapi(show, (context) =>
      actOnUser(act, context, async (store, id) => context.json(showUser(await found(store.user(id))), 200))
    )
    .openapi(close, (context) =>
      actOnUser(act, context, async (store, id) => {
        await store.deleteUser(id)
        return context.body(null, 200)
      })
    )
    .openapi(rename, (context) =>
      actOnUser(act, context, async (store, id) => {
        await store.setProfile(id, context.req.valid('json'))
        return context.json(showUser(await found(store.user(id))), 200)
      })
    )
}
