// What somebody might try with a key: to live longer, to do more, to act on who stands above, to come back after they were
// locked out.
import { request } from 'node:http'
import { describe, expect, it } from 'vitest'
import { addPerson, addToken, idOf, memberRoles, type Person } from './people.js'
import { withService, type Answer, type Service } from './service.js'

const minute = 60 * 1e9

async function keyOf(answer: Promise<Answer>): Promise<string> {
  const { status, body } = await answer
  expect(status).toBe(201)
  return (body as { key: string }).key
}

/** Somebody who looks after accounts, and may give the least roles. */
function addUserAdmin({ sql, people }: Service): Promise<Person> {
  return addPerson(sql, people.org, 'Uma', { site: ['user-admin', 'member'], org: ['organization-member'] })
}

describe('a token with an end', () => {
  it('makes nothing that lives longer, however it is used', async () => {
    await withService(async ({ send, sql, people: { ada } }) => {
      const token = await keyOf(send(ada.token, 'POST', '/users/me/keys/tokens', { lifetime: 10 * minute }))
      const session = await keyOf(send(token, 'POST', '/users/me/keys'))
      const ofSession = await keyOf(send(session, 'POST', '/users/me/keys/tokens', { lifetime: 60 * minute }))
      const again = await keyOf(send(session, 'POST', '/users/me/keys'))
      for (const key of [session, ofSession, again])
        expect(await send(key, 'GET', '/users/me')).toMatchObject({ status: 200 })
      const { rows } = await sql.query<{ seconds: number }>(
        'SELECT extract(epoch FROM end_of_key(id) - now())::float8 AS seconds FROM casemate_keys WHERE id = ANY ($1)',
        [[session, ofSession, again].map(idOf)]
      )
      expect(rows).toHaveLength(3)
      for (const { seconds } of rows) expect(seconds).toBeLessThanOrEqual(600)
    })
  })

  it('is over at once when it is ended, deleted, or its user locked out', async () => {
    await withService(async ({ send, people: { owner, ada, eve } }) => {
      const [ended, deleted] = [
        await keyOf(send(ada.token, 'POST', '/users/me/keys/tokens', { token_name: 'ended' })),
        await keyOf(send(ada.token, 'POST', '/users/me/keys/tokens', { token_name: 'deleted' }))
      ]
      await send(ada.token, 'PUT', `/users/me/keys/${idOf(ended)}/expire`)
      await send(ada.token, 'DELETE', `/users/me/keys/${idOf(deleted)}`)
      await send(owner.token, 'PUT', `/users/${eve.id}/status/suspend`)
      for (const key of [ended, deleted, eve.token, eve.agentToken])
        expect(await send(key, 'GET', '/users/me')).toMatchObject({ status: 401 })
      // Who is locked out does not let themselves in.
      expect(await send(eve.token, 'PUT', '/users/me/status/activate')).toMatchObject({ status: 401 })
      await send(owner.token, 'PUT', `/users/${eve.id}/status/activate`)
      expect(await send(eve.token, 'GET', '/users/me')).toMatchObject({ status: 200 })
      expect(await send(ended, 'GET', '/users/me')).toMatchObject({ status: 401 })
    })
  })
})

describe('somebody who looks after accounts', () => {
  it('has no way to the power of who stands above', async () => {
    await withService(async (service) => {
      const { send, people } = service
      const uma = await addUserAdmin(service)
      const above = `/users/${people.owner.id}`
      for (const [method, path, body] of [
        ['PUT', `${above}/password`, { password: 'a long password' }],
        ['PUT', `${above}/profile`, { username: 'somebody-else' }],
        ['PUT', `${above}/gitsshkey`, undefined],
        ['PUT', `${above}/status/suspend`, undefined],
        ['PUT', `${above}/status/activate`, undefined],
        ['PUT', `${above}/roles`, { roles: [] }],
        ['PUT', `${above}/roles`, { roles: ['owner', 'user-admin'] }],
        ['DELETE', above, undefined],
        ['PUT', `/users/me/roles`, { roles: ['owner'] }],
        ['PUT', `/users/${people.ada.id}/roles`, { roles: ['owner'] }],
        ['PUT', `/users/${people.ada.id}/roles`, { roles: ['auditor', 'member'] }]
      ] as const)
        expect([path, (await send(uma.token, method, path, body)).status]).toEqual([path, 403])
      // Keys of others are none of their business, whoever it is.
      for (const of of [above, `/users/${people.ada.id}`])
        for (const path of ['keys', 'keys/tokens'])
          expect(await send(uma.token, 'POST', `${of}/${path}`, {})).toMatchObject({ status: 404 })
      for (const roles of [['owner'], ['user-admin'], ['auditor'], ['template-admin']]) {
        const made = await send(uma.token, 'POST', '/users', {
          username: 'accomplice',
          email: 'accomplice@example.com',
          password: 'a long password',
          roles
        })
        expect([roles, made.status]).toEqual([roles, 403])
      }
      // Nothing of it was left behind.
      expect(await send(people.owner.token, 'GET', '/users/accomplice')).toMatchObject({ status: 404 })
      expect((await send(people.owner.token, 'GET', '/users/me')).body).toMatchObject({
        status: 'active',
        roles: [{ name: 'owner' }]
      })
    })
  })

  it('opens no account in an organization that there is not', async () => {
    await withService(async (service) => {
      const { send, people } = service
      const uma = await addUserAdmin(service)
      for (const token of [uma.token, people.owner.token]) {
        const made = await send(token, 'POST', '/users', {
          username: 'lost',
          email: 'lost@example.com',
          password: 'a long password',
          organization_ids: ['00000000-0000-4000-a000-000000000000']
        })
        expect(made.status).toBe(400)
      }
    })
  })

  it('may still lock out and close an account whose role means nothing any more', async () => {
    await withService(async (service) => {
      const { send, sql, people } = service
      await sql.query(
        `INSERT INTO casemate_assignments (user_id, place_kind, place_id, role)
         VALUES ($1, 'site', '00000000-0000-0000-0000-000000000000', 'ghost')`,
        [people.eve.id]
      )
      expect(await send(people.eve.token, 'GET', '/users/me')).toMatchObject({ status: 401 })
      const of = `/users/${people.eve.id}`
      expect(await send(people.owner.token, 'GET', of)).toMatchObject({ status: 200 })
      expect(await send(people.owner.token, 'PUT', `${of}/status/suspend`)).toMatchObject({ status: 200 })
      expect(await send(people.owner.token, 'PUT', `${of}/roles`, { roles: [] })).toMatchObject({
        status: 200
      })
      expect(await send(people.owner.token, 'DELETE', of)).toMatchObject({ status: 200 })
    })
  })
})

describe('a key of an owner that may do little', () => {
  it('does none of what its owner may', async () => {
    await withService(async ({ send, sql, people: { owner, ada } }) => {
      const reader = await addToken(sql, owner.id, { scopes: ['user:read'] })
      const all = await addToken(sql, owner.id, { scopes: ['user:*'] })
      const personal = await addToken(sql, owner.id, { scopes: ['user:update_personal', 'user:read'] })
      const named = await addToken(sql, owner.id, { allow_list: [`user:${owner.id}`] })
      const of = `/users/${ada.id}`
      for (const [key, method, path, body] of [
        [reader, 'PUT', `${of}/roles`, { roles: ['auditor'] }],
        [reader, 'DELETE', of, undefined],
        [reader, 'POST', '/users/me/keys', undefined],
        [reader, 'POST', '/users/me/keys/tokens', { scopes: ['user:read'] }],
        [reader, 'GET', '/users/me/login-type', undefined],
        [all, 'PUT', `${of}/roles`, { roles: ['auditor'] }],
        [all, 'POST', `${of}/keys`, undefined],
        [all, 'POST', '/users/me/keys', undefined],
        [personal, 'PUT', `${of}/password`, { password: 'a long password' }],
        [personal, 'PUT', `${of}/status/suspend`, undefined]
      ] as const)
        expect([path, (await send(key, method, path, body)).status]).toEqual([path, 403])
      const made = await send(all, 'POST', '/users', {
        username: 'accomplice',
        email: 'accomplice@example.com',
        password: 'a long password',
        roles: ['owner']
      })
      expect(made.status).toBe(403)
      expect(await send(named, 'GET', of)).toMatchObject({ status: 404 })
      expect(await send(named, 'PUT', `${of}/status/suspend`)).toMatchObject({ status: 404 })
      expect((await send(named, 'GET', '/users')).body).toMatchObject({ count: 1, users: [{ id: owner.id }] })
      expect(await send(named, 'POST', '/users/me/keys')).toMatchObject({ status: 403 })
    })
  })

  it('of somebody else is not there under one’s own path', async () => {
    await withService(async ({ send, people: { owner, ada, eve } }) => {
      const id = idOf(await keyOf(send(ada.token, 'POST', '/users/me/keys/tokens', { token_name: 'mine' })))
      for (const who of [eve, owner])
        for (const [method, path] of [
          ['GET', `/users/me/keys/${id}`],
          ['GET', '/users/me/keys/tokens/mine'],
          ['PUT', `/users/me/keys/${id}/expire`],
          ['DELETE', `/users/me/keys/${id}`]
        ] as const)
          expect([path, (await send(who.token, method, path)).status]).toEqual([path, 404])
      expect(await send(eve.token, 'DELETE', `/users/${ada.id}/keys/${id}`)).toMatchObject({ status: 404 })
      expect(await send(ada.token, 'GET', `/users/me/keys/${id}`)).toMatchObject({ status: 200 })
      const agentId = ada.agentToken.split('-')[0] ?? ''
      for (const who of [ada, owner])
        for (const of of ['me', ada.id])
          expect(await send(who.token, 'DELETE', `/users/${of}/keys/${agentId}`)).toMatchObject({
            status: 404
          })
    })
  })
})

describe('a session in a header or a cookie', () => {
  it('is the one of the header where there is one, and nobody’s where there are two', async () => {
    await withService(async ({ send, url, people: { owner, ada } }) => {
      const cookie = `coder_session_token=${owner.token}`
      const asks = (headers: Record<string, string | string[]>, method = 'GET'): Promise<number> =>
        statusOf(`${url}/api/v2/users/me/roles`, method, headers)
      expect((await send(ada.token, 'GET', '/users/me', undefined, { cookie })).body).toMatchObject({
        id: ada.id
      })
      expect(await asks({ cookie })).toBe(200)
      expect(await asks({ cookie, 'coder-session-token': '' })).toBe(401)
      expect(await asks({ cookie, 'coder-session-token': 'nonsense' })).toBe(401)
      expect(await asks({ 'coder-session-token': [owner.token, ada.token] })).toBe(401)
      expect(await asks({ 'coder-session-token': [owner.token, owner.token] })).toBe(401)
      expect(await asks({ 'coder-session-token': `${owner.token}, ${ada.token}` })).toBe(401)
      expect(await asks({ cookie: `coder_session_token=x; ${cookie}` })).toBe(401)
      expect(await asks({ authorization: `Bearer ${owner.token}` })).toBe(401)
    })
  })

  it('in a cookie changes nothing that another site asks for', async () => {
    await withService(async ({ url, sql, people: { owner, ada } }) => {
      const cookie = `coder_session_token=${owner.token}`
      for (const site of ['cross-site', 'same-site', 'nonsense'])
        for (const [method, path] of [
          ['PUT', `/users/${ada.id}/status/suspend`],
          ['DELETE', `/users/${ada.id}`],
          ['POST', '/users/me/keys']
        ] as const)
          expect(await statusOf(`${url}/api/v2${path}`, method, { cookie, 'sec-fetch-site': site })).toBe(401)
      const { rows } = await sql.query('SELECT FROM users WHERE status = $1 OR deleted_at IS NOT NULL', [
        'suspended'
      ])
      expect(rows).toEqual([])
      const own = { cookie, 'sec-fetch-site': 'same-origin' }
      expect(await statusOf(`${url}/api/v2/users/${ada.id}/status/suspend`, 'PUT', own)).toBe(200)
    })
  })
})

describe('a member', () => {
  it('reads and changes nothing of another, who is not even there', async () => {
    await withService(async ({ send, sql, people }) => {
      const mallory = await addPerson(sql, people.org, 'Mallory', memberRoles)
      const of = `/users/${people.ada.id}`
      const asks = [
        ['GET', ''],
        ['GET', '/roles'],
        ['GET', '/login-type'],
        ['GET', '/keys/tokens'],
        ['GET', '/gitsshkey'],
        ['GET', '/appearance'],
        ['GET', '/preferences'],
        ['GET', '/organizations'],
        ['GET', '/autofill-parameters?template_id=x'],
        ['PUT', '/profile', { username: 'x', name: '' }],
        ['PUT', '/password', { password: 'a long password' }],
        ['PUT', '/gitsshkey'],
        ['PUT', '/roles', { roles: ['owner'] }],
        ['POST', '/keys'],
        ['POST', '/keys/tokens', {}]
      ] as const
      for (const [method, path, body] of asks) {
        const there = await send(mallory.token, method, `${of}${path}`, body)
        const nowhere = await send(
          mallory.token,
          method,
          `/users/00000000-0000-4000-a000-000000000000${path}`,
          body
        )
        expect([path, there.status, there.body]).toEqual([path, 404, nowhere.body])
      }
      for (const [method, path] of [
        ['PUT', '/status/suspend'],
        ['PUT', '/status/activate'],
        ['DELETE', '']
      ] as const)
        expect(await send(mallory.token, method, `${of}${path}`)).toMatchObject({ status: 403 })
    })
  })
})

/** The status of one request, whose headers may be there twice. */
function statusOf(url: string, method: string, headers: Record<string, string | string[]>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (response) => {
      response.resume()
      response.on('end', () => {
        resolve(response.statusCode ?? 0)
      })
    })
    sent.on('error', reject)
    sent.end()
  })
}
