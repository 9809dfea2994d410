// The deployment itself: its assistants and models, the records that it keeps, its settings and its inner works.
// Each resource says what one of its objects is, each action what it lets one do; who may is for the roles to say.

export const deployment = {
  chat: {
    description: 'A conversation between a user and an assistant that works in a workspace.',
    acl: true,
    actions: {
      create: 'begin a conversation',
      read: 'follow a conversation',
      update: 'continue, rename or archive a conversation',
      delete: 'erase a conversation',
      share: 'let other people follow a conversation'
    }
  },
  ai_provider: {
    description: 'A vendor of language models, with the credentials used there.',
    actions: {
      create: 'add a vendor',
      read: 'see the vendors',
      update: 'change a vendor or its credentials',
      delete: 'remove a vendor'
    }
  },
  ai_model_price: {
    description: 'What a model costs, for reckoning what was spent.',
    actions: { read: 'see the prices', update: 'change the prices' }
  },
  ai_seat: {
    description: 'A licensed place for one user of the assistants.',
    actions: { create: 'count a user as seated', read: 'see who is seated' }
  },
  aibridge_interception: {
    description: 'The record of one exchange with a model that went through the gateway.',
    actions: { create: 'open a record', read: 'see records', update: 'add to a record or close it' }
  },

  audit_log: {
    description: 'The record of who changed what, and when.',
    actions: { create: 'write an entry', read: 'read the entries' }
  },
  connection_log: {
    description: 'The record of who connected to which workspace, and for how long.',
    actions: { read: 'read the entries', update: 'write an entry or close it' }
  },
  boundary_log: {
    description: 'What the network boundary around a workspace agent let through, and what it stopped.',
    actions: { create: 'write entries', read: 'read the entries', delete: 'purge entries' }
  },
  boundary_usage: {
    description: 'Counts of how much the network boundaries are used, without their contents.',
    actions: { read: 'see the counts', update: 'add to the counts', delete: 'clear the counts' }
  },
  usage_event: {
    description: 'Something that the vendor bills for, on its way to the vendor.',
    actions: { create: 'note an event', read: 'see the events', update: 'note that an event was sent' }
  },

  deployment_config: {
    description: 'The settings with which the deployment runs.',
    actions: { read: 'see the settings', update: 'change the settings' }
  },
  deployment_stats: {
    description: 'Figures about the deployment as a whole.',
    actions: { read: 'see the figures' }
  },
  debug_info: {
    description: 'What the servers know about their own health.',
    actions: { read: 'see the diagnostics' }
  },
  license: {
    description: 'The contract that unlocks paid features.',
    actions: { create: 'install a license', read: 'see the licenses', delete: 'remove a license' }
  },
  crypto_key: {
    description: 'A key with which the deployment signs or encrypts, and its rotation.',
    actions: {
      create: 'add a key',
      read: 'use a key',
      update: 'set when a key retires',
      delete: 'destroy a key'
    }
  },
  replicas: {
    description: 'The server processes that make up the deployment.',
    actions: { read: 'see which are running' }
  },
  system: {
    description: 'Inner data of the deployment that has no resource of its own.',
    actions: {
      create: 'add inner data',
      read: 'see inner data',
      update: 'change inner data',
      delete: 'remove inner data'
    }
  }
} as const
