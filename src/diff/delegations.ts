// Who may assign which role in one policy but not in the other. A new role that an `assigns: *` reaches is no new
// delegation: who may assign every role may also assign new ones.
import { usualOrFirst } from '../compile/attributes.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { AssignPermissions, PolicyData, RoleKind } from '../document/types.js'
import type { NameThere } from './renamed-names.js'
import type { OldNew, Direction } from './sides.js'
import type { Widening } from './types.js'
import { splitName } from '../problems/names.js'
import { quoteValue } from '../problems/quote.js'

/** What lets somebody assign a role in the policy that allows, and not in the other. */
export function delegationsOf(
  policies: OldNew<CompiledPolicy>,
  direction: Direction,
  nameThere: NameThere
): Widening[] {
  const { allowing, refusing } = direction
  const [here, there] = [policies[allowing].document, policies[refusing].document]
  const isNew = allowing === 'new'
  return [
    ...rolesThatAssign(here, there, nameThere, isNew),
    ...systemsThatAssign(here, there, nameThere, isNew),
    ...rolesToAssign(here, there, nameThere, isNew),
    ...neededPermissions(here, there, isNew),
    ...askedFacts(policies, direction)
  ]
}

function rolesThatAssign(
  here: PolicyData,
  there: PolicyData,
  nameThere: NameThere,
  isNew: boolean
): Widening[] {
  return Object.entries(here.roles ?? {}).flatMap(([name, role]) => {
    const other = ownRole(there, nameThere('role', name))
    const before = other?.kind === role.kind ? other.assigns : undefined
    return assigned(here, there, nameThere, role.assigns, before).map((target) =>
      assignment(name, target, isNew)
    )
  })
}

function systemsThatAssign(
  here: PolicyData,
  there: PolicyData,
  nameThere: NameThere,
  isNew: boolean
): Widening[] {
  const others = there.systemSubjects ?? {}
  return Object.entries(here.systemSubjects ?? {}).flatMap(([name, system]) => {
    const otherName = nameThere('system', name)
    const before = Object.hasOwn(others, otherName) ? others[otherName]?.assigns : undefined
    return assigned(here, there, nameThere, system.assigns, before).map((target) =>
      assignment(`system:${name}`, target, isNew)
    )
  })
}

/** The entries of `assigns` that reach a role which the other list does not reach. */
function assigned(
  here: PolicyData,
  there: PolicyData,
  nameThere: NameThere,
  assigns: readonly string[] = [],
  before: readonly string[] = []
): string[] {
  const reached = new Set(before)
  if (reached.has('*')) return []
  if (assigns.includes('*')) return ['*']
  return assigns.filter((entry) => {
    if (entry.startsWith('custom:')) return !reached.has(entry)
    const role = ownRole(here, entry)
    // A role that is not assignable adds nothing.
    if (role === undefined || role.assignable === false) return false
    const name = nameThere('role', entry)
    return !reached.has(name) || ownRole(there, name)?.kind !== role.kind
  })
}

function assignment(who: string, target: string, isNew: boolean): Widening {
  const what = target === '*' ? 'every role (`*`)' : quoteValue(target)
  return {
    kind: 'assign',
    subject: who,
    message: `${quoteValue(who)} may ${isNew ? 'now' : 'no longer'} assign ${what}`
  }
}

function rolesToAssign(
  here: PolicyData,
  there: PolicyData,
  nameThere: NameThere,
  isNew: boolean
): Widening[] {
  return Object.entries(here.roles ?? {}).flatMap(([name, role]): Widening[] => {
    const other = ownRole(there, nameThere('role', name))
    if (role.assignable === false || other?.assignable !== false) return []
    const message = `${quoteValue(name)} can ${isNew ? 'now' : 'no longer'} be assigned`
    return [{ kind: 'assignable', subject: name, message }]
  })
}

/** The kinds of roles that both policies can have; the roles of a container that only one has are all new. */
function kindsIn(here: PolicyData, there: PolicyData): readonly (readonly [RoleKind, string])[] {
  const others = new Set((there.containers ?? []).map(({ name }) => name))
  const containers = (here.containers ?? []).flatMap(({ name }) => (others.has(name) ? [name] : []))
  return [
    ['site', 'a site role'],
    ['org', 'an organization role'],
    ...containers.map((name) => [name, `a role of a ${quoteValue(name)}`] as const)
  ]
}

function neededPermissions(here: PolicyData, there: PolicyData, isNew: boolean): Widening[] {
  const verbs = [
    ['giving', here.assignPermissions, there.assignPermissions],
    ['taking away', here.unassignPermissions, there.unassignPermissions]
  ] as const
  return verbs.flatMap(([verb, mine = {}, others = {}]) =>
    kindsIn(here, there).flatMap(([kind, role]): Widening[] => {
      const message = neededText(`${verb} ${role}`, mine, others, kind, isNew)
      return message === undefined ? [] : [{ kind: 'assign-permission', subject: kind, message }]
    })
  )
}

/** A changed permission may be one that more people have. Without a permission no key could give a role. */
function neededText(
  what: string,
  mine: AssignPermissions,
  others: AssignPermissions,
  kind: RoleKind,
  isNew: boolean
): string | undefined {
  const [here, there] = [mine, others].map((all) => (Object.hasOwn(all, kind) ? all[kind] : undefined))
  if (here === there) return undefined
  const [before, after] = isNew ? [there, here] : [here, there]
  const changed = `${what} needed ${needText(before)} and now needs ${needText(after)}`
  if (here !== undefined && there === undefined)
    return `${changed}: a key with scopes could not do it ${isNew ? 'before' : 'then'}, and can where they let that through`
  return changed
}

/**
 * Assigning asks about an object that has each attribute at its default, else at its first value. Another such value
 * may be one for which more people are allowed the permission. A changed default is told of the attribute itself.
 */
function askedFacts(policies: OldNew<CompiledPolicy>, { allowing, refusing }: Direction): Widening[] {
  const [here, there] = [policies[allowing], policies[refusing]]
  const { assignPermissions = {}, unassignPermissions = {} } = here.document
  const named = [...Object.values(assignPermissions), ...Object.values(unassignPermissions)]
  const resources = new Set(named.flatMap((permission = '') => splitName(permission)[0] ?? []))
  return [...resources].flatMap((resource) => {
    const others = there.catalogue.resources.get(resource)?.attributes ?? []
    return (here.catalogue.resources.get(resource)?.attributes ?? []).flatMap((attribute): Widening[] => {
      const other = others.find(({ name }) => name === attribute.name)
      if (other === undefined || attribute.usual !== undefined) return []
      const [mine, its] = [usualOrFirst(attribute), usualOrFirst(other)]
      if (mine === its) return []
      const [before, after] = allowing === 'new' ? [its, mine] : [mine, its]
      const message = `assigning asked about a ${quoteValue(resource)} with ${quoteValue(attribute.name)} at ${quoteValue(before)} and now asks about one at ${quoteValue(after)}`
      return [{ kind: 'assign-permission', subject: `${resource}.${attribute.name}`, message }]
    })
  })
}

function needText(permission: string | undefined): string {
  return permission === undefined ? 'no permission' : quoteValue(permission)
}

function ownRole(
  { roles = {} }: PolicyData,
  name: string
): NonNullable<PolicyData['roles']>[string] | undefined {
  return Object.hasOwn(roles, name) ? roles[name] : undefined
}
