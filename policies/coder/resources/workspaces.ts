// Workspaces and everything that builds, carries and connects them.
// Each resource says what one of its objects is, each action what it lets one do; who may is for the roles to say.

export const workspaces = {
  workspace: {
    description: 'A development environment that a template builds for one person.',
    acl: true,
    actions: {
      create: 'have a new workspace built',
      read: 'see the workspace, its builds and its state',
      update: 'change its name, schedule, parameters or template version',
      delete: 'destroy it together with its infrastructure',
      start: 'bring it up',
      stop: 'shut it down',
      ssh: 'open a terminal or a tunnel into it',
      application_connect: 'open the web applications that run in it',
      create_agent: 'add an agent to it',
      update_agent: 'change one of its agents',
      delete_agent: 'remove one of its agents',
      share: 'give other people access to it'
    }
  },
  workspace_dormant: {
    description:
      'A workspace put to sleep because nobody used it; it has to be woken before it is of use again.',
    actions: {
      create: 'put a workspace to sleep',
      read: 'see the sleeping workspace',
      update: 'wake it, or change its settings',
      delete: 'destroy it together with its infrastructure',
      start: 'bring it up while it sleeps',
      stop: 'shut down what still runs of it',
      ssh: 'open a terminal or a tunnel into it',
      application_connect: 'open the web applications that run in it',
      create_agent: 'add an agent to it',
      update_agent: 'change one of its agents',
      delete_agent: 'remove one of its agents',
      share: 'give other people access to it'
    }
  },
  prebuilt_workspace: {
    description: 'A workspace built ahead of demand that waits for somebody to claim it.',
    actions: { update: 'change it while it waits', delete: 'destroy it unclaimed' }
  },
  workspace_agent_devcontainers: {
    description: 'The development containers that an agent found inside its workspace.',
    actions: { create: 'report a container that was found' }
  },
  workspace_agent_resource_monitor: {
    description: 'A watch over the memory and disks of a workspace, with the levels at which it warns.',
    actions: {
      create: 'set a watch up',
      read: 'see its levels and state',
      update: 'change its levels or state'
    }
  },
  workspace_proxy: {
    description: 'A regional relay that brings workspaces nearer to the people who use them.',
    actions: {
      create: 'register a relay',
      read: 'see the relays and their health',
      update: 'change a relay or renew its token',
      delete: 'remove a relay'
    }
  },
  tailnet_coordinator: {
    description: 'The switchboard through which agents and clients find each other on the private network.',
    actions: {
      create: 'register a peer or a tunnel',
      read: 'see the peers and tunnels',
      update: 'renew a peer or a tunnel',
      delete: 'drop a peer or a tunnel'
    }
  },
  task: {
    description: 'A piece of work given to a coding assistant, with the workspace in which it is done.',
    actions: {
      create: 'give out a task',
      read: 'see a task and how it goes',
      update: 'change a task',
      delete: 'remove a task'
    }
  },
  template: {
    description: 'The recipe of a kind of workspace, in versions.',
    acl: true,
    actions: {
      create: 'add a template',
      read: 'see a template and its versions',
      update: 'change its settings or publish a version',
      delete: 'remove it',
      use: 'build workspaces from it',
      view_insights: 'see how much it is used, and by whom'
    }
  },
  file: {
    description: "An uploaded archive, such as a template's source.",
    actions: { create: 'upload an archive', read: 'download an archive' }
  },
  provisioner_daemon: {
    description: 'A worker that takes build jobs and carries them out.',
    actions: {
      create: 'register a worker',
      read: 'see the workers and what they do',
      update: "change a worker's record",
      delete: 'remove a worker'
    }
  },
  provisioner_jobs: {
    description: 'A build waiting for a worker, in the hands of one, or done.',
    actions: {
      create: 'queue a build',
      read: 'see a build and its log',
      update: 'cancel a build or set its priority'
    }
  }
} as const
