// A subject of the full package: its decisions, and what it may pass on to others. The runtime package has only the
// decisions. Each `can…` returns the answer of its `explain…`, so that the two cannot disagree.
import { narrow } from '../request/narrow.js'
import { DecidingSubject } from '../decide/subject.js'
import { type SubjectState, subjectState } from '../request/state.js'
import type { RoleDocument } from '../document/types.js'
import { nameClass } from '../named-class.js'
import type { Acl, CeilingInput, ObjectRef } from '../types.js'
import { assignableRoles, explainAssign } from './assign.js'
import { explainGrant, explainReplace } from './grant.js'
import { explainMint, type MintDecision } from './mint.js'
import type { PlaceInput } from './place.js'
import { explainShare } from './share.js'
import type { AssignDecision, GrantDecision, ShareDecision } from './types.js'

export class DelegatingSubject extends DecidingSubject {
  static {
    nameClass(this, 'Subject')
  }

  constructor(state: SubjectState) {
    super(state)
    if (new.target === DelegatingSubject) Object.preventExtensions(this)
  }

  override within(ceiling: CeilingInput): DelegatingSubject {
    return new DelegatingSubject(narrow(this[subjectState], ceiling))
  }

  assignableRoles(place?: PlaceInput): readonly string[] {
    return assignableRoles(this[subjectState], place)
  }

  canAssign(role: string, place?: PlaceInput): boolean {
    return this.explainAssign(role, place).allowed
  }

  explainAssign(role: string, place?: PlaceInput): AssignDecision {
    return explainAssign(this[subjectState], 'assignPermissions', role, place)
  }

  canUnassign(role: string, place?: PlaceInput): boolean {
    return this.explainUnassign(role, place).allowed
  }

  explainUnassign(role: string, place?: PlaceInput): AssignDecision {
    return explainAssign(this[subjectState], 'unassignPermissions', role, place)
  }

  canGrant(role: RoleDocument, place?: PlaceInput): boolean {
    return this.explainGrant(role, place).allowed
  }

  explainGrant(role: RoleDocument, place?: PlaceInput): GrantDecision {
    return explainGrant(this[subjectState], role, place)
  }

  canReplace(oldRole: RoleDocument, newRole: RoleDocument, place?: PlaceInput): boolean {
    return this.explainReplace(oldRole, newRole, place).allowed
  }

  explainReplace(oldRole: RoleDocument, newRole: RoleDocument, place?: PlaceInput): GrantDecision {
    return explainReplace(this[subjectState], oldRole, newRole, place)
  }

  canShare(object: ObjectRef, acl: Acl): boolean {
    return this.explainShare(object, acl).allowed
  }

  explainShare(object: ObjectRef, acl: Acl): ShareDecision {
    return explainShare(this[subjectState], object, acl)
  }

  canMint(key: CeilingInput): boolean {
    return this.explainMint(key).allowed
  }

  explainMint(key: CeilingInput): MintDecision {
    return explainMint(this[subjectState], key)
  }
}
