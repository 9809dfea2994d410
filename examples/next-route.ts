// Next.js: what `app/projects/[id]/route.ts` and `app/projects/route.ts` export. Plain requests and responses, so no
// import of Next is needed.
import { isForbidden } from 'casemate'
import { findProject, listProjects, projectObject, subjectFor, type AppSubject } from './shared.js'

type Handler<Context> = (request: Request, context: Context) => Promise<Response>

/** Runs a handler for a signed-in subject, and answers a refusal with 403. */
function guarded<Context>(
  handle: (subject: AppSubject, context: Context) => Response | Promise<Response>
): Handler<Context> {
  return async (request, context) => {
    const subject = subjectFor(request.headers.get('authorization'))
    if (subject === undefined) return new Response(null, { status: 401 })
    try {
      return await handle(subject, context)
    } catch (error) {
      if (isForbidden(error)) return Response.json(error, { status: error.status })
      throw error
    }
  }
}

export const GET: Handler<unknown> = guarded((subject) =>
  Response.json(subject.filter('read', listProjects(), projectObject))
)

export const DELETE: Handler<{ params: Promise<{ id: string }> }> = guarded(async (subject, { params }) => {
  const project = findProject((await params).id)
  if (project === undefined) return new Response(null, { status: 404 })
  subject.authorize('delete', projectObject(project))
  return new Response(null, { status: 204 })
})
