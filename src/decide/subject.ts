// One subject's decisions. `can` is the path that speed is measured on: a few lookups, no text built, nothing
// allocated. It answers only well-formed questions; anything else goes to `explain`, which owns every error, so the
// two cannot disagree about what is malformed. The laws are in test/model.ts, and both must agree with it.
import type { CompiledPermission, CompiledResource, Permission } from '../compile/catalogue.js'
import type { Ceiling } from '../compile/ceiling.js'
import type { CompiledPolicy, CompiledSystemSubject } from '../compile/compile.js'
import type { Ballot } from '../compile/roles.js'
import {
  MEMBER_ALLOW,
  MEMBER_DENY,
  ORG_ALLOW,
  ORG_DENY,
  SITE_ALLOW,
  SITE_DENY,
  USER_ALLOW,
  USER_DENY,
  type Union
} from '../compile/tables.js'
import { decidedState } from '../compiled-form.js'
import { ForbiddenError } from '../errors.js'
import type { CeilingInput, Decision, ObjectRef } from '../types.js'
import { grantingEntry } from './acl.js'
import { IN_SOME_ORG, OWNED_IN_SOME_ORG, uniteOrgs } from './any-org.js'
import { canSome } from './can-some.js'
import { isWithin } from './ceilings.js'
import { explain } from './explain.js'
import { actionsOn, canEach, filterRows, type Questions } from './many.js'
import { narrow } from './narrow.js'
import type { SubjectState } from './state.js'

const siteVote = SITE_ALLOW | SITE_DENY
const orgVote = ORG_ALLOW | ORG_DENY
const memberVote = MEMBER_ALLOW | MEMBER_DENY
const userVote = USER_ALLOW | USER_DENY

export class DecidingSubject implements SubjectState {
  readonly engine: CompiledPolicy
  readonly id: string
  readonly system: CompiledSystemSubject | undefined
  readonly site: Union<Ballot>
  readonly orgs: ReadonlyMap<string, Union<Ballot>>
  readonly groups: ReadonlySet<string>
  readonly ceilings: readonly Ceiling[]
  // Read by every decision, so one load away.
  readonly #resources: ReadonlyMap<string, CompiledResource>
  readonly #permissions: readonly CompiledPermission[]
  readonly #siteTable: Uint8Array
  /** Made by the first question that asks `anyOrg`. */
  #someOrg: Uint8Array | undefined

  constructor(state: SubjectState) {
    this.engine = state.engine
    this.id = state.id
    this.system = state.system
    this.site = state.site
    this.orgs = state.orgs
    this.groups = state.groups
    this.ceilings = state.ceilings
    this.#resources = state.engine.catalogue.resources
    this.#permissions = state.engine.catalogue.permissions
    this.#siteTable = state.site.table
    this.#someOrg = undefined
  }

  can(action: string | Permission, object: ObjectRef): boolean {
    const permission = this.#permissionFor(action, object)
    if (permission === undefined) return explain(this, action, object).allowed
    const { org, owner, anyOrg, acl } = object
    const resource = permission.of
    const hasOrg = typeof org === 'string' && org !== ''
    const asksAny = anyOrg === true
    const hasAcl = acl !== undefined && acl !== null
    if (
      (!hasOrg && !isNone(org)) ||
      (typeof owner !== 'string' && !isNone(owner)) ||
      (!asksAny && anyOrg !== undefined && anyOrg !== false && anyOrg !== null) ||
      (hasOrg && asksAny) ||
      (resource.org !== 'optional' && (resource.org === 'required') !== (hasOrg || asksAny)) ||
      (hasAcl && !resource.acl) ||
      (this.ceilings.length > 0 && typeof object.id !== 'string' && !isNone(object.id))
    )
      return explain(this, action, object).allowed
    return (
      (this.#rolesAllow(permission.index, hasOrg ? org : undefined, asksAny, owner === this.id) ||
        (hasAcl &&
          grantingEntry(this, acl, permission.action, hasOrg ? org : undefined, asksAny) !== undefined)) &&
      (this.ceilings.length === 0 || isWithin(this.ceilings, permission, object.id ?? undefined))
    )
  }

  /** The permission that is meant, where action and type are both known; else `undefined`. */
  #permissionFor(
    action: string | Permission | null | undefined,
    object: ObjectRef | null | undefined
  ): CompiledPermission | undefined {
    const type = object?.type
    if (typeof action === 'string')
      return type === undefined ? undefined : this.#resources.get(type)?.actions.get(action)
    if (action === null || action === undefined) return undefined
    const permission = this.#permissions[action.index]
    return permission === action && permission.resource === type ? permission : undefined
  }

  /** The vote of the first level that does not abstain; one byte of a table for each place asked. */
  #rolesAllow(index: number, org: string | undefined, asksAny: boolean, isOwner: boolean): boolean {
    const site = this.#siteTable[index] ?? 0
    if ((site & siteVote) !== 0) return (site & SITE_DENY) === 0
    if (org !== undefined) {
      const held = this.orgs.get(org)
      if (held === undefined) return false
      const ballot = held.table[index] ?? 0
      if ((ballot & orgVote) !== 0) return (ballot & ORG_DENY) === 0
      return (ballot & memberVote) === MEMBER_ALLOW && isOwner
    }
    if (!asksAny) return (site & userVote) === USER_ALLOW && isOwner
    const some = (this.#someOrg ??= uniteOrgs(this))[index] ?? 0
    return (some & IN_SOME_ORG) !== 0 || (isOwner && (some & OWNED_IN_SOME_ORG) !== 0)
  }

  get [decidedState](): SubjectState {
    return this
  }

  authorize(action: string | Permission, object: ObjectRef): void {
    if (!this.can(action, object)) throw new ForbiddenError(explain(this, action, object))
  }

  explain(action: string | Permission, object: ObjectRef): Decision {
    return explain(this, action, object)
  }

  actionsOn(object: ObjectRef): string[] {
    return actionsOn(this, object)
  }

  filter<T>(action: string | Permission, rows: readonly T[], toObject?: (row: T) => ObjectRef): T[] {
    return filterRows(this, action, rows, toObject)
  }

  canEach<K extends string>(questions: Questions<K>): Readonly<Record<K, boolean>> {
    return canEach(this, questions)
  }

  canSome(action: string, type: string): boolean {
    return canSome(this, action, type)
  }

  within(ceiling: CeilingInput): DecidingSubject {
    return new DecidingSubject(narrow(this, ceiling))
  }
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
