// Which columns have the fields of an object: what lists are filtered by, in SQL.
import { defineTable } from 'casemate/sql'
import { policy } from '../policy.js'

/** An account is its own owner, in no organization. */
export const users = defineTable(policy, 'user', {
  id: { column: 'id', as: 'uuid', notNull: true },
  owner: { column: 'id', as: 'uuid', notNull: true },
  org: null
})

export const keys = defineTable(policy, 'api_key', {
  id: { column: 'id', notNull: true },
  owner: { column: 'user_id', as: 'uuid', notNull: true },
  org: null
})

export const logs = defineTable(policy, 'boundary_log', {
  id: { column: 'id', as: 'uuid', notNull: true },
  owner: { column: 'owner_id', as: 'uuid', notNull: true },
  org: null
})

/** Where its members hold their roles, an organization itself is. */
export const organizations = defineTable(policy, 'organization', {
  id: { column: 'id', as: 'uuid', notNull: true },
  owner: null,
  org: { column: 'id', as: 'uuid', notNull: true }
})
