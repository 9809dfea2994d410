// Sessions and tokens of a user.
import { createRoute } from '@hono/zod-openapi'
import type { Act } from '../rules/index.js'
import { answer, body, conflicts, refusals, userParams, z } from '../schemas/common.js'
import { createTokenSchema, keySchema, newKeySchema, showKey, tokenListQuery } from '../schemas/keys.js'
import { actOnUser, createApi, found, needs, requireVisible, type Api } from './environment.js'

const tags = ['Users']
const keyParams = userParams.extend({
  keyid: z.string().min(1).openapi({ description: 'The id of a key.' })
})
const nameParams = userParams.extend({
  keyname: z.string().min(1).openapi({ description: 'The name of a token.' })
})

const createSession = createRoute({
  method: 'post',
  path: '/users/{user}/keys',
  tags,
  summary: 'Begin another session of a user',
  middleware: needs('create', 'api_key'),
  request: { params: userParams },
  responses: { 201: answer(newKeySchema, 'Its key, which is not shown again.'), ...refusals }
})

const listTokens = createRoute({
  method: 'get',
  path: '/users/{user}/keys/tokens',
  tags,
  summary: 'List the tokens of a user that one may see',
  middleware: needs('read', 'api_key'),
  request: { params: userParams, query: tokenListQuery },
  responses: { 200: answer(z.array(keySchema), 'The tokens, the newest first.'), ...refusals }
})

const createToken = createRoute({
  method: 'post',
  path: '/users/{user}/keys/tokens',
  tags,
  summary: 'Make a token for a user',
  description:
    'With scopes and objects that the key of the request has itself. The lifetime is in nanoseconds.',
  middleware: needs('create', 'api_key'),
  request: { params: userParams, ...body(createTokenSchema) },
  responses: { 201: answer(newKeySchema, 'Its text, which is not shown again.'), ...conflicts }
})

const showToken = createRoute({
  method: 'get',
  path: '/users/{user}/keys/tokens/{keyname}',
  tags,
  summary: 'Show a token by its name',
  middleware: needs('read', 'api_key'),
  request: { params: nameParams },
  responses: { 200: answer(keySchema, 'The token.'), ...refusals }
})

const show = createRoute({
  method: 'get',
  path: '/users/{user}/keys/{keyid}',
  tags,
  summary: 'Show a key',
  middleware: needs('read', 'api_key'),
  request: { params: keyParams },
  responses: { 200: answer(keySchema, 'The key.'), ...refusals }
})

const remove = createRoute({
  method: 'delete',
  path: '/users/{user}/keys/{keyid}',
  tags,
  summary: 'Delete a key',
  middleware: needs('delete', 'api_key'),
  request: { params: keyParams },
  responses: { 204: { description: 'It is gone.' }, ...refusals }
})

const expire = createRoute({
  method: 'put',
  path: '/users/{user}/keys/{keyid}/expire',
  tags,
  summary: 'End a key',
  middleware: needs('update', 'api_key'),
  request: { params: keyParams },
  responses: { 204: { description: 'It has ended.' }, ...refusals }
})

export function keyApi(act: Act): Api {
  return createApi()
    .openapi(createSession, (context) =>
      actOnUser(act, context, async (store, id) =>
        context.json({ key: await store.createSession(id, 'password') }, 201)
      )
    )
    .openapi(listTokens, (context) =>
      actOnUser(act, context, async (store, id) => {
        await requireVisible(store, context, id)
        const tokens = await store.tokens(id, context.req.valid('query').include_expired)
        return context.json(tokens.map(showKey), 200)
      })
    )
    .openapi(createToken, (context) =>
      actOnUser(act, context, async (store, id) =>
        context.json({ key: await store.createToken(id, context.req.valid('json')) }, 201)
      )
    )
    .openapi(showToken, (context) =>
      actOnUser(act, context, async (store, id) =>
        context.json(showKey(await found(store.tokenByName(id, context.req.param('keyname')))), 200)
      )
    )
    .openapi(show, (context) =>
      actOnUser(act, context, async (store, id) =>
        context.json(showKey(await found(store.key(id, context.req.param('keyid')))), 200)
      )
    )
    .openapi(remove, (context) =>
      actOnUser(act, context, async (store, id) => {
        await store.deleteKey(id, context.req.param('keyid'))
        return context.body(null, 204)
      })
    )
    .openapi(expire, (context) =>
      actOnUser(act, context, async (store, id) => {
        await store.expireKey(id, context.req.param('keyid'))
        return context.body(null, 204)
      })
    )
}
