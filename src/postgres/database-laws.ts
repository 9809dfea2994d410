// What a database has to keep so that a store over it decides rightly, as laws that any test runner can run. Each law opens
// an empty database, and throws what it found otherwise.
import type { StoredName } from './database.js'
import { keyLaws } from './key-laws.js'
import {
  expectRefusal,
  expectSame,
  sorted,
  type DatabaseLaw,
  type Law,
  type OpenDatabase
} from './law-words.js'

export type { DatabaseLaw, OpenDatabase } from './law-words.js'

/**
 * The laws, each over an empty database that `open` gives.
 *
 * @example
 * for (const { name, run } of databaseLaws(openTestDatabase)) test(name, run)
 */
export function databaseLaws<Tx>(open: () => Promise<OpenDatabase<Tx>>): readonly DatabaseLaw[] {
  return [...roleLaws, ...assignmentLaws, ...keyLaws].map(([name, holds]) => ({
    name,
    run: async () => {
      const opened = await open()
      try {
        await holds(opened)
      } finally {
        await opened.close()
      }
    }
  }))
}

const places = [
  { kind: 'site', id: '' },
  { kind: 'org', id: 'o1' },
  { kind: 'org', id: 'o2' },
  { kind: 'project', id: 'o1' }
]
const helper: StoredName = { kind: 'org', id: 'o1', name: 'helper' }
/** Texts that are not each other. */
const alike = ['a', 'A', 'a ', ' a', 'á', 'a\u0301', '__proto__', "a'b", 'a"b', 'a\\b', 'a%', '\u{1F600}']
const broken = ['', 'a\0b', '\ud800', 'a\udc00']

function parsed(text: string | null | undefined): unknown {
  return JSON.parse(text ?? 'null')
}

async function namesSince<Tx>({ database }: OpenDatabase<Tx>, since: number, tx?: Tx): Promise<string[]> {
  const { roles } = await database.readChanges(since, tx)
  return roles.map(({ name }) => name).sort()
}

const write = async <Tx>(
  { database, transaction }: OpenDatabase<Tx>,
  role: StoredName,
  document: string | null
) =>
  transaction(async (tx) => {
    await database.lock(tx)
    return database.writeRole(tx, role, document, 'ada')
  })

const roleLaws: readonly Law[] = [
  [
    'begins with nothing',
    async ({ database }) => {
      const { roles } = await database.readChanges(0)
      expectSame('roles', roles, [])
      expectSame('assignments', (await database.readUser('ada')).roles, [])
      expectSame('held', await database.listHeld(), [])
      expectSame('users', await database.listUsers(''), [])
      expectSame('keys', await database.listKeys(''), [])
    }
  ],
  [
    'gives each role back as it was written, in its place, once, and a removed one as removed',
    async (open) => {
      const document = JSON.stringify({
        kind: 'org',
        title: 'A "title" \\ \u2028',
        grants: { org: { allow: { '*': '*' } } }
      })
      for (const place of places) await write(open, { ...place, name: 'helper' }, '{"kind":"org"}')
      let last = 0
      for (const place of places) last = await write(open, { ...place, name: 'helper' }, document)
      const { revision, roles } = await open.database.readChanges(0)
      expectSame('revision', revision, last)
      const found = roles.map(({ kind, id, name, document: text }) => [kind, id, name, parsed(text)])
      const expected = places.map(({ kind, id }) => [kind, id, 'helper', parsed(document)])
      expectSame(
        'roles',
        found.map((one) => JSON.stringify(sorted(one))).sort(),
        expected.map((one) => JSON.stringify(sorted(one))).sort()
      )
      await write(open, helper, null)
      const changed = await open.database.readChanges(last)
      expectSame(
        'removed',
        changed.roles.map(({ name, document: text }) => [name, text]),
        [['helper', null]]
      )
    }
  ],
  [
    'has a higher revision after each change, and says what changed after one',
    async (open) => {
      const one = await write(open, { ...helper, name: 'one' }, '{}')
      const two = await write(open, { ...helper, name: 'two' }, '{}')
      const again = await write(open, { ...helper, name: 'one' }, '{}')
      expectSame('order', [one < two, two < again], [true, true])
      expectSame('after the first', await namesSince(open, one), ['one', 'two'])
      expectSame('after the second', await namesSince(open, two), ['one'])
      expectSame('after the last', await namesSince(open, again), [])
    }
  ],
  [
    'shows a transaction its own changes, others nothing of them before they are committed, and nobody what was rolled back',
    async (open) => {
      const { database, transaction } = open
      await transaction(async (tx) => {
        const before = await database.lock(tx)
        const after = await database.writeRole(tx, helper, '{"kind":"org"}', null)
        expectSame('inside', await namesSince(open, before, tx), ['helper'])
        expectSame('the revision inside', (await database.readChanges(before, tx)).revision, after)
        expectSame('outside', (await database.readChanges(0)).revision, before)
        const document = await database.readRole(tx, helper)
        expectSame('the role inside', parsed(document), { kind: 'org' })
        await database.writeAssignment(tx, { user: 'ada', ...helper, expiresAt: null }, null)
        const { roles } = await database.readUser('ada', tx)
        expectSame('what is held inside', [roles.length, await database.isHeld(tx, helper)], [1, true])
        expectSame('what is held outside', (await database.readUser('ada')).roles, [])
      })
      await expectRefusal('a transaction that throws', () =>
        transaction(async (tx) => {
          await database.lock(tx)
          await database.writeRole(tx, { ...helper, name: 'never' }, '{}', null)
          throw new Error('rolled back')
        })
      )
      expectSame('roles', await namesSince(open, 0), ['helper'])
    }
  ],
  [
    'lets one transaction have the lock at a time, and who gets it next sees what was committed',
    async (open) => {
      const { database, transaction } = open
      const order: string[] = []
      let second: Promise<void> | undefined
      await transaction(async (tx) => {
        await database.lock(tx)
        second = transaction(async (other) => {
          await database.lock(other)
          order.push('second')
          expectSame('what the second sees', await database.isHeld(other, helper), true)
        })
        // Long enough for a lock that is none to be taken.
        for (let i = 0; i < 20; i++) await database.readChanges(0)
        await database.writeAssignment(tx, { user: 'ada', ...helper, expiresAt: null }, null)
        order.push('first')
      })
      await second
      expectSame('order', order, ['first', 'second'])
    }
  ],
  [
    'hides no change from who asks for what is newer, however many write at once',
    async (open) => {
      const seen = new Set<string>()
      let since = 0
      const state = { isDone: false }
      const look = async (): Promise<void> => {
        const { revision, roles } = await open.database.readChanges(since)
        for (const { name } of roles) seen.add(name)
        since = revision
      }
      const watch = (async () => {
        while (!state.isDone) await look()
      })()
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let i = 0; i < 12; i++) await write(open, { ...helper, name: `${writer}-${i}` }, '{}')
      })
      await Promise.all(writers)
      state.isDone = true
      await watch
      await look()
      expectSame('seen', seen.size, 48)
    }
  ],
  [
    'announces what is committed, if it announces anything',
    async (open) => {
      if (open.database.listen === undefined) return
      const heard: true[] = []
      const stop = await open.database.listen(
        () => {
          heard.push(true)
        },
        () => undefined
      )
      await write(open, helper, '{}')
      for (let i = 0; i < 200 && heard.length === 0; i++)
        await new Promise((resolve) => setTimeout(resolve, 10))
      stop()
      expectSame('heard', heard.length > 0, true)
    }
  ],
  [
    'compares names as exact texts, and refuses those that it cannot hold',
    async (open) => {
      const { database, transaction } = open
      for (const name of alike) await write(open, { ...helper, name }, JSON.stringify({ title: name }))
      const { roles } = await database.readChanges(0)
      const found = roles.map(({ name, document }) => [name, parsed(document)] as const)
      expectSame('names', found.map(([name]) => name).sort(), [...alike].sort())
      for (const [name, document] of found) expectSame('its document', document, { title: name })
      for (const name of broken)
        await expectRefusal(JSON.stringify(name), () =>
          transaction((tx) => database.readRole(tx, { ...helper, name }))
        )
    }
  ]
]

const assignmentLaws: readonly Law[] = [
  [
    'keeps an assignment until it ends, is replaced or is removed',
    async ({ database, transaction }) => {
      const assign = (expiresAt: Date | null, user = 'ada'): Promise<void> =>
        transaction((tx) => database.writeAssignment(tx, { user, ...helper, expiresAt }, null))
      const held = async (): Promise<unknown> => [
        (await database.readUser('ada')).roles.length,
        await transaction((tx) => database.isHeld(tx, helper)),
        (await database.listHeld()).map(({ name, users }) => [name, users])
      ]
      await assign(new Date(Date.now() - 60_000))
      expectSame('past its end', await held(), [0, false, []])
      expectSame('itself', await transaction((tx) => database.readAssignment(tx, 'ada', helper)), undefined)
      const end = new Date(Date.now() + 3_600_000)
      await assign(end)
      expectSame('before its end', await held(), [1, true, [['helper', 1]]])
      const one = await transaction((tx) => database.readAssignment(tx, 'ada', helper))
      expectSame('its end', one?.expiresAt, end)
      await assign(null)
      await assign(null, 'bob')
      expectSame('without an end', await held(), [1, true, [['helper', 2]]])
      await transaction((tx) => database.deleteAssignment(tx, 'ada', helper))
      expectSame('removed', await held(), [0, true, [['helper', 1]]])
    }
  ],
  [
    'lists everybody who holds a role, each once',
    async ({ database, transaction }) => {
      const ids = [...alike, ...Array.from({ length: 520 }, (_, i) => `user-${i}`)]
      const end = { past: new Date(Date.now() - 60_000), future: new Date(Date.now() + 3_600_000) }
      await transaction(async (tx) => {
        for (const user of ids)
          await database.writeAssignment(tx, { user, ...helper, expiresAt: end.future }, null)
        for (const id of ['o1', 'o2'])
          await database.writeAssignment(
            tx,
            { user: 'user-7', kind: 'org', id, name: 'b', expiresAt: null },
            null
          )
        await database.writeAssignment(tx, { user: 'gone', ...helper, expiresAt: end.past }, null)
      })
      const found: string[] = []
      for (let after: string | undefined = ''; after !== undefined;) {
        const users: readonly string[] = await database.listUsers(after)
        found.push(...users)
        after = users.at(-1)
      }
      expectSame('users', [...found].sort(), [...ids].sort())
    }
  ],
  [
    'tells users and places apart, and refuses ids that it cannot hold',
    async ({ database, transaction }) => {
      for (const user of alike)
        for (const id of [user, 'o1'])
          await transaction((tx) =>
            database.writeAssignment(tx, { user, kind: 'org', id, name: user, expiresAt: null }, null)
          )
      for (const user of alike) {
        const { roles } = await database.readUser(user)
        const expected = [user, 'o1'].map((id) => ({ kind: 'org', id, name: user }))
        const byId = (a: StoredName, b: StoredName): number => (a.id < b.id ? -1 : 1)
        expectSame(`what ${JSON.stringify(user)} holds`, [...roles].sort(byId), expected.sort(byId))
      }
      for (const user of broken) await expectRefusal(JSON.stringify(user), () => database.readUser(user))
    }
  ]
]
