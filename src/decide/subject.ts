// One subject's decisions. `can` is the fast path: it answers the ordinary question, which only roles decide, with a
// few lookups, without building text or allocating; about objects with containers or attributes in `placed-rows.ts`.
// Everything else that is well formed (ACLs, `anyOrg`, lists of containers) goes on to `#decide`. Malformed questions go
// to `explain`, which makes every error, so that the three cannot disagree. test/model.ts has the laws that all of them
// must follow.
import type { CompiledPermission, Permission } from '../compile/catalogue.js'
import { SIMPLE } from '../compile/row-fields.js'
import { ForbiddenError } from '../errors.js'
import { nameClass } from '../named-class.js'
import { areObjectsPolluted } from '../problems/own-fields.js'
import type { CeilingInput, Decision, ObjectRef } from '../types.js'
import { grantingEntry } from './acl.js'
import { IN_SOME_ORG, OPEN_IN_SOME_ORG, OWNED_IN_SOME_ORG, OWNED_OPEN_IN_SOME_ORG } from './any-org.js'
import { canSome } from './can-some.js'
import { isWithinAll } from './counting-orgs.js'
import { explain } from './explain.js'
import { actionsOn, canEach, filterRows, type Questions } from './many.js'
import { containersSay, rolesSay } from './roles-say.js'
import { containersOf, isFalse, isNone, noContainers, permissionOn } from './read-fields.js'
import type { ReadContainers } from '../request/object-fields.js'
import { ALLOW, PlacedRows, UNKNOWN } from './placed-rows.js'
import { narrow } from '../request/narrow.js'
import { type HeldIn, type SubjectState, subjectState } from '../request/state.js'
import {
  canBeInOrg,
  canBeOutside,
  MEMBER_ALLOW,
  memberVote,
  ORG_DENY,
  orgVote,
  SITE_DENY,
  siteVote,
  USER_ALLOW,
  userVote
} from '../levels.js'

const noForms = new Uint16Array(0)

/**
 * Its state cannot be assigned and is not shown when printed. A subject, its methods and its class are frozen: code
 * that holds a subject cannot replace an answer or make another subject from it.
 */
export class DecidingSubject {
  static {
    nameClass(this, 'Subject')
  }

  /**
   * The state of a real subject; `undefined` for an object that inherits from one, imitates one or is a proxy of one.
   */
  static stateIn(value: unknown): SubjectState | undefined {
    return typeof value === 'object' && value !== null && #state in value ? value.#state : undefined
  }

  /** The number of the permission that is meant, whatever the attributes; -1 where action and type are not both known. */
  static numberOf(subject: DecidingSubject, action: string | Permission, object: ObjectRef): number {
    return subject.#numberOf(action, object)
  }

  /** `can` of a question whose number is known, for a class that counts by it. */
  static answer(
    subject: DecidingSubject,
    index: number,
    action: string | Permission,
    object: ObjectRef
  ): boolean {
    return subject.#answer(index, action, object)
  }

  readonly #state: SubjectState
  // Copied from the state because every decision reads them: one load instead of several.
  readonly #id: string
  readonly #orgs: HeldIn
  readonly #permissions: readonly CompiledPermission[]
  readonly #given: readonly Permission[]
  readonly #rows: ReadonlyMap<string, number>
  readonly #columns: ReadonlyMap<string, number>
  readonly #cells: Int32Array
  readonly #forms: Uint16Array
  readonly #siteTable: Uint8Array
  readonly #hasCeiling: boolean
  /** Made by the first question that is not about a simple object. */
  #placed: PlacedRows | undefined

  constructor(state: SubjectState) {
    const { permissions, given, grid } = state.compiled.catalogue
    const { rows, columns, cells, forms } = grid
    this.#state = Object.freeze(state)
    this.#id = state.id
    this.#orgs = state.orgs
    this.#permissions = permissions
    this.#given = given
    this.#rows = rows
    this.#columns = columns
    this.#cells = cells
    // A strict policy looks at every field of an object, so no question is answered quickly.
    this.#forms = state.compiled.isStrict ? noForms : forms
    this.#siteTable = state.site.table
    this.#hasCeiling = state.ceilings.length > 0
    this.#placed = undefined
    // All its fields are private, so this freezes it. A class that extends it does this after adding its own fields.
    if (new.target === DecidingSubject) Object.preventExtensions(this)
  }

  get id(): string {
    return this.#id
  }

  get [subjectState](): SubjectState {
    return this.#state
  }

  can(action: string | Permission, object: ObjectRef): boolean {
    return this.#answer(this.#numberOf(action, object), action, object)
  }

  #answer(index: number, action: string | Permission, object: ObjectRef): boolean {
    if (index < 0 || areObjectsPolluted()) return explain(this.#state, action, object).allowed
    const { org, owner, anyOrg, acl } = object
    const hasOrg = typeof org === 'string' && org !== ''
    if (!isFalse(anyOrg) || (!hasOrg && !isNone(org)) || (typeof owner !== 'string' && !isNone(owner)))
      return this.#decide(index, action, object)
    const form = this.#forms[index] ?? 0
    const place = hasOrg ? org : undefined
    if (acl !== undefined && acl !== null) return this.#canShared(index, form, place, owner, action, object)
    if (this.#hasCeiling) return this.#canWithin(index, form, place, owner, action, object)
    if (form === SIMPLE) return this.#rolesAllow(index, place, owner)
    const answer = this.#placedRows().answer(index, form, place, owner, object)
    return answer === UNKNOWN ? this.#decide(index, action, object) : answer === ALLOW
  }

  /** The number of the permission that is meant, or -1 where action and type are not both known. */
  #numberOf(action: string | Permission | null | undefined, object: ObjectRef | null | undefined): number {
    const type = object?.type
    if (type === undefined || action === null || action === undefined) return -1
    if (typeof action !== 'string') {
      const { index } = action
      const permission = this.#permissions[index]
      const given = this.#given[index]
      // Also the compiled permission itself: proofs ask with it. The object says which attributes it has, so the number
      // is that of the first combination, as it is of a permission that callers get.
      const isKnown = given === action || permission === action
      return isKnown && permission?.resource === type ? (given?.index ?? -1) : -1
    }
    const row = this.#rows.get(type)
    const column = this.#columns.get(action)
    if (row === undefined || column === undefined) return -1
    return this.#cells[row * this.#columns.size + column] ?? -1
  }

  #placedRows(): PlacedRows {
    return (this.#placed ??= new PlacedRows(this.#state, this.#state.compiled.catalogue))
  }

  /** `can` of an object with an ACL, where nothing but roles and the ACL decides. */
  #canShared(
    index: number,
    form: number,
    org: string | undefined,
    owner: string | null | undefined,
    action: string | Permission,
    object: ObjectRef
  ): boolean {
    const permission = this.#permissions[index]
    if (form !== SIMPLE || this.#hasCeiling || permission?.definition.acl !== true)
      return this.#decide(index, action, object)
    if (this.#rolesAllow(index, org, owner)) return true
    const isOwner = typeof owner === 'string' && owner !== '' && owner === this.#id
    const asked = { acl: object.acl, org, anyOrg: false, containers: noContainers, isOwner }
    return grantingEntry(this.#state, permission, asked) !== undefined
  }

  /** `can` of a subject with ceilings, where nothing but roles and ceilings decides. */
  #canWithin(
    first: number,
    form: number,
    org: string | undefined,
    owner: string | null | undefined,
    action: string | Permission,
    object: ObjectRef
  ): boolean {
    const { id } = object
    const permission = this.#permissions[first]
    if (form !== SIMPLE || permission === undefined || (typeof id !== 'string' && !isNone(id)))
      return this.#decide(first, action, object)
    return (
      this.#rolesAllow(first, org, owner) &&
      isWithinAll(this.#state.ceilings, permission, id ?? undefined, org, false)
    )
  }

  /** `can` for every well-formed question. */
  #decide(index: number, action: string | Permission, object: ObjectRef): boolean {
    const first = this.#permissions[index]
    const { id, org, owner, anyOrg, acl } = object
    const hasOrg = typeof org === 'string' && org !== ''
    const asksAny = anyOrg === true
    const hasAcl = acl !== undefined && acl !== null
    const permission = first && permissionOn(first, object)
    const containers =
      permission && containersOf(permission, this.#state.compiled.catalogue.containers, object)
    if (
      permission === undefined ||
      containers === undefined ||
      (!hasOrg && !isNone(org)) ||
      (typeof owner !== 'string' && !isNone(owner)) ||
      (!asksAny && !isFalse(anyOrg)) ||
      (hasOrg && asksAny) ||
      !(hasOrg || asksAny
        ? canBeInOrg(permission.definition.org)
        : canBeOutside(permission.definition.org)) ||
      (hasAcl && !permission.definition.acl) ||
      (this.#hasCeiling && typeof id !== 'string' && !isNone(id)) ||
      this.#state.compiled.isStrict
    )
      return explain(this.#state, action, object).allowed
    const place = hasOrg ? org : undefined
    const isOwner = typeof owner === 'string' && owner !== '' && owner === this.#id
    const isAllowed = asksAny
      ? this.#someOrgAllows(permission.index, containers, isOwner)
      : containers.length === 0
        ? this.#rolesAllow(permission.index, place, owner)
        : rolesSay(this.#state, permission.index, place, containers, isOwner) === 'allow'
    return (
      (isAllowed ||
        (hasAcl &&
          grantingEntry(this.#state, permission, {
            acl,
            org: place,
            anyOrg: asksAny,
            containers,
            isOwner
          }) !== undefined)) &&
      (!this.#hasCeiling || isWithinAll(this.#state.ceilings, permission, id ?? undefined, place, asksAny))
    )
  }

  /**
   * The vote of the first level that does not abstain; reads one byte of a table per place. Compares owners last: two
   * texts from different places have to be compared character by character.
   */
  #rolesAllow(index: number, org: string | undefined, owner: string | null | undefined): boolean {
    const site = this.#siteTable[index] ?? 0
    if ((site & siteVote) !== 0) return (site & SITE_DENY) === 0
    if (org === undefined) return (site & userVote) === USER_ALLOW && owner === this.#id
    const held = this.#orgs.get(org)
    if (held === undefined) return false
    const roleTable = held.table[index] ?? 0
    if ((roleTable & orgVote) !== 0) return (roleTable & ORG_DENY) === 0
    return (roleTable & memberVote) === MEMBER_ALLOW && owner === this.#id
  }

  /** The same for `anyOrg`: the site decides, or any one organization allows, or leaves it to containers that do. */
  #someOrgAllows(index: number, containers: ReadContainers, isOwner: boolean): boolean {
    const site = this.#siteTable[index] ?? 0
    if ((site & siteVote) !== 0) return (site & SITE_DENY) === 0
    const some = this.#placedRows().inSomeOrg(this.#state)[index] ?? 0
    if ((some & IN_SOME_ORG) !== 0 || (isOwner && (some & OWNED_IN_SOME_ORG) !== 0)) return true
    return (
      containers.length > 0 &&
      (some & (isOwner ? OWNED_OPEN_IN_SOME_ORG : OPEN_IN_SOME_ORG)) !== 0 &&
      containersSay(this.#state.containers, index, containers, isOwner) === 'allow'
    )
  }

  authorize(action: string | Permission, object: ObjectRef): void {
    if (!this.can(action, object)) throw new ForbiddenError(explain(this.#state, action, object))
  }

  explain(action: string | Permission, object: ObjectRef): Decision {
    return explain(this.#state, action, object)
  }

  actionsOn(object: ObjectRef): string[] {
    return actionsOn(this, this.#state, object)
  }

  filter<T>(action: string | Permission, rows: readonly T[], toObject?: (row: T) => ObjectRef): T[] {
    return filterRows(this, this.#state, action, rows, toObject)
  }

  canEach<K extends string>(questions: Questions<K>): Readonly<Record<K, boolean>> {
    return canEach(this, questions)
  }

  canSome(action: string, type: string, fields: Partial<ObjectRef> = {}): boolean {
    // A class that extends this one may write down what is asked; these questions are our own.
    return canSome(
      (asked) => DecidingSubject.prototype.can.call(this, action, asked),
      this.#state,
      action,
      type,
      fields
    )
  }

  within(ceiling: CeilingInput): DecidingSubject {
    return new DecidingSubject(narrow(this.#state, ceiling))
  }
}
