// tRPC: the guarded store in the context, and one middleware that turns a refusal into tRPC's own error.
import { initTRPC, TRPCError } from '@trpc/server'
import { answerFor, type AppStore } from './shared.js'

const t = initTRPC.context<{ store: AppStore }>().create()

const guarded = t.procedure.use(async ({ next }) => {
  const result = await next()
  if (result.ok) return result
  const { cause } = result.error
  const answer = answerFor(cause)
  if (answer === undefined) return result
  const code = answer.status === 404 ? 'NOT_FOUND' : 'FORBIDDEN'
  throw new TRPCError({ code, message: answer.body.message, cause })
})

const id = (input: unknown): string => {
  if (typeof input === 'string') return input
  throw new TypeError('expected an id')
}

export const router = t.router({
  projects: guarded.query(({ ctx }) => ctx.store.projects()),
  deleteProject: guarded.input(id).mutation(async ({ ctx, input }) => {
    await ctx.store.deleteProject(input)
    return { deleted: input }
  })
})

export const createCaller = t.createCallerFactory(router)
