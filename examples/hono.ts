// Hono: the subject as a typed variable of the context, and one error handler for every refusal.
import { isForbidden } from 'casemate'
import { Hono } from 'hono'
import { findProject, listProjects, projectObject, subjectFor, type AppSubject } from './shared.js'

export const app = new Hono<{ Variables: { subject: AppSubject } }>()
  .use(async (context, next) => {
    const subject = subjectFor(context.req.header('authorization'))
    if (subject === undefined) return context.body(null, 401)
    context.set('subject', subject)
    return next()
  })
  .get('/projects', (context) =>
    context.json(context.get('subject').filter('read', listProjects(), projectObject))
  )
  .delete('/projects/:id', (context) => {
    const project = findProject(context.req.param('id'))
    if (project === undefined) return context.body(null, 404)
    context.get('subject').authorize('delete', projectObject(project))
    return context.body(null, 204)
  })
  .onError((error, context) => {
    if (isForbidden(error)) return context.json(error.toJSON(), error.status)
    throw error
  })
