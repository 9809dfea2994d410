// Express: the subject once per request, `authorize` in a handler, one error handler for every refusal.
import express, { type ErrorRequestHandler, type Express } from 'express'
import { isForbidden } from 'casemate'
import { findProject, listProjects, projectObject, subjectFor, type AppSubject } from './shared.js'

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how Express wants its locals typed
  namespace Express {
    interface Locals {
      subject: AppSubject
    }
  }
}

export function createApp(): Express {
  const app = express()

  app.use((request, response, next) => {
    const subject = subjectFor(request.headers.authorization)
    if (subject === undefined) return void response.status(401).end()
    response.locals.subject = subject
    next()
  })

  app.get('/projects', (_request, response) => {
    response.json(response.locals.subject.filter('read', listProjects(), projectObject))
  })

  app.delete('/projects/:id', (request, response) => {
    const project = findProject(request.params.id)
    if (project === undefined) return void response.status(404).end()
    response.locals.subject.authorize('delete', projectObject(project))
    response.status(204).end()
  })

  const refuse: ErrorRequestHandler = (error, _request, response, next) => {
    if (isForbidden(error)) response.status(error.status).json(error)
    else next(error)
  }
  app.use(refuse)
  return app
}
