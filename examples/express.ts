// Express: the guarded store once per request, and one error handler for every refusal. Express 5 hands it what an async
// handler rejects with.
import express, { type ErrorRequestHandler, type Express } from 'express'
import { answerFor, storeFor, type AppStore } from './shared.js'

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- how Express wants its locals typed
  namespace Express {
    interface Locals {
      store: AppStore
    }
  }
}

export function createApp(): Express {
  const app = express()

  app.use((request, response, next) => {
    const store = storeFor(request.headers.authorization)
    if (store === undefined) return void response.status(401).end()
    response.locals.store = store
    next()
  })

  app.get('/projects', async (_request, response) => {
    response.json(await response.locals.store.projects())
  })

  app.delete('/projects/:id', async (request, response) => {
    await response.locals.store.deleteProject(request.params.id)
    response.status(204).end()
  })

  const refuse: ErrorRequestHandler = (error, _request, response, next) => {
    const answer = answerFor(error)
    if (answer === undefined) next(error)
    else response.status(answer.status).json(answer.body)
  }
  app.use(refuse)
  return app
}
