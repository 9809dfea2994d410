// A subject whose decisions are written down. Every answer is the one that the subject that it extends gives, before
// anything is written.
import type { Permission } from '../compile/catalogue.js'
import type { PlaceInput } from '../delegate/place.js'
import { DelegatingSubject } from '../delegate/subject.js'
import type { AssignDecision } from '../delegate/types.js'
import { nameClass } from '../named-class.js'
import { stateOf, type SubjectState } from '../request/state.js'
import type { CeilingInput, Decision, ObjectRef } from '../types.js'
import type { KeyCell, Notes } from './notes.js'

export class RecordingSubject extends DelegatingSubject {
  static {
    nameClass(this, 'Subject')
  }

  readonly #notes: Notes
  readonly #cell: KeyCell = { key: '', round: -1 }

  constructor(state: SubjectState, notes: Notes) {
    super(state)
    this.#notes = notes
    Object.preventExtensions(this)
  }

  /** Whether it is a subject whose decisions these notes write. */
  static isOf(subject: object, notes: Notes): boolean {
    return #notes in subject && subject.#notes === notes
  }

  override can(action: string | Permission, object: ObjectRef): boolean {
    const number = DelegatingSubject.numberOf(this, action, object)
    // A permission of an equal policy, or an error.
    if (number < 0) return this.explain(action, object).allowed
    const isAllowed = DelegatingSubject.answer(this, number, action, object)
    if (!isAllowed || this.#notes.takes(number))
      this.#notes.write(this, this.#cell, number, object, isAllowed)
    return isAllowed
  }

  override explain(action: string | Permission, object: ObjectRef): Decision {
    const decision = super.explain(action, object)
    this.#note(decision)
    return decision
  }

  override within(ceiling: CeilingInput): RecordingSubject {
    return new RecordingSubject(stateOf(super.within(ceiling)), this.#notes)
  }

  override explainAssign(role: string, place?: PlaceInput): AssignDecision {
    return this.#noteAssign(super.explainAssign(role, place))
  }

  override explainUnassign(role: string, place?: PlaceInput): AssignDecision {
    return this.#noteAssign(super.explainUnassign(role, place))
  }

  #noteAssign(decision: AssignDecision): AssignDecision {
    if (decision.permission !== undefined) this.#note(decision.permission)
    return decision
  }

  #note({ action, object, allowed }: Decision): void {
    const number = DelegatingSubject.numberOf(this, action, object)
    if (!allowed || this.#notes.takes(number)) this.#notes.write(this, this.#cell, number, object, allowed)
  }
}
