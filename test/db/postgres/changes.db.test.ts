// What a store writes: guarded by what the subject holds while the lock is held, in every kind of place.
import { describe, expect, it } from 'vitest'
import type { RoleDocument } from 'casemate'
import { codeOf, give, inTransaction, orgRole, withStore, writeRow } from './world.js'

const page = { type: 'page', org: 'o1' } as const
const inProject = { type: 'page', project: 'p1' } as const
const projectRole: RoleDocument = {
  kind: 'project',
  grants: {
    project: { allow: { page: [{ actions: ['update'], where: { status: 'draft' } }] } },
    projectMember: { allow: { page: ['remove'] } }
  }
}

describe('a custom role', () => {
  it('is written, held, changed and removed, at the site, in an organization and in a container', async () => {
    await withStore(async ({ store, client, change, setup }) => {
      const places = [
        {
          place: undefined,
          object: page,
          document: { kind: 'site', grants: { site: { allow: { page: ['read'] } } } }
        },
        { place: 'o1', object: page, document: orgRole('read') },
        { place: { project: 'p1' }, object: inProject, document: projectRole }
      ] as const
      for (const { place, object, document } of places) {
        const revision = await change((tx) => store.save(tx, setup(), { place, name: 'helper', document }))
        await store.at(revision)
        await change((tx) => store.assign(tx, setup(), { user: 'ada', role: 'helper', place }))
        const action = place === undefined || place === 'o1' ? 'read' : 'update'
        expect((await store.subjectOf('ada')).can(action, object)).toBe(true)
        expect((await store.subjectOf('ada')).can('remove', object)).toBe(false)

        const more = {
          ...document,
          grants: { [document.kind]: { allow: { page: ['remove'] } } }
        } as RoleDocument
        await change((tx) => store.save(tx, setup(), { place, name: 'helper', document: more }))
        expect((await store.subjectOf('ada')).can('remove', object)).toBe(true)

        const remove = (): Promise<number> =>
          change((tx) => store.save(tx, setup(), { place, name: 'helper', document: null }))
        expect(await codeOf(remove())).toBe('role_in_use')
        expect(
          await change((tx) => store.unassign(tx, setup(), { user: 'ada', role: 'helper', place }))
        ).toBe(true)
        await store.at(await remove())
        expect(
          store
            .policy()
            .roles.list()
            .filter(({ isCustom }) => isCustom)
        ).toEqual([])
        expect((await store.subjectOf('ada')).can(action, object)).toBe(false)
      }
      const { rows } = await client.query(
        'SELECT place_kind, place_id, name, document FROM casemate_roles ORDER BY 1'
      )
      expect(rows).toEqual([
        { place_kind: 'org', place_id: 'o1', name: 'helper', document: null },
        { place_kind: 'project', place_id: 'p1', name: 'helper', document: null },
        { place_kind: 'site', place_id: '', name: 'helper', document: null }
      ])
    })
  })

  it('is refused to an editor who does not cover it, and said by what', async () => {
    await withStore(async ({ store, client, change }) => {
      await give(client, 'eve', 'editor')
      const eve = await store.subjectOf('eve')
      const save = (document: RoleDocument | null, name = 'helper', place = 'o1'): Promise<number> =>
        change((tx) => store.save(tx, eve, { place, name, document }))
      expect(await save(orgRole('read', 'update'))).toBe(1)
      await expect(save(orgRole('remove'))).rejects.toMatchObject({
        code: 'change_refused',
        decision: { gaps: [{ permission: 'page:remove', reason: 'not_held' }] }
      })
      // Nor in another organization, nor by a wildcard that means more later.
      expect(await codeOf(save(orgRole('read'), 'helper', 'o2'))).toBe('change_refused')
      expect(await codeOf(save({ kind: 'org', grants: { org: { allow: { page: '*' } } } }))).toBe(
        'change_refused'
      )
      // A deny that is taken away is an allow.
      await writeRow(client, {
        name: 'less',
        document: { kind: 'org', grants: { org: { deny: { page: ['remove'] } } } }
      })
      expect(await codeOf(save(orgRole('read'), 'less'))).toBe('change_refused')
      expect(await codeOf(save(null, 'less'))).toBe('change_refused')
      // What is no role is no refusal.
      expect(await codeOf(save(orgRole('teleport')))).toBe('invalid_policy')
      expect(await codeOf(save(orgRole('read'), 'member'))).toBe('invalid_policy')
      expect(await codeOf(save(null, 'nothing'))).toBe('unknown_role')
      expect((await store.subjectOf('eve')).can('remove', page)).toBe(false)
      expect(store.revision).toBe(2)
    })
  })

  it('is asked about with every ceiling of its editor', async () => {
    await withStore(async ({ store, client, change }) => {
      await give(client, 'ada', 'admin')
      const narrow = (await store.subjectOf('ada')).within({ scopes: ['page:read'] })
      const save = (...actions: string[]): Promise<number> =>
        change((tx) => store.save(tx, narrow, { place: 'o1', name: 'helper', document: orgRole(...actions) }))
      expect(await codeOf(save('update'))).toBe('change_refused')
      expect(await save('read')).toBe(1)
    })
  })

  it('may be written several times in one transaction, each on the one before, and not if that is rolled back', async () => {
    await withStore(async ({ store, client, pool, change, setup }) => {
      const save = (name: string) => (tx: Parameters<typeof store.save>[0]) =>
        store.save(tx, setup(), { place: 'o1', name, document: orgRole('read') })
      await expect(
        inTransaction(pool, async (tx) => {
          await save('one')(tx)
          await store.assign(tx, setup(), { user: 'ada', role: 'one', place: 'o1' })
          throw new Error('changed my mind')
        })
      ).rejects.toThrow('changed my mind')
      expect((await client.query('SELECT FROM casemate_roles')).rowCount).toBe(0)
      const revision = await change(async (tx) => {
        await save('two')(tx)
        await store.assign(tx, setup(), { user: 'ada', role: 'two', place: 'o1' })
        expect(store.policy().roles.get('two', 'o1')).toBe(undefined)
        return save('three')(tx)
      })
      expect(revision).toBe(2)
      expect((await store.at(revision)).roles.get('two', 'o1')?.isCustom).toBe(true)
      expect((await store.subjectOf('ada')).can('read', page)).toBe(true)
    })
  })

  it('is written in a transaction only, and in one that sees what was committed before', async () => {
    await withStore(async ({ store, client, pool, setup }) => {
      const role = { place: 'o1', name: 'helper', document: orgRole('read') }
      expect(await codeOf(store.save(client, setup(), role))).toBe('invalid_transaction')
      expect(await codeOf(store.save(pool, setup(), role))).toBe('invalid_transaction')
      for (const level of ['REPEATABLE READ', 'SERIALIZABLE']) {
        await client.query(`BEGIN ISOLATION LEVEL ${level}`)
        expect(await codeOf(store.save(client, setup(), role))).toBe('invalid_transaction')
        await client.query('ROLLBACK')
      }
    })
  })

  it('is asked of a subject of this policy and of nothing that looks like one', async () => {
    await withStore(async ({ store, change, setup }) => {
      const like = Object.create(setup()) as ReturnType<typeof setup>
      expect(
        await codeOf(
          change((tx) => store.save(tx, like, { place: 'o1', name: 'x', document: orgRole('read') }))
        )
      ).toBe('invalid_request')
    })
  })
})

describe('editors at the same time', () => {
  it('have what they hold when they get the lock, and not what they held before: a role that is taken away', async () => {
    await withStore(async ({ store, client, change, setup }) => {
      await give(client, 'eve', 'editor')
      const eve = await store.subjectOf('eve')
      await client.query('BEGIN')
      await store.unassign(client, setup(), { user: 'eve', role: 'editor', place: 'o1' })
      const saved = codeOf(
        change((tx) => store.save(tx, eve, { place: 'o1', name: 'a', document: orgRole('update') }))
      )
      const given = codeOf(
        change((tx) => store.assign(tx, eve, { user: 'bob', role: 'member', place: 'o1' }))
      )
      await new Promise((resolve) => setTimeout(resolve, 100))
      await client.query('COMMIT')
      expect(await saved).toBe('change_refused')
      expect(await given).toBe('change_refused')
    })
  })

  it('have what they hold when they get the lock: a custom role that is made smaller', async () => {
    await withStore(async ({ store, client, change }) => {
      await writeRow(client, { name: 'power', document: orgRole('read', 'update', 'remove') })
      await give(client, 'eve', 'power')
      const eve = await store.subjectOf('eve')
      const save = (name: string): Promise<unknown> =>
        codeOf(change((tx) => store.save(tx, eve, { place: 'o1', name, document: orgRole('remove') })))
      expect(await save('a')).toBe(2)
      await client.query('BEGIN')
      await writeRow(client, { name: 'power', document: orgRole('read') })
      const pending = save('b')
      await new Promise((resolve) => setTimeout(resolve, 100))
      await client.query('COMMIT')
      expect(await pending).toBe('change_refused')
    })
  })

  it('never take a role away and give it in turn so that both are left with nothing lost or doubled', async () => {
    await withStore(async ({ store, client, change, setup }) => {
      await give(client, 'ada', 'admin')
      await give(client, 'bob', 'admin')
      // Each takes the other's role: one is first, and the other is refused.
      const take = async (who: string, whom: string): Promise<unknown> => {
        const subject = await store.subjectOf(who)
        return codeOf(change((tx) => store.unassign(tx, subject, { user: whom, role: 'admin', place: 'o1' })))
      }
      const outcomes = await Promise.all([take('ada', 'bob'), take('bob', 'ada')])
      expect(outcomes.filter((one) => one === true)).toHaveLength(1)
      expect((await client.query('SELECT FROM casemate_assignments')).rowCount).toBe(1)
      // Many edits of few roles at once: each one takes a revision of its own.
      const edits = Array.from({ length: 40 }, (_, i) =>
        change((tx) =>
          store.save(tx, setup(), {
            place: 'o1',
            name: `r${i % 4}`,
            document: orgRole(i % 2 ? 'read' : 'update')
          })
        )
      )
      const revisions = await Promise.all(edits)
      expect([...revisions].sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1))
      await store.at(40)
      const { rows } = await client.query<{ name: string; document: unknown }>(
        'SELECT name, document FROM casemate_roles'
      )
      for (const { name, document } of rows)
        expect(store.policy().roles.get(name, 'o1')?.document).toEqual(document)
    })
  })
})

describe('an assignment', () => {
  it('is for those whom the giver may give it to, and ends by the clock of the database', async () => {
    await withStore(async ({ store, client, change, setup }) => {
      await give(client, 'eve', 'editor')
      const eve = await store.subjectOf('eve')
      await writeRow(client, { name: 'small', document: orgRole('read') })
      await writeRow(client, { name: 'large', document: orgRole('remove') })
      const assign = (role: string, place: unknown = 'o1', expiresAt?: Date): Promise<unknown> =>
        codeOf(
          change((tx) => store.assign(tx, eve, { user: 'bob', role, place: place as string, expiresAt }))
        )
      expect(await assign('large')).toBe('change_refused')
      expect(await assign('member')).toBe('change_refused')
      expect(await assign('small', 'o2')).toBe('unknown_role')
      expect(await assign('small', { org: 'o1', project: 'p1' })).toBe('role_takes_no_container')
      expect(await assign('small', 'o1', new Date(Number.NaN))).toBe('invalid_request')
      // Dates that a database does not have; the first and the last that every one has.
      for (const end of ['-000001-01-01', '0000-12-31T23:59:59.999Z', '+010000-01-01', '+275760-09-13'])
        expect(await assign('small', 'o1', new Date(end))).toBe('invalid_request')
      for (const end of ['0001-01-01', '9999-12-31T23:59:59.999Z', '0001-01-01'])
        expect(await assign('small', 'o1', new Date(end))).toBe(undefined)
      expect(await assign('small', 'o1', new Date(Date.now() + 300))).toBe(undefined)
      expect((await store.subjectOf('bob')).can('read', page)).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, 400))
      expect((await store.subjectOf('bob')).can('read', page)).toBe(false)
      // What has expired holds no role up, and what is given anew is held again.
      expect(await assign('small', 'o1', new Date(Date.now() + 60_000))).toBe(undefined)
      expect((await store.subjectOf('bob')).can('read', page)).toBe(true)

      // To let a role end sooner is to take it away: `setup` may give roles and, by the policy, take them.
      await give(client, 'carl', 'admin')
      const soon = new Date(Date.now() + 1000)
      const shorten = (by: typeof eve): Promise<unknown> =>
        codeOf(
          change((tx) => store.assign(tx, by, { user: 'carl', role: 'admin', place: 'o1', expiresAt: soon }))
        )
      expect(await shorten(eve)).toBe('change_refused')
      expect(await shorten(setup())).toBe(undefined)
    })
  })

  it('in a container is that of the container, whichever organization it lies in', async () => {
    await withStore(async ({ store, client, change }) => {
      await give(client, 'ada', 'admin')
      const ada = await store.subjectOf('ada')
      await change((tx) =>
        store.assign(tx, ada, { user: 'bob', role: 'lead', place: { org: 'o1', project: 'p1' } })
      )
      const bob = await store.subjectOf('bob')
      expect(bob.can('remove', inProject)).toBe(true)
      expect(bob.can('remove', page)).toBe(false)
      const save = (place: object): Promise<unknown> =>
        codeOf(
          change((tx) => store.save(tx, bob, { place: place as never, name: 'local', document: projectRole }))
        )
      expect(await save({ project: 'p2' })).toBe('change_refused')
      expect(await save({ org: 'o1', project: 'p1' })).toBe(1)
      await store.at(1)
      expect(store.policy().roles.get('local', 'p1', 'project')?.container).toBe('p1')
    })
  })

  it('is never confused by ids that are alike', async () => {
    await withStore(async ({ store, change, setup }) => {
      for (const user of ['Ada', 'ada ', 'ad\u0301a', 'constructor', "a'; DROP TABLE x; --"])
        await change((tx) => store.assign(tx, setup(), { user, role: 'admin', place: 'o1' }))
      expect((await store.subjectOf('ada')).can('read', page)).toBe(false)
      expect((await store.subjectOf("a'; DROP TABLE x; --")).can('read', page)).toBe(true)
      for (const user of ['a\0', '\ud800', '', 7 as never])
        expect(await codeOf(store.subjectOf(user))).toBe('invalid_request')
      expect(
        await codeOf(
          change((tx) => store.assign(tx, setup(), { user: '\udfff', role: 'admin', place: 'o1' }))
        )
      ).toBe('invalid_request')
    })
  })
})

describe('the tables', () => {
  it('may be in any schema, with any prefix, and hold UUIDs', async () => {
    const [ada, o1] = ['00000000-0000-4000-a000-000000000001', '00000000-0000-0000-0000-000000000000']
    await withStore(
      async ({ store, client, change, setup }) => {
        const document = orgRole('read')
        const revision = await change((tx) =>
          store.save(tx, setup(), { place: o1, name: 'helper', document })
        )
        await store.at(revision)
        await change((tx) => store.assign(tx, setup(), { user: ada, role: 'helper', place: o1 }))
        expect((await store.subjectOf(ada)).can('read', { type: 'page', org: o1 })).toBe(true)
        for (const id of ['x', ada.toUpperCase()])
          expect(await codeOf(store.subjectOf(id))).toBe('invalid_request')
        const site = { kind: 'site', grants: { site: { allow: { page: ['read'] } } } } as const
        await store.at(await change((tx) => store.save(tx, setup(), { name: 'helper', document: site })))
        expect(store.policy().roles.get('helper')?.kind).toBe('site')
        expect((await client.query('SELECT FROM "My Schema"."Cm-roles"')).rowCount).toBe(2)
      },
      { schema: 'My Schema', prefix: 'Cm-', ids: 'uuid' }
    )
  })

  it('keep every row that others have to see', async () => {
    await withStore(async ({ client }) => {
      await writeRow(client, { name: 'a', document: orgRole('read') })
      await expect(client.query('DELETE FROM casemate_roles')).rejects.toThrow(
        'a deleted role is seen by nobody'
      )
      await expect(client.query('TRUNCATE casemate_roles')).rejects.toThrow(
        'a deleted role is seen by nobody'
      )
      await expect(writeRow(client, { name: 'a', document: [] })).rejects.toThrow('violates check constraint')
    })
  })

  it('are needed', async () => {
    await withStore(async ({ client, open }) => {
      await client.query('DELETE FROM casemate_revision')
      expect(await codeOf(open())).toBe('missing_tables')
      await client.query('DROP TABLE casemate_assignments')
      expect(await codeOf(open())).toBe('missing_tables')
    })
  })
})
