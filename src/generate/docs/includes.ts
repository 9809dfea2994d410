// Which roles hold everything that another role holds: with the wider role, the narrower one adds nothing. Objects fall into a few kinds that no role held in one
// organization can tell apart, so a role holds a set of permissions on kinds, and it includes another role whose
// set is a subset of its own.
import { compareNames } from '../../problems/names.js'
import type { Policy } from '../../policy/types/index.js'
import type { Catalogue, CompiledPermission, CompiledResource } from '../../compile/catalogue.js'
import type { DecidingSubject } from '../../decide/subject.js'
import type { ObjectRef, OrgPlacement } from '../../types.js'
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
  const shipped = new Set(policy.roles.list().flatMap(({ name, isCustom }) => (isCustom ? [] : [name])))
  const groups = groupAlike(
    access.everybody.filter(({ name, isRole }) => isRole && shipped.has(name)),
    compiledOf(policy).catalogue
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
  /** For each permission the kinds of objects that it is allowed on: a bit for each, in as many numbers as it takes. */
  readonly held: Uint16Array
}

function groupAlike(all: readonly Who[], { permissions, containers }: Catalogue): Group[] {
  const kinds = { kinds: listKinds(containers), containers }
  const stride = Math.ceil(kinds.kinds.length / bitsOfNumber)
  const memory = new Map<unknown, readonly number[]>()
  const groups = new Map<string, Group>()
  for (const { name, settings, subject } of all) {
    if (Object.keys(settings).length > 0) continue
    const held = new Uint16Array(permissions.length * stride)
    for (const [index, permission] of permissions.entries())
      held.set(kindsOf(subject, permission, kinds, memory), index * stride)
    if (held.every((bits) => bits === 0)) continue
    const key = Array.from(held, (bits) => String.fromCharCode(bits)).join('')
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

/** A kind of objects: their owner and their places. */
type Kind = Omit<ObjectRef, 'type'>

interface Kinds {
  readonly kinds: readonly Kind[]
  readonly containers: readonly string[]
}

/**
 * Owned by nobody, by the subject, by another; in no organization, in that of the roles, in another, in any; and of
 * each container in none, in that of the roles, in another.
 */
function listKinds(containers: readonly string[]): readonly Kind[] {
  const owned: readonly Kind[] = [{}, { owner: 'u1' }, { owner: 'u2' }].flatMap((owner) =>
    [{}, { org: 'o1' }, { org: 'o2' }, { anyOrg: true }].map((org) => ({ ...owner, ...org }))
  )
  return containers.reduce(
    (kinds, name) =>
      kinds.flatMap((kind) => [
        kind,
        ...[`${name}1`, `${name}2`].map((id): Kind => ({ ...kind, [name]: id }))
      ]),
    owned
  )
}

/** How many kinds there are to a number. */
const bitsOfNumber = 16

/** The kinds of objects on which a permission is allowed; the same for roles that vote the same on it. */
function kindsOf(
  subject: DecidingSubject,
  permission: CompiledPermission,
  { kinds, containers }: Kinds,
  memory: Map<unknown, readonly number[]>
): readonly number[] {
  const key = votesKey(subject, permission) ?? subject
  const isKey = typeof key === 'string'
  const cached = isKey ? memory.get(key) : undefined
  if (cached !== undefined) return cached
  const allowed = new Array<number>(Math.ceil(kinds.length / bitsOfNumber)).fill(0)
  const attributes = Object.fromEntries(permission.attributes)
  for (const [index, kind] of kinds.entries()) {
    if (!canBe(permission.definition, kind, containers)) continue
    if (!subject.can(permission, { type: permission.resource, ...kind, ...attributes })) continue
    const at = Math.floor(index / bitsOfNumber)
    allowed[at] = (allowed[at] ?? 0) | (1 << (index % bitsOfNumber))
  }
  if (isKey) memory.set(key, allowed)
  return allowed
}

/** Whether objects of a resource can be of a kind. */
function canBe({ org, places }: CompiledResource, kind: Kind, containers: readonly string[]): boolean {
  const isPlaced = 'org' in kind || 'anyOrg' in kind
  return (
    isAllowedThere(org, isPlaced) &&
    containers.every((name, number) => isAllowedThere(places[number] ?? 'never', name in kind))
  )
}

function isAllowedThere(placement: OrgPlacement, isPlaced: boolean): boolean {
  return isPlaced ? canBeInOrg(placement) : canBeOutside(placement)
}
