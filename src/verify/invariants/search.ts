// The search for the smallest counterexample of an invariant about permissions. A counterexample is turned into a
// request and asked again, so that none is printed that the policy does not show.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { isWithinSomewhere } from '../../decide/ceilings.js'
import { DecidingSubject } from '../../decide/subject.js'
import type { Relation } from '../../document/relation.js'
import { stateOf, systemState } from '../../request/state.js'
import type { ObjectRef } from '../../types.js'
import type { ScopeCase, ScopeCases } from '../space/ceilings.js'
import { relationClasses } from '../space/classes.js'
import { isAbout } from '../space/relations.js'
import { subjectOf, type Counterexample, type SubjectData } from '../space/requests.js'
import type { RoleCase, RoleCases } from '../space/role-cases.js'
import { placeKey, type HeldPlace, type RoleSet } from '../space/role-set.js'
import { underOptions, type Values } from '../space/settings.js'
import { dataOf, deviationsOf, optionsOf, subjectWith, votesKey } from './role-set.js'
import type { Work } from './work.js'

/** What all invariants of one policy are proved with. */
export interface Proving {
  readonly compiled: CompiledPolicy
  readonly roleCases: RoleCases
  readonly work: Work
}

/** The size of a counterexample: roles, options not at their default, fields of the object. */
export type Size = readonly [roles: number, deviations: number, fields: number]

/** Keeps the smallest of what is found; of equal ones the first. */
export class Smallest<T> {
  #found: { readonly size: Size; readonly make: () => T } | undefined

  /** The smallest one, made now. */
  get(): T | undefined {
    return this.#found?.make()
  }

  isSmaller(size: Size): boolean {
    if (this.#found === undefined) return true
    for (const [index, part] of size.entries()) {
      const least = this.#found.size[index] ?? 0
      if (part !== least) return part < least
    }
    return false
  }

  note(size: Size, make: () => T): void {
    if (this.isSmaller(size)) this.#found = { size, make }
  }
}

export interface SearchSettings {
  readonly relation: Relation
  readonly cases: ScopeCases
  /** The answer that refutes the invariant. */
  readonly refuting: boolean
  /** Whether objects may have an ACL. */
  readonly withAcl: boolean
}

export class Search {
  readonly #proving: Proving
  readonly #settings: SearchSettings
  readonly #smallest = new Smallest<Counterexample>()
  #decisions = 0
  #asked: CompiledPermission | undefined
  /** The refuting object, if any, by the votes of a set of roles on the permission that is asked about. */
  readonly #cached = new Map<string, ObjectRef | undefined>()

  constructor(proving: Proving, settings: SearchSettings) {
    this.#proving = proving
    this.#settings = settings
  }

  /** The smallest request that refutes the invariant, and how many decisions were looked at. */
  result(): { readonly counterexample: Counterexample | undefined; readonly decisions: number } {
    return { counterexample: this.#smallest.get(), decisions: this.#decisions }
  }

  /**
   * Whether no ceiling of the invariant lets a permission through on any object, so that there is nothing to try. False
   * before the first decision, which shows that the invariant covers some subject and object.
   */
  isRefusedToAll(permission: CompiledPermission): boolean {
    return (
      this.#decisions > 0 &&
      this.#settings.cases.about(permission).every(({ ceilings }) => !isWithinSomewhere(ceilings, permission))
    )
  }

  /** Tries a set of roles; `holder` is the one that an `always` is about. */
  tryRoleSet(roleSet: RoleSet<RoleCase>, permission: CompiledPermission, holder: RoleCase | undefined): void {
    const { compiled, work } = this.#proving
    work.spend()
    if (!this.#smallest.isSmaller([roleSet.length, 0, 0])) return
    const held = roleSet.find(({ roleCase }) => roleCase === holder)?.place
    const votes = `${placeKey(held)} ${votesKey(roleSet, permission)}`
    for (const [index, scope] of this.#settings.cases.about(permission).entries()) {
      const object = this.#remember(permission, `${index} ${votes}`, () =>
        this.#refutation(subjectWith(compiled, roleSet, scope), permission, held)
      )
      if (object !== undefined) this.#noteRoleSet(roleSet, scope, permission, object)
    }
  }

  /** Tries a system subject; it counts as one role. It is skipped under a scope, since it cannot have one. */
  trySystem(name: string, permission: CompiledPermission): void {
    const { compiled } = this.#proving
    const system = compiled.systemSubjects.get(name)
    if (system === undefined || this.#settings.cases.scope !== undefined) return
    if (!this.#smallest.isSmaller([1, 0, 0])) return
    const object = this.#refutation(new DecidingSubject(systemState(compiled, system)), permission, undefined)
    if (object === undefined) return
    this.#smallest.note([1, 0, fieldCount(object)], () =>
      askAgain(compiled, { system: name }, {}, permission, object)
    )
  }

  #noteRoleSet(
    roleSet: RoleSet<RoleCase>,
    scope: ScopeCase,
    permission: CompiledPermission,
    object: ObjectRef
  ): void {
    const { compiled } = this.#proving
    const size: Size = [roleSet.length, deviationsOf(compiled, roleSet), fieldCount(object)]
    this.#smallest.note(size, () =>
      askAgain(compiled, dataOf(compiled, roleSet, scope), optionsOf(roleSet), permission, object)
    )
  }

  /** The object with the fewest fields on which the subject gets the refuting answer. */
  #refutation(
    subject: DecidingSubject,
    permission: CompiledPermission,
    held: HeldPlace | undefined
  ): ObjectRef | undefined {
    const { relation, refuting, withAcl } = this.#settings
    for (const one of relationClasses(stateOf(subject), permission, { acl: withAcl })) {
      if (!isAbout(relation, one) || !isWhereHeld(relation, held, one)) continue
      this.#decisions++
      if (subject.can(permission, one.object) === refuting) return one.object
    }
    return undefined
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
}

/**
 * For a role that an `always` names, `own org` is the organization, and `own project` the project, in which that role
 * is held.
 */
function isWhereHeld(
  relation: Relation,
  held: HeldPlace | undefined,
  { orgs, object }: { readonly orgs: readonly string[]; readonly object: ObjectRef }
): boolean {
  if (held === undefined) return true
  if (held.kind === 'org') return relation.org !== 'own' || orgs.includes(held.id)
  if (!Object.hasOwn(relation.containers, held.kind) || relation.containers[held.kind] !== 'own') return true
  const fields: Readonly<Record<string, unknown>> = { ...object }
  return [fields[held.kind]].flat().includes(held.id)
}

function fieldCount(object: ObjectRef): number {
  return Object.keys(object).length
}

/** The counterexample as a request, answered by the policy compiled under its options. */
export function askAgain(
  compiled: CompiledPolicy,
  subject: SubjectData,
  options: Values,
  { action }: CompiledPermission,
  object: ObjectRef
): Counterexample {
  const under = underOptions(compiled, options)
  const decision = subjectOf(under, subject).explain(action, object)
  return { request: { subject, action, object }, options: Object.fromEntries(under.options), decision }
}
