// Every example, asked the same questions through its own framework.
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Logger } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { describe, expect, it } from 'vitest'
import { createApp as createExpress } from '../../examples/express.js'
import { createApp as createFastify } from '../../examples/fastify.js'
import { app as hono } from '../../examples/hono.js'
import { AppModule } from '../../examples/nest.js'
import * as next from '../../examples/next-route.js'
import { answerFor, policy, storeFor } from '../../examples/shared.js'
import { createCaller } from '../../examples/trpc.js'

interface Answer {
  readonly status: number
  readonly body: unknown
}

/** Sends one request to an example. */
type Send = (method: 'GET' | 'DELETE', path: string, authorization?: string) => Promise<Answer>

const toAnswer = async (response: Response): Promise<Answer> => {
  const text = await response.text()
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
}

const headers = (authorization: string | undefined): Record<string, string> =>
  authorization === undefined ? {} : { authorization }

const frameworks: Record<string, Send> = {
  express: async (method, path, authorization) => {
    const server = createExpress().listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const { port } = server.address() as AddressInfo
      return await toAnswer(
        await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: headers(authorization) })
      )
    } finally {
      server.close()
    }
  },
  fastify: async (method, url, authorization) => {
    const response = await createFastify().inject({ method, url, headers: headers(authorization) })
    return { status: response.statusCode, body: response.body === '' ? undefined : response.json() }
  },
  hono: async (method, path, authorization) =>
    toAnswer(await hono.request(path, { method, headers: headers(authorization) })),
  nest: async (method, path, authorization) => {
    Logger.overrideLogger(false)
    const app = await NestFactory.create(AppModule)
    try {
      await app.listen(0, '127.0.0.1')
      return await toAnswer(
        await fetch(`${await app.getUrl()}${path}`, { method, headers: headers(authorization) })
      )
    } finally {
      await app.close()
    }
  },
  next: async (method, path, authorization) => {
    const request = new Request(`http://localhost${path}`, { method, headers: headers(authorization) })
    if (method === 'GET') return toAnswer(await next.GET(request, undefined))
    return toAnswer(
      await next.DELETE(request, { params: Promise.resolve({ id: path.split('/').pop() ?? '' }) })
    )
  }
}

describe.each(Object.entries(frameworks))('the %s example', (_name, send) => {
  it('lists only the projects in which the subject has a role', async () => {
    const { status, body } = await send('GET', '/projects', 'Bearer eve')
    expect(status).toBe(200)
    expect(body).toEqual([expect.objectContaining({ id: 'p1' })])
  })

  it('lets an owner delete a project of the own tenant', async () => {
    expect((await send('DELETE', '/projects/p1', 'Bearer ada')).status).toBe(204)
  })

  it('refuses a viewer with 403, and says what was asked but not why', async () => {
    const { status, body } = await send('DELETE', '/projects/p1', 'Bearer eve')
    expect(status).toBe(403)
    expect(body).toMatchObject({ code: 'forbidden', message: 'not allowed to delete this project' })
    expect(JSON.stringify(body)).not.toMatch(/viewer|grants|votes|not_granted/)
  })

  it("answers for another tenant's project as for one that there is not", async () => {
    const foreign = await send('DELETE', '/projects/p2', 'Bearer ada')
    expect(foreign).toMatchObject({ status: 404, body: { code: 'not_found', message: 'not found' } })
    expect(await send('DELETE', '/projects/p9', 'Bearer ada')).toEqual(foreign)
  })

  it('knows nobody without a session', async () => {
    expect((await send('GET', '/projects')).status).toBe(401)
  })
})

describe('what a client is told', () => {
  const thrown = (run: () => void): unknown => {
    try {
      run()
    } catch (error) {
      return error
    }
    return 'done'
  }

  it('is a refusal, and nothing of a fault or of a question that cannot be asked', () => {
    const eve = policy.subject({ id: 'eve' })
    const project = { type: 'project', org: 'acme' } as const
    expect(
      answerFor(
        thrown(() => {
          eve.authorize('delete', project)
        })
      )
    ).toMatchObject({ status: 403 })
    const malformed = thrown(() => {
      eve.authorize('delte' as never, project)
    })
    expect(malformed).toMatchObject({ code: 'unknown_action' })
    for (const fault of [malformed, new TypeError('x'), undefined, 'forbidden', { code: 'forbidden' }])
      expect(answerFor(fault)).toBeUndefined()
  })
})

describe('the trpc example', () => {
  const caller = (authorization: string): ReturnType<typeof createCaller> => {
    const store = storeFor(authorization)
    if (store === undefined) throw new Error('no such session')
    return createCaller({ store })
  }

  it('lists only the projects in which the subject has a role', async () => {
    expect(await caller('Bearer eve').projects()).toEqual([expect.objectContaining({ id: 'p1' })])
  })

  it('lets an owner delete a project, and refuses a viewer with FORBIDDEN', async () => {
    expect(await caller('Bearer ada').deleteProject('p1')).toEqual({ deleted: 'p1' })
    await expect(caller('Bearer eve').deleteProject('p1')).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: 'not allowed to delete this project'
    })
  })

  it("answers for another tenant's project as for one that there is not", async () => {
    for (const id of ['p2', 'p9'])
      await expect(caller('Bearer ada').deleteProject(id)).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: 'not found'
      })
  })
})
