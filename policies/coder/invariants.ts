// What must stay true whatever roles, settings and scopes come together; each is proved, not tried on examples.
// `only`: whoever is allowed it holds one of these. `always`: whoever holds one of these is allowed it.
// `own` and `other` without an organization mean objects outside any; `own org` is one that the subject belongs to, so
// that no service is ever meant by it; `acl: false` leaves out what was shared by name.

/** Every resource, for keys: what one is not for it does not do. */
const everything = [
  'workspace:*',
  'workspace_dormant:*',
  'prebuilt_workspace:*',
  'workspace_agent_devcontainers:*',
  'workspace_agent_resource_monitor:*',
  'workspace_proxy:*',
  'tailnet_coordinator:*',
  'task:*',
  'template:*',
  'file:*',
  'provisioner_daemon:*',
  'provisioner_jobs:*',
  'user:*',
  'user_secret:*',
  'user_skill:*',
  'api_key:*',
  'oauth2_app:*',
  'oauth2_app_secret:*',
  'oauth2_app_code_token:*',
  'organization:*',
  'organization_member:*',
  'group:*',
  'group_member:*',
  'assign_role:*',
  'assign_org_role:*',
  'idpsync_settings:*',
  'inbox_notification:*',
  'notification_message:*',
  'notification_preference:*',
  'notification_template:*',
  'webpush_subscription:*',
  'chat:*',
  'ai_provider:*',
  'ai_model_price:*',
  'ai_seat:*',
  'aibridge_interception:*',
  'audit_log:*',
  'connection_log:*',
  'boundary_log:*',
  'boundary_usage:*',
  'usage_event:*',
  'deployment_config:*',
  'deployment_stats:*',
  'debug_info:*',
  'license:*',
  'crypto_key:*',
  'replicas:*',
  'system:*'
] as const

/** One permission that an owner has of each resource but accounts, whatever the settings. */
const ofOwners = [
  'workspace:read',
  'workspace_dormant:read',
  'prebuilt_workspace:update',
  'workspace_agent_devcontainers:create',
  'workspace_agent_resource_monitor:read',
  'workspace_proxy:read',
  'tailnet_coordinator:read',
  'task:read',
  'template:read',
  'file:read',
  'provisioner_daemon:read',
  'provisioner_jobs:read',
  'user_skill:read',
  'api_key:read',
  'oauth2_app:read',
  'oauth2_app_secret:read',
  'oauth2_app_code_token:read',
  'organization:read',
  'organization_member:read',
  'group:read',
  'group_member:read',
  'assign_role:read',
  'assign_org_role:read',
  'idpsync_settings:read',
  'inbox_notification:read',
  'notification_message:read',
  'notification_preference:read',
  'notification_template:read',
  'webpush_subscription:read',
  'chat:read',
  'ai_provider:read',
  'ai_model_price:read',
  'aibridge_interception:read',
  'audit_log:read',
  'connection_log:read',
  'boundary_log:read',
  'deployment_config:read',
  'deployment_stats:read',
  'debug_info:read',
  'license:read',
  'crypto_key:read',
  'replicas:read',
  'system:read'
] as const

/** What an owner lacks of the rest, a member has of what is theirs in the organization. */
const ofMembers = ['user_secret:read', 'ai_seat:read', 'boundary_usage:read', 'usage_event:read'] as const

function allBut(...left: readonly (typeof everything)[number][]): (typeof everything)[number][] {
  return everything.filter((name) => !left.includes(name))
}

export const invariants = [
  // Boundary logs: written by their owner's agents, read by those who watch, deleted by age.
  {
    name: 'only DB purge deletes boundary logs',
    permissions: ['boundary_log:delete'],
    only: ['system:dbpurge']
  },
  {
    name: 'DB purge can delete every boundary log',
    permissions: ['boundary_log:delete'],
    always: ['system:dbpurge']
  },
  {
    name: "nobody writes a boundary log in another's name",
    permissions: ['boundary_log:create'],
    relation: 'other',
    only: []
  },
  {
    name: 'nobody writes a boundary log inside an organization of theirs',
    permissions: ['boundary_log:create'],
    relation: 'own org',
    only: []
  },
  {
    name: 'nobody writes a boundary log inside a foreign organization',
    permissions: ['boundary_log:create'],
    relation: 'other org',
    only: []
  },
  {
    name: 'every member can write their own boundary logs',
    permissions: ['boundary_log:create'],
    relation: 'own',
    always: ['member']
  },
  {
    name: 'boundary logs are read by owners, auditors and the system alone',
    permissions: ['boundary_log:read'],
    only: ['owner', 'auditor', 'system:system']
  },
  {
    name: 'owners and auditors can read every boundary log',
    permissions: ['boundary_log:read'],
    always: ['owner', 'auditor']
  },
  {
    name: 'an agent never reads or deletes boundary logs, whoever its owner is',
    permissions: ['boundary_log:read', 'boundary_log:delete'],
    scope: 'workspace_agent',
    only: []
  },
  {
    name: 'boundary usage is counted and cleared by its tracker alone',
    permissions: ['boundary_usage:update', 'boundary_usage:delete'],
    relation: 'other',
    only: ['system:boundary-usage-tracker']
  },

  // What is private.
  {
    name: "outside organizations another's secret is read by the system alone",
    permissions: ['user_secret:read'],
    relation: 'other',
    only: ['system:system']
  },
  {
    name: 'in a foreign organization a secret is read by the system alone',
    permissions: ['user_secret:read'],
    relation: 'other org',
    only: ['system:system']
  },
  {
    name: "outside organizations nobody stores, replaces or deletes another's secret",
    permissions: ['user_secret:create', 'user_secret:update', 'user_secret:delete'],
    relation: 'other',
    only: []
  },
  {
    name: "in one's own organization another's secret is out of reach, for its admins too",
    permissions: ['user_secret:*'],
    relation: 'other, own org',
    only: []
  },
  {
    name: 'in a foreign organization nobody stores, replaces or deletes a secret',
    permissions: ['user_secret:create', 'user_secret:update', 'user_secret:delete'],
    relation: 'other org',
    only: []
  },
  {
    name: "outside organizations nobody writes another's skill, not even an owner",
    permissions: ['user_skill:create', 'user_skill:update'],
    relation: 'other',
    only: []
  },
  {
    name: "in one's own organization only admins follow a conversation that was not shared",
    permissions: ['chat:read'],
    relation: 'other, own org',
    acl: false,
    only: ['owner', 'organization-admin']
  },
  {
    name: 'a key without user data reaches no account',
    permissions: ['user:*'],
    scope: 'no_user_data',
    only: []
  },

  // Workspaces.
  {
    name: "an organization admin does not enter another's workspace that was not shared",
    description:
      'Nor does anybody else in the organization: the site owner may, unless ownerWorkspaceExec is off.',
    permissions: ['workspace:ssh', 'workspace:application_connect'],
    relation: 'other, own org',
    acl: false,
    only: ['owner']
  },
  {
    name: 'no service opens the applications of a workspace',
    permissions: ['workspace:application_connect'],
    relation: 'other org',
    acl: false,
    only: ['owner']
  },
  {
    name: 'nobody enters, starts or shares a workspace that sleeps',
    permissions: [
      'workspace_dormant:ssh',
      'workspace_dormant:application_connect',
      'workspace_dormant:start',
      'workspace_dormant:share'
    ],
    only: []
  },
  {
    name: 'an unclaimed prebuilt workspace is for admins of templates and organizations',
    permissions: ['prebuilt_workspace:*'],
    only: [
      'owner',
      'template-admin',
      'organization-admin',
      'organization-template-admin',
      'system:prebuilds-orchestrator'
    ]
  },
  {
    name: 'a key for applications opens no terminal',
    permissions: ['workspace:ssh'],
    scope: 'coder:application_connect',
    only: []
  },

  // Keys: each does what it is for and nothing else, whoever its owner is. What it does with the resources that are left
  // out here is in expectations.md, action by action.
  {
    name: 'a key for applications does nothing beside workspaces',
    permissions: allBut('workspace:*'),
    scope: 'coder:application_connect',
    only: []
  },
  {
    name: 'a key that creates workspaces does nothing beside',
    permissions: allBut('workspace:*', 'template:*', 'organization_member:*'),
    scope: 'coder:workspaces.create',
    only: []
  },
  {
    name: 'a key that operates workspaces does nothing beside',
    permissions: allBut('workspace:*', 'template:*', 'organization_member:*'),
    scope: 'coder:workspaces.operate',
    only: []
  },
  {
    name: 'a key that enters workspaces does nothing beside',
    permissions: allBut('workspace:*', 'template:*', 'organization_member:*'),
    scope: 'coder:workspaces.access',
    only: []
  },
  {
    name: 'a key that deletes workspaces does nothing beside',
    permissions: allBut('workspace:*', 'template:*', 'organization_member:*'),
    scope: 'coder:workspaces.delete',
    only: []
  },
  {
    name: 'a key that builds templates does nothing beside',
    permissions: allBut('template:*', 'file:*', 'provisioner_jobs:*'),
    scope: 'coder:templates.build',
    only: []
  },
  {
    name: 'a key that authors templates does nothing beside',
    permissions: allBut('template:*', 'file:*'),
    scope: 'coder:templates.author',
    only: []
  },
  {
    name: 'a key that manages keys does nothing beside',
    permissions: allBut('api_key:*'),
    scope: 'coder:apikeys.manage_self',
    only: []
  },
  {
    name: 'a key for everything takes nothing from an owner',
    permissions: [...ofOwners, 'user:read'],
    scope: 'coder:all',
    always: ['owner']
  },
  {
    name: 'a key for everything takes nothing from a member',
    permissions: ofMembers,
    relation: 'own, own org',
    scope: 'coder:all',
    always: ['organization-member']
  },
  {
    name: 'a key without user data takes nothing but accounts from an owner',
    permissions: ofOwners,
    scope: 'no_user_data',
    always: ['owner']
  },
  {
    name: 'a key without user data takes nothing but accounts from a member',
    permissions: ofMembers,
    relation: 'own, own org',
    scope: 'no_user_data',
    always: ['organization-member']
  },

  // Power over others.
  {
    name: 'roles of the whole deployment are given by those named here alone',
    permissions: ['assign_role:assign', 'assign_role:unassign'],
    relation: 'other',
    only: ['owner', 'user-admin', 'system:system', 'system:scim']
  },
  {
    name: 'an organization admin gives no role of the whole deployment',
    permissions: ['assign_role:assign', 'assign_role:unassign'],
    relation: 'other, own org',
    only: ['owner', 'user-admin']
  },
  {
    name: 'accounts outside organizations are closed by those named here alone',
    permissions: ['user:delete'],
    relation: 'no org',
    only: ['owner', 'user-admin', 'system:system']
  },
  {
    name: 'owners and auditors can read the whole audit log',
    permissions: ['audit_log:read'],
    always: ['owner', 'auditor']
  },
  {
    name: 'seats are counted by services alone',
    permissions: ['ai_seat:create'],
    relation: 'other',
    only: ['system:provisionerd', 'system:aibridged']
  },
  {
    name: 'roles that reach everybody are made by owners alone',
    assigns: ['owner', 'auditor', 'user-admin', 'template-admin'],
    only: ['owner', 'system:system']
  },
  {
    name: 'roles that reach a whole organization are made by its admins and by owners',
    assigns: [
      'organization-admin',
      'organization-auditor',
      'organization-user-admin',
      'organization-template-admin',
      'organization-workspace-creation-ban'
    ],
    only: ['owner', 'organization-admin', 'system:system']
  }
] as const
