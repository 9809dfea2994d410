// Records what a run asked for and was allowed, as plain data: a recording policy writes it, JSON keeps it between
// processes, and `suggestScopes` reads it.
import type { Policy } from '../../policy/types/index.js'
import type { Permission } from '../../compile/catalogue.js'
import type { Ceiling } from '../../request/ceiling.js'
import { type CompiledPolicy, compiledOf } from '../../compile/compile.js'
import { createPolicy } from '../../policy/create.js'
import { type SubjectState, stateOf } from '../../request/state.js'
import { permissionOn } from '../../decide/read-fields.js'
import { levelsOf, meaningOf } from '../../delegate/share.js'
import type { PlaceInput } from '../../delegate/place.js'
import { DelegatingSubject } from '../../delegate/subject.js'
import type { AssignDecision, ShareDecision } from '../../delegate/types.js'
import type { Names } from '../../document/index.js'
import { nameClass } from '../../named-class.js'
import { givenFields } from '../../problems/own-fields.js'
import type { Acl, AttributeValue, CeilingInput, Decision, ObjectRef, TemplateScope } from '../../types.js'

/** Something that was asked for and allowed. */
export interface RecordedCheck {
  /** `resource:action`. */
  readonly permission: string
  /** The object's id; absent for an object without one. */
  readonly id?: string
  /** The attributes that the object had, defaults filled in; absent where its resource has none. */
  readonly attributes?: Readonly<Record<string, AttributeValue>>
  /** Asked by `canSome`, about no particular object. */
  readonly some?: true
}

/** What a run asked for. Plain data, so it can be stored as JSON. */
export interface CheckRecord {
  /** Each check once, in the order in which they were first made. */
  readonly checks: readonly RecordedCheck[]
  /** The scopes that the subjects of the run held, each once. */
  readonly scopes: readonly (string | TemplateScope)[]
}

/** A policy that records its checks. */
export interface RecordingPolicy<N extends Names = Names> {
  /** Use it in place of the original policy: it answers the same. */
  readonly policy: Policy<N>
  /** Everything that was asked and allowed so far. */
  readonly record: () => CheckRecord
}

/**
 * A policy whose subjects record what they were asked and allowed by `can`, `authorize`, `explain`, `actionsOn`,
 * `filter`, `canEach` and `canSome`, and what `canAssign`, `canUnassign`, `canShare` and their `explain…` methods ask.
 * These are the subjects that it makes, that parsing with it makes, and those of `within` and `withRoles`. Refusals are
 * not recorded, nor what is compared without a question (`canGrant`, `canMint`). The given policy does not change.
 */
export function recordChecks<N extends Names>(policy: Policy<N>): RecordingPolicy<N>
export function recordChecks(policy: Policy): RecordingPolicy {
  const notes = new Notes()
  return {
    policy: createPolicy(compiledOf(policy), (state) => new RecordingSubject(state, notes)),
    record: () => notes.toRecord()
  }
}

class Notes {
  readonly #checks = new Map<string, RecordedCheck>()
  readonly #scopes = new Map<string, string | TemplateScope>()

  add(check: RecordedCheck): void {
    const { permission, id, some, attributes } = check
    const key = JSON.stringify([permission, id, some, attributes])
    if (!this.#checks.has(key)) this.#checks.set(key, Object.freeze(check))
  }

  addScopes(ceilings: readonly Ceiling[]): void {
    for (const { scopes } of ceilings) {
      for (const { name } of scopes?.named.members ?? []) this.#scopes.set(JSON.stringify(name), name)
      for (const { template, params } of scopes?.templates ?? [])
        this.#scopes.set(JSON.stringify([template, params]), Object.freeze({ template, params }))
    }
  }

  toRecord(): CheckRecord {
    return Object.freeze({
      checks: Object.freeze([...this.#checks.values()]),
      scopes: Object.freeze([...this.#scopes.values()])
    })
  }
}

/** Every question goes through one of these methods; those about many objects call `can`. */
class RecordingSubject extends DelegatingSubject {
  static {
    nameClass(this, 'Subject')
  }

  readonly #notes: Notes

  constructor(state: SubjectState, notes: Notes) {
    super(state)
    this.#notes = notes
    notes.addScopes(state.ceilings)
    Object.preventExtensions(this)
  }

  #note(permission: string, object?: ObjectRef): void {
    const id = object?.id
    this.#notes.add({
      permission,
      ...(typeof id === 'string' && id !== '' ? { id } : {}),
      ...attributesOf(stateOf(this).compiled, object)
    })
  }

  override can(action: string | Permission, object: ObjectRef): boolean {
    const isAllowed = super.can(action, object)
    const name = typeof action === 'string' ? action : action.action
    if (isAllowed) this.#note(`${object.type}:${name}`, object)
    return isAllowed
  }

  override explain(action: string | Permission, object: ObjectRef): Decision {
    const decision = super.explain(action, object)
    if (decision.allowed) this.#note(decision.permission, decision.object)
    return decision
  }

  override canSome(action: string, type: string, fields?: Partial<ObjectRef>): boolean {
    const isAllowed = super.canSome(action, type, fields)
    if (isAllowed) {
      const attributes = this.#firstAllowed(action, type, fields)
      this.#notes.add({
        permission: `${type}:${action}`,
        ...(attributes === undefined ? {} : { attributes }),
        some: true
      })
    }
    return isAllowed
  }

  /** The attributes of the first kind of objects that lets `canSome` say yes; none for a resource without any. */
  #firstAllowed(action: string, type: string, fields: Partial<ObjectRef> = {}): RecordedCheck['attributes'] {
    const { permissions = [] } = stateOf(this).compiled.catalogue.resources.get(type) ?? {}
    const kinds = permissions.filter((one) => one.action === action && one.attributes.size > 0)
    const found = kinds
      .map(({ attributes }) => ({ ...Object.fromEntries(attributes), ...givenFields(fields) }))
      .find((one) => super.canSome(action, type, one))
    return found && attributesOf(stateOf(this).compiled, { ...found, type }).attributes
  }

  override within(ceiling: CeilingInput): RecordingSubject {
    return new RecordingSubject(stateOf(super.within(ceiling)), this.#notes)
  }

  override assignableRoles(place?: PlaceInput): readonly string[] {
    const roles = super.assignableRoles(place)
    for (const role of roles) this.explainAssign(role, place)
    return roles
  }

  override explainAssign(role: string, place?: PlaceInput): AssignDecision {
    return this.#noteAssign(super.explainAssign(role, place))
  }

  override explainUnassign(role: string, place?: PlaceInput): AssignDecision {
    return this.#noteAssign(super.explainUnassign(role, place))
  }

  #noteAssign(decision: AssignDecision): AssignDecision {
    if (decision.allowed && decision.permission !== undefined) this.#note(decision.permission.permission)
    return decision
  }

  override explainShare(object: ObjectRef, acl: Acl): ShareDecision {
    const decision = super.explainShare(object, acl)
    if (decision.allowed)
      for (const action of sharedActions(stateOf(this), object.type, acl))
        this.#note(`${object.type}:${action}`, object)
    return decision
  }
}

/** The actions that an ACL without problems gives to somebody: by name, by a level, or all of them. */
function sharedActions(state: SubjectState, type: string, acl: Acl): ReadonlySet<string> {
  const resource = state.compiled.catalogue.resources.get(type)
  const entries = [acl.users, acl.groups].flatMap((list) => Object.values(list ?? {}))
  const levels = levelsOf(state, { name: type })
  return new Set(resource && entries.flat().flatMap((word) => meaningOf(word, resource, levels)))
}

/** The attributes of an object that was decided about, as a part of its check; nothing where its resource has none. */
function attributesOf(
  { catalogue }: CompiledPolicy,
  object: ObjectRef | undefined
): Pick<RecordedCheck, 'attributes'> {
  const resource = object && catalogue.resources.get(object.type)
  const [first] = resource?.permissions ?? []
  if (object === undefined || first === undefined || first.attributes.size === 0) return {}
  const attributes = permissionOn(first, object)?.attributes ?? []
  return { attributes: Object.freeze(Object.fromEntries(attributes)) }
}
