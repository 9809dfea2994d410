// A port of Mattermost's default permissions: a system, teams (organizations) and channels (containers in a team), each
// with members, guests and administrators.
import { definePolicy } from 'casemate'

const inTeam = { org: 'required' } as const

export default definePolicy({
  name: 'mattermost',

  containers: [{ name: 'channel', description: 'Where people of a team talk.' }],

  resources: {
    team: {
      description: 'People who work together. While it is created it is in no organization.',
      org: 'optional',
      actions: {
        create: 'begin one',
        view: 'see it',
        administrate: 'change its settings',
        add_user: 'let somebody in',
        invite_guest: 'let a guest in',
        remove_user: 'put somebody out',
        list_channels: 'see its public channels'
      }
    },
    // A channel names itself: `{ type: 'channel', org, channel: id }`. While it is created it is in none.
    channel: {
      ...inTeam,
      in: { channel: 'optional' },
      attributes: { privacy: { values: ['public', 'private'], description: 'Who finds it.' } },
      actions: {
        create: 'begin one',
        join: 'come in unasked',
        read: 'read what is said',
        manage_properties: 'change name and purpose',
        manage_members: 'add and remove people',
        manage_roles: 'say who runs it',
        convert: 'make a public one private, or a private one public',
        delete: 'archive it'
      }
    },
    post: {
      ...inTeam,
      in: { channel: 'required' },
      actions: {
        create: 'say something',
        react: 'answer with a picture',
        upload: 'add a file',
        edit: 'change what was said',
        delete: 'take it back',
        mention_groups: 'call a whole group'
      }
    },
    webhook: {
      ...inTeam,
      description: 'A way for a program to post.',
      actions: { write: 'make, change and remove one' }
    },
    system: {
      org: 'never',
      actions: {
        administrate: 'run the server',
        view_members: 'see who there is',
        create_direct_channel: 'talk to one person'
      }
    }
  },

  roles: {
    system_admin: {
      title: 'System administrator',
      kind: 'site',
      description: 'Does everything everywhere.',
      grants: { site: { allow: { '*': '*' } } },
      assigns: ['*']
    },
    system_user: {
      title: 'User',
      kind: 'site',
      description: 'Everybody but guests: begins teams.',
      grants: {
        site: { allow: { system: ['view_members', 'create_direct_channel'] } },
        user: { allow: { team: ['create'] } }
      }
    },
    system_guest: {
      title: 'Guest',
      kind: 'site',
      description: 'Talks to people it has met.',
      grants: { site: { allow: { system: ['create_direct_channel'] } } }
    },

    team_user: {
      title: 'Team member',
      kind: 'org',
      description: 'Finds, joins and begins channels, and adds people to the team.',
      grants: {
        org: {
          allow: {
            team: ['view', 'add_user', 'list_channels'],
            channel: ['create', { actions: ['join', 'read'], where: { privacy: 'public' } }]
          }
        }
      },
      assigns: ['team_user']
    },
    team_guest: {
      title: 'Team guest',
      kind: 'org',
      description: 'Is in the channels to which it was invited, and finds no others.',
      grants: { org: { allow: { team: ['view'] } } }
    },
    team_admin: {
      title: 'Team administrator',
      kind: 'org',
      description: 'Runs a team, says who runs its channels, and takes back what others said.',
      includes: ['team_user'],
      grants: {
        org: {
          allow: {
            team: ['administrate', 'remove_user'],
            channel: ['manage_roles', 'convert'],
            post: ['delete'],
            webhook: '*'
          }
        }
      },
      assigns: ['team_user', 'team_admin', 'channel_admin']
    },

    channel_guest: {
      title: 'Channel guest',
      kind: 'channel',
      description: 'Reads and talks.',
      grants: {
        channel: { allow: { channel: ['read'], post: ['create', 'react', 'upload'] } },
        channelMember: { allow: { post: ['edit'] } }
      }
    },
    channel_user: {
      title: 'Channel member',
      kind: 'channel',
      description: 'Reads and talks, takes back what it said, and looks after the channel.',
      includes: ['channel_guest'],
      grants: {
        channel: { allow: { channel: ['manage_properties', 'manage_members', 'delete'] } },
        channelMember: { allow: { post: ['delete'] } }
      },
      assigns: ['channel_user', 'channel_guest']
    },
    channel_admin: {
      title: 'Channel administrator',
      kind: 'channel',
      description: 'Also says who runs the channel with them, and calls whole groups.',
      includes: ['channel_user'],
      grants: { channel: { allow: { channel: ['manage_roles'], post: ['mention_groups'] } } },
      assigns: ['channel_user', 'channel_guest', 'channel_admin']
    },
    // Given besides `channel_user` or `channel_guest` to those who only read, where administrators alone talk.
    moderated: {
      title: 'Moderated',
      kind: 'channel',
      description: 'Takes talking away.',
      grants: { channel: { deny: { post: ['create', 'react'] } } }
    }
  },

  assignPermissions: { org: 'team:add_user' },
  unassignPermissions: { org: 'team:remove_user', channel: 'channel:manage_members' },

  invariants: [
    {
      name: 'members can what guests can, administrators what members can',
      ladder: ['channel_guest', 'channel_user', 'channel_admin']
    },
    { name: 'so it is in a team', ladder: ['team_guest', 'team_user', 'team_admin'] },
    {
      name: 'a private channel is read by those who are in it',
      permissions: ['channel:read'],
      relation: 'other channel, privacy = private',
      only: ['system_admin']
    },
    {
      name: 'nobody changes what another person said',
      permissions: ['post:edit'],
      relation: 'other, own channel',
      only: ['system_admin']
    },
    {
      name: 'team administrators are made by team administrators',
      assigns: ['team_admin'],
      only: ['team_admin', 'system_admin']
    }
  ],

  lint: {
    ignore: [
      {
        rule: 'future-wildcard',
        path: 'roles.system_admin.grants.site.allow.*',
        reason: 'A system administrator has every permission there is, whatever the product comes to have.'
      },
      {
        rule: 'held-by-wildcard',
        path: 'roles.system_admin.grants.site.allow.*',
        reason: 'What runs the server is for the one role that has everything.'
      },
      {
        rule: 'over-assigning-role',
        path: 'roles.team_admin.assigns[channel_admin]',
        reason: 'A team administrator says who runs a channel without being in it.'
      }
    ]
  }
})
