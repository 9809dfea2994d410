// The service over HTTP. A handler says what to do; whether it may be done is answered by the store's guard. What a
// handler refuses by itself depends on who asks alone, so that a refusal says nothing of what exists.
import { isForbidden, type ActionOf } from 'casemate'
import { forbiddenResponse } from 'casemate/scopes'
import { Hono, type Context, type MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import type { AppSubject, policy } from './policy.js'
import { NotFoundError, type Act } from './rules.js'
import { tokenSchema } from './tokens.js'

export interface Service {
  readonly act: Act
  /** The subject of an `Authorization` header; `undefined` for nobody. */
  readonly authenticate: (authorization: string | undefined) => Promise<AppSubject | undefined>
}

/** Who asks, known to every handler. */
export interface AppEnv {
  Variables: { subject: AppSubject }
}

const logsSchema = z.strictObject({
  logs: z
    .array(
      z.strictObject({
        allowed: z.boolean(),
        method: z.string().regex(/^[A-Z]{1,16}$/),
        url: z
          .string()
          .max(2048)
          .regex(/^https?:\/\/[!-~]+$/)
      })
    )
    .min(1)
    .max(100)
})
const countSchema = z.coerce.number().int().min(1).max(1000)
const daysSchema = z.coerce.number().int().min(1).max(36_500)
const idSchema = z.guid()

/** A service that asks `authenticate` who asks, and does through `act` what it is asked. */
export function createApp({ act, authenticate }: Service): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  app.use(bodyLimit({ maxSize: 512 * 1024, onError: (context) => context.json({ code: 'too_long' }, 413) }))
  app.use(async (context, next) => {
    const subject = await authenticate(context.req.header('authorization'))
    if (subject === undefined)
      return context.json({ code: 'unauthorized' }, 401, { 'www-authenticate': 'Bearer' })
    context.set('subject', subject)
    return next()
  })

  app.post('/agents/:agent/boundary-logs', mayOnSome('create'), async (context) => {
    const body = logsSchema.safeParse(await readJson(context))
    if (!body.success) return invalid(context, body.error)
    const agent = readId(context.req.param('agent'))
    const ids = await act(context.get('subject'), (store) => store.insertLogs(agent, body.data.logs))
    return context.json({ ids }, 201)
  })

  app.get('/boundary-logs', mayOnSome('read'), async (context) => {
    const count = countSchema.safeParse(context.req.query('count') ?? 100)
    if (!count.success) return invalid(context, count.error)
    return context.json({ logs: await act(context.get('subject'), (store) => store.logs(count.data)) })
  })

  app.get('/boundary-logs/:id', mayOnSome('read'), async (context) => {
    const id = readId(context.req.param('id'))
    return context.json(await act(context.get('subject'), (store) => store.log(id)))
  })

  // No key may do this today, and no code here says so.
  app.delete('/boundary-logs', mayOnSome('delete'), async (context) => {
    const days = daysSchema.safeParse(context.req.query('older_than_days'))
    if (!days.success) return invalid(context, days.error)
    const deleted = await act(context.get('subject'), (store) => store.deleteLogsOlderThan(days.data))
    return context.json({ deleted })
  })

  app.post('/tokens', async (context) => {
    const body = tokenSchema.safeParse(await readJson(context))
    if (!body.success) return invalid(context, body.error)
    const subject = context.get('subject')
    const { scopes, allow_list: allowList } = body.data
    // Nobody hands out more than they hold.
    if (!subject.canMint({ scopes, allowList })) return context.json({ code: 'wider_than_yours' }, 403)
    const token = await act(subject, (store) => store.createToken(subject.id, body.data))
    return context.json({ token }, 201)
  })

  app.notFound((context) => context.json({ code: 'not_found' }, 404))
  app.onError((error, context) => {
    if (error instanceof NotFoundError) return context.json({ code: 'not_found' }, 404)
    if (isForbidden(error)) return context.json(error.toJSON(), error.status)
    console.error(error)
    return context.json({ code: 'internal' }, 500)
  })
  return app
}

/** Lets through whose key and roles may do this to some log; tells the others what their key lacks. */
function mayOnSome(action: ActionOf<typeof policy, 'boundary_log'>): MiddlewareHandler<AppEnv> {
  return async (context, next) => {
    const subject = context.get('subject')
    if (subject.canSome(action, 'boundary_log')) return next()
    const { status, headers, body } = forbiddenResponse(subject, action, { type: 'boundary_log' })
    return context.json(body, status, headers)
  }
}

/** The JSON of the body; `undefined`, which no schema takes, where it is none. */
function readJson(context: Context): Promise<unknown> {
  return context.req.json<unknown>().catch(() => undefined)
}

/** An id of the path. A text that can be no id is one that nothing has. */
function readId(text: string): string {
  const id = idSchema.safeParse(text)
  if (!id.success) throw new NotFoundError('not found')
  return id.data
}

function invalid(context: Context, { issues }: z.ZodError): Response {
  const problems = issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  return context.json({ code: 'invalid', problems }, 400)
}
