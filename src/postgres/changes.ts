// Changes of roles and assignments: each is asked of the subject that makes it, while the lock of all changes is held, so
// that what is asked and what is written are one state. Whoever gives away more than they hold is refused.
import { compiledOf } from '../compile/compile.js'
import type { PlaceInput } from '../delegate/place.js'
import type { CustomRoleOf } from '../document/index.js'
import type { RoleDocument } from '../document/types.js'
import { RequestError } from '../errors.js'
import type { Policy, Subject } from '../policy/types/index.js'
import { shapeError } from '../problems/request-problems.js'
import type { StoreDatabase, StoredName } from './database.js'
import type { Follower } from './follower.js'
import { storable, storableJson } from './names.js'
import { describeRole, placeGiven, storedPlace } from './place.js'
import { pruneRole } from './prune.js'
import { problemOf, type RoleState } from './state.js'
import { StoreError, type ChangeDecision } from './store-error.js'
import type { Subjects } from './subjects.js'

/** A custom role to be written. */
export interface RoleToSave<Document = CustomRoleOf<Policy>> {
  /** Where it is held: an organization's id, `{ org, project }`, or nothing for the site. */
  readonly place?: PlaceInput
  /** Its name there. */
  readonly name: string
  /** What it is to be; `null` removes it. */
  readonly document: Document | null
}

/** A role to be given. */
export interface RoleToAssign {
  /** Who gets it, by id. */
  readonly user: string
  /** The role's name. */
  readonly role: string
  /** Where: an organization's id, `{ org, project }`, or nothing for the site. */
  readonly place?: PlaceInput
  /** When it ends by the database's clock; a date of the years 1 to 9999. Default: never. */
  readonly expiresAt?: Date | null | undefined
}

/** A role to be taken away. */
export type RoleToUnassign = Omit<RoleToAssign, 'expiresAt'>

export class Changes<Tx> {
  readonly #database: StoreDatabase<Tx>
  readonly #follower: Follower<Tx>
  readonly #subjects: Subjects<Tx>

  constructor(database: StoreDatabase<Tx>, follower: Follower<Tx>, subjects: Subjects<Tx>) {
    this.#database = database
    this.#follower = follower
    this.#subjects = subjects
  }

  async save(tx: Tx, given: Subject, { place, name, document }: RoleToSave): Promise<number> {
    const { state, subject: editor } = await this.#begin(tx, given)
    const role = this.#nameOf(state, place, name)
    const old = await this.#oldRole(tx, state, role)
    if (document === null) return this.#remove(tx, { state, editor, place, role, old })
    const added = state.policy.withRoles({ [name]: document }, placeGiven(role))
    const decision =
      old === undefined ? editor.explainGrant(document, place) : editor.explainReplace(old, document, place)
    refuse(decision, `change ${describeRole(role)}`)
    const written = added.roles.get(name, role.id, role.kind)?.document
    if (written === undefined) throw new TypeError('a role was added that is not there')
    return this.#database.writeRole(tx, role, storableJson(['document'], written), byOf(editor))
  }

  async #remove(
    tx: Tx,
    change: {
      readonly state: RoleState
      readonly editor: Subject
      readonly place: PlaceInput
      readonly role: StoredName
      readonly old: RoleDocument | undefined
    }
  ): Promise<number> {
    const { editor, place, role, old } = change
    if (old === undefined) {
      const message = `name: there is no custom ${describeRole(role).slice('the '.length)}`
      throw new RequestError('unknown_role', message, { path: 'name', value: role.name })
    }
    refuse(editor.explainReplace(old, { kind: role.kind }, place), `remove ${describeRole(role)}`)
    if (await this.#database.isHeld(tx, role))
      throw new StoreError('role_in_use', `${describeRole(role)} is held`, { value: role.name })
    return this.#database.writeRole(tx, role, null, byOf(editor))
  }

  async assign(tx: Tx, given: Subject, assignment: RoleToAssign): Promise<void> {
    const { user, role: name, place, expiresAt = null } = assignment
    if (expiresAt !== null && !isStorableDate(expiresAt))
      throw shapeError(['expiresAt'], 'a date of the years 1 to 9999, or null', expiresAt)
    const { state, subject: giver } = await this.#begin(tx, given)
    storable(['user'], 'the id of a user', user)
    const role = this.#heldRole(state, place, name)
    refuse(giver.explainAssign(name, place), `give ${describeRole(role)}`)
    if (state.policy.roles.get(name, role.id, role.kind)?.kind !== role.kind)
      throw new TypeError('a role was to be stored where it is not held')
    const before = await this.#database.readAssignment(tx, user, role)
    // One that ends sooner is taken away in part.
    if (
      before !== undefined &&
      expiresAt !== null &&
      !(before.expiresAt !== null && before.expiresAt <= expiresAt)
    )
      refuse(giver.explainUnassign(name, place), `shorten ${describeRole(role)}`)
    await this.#database.writeAssignment(tx, { user, ...role, expiresAt }, byOf(giver))
  }

  async unassign(tx: Tx, given: Subject, { user, role: name, place }: RoleToUnassign): Promise<boolean> {
    const { state, subject: taker } = await this.#begin(tx, given)
    storable(['user'], 'the id of a user', user)
    const role = this.#heldRole(state, place, name)
    refuse(taker.explainUnassign(name, place), `take ${describeRole(role)} away`)
    const before = await this.#database.readAssignment(tx, user, role)
    await this.#database.deleteAssignment(tx, user, role)
    return before !== undefined
  }

  /** Takes the lock; then the state and the subject are those of the transaction. */
  async #begin(tx: Tx, given: Subject): Promise<{ readonly state: RoleState; readonly subject: Subject }> {
    // What is no subject of this policy is refused before anybody waits for it.
    this.#subjects.data(given)
    const state = await this.#follower.inside(tx, await this.#database.lock(tx))
    return { state, subject: await this.#subjects.again(given, state, tx) }
  }

  #nameOf(state: RoleState, place: PlaceInput, name: string): StoredName {
    return {
      ...storedPlace(compiledOf(state.policy), place),
      name: storable(['name'], 'the name of a role', name)
    }
  }

  /** The place in which a role is held: a site role that is asked about with a place is an error of the question. */
  #heldRole(state: RoleState, place: PlaceInput, name: string): StoredName {
    const role = this.#nameOf(state, place, name)
    const problem = problemOf(state, role)
    if (problem?.code === 'unreadable_role') throw new StoreError('unreadable_role', problem.message)
    return role
  }

  /** The role that is there, as this policy reads it. One that it cannot read can be compared with nothing. */
  async #oldRole(tx: Tx, state: RoleState, role: StoredName): Promise<RoleDocument | undefined> {
    const text = await this.#database.readRole(tx, role)
    if (text === undefined) return undefined
    const problem = problemOf(state, role)
    if (problem?.code === 'unreadable_role') throw new StoreError('unreadable_role', problem.message)
    const written: unknown = JSON.parse(text)
    const { document } =
      problem === undefined ? { document: written } : pruneRole(compiledOf(state.policy), written)
    // It is in force, so it was read as a role.
    return document as RoleDocument
  }
}

function refuse(decision: ChangeDecision, what: string): void {
  if (!decision.allowed) throw new StoreError('change_refused', `not allowed to ${what}`, { decision })
}

/** Who made a change, for the row. */
function byOf(subject: Subject): string | null {
  return subject.id === '' ? null : subject.id
}

/** Whether every database has the date: the text of other years has a sign, and is read by none. */
function isStorableDate(date: unknown): date is Date {
  return date instanceof Date && Number.isFinite(date.getTime()) && /^(?!0000)\d/.test(date.toISOString())
}
