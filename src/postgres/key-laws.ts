// The laws of keys in a database; `database-laws.ts` has the others.
import type { NewStoredKey, StoreDatabase } from './database.js'
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
    mintedBy: null,
    ...more
  }
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
        const { id, user, name, hash, scopes, allowList, onlyOrgs } = key
        const expected = { id, user, name, hash, scopes, allowList, onlyOrgs }
        const found = await database.readKey(key.id)
        expectSame(`the key ${i}`, found, { ...expected, expiresAt: null, lastUsedAt: null, isLive: true })
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
      const remaining = (end?.getTime() ?? 0) - Date.now()
      expectSame('its end', remaining > 3_000_000 && remaining < 4_200_000, true)
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
    'notes when a key was used',
    async ({ database, transaction }) => {
      await transaction((tx) => database.writeKey(tx, keyOf('a1')))
      await database.touchKey('a1')
      const used = (await database.readKey('a1'))?.lastUsedAt
      expectSame('used just now', Math.abs((used?.getTime() ?? 0) - Date.now()) < 600_000, true)
      await database.touchKey('a2')
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
