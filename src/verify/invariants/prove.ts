// Proves or refutes one invariant: it is tried on every set of roles that can refute it (space/role-sets.ts says why
// those are enough) and every class of objects, with the real decisions. Of the permissions of an action those that the
// policy tells apart by attributes are tried, and of what an invariant's relation names all.
import { requiredFor, type CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import type { InvariantDocument } from '../../document/types.js'
import type { Relation } from '../../document/relation.js'
import { permissionsToldApart } from '../space/attributes.js'
import { everyObject, vocabularyOf } from '../space/relations.js'
import type { Counterexample } from '../space/requests.js'
import { relationNamed } from '../space/who-can.js'
import type { AlikeRoleCases, RoleCase, RoleCases } from '../space/role-cases.js'
import { ScopeCases } from '../space/ceilings.js'
import { proveAssigns, type AssignCounterexample } from './assigns.js'
import { proveLadder } from './ladder.js'
import { readHolders, readPermissions, type Holders } from './read.js'
import { firstOfEach, roleSetsOutside, roleSetsWith } from './role-sets.js'
import { Search, type Proving } from './search.js'
import { Work } from './work.js'
import { quoteValue } from '../../problems/quote.js'

export type { Proving } from './search.js'

export interface Proof {
  /** The smallest request that refutes the invariant; none where it is proved, and for one about `assigns`. */
  readonly counterexample: Counterexample | undefined
  /** Likewise for an invariant about `assigns`. */
  readonly assignment?: AssignCounterexample | undefined
  /** How many decisions the proof looked at: 0 if the invariant covers no subject and object. */
  readonly decisions: number
}

/** `work` is shared by what is proved in one go. */
export function prepare(compiled: CompiledPolicy, roleCases: RoleCases, work: Work = new Work()): Proving {
  return { compiled, roleCases, work }
}

/**
 * Proves an invariant of the policy's document or refutes it. With `within`, an invariant about permissions and a
 * ladder are only proved for the permissions that have these names.
 *
 * @throws RequestError for a name that the policy does not have; CasemateError `too_many_cases`.
 */
export function proveInvariant(
  proving: Proving,
  invariant: InvariantDocument,
  within?: ReadonlySet<string>
): Proof {
  proving.work.about = `invariant ${quoteValue(invariant.name)}`
  if (invariant.assigns !== undefined) return proveAssigns(proving, invariant)
  if (invariant.ladder !== undefined) return proveLadder(proving, invariant, within)
  return provePermissions(proving, invariant, within)
}

function provePermissions(
  proving: Proving,
  invariant: InvariantDocument,
  within: ReadonlySet<string> | undefined
): Proof {
  const { compiled } = proving
  const relation =
    invariant.relation === undefined
      ? everyObject
      : relationNamed(invariant.relation, vocabularyOf(compiled.catalogue))
  const isAlways = invariant.always !== undefined
  const holders = readHolders(compiled, invariant.always ?? invariant.only ?? [])
  // An entry can only allow, so that an `always` looks at entries only where its relation asks for them.
  const withAcl = invariant.acl !== false && (!isAlways || relation.isShared)
  const cases = new ScopeCases(compiled, invariant.scope)
  const search = new Search(proving, { relation, cases, refuting: !isAlways, withAcl })
  for (const named of readPermissions(compiled, invariant.permissions ?? []))
    for (const permission of within?.has(named.name) === false
      ? []
      : permissionsIn(compiled, named, relation)) {
      const about: About = { permission, relation, withAcl, holders }
      if (isAlways) tryAlways(search, proving, about)
      else tryOnly(search, proving, about)
    }
  return search.result()
}

/** One permission for each kind of attributes that can be told apart and that the relation covers. */
function permissionsIn(
  compiled: CompiledPolicy,
  { definition, action }: CompiledPermission,
  { attributes }: Relation
): readonly CompiledPermission[] {
  const asked = Object.entries(attributes)
  return permissionsToldApart(compiled, definition, action, asked.length === 0 ? [] : [attributes]).filter(
    (one) => asked.every(([name, value]) => one.attributes.get(name) === value)
  )
}

/** What is tried of an invariant. */
interface About {
  readonly permission: CompiledPermission
  readonly relation: Relation
  readonly withAcl: boolean
  readonly holders: Holders
}

function tryOnly(search: Search, proving: Proving, about: About): void {
  const { compiled, roleCases, work } = proving
  const { permission, holders } = about
  if (search.isRefusedToAll(permission)) return
  const outside = firstOfEach(roleCases, permission, ({ role }) => !holders.roles.has(role.name))
  for (const kinds of kindsToBelongTo(about))
    for (const roleSet of roleSetsOutside(outside, kinds, work, canBelongTwice(about)))
      search.tryRoleSet(roleSet, permission, undefined)
  for (const name of compiled.systemSubjects.keys())
    if (!holders.systems.has(name)) search.trySystem(name, permission)
}

function tryAlways(search: Search, proving: Proving, about: About): void {
  const { compiled, roleCases, work } = proving
  const { permission, holders, withAcl } = about
  const distinct = firstOfEach(roleCases, permission, () => true)
  const canBeRefusedTwice = withAcl && requiredFor(permission) !== undefined
  for (const holder of holdersAmong(compiled, roleCases.alike(permission), holders.roles))
    for (const roleSet of roleSetsWith(holder, distinct, ownKinds(about.relation), work, canBeRefusedTwice))
      search.tryRoleSet(roleSet, permission, holder)
  for (const name of compiled.systemSubjects.keys())
    if (holders.systems.has(name)) search.trySystem(name, permission)
}

/** Those of the relation, and where entries of ACLs count for members only, an organization beside. */
function kindsToBelongTo(about: About): string[][] {
  const kinds = ownKinds(about.relation)
  return countsMembersOnly(about) && !kinds.includes('org') ? [kinds, ['org', ...kinds]] : [kinds]
}

function countsMembersOnly({ permission: { definition }, withAcl }: About): boolean {
  return withAcl && definition.acl && definition.sharing.members
}

/**
 * Whether one role of an organization can give what an entry requires everywhere, and itself deny in its own alone: then
 * the entry counts in another one.
 */
function canBelongTwice(about: About): boolean {
  const { permission } = about
  const { overridesDeny } = permission.definition.sharing
  return countsMembersOnly(about) && !overridesDeny && requiredFor(permission) !== undefined
}

/** The kinds of places to which the subject has to belong for the relation to cover an object. */
function ownKinds(relation: Relation): string[] {
  return [
    ...(relation.org === 'own' ? ['org'] : []),
    ...Object.entries(relation.containers).flatMap(([kind, place]) => (place === 'own' ? [kind] : []))
  ]
}

/**
 * The holders to try an `always` on. Of holders with equal votes and conditions that are held in the same place and
 * whose requests need the same settings, the first is enough: the role sets of the others are decided alike and no
 * smaller.
 */
function holdersAmong(
  { context }: CompiledPolicy,
  groups: readonly AlikeRoleCases[],
  roles: ReadonlySet<string>
): RoleCase[] {
  const needsOf = ({ reads }: RoleCase['role']): string =>
    reads.filter((name) => context.orgOptions.get(name)?.default === undefined).join('\n')
  return groups
    .flatMap(({ roleCases }) => {
      const first = new Map<string, (typeof roleCases)[number]>()
      for (const one of roleCases) {
        const { role } = one.roleCase
        if (!roles.has(role.name)) continue
        const key = JSON.stringify([role.place ?? null, needsOf(role)])
        if (!first.has(key)) first.set(key, one)
      }
      return [...first.values()]
    })
    .sort((a, b) => a.position - b.position)
    .map(({ roleCase }) => roleCase)
}
