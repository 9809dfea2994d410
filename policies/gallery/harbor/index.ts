// A port of the project roles of Harbor, a registry of container images, from the facts of its published table.
// Projects are places of their own and lie in no organization; what is in a public project, everybody reads.
import { definePolicy } from 'casemate'

const visibility = {
  visibility: { values: ['private', 'public'], description: 'Whether the project is open to everybody.' }
} as const
const inProject = { org: 'never', in: { project: 'required' }, attributes: visibility } as const
const isPublic = { visibility: 'public' } as const

export default definePolicy({
  name: 'harbor',

  containers: [{ name: 'project', description: 'Repositories that some people work on together.' }],

  resources: {
    project: {
      ...inProject,
      actions: { read: 'see its settings', update: 'change them', delete: 'remove it' }
    },
    member: {
      ...inProject,
      actions: { list: 'see who is in', manage_members: 'add, change and remove people' }
    },
    log: { ...inProject, actions: { list: 'see what was done' } },
    label: { ...inProject, actions: { list: 'see them', write: 'create, edit and delete them' } },
    replication: { ...inProject, actions: { list: 'see the rules', list_jobs: 'see what they did' } },
    repository: {
      ...inProject,
      actions: { list: 'see which there are', create: 'begin one', update: 'edit one', delete: 'remove one' }
    },
    image: {
      ...inProject,
      actions: {
        list: 'see which there are',
        pull: 'download one',
        retag: 'copy one under another name',
        push: 'upload one',
        label: 'put labels on one',
        scan: 'look for vulnerabilities in it',
        delete: 'remove one',
        list_vulnerabilities: 'see what a scan has found',
        read_history: 'see how it was built'
      }
    },
    robot_account: { ...inProject, actions: { list: 'see them', write: 'create, edit and delete them' } },
    scanner: { ...inProject, actions: { read: 'see which one scans', update: 'choose another one' } },
    tag_rule: {
      ...inProject,
      actions: {
        write_retention: 'say which tags are kept',
        write_immutability: 'say which are never overwritten'
      }
    },
    webhook: { ...inProject, actions: { list: 'see what it has told', write: 'create and switch them' } },
    quota: { ...inProject, actions: { read: 'see how much may be stored', update: 'change that' } },
    registry: {
      description: 'The installation itself.',
      org: 'never',
      actions: { create_project: 'begin a project', administrate: 'everything else' }
    }
  },

  roles: {
    user: {
      title: 'User',
      kind: 'site',
      description: 'Everybody who can sign in: begins projects, and reads what is public.',
      grants: {
        site: {
          allow: {
            registry: ['create_project'],
            repository: { actions: ['list'], where: isPublic },
            image: { actions: ['list', 'pull', 'list_vulnerabilities'], where: isPublic }
          }
        }
      }
    },
    system_administrator: {
      title: 'System administrator',
      kind: 'site',
      description: 'Does everything in every project.',
      grants: { site: { allow: { '*': '*' } } },
      assigns: ['*']
    },

    limited_guest: {
      title: 'Limited guest',
      kind: 'project',
      description: 'Pulls images, and sees neither the other members nor the log.',
      grants: {
        project: {
          allow: {
            project: ['read'],
            repository: ['list'],
            image: ['list', 'pull', 'list_vulnerabilities', 'read_history'],
            scanner: ['read'],
            quota: ['read']
          }
        }
      }
    },
    guest: {
      title: 'Guest',
      kind: 'project',
      description: 'Reads everything of a project, and copies images.',
      includes: ['limited_guest'],
      grants: { project: { allow: { member: ['list'], log: ['list'], image: ['retag'] } } }
    },
    developer: {
      title: 'Developer',
      kind: 'project',
      description: 'Uploads images, and says which are kept.',
      includes: ['guest'],
      grants: {
        project: {
          allow: { repository: ['create'], image: ['push', 'label'], tag_rule: ['write_retention'] }
        }
      }
    },
    maintainer: {
      title: 'Maintainer',
      kind: 'project',
      description: 'Tidies up: scans and removes images, and sees what is set up.',
      includes: ['developer'],
      grants: {
        project: {
          allow: {
            repository: ['update', 'delete'],
            image: ['scan', 'delete'],
            label: '*',
            replication: ['list'],
            robot_account: ['list'],
            tag_rule: ['write_immutability'],
            webhook: ['list']
          }
        }
      }
    },
    project_admin: {
      title: 'Project administrator',
      kind: 'project',
      description: 'Runs a project and says who is in it.',
      includes: ['maintainer'],
      grants: {
        project: {
          allow: {
            project: ['update', 'delete'],
            member: ['manage_members'],
            replication: ['list_jobs'],
            robot_account: ['write'],
            scanner: ['update'],
            webhook: ['write']
          }
        }
      },
      assigns: ['limited_guest', 'guest', 'developer', 'maintainer', 'project_admin']
    }
  },

  invariants: [
    {
      name: 'each role of a project can what the one below it can',
      ladder: ['limited_guest', 'guest', 'developer', 'maintainer', 'project_admin']
    },
    {
      name: 'nobody uploads to a public project because it is public',
      permissions: ['image:push'],
      relation: 'other project',
      only: ['system_administrator']
    },
    {
      name: 'project administrators are made by project administrators',
      assigns: ['project_admin'],
      only: ['project_admin', 'system_administrator']
    },
    {
      name: 'no project gives itself more room',
      permissions: ['quota:update'],
      only: ['system_administrator']
    }
  ],

  lint: {
    ignore: [
      {
        rule: 'future-wildcard',
        path: 'roles.system_administrator.grants.site.allow.*',
        reason: 'Who runs the installation does everything in it, whatever it comes to have.'
      },
      {
        rule: 'held-by-wildcard',
        path: 'roles.system_administrator.grants.site.allow.*',
        reason: 'Quotas and the installation itself are for the one role that has everything.'
      }
    ]
  }
})
