// A port of Grafana's access model: basic roles in an organization, fixed roles beside them, and permissions on folders.
// A folder may take away what the basic roles give; here that is an attribute of what lies in it.
import { definePolicy } from 'casemate'

const inFolders = {
  org: 'required',
  in: { folder: 'optional' },
  attributes: {
    restricted: {
      values: [true, false],
      description: 'Whether a folder above it takes the basic roles away.'
    }
  }
} as const
const open = { restricted: false } as const

export default definePolicy({
  name: 'grafana',

  containers: [
    { name: 'folder', description: 'Dashboards and folders that belong together, with every folder above.' }
  ],

  resources: {
    folder: {
      ...inFolders,
      actions: {
        create: 'add one',
        read: 'see it',
        update: 'rename it',
        delete: 'remove it',
        set_permissions: 'say who may'
      }
    },
    dashboard: {
      ...inFolders,
      actions: {
        create: 'add one',
        read: 'see it',
        update: 'change it',
        delete: 'remove it',
        set_permissions: 'say who may'
      },
      implies: { update: ['read'] }
    },
    alert_rule: {
      ...inFolders,
      actions: { create: 'add one', read: 'see it', update: 'change it', delete: 'remove it' },
      implies: { update: ['read'] }
    },
    data_source: {
      org: 'required',
      actions: {
        create: 'connect one',
        read: 'see its settings',
        query: 'ask it what a dashboard shows',
        explore: 'ask it anything',
        update: 'change it',
        delete: 'remove it'
      }
    },
    report: {
      org: 'required',
      actions: {
        create: 'add one',
        read: 'see it',
        send: 'send it',
        update: 'change it',
        delete: 'remove it'
      }
    },
    playlist: {
      org: 'required',
      description: 'Dashboards one after the other.',
      actions: { create: 'add one', read: 'see it', update: 'change it', delete: 'remove it' }
    },
    org_user: {
      org: 'required',
      actions: { add: 'let somebody in', read: 'see them', write: 'change their role', remove: 'put out' }
    },
    team: {
      org: 'required',
      actions: {
        create: 'add one',
        read: 'see it',
        write: 'change it',
        delete: 'remove it',
        manage_members: 'say who is in it'
      }
    },
    organization: {
      org: 'optional',
      actions: { create: 'add one', read: 'see its preferences', write: 'change them', delete: 'remove it' }
    },
    user: {
      org: 'never',
      actions: { create: 'add an account', read: 'see it', write: 'change it', delete: 'remove it' }
    },
    settings: { org: 'never', actions: { read: 'see how the server is set up', write: 'change it' } }
  },

  roles: {
    'grafana-admin': {
      title: 'Grafana server administrator',
      kind: 'site',
      description:
        'Runs the server: its accounts, organizations and settings, and not what is in the organizations.',
      grants: { site: { allow: { user: '*', organization: '*', settings: '*', org_user: '*' } } },
      assigns: ['grafana-admin', 'viewer', 'editor', 'admin']
    },

    viewer: {
      title: 'Viewer',
      kind: 'org',
      description: 'Looks at dashboards.',
      grants: {
        org: {
          allow: {
            folder: { actions: ['read'], where: open },
            dashboard: { actions: ['read'], where: open },
            alert_rule: { actions: ['read'], where: open },
            data_source: ['query'],
            playlist: ['read'],
            organization: ['read']
          }
        }
      }
    },
    editor: {
      title: 'Editor',
      kind: 'org',
      description: 'Makes dashboards and alerts, and explores what is in the data sources.',
      includes: ['viewer'],
      grants: {
        org: {
          allow: {
            folder: { actions: ['create', 'update', 'delete'], where: open },
            dashboard: { actions: ['create', 'update', 'delete'], where: open },
            alert_rule: { actions: ['create', 'update', 'delete'], where: open },
            data_source: ['explore'],
            playlist: '*'
          }
        }
      }
    },
    admin: {
      title: 'Admin',
      kind: 'org',
      description: 'Runs an organization. No folder keeps an admin out.',
      grants: {
        org: {
          allow: {
            folder: '*',
            dashboard: '*',
            alert_rule: '*',
            data_source: '*',
            report: '*',
            playlist: '*',
            org_user: '*',
            team: '*',
            organization: ['read', 'write']
          }
        }
      },
      assigns: [
        'viewer',
        'editor',
        'admin',
        'fixed:datasources:explorer',
        'fixed:reports:reader',
        'fixed:reports:writer',
        'fixed:teams:creator',
        'fixed:teams:writer',
        'custom:org',
        'folder-view',
        'folder-edit',
        'folder-admin'
      ]
    },

    'fixed:datasources:explorer': {
      title: 'Data source explorer',
      kind: 'org',
      grants: { org: { allow: { data_source: ['explore'] } } }
    },
    'fixed:reports:reader': {
      title: 'Report reader',
      kind: 'org',
      grants: { org: { allow: { report: ['read', 'send'] } } }
    },
    'fixed:reports:writer': {
      title: 'Report writer',
      kind: 'org',
      grants: { org: { allow: { report: '*' } } }
    },
    'fixed:teams:creator': {
      title: 'Team creator',
      kind: 'org',
      grants: { org: { allow: { team: ['create'], org_user: ['read'] } } }
    },
    'fixed:teams:writer': {
      title: 'Team writer',
      kind: 'org',
      grants: { org: { allow: { team: '*' } } }
    },

    'folder-view': {
      title: 'View a folder',
      kind: 'folder',
      grants: { folder: { allow: { folder: ['read'], dashboard: ['read'], alert_rule: ['read'] } } }
    },
    'folder-edit': {
      title: 'Edit in a folder',
      kind: 'folder',
      includes: ['folder-view'],
      grants: {
        folder: {
          allow: {
            folder: ['create', 'update', 'delete'],
            dashboard: ['create', 'update', 'delete'],
            alert_rule: ['create', 'update', 'delete']
          }
        }
      }
    },
    'folder-admin': {
      title: 'Administrate a folder',
      kind: 'folder',
      includes: ['folder-edit'],
      grants: { folder: { allow: { folder: ['set_permissions'], dashboard: ['set_permissions'] } } },
      assigns: ['folder-view', 'folder-edit', 'folder-admin']
    }
  },

  assignPermissions: { site: 'user:write', org: 'org_user:write', folder: 'folder:set_permissions' },
  unassignPermissions: { site: 'user:write', org: 'org_user:write', folder: 'folder:set_permissions' },

  invariants: [
    {
      name: 'an editor can what a viewer can, an admin what an editor can',
      ladder: ['viewer', 'editor', 'admin']
    },
    { name: 'so it is in a folder', ladder: ['folder-view', 'folder-edit', 'folder-admin'] },
    {
      name: 'a restricted folder is for its own people and for admins',
      permissions: ['dashboard:read'],
      relation: 'other folder, restricted = true',
      only: ['admin']
    },
    {
      name: 'who runs the server sees no dashboard',
      permissions: ['dashboard:*'],
      relation: 'other org',
      only: ['folder-view', 'folder-edit', 'folder-admin']
    },
    {
      name: 'admins are made by admins, or by who runs the server',
      assigns: ['admin'],
      only: ['admin', 'grafana-admin']
    }
  ],

  lint: {
    ignore: [
      {
        rule: 'over-assigning-role',
        path: 'roles.grafana-admin.assigns[viewer]',
        reason: 'Who runs the server says who is in an organization, and sees nothing of it.'
      },
      {
        rule: 'over-assigning-role',
        path: 'roles.grafana-admin.assigns[editor]',
        reason: 'Who runs the server says who is in an organization, and sees nothing of it.'
      },
      {
        rule: 'over-assigning-role',
        path: 'roles.grafana-admin.assigns[admin]',
        reason: 'Who runs the server says who is in an organization, and sees nothing of it.'
      }
    ]
  }
})
