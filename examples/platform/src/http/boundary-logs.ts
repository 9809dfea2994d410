// Boundary logs: agents write them, auditors read them, and only age deletes them.
import { createRoute } from '@hono/zod-openapi'
import { NotFoundError } from '../api-error.js'
import type { Act } from '../rules/index.js'
import { answer, body, dateTime, refusals, uuid, wholeNumber, z } from '../schemas/common.js'
import type { StoredLog } from '../store/boundary-logs.js'
import { isUuid } from '../store/users.js'
import { createApi, found, needs, type Api } from './environment.js'

const tags = ['Boundary logs']

const newLogsSchema = z
  .strictObject({
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
  .openapi('CreateBoundaryLogsRequest')

const logSchema = z
  .object({
    id: uuid,
    agent_id: uuid,
    owner_id: uuid,
    at: dateTime,
    allowed: z.boolean(),
    method: z.string(),
    url: z.string()
  })
  .openapi('BoundaryLog')

const write = createRoute({
  method: 'post',
  path: '/agents/{agent}/boundary-logs',
  tags,
  summary: 'Store logs of an agent, under the owner of its workspace',
  middleware: needs('create', 'boundary_log'),
  request: { params: z.object({ agent: z.string() }), ...body(newLogsSchema) },
  responses: { 201: answer(z.object({ ids: z.array(uuid) }), 'The ids of the logs.'), ...refusals }
})

const list = createRoute({
  method: 'get',
  path: '/boundary-logs',
  tags,
  summary: 'List the newest logs',
  middleware: needs('read', 'boundary_log'),
  request: {
    query: z.object({
      count: wholeNumber(1, 1000).default(100)
    })
  },
  responses: { 200: answer(z.object({ logs: z.array(logSchema) }), 'The logs.'), ...refusals }
})

const show = createRoute({
  method: 'get',
  path: '/boundary-logs/{id}',
  tags,
  summary: 'Show a log',
  middleware: needs('read', 'boundary_log'),
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: answer(logSchema, 'The log.'), ...refusals }
})

const purge = createRoute({
  method: 'delete',
  path: '/boundary-logs',
  tags,
  summary: 'Delete logs by age',
  description: 'No key may do this today, and no code here says so.',
  middleware: needs('delete', 'boundary_log'),
  request: {
    query: z.object({
      older_than_days: wholeNumber(1, 36_500)
    })
  },
  responses: { 200: answer(z.object({ deleted: z.int() }), 'How many there were.'), ...refusals }
})

export function boundaryLogApi(act: Act): Api {
  return createApi()
    .openapi(write, (context) => {
      const { logs } = context.req.valid('json')
      const agent = readId(context.req.param('agent'))
      return act(context.get('caller'), async (store) =>
        context.json({ ids: await store.insertLogs(agent, logs) }, 201)
      )
    })
    .openapi(list, (context) =>
      act(context.get('caller'), async (store) =>
        context.json({ logs: (await store.logs(context.req.valid('query').count)).map(shown) }, 200)
      )
    )
    .openapi(show, (context) =>
      act(context.get('caller'), async (store) => {
        const log = await found(store.log(readId(context.req.param('id'))))
        return context.json(shown(log), 200)
      })
    )
    .openapi(purge, (context) =>
      act(context.get('caller'), async (store) => {
        const days = context.req.valid('query').older_than_days
        return context.json({ deleted: await store.deleteLogsOlderThan(days) }, 200)
      })
    )
}

/** An id of the path. A text that can be no id is one that nothing has. */
function readId(text: string): string {
  if (!isUuid(text)) throw new NotFoundError()
  return text
}

function shown({ at, ...log }: StoredLog): z.infer<typeof logSchema> {
  return { ...log, at: at.toISOString() }
}
