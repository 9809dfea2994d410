// The laws of databases: one in memory keeps them all and carries a store, and each bug that is planted in it breaks one.
import { describe, expect, it } from 'vitest'
import { databaseLaws, openRoles, type StoreDatabase } from '../../src/postgres/index.js'
import { compile, parsePolicy, type RoleDocument } from '../../src/index.js'
import { openMemory, type MemoryTx } from './memory-database.js'

describe('a database in memory', () => {
  for (const { name, run } of databaseLaws(() => Promise.resolve(openMemory()))) it(name, run)

  it('carries a store', async () => {
    const policy = compile(
      parsePolicy({
        name: 'p',
        resources: { doc: { actions: { read: 'r' } } },
        systemSubjects: { setup: { assigns: ['*'], grants: { site: { allow: { '*': '*' } } } } }
      })
    )
    const { database, transaction } = openMemory()
    const store = await openRoles(policy, { database })
    const setup = policy.systemSubject('setup')
    const document: RoleDocument = { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } }
    const revision = await transaction((tx) =>
      store.save(tx, setup, { place: 'o1', name: 'reader', document })
    )
    await store.at(revision)
    await transaction((tx) => store.assign(tx, setup, { user: 'ada', role: 'reader', place: 'o1' }))
    const ada = await store.subjectOf('ada')
    expect(ada.can('read', { type: 'doc', org: 'o1' })).toBe(true)
    const key = await transaction((tx) => store.mint(tx, ada, { scopes: [], lifetime: null }))
    expect((await store.authenticate(key.secret))?.subject.can('read', { type: 'doc', org: 'o1' })).toBe(
      false
    )
    store.close()
  })
})

type Change = (database: StoreDatabase<MemoryTx>) => Partial<StoreDatabase<MemoryTx>>

const bugs: readonly (readonly [what: string, change: Change])[] = [
  [
    'forgets removed roles',
    (db) => ({
      readChanges: async (since, tx) => {
        const { revision, roles } = await db.readChanges(since, tx)
        return { revision, roles: roles.filter(({ document }) => document !== null) }
      }
    })
  ],
  [
    'gives the revision itself again',
    (db) => ({ readChanges: (since, tx) => db.readChanges(since - 1, tx) })
  ],
  [
    'leaves one role out',
    (db) => ({
      readChanges: async (since, tx) => {
        const { revision, roles } = await db.readChanges(since, tx)
        return { revision, roles: roles.slice(1) }
      }
    })
  ],
  [
    'has one place for all containers and organizations',
    (db) => ({
      writeRole: (tx, role, document, by) =>
        db.writeRole(tx, role.kind === 'project' ? { ...role, kind: 'org' } : role, document, by)
    })
  ],
  [
    'reads outside of its transaction',
    (db) => ({
      isHeld: (_tx, role) => db.isHeld({ id: '', data: undefined as never, release: undefined }, role)
    })
  ],
  ['has no lock', (db) => ({ lock: async (tx) => (await db.readChanges(0, tx)).revision })],
  [
    'keeps what has expired',
    (db) => ({
      writeAssignment: (tx, one, by) => db.writeAssignment(tx, { ...one, expiresAt: null }, by)
    })
  ],
  [
    'folds case',
    (db) => ({
      readUser: (user, tx) => db.readUser(user.toLowerCase(), tx),
      writeAssignment: (tx, one, by) => db.writeAssignment(tx, { ...one, user: one.user.toLowerCase() }, by)
    })
  ],
  [
    'trims',
    (db) => ({
      writeRole: (tx, role, document, by) =>
        db.writeRole(tx, { ...role, name: role.name.trim() }, document, by)
    })
  ],
  ['takes broken texts', () => ({ readUser: () => Promise.resolve({ revision: 0, roles: [] }) })],
  [
    'makes an empty list no limit',
    (db) => ({
      writeKey: (tx, key) => db.writeKey(tx, { ...key, scopes: key.scopes?.length === 0 ? null : key.scopes })
    })
  ],
  [
    'loses the organizations of a key',
    (db) => ({ writeKey: (tx, key) => db.writeKey(tx, { ...key, onlyOrgs: null }) })
  ],
  [
    'lets keys live for ever',
    (db) => ({ writeKey: (tx, key) => db.writeKey(tx, { ...key, lifetime: null }) })
  ],
  [
    'forgets by which key one was minted',
    (db) => ({ writeKey: (tx, key) => db.writeKey(tx, { ...key, mintedBy: null }) })
  ],
  ['makes no session', (db) => ({ writeKey: (tx, key) => db.writeKey(tx, { ...key, idle: null }) })],
  [
    'lets a key outlive the one by which it was minted',
    (db) => ({
      writeKey: async (tx, key) => {
        const end = await db.writeKey(tx, key)
        return key.mintedBy === null || key.lifetime === null
          ? end
          : new Date(Date.now() + key.lifetime / 1e6)
      }
    })
  ],
  [
    'brings a session back that has ended',
    (db) => ({
      readKey: async (id, tx) => {
        const key = await db.readKey(id, tx)
        return key && key.idle !== null ? { ...key, isLive: true } : key
      }
    })
  ],
  [
    'lists the live keys of a user alone',
    (db) => ({ readKeys: async (user, tx) => (await db.readKeys(user, tx)).filter(({ isLive }) => isLive) })
  ],
  [
    'lists the keys of everybody',
    (db) => ({
      readKeys: async (_user, tx) => [...(await db.readKeys('ada', tx)), ...(await db.readKeys('eve', tx))]
    })
  ],
  ['revokes nothing', () => ({ revokeKey: () => Promise.resolve() })],
  [
    'lists one page of keys',
    (db) => ({ listKeys: async (after) => (after === '' ? db.listKeys(after) : []) })
  ],
  [
    'lists one page of users',
    (db) => ({ listUsers: async (after) => (after === '' ? db.listUsers(after) : []) })
  ],
  [
    'lists who holds nothing any more',
    (db) => ({
      listUsers: async (after) => (after === '' ? ['gone', ...(await db.listUsers(''))] : db.listUsers(after))
    })
  ],
  ['notes no use', () => ({ touchKey: () => Promise.resolve() })],
  ['announces nothing', () => ({ listen: () => Promise.resolve(() => undefined) })],
  [
    'does not count who holds a role',
    (db) => ({
      listHeld: async () => (await db.listHeld()).map((held) => ({ ...held, users: 1 }))
    })
  ],
  ['removes no assignment', () => ({ deleteAssignment: () => Promise.resolve() })]
]

describe('a database with a bug breaks a law: one that', () => {
  it.each(bugs)('%s', async (_what, change) => {
    const results = await Promise.allSettled(
      databaseLaws(() => Promise.resolve(openMemory(change))).map(({ run }) => run())
    )
    expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(0)
  })
})
