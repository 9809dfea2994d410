// Roles held everywhere. `site` grants reach every object, `user` grants what the holder owns outside any organization.
// In an allow a resource's own line replaces the wildcard: `[]` takes the resource out of it.

export const siteRoles = {
  owner: {
    title: 'Owner',
    kind: 'site',
    description: 'Runs the deployment: everything, but for private things and what only services write.',
    grants: {
      site: {
        allow: {
          '*': '*',
          // Written by services alone.
          ai_seat: [],
          boundary_usage: [],
          usage_event: [],
          boundary_log: ['read'],
          // Private to the people they belong to.
          user_secret: [],
          user_skill: ['read', 'delete'],
          // What is asleep may be woken or destroyed, not entered, started or shared.
          workspace_dormant: [
            'create',
            'read',
            'update',
            'delete',
            'stop',
            'create_agent',
            'update_agent',
            'delete_agent'
          ],
          prebuilt_workspace: ['update', 'delete']
        }
      }
    },
    variants: [
      {
        when: { ownerWorkspaceExec: false },
        grants: { site: { allow: { workspace: { except: ['ssh', 'application_connect'] } } } }
      }
    ],
    assigns: ['*']
  },

  auditor: {
    title: 'Auditor',
    kind: 'site',
    description: 'Reads every record that the deployment keeps, and changes nothing.',
    grants: {
      site: {
        allow: {
          audit_log: ['read'],
          boundary_log: ['read'],
          connection_log: ['read'],
          aibridge_interception: ['read'],
          deployment_config: ['read'],
          deployment_stats: ['read'],
          organization: ['read'],
          organization_member: ['read'],
          user: ['read'],
          group: ['read'],
          group_member: ['read'],
          assign_org_role: ['read'],
          template: ['read', 'view_insights']
        }
      }
    }
  },

  'template-admin': {
    title: 'Template admin',
    kind: 'site',
    description: 'Looks after the templates of every organization, and the workers that build from them.',
    grants: {
      site: {
        allow: {
          template: ['create', 'read', 'update', 'delete', 'use', 'view_insights'],
          file: ['create', 'read'],
          provisioner_daemon: ['create', 'read', 'update', 'delete'],
          prebuilt_workspace: ['update', 'delete'],
          workspace: ['read'],
          workspace_dormant: ['read'],
          organization: ['read'],
          organization_member: ['read'],
          user: ['read'],
          group: ['read'],
          group_member: ['read'],
          assign_org_role: ['read']
        }
      }
    }
  },

  'user-admin': {
    title: 'User admin',
    kind: 'site',
    description: 'Looks after accounts, memberships, groups and who holds which role.',
    grants: {
      site: {
        allow: {
          user: ['create', 'read', 'update', 'delete', 'read_personal', 'update_personal'],
          organization: ['read'],
          organization_member: ['create', 'read', 'update', 'delete'],
          group: ['create', 'read', 'update', 'delete'],
          group_member: ['read'],
          assign_role: ['read', 'assign', 'unassign'],
          assign_org_role: ['read', 'assign', 'unassign'],
          idpsync_settings: ['read', 'update']
        }
      }
    },
    assigns: ['member', 'organization-member', 'agents-access']
  },

  member: {
    title: 'Member',
    kind: 'site',
    description: 'What everybody with an account has: their own things, outside any organization.',
    grants: {
      site: {
        allow: {
          assign_role: ['read'],
          oauth2_app: ['read'],
          workspace_proxy: ['read']
        }
      },
      user: {
        allow: {
          '*': '*',
          user: ['read', 'read_personal', 'update_personal'],
          boundary_log: ['create'],
          aibridge_interception: ['create', 'update'],
          // These live in organizations, whose own roles speak for them.
          workspace: [],
          workspace_dormant: [],
          prebuilt_workspace: [],
          organization_member: [],
          chat: [],
          // Written by services alone.
          ai_seat: [],
          boundary_usage: []
        }
      }
    },
    variants: [
      { when: { workspaceSharing: false }, grants: { site: { deny: { workspace: ['share'] } } } },
      { when: { chatSharing: false }, grants: { site: { deny: { chat: ['share'] } } } }
    ]
  }
} as const
