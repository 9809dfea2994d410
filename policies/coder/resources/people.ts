// People and what belongs to them: accounts, credentials, organizations, groups, roles, notifications.
// Each resource says what one of its objects is, each action what it lets one do; who may is for the roles to say.

export const people = {
  user: {
    description: 'The account of a person or of a service.',
    actions: {
      create: 'open an account',
      read: 'see its name and status',
      update: 'change its name, status or way of signing in',
      delete: 'close the account',
      read_personal: 'see what is private about it: preferences, keys, linked accounts',
      update_personal: 'change what is private about it'
    }
  },
  user_secret: {
    description: 'A password or token that a user keeps for use inside their workspaces.',
    actions: {
      create: 'store a secret',
      read: 'see a secret in the clear',
      update: 'replace a secret',
      delete: 'forget a secret'
    }
  },
  user_skill: {
    description: 'A set of instructions that a user has written for their assistants.',
    actions: {
      create: 'write a skill',
      read: 'see a skill',
      update: 'rewrite a skill',
      delete: 'throw a skill away'
    }
  },
  api_key: {
    description: 'A key with which a program acts for its owner.',
    actions: {
      create: 'mint a key',
      read: 'see that a key exists, its scopes and its last use',
      update: 'change its record, such as its last use or expiry',
      delete: 'revoke a key'
    }
  },
  oauth2_app: {
    description: 'An outside application that people may sign in to with their account here.',
    actions: {
      create: 'register an application',
      read: 'see an application',
      update: 'change an application',
      delete: 'remove an application'
    }
  },
  oauth2_app_secret: {
    description: 'The secret with which a registered application proves itself.',
    actions: {
      create: 'issue a secret',
      read: 'see that a secret exists',
      update: 'note its use',
      delete: 'withdraw a secret'
    }
  },
  oauth2_app_code_token: {
    description:
      "A user's consent on its way to an application: the code, and the token it is exchanged for.",
    actions: {
      create: 'issue a code or a token',
      read: 'look a code or a token up',
      delete: 'withdraw a code or a token'
    }
  },
  organization: {
    description: 'A body of people with its own templates, workspaces and members.',
    actions: {
      create: 'found an organization',
      read: 'see an organization',
      update: 'change its name and settings',
      delete: 'dissolve an organization'
    }
  },
  organization_member: {
    description: "One user's membership of one organization.",
    actions: {
      create: 'take a user in',
      read: 'see who the members are',
      update: 'change a membership, such as the roles that it carries',
      delete: 'turn a member out'
    }
  },
  group: {
    description: 'A named set of members of an organization, to share things with and to give quotas to.',
    acl: true,
    actions: {
      create: 'form a group',
      read: 'see a group',
      update: 'change a group, its members included',
      delete: 'dissolve a group'
    }
  },
  group_member: {
    description: "One user's place in one group.",
    actions: { read: 'see who is in a group' }
  },
  assign_role: {
    description: 'The roles that reach over the whole deployment.',
    actions: {
      read: 'see which roles there are',
      assign: 'give a user such a role',
      unassign: 'take such a role from a user'
    }
  },
  assign_org_role: {
    description: 'The roles that reach over one organization, its custom roles included.',
    actions: {
      create: 'define a custom role',
      read: 'see which roles there are',
      update: 'change a custom role',
      delete: 'remove a custom role',
      assign: 'give a member such a role',
      unassign: 'take such a role from a member'
    }
  },
  idpsync_settings: {
    description: 'How what the identity provider says becomes groups, roles and organizations here.',
    actions: { read: 'see the mapping', update: 'change the mapping' }
  },

  inbox_notification: {
    description: "A message in a user's inbox on the dashboard.",
    actions: {
      create: 'put a message there',
      read: 'read a message',
      update: 'mark a message read or unread'
    }
  },
  notification_message: {
    description: 'A message in the outgoing queue, not yet delivered or given up.',
    actions: {
      create: 'queue a message',
      read: 'see the queue',
      update: 'note what became of a message',
      delete: 'clear messages out of the queue'
    }
  },
  notification_preference: {
    description: 'Which notifications a user wants, and on which channel.',
    actions: { read: "see a user's choice", update: "change a user's choice" }
  },
  notification_template: {
    description: 'The wording of a kind of notification, and the channel that it takes by default.',
    actions: { read: 'see the wording', update: 'change the channel' }
  },
  webpush_subscription: {
    description: 'A browser that has asked to be sent notifications.',
    actions: {
      create: 'sign a browser up',
      read: 'see which browsers are signed up',
      delete: 'sign a browser off'
    }
  }
} as const
