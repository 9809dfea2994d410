// What `casemate serve --database` answers from: a policy file, and the roles and assignments of a store. A store that
// cannot be asked is no decision.
import { CasemateError, isCasemateError, RequestError } from '../../errors.js'
import { openRoles, type RoleStore } from '../../postgres/index.js'
import type { DecisionSource, Find, List } from '../../server/index.js'
import { databaseFault, reasonOf, type Pool } from '../pool.js'
import type { Records } from './records.js'
import { loadPolicyOf, sourceOf, type PolicyOptions, type Served } from './source.js'

/** The policy, and where the tables of the store are. */
export interface StoreOptions extends PolicyOptions {
  readonly schema?: string
  readonly prefix?: string
}

/** What all versions of a policy share. */
export interface Database {
  readonly pool: Pool
  readonly records: Records | undefined
  readonly tell: (message: string) => void
}

/** @throws CasemateError for the policy, and where the store cannot be read. */
export async function loadStored(options: StoreOptions, { pool, records, tell }: Database): Promise<Served> {
  const policy = await loadPolicyOf(options)
  const health = healthOf(tell)
  const store = await openRoles(policy, {
    pool,
    schema: options.schema,
    prefix: options.prefix,
    onProblem: ({ code, message, ...more }) => {
      if (code === 'database_failed') health.fails('error' in more ? more.error : message)
      else tell(message)
    }
  }).catch((error: unknown) => {
    throw databaseFault(error)
  })
  const log = records?.of(policy)
  const types: ReadonlySet<string> = new Set(options.subjectType ?? ['user'])
  const subjects = { find: finder(store, types, health), list: lister(store, types, health) }
  const made: { source: DecisionSource | undefined } = { source: undefined }
  return {
    policy,
    source: () => {
      // The same one until a role changes: what a handler makes of it is kept.
      const now = orUnavailable(() => store.policy(), health)
      if (made.source?.policy !== now)
        made.source = { ...sourceOf(now, options), subjects, ...(log && { record: log.of }) }
      return made.source
    },
    who: 'the subjects of a database',
    isReady: () => !isStale(store),
    metrics: () => [
      '# HELP casemate_store_revision The revision of the stored roles that is in use.',
      '# TYPE casemate_store_revision gauge',
      `casemate_store_revision ${store.revision}`
    ],
    close: async () => {
      store.close()
      await log?.close()
    }
  }
}

/** Looks subjects up. One who holds nothing is a subject too; an id that the tables cannot hold is nobody's. */
function finder(store: RoleStore, types: ReadonlySet<string>, health: Health): Find {
  return async ({ type, id }) => {
    if (!types.has(type)) return undefined
    try {
      const subject = await store.subjectOf(id)
      health.works()
      return subject
    } catch (error) {
      if (error instanceof RequestError && error.path === 'user') return undefined
      // What a subject holds is a fault of that one, and not of the database.
      if (isCasemateError(error) && error.code === 'unreadable_role') throw error
      throw unavailable(error, health)
    }
  }
}

/** Lists those who are assigned a role, as far as a search asks. */
function lister(store: RoleStore, types: ReadonlySet<string>, health: Health): List {
  return async function* (type, after) {
    if (!types.has(type)) return
    try {
      yield* store.users(after)
    } catch (error) {
      throw unavailable(error, health)
    }
  }
}

function orUnavailable<T>(ask: () => T, health: Health): T {
  try {
    return ask()
  } catch (error) {
    throw unavailable(error, health)
  }
}

function unavailable(error: unknown, health: Health): CasemateError {
  health.fails(error)
  return new CasemateError('unavailable', 'the database does not answer')
}

function isStale(store: RoleStore): boolean {
  try {
    store.policy()
    return false
  } catch {
    return true
  }
}

interface Health {
  fails(error: unknown): void
  works(): void
}

/** Says once that the database does not answer, and once that it does again. */
function healthOf(tell: (message: string) => void): Health {
  let isDown = false
  return {
    fails: (error) => {
      if (!isDown) tell(`the database does not answer: ${reasonOf(error)}`)
      isDown = true
    },
    works: () => {
      if (isDown) tell('the database answers again')
      isDown = false
    }
  }
}
