// Policies for examples of delegation: every kind of entry in `assigns`, and every kind of role to be reached.
import type { PolicyData } from '../../src/index.js'

/** Who may give which role, with no permission needed besides. */
export const base = {
  name: 'delegation',
  resources: {
    doc: { actions: { read: '', write: '' } },
    site_role: { org: 'never', actions: { assign: '', unassign: '' } },
    org_role: { org: 'required', actions: { assign: '', unassign: '' } }
  },
  roles: {
    boss: { kind: 'site', assigns: ['*'] },
    clerk: { kind: 'site', assigns: ['reader', 'chief', 'internal'] },
    registrar: { kind: 'site', assigns: ['custom:site'] },
    founder: { kind: 'site', assigns: ['custom:org'] },
    reader: { kind: 'site', grants: { site: { allow: { doc: ['read'] } } }, assignable: true },
    internal: { kind: 'site', assignable: false },
    chief: { kind: 'org', assigns: ['*'] },
    warden: { kind: 'org', assigns: ['worker', 'reader'] },
    envoy: { kind: 'org', grants: { site: { allow: { doc: ['read'] } } }, assigns: ['*'] },
    worker: { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } },
    robot: { kind: 'org', assignable: false }
  },
  systemSubjects: { signup: { assigns: ['worker'] }, purge: {} }
} satisfies PolicyData

/** The same where a permission is needed besides, and roles that hold it. */
export const needing = {
  ...base,
  roles: {
    ...base.roles,
    assigner: {
      kind: 'org',
      grants: { org: { allow: { org_role: ['assign'] } } },
      assigns: ['worker']
    },
    unassigner: {
      kind: 'org',
      grants: { org: { allow: { org_role: ['unassign'] } } },
      assigns: ['worker']
    },
    owner_of_one: {
      kind: 'org',
      grants: { orgMember: { allow: { org_role: ['assign'] } } },
      assigns: ['worker']
    },
    site_assigner: {
      kind: 'site',
      grants: { site: { allow: { site_role: ['assign'] } } },
      assigns: ['reader', 'worker']
    }
  },
  assignPermissions: { site: 'site_role:assign', org: 'org_role:assign' },
  unassignPermissions: { site: 'site_role:unassign', org: 'org_role:unassign' }
} satisfies PolicyData
