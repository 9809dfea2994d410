// The deployment's own services, each with no more than its work needs. Nobody can be given one of these.
// `system` is the exception: the servers' own hand, used where no narrower service fits yet.

export const systemSubjects = {
  // Workspaces: built, started and stopped by schedule, watched over, cleaned up.
  provisionerd: {
    title: 'Provisioner',
    description: 'Hands builds to the workers and writes down what they made.',
    grants: {
      site: {
        allow: {
          provisioner_jobs: ['create', 'read', 'update'],
          template: ['read', 'update'],
          file: ['create', 'read'],
          workspace: ['read', 'update', 'delete', 'start', 'stop', 'create_agent'],
          workspace_dormant: ['read', 'update', 'delete', 'stop', 'create_agent'],
          workspace_agent_devcontainers: ['create'],
          workspace_agent_resource_monitor: ['create'],
          task: ['read', 'update', 'delete'],
          organization: ['read'],
          group: ['read'],
          user: ['read', 'read_personal', 'update_personal'],
          api_key: '*',
          notification_message: ['create', 'read'],
          ai_seat: ['create'],
          usage_event: ['create'],
          system: '*'
        }
      }
    }
  },
  autostart: {
    title: 'Autostart',
    description: 'Starts and stops workspaces by their schedule, and puts the unused to sleep.',
    grants: {
      site: {
        allow: {
          workspace: ['read', 'update', 'delete', 'start', 'stop'],
          workspace_dormant: ['read', 'update', 'delete', 'stop'],
          task: ['read', 'update'],
          template: ['read', 'update'],
          file: ['read'],
          organization_member: ['read'],
          user: ['read'],
          notification_message: ['create', 'read'],
          system: '*'
        }
      }
    }
  },
  jobreaper: {
    title: 'Job reaper',
    description: 'Ends builds that hang.',
    grants: {
      site: {
        allow: {
          provisioner_jobs: ['read', 'update'],
          template: ['read', 'update'],
          workspace: ['read', 'update'],
          workspace_dormant: ['read', 'update'],
          system: '*'
        }
      }
    }
  },
  'workspace-builder': {
    title: 'Workspace builder',
    description: 'Does the inner steps of a build that the person who asked for it could not do alone.',
    grants: {
      site: {
        allow: {
          provisioner_daemon: ['read'],
          provisioner_jobs: ['update'],
          template: ['update']
        }
      }
    }
  },
  'prebuilds-orchestrator': {
    title: 'Prebuilds',
    description: 'Keeps a stock of workspaces built ahead of demand.',
    grants: {
      site: {
        allow: {
          workspace: ['create', 'read', 'update', 'delete', 'start', 'stop'],
          prebuilt_workspace: ['update', 'delete'],
          template: ['read', 'update', 'use', 'view_insights'],
          file: ['read'],
          organization: ['read'],
          organization_member: ['create', 'read'],
          group: ['create', 'read', 'update'],
          group_member: ['read'],
          user: ['read'],
          assign_org_role: ['assign']
        }
      }
    },
    assigns: ['organization-member']
  },
  resourcemonitor: {
    title: 'Resource monitor',
    description: 'Notes what the watches over memory and disks have seen.',
    grants: { site: { allow: { workspace_agent_resource_monitor: ['update'] } } }
  },
  'system-read-provisioner-daemons': {
    title: 'Provisioner reader',
    description: 'Looks up which workers there are.',
    grants: { site: { allow: { provisioner_daemon: ['read'] } } }
  },
  'file-reader': {
    title: 'File reader',
    description: 'Fetches the archives that a build needs.',
    grants: { site: { allow: { file: ['read'] } } }
  },

  // Signing in, and accounts that come from elsewhere.
  'system-oauth2': {
    title: 'OAuth2 provider',
    description: 'Signs people in to outside applications with their account here.',
    grants: {
      site: {
        allow: {
          oauth2_app: ['create', 'read', 'update', 'delete'],
          oauth2_app_secret: ['create', 'read', 'update', 'delete'],
          oauth2_app_code_token: ['create', 'read', 'delete'],
          api_key: ['read', 'delete'],
          organization: ['read'],
          user: ['read']
        }
      }
    }
  },
  scim: {
    title: 'SCIM',
    description: 'Opens and suspends accounts as the identity provider says.',
    grants: {
      site: {
        allow: {
          user: ['create', 'read', 'update', 'update_personal'],
          organization: ['read'],
          organization_member: ['create', 'read', 'update'],
          assign_role: ['read', 'assign', 'unassign'],
          assign_org_role: ['create', 'read', 'update', 'delete', 'assign', 'unassign'],
          system: ['read']
        }
      }
    }
  },
  keyrotator: {
    title: 'Key rotator',
    description: 'Makes new signing keys and retires the old.',
    grants: { site: { allow: { crypto_key: '*' } } }
  },
  keyreader: {
    title: 'Key reader',
    description: 'Fetches the signing keys in force.',
    grants: { site: { allow: { crypto_key: '*' } } }
  },

  // Notifications, and the records.
  notifier: {
    title: 'Notifier',
    description: 'Delivers what waits in the queue of notifications.',
    grants: {
      site: {
        allow: {
          notification_message: ['create', 'read', 'update', 'delete'],
          inbox_notification: ['create'],
          webpush_subscription: ['create', 'read', 'delete'],
          deployment_config: ['read', 'update']
        }
      }
    }
  },
  connectionlogger: {
    title: 'Connection logger',
    description: 'Writes the record of connections.',
    grants: { site: { allow: { connection_log: ['read', 'update'] } } }
  },
  'boundary-usage-tracker': {
    title: 'Boundary usage tracker',
    description: 'Counts how much the network boundaries are used.',
    grants: { site: { allow: { boundary_usage: ['read', 'update', 'delete'] } } }
  },
  'usage-publisher': {
    title: 'Usage publisher',
    description: 'Sends the vendor what it bills for.',
    grants: {
      site: { allow: { usage_event: ['read', 'update'], ai_seat: ['read'], license: ['read'] } }
    }
  },
  dbpurge: {
    title: 'DB purge',
    description: 'Deletes what has been kept long enough.',
    grants: {
      site: {
        allow: {
          // Nobody and nothing else deletes these.
          boundary_log: ['delete'],
          notification_message: ['delete'],
          api_key: ['delete'],
          chat: ['read', 'update'],
          system: ['delete']
        }
      }
    }
  },

  // Assistants and models.
  chatd: {
    title: 'Chat service',
    description: 'Carries conversations on while nobody looks.',
    grants: {
      site: {
        allow: {
          chat: ['create', 'read', 'update', 'delete'],
          workspace: ['read', 'update'],
          ai_provider: ['read'],
          user: ['read_personal'],
          deployment_config: ['read']
        }
      }
    }
  },
  aibridged: {
    title: 'Model gateway',
    description: 'Passes requests on to the models and keeps the record of them.',
    grants: {
      site: {
        allow: {
          aibridge_interception: ['create', 'read', 'update'],
          ai_provider: ['read'],
          ai_model_price: ['update'],
          ai_seat: ['create'],
          api_key: ['read'],
          user: ['read', 'read_personal']
        }
      }
    }
  },
  'ai-provider-metadata-reader': {
    title: 'Vendor reader',
    description: 'Looks up which vendors of models there are.',
    grants: { site: { allow: { ai_provider: ['read'] } } }
  },

  // The servers' own hand. It reads everything; under a resource's own line the reading has to be named again.
  system: {
    title: 'System',
    description:
      'What the servers do for themselves, before anybody has signed in or for no one in particular.',
    grants: {
      site: {
        allow: {
          '*': ['read'],
          system: '*',
          user: ['create', 'read', 'update', 'delete', 'read_personal', 'update_personal'],
          organization: ['create', 'read'],
          organization_member: ['create', 'read', 'delete'],
          group: ['create', 'read', 'update'],
          assign_role: ['read', 'assign', 'unassign'],
          assign_org_role: ['create', 'read', 'update', 'delete', 'assign', 'unassign'],
          api_key: ['create', 'read', 'update', 'delete'],
          oauth2_app: ['create', 'read', 'update', 'delete'],
          oauth2_app_secret: ['create', 'read', 'update', 'delete'],
          crypto_key: ['create', 'read', 'update', 'delete'],
          workspace: [
            'read',
            'update',
            'delete',
            'start',
            'stop',
            'ssh',
            'create_agent',
            'update_agent',
            'delete_agent'
          ],
          workspace_dormant: ['read', 'update', 'delete', 'stop'],
          workspace_proxy: ['create', 'read', 'update', 'delete'],
          provisioner_daemon: ['create', 'read', 'update'],
          provisioner_jobs: ['create', 'read', 'update'],
          file: ['create', 'read'],
          notification_message: ['create', 'read', 'update', 'delete'],
          notification_preference: ['read', 'update'],
          notification_template: ['read', 'update'],
          deployment_config: ['read', 'update'],
          chat: ['create', 'read', 'update', 'delete'],
          ai_provider: ['create', 'read', 'update', 'delete']
        }
      }
    },
    assigns: ['*']
  }
} as const
