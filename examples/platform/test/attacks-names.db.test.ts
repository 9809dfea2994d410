// What a path may name an account by: one account at most, however it is written, and never another one.
import { describe, expect, it } from 'vitest'
import { withService } from './service.js'

describe('the name of an account in a path', () => {
  it('is the same account in every spelling of its id and its name, and self is self in each of them', async () => {
    await withService(async ({ send, people: { owner, ada } }) => {
      for (const named of [
        ada.id,
        ada.id.toUpperCase(),
        'Ada',
        'ADA',
        '%41da',
        `%${hex(ada.id)}${ada.id.slice(1)}`
      ])
        expect((await send(owner.token, 'GET', `/users/${named}`)).body).toMatchObject({ id: ada.id })
      for (const named of [owner.id, owner.id.toUpperCase(), 'olga', 'OLGA', 'me', '%6d%65', '%4flga']) {
        for (const [method, path, body] of [
          ['PUT', 'status/suspend', undefined],
          ['PUT', 'roles', { roles: [] }]
        ] as const)
          expect(await send(owner.token, method, `/users/${named}/${path}`, body)).toMatchObject({
            status: 403
          })
        expect(await send(owner.token, 'DELETE', `/users/${named}`)).toMatchObject({ status: 403 })
      }
      expect((await send(owner.token, 'GET', '/users/me/roles')).body).toMatchObject({
        id: owner.id,
        roles: [{ name: 'owner' }]
      })
    })
  })

  it.each(['me', 'Me', 'ME'])(
    'is nobody’s by the name of %s, under which everybody finds themselves',
    async (name) => {
      await withService(async ({ send, people: { owner, eve } }) => {
        const made = await send(owner.token, 'POST', '/users', {
          username: name,
          email: 'me@example.com',
          password: 'a long password'
        })
        expect(made.status).toBe(400)
        expect(await send(eve.token, 'PUT', '/users/me/profile', { username: name, name: '' })).toMatchObject(
          { status: 400 }
        )
        expect((await send(owner.token, 'GET', `/users/${eve.id}`)).body).toMatchObject({ username: 'Eve' })
      })
    }
  )

  it('is nobody’s by the name of a request, nor by what looks like an id', async () => {
    await withService(async ({ send, people: { ada, eve } }) => {
      for (const username of [
        'first',
        'login',
        'logout',
        'authmethods',
        'oauth2',
        'oidc',
        'oidc-claims',
        ada.id
      ])
        expect([
          username,
          (await send(eve.token, 'PUT', '/users/me/profile', { username, name: '' })).status
        ]).toEqual([username, 400])
      // Thirty-two digits are a name: PostgreSQL would read them as a UUID, a path does not.
      const digits = ada.id.replaceAll('-', '')
      expect(await send(eve.token, 'PUT', '/users/me/profile', { username: digits, name: '' })).toMatchObject(
        { status: 200 }
      )
      expect((await send(eve.token, 'GET', `/users/${digits}`)).body).toMatchObject({ id: eve.id })
      expect((await send(ada.token, 'GET', `/users/${digits}`)).status).toBe(404)
      expect((await send(ada.token, 'GET', `/users/${ada.id}`)).body).toMatchObject({ id: ada.id })
    })
  })

  it('that is taken stays with who has it, in whatever letters', async () => {
    await withService(async ({ send, people: { eve } }) => {
      for (const username of ['Ada', 'ada', 'ADA', 'olga'])
        expect(await send(eve.token, 'PUT', '/users/me/profile', { username, name: '' })).toMatchObject({
          status: 409
        })
      for (const username of ['Аda', 'ada ', 'ada\u200b', 'ada/', 'a--b', '-ada', '', 'a'.repeat(33)])
        expect(await send(eve.token, 'PUT', '/users/me/profile', { username, name: '' })).toMatchObject({
          status: 400
        })
    })
  })

  it('finds no one who has gone, by id or name, and the name may be another’s', async () => {
    await withService(async ({ send, people: { owner, ada, eve } }) => {
      expect(await send(owner.token, 'DELETE', `/users/${ada.id}`)).toMatchObject({ status: 200 })
      for (const named of [ada.id, ada.id.toUpperCase(), 'Ada'])
        for (const path of ['', '/roles', '/keys/tokens', '/login-type', '/organizations', '/gitsshkey'])
          expect([path, (await send(owner.token, 'GET', `/users/${named}${path}`)).status]).toEqual([
            path,
            404
          ])
      for (const [method, path, body] of [
        ['PUT', 'status/activate', undefined],
        ['PUT', 'roles', { roles: ['auditor'] }],
        ['PUT', 'profile', { username: 'back', name: '' }],
        ['PUT', 'password', { password: 'a long password' }],
        ['POST', 'keys', undefined],
        ['POST', 'keys/tokens', {}]
      ] as const)
        expect([path, (await send(owner.token, method, `/users/${ada.id}/${path}`, body)).status]).toEqual([
          path,
          404
        ])
      expect(await send(eve.token, 'PUT', '/users/me/profile', { username: 'Ada', name: '' })).toMatchObject({
        status: 200
      })
      expect((await send(owner.token, 'GET', '/users/ada')).body).toMatchObject({ id: eve.id })
      for (const token of [ada.token, ada.agentToken])
        expect(await send(token, 'GET', '/users/me')).toMatchObject({ status: 401 })
    })
  })
})

function hex(text: string): string {
  return text.charCodeAt(0).toString(16)
}
