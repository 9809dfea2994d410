// What an API key may be limited to. A scope grants nothing: its holder's roles grant, the scope only narrows.
// Every `resource:action` and `resource:*` of the catalogue is a scope too, without being declared here.

export const scopes = {
  'coder:all': {
    title: 'Everything',
    description: 'Whatever the owner of the key may do.',
    allow: { '*': '*' },
    aliases: ['all'],
    public: true
  },
  'coder:application_connect': {
    title: 'Open applications',
    description: 'Only the web applications that run in workspaces.',
    allow: { workspace: ['application_connect'] },
    aliases: ['application_connect'],
    public: true
  },
  no_user_data: {
    title: 'No user data',
    description: 'Everything but accounts. For keys that the deployment makes itself; nobody can ask for it.',
    allow: { '*': '*', user: [] }
  },

  'coder:workspaces.create': {
    title: 'Create workspaces',
    description: 'Find a template, build a workspace from it and bring it up.',
    allow: {
      workspace: ['create', 'read', 'update', 'start', 'stop'],
      template: ['read', 'use'],
      organization_member: ['read']
    },
    public: true
  },
  'coder:workspaces.operate': {
    title: 'Operate workspaces',
    description: 'Start, stop and change the workspaces that there are.',
    allow: {
      workspace: ['read', 'update', 'start', 'stop'],
      template: ['read'],
      organization_member: ['read']
    },
    public: true
  },
  'coder:workspaces.access': {
    title: 'Enter workspaces',
    description: 'Terminals, tunnels and web applications of workspaces that are up.',
    allow: {
      workspace: ['read', 'ssh', 'application_connect'],
      template: ['read'],
      organization_member: ['read']
    },
    public: true
  },
  'coder:workspaces.delete': {
    title: 'Delete workspaces',
    description: 'Find workspaces and destroy them.',
    allow: {
      workspace: ['read', 'delete'],
      template: ['read', 'use'],
      organization_member: ['read']
    },
    public: true
  },
  'coder:templates.build': {
    title: 'Build templates',
    description: 'Upload the source of a template and follow the build of it.',
    allow: {
      template: ['read'],
      file: ['create', 'read'],
      provisioner_jobs: ['read']
    },
    public: true
  },
  'coder:templates.author': {
    title: 'Author templates',
    description: 'Add, change and remove templates, and see how they are used.',
    allow: {
      template: ['create', 'read', 'update', 'delete', 'view_insights'],
      file: ['create', 'read']
    },
    public: true
  },
  'coder:apikeys.manage_self': {
    title: 'Manage own keys',
    description: 'Mint, see, change and revoke keys.',
    allow: { api_key: ['create', 'read', 'update', 'delete'] },
    public: true
  }
} as const

/** The low-level names that a user may ask for, beside the scopes above that say `public`. */
export const publicScopes = [
  'workspace:read',
  'workspace:create',
  'workspace:update',
  'workspace:delete',
  'workspace:ssh',
  'workspace:start',
  'workspace:stop',
  'workspace:application_connect',
  'workspace:*',
  'template:read',
  'template:create',
  'template:update',
  'template:delete',
  'template:use',
  'template:*',
  'api_key:read',
  'api_key:create',
  'api_key:update',
  'api_key:delete',
  'api_key:*',
  'file:read',
  'file:create',
  'file:*',
  'user:read',
  'user:read_personal',
  'user:update_personal',
  'user:*',
  'user_secret:read',
  'user_secret:create',
  'user_secret:update',
  'user_secret:delete',
  'user_secret:*',
  'user_skill:read',
  'user_skill:create',
  'user_skill:update',
  'user_skill:delete',
  'user_skill:*',
  'task:create',
  'task:read',
  'task:update',
  'task:delete',
  'task:*',
  'organization:read',
  'organization:update',
  'organization:delete',
  'organization:*'
] as const

export const scopeTemplates = {
  workspace_agent: {
    title: 'Workspace agent',
    description:
      "The key of the agent in a workspace: its owner's power over that workspace and little else.",
    params: {
      workspaceId: 'required',
      ownerId: 'required',
      templateId: 'required',
      versionId: 'required',
      taskId: 'optional',
      blockUserData: 'flag'
    },
    // An agent writes boundary logs and never reads them, not even the agent of an owner or an auditor, who may.
    allow: { '*': '*', boundary_log: ['create'] },
    variants: [{ when: { blockUserData: true }, allow: { user: [] } }],
    allowList: [
      'workspace:{workspaceId}',
      'template:{templateId}',
      'template:{versionId}',
      'user:{ownerId}',
      'task:{taskId}',
      // A log has no id before it is written.
      'boundary_log:*'
    ]
  }
} as const
