// tRPC: the subject in the context, and one middleware that turns a refusal into tRPC's own FORBIDDEN.
import { initTRPC, TRPCError } from '@trpc/server'
import { isForbidden } from 'casemate'
import { findProject, listProjects, projectObject, type AppSubject } from './shared.js'

const t = initTRPC.context<{ subject: AppSubject }>().create()

const guarded = t.procedure.use(async ({ next }) => {
  const result = await next()
  if (!result.ok && isForbidden(result.error.cause))
    throw new TRPCError({ code: 'FORBIDDEN', message: result.error.cause.message, cause: result.error.cause })
  return result
})

const id = (input: unknown): string => {
  if (typeof input === 'string') return input
  throw new TypeError('expected an id')
}

export const router = t.router({
  projects: guarded.query(({ ctx }) => ctx.subject.filter('read', listProjects(), projectObject)),
  deleteProject: guarded.input(id).mutation(({ ctx, input }) => {
    const project = findProject(input)
    if (project === undefined) throw new TRPCError({ code: 'NOT_FOUND' })
    ctx.subject.authorize('delete', projectObject(project))
    return { deleted: project.id }
  })
})

export const createCaller = t.createCallerFactory(router)
