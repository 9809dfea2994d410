// The policy that `casemate init` writes, the same in each format: small, but with two levels, a delegation, a service
// and useful invariants. A test loads the three texts and compares them.

/** What a policy can be written in. */
export type PolicyFormat = 'ts' | 'yaml' | 'json'

export const policyFormats: readonly PolicyFormat[] = ['ts', 'yaml', 'json']

const asTypeScript = `// Who may do what. policy.md says it in tables, and \`casemate test\` proves that both say the same.
import { definePolicy } from 'casemate'

export default definePolicy({
  name: 'projects',

  // What there is, and what can be done with it. Everything here belongs to an organization.
  resources: {
    project: {
      description: 'What people of an organization work on.',
      org: 'required',
      actions: {
        create: 'begin a project',
        read: 'look at it',
        update: 'work on it',
        delete: 'throw it away'
      }
    },
    audit_log: {
      description: 'The record of who did what in an organization.',
      org: 'required',
      actions: { create: 'write an entry', read: 'read the entries' }
    }
  },

  // Who may do it. \`org\` grants reach everything in the organization where the role is held, \`orgMember\` grants what
  // the holder owns there.
  roles: {
    owner: {
      title: 'Owner',
      kind: 'org',
      description: 'Runs an organization: every project in it, and who holds which role.',
      grants: {
        org: { allow: { project: '*', audit_log: ['read'] } }
      },
      assigns: ['owner', 'member', 'auditor']
    },
    member: {
      title: 'Member',
      kind: 'org',
      description: 'Sees every project of an organization, begins new ones and works on their own.',
      grants: {
        org: { allow: { project: ['create', 'read'] } },
        orgMember: { allow: { project: ['update', 'delete'] } }
      }
    },
    auditor: {
      title: 'Auditor',
      kind: 'org',
      description: 'Reads everything in an organization, and changes nothing.',
      grants: {
        org: { allow: { project: ['read'], audit_log: ['read'] } }
      }
    }
  },

  // Services of your own: nobody can be given one.
  systemSubjects: {
    recorder: {
      title: 'Recorder',
      description: 'Writes the audit log, for every organization.',
      grants: { site: { allow: { audit_log: ['create'] } } }
    }
  },

  // What must stay true whatever changes above. It is proved, for every set of roles and every object.
  invariants: [
    {
      name: 'only the recorder writes the audit log',
      permissions: ['audit_log:create'],
      only: ['system:recorder']
    },
    {
      name: 'no role reaches into another organization',
      permissions: ['project:*', 'audit_log:*'],
      relation: 'other org',
      only: ['system:recorder']
    },
    {
      name: 'an owner can always clean up',
      permissions: ['project:delete'],
      relation: 'own org',
      always: ['owner']
    }
  ]
})
`

const asYaml = `# Who may do what. policy.md says it in tables, and \`casemate test\` proves that both say the same.
name: projects

# What there is, and what can be done with it. Everything here belongs to an organization.
resources:
  project:
    description: What people of an organization work on.
    org: required
    actions:
      create: begin a project
      read: look at it
      update: work on it
      delete: throw it away
  audit_log:
    description: The record of who did what in an organization.
    org: required
    actions:
      create: write an entry
      read: read the entries

# Who may do it. \`org\` grants reach everything in the organization where the role is held, \`orgMember\` grants what the
# holder owns there.
roles:
  owner:
    title: Owner
    kind: org
    description: 'Runs an organization: every project in it, and who holds which role.'
    grants:
      org: { allow: { project: '*', audit_log: [read] } }
    assigns: [owner, member, auditor]
  member:
    title: Member
    kind: org
    description: Sees every project of an organization, begins new ones and works on their own.
    grants:
      org: { allow: { project: [create, read] } }
      orgMember: { allow: { project: [update, delete] } }
  auditor:
    title: Auditor
    kind: org
    description: Reads everything in an organization, and changes nothing.
    grants:
      org: { allow: { project: [read], audit_log: [read] } }

# Services of your own: nobody can be given one.
systemSubjects:
  recorder:
    title: Recorder
    description: Writes the audit log, for every organization.
    grants:
      site: { allow: { audit_log: [create] } }

# What must stay true whatever changes above. It is proved, for every set of roles and every object.
invariants:
  - name: only the recorder writes the audit log
    permissions: [audit_log:create]
    only: [system:recorder]
  - name: no role reaches into another organization
    permissions: [project:*, audit_log:*]
    relation: other org
    only: [system:recorder]
  - name: an owner can always clean up
    permissions: [project:delete]
    relation: own org
    always: [owner]
`

const asJson = `{
  "name": "projects",
  "resources": {
    "project": {
      "description": "What people of an organization work on.",
      "org": "required",
      "actions": {
        "create": "begin a project",
        "read": "look at it",
        "update": "work on it",
        "delete": "throw it away"
      }
    },
    "audit_log": {
      "description": "The record of who did what in an organization.",
      "org": "required",
      "actions": { "create": "write an entry", "read": "read the entries" }
    }
  },
  "roles": {
    "owner": {
      "title": "Owner",
      "kind": "org",
      "description": "Runs an organization: every project in it, and who holds which role.",
      "grants": { "org": { "allow": { "project": "*", "audit_log": ["read"] } } },
      "assigns": ["owner", "member", "auditor"]
    },
    "member": {
      "title": "Member",
      "kind": "org",
      "description": "Sees every project of an organization, begins new ones and works on their own.",
      "grants": {
        "org": { "allow": { "project": ["create", "read"] } },
        "orgMember": { "allow": { "project": ["update", "delete"] } }
      }
    },
    "auditor": {
      "title": "Auditor",
      "kind": "org",
      "description": "Reads everything in an organization, and changes nothing.",
      "grants": { "org": { "allow": { "project": ["read"], "audit_log": ["read"] } } }
    }
  },
  "systemSubjects": {
    "recorder": {
      "title": "Recorder",
      "description": "Writes the audit log, for every organization.",
      "grants": { "site": { "allow": { "audit_log": ["create"] } } }
    }
  },
  "invariants": [
    {
      "name": "only the recorder writes the audit log",
      "permissions": ["audit_log:create"],
      "only": ["system:recorder"]
    },
    {
      "name": "no role reaches into another organization",
      "permissions": ["project:*", "audit_log:*"],
      "relation": "other org",
      "only": ["system:recorder"]
    },
    {
      "name": "an owner can always clean up",
      "permissions": ["project:delete"],
      "relation": "own org",
      "always": ["owner"]
    }
  ]
}
`

/** The text of the policy file. */
export const policyTexts: Readonly<Record<PolicyFormat, string>> = {
  ts: asTypeScript,
  yaml: asYaml,
  json: asJson
}
