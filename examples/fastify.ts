// Fastify: the subject in a hook. A `ForbiddenError` has `statusCode` 403, so Fastify's own error handler answers it.
import fastify, { type FastifyInstance } from 'fastify'
import { findProject, listProjects, projectObject, subjectFor, type AppSubject } from './shared.js'

declare module 'fastify' {
  interface FastifyRequest {
    subject: AppSubject
  }
}

export function createApp(): FastifyInstance {
  const app = fastify()
  app.decorateRequest('subject')

  app.addHook('onRequest', async (request, reply) => {
    const subject = subjectFor(request.headers.authorization)
    if (subject === undefined) return reply.code(401).send()
    request.subject = subject
  })

  app.get('/projects', (request) => request.subject.filter('read', listProjects(), projectObject))

  app.delete<{ Params: { id: string } }>('/projects/:id', (request, reply) => {
    const project = findProject(request.params.id)
    if (project === undefined) return reply.code(404).send()
    request.subject.authorize('delete', projectObject(project))
    return reply.code(204).send()
  })
  return app
}
