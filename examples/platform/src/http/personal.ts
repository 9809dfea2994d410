// What users see and set of their own accounts, and those who may of others'.
import { createRoute } from '@hono/zod-openapi'
import { invalidField } from '../api-error.js'
import type { Act } from '../rules/index.js'
import { answer, body, refusals, tooOften, userParams, z } from '../schemas/common.js'
import {
  appearanceChangeSchema,
  appearanceSchema,
  gitSshKeySchema,
  loginTypeAnswer,
  parametersSchema,
  preferencesChangeSchema,
  preferencesSchema,
  usualAppearance,
  usualPreferences
} from '../schemas/personal.js'
import { passwordChangeSchema } from '../schemas/users.js'
import { hashPassword, verifyPassword } from '../secrets/password.js'
import type { GitSshKeyRow, Settings } from '../store/personal.js'
import { addressOf } from './address.js'
import { actOnUser, createApi, needs, type Api } from './environment.js'

const tags = ['Users']
const request = { params: userParams }
const reads = { tags, request, middleware: needs('read_personal', 'user') }
const changes = { tags, middleware: needs('update_personal', 'user') }

const showLoginType = createRoute({
  ...reads,
  method: 'get',
  path: '/users/{user}/login-type',
  summary: 'Show how a user signs in',
  responses: { 200: answer(loginTypeAnswer, 'The way.'), ...refusals }
})

const changePassword = createRoute({
  ...changes,
  method: 'put',
  path: '/users/{user}/password',
  summary: 'Set a password, and end every other session and token',
  request: { params: userParams, ...body(passwordChangeSchema) },
  responses: { 204: { description: 'It is set.' }, ...refusals, ...tooOften }
})

const showAppearance = createRoute({
  ...reads,
  method: 'get',
  path: '/users/{user}/appearance',
  summary: 'Show how things look for a user',
  responses: { 200: answer(appearanceSchema, 'The settings.'), ...refusals }
})

const changeAppearance = createRoute({
  ...changes,
  method: 'put',
  path: '/users/{user}/appearance',
  summary: 'Set how things look for a user',
  request: { params: userParams, ...body(appearanceChangeSchema) },
  responses: { 200: answer(appearanceSchema, 'The settings as they are now.'), ...refusals }
})

const showPreferences = createRoute({
  ...reads,
  method: 'get',
  path: '/users/{user}/preferences',
  summary: 'Show what a user prefers',
  responses: { 200: answer(preferencesSchema, 'The settings.'), ...refusals }
})

const changePreferences = createRoute({
  ...changes,
  method: 'put',
  path: '/users/{user}/preferences',
  summary: 'Set what a user prefers',
  request: { params: userParams, ...body(preferencesChangeSchema) },
  responses: { 200: answer(preferencesSchema, 'The settings as they are now.'), ...refusals }
})

const showParameters = createRoute({
  ...reads,
  method: 'get',
  path: '/users/{user}/autofill-parameters',
  summary: "Show what a user last chose for a template's parameters",
  request: {
    params: userParams,
    query: z.object({
      template_id: z.string().min(1).max(64).openapi({ description: 'The id of the template.' })
    })
  },
  responses: { 200: answer(parametersSchema, 'The parameters.'), ...refusals }
})

const showGitSshKey = createRoute({
  ...reads,
  method: 'get',
  path: '/users/{user}/gitsshkey',
  summary: 'Show the public part of the key for git',
  responses: { 200: answer(gitSshKeySchema, 'The key.'), ...refusals }
})

const replaceGitSshKey = createRoute({
  ...changes,
  method: 'put',
  path: '/users/{user}/gitsshkey',
  summary: 'Make a new key for git in place of the old',
  request,
  responses: { 200: answer(gitSshKeySchema, 'The new key.'), ...refusals }
})

export function personalApi(act: Act): Api {
  return createApi()
    .openapi(showLoginType, (context) =>
      actOnUser(act, context, async (store, id) =>
        context.json({ login_type: await store.loginType(id) }, 200)
      )
    )
    .openapi(changePassword, async (context) => {
      const { password, old_password: old } = context.req.valid('json')
      const caller = context.get('caller')
      const before = await actOnUser(act, context, async (store, id) => {
        const stored = await store.passwordHash(id)
        // Who has found a session does not find the password out.
        if (id === caller.subject.id) await store.countAttempt({ account: id, address: addressOf(context) })
        return { id, stored }
      })
      // Hashing takes its time: not while a transaction waits for it.
      if (before.id === caller.subject.id && before.stored !== undefined) {
        if (!(await verifyPassword(old, before.stored)))
          throw invalidField('old_password', 'This is not your password.')
        if (await verifyPassword(password, before.stored))
          throw invalidField('password', 'This is the password that you have.')
      }
      const hash = await hashPassword(password)
      await actOnUser(act, context, (store, id) => store.setPassword(id, hash))
      return context.body(null, 204)
    })
    .openapi(showAppearance, (context) =>
      actOnUser(act, context, async (store, id) => context.json(appearance(await store.appearance(id)), 200))
    )
    .openapi(changeAppearance, (context) =>
      actOnUser(act, context, async (store, id) =>
        context.json(appearance(await store.setAppearance(id, context.req.valid('json'))), 200)
      )
    )
    .openapi(showPreferences, (context) =>
      actOnUser(act, context, async (store, id) =>
        context.json(preferences(await store.preferences(id)), 200)
      )
    )
    .openapi(changePreferences, (context) =>
      actOnUser(act, context, async (store, id) =>
        context.json(preferences(await store.setPreferences(id, context.req.valid('json'))), 200)
      )
    )
    .openapi(showParameters, (context) =>
      actOnUser(act, context, async (store, id) =>
        context.json(await store.parameters(id, context.req.valid('query').template_id), 200)
      )
    )
    .openapi(showGitSshKey, (context) =>
      actOnUser(act, context, async (store, id) => context.json(showKey(await store.gitSshKey(id)), 200))
    )
    .openapi(replaceGitSshKey, (context) =>
      actOnUser(act, context, async (store, id) =>
        context.json(showKey(await store.replaceGitSshKey(id)), 200)
      )
    )
}

/** What was stored under an older version of this service may lack what this one knows. */
function appearance(stored: Settings): z.infer<typeof appearanceSchema> {
  return appearanceSchema.parse({ ...usualAppearance, ...stored })
}

function preferences(stored: Settings): z.infer<typeof preferencesSchema> {
  return preferencesSchema.parse({ ...usualPreferences, ...stored })
}

function showKey({ created_at, updated_at, ...key }: GitSshKeyRow): z.infer<typeof gitSshKeySchema> {
  return { ...key, created_at: created_at.toISOString(), updated_at: updated_at.toISOString() }
}
