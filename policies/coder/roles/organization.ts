// Roles held in one organization. `org` grants reach all of its objects, `orgMember` grants those that the holder owns
// there; a `site` grant reaches everywhere all the same.
// In an allow a resource's own line replaces the wildcard: `[]` takes the resource out of it.

/** What may be done with a workspace that sleeps: all but entering, starting and sharing it. */
const dormantWorkspace = [
  'create',
  'read',
  'update',
  'delete',
  'stop',
  'create_agent',
  'update_agent',
  'delete_agent'
] as const

/** What a member, person or service, does with what they own in the organization. */
const ownThings = {
  '*': '*',
  workspace_dormant: dormantWorkspace,
  organization_member: ['read'],
  aibridge_interception: ['create', 'update'],
  // Not theirs by membership alone: `member` gives the first two outside any organization, `agents-access` chats.
  user: [],
  boundary_log: [],
  chat: [],
  prebuilt_workspace: []
} as const

export const organizationRoles = {
  'organization-admin': {
    title: 'Organization admin',
    kind: 'org',
    description:
      'Runs one organization: everything in it, but for entering workspaces and for private things.',
    grants: {
      site: { allow: { user: ['read'] } },
      org: {
        allow: {
          '*': '*',
          workspace: [
            'create',
            'read',
            'update',
            'delete',
            'start',
            'stop',
            'create_agent',
            'update_agent',
            'delete_agent',
            'share'
          ],
          workspace_dormant: dormantWorkspace,
          prebuilt_workspace: ['update', 'delete'],
          user_secret: [],
          // Roles of the whole deployment.
          assign_role: [],
          // Written by services alone, and read by those who watch over the deployment.
          ai_seat: [],
          boundary_log: [],
          boundary_usage: []
        }
      }
    },
    assigns: [
      'organization-admin',
      'organization-auditor',
      'organization-user-admin',
      'organization-template-admin',
      'organization-workspace-creation-ban',
      'organization-member',
      'agents-access',
      'custom:org'
    ]
  },

  'organization-auditor': {
    title: 'Organization auditor',
    kind: 'org',
    description: 'Reads the records of one organization, and changes nothing.',
    grants: {
      org: {
        allow: {
          audit_log: ['read'],
          connection_log: ['read'],
          organization: ['read'],
          organization_member: ['read'],
          group: ['read'],
          group_member: ['read'],
          template: ['read', 'view_insights']
        }
      }
    }
  },

  'organization-user-admin': {
    title: 'Organization user admin',
    kind: 'org',
    description: 'Looks after the members, groups and roles of one organization.',
    grants: {
      site: { allow: { user: ['read'] } },
      org: {
        allow: {
          organization: ['read'],
          organization_member: ['create', 'read', 'update', 'delete'],
          group: ['create', 'read', 'update', 'delete'],
          group_member: ['read'],
          assign_org_role: ['read', 'assign', 'unassign'],
          idpsync_settings: ['read', 'update']
        }
      }
    },
    assigns: ['organization-member', 'agents-access']
  },

  'organization-template-admin': {
    title: 'Organization template admin',
    kind: 'org',
    description: 'Looks after the templates of one organization, and the workers that build from them.',
    grants: {
      org: {
        allow: {
          template: ['create', 'read', 'update', 'delete', 'use', 'view_insights'],
          file: ['create', 'read'],
          provisioner_daemon: ['create', 'read', 'update', 'delete'],
          provisioner_jobs: ['create', 'read', 'update'],
          prebuilt_workspace: ['update', 'delete'],
          workspace: ['read'],
          workspace_dormant: ['read'],
          organization: ['read'],
          organization_member: ['read'],
          group: ['read'],
          group_member: ['read']
        }
      }
    }
  },

  'organization-member': {
    title: 'Organization member',
    kind: 'org',
    description:
      'A person who works in the organization: their own things in it, and a view of who else is there.',
    grants: {
      org: {
        allow: {
          organization: ['read'],
          organization_member: ['read'],
          group: ['read'],
          assign_org_role: ['read'],
          provisioner_daemon: ['read']
        }
      },
      orgMember: { allow: ownThings }
    },
    variants: [
      {
        // Without sharing there is no need to see with whom one could share.
        when: { shareableWorkspaceOwners: 'none' },
        grants: {
          org: { allow: { organization_member: [], group: [] }, deny: { workspace: ['share'] } },
          orgMember: { deny: { workspace: ['share'] } }
        }
      },
      {
        when: { shareableWorkspaceOwners: 'service_accounts' },
        grants: {
          org: { allow: { group: [] } },
          orgMember: { deny: { workspace: ['share'] } }
        }
      }
    ]
  },

  'organization-service-account': {
    title: 'Service account',
    kind: 'org',
    description:
      'A program that works in the organization as a member does; it may share where people may not.',
    grants: {
      org: {
        allow: {
          organization: ['read'],
          organization_member: ['read'],
          group: ['read'],
          assign_org_role: ['read'],
          provisioner_daemon: ['read']
        }
      },
      orgMember: { allow: ownThings }
    },
    variants: [
      {
        when: { shareableWorkspaceOwners: 'none' },
        grants: {
          org: { allow: { organization_member: [], group: [] }, deny: { workspace: ['share'] } }
        }
      }
    ],
    assignable: false
  },

  'organization-workspace-creation-ban': {
    title: 'Workspace creation ban',
    kind: 'org',
    description: 'Takes from its holder the making and unmaking of workspaces in one organization.',
    grants: {
      org: { deny: { workspace: ['create', 'delete', 'create_agent', 'delete_agent'] } }
    }
  },

  'agents-access': {
    title: 'Assistants',
    kind: 'org',
    description: 'Lets a member converse with the assistants in one organization.',
    grants: {
      orgMember: { allow: { chat: ['create', 'read', 'update', 'share'] } }
    }
  },

  subagentapi: {
    title: 'Sub-agent API',
    kind: 'org',
    description: 'The service that adds and removes agents in a workspace on behalf of its owner.',
    grants: {
      orgMember: {
        allow: { workspace: ['read', 'update', 'create_agent', 'update_agent', 'delete_agent'] }
      }
    },
    assignable: false
  }
} as const
