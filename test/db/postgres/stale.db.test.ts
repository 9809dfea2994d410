// Roles, assignments and keys of another version of the policy: what can be left out exactly is, and what means nothing is an
// error for those alone who hold it.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Policy } from 'casemate'
import { checkStore, pgDatabase } from 'casemate/postgres'
import { codeOf, document, give, orgRole, withoutMember, withStore, writeRow } from './world.js'

const page = { type: 'page', org: 'o1' } as const
const newer = (more: object): Policy => compile(parsePolicy({ ...document, ...more }))

describe('a role of another version', () => {
  it('is read without what this policy cannot be asked about, and reported', async () => {
    await withStore(async ({ store, client, problems }) => {
      await give(client, 'ada', 'wide')
      const wide = {
        kind: 'org',
        grants: {
          org: { allow: { page: ['read', 'teleport'], report: ['read'] }, deny: { '*': ['export'] } }
        }
      }
      await store.at(await writeRow(client, { name: 'wide', document: wide }))
      expect((await store.subjectOf('ada')).can('read', page)).toBe(true)
      expect(problems).toMatchObject([{ code: 'pruned_role', name: 'wide', kind: 'org', id: 'o1' }])
      expect(problems[0]?.message).toBe(
        'the role `wide` in `o1` is read without grants.org.allow.page:teleport, grants.org.allow.report, grants.org.deny.*:export'
      )
      // An edit is of the role as written: what is left out is no deny that is taken away.
      expect(store.problems()).toHaveLength(1)
      await store.at(await writeRow(client, { name: 'wide', document: orgRole('read') }))
      expect(store.problems()).toEqual([])
    })
  })

  it('that means nothing fails its holders alone, also where an earlier text was in force', async () => {
    await withStore(async ({ store, client, problems }) => {
      for (const user of ['ada', 'bob']) await give(client, user, 'member')
      await give(client, 'ada', 'helper')
      await store.at(await writeRow(client, { name: 'helper', document: orgRole('remove') }))
      expect((await store.subjectOf('ada')).can('remove', page)).toBe(true)
      await writeRow(client, { name: 'other', document: orgRole('update') })
      const broken = {
        kind: 'org',
        grants: { org: { deny: { page: [{ actions: ['read'], where: { colour: 'red' } }] } } }
      }
      await store.at(await writeRow(client, { name: 'helper', document: broken }))
      await expect(store.subjectOf('ada')).rejects.toThrow(
        '`ada` holds a role that is none: the role `helper` in `o1` cannot be read: helper.grants.org.deny.page'
      )
      expect(store.policy().roles.get('helper', 'o1')).toBe(undefined)
      expect((await store.subjectOf('bob')).can('read', page)).toBe(true)
      expect(store.policy().roles.get('other', 'o1')?.isCustom).toBe(true)
      expect(problems).toMatchObject([{ code: 'unreadable_role', name: 'helper' }])
      await store.at(await writeRow(client, { name: 'helper', document: orgRole('remove') }))
      expect((await store.subjectOf('ada')).can('remove', page)).toBe(true)
    })
  })

  it('does not become a role of the policy that took its name', async () => {
    await withStore(async ({ client, open }) => {
      await writeRow(client, { name: 'reviewer', document: orgRole('read') })
      await give(client, 'ada', 'reviewer')
      const roles = {
        ...document.roles,
        reviewer: { kind: 'org', grants: { org: { allow: { page: '*' } } } }
      }
      const store = await open({}, newer({ roles }))
      expect(await codeOf(store.subjectOf('ada'))).toBe('unreadable_role')
      const setup = store.policy().systemSubject('setup')
      await client.query('BEGIN')
      expect(await codeOf(store.assign(client, setup, { user: 'bob', role: 'reviewer', place: 'o1' }))).toBe(
        'unreadable_role'
      )
      await client.query('ROLLBACK')
    })
  })

  it('that was shipped and is gone, or is of another kind now, fails its holders and names them', async () => {
    await withStore(async ({ client, open }) => {
      await give(client, 'ada', 'member')
      await give(client, 'bob', 'editor')
      const roles = withoutMember()
      const store = await open({}, newer({ roles }))
      await expect(store.subjectOf('ada')).rejects.toThrow(
        '`ada` holds a role that is none: roles[0]: unknown role `member`'
      )
      expect((await store.subjectOf('bob')).can('update', page)).toBe(true)
    })
  })

  it('in a container that is gone fails its holders', async () => {
    await withStore(async ({ client, open }) => {
      const at = { kind: 'team', id: 't1' }
      await writeRow(client, { ...at, name: 'x', document: { kind: 'team' } })
      await give(client, 'ada', 'x', at)
      const store = await open()
      expect(await codeOf(store.subjectOf('ada'))).toBe('unreadable_role')
      expect((await store.subjectOf('bob')).can('read', page)).toBe(false)
    })
  })
})

it('a subject is the one of before for as long as nothing of it has changed, with a key too', async () => {
  const groups: Record<string, string[]> = {}
  let isGone = false
  await withStore(
    async ({ store, client, change }) => {
      await give(client, 'ada', 'helper')
      await store.at(await writeRow(client, { name: 'helper', document: orgRole('read') }))
      const ada = await store.subjectOf('ada')
      const { id, secret } = await change((tx) =>
        store.mint(tx, ada, { scopes: ['pages.read'], lifetime: 3_600e9 })
      )
      const both = async (): Promise<unknown[]> => [
        await store.subjectOf('ada'),
        (await store.authenticate(secret))?.subject
      ]
      let before = await both()
      expect(await both()).toEqual(before)
      for (const [i, subject] of (await both()).entries()) expect(subject).toBe(before[i])
      expect(await store.subjectOf('eve')).not.toBe(before[0])
      const changes: readonly (() => Promise<unknown>)[] = [
        () => give(client, 'ada', 'member'),
        async () => store.at(await writeRow(client, { name: 'helper', document: orgRole('update') })),
        () => Promise.resolve((groups['ada'] = ['writers'])),
        () => Promise.resolve(delete groups['ada']),
        () => client.query(`DELETE FROM casemate_assignments WHERE role = 'helper'`)
      ]
      for (const make of changes) {
        await make()
        const now = await both()
        for (const [i, subject] of now.entries()) expect(subject).not.toBe(before[i])
        before = now
      }
      isGone = true
      expect(await codeOf(store.subjectOf('ada'))).toBe('refused_user')
      expect(await store.authenticate(secret)).toBe(undefined)
      isGone = false
      await client.query(`UPDATE casemate_keys SET scopes = '[]' WHERE id = $1`, [id])
      const [owner, narrowed] = await both()
      expect(owner).toBe(before[0])
      expect(narrowed).not.toBe(before[1])
      expect((narrowed as typeof ada).can('read', page)).toBe(false)
    },
    { load: (user) => (isGone ? null : groups[user] && { groups: groups[user] }) }
  )
})

it('what an application adds of a user counts, and nothing of a user is kept', async () => {
  await withStore(
    async ({ store, client }) => {
      const acl = { users: {}, groups: { writers: ['update' as const] } }
      expect((await store.subjectOf('ada')).can('update', { ...page, acl })).toBe(true)
      expect((await store.subjectOf('ada')).can('update', page)).toBe(false)
      expect((await store.subjectOf('bob')).can('read', page)).toBe(false)
      await give(client, 'bob', 'admin')
      expect((await store.subjectOf('bob')).can('read', page)).toBe(true)
      await client.query('DELETE FROM casemate_assignments')
      expect((await store.subjectOf('bob')).can('read', page)).toBe(false)
    },
    {
      load: (user) =>
        Promise.resolve(
          user === 'ada' ? { groups: ['writers'], roles: [{ role: 'member', org: 'o1' }] } : undefined
        )
    }
  )
})

describe('a check before a deployment', () => {
  it('tells which roles, assignments and keys a new policy orphans', async () => {
    await withStore(async ({ store, client, pool, change }) => {
      await writeRow(client, { name: 'fine', document: orgRole('read') })
      await writeRow(client, { name: 'less', document: orgRole('read', 'remove') })
      await writeRow(client, { name: 'gone', document: { kind: 'org', includes: ['member'] } })
      for (const user of ['ada', 'bob']) await give(client, user, 'member')
      await give(client, 'carl', 'gone')
      await give(client, 'dora', 'fine')
      const ada = await store.subjectOf('dora')
      const key = await change((tx) => store.mint(tx, ada, { scopes: ['pages.read'], lifetime: null }))
      await change((tx) => store.mint(tx, ada, { scopes: ['page:read'], lifetime: null }))

      const database = await pgDatabase({ pool })
      expect(await checkStore(store.policy(), database)).toMatchObject({
        ok: true,
        roles: [],
        assignments: [],
        keys: []
      })
      const roles = withoutMember()
      const actions = { read: 'r', update: 'u' }
      const next = newer({
        roles,
        scopes: {},
        resources: { ...document.resources, page: { ...document.resources.page, actions } }
      })
      const report = await checkStore(next, database)
      expect(report.ok).toBe(false)
      expect(report.counts).toEqual({ roles: 3, assignments: 4, keys: 2 })
      expect(report.roles.map(({ code, name }) => [code, name])).toEqual([
        ['unreadable_role', 'gone'],
        ['pruned_role', 'less']
      ])
      expect(report.assignments.map(({ name, users }) => [name, users])).toEqual([
        ['gone', 1],
        ['member', 2]
      ])
      expect(report.keys.map(({ id, user }) => [id, user])).toEqual([[key.id, 'dora']])
    })
  })
})
