// What somebody who has signed in asks of their own session.
import { createRoute } from '@hono/zod-openapi'
import type { Act } from '../rules/index.js'
import { answer, refusals, responseSchema } from '../schemas/common.js'
import { claimsSchema } from '../schemas/personal.js'
import { createApi, needs, type Api } from './environment.js'
import { forgetSession } from './session.js'

const logout = createRoute({
  method: 'post',
  path: '/users/logout',
  tags: ['Signing in'],
  summary: 'End the session of this request',
  middleware: needs('delete', 'api_key'),
  responses: { 200: answer(responseSchema, 'It is gone.'), ...refusals }
})

const claims = createRoute({
  method: 'get',
  path: '/users/oidc-claims',
  tags: ['Signing in'],
  summary: 'Show what the issuer last said of the user',
  middleware: needs('read_personal', 'user'),
  responses: { 200: answer(claimsSchema, 'Nothing of one who signs in otherwise.'), ...refusals }
})

export function sessionApi(act: Act): Api {
  return createApi()
    .openapi(logout, async (context) => {
      const { subject, key } = context.get('caller')
      await act(context.get('caller'), (store) => store.deleteKey(subject.id, key?.id ?? ''))
      forgetSession(context)
      return context.json({ message: 'You have signed out.', detail: '', validations: [] }, 200)
    })
    .openapi(claims, (context) =>
      act(context.get('caller'), async (store) =>
        context.json({ claims: await store.claims(context.get('caller').subject.id, 'oidc') }, 200)
      )
    )
}
