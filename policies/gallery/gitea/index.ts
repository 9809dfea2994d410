// A port of the permissions of Gitea, a server for git repositories: levels on one repository, owners of an
// organization, what everybody reads, and the scopes of access tokens.
import { definePolicy } from 'casemate'

const unit = {
  in: { repository: 'required' },
  attributes: { visibility: { values: ['public', 'private'], description: 'Of its repository.' } }
} as const
/** A unit of a repository that one reads or writes. */
const readWrite = (read: string, write: string) =>
  ({ ...unit, actions: { read, write }, implies: { write: ['read'] } }) as const
const isPublic = { visibility: 'public' } as const

export default definePolicy({
  name: 'gitea',

  containers: [{ name: 'repository', description: 'One repository with its issues, releases and pages.' }],

  resources: {
    // The repository itself names itself: `{ type: 'repository', repository: id }`. While it is created it is in none.
    repository: {
      in: { repository: 'optional' },
      attributes: unit.attributes,
      actions: {
        create: 'begin one',
        read: 'see that it is there',
        manage_settings: 'change its settings',
        manage_collaborators: 'say who works on it',
        delete: 'remove or transfer it'
      }
    },
    code: readWrite('see and clone it', 'push to it'),
    issue: {
      ...unit,
      actions: { read: 'see them', create: 'write one', write: 'label, assign and close them' },
      implies: { write: ['read', 'create'], create: ['read'] }
    },
    pull_request: {
      ...unit,
      actions: { read: 'see them', create: 'propose a change', write: 'label, assign and close them' },
      implies: { write: ['read', 'create'], create: ['read'] }
    },
    release: readWrite('see and download', 'publish'),
    wiki: readWrite('see its pages', 'change them'),
    package: readWrite('see and download', 'publish and remove'),
    workflow: readWrite('see what it has printed', 'approve, cancel and start it again'),
    organization: {
      org: 'required',
      actions: { read: 'see its teams', administrate: 'change settings and teams' }
    },
    account: {
      org: 'never',
      actions: { read: 'see settings and keys', write: 'change them' },
      implies: { write: ['read'] }
    },
    instance: { org: 'never', actions: { administrate: 'run the server' } }
  },

  roles: {
    'site-admin': {
      title: 'Site administrator',
      kind: 'site',
      description: 'Does everything everywhere.',
      grants: { site: { allow: { '*': '*' } } },
      assigns: ['*']
    },
    user: {
      title: 'User',
      kind: 'site',
      description: 'Has repositories of their own, and reads and takes part in what is public.',
      grants: {
        site: {
          allow: {
            repository: { actions: ['read'], where: isPublic },
            code: { actions: ['read'], where: isPublic },
            issue: { actions: ['create'], where: isPublic },
            pull_request: { actions: ['create'], where: isPublic },
            release: { actions: ['read'], where: isPublic },
            wiki: { actions: ['read'], where: isPublic },
            package: { actions: ['read'], where: isPublic },
            workflow: { actions: ['read'], where: isPublic }
          }
        },
        user: { allow: { repository: ['create'], account: '*' } }
      }
    },

    owner: {
      title: 'Organization owner',
      kind: 'org',
      description: 'Everything in an organization.',
      grants: { org: { allow: { '*': '*' } } },
      assigns: ['owner', 'member', 'read', 'write', 'admin', 'repository-owner', 'custom:repository']
    },
    member: {
      title: 'Organization member',
      kind: 'org',
      description: 'Belongs to an organization; a team gives them levels on its repositories.',
      grants: { org: { allow: { organization: ['read'] } } }
    },

    read: {
      title: 'Read',
      kind: 'repository',
      description: 'Sees everything, writes issues and proposes changes.',
      grants: {
        repository: {
          allow: {
            repository: ['read'],
            code: ['read'],
            issue: ['create'],
            pull_request: ['create'],
            release: ['read'],
            wiki: ['read'],
            package: ['read'],
            workflow: ['read']
          }
        }
      }
    },
    write: {
      title: 'Write',
      kind: 'repository',
      description: 'Pushes, and closes issues and pull requests.',
      includes: ['read'],
      grants: {
        repository: {
          allow: {
            code: ['write'],
            issue: ['write'],
            pull_request: ['write'],
            release: ['write'],
            wiki: ['write'],
            package: ['write'],
            workflow: ['write']
          }
        }
      }
    },
    admin: {
      title: 'Administrator',
      kind: 'repository',
      description: 'Changes settings, and says who works on it.',
      includes: ['write'],
      grants: { repository: { allow: { repository: ['manage_settings', 'manage_collaborators'] } } },
      assigns: ['read', 'write', 'admin']
    },
    'repository-owner': {
      title: 'Owner',
      kind: 'repository',
      description: 'Also transfers and removes it. Whoever creates a repository of their own is given this.',
      includes: ['admin'],
      grants: { repository: { allow: { repository: ['delete'] } } },
      assigns: ['read', 'write', 'admin', 'repository-owner']
    }
  },

  assignPermissions: { org: 'organization:administrate', repository: 'repository:manage_collaborators' },
  unassignPermissions: { org: 'organization:administrate', repository: 'repository:manage_collaborators' },

  scopes: {
    all: { title: 'Everything', allow: { '*': '*' }, public: true },
    'public-only': {
      title: 'Only what is public',
      allow: {
        repository: { actions: '*', where: isPublic },
        code: { actions: '*', where: isPublic },
        issue: { actions: '*', where: isPublic },
        pull_request: { actions: '*', where: isPublic },
        release: { actions: '*', where: isPublic },
        wiki: { actions: '*', where: isPublic },
        package: { actions: '*', where: isPublic },
        workflow: { actions: '*', where: isPublic }
      },
      public: true
    },
    'read:repository': {
      title: 'Read repositories',
      allow: {
        repository: ['read'],
        code: ['read'],
        pull_request: ['read'],
        release: ['read'],
        wiki: ['read'],
        workflow: ['read']
      },
      public: true
    },
    'write:repository': {
      title: 'Read and write repositories',
      allow: { repository: '*', code: '*', pull_request: '*', release: '*', wiki: '*', workflow: '*' },
      public: true
    },
    'read:issue': { title: 'Read issues', allow: { issue: ['read'] }, public: true },
    'write:issue': { title: 'Read and write issues', allow: { issue: '*' }, public: true },
    'read:package': { title: 'Read packages', allow: { package: ['read'] }, public: true },
    'write:package': { title: 'Read and write packages', allow: { package: '*' }, public: true },
    'read:organization': { title: 'Read organizations', allow: { organization: ['read'] }, public: true },
    'write:organization': {
      title: 'Read and change organizations',
      allow: { organization: '*' },
      public: true
    },
    'read:user': { title: "Read one's account", allow: { account: ['read'] }, public: true },
    'write:user': { title: "Read and change one's account", allow: { account: '*' }, public: true },
    'write:admin': { title: 'Run the server', allow: { instance: '*' }, public: true }
  },

  invariants: [
    {
      name: 'each level can what the one below it can',
      ladder: ['read', 'write', 'admin', 'repository-owner']
    },
    {
      name: 'nobody pushes to a repository because it is public',
      permissions: ['code:write'],
      relation: 'other repository',
      only: ['owner', 'site-admin']
    },
    {
      name: 'a token for issues reads no code',
      permissions: ['code:*'],
      scope: 'write:issue',
      only: []
    },
    {
      name: 'owners of an organization are made by owners',
      assigns: ['owner'],
      only: ['owner', 'site-admin']
    }
  ],

  lint: {
    ignore: [
      {
        rule: 'future-wildcard',
        path: 'roles.site-admin.grants.site.allow.*',
        reason: 'Runs the server, and does everything on it.'
      },
      {
        rule: 'held-by-wildcard',
        path: 'roles.site-admin.grants.site.allow.*',
        reason: 'The server is run by the one role that has everything.'
      },
      {
        rule: 'future-wildcard',
        path: 'roles.owner.grants.org.allow.*',
        reason: "An organization is its owners' own, whatever it comes to have."
      },
      {
        rule: 'held-by-wildcard',
        path: 'roles.owner.grants.org.allow.*',
        reason: 'An organization is run by the one role that has all of it.'
      }
    ]
  }
})
