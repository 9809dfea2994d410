// Hono: the guarded store as a typed variable of the context, and one error handler for every refusal.
import { Hono } from 'hono'
import { answerFor, storeFor, type AppStore } from './shared.js'

export const app = new Hono<{ Variables: { store: AppStore } }>()
  .use(async (context, next) => {
    const store = storeFor(context.req.header('authorization'))
    if (store === undefined) return context.body(null, 401)
    context.set('store', store)
    return next()
  })
  .get('/projects', async (context) => context.json(await context.get('store').projects()))
  .delete('/projects/:id', async (context) => {
    await context.get('store').deleteProject(context.req.param('id'))
    return context.body(null, 204)
  })
  .onError((error, context) => {
    const answer = answerFor(error)
    if (answer === undefined) throw error
    return context.json(answer.body, answer.status)
  })
