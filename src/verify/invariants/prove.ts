// Proves or refutes one invariant: it is tried on every set of roles that can refute it (space/role-sets.ts says why
// those are enough) and every class of objects, with the real decisions. A counterexample is turned into a request and
// asked again, so that none is printed that the policy does not show.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { isWithinSomewhere } from '../../decide/ceilings.js'
import { DecidingSubject } from '../../decide/subject.js'
import { systemState, stateOf } from '../../request/state.js'
import type { InvariantDocument } from '../../document/types.js'
import type { Relation } from '../../document/relation.js'
import type { ObjectRef } from '../../types.js'
import { relationClasses } from '../space/classes.js'
import { everyObject, isAbout, vocabularyOf } from '../space/relations.js'
import { subjectOf, type Counterexample, type SubjectData } from '../space/requests.js'
import { underOptions, type Values } from '../space/settings.js'
import { relationNamed } from '../space/who-can.js'
import { type AlikeRoleCases, type RoleCase, type RoleCases } from '../space/role-cases.js'
import type { RoleSet } from '../space/role-set.js'
import { ScopeCases } from '../space/ceilings.js'
import { readHolders, readPermissions, type Holders } from './read.js'
import { dataOf, deviationsOf, optionsOf, subjectWith, votesKey } from './role-set.js'
import { roleSetsOutside, roleSetsWith } from './role-sets.js'
import { Work } from './work.js'
import { quoteValue } from '../../problems/quote.js'

/** What all invariants of one policy are proved with. */
export interface Proving {
  readonly compiled: CompiledPolicy
  readonly roleCases: RoleCases
  readonly work: Work
}

export interface Proof {
  /** The smallest request that refutes the invariant; none where it is proved. */
  readonly counterexample: Counterexample | undefined
  /** How many decisions the proof looked at: 0 if the invariant covers no subject and object. */
  readonly decisions: number
}

/** `work` is shared by what is proved in one go. */
export function prepare(compiled: CompiledPolicy, roleCases: RoleCases, work: Work = new Work()): Proving {
  return { compiled, roleCases, work }
}

/**
 * Proves an invariant of the policy's document or refutes it.
 *
 * @throws RequestError for a name that the policy does not have; CasemateError `too_many_cases`.
 */
export function proveInvariant(proving: Proving, invariant: InvariantDocument): Proof {
  const { compiled, work } = proving
  work.about = `invariant ${quoteValue(invariant.name)}`
  const relation = invariant.relation === undefined
      ? everyObject
      : relationNamed(invariant.relation, vocabularyOf(compiled.catalogue))
  const cases = new ScopeCases(compiled, invariant.scope)
  const isAlways = invariant.always !== undefined
  const holders = readHolders(compiled, invariant.always ?? invariant.only ?? [])
  const search = new Search(proving, relation, cases, !isAlways, !isAlways && invariant.acl !== false)
  for (const permission of readPermissions(compiled, invariant.permissions)) {
    if (isAlways) tryAlways(search, proving, permission, holders)
    else tryOnly(search, proving, permission, holders)
  }
  return search.result()
}

function tryOnly(
  search: Search,
  { compiled, roleCases, work }: Proving,
  permission: CompiledPermission,
  holders: Holders
): void {
  if (search.isRefusedToAll(permission)) return
  const outside = firstOfEach(roleCases, permission, ({ role }) => !holders.roles.has(role.name))
  for (const roleSet of roleSetsOutside(outside, search.isAboutOwnOrg, work))
    search.tryRoleSet(roleSet, permission, undefined)
  for (const name of compiled.systemSubjects.keys())
    if (!holders.systems.has(name)) search.trySystem(name, permission)
}

function tryAlways(
  search: Search,
  { compiled, roleCases, work }: Proving,
  permission: CompiledPermission,
  holders: Holders
): void {
  const distinct = firstOfEach(roleCases, permission, () => true)
  for (const holder of holdersAmong(compiled, roleCases.alike(permission), holders.roles))
    for (const roleSet of roleSetsWith(holder, distinct, search.isAboutOwnOrg, work))
      search.tryRoleSet(roleSet, permission, holder)
  for (const name of compiled.systemSubjects.keys())
    if (holders.systems.has(name)) search.trySystem(name, permission)
}

/** The first role case of each group of equal ones that `isMeant` accepts; in the order of the roles. */
function firstOfEach(
  roleCases: RoleCases,
  permission: CompiledPermission,
  isMeant: (roleCase: RoleCase) => boolean
): RoleCase[] {
  return roleCases
    .alike(permission)
    .flatMap(({ roleCases: group }) => group.find(({ roleCase }) => isMeant(roleCase)) ?? [])
    .sort((a, b) => a.position - b.position)
    .map(({ roleCase }) => roleCase)
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

/** The size of a counterexample: roles, options not at their default, fields of the object. */
type Size = readonly [roles: number, deviations: number, fields: number]

interface Found {
  readonly size: Size
  readonly counterexample: () => Counterexample
}

class Search {
  readonly isAboutOwnOrg: boolean
  readonly #proving: Proving
  readonly #relation: Relation
  readonly #cases: ScopeCases
  /** The answer that refutes the invariant. */
  readonly #refuting: boolean
  readonly #withAcl: boolean
  #found: Found | undefined
  #decisions = 0
  #asked: CompiledPermission | undefined
  /** The refuting object, if any, by the votes of a set of roles on the permission that is asked about. */
  readonly #cached = new Map<string, ObjectRef | undefined>()

  constructor(proving: Proving, relation: Relation, cases: ScopeCases, refuting: boolean, withAcl: boolean) {
    this.#proving = proving
    this.#relation = relation
    this.#cases = cases
    this.#refuting = refuting
    this.#withAcl = withAcl
    this.isAboutOwnOrg = relation.org === 'own' || relation.org === 'any'
  }

  result(): Proof {
    return { counterexample: this.#found?.counterexample(), decisions: this.#decisions }
  }

  /**
   * Whether no ceiling of the invariant lets a permission through on any object, so that there is nothing to try. False
   * before the first decision, which shows that the invariant covers some subject and object.
   */
  isRefusedToAll(permission: CompiledPermission): boolean {
    return (
      this.#decisions > 0 &&
      this.#cases.about(permission).every(({ ceilings }) => !isWithinSomewhere(ceilings, permission))
    )
  }

  /** Tries a set of roles; `holder` is the one that an `always` is about. */
  tryRoleSet(roleSet: RoleSet<RoleCase>, permission: CompiledPermission, holder: RoleCase | undefined): void {
    const { compiled, work } = this.#proving
    work.spend()
    if (!this.#isSmaller([roleSet.length, 0, 0])) return
    const place = roleSet.find(({ roleCase }) => roleCase === holder)?.place
    const held = place?.kind === 'org' ? place.id : undefined
    const votes = `${held ?? ''} ${votesKey(roleSet, permission)}`
    for (const [index, scope] of this.#cases.about(permission).entries()) {
      const object = this.#remember(permission, `${index} ${votes}`, () =>
        this.#refutation(subjectWith(compiled, roleSet, scope), permission, held)
      )
      if (object === undefined) continue
      const data = (): SubjectData => dataOf(compiled, roleSet, scope)
      this.#note(object, permission, data, optionsOf(roleSet), [
        roleSet.length,
        deviationsOf(compiled, roleSet)
      ])
    }
  }

  /** Tries a system subject; it counts as one role. It is skipped under a scope, since it cannot have one. */
  trySystem(name: string, permission: CompiledPermission): void {
    const { compiled } = this.#proving
    const system = compiled.systemSubjects.get(name)
    if (system === undefined || this.#cases.scope !== undefined) return
    if (!this.#isSmaller([1, 0, 0])) return
    const object = this.#refutation(new DecidingSubject(systemState(compiled, system)), permission, undefined)
    this.#note(object, permission, () => ({ system: name }), {}, [1, 0])
  }

  /** The object with the fewest fields on which the subject gets the refuting answer. */
  #refutation(
    subject: DecidingSubject,
    permission: CompiledPermission,
    held: string | undefined
  ): ObjectRef | undefined {
    for (const one of relationClasses(stateOf(subject), permission, { acl: this.#withAcl })) {
      if (!isAbout(this.#relation, one)) continue
      if (this.#relation.org === 'own' && held !== undefined && !one.orgs.includes(held)) continue
      this.#decisions++
      if (subject.can(permission, one.object) === this.#refuting) return one.object
    }
    return undefined
  }

  #note(
    object: ObjectRef | undefined,
    permission: CompiledPermission,
    data: () => SubjectData,
    options: Values,
    [roles, deviations]: readonly [number, number]
  ): void {
    if (object === undefined) return
    const size: Size = [roles, deviations, Object.keys(object).length]
    if (!this.#isSmaller(size)) return
    const { compiled } = this.#proving
    this.#found = { size, counterexample: () => askAgain(compiled, data(), options, permission, object) }
  }

  #remember(
    permission: CompiledPermission,
    key: string,
    find: () => ObjectRef | undefined
  ): ObjectRef | undefined {
    if (this.#asked !== permission) this.#cached.clear()
    this.#asked = permission
    if (this.#cached.has(key)) return this.#cached.get(key)
    const object = find()
    this.#cached.set(key, object)
    return object
  }

  #isSmaller(size: Size): boolean {
    if (this.#found === undefined) return true
    for (const [index, part] of size.entries()) {
      const least = this.#found.size[index] ?? 0
      if (part !== least) return part < least
    }
    return false
  }
}

/** The counterexample as a request, answered by the policy compiled under its options. */
function askAgain(
  compiled: CompiledPolicy,
  subject: SubjectData,
  options: Values,
  { action }: CompiledPermission,
  object: Counterexample['request']['object']
): Counterexample {
  const under = underOptions(compiled, options)
  const decision = subjectOf(under, subject).explain(action, object)
  return { request: { subject, action, object }, options: Object.fromEntries(under.options), decision }
}
