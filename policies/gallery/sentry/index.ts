// A port of the roles of Sentry, which collects the errors of programs: roles in an organization, and in its teams
// (containers). A project may belong to several teams at once. The permissions are its scopes, by their own names.
import { definePolicy } from 'casemate'

const inTeams = {
  org: 'required',
  in: { team: 'optional' },
  attributes: {
    open_membership: { values: [true, false], description: 'Whether members may join every team.' }
  }
} as const
const open = { open_membership: true } as const

export default definePolicy({
  name: 'sentry',

  containers: [{ name: 'team', description: 'People who look after the same projects.' }],

  resources: {
    org: {
      description: 'The organization.',
      org: 'required',
      actions: {
        read: 'see it',
        write: 'change its settings',
        integrations: 'connect other services',
        billing: 'see and change what it pays',
        admin: 'remove it'
      },
      implies: { write: ['read'], admin: ['write', 'integrations'] }
    },
    member: {
      description: 'Who is in the organization.',
      org: 'required',
      actions: {
        read: 'see who is in',
        invite: 'propose somebody',
        write: 'let somebody in, and change their role',
        admin: 'put somebody out'
      },
      implies: { write: ['read', 'invite'], admin: ['write'] }
    },
    // A team names itself: `{ type: 'team', org, team: id }`. While it is created it is in none.
    team: {
      org: 'required',
      in: { team: 'optional' },
      actions: { read: 'see it', write: 'change it and its members', admin: 'create and remove it' },
      implies: { write: ['read'], admin: ['write'] }
    },
    project: {
      ...inTeams,
      actions: {
        read: 'see it',
        write: 'change its settings',
        admin: 'create and remove it',
        releases: 'publish releases and their files'
      },
      implies: { write: ['read'], admin: ['write'] }
    },
    event: {
      ...inTeams,
      description: 'Errors, and the issues that they are grouped into.',
      actions: { read: 'see them', write: 'assign, resolve and ignore them', admin: 'delete them' },
      implies: { write: ['read'], admin: ['write'] }
    },
    alerts: {
      ...inTeams,
      description: 'Rules that tell people of events.',
      actions: { read: 'see them', write: 'create and change them' },
      implies: { write: ['read'] }
    }
  },

  roles: {
    billing: {
      title: 'Billing',
      kind: 'org',
      description: 'Pays, and sees nothing else.',
      grants: { org: { allow: { org: ['billing'] } } }
    },
    member: {
      title: 'Member',
      kind: 'org',
      description: 'Sees the organization; where membership is open, works on whatever is in it.',
      grants: {
        org: {
          allow: {
            org: ['read'],
            member: ['read', 'invite'],
            team: ['read'],
            project: { actions: ['read', 'releases'], where: open },
            event: { actions: '*', where: open },
            alerts: { actions: '*', where: open }
          }
        }
      }
    },
    manager: {
      title: 'Manager',
      kind: 'org',
      description: 'Runs all teams and projects, and says who is in.',
      grants: {
        org: {
          allow: {
            org: ['write', 'integrations'],
            member: '*',
            team: '*',
            project: '*',
            event: '*',
            alerts: '*'
          }
        }
      },
      assigns: ['member', 'manager', 'contributor', 'team-admin']
    },
    owner: {
      title: 'Owner',
      kind: 'org',
      description: 'Everything.',
      includes: ['manager', 'billing'],
      grants: { org: { allow: { org: ['admin'] } } },
      assigns: ['billing', 'member', 'manager', 'owner', 'contributor', 'team-admin']
    },

    contributor: {
      title: 'Contributor',
      kind: 'team',
      description: 'Works on the issues of a team.',
      grants: {
        team: {
          allow: { team: ['read'], project: ['read', 'releases'], event: '*', alerts: '*' }
        }
      }
    },
    'team-admin': {
      title: 'Team administrator',
      kind: 'team',
      description: 'Also runs the team and its projects.',
      includes: ['contributor'],
      grants: { team: { allow: { team: ['admin'], project: ['admin'] } } },
      assigns: ['contributor', 'team-admin']
    }
  },

  assignPermissions: { org: 'member:write', team: 'team:write' },
  unassignPermissions: { org: 'member:admin', team: 'team:write' },

  // A token may have any of the permissions, by its name.
  publicScopes: ['org:*', 'member:*', 'team:*', 'project:*', 'event:*', 'alerts:*'],

  invariants: [
    {
      name: 'a manager can what a member can, an owner what a manager can',
      ladder: ['member', 'manager', 'owner']
    },
    { name: 'a team administrator can what a contributor can', ladder: ['contributor', 'team-admin'] },
    {
      name: 'where membership is closed, an event is for its teams',
      permissions: ['event:read'],
      relation: 'other team, open_membership = false',
      only: ['manager', 'owner']
    },
    { name: 'money is for owners and billing', permissions: ['org:billing'], only: ['owner', 'billing'] },
    { name: 'owners are made by owners', assigns: ['owner'], only: ['owner'] },
    {
      name: 'a token for releases sees no event',
      permissions: ['event:*'],
      scope: 'project:releases',
      only: []
    }
  ]
})
