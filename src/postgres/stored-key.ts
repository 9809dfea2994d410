// A key as it is stored: what is told of it, and what it lets its owner do.
import { isCasemateError } from '../errors.js'
import type { Subject } from '../policy/types/index.js'
import { quoteValue } from '../problems/quote.js'
import type { CeilingInput } from '../types.js'
import type { StoredKey } from './database.js'
import { StoreError } from './store-error.js'

/** A key as it is told of. */
export type KeyRecord = Omit<StoredKey, 'hash'>

/** Each part by its name: a database of somebody else's may give more, which is nobody's to see. */
export function recordOf(key: StoredKey): KeyRecord {
  const {
    id,
    user,
    name,
    scopes,
    allowList,
    onlyOrgs,
    idle,
    mintedBy,
    createdAt,
    expiresAt,
    lastUsedAt,
    isLive
  } = key
  return {
    id,
    user,
    name,
    scopes,
    allowList,
    onlyOrgs,
    idle,
    mintedBy,
    createdAt,
    expiresAt,
    lastUsedAt,
    isLive
  }
}

/** The owner under the ceiling of a key. @throws StoreError `unreadable_key` for one that the policy does not know. */
export function withinKey(owner: Subject, key: StoredKey): Subject {
  const ceiling = ceilingOfKey(key)
  if (Object.keys(ceiling).length === 0) return owner
  try {
    return owner.within(ceiling)
  } catch (error) {
    if (!isCasemateError(error)) throw error
    throw new StoreError('unreadable_key', `the key ${quoteValue(key.id)} cannot be read: ${error.message}`, {
      value: key.id,
      cause: error
    })
  }
}

export function ceilingOfKey({ scopes, allowList, onlyOrgs }: StoredKey): CeilingInput {
  return {
    ...(scopes === null ? {} : { scopes }),
    ...(allowList === null ? {} : { allowList }),
    ...(onlyOrgs === null ? {} : { onlyOrgs })
  }
}
