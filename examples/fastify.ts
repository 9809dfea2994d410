// Fastify: the guarded store in a hook, and one error handler for every refusal.
import fastify, { type FastifyInstance } from 'fastify'
import { answerFor, storeFor, type AppStore } from './shared.js'

declare module 'fastify' {
  interface FastifyRequest {
    store: AppStore
  }
}

export function createApp(): FastifyInstance {
  const app = fastify()
  app.decorateRequest('store')

  app.addHook('onRequest', async (request, reply) => {
    const store = storeFor(request.headers.authorization)
    if (store === undefined) return reply.code(401).send()
    request.store = store
  })

  app.setErrorHandler((error, _request, reply) => {
    const answer = answerFor(error)
    // Thrown on, it is answered by Fastify.
    if (answer === undefined) throw error
    return reply.code(answer.status).send(answer.body)
  })

  app.get('/projects', (request) => request.store.projects())

  app.delete<{ Params: { id: string } }>('/projects/:id', async (request, reply) => {
    await request.store.deleteProject(request.params.id)
    return reply.code(204).send()
  })
  return app
}
