// Next.js: what `app/projects/[id]/route.ts` and `app/projects/route.ts` export. Plain requests and responses, so no
// import of Next is needed.
import { answerFor, storeFor, type AppStore } from './shared.js'

type Handler<Context> = (request: Request, context: Context) => Promise<Response>

/** Runs a handler with the store of who is signed in, and answers every refusal. */
function guarded<Context>(
  handle: (store: AppStore, context: Context) => Promise<Response>
): Handler<Context> {
  return async (request, context) => {
    const store = storeFor(request.headers.get('authorization'))
    if (store === undefined) return new Response(null, { status: 401 })
    try {
      return await handle(store, context)
    } catch (error) {
      const answer = answerFor(error)
      if (answer === undefined) throw error
      return Response.json(answer.body, { status: answer.status })
    }
  }
}

export const GET: Handler<unknown> = guarded(async (store) => Response.json(await store.projects()))

export const DELETE: Handler<{ params: Promise<{ id: string }> }> = guarded(async (store, { params }) => {
  await store.deleteProject((await params).id)
  return new Response(null, { status: 204 })
})
