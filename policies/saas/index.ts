// A small policy to learn from: a service whose customers are tenants (organizations) with projects and invoices.
// Every level, a deny, an organization's setting, a service of our own, scopes and a template each appear once or twice.
import { definePolicy } from 'casemate'

export default definePolicy({
  name: 'saas',

  resources: {
    tenant: {
      description: 'A customer: one organization, with everything in it.',
      org: 'required',
      actions: {
        create: 'sign a customer up',
        read: 'see its settings',
        update: 'change them',
        close: 'end the contract'
      }
    },
    membership: {
      description: "One person's place in a tenant.",
      org: 'required',
      actions: { create: 'invite a person', read: 'see who is in', delete: 'remove a person' }
    },
    project: {
      description: 'What the customers come for. It can be shared with single people or groups.',
      org: 'required',
      acl: true,
      actions: {
        create: 'begin a project',
        read: 'look at it',
        update: 'work on it',
        delete: 'throw it away',
        export: 'download all of it'
      }
    },
    invoice: {
      description: 'What a tenant owes.',
      org: 'required',
      actions: { create: 'issue it', read: 'see it', pay: 'settle it' }
    },
    api_key: {
      description: 'A key with which a program acts for a person. It belongs to the person, not to a tenant.',
      org: 'never',
      actions: { create: 'mint a key', read: 'list keys', delete: 'revoke a key' }
    }
  },

  orgOptions: {
    plan: { values: ['free', 'paid'], default: 'paid', description: 'What the tenant has signed up for.' }
  },

  roles: {
    account: {
      title: 'Account',
      kind: 'site',
      description: 'Everybody who can sign in: their own keys.',
      grants: { user: { allow: { api_key: '*' } } }
    },
    support: {
      title: 'Support',
      kind: 'site',
      description: "Our own staff: sees every tenant, but neither the customers' work nor their keys.",
      grants: { site: { allow: { '*': ['read'], project: [], api_key: [] } } }
    },

    admin: {
      title: 'Admin',
      kind: 'org',
      description: 'Runs a tenant: everything in it but to sign it up and to issue its invoices.',
      grants: {
        org: { allow: { '*': '*', tenant: { except: ['create'] }, invoice: ['read', 'pay'] } }
      },
      assigns: ['admin', 'editor', 'viewer', 'frozen', 'custom:org']
    },
    editor: {
      title: 'Editor',
      kind: 'org',
      description: 'Sees all projects of a tenant, begins new ones and works on their own.',
      grants: {
        org: { allow: { tenant: ['read'], membership: ['read'], project: ['create', 'read'] } },
        orgMember: { allow: { project: ['update', 'delete', 'export'] } }
      },
      // On the free plan an editor exports nothing.
      variants: [
        { when: { plan: 'free' }, grants: { orgMember: { allow: { project: ['update', 'delete'] } } } }
      ]
    },
    viewer: {
      title: 'Viewer',
      kind: 'org',
      description: 'Looks, and changes nothing.',
      grants: { org: { allow: { tenant: ['read'], membership: ['read'], project: ['read'] } } }
    },
    frozen: {
      title: 'Frozen',
      kind: 'org',
      description: 'Given besides other roles: takes everything from them that changes a project.',
      grants: { org: { deny: { project: ['create', 'update', 'delete'] } } }
    }
  },

  // To invite is what it takes to give a role, to remove what it takes to take one.
  assignPermissions: { org: 'membership:create' },
  unassignPermissions: { org: 'membership:delete' },

  systemSubjects: {
    signup: { title: 'Sign-up', grants: { site: { allow: { tenant: ['create'], membership: ['create'] } } } },
    billing: {
      title: 'Billing',
      grants: { site: { allow: { tenant: ['read'], invoice: ['create', 'read'] } } }
    }
  },

  scopes: {
    full: { title: 'Everything', allow: { '*': '*' }, aliases: ['all'], public: true },
    'projects.view': {
      title: 'View projects',
      allow: { project: ['read'], tenant: ['read'] },
      public: true
    },
    'projects.edit': {
      title: 'Edit projects',
      allow: { project: ['create', 'read', 'update', 'delete'], tenant: ['read'] },
      public: true
    }
  },
  publicScopes: ['project:read', 'project:export', 'invoice:read'],
  defaultScopes: ['projects.view'],

  // The key of a build server: one project, to read and update it.
  scopeTemplates: {
    build_server: {
      params: { projectId: 'required' },
      allow: { project: ['read', 'update'] },
      allowList: ['project:{projectId}']
    }
  },

  invariants: [
    {
      name: 'invoices are issued by billing alone',
      permissions: ['invoice:create'],
      only: ['system:billing']
    },
    {
      name: "support does not see the customers' work",
      permissions: ['project:read'],
      relation: 'other org',
      acl: false,
      only: []
    },
    {
      name: 'nobody touches the keys of another person',
      permissions: ['api_key:*'],
      relation: 'other',
      only: []
    }
  ],

  // What `casemate lint` finds and is meant to be, with the reason.
  lint: {
    ignore: [
      {
        rule: 'future-wildcard',
        path: 'roles.support.grants.site.allow.*',
        reason: 'Support sees whatever a tenant has, and it is only seeing.'
      },
      {
        rule: 'future-wildcard',
        path: 'roles.admin.grants.org.allow.*',
        reason: 'A tenant is run by its admin, whatever it comes to have.'
      },
      {
        rule: 'held-by-wildcard',
        path: 'roles.admin.grants.org.allow.*',
        reason: 'Who joins and leaves a tenant is for its admin alone.'
      }
    ]
  }
})
