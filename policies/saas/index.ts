// A policy to learn from: a service whose customers are tenants (organizations). In a tenant people work in projects
// (a container with roles of its own) on documents, which have states and can be shared. Every level, a deny that
// nothing beats, an organization's setting, a service of our own, scopes and a template appear once or twice.
import { definePolicy } from 'casemate'

export default definePolicy({
  name: 'saas',

  containers: [{ name: 'project', description: 'Where some people of a tenant work together.' }],

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
      description: "One person's place in a tenant, or in one of its projects.",
      org: 'required',
      in: { project: 'optional' },
      actions: { create: 'invite a person', read: 'see who is in', delete: 'remove a person' }
    },
    // The row of a project names itself: `{ type: 'project', org, project: id }`. While it is created it is in none.
    project: {
      description: 'What the customers come for.',
      org: 'required',
      in: { project: 'optional' },
      actions: {
        create: 'begin a project',
        read: 'look at it',
        update: 'change its settings',
        delete: 'throw it away',
        export: 'download all of it'
      }
    },
    document: {
      description: 'What is written in a project. It can be shared with people of its tenant.',
      org: 'required',
      in: { project: 'required' },
      // Both narrow what one may do, so neither has a default: a document that lacks one is an error.
      attributes: {
        status: { values: ['draft', 'published'], description: 'How far it has come.' },
        locked: { values: [true, false], description: 'Whether its text is settled.' }
      },
      acl: {
        levels: { viewer: ['read'], commenter: ['comment'], editor: ['comment', 'update'] },
        members: true,
        overridesDeny: false
      },
      actions: {
        create: 'begin a document',
        read: 'see it',
        comment: 'say something about it',
        update: 'write in it',
        publish: 'show it to every viewer',
        delete: 'throw it away',
        share: 'let others in'
      },
      implies: { comment: ['read'], update: ['read'] }
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
      description: "Our own staff: sees every tenant, but neither the customers' documents nor their keys.",
      grants: { site: { allow: { '*': ['read'], document: [], api_key: [] } } }
    },
    // A deny at the site comes first, and documents have `overridesDeny: false`: not even sharing gets around it.
    suspended: {
      title: 'Suspended',
      kind: 'site',
      description: 'Given besides other roles: takes everything from them.',
      grants: { site: { deny: { '*': '*' } } }
    },

    owner: {
      title: 'Owner',
      kind: 'org',
      description: 'Runs a tenant: everything in it but to sign it up and to issue its invoices.',
      grants: {
        org: { allow: { '*': '*', tenant: { except: ['create'] }, invoice: ['read', 'pay'] } }
      },
      assigns: ['owner', 'member', 'viewer', 'editor', 'admin', 'custom:org', 'custom:project']
    },
    member: {
      title: 'Member',
      kind: 'org',
      description: 'Belongs to a tenant: begins projects, and exports those that they began.',
      grants: {
        org: { allow: { tenant: ['read'], membership: ['read'], project: ['create'] } },
        orgMember: { allow: { project: ['read', 'export'] } }
      },
      // On the free plan a member exports nothing.
      variants: [{ when: { plan: 'free' }, grants: { orgMember: { allow: { project: ['read'] } } } }]
    },

    // Each of these three is all of the one before it, and more.
    viewer: {
      title: 'Viewer',
      kind: 'project',
      description: 'Reads what a project has published.',
      grants: {
        project: {
          allow: {
            project: ['read'],
            membership: ['read'],
            document: { actions: ['comment'], where: { status: 'published' } }
          }
        }
      }
    },
    editor: {
      title: 'Editor',
      kind: 'project',
      description: 'Writes documents until they are locked, and throws their own drafts away.',
      includes: ['viewer'],
      grants: {
        project: {
          allow: { document: ['create', 'comment', { actions: ['update'], where: { locked: false } }] }
        },
        projectMember: { allow: { document: { actions: ['delete'], where: { status: 'draft' } } } }
      }
    },
    admin: {
      title: 'Admin',
      kind: 'project',
      description: 'Runs a project.',
      includes: ['editor'],
      grants: {
        project: {
          allow: { project: ['update', 'delete'], membership: ['create', 'delete'], document: '*' }
        }
      },
      assigns: ['viewer', 'editor', 'admin', 'custom:project']
    }
  },

  // To invite is what it takes to give a role, to remove what it takes to take one.
  assignPermissions: { org: 'membership:create', project: 'membership:create' },
  unassignPermissions: { org: 'membership:delete', project: 'membership:delete' },

  systemSubjects: {
    signup: { title: 'Sign-up', grants: { site: { allow: { tenant: ['create'], membership: ['create'] } } } },
    billing: {
      title: 'Billing',
      grants: { site: { allow: { tenant: ['read'], invoice: ['create', 'read'] } } }
    }
  },

  scopes: {
    full: { title: 'Everything', allow: { '*': '*' }, aliases: ['all'], public: true },
    'documents.view': {
      title: 'View documents',
      allow: { document: ['read'], project: ['read'], tenant: ['read'] },
      public: true
    },
    'documents.edit': {
      title: 'Edit documents',
      allow: { document: ['create', 'comment', 'update'], project: ['read'], tenant: ['read'] },
      public: true
    }
  },
  publicScopes: ['document:read', 'project:export', 'invoice:read'],
  defaultScopes: ['documents.view'],

  // The key of a program that keeps one document up to date.
  scopeTemplates: {
    sync: {
      params: { documentId: 'required' },
      allow: { document: ['update'] },
      allowList: ['document:{documentId}']
    }
  },

  invariants: [
    {
      name: 'invoices are issued by billing alone',
      permissions: ['invoice:create'],
      only: ['system:billing']
    },
    {
      name: "nobody sees another customer's documents",
      permissions: ['document:read'],
      relation: 'other org, other project',
      acl: false,
      only: []
    },
    {
      name: 'nobody touches the keys of another person',
      permissions: ['api_key:*'],
      relation: 'other',
      only: []
    },
    {
      name: 'a locked document is changed by those who run its project or its tenant',
      permissions: ['document:update'],
      relation: 'locked = true',
      acl: false,
      only: ['admin', 'owner']
    },
    { name: 'owners are made by owners', assigns: ['owner'], only: ['owner'] },
    {
      name: 'an editor can what a viewer can, an admin what an editor can',
      ladder: ['viewer', 'editor', 'admin']
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
        path: 'roles.owner.grants.org.allow.*',
        reason: 'A tenant is run by its owner, whatever it comes to have.'
      }
    ]
  }
})
