// The published interop requests, asked of the handler, and over HTTP.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { listen } from '../../src/cli/serve/listen.js'
import { createHandler, type Handler } from '../../src/server/index.js'
import { ask } from './ask.js'
import { scenarios } from './interop.js'

interface Fact {
  readonly endpoint: string
  readonly request: unknown
  readonly expected: unknown
}

describe('the published interop requests', () => {
  const cases = scenarios.flatMap(({ name, files, source }) => files.map((file) => ({ name, file, source })))

  it.each(cases)('of $name, $file, have the published answers', async ({ file, source }) => {
    const handler = createHandler(source)
    const server = await listen(handler, { host: '127.0.0.1', port: 0 })
    const overHttp: Handler = (request) =>
      fetch(new Request(request.url.replace(/^http:..[^/]*/, server.url), request))
    const lines = readFileSync(`test/fixtures/authzen/${file}.ndjson`, 'utf8').trim().split('\n')
    try {
      for (const line of lines) {
        const { endpoint, request, expected } = JSON.parse(line) as Fact
        for (const asked of [handler, overHttp]) {
          const { status, body } = await ask(asked, endpoint, request)
          expect(status).toBe(200)
          expect({ request, answer: answerOf(endpoint, body) }).toEqual({
            request,
            answer: inOrder(expected)
          })
        }
      }
    } finally {
      await server.close()
    }
  })
})

/** The part of an answer that the facts speak of. */
function answerOf(endpoint: string, body: unknown): unknown {
  const { decision, evaluations, results } = body as Record<string, unknown>
  if (endpoint === 'evaluation') return decision
  if (endpoint === 'evaluations')
    return (evaluations as { decision: boolean }[]).map(({ decision: one }) => ({ decision: one }))
  return inOrder({ results })
}

/** Results are a set: sorted, to be compared. */
function inOrder(expected: unknown): unknown {
  if (typeof expected !== 'object' || expected === null || !('results' in expected)) return expected
  const results = (expected.results as unknown[]).map((result) => JSON.stringify(result, keys))
  return { results: results.sort() }
}

const keys = ['id', 'name', 'type']
