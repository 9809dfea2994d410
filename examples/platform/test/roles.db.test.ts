// Roles: who gives which, what two administrators do at once, and what the others processes know of it.
import { describe, expect, it } from 'vitest'
import { addPerson, type Person } from './people.js'
import { withService, type Answer, type Service } from './service.js'

const userAdmin = { site: ['user-admin', 'member'], org: ['organization-member'] }
const setRoles = (
  { send }: Pick<Service, 'send'>,
  by: Person,
  of: Person,
  roles: readonly string[],
  headers?: Readonly<Record<string, string>>
): Promise<Answer> => send(by.token, 'PUT', `/users/${of.id}/roles`, { roles }, headers)
const namesIn = ({ body }: Answer): string[] =>
  (body as { roles: { name: string }[] }).roles.map(({ name }) => name)

describe('the roles of a user', () => {
  it('are those that the request says, and what comes with every account stays', async () => {
    await withService(async (service) => {
      const { people, sql } = service
      expect(namesIn(await setRoles(service, people.owner, people.ada, ['auditor', 'user-admin']))).toEqual([
        'auditor',
        'user-admin'
      ])
      expect(namesIn(await setRoles(service, people.owner, people.ada, ['auditor', 'member']))).toEqual([
        'auditor'
      ])
      const { rows } = await sql.query(
        "SELECT role FROM casemate_assignments WHERE user_id = $1 AND place_kind = 'site' ORDER BY role",
        [people.ada.id]
      )
      expect(rows).toEqual([{ role: 'auditor' }, { role: 'member' }])
    })
  })

  it('are given by nobody above themselves, nor taken, and all of a request is refused together', async () => {
    await withService(async (service) => {
      const { people, sql, send } = service
      const admin = await addPerson(sql, people.org, 'Uma', userAdmin)
      expect(await setRoles(service, admin, people.ada, ['owner'])).toMatchObject({
        status: 403,
        body: { message: 'You may not give the role owner.', detail: 'None of your roles lets you.' }
      })
      expect((await setRoles(service, admin, people.auditor, [])).status).toBe(403)
      await setRoles(service, people.owner, people.eve, ['auditor'])
      expect((await setRoles(service, people.owner, people.eve, ['user-admin', 'no-role'])).status).toBe(400)
      expect(namesIn(await send(people.owner.token, 'GET', `/users/${people.eve.id}`))).toEqual(['auditor'])
      expect((await setRoles(service, admin, admin, ['owner'])).status).toBe(403)
      expect((await setRoles(service, people.owner, people.owner, [])).status).toBe(403)
    })
  })

  it('with an old tag are refused to the second of two who change them at once', async () => {
    await withService(async (service) => {
      const { people, sql, send } = service
      const second = await addPerson(sql, people.org, 'Otto', { site: ['owner', 'member'], org: [] })
      const read = await send(people.owner.token, 'GET', `/users/${people.ada.id}/roles`)
      const tag = { 'if-match': read.headers['etag'] ?? '' }
      const answers = await Promise.all([
        setRoles(service, people.owner, people.ada, ['auditor'], tag),
        setRoles(service, second, people.ada, ['user-admin'], tag)
      ])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412])
      const winner = answers.find(({ status }) => status === 200)
      const now = await send(people.owner.token, 'GET', `/users/${people.ada.id}/roles`)
      expect(namesIn(now)).toEqual(winner && namesIn(winner))
      const again = { 'if-match': now.headers['etag'] ?? '' }
      expect((await setRoles(service, people.owner, people.ada, [], again)).status).toBe(200)
    })
  })

  it('count from the next request of every process, custom ones too', async () => {
    await withService(async (service) => {
      const { people, send, another, app, connect } = service
      const elsewhere = await another()
      const logs = (from: Service['send']): Promise<Answer> => from(people.ada.token, 'GET', '/boundary-logs')
      expect([(await logs(send)).status, (await logs(elsewhere)).status]).toEqual([403, 403])
      await setRoles(service, people.owner, people.ada, ['auditor'])
      expect([(await logs(send)).status, (await logs(elsewhere)).status]).toEqual([200, 200])
      await setRoles(service, people.owner, people.ada, [])
      expect([(await logs(send)).status, (await logs(elsewhere)).status]).toEqual([403, 403])

      const owner = await app.roles.subjectOf(people.owner.id)
      const tx = await connect()
      await tx.query('BEGIN')
      const document = { kind: 'site', grants: { site: { allow: { boundary_log: ['read'] } } } } as const
      await app.roles.save(tx, owner, { name: 'log-reader', document })
      await tx.query('COMMIT')
      expect((await setRoles(service, people.owner, people.ada, ['log-reader'])).status).toBe(200)
      expect([(await logs(elsewhere)).status, (await logs(send)).status]).toEqual([200, 200])
      // Who could make the role may act on who holds it, and who could not may not.
      const admin = await addPerson(service.sql, people.org, 'Uma', userAdmin)
      const suspend = (by: Person): Promise<Answer> =>
        send(by.token, 'PUT', `/users/${people.ada.id}/status/suspend`)
      expect([(await suspend(admin)).status, (await suspend(people.owner)).status]).toEqual([403, 200])
    })
    // It compiles the service anew.
  }, 300_000)
})

describe('who may give every role', () => {
  it('is there always: the last one is neither demoted, locked out nor closed, by whatever statement', async () => {
    await withService(async (service) => {
      const { people, sql, send } = service
      const other = await addPerson(sql, people.org, 'Otto', { site: ['owner', 'member'], org: [] })
      const of = (id: string): string => `/users/${id}`
      expect((await setRoles(service, other, people.owner, [])).status).toBe(200)
      for (const statement of [
        "DELETE FROM casemate_assignments WHERE role = 'owner'",
        "UPDATE casemate_assignments SET expires_at = now() + interval '1 hour' WHERE role = 'owner'",
        `UPDATE users SET status = 'suspended' WHERE id = '${other.id}'`,
        `UPDATE users SET deleted_at = now() WHERE id = '${other.id}'`
      ])
        await expect(sql.query(statement)).rejects.toThrow('nobody would be left who may give every role')
      expect((await send(other.token, 'DELETE', of(other.id))).status).toBe(403)
      expect((await send(people.owner.token, 'DELETE', of(other.id))).status).toBe(403)
    })
  })

  it('remains where two lock each other out at the same time', async () => {
    await withService(async (service) => {
      const { people, sql, send } = service
      const other = await addPerson(sql, people.org, 'Otto', { site: ['owner', 'member'], org: [] })
      const suspend = (by: Person, of: Person): Promise<Answer> =>
        send(by.token, 'PUT', `/users/${of.id}/status/suspend`)
      const answers = await Promise.all([suspend(people.owner, other), suspend(other, people.owner)])
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      const { rows } = await sql.query("SELECT FROM users WHERE status = 'active' AND id = ANY($1)", [
        [people.owner.id, other.id]
      ])
      expect(rows).toHaveLength(1)
    })
  })
})

describe('an account with roles that one could not give', () => {
  it('is neither taken over nor out of service', async () => {
    await withService(async (service) => {
      const { people, sql, send } = service
      const admin = await addPerson(sql, people.org, 'Uma', userAdmin)
      const password = { password: 'a new password' }
      const tries = (id: string): readonly (readonly [string, string, unknown?])[] => [
        ['PUT', `/users/${id}/password`, password],
        ['PUT', `/users/${id}/status/suspend`],
        ['DELETE', `/users/${id}`]
      ]
      for (const [method, path, body] of tries(people.owner.id))
        expect([path, (await send(admin.token, method, path, body)).status]).toEqual([path, 403])
      for (const [method, path, body] of tries(people.ada.id))
        expect([path, (await send(admin.token, method, path, body)).status]).not.toEqual([path, 403])
    })
  })

  it('of a member is still what an administrator of users looks after', async () => {
    await withService(async (service) => {
      const { people, sql, send } = service
      const admin = await addPerson(sql, people.org, 'Uma', userAdmin)
      const made = await send(admin.token, 'POST', '/users', {
        email: 'new@example.com',
        username: 'new',
        password: 'a first password',
        organization_ids: [people.org]
      })
      expect(made).toMatchObject({ status: 201, body: { organization_ids: [people.org], roles: [] } })
      const { id } = made.body as { id: string }
      expect((await send(admin.token, 'PUT', `/users/${id}/status/suspend`)).status).toBe(200)
      expect((await send(admin.token, 'PUT', `/users/${id}/status/activate`)).status).toBe(200)
    })
  })
})
