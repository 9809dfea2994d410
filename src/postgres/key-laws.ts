// The laws of keys in a database; `database-laws.ts` has the others.
import type { NewStoredKey, StoreDatabase, StoredKey } from './database.js'
import { expectSame, type Law } from './law-words.js'

const hour = 3_600e9

function keyOf(id: string, more: Partial<NewStoredKey> = {}): NewStoredKey {
  return {
    id,
    user: 'ada',
    name: null,
    hash: id.padEnd(64, '0'),
    scopes: null,
    allowList: null,
    onlyOrgs: null,
    lifetime: null,
    idle: null,
    mintedBy: null,
    ...more
  }
}

/** Whether a time is so many nanoseconds from now, as far as two clocks agree. */
function isAbout(time: Date | null | undefined, away: number): boolean {
  return Math.abs((time?.getTime() ?? 0) - Date.now() - away / 1e6) < 600_000
}

function byId(keys: readonly StoredKey[]): readonly StoredKey[] {
  return [...keys].sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function isLive<Tx>(database: StoreDatabase<Tx>, id: string): Promise<unknown> {
  return (await database.readKey(id))?.isLive
}

const laws: readonly Law[] = [
  [
    'gives a key back with its limits, of which none becomes another',
    async ({ database, transaction }) => {
      const limits: readonly Partial<NewStoredKey>[] = [
        {},
        { scopes: [], allowList: [], onlyOrgs: [] },
        {
          name: 'ci "x"',
          scopes: ['a:read', { template: 't', params: { id: 'x', flag: true } }],
          allowList: ['a:1', '*:*'],
          onlyOrgs: ['*none', 'o1']
        }
      ]
      for (const [i, limit] of limits.entries()) {
        const key = keyOf(`a${i}`, limit)
        await transaction((tx) => database.writeKey(tx, key))
        const { lifetime: expiresAt, ...same } = key
        const expected = { ...same, expiresAt, lastUsedAt: null, isLive: true }
        const { createdAt = new Date(0), ...found } = (await database.readKey(key.id)) ?? {}
        expectSame(`the key ${i}`, found, expected)
        expectSame('made just now', isAbout(createdAt, 0), true)
      }
      expectSame('a key that is none', await database.readKey('a9'), undefined)
    }
  ],
  [
    'ends a key by its lifetime, by revoking it, and with the key by which it was minted',
    async ({ database, transaction }) => {
      const mint = (id: string, more: Partial<NewStoredKey> = {}): Promise<Date | null> =>
        transaction((tx) => database.writeKey(tx, keyOf(id, more)))
      const end = await mint('a1', { lifetime: hour })
      expectSame('its end', isAbout(end, hour), true)
      expectSame('its stored end', (await database.readKey('a1'))?.expiresAt, end)
      // A microsecond is over at once.
      await mint('a2', { lifetime: 1000 })
      await mint('a3')
      await mint('a4', { mintedBy: 'a3' })
      await mint('a5', { mintedBy: 'a4' })
      await mint('a6', { mintedBy: 'a2' })
      const live = async (): Promise<unknown> =>
        Promise.all(['a1', 'a2', 'a3', 'a4', 'a5', 'a6'].map((id) => isLive(database, id)))
      expectSame('live', await live(), [true, false, true, true, true, false])
      await transaction((tx) => database.revokeKey(tx, 'a3'))
      expectSame('live after one is revoked', await live(), [true, false, false, false, false, false])
      await transaction((tx) => database.revokeKey(tx, 'a3'))
      expectSame('live after it is revoked again', await isLive(database, 'a3'), false)
    }
  ],
  [
    'ends no key later than the one by which it was minted',
    async ({ database, transaction }) => {
      const mint = (id: string, more: Partial<NewStoredKey> = {}): Promise<Date | null> =>
        transaction((tx) => database.writeKey(tx, keyOf(id, more)))
      const end = await mint('a1', { lifetime: hour })
      expectSame('the end of one without', await mint('a2', { mintedBy: 'a1' }), end)
      expectSame('the end of a longer one', await mint('a3', { mintedBy: 'a2', lifetime: 2 * hour }), end)
      const sooner = await mint('a4', { mintedBy: 'a1', lifetime: hour / 4 })
      expectSame('the end of a shorter one', isAbout(sooner, hour / 4), true)
      const stored = (await database.readKey('a3'))?.expiresAt
      expectSame('the stored end', stored, end)
    }
  ],
  [
    'ends a session without use, and no later than it said',
    async ({ database, transaction }) => {
      const mint = (id: string, more: Partial<NewStoredKey>): Promise<Date | null> =>
        transaction((tx) => database.writeKey(tx, keyOf(id, more)))
      expectSame('the end of a session', isAbout(await mint('a1', { idle: hour }), hour), true)
      const end = await mint('a2', { idle: hour, lifetime: hour / 4 })
      expectSame('the end of one with an end', isAbout(end, hour / 4), true)
      await mint('a3', { idle: 1000 })
      await mint('a4', { mintedBy: 'a3' })
      for (const id of ['a1', 'a2', 'a3']) await database.touchKey(id)
      const live = await Promise.all(['a1', 'a2', 'a3', 'a4'].map((id) => isLive(database, id)))
      expectSame('live after their use', live, [true, true, false, false])
      const found = await database.readKey('a1')
      expectSame('the stored session', [found?.idle, isAbout(found?.expiresAt, hour)], [hour, true])
    }
  ],
  [
    'notes when a key was used',
    async ({ database, transaction }) => {
      await transaction((tx) => database.writeKey(tx, keyOf('a1')))
      await database.touchKey('a1')
      const used = (await database.readKey('a1'))?.lastUsedAt
      expectSame('used just now', isAbout(used, 0), true)
      await database.touchKey('a2')
    }
  ],
  [
    'lists the keys of a user, ended ones too, and those of nobody else',
    async ({ database, transaction }) => {
      await transaction(async (tx) => {
        await database.writeKey(tx, keyOf('a1'))
        await database.writeKey(tx, keyOf('a2', { mintedBy: 'a1' }))
        await database.writeKey(tx, keyOf('a3', { user: 'Ada' }))
        await database.writeKey(tx, keyOf('a4', { user: 'eve', mintedBy: 'a1' }))
        const inside = await database.readKeys('ada', tx)
        expectSame('keys inside the transaction', inside.map(({ id }) => id).sort(), ['a1', 'a2'])
      })
      await transaction((tx) => database.revokeKey(tx, 'a1'))
      for (const [user, ids] of [
        ['ada', ['a1', 'a2']],
        ['eve', ['a4']],
        ['bob', []]
      ] as const) {
        const found = await database.readKeys(user)
        const each = await Promise.all(ids.map((id) => database.readKey(id)))
        expectSame(`the keys of ${user}`, byId(found), each)
        expectSame(`the live ones of ${user}`, found.filter((key) => key.isLive).length, 0)
      }
    }
  ],
  [
    'lists every live key once',
    async ({ database, transaction }) => {
      const ids = Array.from({ length: 520 }, (_, i) => `a${String(i).padStart(5, '0')}`)
      await transaction(async (tx) => {
        for (const id of ids) await database.writeKey(tx, keyOf(id))
      })
      await transaction((tx) => database.revokeKey(tx, 'a00001'))
      const found: string[] = []
      for (let after = ''; ;) {
        const keys = await database.listKeys(after)
        const last = keys.at(-1)
        if (last === undefined) break
        after = last.id
        found.push(...keys.map(({ id }) => id))
      }
      expectSame(
        'keys',
        found,
        ids.filter((id) => id !== 'a00001')
      )
    }
  ]
]

export const keyLaws: readonly Law[] = Object.freeze([...laws])
