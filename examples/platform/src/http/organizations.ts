// The organizations of a user, as far as one may see them.
import { createRoute } from '@hono/zod-openapi'
import type { Act } from '../rules/index.js'
import { answer, refusals, userParams, z } from '../schemas/common.js'
import { organizationSchema } from '../schemas/personal.js'
import type { Organization } from '../store/organizations.js'
import { actOnUser, createApi, found, needs, requireVisible, type Api } from './environment.js'

const tags = ['Users']

const list = createRoute({
  method: 'get',
  path: '/users/{user}/organizations',
  tags,
  summary: 'List the organizations of a user',
  middleware: needs('read', 'organization'),
  request: { params: userParams },
  responses: { 200: answer(z.array(organizationSchema), 'Those that one may see.'), ...refusals }
})

const show = createRoute({
  method: 'get',
  path: '/users/{user}/organizations/{organizationname}',
  tags,
  summary: 'Show one organization of a user',
  middleware: needs('read', 'organization'),
  request: {
    params: userParams.extend({
      organizationname: z.string().min(1).openapi({ description: 'The name of the organization.' })
    })
  },
  responses: { 200: answer(organizationSchema, 'The organization.'), ...refusals }
})

export function organizationApi(act: Act): Api {
  return createApi()
    .openapi(list, (context) =>
      actOnUser(act, context, async (store, id) => {
        await requireVisible(store, context, id)
        return context.json((await store.organizationsOf(id)).map(shown), 200)
      })
    )
    .openapi(show, (context) =>
      actOnUser(act, context, async (store, id) => {
        await requireVisible(store, context, id)
        const name = context.req.param('organizationname')
        return context.json(shown(await found(store.organizationOf(id, name))), 200)
      })
    )
}

function shown({
  created_at,
  updated_at,
  ...organization
}: Organization): z.infer<typeof organizationSchema> {
  return { ...organization, created_at: created_at.toISOString(), updated_at: updated_at.toISOString() }
}
