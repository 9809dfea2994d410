// Which roles hold everything that another role holds: with the wider role, the narrower one adds nothing. (Roles do
// not inherit from each other; this is the nearest thing.) Objects fall into a few kinds that no role held in one
// organization can tell apart, so a role holds a set of permissions on kinds, and it includes another role whose
// set is a subset of its own.
import { compareNames } from '../../problems/names.js'
import type { Policy } from '../../policy/types/index.js'
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { DecidingSubject } from '../../decide/subject.js'
import type { ObjectRef } from '../../types.js'
import { votesKey } from '../../verify/space/reach.js'
import { tooManyCases } from '../../verify/space/settings.js'
import type { Access, Who } from './access.js'
import { compiledOf } from '../../compile/compile.js'
import { canBeInOrg, canBeOutside } from '../../levels.js'

/** How many names the lists of all roles may have together. */
export const mostNames = 2_000_000

/**
 * For each role, those that it includes: held in one organization, alone, settings at their defaults. A role that
 * allows nothing is included in none, and one that reads a setting without default is left out.
 *
 * @throws CasemateError `too_many_cases` where there are more than `mostNames` to list.
 */
export function includedRoles(policy: Policy, access: Access): ReadonlyMap<string, readonly string[]> {
  const { permissions } = compiledOf(policy).catalogue
  const shipped = new Set(policy.roles.list().flatMap(({ name, isCustom }) => (isCustom ? [] : [name])))
  const groups = groupAlike(
    access.everybody.filter(({ name, isRole }) => isRole && shipped.has(name)),
    permissions
  )
  const included = new Map<string, readonly string[]>()
  let listed = 0
  for (const wider of groups) {
    const names = groups
      .filter((narrower) => isSubset(narrower.held, wider.held))
      .flatMap((group) => group.names)
      .sort(compareNames)
    listed += names.length * wider.names.length
    if (listed > mostNames) throw tooManyCases('the pages', [], 'roles that include one another', mostNames)
    for (const name of wider.names)
      included.set(
        name,
        names.filter((other) => other !== name)
      )
  }
  return included
}

/** Roles that hold the same. */
interface Group {
  readonly names: string[]
  /** For each permission the kinds of objects that it is allowed on, a bit for each. */
  readonly held: Uint16Array
}

function groupAlike(all: readonly Who[], permissions: readonly CompiledPermission[]): Group[] {
  const memory = new Map<unknown, number>()
  const groups = new Map<string, Group>()
  for (const { name, settings, subject } of all) {
    if (Object.keys(settings).length > 0) continue
    const held = Uint16Array.from(permissions, (permission) => kindsOf(subject, permission, memory))
    if (held.every((kinds) => kinds === 0)) continue
    const key = Array.from(held, (kinds) => String.fromCharCode(kinds)).join('')
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { names: [name], held })
    else group.names.push(name)
  }
  return [...groups.values()]
}

function isSubset(narrower: Uint16Array, wider: Uint16Array): boolean {
  for (let index = 0; index < narrower.length; index++)
    if (((narrower[index] ?? 0) & ~(wider[index] ?? 0)) !== 0) return false
  return true
}

/** Owned by nobody, by the subject, by another; in no organization, in that of the roles, in another, in any. */
const kinds: readonly Omit<ObjectRef, 'type'>[] = [{}, { owner: 'u1' }, { owner: 'u2' }].flatMap((owner) =>
  [{}, { org: 'o1' }, { org: 'o2' }, { anyOrg: true }].map((org) => ({ ...owner, ...org }))
)

/** The kinds of objects on which a permission is allowed; the same for roles that vote the same on it. */
function kindsOf(
  subject: DecidingSubject,
  permission: CompiledPermission,
  memory: Map<unknown, number>
): number {
  const { org } = permission.definition
  const key = votesKey(subject, permission) ?? subject
  const cached = memory.get(key)
  if (cached !== undefined) return cached
  let allowed = 0
  for (const [bit, kind] of kinds.entries()) {
    const isPlaced = 'org' in kind || 'anyOrg' in kind
    if (!(isPlaced ? canBeInOrg(org) : canBeOutside(org))) continue
    if (subject.can(permission, { type: permission.resource, ...kind })) allowed |= 1 << bit
  }
  memory.set(key, allowed)
  return allowed
}
