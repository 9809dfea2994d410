// What a process knows of the stored roles at one revision: a policy that has them, and what is wrong with those that it
// cannot have. Immutable; a change gives a new one. A role that cannot be read is taken out of the policy, also where an
// earlier text of it could be: who holds it is then an error and never somebody with other rights.
import type { Policy } from '../policy/types/index.js'
import { compiledOf } from '../compile/compile.js'
import { isCasemateError } from '../errors.js'
import type { RoleChanges, StoredName, StoredRole } from './database.js'
import { describeRole, keyOf, placeGiven } from './place.js'
import { pruneRole } from './prune.js'

/** What is wrong with a stored role. */
export interface RoleProblem extends StoredName {
  /**
   * `pruned_role`: it was written under another version of the policy, and what this one cannot be asked about is left out.
   * `unreadable_role`: it means nothing under this policy, and who holds it is an error.
   */
  readonly code: 'pruned_role' | 'unreadable_role'
  /** The revision of the row. */
  readonly revision: number
  /** What is wrong, for people. */
  readonly message: string
}

interface KnownRole {
  /** As it is stored, to see whether it changed. */
  readonly document: string
  readonly problem: RoleProblem | undefined
}

type KnownRoles = ReadonlyMap<string, KnownRole>

/** The stored roles as of one revision. */
export interface RoleState {
  readonly revision: number
  /** The policy with every role that can be read. */
  readonly policy: Policy
  /** By place, then by name, the roles that there are. */
  readonly known: ReadonlyMap<string, KnownRoles>
  /** What is wrong with some of them. */
  readonly problems: readonly RoleProblem[]
}

/** Before anything is read. */
export function emptyState(policy: Policy): RoleState {
  return { revision: 0, policy, known: new Map(), problems: [] }
}

/** What is wrong with a role, if something is. */
export function problemOf(state: RoleState, role: StoredName): RoleProblem | undefined {
  return state.known.get(keyOf(role))?.get(role.name)?.problem
}

/** How many roles are read before others run. */
const rolesAtOnce = 16

/**
 * The state after changes. With `isAll` they are all roles that there are, and one that is not among them is gone. Others
 * run in between (`pause`), so that ten thousand roles hold nobody up.
 */
export async function applyChanges(
  state: RoleState,
  { revision, roles }: RoleChanges,
  { isAll, pause }: { readonly isAll: boolean; readonly pause: () => Promise<void> }
): Promise<RoleState> {
  const known = new Map(state.known)
  let { policy, problems } = state
  for (const [key, inPlace] of await groupByPlace(roles, isAll ? state.known : new Map(), pause)) {
    const before = known.get(key) ?? new Map<string, KnownRole>()
    const changed = inPlace.filter(({ name, document }) => document !== (before.get(name)?.document ?? null))
    const after = new Map(before)
    for (let i = 0; i < changed.length; i += rolesAtOnce) {
      policy = readRoles(policy, changed.slice(i, i + rolesAtOnce), after)
      await pause()
    }
    if (after.size === 0) known.delete(key)
    else known.set(key, after)
    const touched = new Set(changed.map(({ name }) => name))
    problems = [
      ...problems.filter((problem) => keyOf(problem) !== key || !touched.has(problem.name)),
      ...[...touched].flatMap((name) => after.get(name)?.problem ?? [])
    ]
  }
  return { revision, policy, known, problems }
}

/** The rows by place; of roles that were there and have no row, one that says that they are removed. */
async function groupByPlace(
  roles: readonly StoredRole[],
  there: RoleState['known'],
  pause: () => Promise<void>
): Promise<ReadonlyMap<string, readonly StoredRole[]>> {
  const groups = new Map<string, Map<string, StoredRole>>()
  const add = (role: StoredRole): void => {
    const key = keyOf(role)
    const group = groups.get(key) ?? new Map<string, StoredRole>()
    if (!groups.has(key)) groups.set(key, group)
    group.set(role.name, role)
  }
  for (const [key, known] of there) {
    const [kind, id] = splitKey(key)
    for (const name of known.keys()) add({ kind, id, name, document: null, revision: 0 })
  }
  for (const [i, role] of roles.entries()) {
    add(role)
    if (i % 1000 === 999) await pause()
  }
  return new Map([...groups].map(([key, group]) => [key, [...group.values()]]))
}

function splitKey(key: string): [kind: string, id: string] {
  const end = key.indexOf('\n')
  return [key.slice(0, end), key.slice(end + 1)]
}

/** The policy with changed roles of one place; what is known of them goes to `known`. */
function readRoles(policy: Policy, changed: readonly StoredRole[], known: Map<string, KnownRole>): Policy {
  const [first] = changed
  if (first === undefined) return policy
  const place = placeGiven(first)
  const inForce = changed.filter(({ name }) => {
    const before = known.get(name)
    return before !== undefined && before.problem?.code !== 'unreadable_role'
  })
  const names = inForce.map(({ name }) => name)
  const without = names.length === 0 ? policy : policy.withoutRoles(names, place)
  for (const { name } of changed) known.delete(name)
  const written = changed.flatMap((role) =>
    role.document === null ? [] : [{ ...role, document: role.document }]
  )
  try {
    const together = without.withRoles(
      Object.fromEntries(written.map(({ name, document }) => [name, JSON.parse(document) as never])),
      place
    )
    for (const { name, document } of written) known.set(name, { document, problem: undefined })
    return together
  } catch {
    // One of them is wrong: each by itself, so that it holds up no other.
    return written.reduce((before, role) => readOne(before, role, place, known), without)
  }
}

function readOne(
  policy: Policy,
  role: StoredRole & { readonly document: string },
  place: Readonly<Record<string, string>>,
  known: Map<string, KnownRole>
): Policy {
  const { name, document, revision, kind, id } = role
  const note = (code: RoleProblem['code'], message: string): void => {
    known.set(name, { document, problem: { code, kind, id, name, revision, message } })
  }
  const read = (written: unknown): Policy => policy.withRoles({ [name]: written as never }, place)
  let written: unknown
  try {
    written = JSON.parse(document)
    const added = read(written)
    known.set(name, { document, problem: undefined })
    return added
  } catch (error) {
    const pruned = pruneRole(compiledOf(policy), written)
    try {
      if (pruned.leftOut.length === 0) throw error
      const added = read(pruned.document)
      note('pruned_role', `${describeRole(role)} is read without ${pruned.leftOut.join(', ')}`)
      return added
    } catch (left) {
      note('unreadable_role', `${describeRole(role)} cannot be read: ${messageOf(left)}`)
      return policy
    }
  }
}

function messageOf(error: unknown): string {
  if (isCasemateError(error) || error instanceof SyntaxError) return error.message
  throw error
}
