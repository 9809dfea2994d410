// Requests that no client sends: whatever the bytes, the answer is the caller's fault, in the one shape that errors have.
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { sendTo, withService, type Answer } from './service.js'

/** What every refusal is. */
const response = {
  message: expect.stringMatching(/./) as string,
  detail: expect.any(String) as string,
  validations: expect.any(Array) as unknown[]
}

describe('a method that an address does not have', () => {
  it('is told from an unknown address, with those that it has, each once', async () => {
    await withService(async ({ url, people: { owner } }) => {
      const headers = { 'coder-session-token': owner.token }
      const ask = (path: string): Promise<Response> =>
        fetch(`${url}/api/v2${path}`, { method: 'PATCH', headers })
      const known = await ask('/users/first')
      expect([known.status, await known.json()]).toEqual([405, response])
      // Not those of an account that would be called so: nobody can be.
      expect(known.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'POST'])
      expect((await ask('/users/oidc-claims')).headers.get('allow')).toBe('GET')
      expect((await ask('/users/ada')).headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'GET'])
      expect((await ask('/nothing')).status).toBe(404)
    })
  })
})

describe('a new account', () => {
  it('is refused with everything that is wrong, single fields and what does not fit together', async () => {
    await withService(async ({ send, people: { owner } }) => {
      const faults = async (body: object): Promise<string[]> => {
        const answer = await send(owner.token, 'POST', '/users', body)
        expect(answer.status).toBe(400)
        return (answer.body as { validations: { field: string }[] }).validations
          .map(({ field }) => field)
          .sort()
      }
      expect(await faults({ username: '-' })).toEqual(['email', 'password', 'username'])
      expect(
        await faults({
          username: 'x y',
          password: 'long enough',
          service_account: true,
          login_type: 'github'
        })
      ).toEqual(['login_type', 'password', 'username'])
      // What is wrong itself is not compared with anything.
      expect(await faults({ username: 'me', login_type: 'x', password: 'long enough', email: 'x' })).toEqual([
        'email',
        'login_type',
        'username'
      ])
      expect(await faults({ username: 'new', password: 'short', rank: 3 })).toEqual(['', 'email', 'password'])
      for (const body of [[], 'x', 7, null]) expect(await faults(body as never)).toEqual([''])
    })
  })

  it('of a service has an address that is one, and that nothing reaches', async () => {
    await withService(async ({ send, people: { owner } }) => {
      const made = await send(owner.token, 'POST', '/users', { username: 'robot', service_account: true })
      expect(made).toMatchObject({ status: 201, body: { email: 'robot@service-account.invalid' } })
      const second = await send(owner.token, 'POST', '/users', { username: 'robot2', service_account: true })
      expect(second.status).toBe(201)
    })
  })
})

describe('a body that is not there', () => {
  it('is no body without keys, where every key may be left out', async () => {
    await withService(async ({ send, people: { owner } }) => {
      for (const [method, path] of [
        ['POST', '/users/me/keys/tokens'],
        ['PUT', '/users/me/preferences'],
        ['PUT', '/users/me/appearance']
      ] as const) {
        expect(await send(owner.token, method, path)).toMatchObject({
          status: 400,
          body: { ...response, message: 'The body is missing.' }
        })
        expect((await send(owner.token, method, path, {})).status).toBeLessThan(300)
      }
    })
  })
})

describe('text that PostgreSQL cannot hold', () => {
  it('is refused or not found, wherever it stands', async () => {
    await withService(async ({ send, people: { owner } }) => {
      const nul = '\u0000'
      const asks = [
        ['GET', '/users/%00'],
        ['GET', '/users/a%00b/roles'],
        ['GET', '/users/%ff'],
        ['GET', '/users/%ED%A0%80'],
        ['GET', '/users/me/keys/%00'],
        ['PUT', '/users/me/keys/%00/expire'],
        ['DELETE', '/users/me/keys/%00'],
        ['GET', '/users/me/keys/tokens/%00'],
        ['GET', '/users/me/organizations/%00'],
        ['GET', '/users?q=%00'],
        ['GET', '/users?q=status:%00'],
        ['GET', '/users?after_id=%00'],
        ['GET', '/users/me/autofill-parameters?template_id=%00'],
        ['GET', '/boundary-logs/%00'],
        ['POST', '/users/login', { email: nul, password: nul }],
        ['POST', '/users/me/keys/tokens', { token_name: nul }],
        ['POST', '/users/me/keys/tokens', { allow_list: [`user:${nul}`] }],
        ['POST', '/users/me/keys/tokens', { scopes: [nul] }],
        ['PUT', '/users/me/profile', { username: 'Olga', name: nul }],
        ['PUT', '/users/me/appearance', { theme_preference: nul, terminal_font: '' }],
        ['PUT', '/users/me/preferences', { thinking_display_mode: nul }],
        ['PUT', '/users/me/password', { password: `a long password${nul}`, old_password: nul }],
        ['POST', '/users', { username: 'x', email: `x${nul}@example.com`, password: 'a long password' }],
        ['PUT', `/users/${owner.id}/roles`, { roles: [nul] }]
      ] as const
      const failures: unknown[] = []
      for (const [method, path, body] of asks) {
        const { status } = await send(owner.token, method, path, body)
        if (status >= 500) failures.push([method, path, body])
      }
      expect(failures).toEqual([])
    })
  })
})

describe('a body', () => {
  it('that is not JSON, or not said to be, is refused and never taken for an empty one', async () => {
    await withService(async ({ url, sql, people: { ada } }) => {
      const before = await sql.query('SELECT FROM casemate_keys')
      const narrow = '{"scopes":["user:read"],"token_name":"narrow"}'
      const post = (body: string, headers: Record<string, string>): Promise<Answer> =>
        raw(`${url}/api/v2/users/me/keys/tokens`, 'POST', body, {
          ...headers,
          'coder-session-token': ada.token
        })
      for (const type of [
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/jsonp',
        'application/json+x',
        'text/json',
        ''
      ])
        expect([type, await post(narrow, { 'content-type': type })]).toMatchObject([
          type,
          { status: expect.toSatisfy((status) => status === 400 || status === 415) as number, body: response }
        ])
      for (const body of [
        '',
        '{',
        'null',
        '[]',
        '"x"',
        `${narrow}${narrow}`,
        `\ufeff${narrow},`,
        '['.repeat(100_000)
      ])
        expect([body.slice(0, 9), await post(body, { 'content-type': 'application/json' })]).toMatchObject([
          body.slice(0, 9),
          { status: 400, body: response }
        ])
      expect((await sql.query('SELECT FROM casemate_keys')).rowCount).toBe(before.rowCount)
    })
  })

  it('has no key that its request does not know, and a key that stands twice says what it says last', async () => {
    await withService(async ({ url, sql, people: { owner, ada } }) => {
      const put = (path: string, body: string): Promise<Answer> =>
        raw(`${url}/api/v2/users/${path}`, 'PUT', body, {
          'content-type': 'application/json',
          'coder-session-token': owner.token
        })
      for (const body of [
        '{"username":"Olga","name":"","status":"suspended"}',
        '{"username":"Olga","name":"","id":"00000000-0000-4000-a000-000000000000"}',
        '{"username":"Olga","name":"","roles":["owner"]}',
        '{"username":"Olga","name":"","email":"eve@example.com"}',
        '{"username":"Olga","name":"","login_type":"none"}',
        '{"username":"Olga","name":"","__proto__":{"isAdmin":true}}',
        '{"username":"Olga","name":"","constructor":{}}'
      ])
        expect([body, (await put('me/profile', body)).status]).toEqual([body, 400])
      expect(await put(`${ada.id}/roles`, '{"roles":["owner"],"roles":["auditor"]}')).toMatchObject({
        status: 200,
        body: { roles: [{ name: 'auditor' }] }
      })
      const { rows } = await sql.query(
        'SELECT role FROM casemate_assignments WHERE user_id = $1 AND role = $2',
        [ada.id, 'owner']
      )
      expect(rows).toEqual([])
    })
  })

  it('that names a role by a name of JavaScript names none', async () => {
    await withService(async ({ send, people: { owner, ada } }) => {
      for (const role of [
        '__proto__',
        'constructor',
        'toString',
        'hasOwnProperty',
        '',
        ' owner',
        'Owner',
        '*'
      ])
        expect(await send(owner.token, 'PUT', `/users/${ada.id}/roles`, { roles: [role] })).toMatchObject({
          status: 400,
          body: { validations: [{ field: 'roles[0]' }] }
        })
      for (const scope of ['__proto__', 'constructor', '*', 'coder:*', 'user:', ':read', ' user:read'])
        expect(await send(owner.token, 'POST', '/users/me/keys/tokens', { scopes: [scope] })).toMatchObject({
          status: 400
        })
    })
  })

  it('that is too long is refused before it is read', async () => {
    await withService(async ({ send, people: { ada } }) => {
      const body = { username: 'Ada', name: 'a'.repeat(600 * 1024) }
      expect(await send(ada.token, 'PUT', '/users/me/profile', body)).toMatchObject({
        status: 413,
        body: response
      })
    })
  })
})

describe('a number of a query', () => {
  it('is decimal digits', async () => {
    await withService(async ({ send, people: { ada } }) => {
      const taken: string[] = []
      for (const number of ['', '%20', '1e3', '0x10', '%2B5', '5%20', '5.0', 'Infinity', '-0'])
        for (const name of ['limit', 'offset'])
          if ((await send(ada.token, 'GET', `/users?${name}=${number}`)).status !== 400)
            taken.push(`${name}=${number}`)
      expect(taken).toEqual([])
      expect(await send(ada.token, 'GET', '/users?limit=0010&offset=0')).toMatchObject({ status: 200 })
    })
  })
})

describe('whatever goes wrong', () => {
  it('is answered in the shape of errors, and says nothing of the machine', async () => {
    await withService(async ({ send, url, people: { ada } }) => {
      for (const [token, method, path] of [
        ['', 'GET', '/nowhere'],
        ['', 'GET', '/users/me'],
        ['x', 'GET', '/users/me'],
        [ada.token, 'GET', '/nowhere'],
        [ada.token, 'PATCH', '/users/me'],
        [ada.token, 'GET', '/users/me/'],
        [ada.token, 'GET', '/users//me'],
        [ada.token, 'GET', '/users/me%2Fkeys'],
        [ada.token, 'GET', '/users?limit=-1'],
        [ada.token, 'GET', '/users?limit=1&limit=2'],
        [ada.token, 'GET', '/users?offset=99999999999999999999'],
        [ada.token, 'GET', '/users?q=__proto__:x'],
        [ada.token, 'GET', '/users/me/keys/tokens?include_expired=maybe'],
        [ada.token, 'GET', `/users/${'a'.repeat(8000)}`],
        ['', 'GET', '/users/oidc/callback'],
        ['', 'GET', '/users/oauth2/github/callback'],
        ['', 'GET', '/users/oauth2/github/device'],
        ['', 'GET', '/users/oidc/callback?code=x&state=y']
      ] as const) {
        const answer = await send(token, method, path)
        expect([path, answer]).toMatchObject([path, { body: response }])
        expect([path, answer.status >= 400 && answer.status < 500]).toEqual([path, true])
        expect(JSON.stringify(answer.body)).not.toMatch(/node_modules|\.ts\b|postgres|SELECT|pg_/i)
      }
      expect(await sendTo(url)('', 'GET', '/users/first')).toMatchObject({ status: 200 })
    })
  })

  it('in a request that is no HTTP ends that connection and nothing else', async () => {
    await withService(async ({ url, send, people: { ada } }) => {
      for (const bytes of [
        'GET /api/v2/users/me HTTP/1.1\r\n\r\n',
        `GET /api/v2/users/me HTTP/1.1\r\nHost: x\r\nCoder-Session-Token: ${ada.token}\r\n folded: x\r\n\r\n`,
        'GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n',
        'GET /api/v2/users/me HTTP/1.1\r\nHost: a b/c@d\r\nConnection: close\r\n\r\n',
        'POST /api/v2/users/login HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
        '\u0000\u0001\r\n\r\n'
      ]) {
        const answer = await sendBytes(url, bytes)
        expect([bytes, /^HTTP\/1\.1 (2|5)/.test(answer)]).toEqual([bytes, false])
      }
      expect(await send(ada.token, 'GET', '/users/me')).toMatchObject({ status: 200 })
    })
  })
})

async function raw(
  url: string,
  method: string,
  body: string,
  headers: Record<string, string>
): Promise<Answer> {
  const answer = await fetch(url, { method, headers, body: Buffer.from(body) })
  const text = await answer.text()
  return { status: answer.status, headers: {}, body: text === '' ? undefined : (JSON.parse(text) as unknown) }
}

/** What comes back for some bytes until the other side ends, or has been silent for a while. */
function sendBytes(url: string, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    const { port, hostname } = new URL(url)
    const socket = connect(Number(port), hostname)
    let answer = ''
    const end = (): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.setEncoding('latin1').setTimeout(5000)
    socket.on('data', (chunk: string) => {
      answer += chunk
    })
    for (const event of ['end', 'close', 'timeout', 'error']) socket.on(event, end)
    socket.write(bytes, 'latin1')
  })
}
