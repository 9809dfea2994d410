// Asks a handler as a client does.
import type { Handler } from '../../src/server/index.js'

export interface Answered {
  readonly status: number
  readonly body: unknown
  readonly headers: Headers
}

/** Posts a body to an endpoint of the API; a text is sent as it is. */
export async function ask(
  handler: Handler,
  endpoint: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {}
): Promise<Answered> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const request = new Request(`http://pdp.test/access/v1/${endpoint}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
      ...headers
    },
    body: text
  })
  return await readAnswer(await handler(request))
}

/** Gets a path. */
export async function get(
  handler: Handler,
  path: string,
  headers: Readonly<Record<string, string>> = {}
): Promise<Answered> {
  return await readAnswer(await handler(new Request(`http://pdp.test${path}`, { headers })))
}

async function readAnswer(response: Response): Promise<Answered> {
  const text = await response.text()
  const isJson = response.headers.get('content-type') === 'application/json'
  return { status: response.status, body: isJson ? JSON.parse(text) : text, headers: response.headers }
}
