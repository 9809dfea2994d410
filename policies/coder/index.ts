// The access policy of Coder, a platform for development environments that a company runs for its developers:
// 48 resources, its roles, services and API key scopes. Every statement in boundary_log.md, expectations.md and
// workspace_agent.ndjson is checked against this document, and every invariant is proved.
//
// It follows the platform's own model (state of May 2026) with two deliberate differences:
// 1. Grants that can never match are left out or mended. Nine in the source name an action that their resource does not
//    have, and its public scope `user.*` names nothing; here that scope is `user:*`.
// 2. The key of a workspace agent allows only `create` of boundary logs. The documented rule is that agents never read
//    them; in the source that holds for the agents of ordinary users, not for those of owners and auditors.
import { definePolicy } from 'casemate'

import { invariants } from './invariants.js'
import { lint } from './lint.js'
import { deployment } from './resources/deployment.js'
import { people } from './resources/people.js'
import { workspaces } from './resources/workspaces.js'
import { organizationRoles } from './roles/organization.js'
import { siteRoles } from './roles/site.js'
import { publicScopes, scopes, scopeTemplates } from './scopes.js'
import { systemSubjects } from './system-subjects.js'

export default definePolicy({
  name: 'coder',
  ids: 'uuid',

  // What there is, and what can be done with it.
  resources: { ...workspaces, ...people, ...deployment },

  // Settings of the deployment, fixed when the policy is compiled, and of each organization, given with the subject.
  options: {
    ownerWorkspaceExec: {
      values: [true, false],
      default: true,
      description: "Whether a site owner may enter other people's workspaces."
    },
    workspaceSharing: {
      values: [true, false],
      default: true,
      description: 'Whether people may share workspaces at all.'
    },
    chatSharing: {
      values: [true, false],
      default: true,
      description: 'Whether people may share conversations with assistants at all.'
    }
  },
  orgOptions: {
    shareableWorkspaceOwners: {
      values: ['everyone', 'none', 'service_accounts'],
      default: 'everyone',
      description: 'Whose workspaces may be shared within the organization.'
    }
  },

  // Who may do it: roles that people hold, and services that nobody can be.
  roles: { ...siteRoles, ...organizationRoles },
  systemSubjects,

  // To give or take a role one needs its name in `assigns` and this permission besides.
  assignPermissions: { site: 'assign_role:assign', org: 'assign_org_role:assign' },
  unassignPermissions: { site: 'assign_role:unassign', org: 'assign_org_role:unassign' },

  // What an API key can be limited to.
  scopes,
  publicScopes,
  defaultScopes: ['coder:all'],
  scopeTemplates,

  // What must stay true whatever changes above.
  invariants,

  // What looks like a mistake and is none.
  lint
})
