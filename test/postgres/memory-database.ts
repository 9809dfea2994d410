// A database in the memory of one process, written as somebody would who brings another one. Transactions wait for each
// other: a transaction that takes the lock works on the data itself, and puts a copy back if it fails.
import { randomUUID } from 'node:crypto'
import { RequestError } from '../../src/errors.js'
import type {
  OpenDatabase,
  StoreDatabase,
  StoredAssignment,
  StoredKey,
  StoredName,
  StoredRole
} from '../../src/postgres/index.js'

interface KeyRow extends Omit<StoredKey, 'isLive'> {
  readonly isRevoked: boolean
}

interface Data {
  readonly revision: number
  readonly roles: ReadonlyMap<string, StoredRole>
  readonly assignments: ReadonlyMap<string, StoredAssignment>
  readonly keys: ReadonlyMap<string, KeyRow>
}

/** A transaction: what it has written so far, and how to give the lock back. */
export interface MemoryTx {
  readonly id: string
  data: Data
  release: (() => void) | undefined
}

const nameKey = ({ kind, id, name }: StoredName): string => JSON.stringify([kind, id, name])
const nameOf = ({ kind, id, name }: StoredName): StoredName => ({ kind, id, name })
const isCurrent = ({ expiresAt }: { readonly expiresAt: Date | null }): boolean =>
  expiresAt === null || expiresAt.getTime() > Date.now()

function exact(text: string): string {
  if (text !== '' && !/[\0\p{Cs}]/u.test(text)) return text
  throw new RequestError('invalid_request', 'no exact text')
}

/** An empty database. `change` may break it, to see which law says so. */
export function openMemory(
  change: (database: StoreDatabase<MemoryTx>) => Partial<StoreDatabase<MemoryTx>> = () => ({})
): OpenDatabase<MemoryTx> {
  let committed: Data = { revision: 0, roles: new Map(), assignments: new Map(), keys: new Map() }
  let last = Promise.resolve()
  const listeners = new Set<() => void>()
  const see = (tx: MemoryTx | undefined): Data => (tx?.release === undefined ? committed : tx.data)
  const lock = async (tx: MemoryTx): Promise<void> => {
    if (tx.release !== undefined) return
    const before = last
    let release = (): void => undefined
    last = new Promise((resolve) => {
      release = resolve
    })
    await before
    tx.data = committed
    tx.release = release
  }
  const put = async (tx: MemoryTx, make: (data: Data) => Partial<Data>): Promise<void> => {
    await lock(tx)
    tx.data = { ...tx.data, ...make(tx.data) }
  }
  const held = (tx?: MemoryTx): StoredAssignment[] => [...see(tx).assignments.values()].filter(isCurrent)
  const assignmentKey = (user: string, role: StoredName): string =>
    JSON.stringify([exact(user), nameKey(role)])
  const endOf = ({ expiresAt, idle, lastUsedAt, createdAt }: KeyRow): Date | null => {
    if (idle === null) return expiresAt
    const end = (lastUsedAt ?? createdAt).getTime() + idle / 1e6
    return new Date(Math.min(end, expiresAt?.getTime() ?? Infinity))
  }
  const isLive = (data: Data, key: KeyRow): boolean => {
    const parent = key.mintedBy === null ? undefined : data.keys.get(key.mintedBy)
    const isOver = key.isRevoked || !isCurrent({ expiresAt: endOf(key) })
    return !isOver && (parent === undefined || isLive(data, parent))
  }
  const stored = (data: Data, row: KeyRow): StoredKey => {
    const { id, user, name, hash, scopes, allowList, onlyOrgs, idle, mintedBy, createdAt, lastUsedAt } = row
    const limits = { scopes, allowList, onlyOrgs, idle, mintedBy }
    const times = { createdAt, lastUsedAt, expiresAt: endOf(row) }
    return { id, user, name, hash, ...limits, ...times, isLive: isLive(data, row) }
  }
  const updateKey = (data: Data, id: string, more: Partial<KeyRow>): Partial<Data> => {
    const key = data.keys.get(id)
    return key === undefined ? {} : { keys: new Map(data.keys).set(id, { ...key, ...more }) }
  }
  const database: StoreDatabase<MemoryTx> = {
    readChanges: (since, tx) => {
      const { revision, roles } = see(tx)
      return Promise.resolve({ revision, roles: [...roles.values()].filter((role) => role.revision > since) })
    },
    readUser: async (user, tx) => {
      exact(user)
      const roles = held(tx).filter((one) => one.user === user)
      return Promise.resolve({ revision: see(tx).revision, roles: roles.map(nameOf) })
    },
    lock: async (tx) => {
      await lock(tx)
      return tx.data.revision
    },
    readRole: async (tx, role) => {
      exact(role.name)
      return Promise.resolve(see(tx).roles.get(nameKey(role))?.document ?? undefined)
    },
    writeRole: async (tx, role, document) => {
      await put(tx, ({ revision, roles }) => ({
        revision: revision + 1,
        roles: new Map(roles).set(nameKey(role), { ...nameOf(role), document, revision: revision + 1 })
      }))
      return tx.data.revision
    },
    isHeld: (tx, role) => Promise.resolve(held(tx).some((one) => nameKey(one) === nameKey(role))),
    readAssignment: async (tx, user, role) => {
      const found = see(tx).assignments.get(assignmentKey(user, role))
      return Promise.resolve(found !== undefined && isCurrent(found) ? found : undefined)
    },
    writeAssignment: (tx, assignment) =>
      put(tx, ({ assignments }) => ({
        assignments: new Map(assignments).set(assignmentKey(assignment.user, assignment), assignment)
      })),
    deleteAssignment: (tx, user, role) =>
      put(tx, ({ assignments }) => {
        const left = new Map(assignments)
        left.delete(assignmentKey(user, role))
        return { assignments: left }
      }),
    writeKey: async (tx, { lifetime, ...key }) => {
      const parent = see(tx).keys.get(key.mintedBy ?? '')
      const ends = [lifetime === null ? Infinity : Date.now() + lifetime / 1e6, parent?.expiresAt?.getTime()]
      const end = Math.min(...ends.filter((one) => one !== undefined))
      const expiresAt = end === Infinity ? null : new Date(end)
      const row = { ...key, createdAt: new Date(), expiresAt, lastUsedAt: null, isRevoked: false }
      await put(tx, ({ keys }) => ({ keys: new Map(keys).set(key.id, row) }))
      return endOf(row)
    },
    readKey: (id, tx) => {
      const data = see(tx)
      const key = data.keys.get(id)
      return Promise.resolve(key && stored(data, key))
    },
    readKeys: (user, tx) => {
      const data = see(tx)
      const keys = [...data.keys.values()].filter((key) => key.user === exact(user))
      return Promise.resolve(keys.map((key) => stored(data, key)))
    },
    touchKey: (id) => {
      const key = committed.keys.get(id)
      if (key !== undefined && isLive(committed, key))
        committed = { ...committed, ...updateKey(committed, id, { lastUsedAt: new Date() }) }
      return Promise.resolve()
    },
    revokeKey: (tx, id) => put(tx, (data) => updateKey(data, id, { isRevoked: true })),
    listHeld: () => {
      const counts = new Map<string, { users: number; example: string } & StoredName>()
      for (const one of held()) {
        const count = counts.get(nameKey(one)) ?? { ...nameOf(one), users: 0, example: one.user }
        counts.set(nameKey(one), { ...count, users: count.users + 1 })
      }
      return Promise.resolve([...counts.values()])
    },
    listUsers: (after) => {
      const users = [...new Set(held().map(({ user }) => user))].filter((user) => user > after).sort()
      return Promise.resolve(users.slice(0, 300))
    },
    listKeys: (after) => {
      const live = [...committed.keys.values()].filter((key) => key.id > after && isLive(committed, key))
      live.sort((a, b) => (a.id < b.id ? -1 : 1))
      return Promise.resolve(live.slice(0, 400).map((key) => stored(committed, key)))
    },
    listen: (heard) => {
      listeners.add(heard)
      return Promise.resolve(() => void listeners.delete(heard))
    }
  }
  return {
    database: { ...database, ...change(database) },
    transaction: async (run) => {
      const tx: MemoryTx = { id: randomUUID(), data: committed, release: undefined }
      try {
        const result = await run(tx)
        const isNew = tx.release !== undefined && tx.data.revision !== committed.revision
        if (tx.release !== undefined) committed = tx.data
        if (isNew) for (const heard of listeners) setImmediate(heard)
        return result
      } finally {
        tx.release?.()
      }
    },
    close: () => Promise.resolve()
  }
}
