// What a policy would make of what is stored, before it is deployed: which roles it reads in part or not at all, which
// assignments and keys mean nothing under it. Nothing is written.
import type { Names } from '../document/index.js'
import { isCasemateError } from '../errors.js'
import type { Policy } from '../policy/types/index.js'
import { compareNames } from '../problems/names.js'
import type { HeldRole, StoreDatabase, StoredKey } from './database.js'
import { withinKey } from './stored-key.js'
import { placeGiven } from './place.js'
import { applyChanges, emptyState, problemOf, type RoleProblem, type RoleState } from './state.js'

/** An assigned role that means nothing. */
export interface OrphanedRole extends HeldRole {
  /** Why, for people. */
  readonly message: string
}

/** A live key whose ceiling means nothing. */
export interface OrphanedKey extends Pick<StoredKey, 'id' | 'user' | 'name'> {
  /** Why, for people. */
  readonly message: string
}

/** What a policy would make of a store. */
export interface StoreReport {
  /** Whether nobody would be turned away: every role is read, if in part, and every assignment and key. */
  readonly ok: boolean
  /** How many there are. */
  readonly counts: { readonly roles: number; readonly assignments: number; readonly keys: number }
  /** Custom roles that are read in part, or not at all. */
  readonly roles: readonly RoleProblem[]
  /** Roles that are held and mean nothing: their holders' subjects fail. */
  readonly assignments: readonly OrphanedRole[]
  /** Keys that open nothing any more. */
  readonly keys: readonly OrphanedKey[]
}

/** Reads all that is stored under a policy, for example the one that is to be deployed. */
export async function checkStore<N extends Names>(
  policy: Policy<N>,
  database: StoreDatabase<never>
): Promise<StoreReport>
export async function checkStore(policy: Policy, database: StoreDatabase<never>): Promise<StoreReport> {
  const changes = await database.readChanges(0)
  const state = await applyChanges(emptyState(policy), changes, {
    isAll: true,
    pause: () => Promise.resolve()
  })
  const held = await database.listHeld()
  const assignments = held.flatMap((one): OrphanedRole[] => {
    const message = faultOf(state, one)
    return message === undefined ? [] : [{ ...one, message }]
  })
  const { count, orphans } = await checkKeys(state.policy, database)
  const roles = [...state.problems].sort(
    (a, b) => compareNames(a.kind, b.kind) || compareNames(a.id, b.id) || compareNames(a.name, b.name)
  )
  const isRead = roles.every(({ code }) => code === 'pruned_role')
  return {
    ok: isRead && assignments.length === 0 && orphans.length === 0,
    counts: {
      roles: changes.roles.filter(({ document }) => document !== null).length,
      assignments: held.reduce((sum, { users }) => sum + users, 0),
      keys: count
    },
    roles,
    assignments,
    keys: orphans
  }
}

/** Why a role cannot be held where it is; `undefined` if it can. What organizations set is not known here. */
function faultOf(state: RoleState, held: HeldRole): string | undefined {
  const problem = problemOf(state, held)
  if (problem?.code === 'unreadable_role') return problem.message
  try {
    state.policy.subject({ id: held.example, roles: [{ role: held.name, ...placeGiven(held) }] })
    return undefined
  } catch (error) {
    if (!isCasemateError(error)) throw error
    return error.code === 'missing_option' ? undefined : error.message
  }
}

async function checkKeys(
  policy: Policy,
  database: StoreDatabase<never>
): Promise<{ readonly count: number; readonly orphans: readonly OrphanedKey[] }> {
  const orphans: OrphanedKey[] = []
  let count = 0
  for (let after = ''; ;) {
    const keys = await database.listKeys(after)
    const last = keys.at(-1)
    if (last === undefined) return { count, orphans }
    after = last.id
    count += keys.length
    for (const key of keys) {
      const message = keyFault(policy, key)
      if (message !== undefined) orphans.push({ id: key.id, user: key.user, name: key.name, message })
    }
  }
}

function keyFault(policy: Policy, key: StoredKey): string | undefined {
  try {
    withinKey(policy.subject({ id: key.user }), key)
    return undefined
  } catch (error) {
    if (!isCasemateError(error)) throw error
    return error.message
  }
}
