// Sessions, tokens and passwords: how long they live, what they may do, and what ends them.
import { describe, expect, it } from 'vitest'
import { verifyPassword } from '../src/secrets/password.js'
import { addToken, idOf } from './people.js'
import { withService, type Answer, type Service } from './service.js'

const account = { email: 'new@example.com', username: 'new', password: 'a first password' }

async function signIn({ send }: Service, password = account.password): Promise<Answer> {
  return send('', 'POST', '/users/login', { email: account.email, password })
}

async function newUser(service: Service): Promise<{ readonly id: string; readonly session: string }> {
  const made = await service.send(service.people.owner.token, 'POST', '/users', account)
  const { body } = await signIn(service)
  return { id: (made.body as { id: string }).id, session: (body as { session_token: string }).session_token }
}

describe('a session', () => {
  it('begins with the password alone, and says as little of an unknown address as of a wrong password', async () => {
    await withService(async (service) => {
      const { send } = service
      const { session } = await newUser(service)
      expect(await send(session, 'GET', '/users/me')).toMatchObject({
        status: 200,
        body: { username: 'new' }
      })
      const wrong = await signIn(service, 'another password')
      expect(wrong.status).toBe(401)
      const unknown = { email: 'nobody@example.com', password: account.password }
      expect(await send('', 'POST', '/users/login', unknown)).toEqual(wrong)
    })
  })

  it('slides with its use and ends without, where a token ends when it said', async () => {
    await withService(async (service) => {
      const { send, sql } = service
      const { id, session } = await newUser(service)
      const token = await addToken(sql, id, { lifetime: 24 * 3_600e9 })
      await sql.query("UPDATE casemate_keys SET created_at = now() - interval '6 days 23 hours'")
      for (const key of [session, token]) expect((await send(key, 'GET', '/users/me')).status).toBe(200)
      const { rows } = await sql.query<{ login_type: string; far: boolean; noted: boolean }>(
        `SELECT login_type, end_of_key(id) > now() + interval '6 days 23 hours' AS far, last_used_at > '2020-01-01' AS noted
         FROM casemate_keys JOIN user_keys USING (id) WHERE casemate_keys.user_id = $1 ORDER BY login_type`,
        [id]
      )
      expect(rows).toEqual([
        { login_type: 'password', far: true, noted: true },
        { login_type: 'token', far: false, noted: true }
      ])
      const before = "now() - interval '7 days'"
      await sql.query(
        `UPDATE casemate_keys SET last_used_at = ${before}, expires_at = expires_at - interval '7 days'`
      )
      for (const key of [session, token]) expect((await send(key, 'GET', '/users/me')).status).toBe(401)
    })
  })

  it('ends when its user is locked out, goes on when they are let in again, and is gone with the account', async () => {
    await withService(async (service) => {
      const { send, people, sql } = service
      const { id, session } = await newUser(service)
      const by = people.owner.token
      expect((await send(session, 'GET', '/users/me')).status).toBe(200)
      await send(by, 'PUT', `/users/${id}/status/suspend`)
      expect((await send(session, 'GET', '/users/me')).status).toBe(401)
      expect((await signIn(service)).status).toBe(401)
      await send(by, 'PUT', `/users/${id}/status/activate`)
      expect((await send(session, 'GET', '/users/me')).status).toBe(200)
      expect((await send(by, 'DELETE', `/users/${id}`)).status).toBe(200)
      expect((await send(session, 'GET', '/users/me')).status).toBe(401)
      const left = 'SELECT FROM casemate_keys WHERE user_id = $1 AND revoked_at IS NULL'
      expect((await sql.query(left, [id])).rowCount).toBe(0)
      expect((await send(by, 'GET', `/users/${id}`)).status).toBe(404)
      // The name and the address are free again.
      expect((await send(by, 'POST', '/users', account)).status).toBe(201)
    })
  })

  it('ends when the password changes elsewhere, and not where it was changed', async () => {
    await withService(async (service) => {
      const { send } = service
      const { session } = await newUser(service)
      const other = (await signIn(service)).body as { session_token: string }
      const change = (old_password: string, password: string): Promise<Answer> =>
        send(session, 'PUT', '/users/me/password', { old_password, password })
      expect((await change('wrong password', 'a second password')).body).toMatchObject({
        validations: [{ field: 'old_password' }]
      })
      expect((await change(account.password, account.password)).status).toBe(400)
      expect((await change(account.password, 'a second password')).status).toBe(204)
      expect((await send(session, 'GET', '/users/me')).status).toBe(200)
      expect((await send(other.session_token, 'GET', '/users/me')).status).toBe(401)
      expect((await signIn(service)).status).toBe(401)
      expect((await signIn(service, 'a second password')).status).toBe(201)
    })
  })
})

describe('a token', () => {
  it('makes none that may do more, reaches further, or lives longer than itself', async () => {
    await withService(async (service) => {
      const { send, people, sql } = service
      const body = {
        scopes: ['api_key:create', 'user:read'],
        lifetime: 3_600e9,
        allow_list: ['api_key:*', `user:${people.ada.id}`]
      }
      const made = await send(people.ada.token, 'POST', '/users/me/keys/tokens', body)
      const { key: narrow } = made.body as { key: string }
      const mint = async (asked: object): Promise<number> =>
        (await send(narrow, 'POST', '/users/me/keys/tokens', asked)).status
      expect(await mint({})).toBe(403)
      expect(await mint({ scopes: ['api_key:create', 'workspace:read'] })).toBe(403)
      expect(await mint({ scopes: ['user:read'] })).toBe(403)
      expect((await send(narrow, 'POST', '/users/me/keys')).status).toBe(403)
      const asked = {
        scopes: ['user:read'],
        allow_list: [`user:${people.ada.id}`],
        lifetime: 86_400e9,
        token_name: 'child'
      }
      expect(await mint(asked)).toBe(201)
      const { rows } = await sql.query(
        `SELECT end_of_key(c.id) <= end_of_key(p.id) AS ends FROM user_keys AS c, user_keys AS p
         WHERE c.token_name = 'child' AND p.id = $1`,
        [idOf(narrow)]
      )
      expect(rows).toEqual([{ ends: true }])
    })
  })

  it('has a name of its own, and is found under it by its owner alone', async () => {
    await withService(async ({ send, people }) => {
      const named = { token_name: 'deploy', scopes: ['user:read'] }
      const tokens = '/users/me/keys/tokens'
      expect((await send(people.ada.token, 'POST', tokens, named)).status).toBe(201)
      expect(await send(people.ada.token, 'POST', tokens, named)).toMatchObject({
        status: 409,
        body: { validations: [{ field: 'token_name' }] }
      })
      expect((await send(people.eve.token, 'POST', tokens, named)).status).toBe(201)
      const byName = `/users/${people.ada.id}/keys/tokens/deploy`
      expect(await send(people.ada.token, 'GET', byName)).toMatchObject({ body: { scopes: ['user:read'] } })
      expect((await send(people.eve.token, 'GET', byName)).status).toBe(404)
      expect((await send(people.auditor.token, 'GET', byName)).status).toBe(403)
    })
  })

  it('that has ended is listed for who asks for it', async () => {
    await withService(async ({ send, people, sql }) => {
      const id = idOf(people.ada.token)
      const key = await addToken(sql, people.ada.id, { token_name: 'b' })
      expect((await send(key, 'PUT', `/users/me/keys/${id}/expire`)).status).toBe(204)
      expect((await send(people.ada.token, 'GET', '/users/me')).status).toBe(401)
      const idsIn = ({ body }: Answer): string[] => (body as { id: string }[]).map((token) => token.id)
      expect(idsIn(await send(key, 'GET', '/users/me/keys/tokens'))).toEqual([idOf(key)])
      expect(idsIn(await send(key, 'GET', '/users/me/keys/tokens?include_expired=true'))).toContain(id)
      const ends = 'SELECT end_of_key($1)'
      const before = await sql.query(ends, [id])
      expect((await send(key, 'PUT', `/users/me/keys/${id}/expire`)).status).toBe(204)
      expect((await sql.query(ends, [id])).rows).toEqual(before.rows)
    })
  })
})

describe('what is made with a token', () => {
  it('ends with it, whether the token is ended or deleted, and is listed as ended', async () => {
    await withService(async ({ send, people: { ada, owner } }) => {
      const make = async (token: string, path: string, body?: object): Promise<string> =>
        ((await send(token, 'POST', path, body)).body as { key: string }).key
      for (const end of ['expire', 'delete'] as const) {
        const token = await make(ada.token, '/users/me/keys/tokens', { token_name: end })
        const session = await make(token, '/users/me/keys')
        const child = await make(session, '/users/me/keys/tokens', { token_name: `${end}-child` })
        for (const key of [session, child]) expect((await send(key, 'GET', '/users/me')).status).toBe(200)
        const path = `/users/me/keys/${idOf(token)}`
        const ended =
          end === 'expire' ? send(ada.token, 'PUT', `${path}/expire`) : send(ada.token, 'DELETE', path)
        expect((await ended).status).toBe(204)
        for (const key of [session, child]) expect((await send(key, 'GET', '/users/me')).status).toBe(401)
        const names = async (query: string): Promise<string[]> =>
          (
            (await send(ada.token, 'GET', `/users/me/keys/tokens${query}`)).body as { token_name: string }[]
          ).map(({ token_name: name }) => name)
        expect(await names('')).not.toContain(`${end}-child`)
        expect(await names('?include_expired=true')).toContain(`${end}-child`)
      }
      // One that somebody had made for another ends with theirs.
      const theirs = await make(owner.token, '/users/me/keys/tokens', { token_name: 'theirs' })
      const others = await make(theirs, `/users/${ada.id}/keys/tokens`, { token_name: 'others' })
      expect((await send(others, 'GET', '/users/me')).body).toMatchObject({ username: 'Ada' })
      await send(owner.token, 'DELETE', `/users/me/keys/${idOf(theirs)}`)
      expect((await send(others, 'GET', '/users/me')).status).toBe(401)
    })
  })

  it('in a session of somebody who signed in stays when they sign out', async () => {
    await withService(async (service) => {
      const { send } = service
      const { session } = await newUser(service)
      const { key } = (await send(session, 'POST', '/users/me/keys/tokens', {})).body as { key: string }
      expect((await send(session, 'POST', '/users/logout')).status).toBe(200)
      expect((await send(session, 'GET', '/users/me')).status).toBe(401)
      expect((await send(key, 'GET', '/users/me')).status).toBe(200)
    })
  })
})

describe('a secret', () => {
  it('is nowhere in the database in clear: passwords, keys, the private part of a key for git', async () => {
    await withService(async (service) => {
      const { send, sql } = service
      const { id, session } = await newUser(service)
      const { public_key: shown } = (await send(session, 'GET', '/users/me/gitsshkey')).body as {
        public_key: string
      }
      expect(shown).toMatch(/^ssh-ed25519 [A-Za-z0-9+/]{68}$/)
      const { rows } = await sql.query<{ all: string }>(
        `SELECT jsonb_build_array(u.password_hash, k.hash, encode(g.private_key, 'escape'))::text AS all
         FROM users AS u JOIN casemate_keys AS k ON k.user_id = u.id JOIN git_ssh_keys AS g ON g.user_id = u.id
         WHERE u.id = $1`,
        [id]
      )
      const stored = rows.map(({ all }) => all).join('')
      expect(stored).toContain('$scrypt$')
      for (const secret of [account.password, session, session.slice(-43), 'PRIVATE KEY'])
        expect(stored).not.toContain(secret)
      const { rows: hashes } = await sql.query<{ hash: string }>(
        'SELECT password_hash AS hash FROM users WHERE id = $1',
        [id]
      )
      expect(await verifyPassword(account.password, hashes[0]?.hash)).toBe(true)
      const { rows: records } = await sql.query('SELECT FROM casemate_records')
      expect(records).toEqual([])
    })
  })
})

describe('the list of users', () => {
  it('has whom one may see, counted and paged in the database', async () => {
    await withService(async ({ send, people }) => {
      const list = async (token: string, query: string): Promise<[string[], number]> => {
        const { body } = await send(token, 'GET', `/users${query}`)
        const { users, count } = body as { users: { username: string }[]; count: number }
        return [users.map(({ username }) => username), count]
      }
      expect(await list(people.auditor.token, '')).toEqual([['Ada', 'Audrey', 'Eve', 'Olga'], 4])
      expect(await list(people.ada.token, '')).toEqual([['Ada'], 1])
      expect(await list(people.owner.token, '?limit=2&offset=1')).toEqual([['Audrey', 'Eve'], 4])
      expect(await list(people.owner.token, `?after_id=${people.eve.id}`)).toEqual([['Olga'], 4])
      expect(await list(people.owner.token, '?q=role:auditor')).toEqual([['Audrey'], 1])
      expect(await list(people.owner.token, '?q=status:active%20A')).toEqual([
        ['Ada', 'Audrey', 'Eve', 'Olga'],
        4
      ])
      expect(await list(people.owner.token, '?q=EVE@')).toEqual([['Eve'], 1])
      // Where a page begins that one may not see, there is nothing to tell.
      expect(await list(people.ada.token, `?after_id=${people.eve.id}`)).toEqual([[], 1])
      expect(
        (await send(people.owner.token, 'GET', '/users?q=rank:3&limit=x&after_id=y')).body
      ).toMatchObject({
        validations: [{ field: 'after_id' }, { field: 'limit' }]
      })
      expect((await send(people.owner.token, 'GET', '/users?q=rank:3')).body).toMatchObject({
        validations: [{ field: 'q' }]
      })
    })
  })
})

describe('the first account', () => {
  it('is made once, of two who ask at the same time', async () => {
    await withService(
      async ({ send, sql }) => {
        const first = (username: string): Promise<Answer> =>
          send('', 'POST', '/users/first', { ...account, username, email: `${username}@example.com` })
        const answers = await Promise.all([first('one'), first('two'), first('three')])
        expect(answers.map(({ status }) => status).sort()).toEqual([201, 403, 403])
        expect((await sql.query('SELECT FROM users')).rowCount).toBe(1)
        expect((await sql.query('SELECT FROM organizations')).rowCount).toBe(1)
      },
      { isEmpty: true }
    )
  })
})
