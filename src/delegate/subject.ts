// A subject of the full package: its decisions, and what it may hand on to others. The runtime package has the
// decisions alone.
import { DecidingSubject } from '../decide/subject.js'
import { narrow } from '../decide/narrow.js'
import type { CeilingInput } from '../types.js'
import { assignableRoles } from './assign.js'

export class DelegatingSubject extends DecidingSubject {
  override within(ceiling: CeilingInput): DelegatingSubject {
    return new DelegatingSubject(narrow(this, ceiling))
  }

  assignableRoles(org?: string): readonly string[] {
    return assignableRoles(this, org)
  }
}
