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

  assignableRoles(org?: string): readonly string[] {
    return assignableRoles(this[subjectState], org)
  }

  canAssign(role: string, org?: string): boolean {
    return this.explainAssign(role, org).allowed
  }

  explainAssign(role: string, org?: string): AssignDecision {
    return explainAssign(this[subjectState], 'assignPermissions', role, org)
  }

  canUnassign(role: string, org?: string): boolean {
    return this.explainUnassign(role, org).allowed
  }

  explainUnassign(role: string, org?: string): AssignDecision {
    return explainAssign(this[subjectState], 'unassignPermissions', role, org)
  }

  canGrant(role: RoleDocument, org?: string): boolean {
    return this.explainGrant(role, org).allowed
  }

  explainGrant(role: RoleDocument, org?: string): GrantDecision {
    return explainGrant(this[subjectState], role, org)
  }

  canReplace(oldRole: RoleDocument, newRole: RoleDocument, org?: string): boolean {
    return this.explainReplace(oldRole, newRole, org).allowed
  }

  explainReplace(oldRole: RoleDocument, newRole: RoleDocument, org?: string): GrantDecision {
    return explainReplace(this[subjectState], oldRole, newRole, org)
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
