// The server of the explorer answers a browser of this machine that knows its address, and nobody else.
import { request, type IncomingHttpHeaders } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answer, listenOnLoopback, type Loopback } from '../../src/cli/explore/loopback.js'

interface Got {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

function ask(url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Got> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
      })
    })
    asked.on('error', reject).end()
  })
}

describe('the server of the explorer', () => {
  let server: Loopback
  let origin = ''
  beforeAll(async () => {
    const say = (text: string) => (_: unknown, response: Parameters<typeof answer>[0]) => {
      answer(response, 200, 'text/plain', text)
    }
    server = await listenOnLoopback(
      0,
      new Map([
        ['GET ', say('page')],
        ['PUT document', say('written')],
        [
          'GET broken',
          () => {
            throw new Error('a secret of the server')
          }
        ]
      ])
    )
    ;({ origin } = new URL(server.url))
  })
  afterAll(() => server.close())

  it('listens on loopback, and gives its page to who knows the address', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[\w-]{32}\/$/)
    const { status, text, headers } = await ask(server.url)
    expect([status, text]).toEqual([200, 'page'])
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin'
    })
  })

  it('has another address each time', async () => {
    const other = await listenOnLoopback(0, new Map())
    expect(new URL(other.url).pathname).not.toBe(new URL(server.url).pathname)
    await other.close()
  })

  it.each(['/', '/x', '/x/', `/${'A'.repeat(32)}/`, '//'])('gives nothing for %s', async (path) => {
    expect((await ask(origin + path)).status).toBe(404)
  })

  it('refuses a name that leads to loopback, as after a rebinding', async () => {
    for (const host of ['example.com', '127.0.0.1', 'example.com:80', '127.0.0.1.example.com'])
      expect((await ask(server.url, { host })).status).toBe(421)
    const localhost = origin.replace('http://127.0.0.1', 'localhost')
    expect((await ask(server.url, { host: localhost })).status).toBe(200)
  })

  it('writes for its own page alone, though another knows the address', async () => {
    const put = async (headers: Record<string, string>): Promise<number> =>
      (await ask(`${server.url}document`, headers, 'PUT')).status
    expect(await put({ origin })).toBe(200)
    expect(await put({ origin, 'sec-fetch-site': 'same-origin' })).toBe(200)
    expect(await put({})).toBe(403)
    for (const other of [
      'null',
      'https://example.com',
      'http://127.0.0.1',
      origin.replace('http:', 'https:')
    ])
      expect(await put({ origin: other })).toBe(403)
    expect(await put({ origin, 'sec-fetch-site': 'cross-site' })).toBe(403)
    expect((await ask(server.url, { origin: 'https://example.com' })).status).toBe(403)
  })

  it('knows no other methods and paths, and keeps its faults to itself', async () => {
    for (const method of ['POST', 'DELETE', 'OPTIONS'])
      expect((await ask(`${server.url}document`, { origin }, method)).status).toBe(404)
    expect((await ask(`${server.url}other`)).status).toBe(404)
    const { status, text } = await ask(`${server.url}broken`)
    expect([status, text]).toEqual([500, 'the server failed'])
  })

  it('says that a port is taken', async () => {
    await expect(listenOnLoopback(Number(new URL(origin).port), new Map())).rejects.toThrow(
      /cannot listen on 127\.0\.0\.1/
    )
  })
})
