// A port of the default roles of Kubernetes: view, edit and admin, which are held in a namespace (here an
// organization), and cluster-admin, which is held everywhere.
import { definePolicy } from 'casemate'

const verbs = {
  get: 'read one',
  list: 'read all',
  watch: 'follow changes',
  create: 'add one',
  update: 'replace one',
  patch: 'change a part of one',
  delete: 'remove one',
  deletecollection: 'remove all'
} as const
const reads = ['get', 'list', 'watch'] as const
const writes = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const

const namespaced = { org: 'required', actions: verbs } as const
const ofTheCluster = { org: 'never', actions: verbs } as const

export default definePolicy({
  name: 'kubernetes',

  resources: {
    namespaces: {
      ...namespaced,
      description: 'Parts of the cluster. One is in itself, and while it is created too.'
    },
    pods: { ...namespaced, description: 'Running containers.' },
    'pods/log': { org: 'required', description: 'What a pod has printed.', actions: { get: 'read it' } },
    'pods/exec': { org: 'required', description: 'A shell in a pod.', actions: { create: 'open one' } },
    services: { ...namespaced, description: 'Addresses of pods.' },
    configmaps: { ...namespaced, description: 'Settings of programs.' },
    secrets: { ...namespaced, description: 'Settings that not everybody may see.' },
    serviceaccounts: { ...namespaced, description: 'Accounts of programs.' },
    'apps/deployments': { ...namespaced, description: 'Pods that are replaced when they stop.' },
    'apps/statefulsets': { ...namespaced, description: 'Pods with a place to keep data.' },
    'batch/jobs': { ...namespaced, description: 'Pods that end.' },
    'networking.k8s.io/ingresses': { ...namespaced, description: 'Ways into the cluster.' },
    resourcequotas: { ...namespaced, description: 'How much a namespace may use.' },
    'rbac.authorization.k8s.io/roles': { ...namespaced, description: 'Roles of a namespace.' },
    'rbac.authorization.k8s.io/rolebindings': { ...namespaced, description: 'Who holds a role there.' },
    nodes: { ...ofTheCluster, description: 'Its machines.' }
  },

  roles: {
    view: {
      title: 'View',
      kind: 'org',
      description: 'Reads a namespace, but no secrets, since those would let it act as somebody else.',
      grants: {
        org: {
          allow: {
            namespaces: [...reads],
            pods: [...reads],
            'pods/log': ['get'],
            services: [...reads],
            configmaps: [...reads],
            serviceaccounts: [...reads],
            'apps/deployments': [...reads],
            'apps/statefulsets': [...reads],
            'batch/jobs': [...reads],
            'networking.k8s.io/ingresses': [...reads],
            resourcequotas: [...reads]
          }
        }
      }
    },
    edit: {
      title: 'Edit',
      kind: 'org',
      description: 'Changes what runs in a namespace, and reads its secrets.',
      includes: ['view'],
      grants: {
        org: {
          allow: {
            pods: [...writes],
            'pods/exec': ['create'],
            services: [...writes],
            configmaps: [...writes],
            secrets: '*',
            serviceaccounts: [...writes],
            'apps/deployments': [...writes],
            'apps/statefulsets': [...writes],
            'batch/jobs': [...writes],
            'networking.k8s.io/ingresses': [...writes]
          }
        }
      }
    },
    admin: {
      title: 'Admin',
      kind: 'org',
      description: 'Also says who may do what in a namespace, but not how much it may use.',
      includes: ['edit'],
      grants: {
        org: {
          allow: { 'rbac.authorization.k8s.io/roles': '*', 'rbac.authorization.k8s.io/rolebindings': '*' }
        }
      },
      assigns: ['view', 'edit', 'admin', 'custom:org']
    },
    'cluster-admin': {
      title: 'Cluster admin',
      kind: 'site',
      description: 'Does everything everywhere.',
      grants: { site: { allow: { '*': '*' } } },
      assigns: ['*']
    }
  },

  assignPermissions: { org: 'rbac.authorization.k8s.io/rolebindings:create' },
  unassignPermissions: { org: 'rbac.authorization.k8s.io/rolebindings:delete' },

  systemSubjects: {
    'node-controller': {
      title: 'Node controller',
      grants: {
        site: {
          allow: { nodes: ['get', 'list', 'update', 'patch', 'delete'], pods: ['get', 'list', 'delete'] }
        }
      }
    }
  },

  invariants: [
    { name: 'edit can what view can, and admin what edit can', ladder: ['view', 'edit', 'admin'] },
    {
      name: 'view reads no secret',
      permissions: ['secrets:get', 'secrets:list', 'secrets:watch'],
      only: ['edit', 'admin', 'cluster-admin']
    },
    {
      name: 'nobody raises the quota of their own namespace',
      permissions: ['resourcequotas:create', 'resourcequotas:update', 'resourcequotas:patch'],
      only: ['cluster-admin']
    },
    {
      name: 'who may do what in a namespace is said by its admins',
      assigns: ['view', 'edit', 'admin'],
      only: ['admin', 'cluster-admin']
    }
  ],

  lint: {
    ignore: [
      {
        rule: 'future-wildcard',
        path: 'roles.cluster-admin.grants.site.allow.*',
        reason: 'Does everything everywhere, whatever the cluster comes to have.'
      },
      {
        rule: 'held-by-wildcard',
        path: 'roles.cluster-admin.grants.site.allow.*',
        reason: 'Quotas, namespaces and nodes are changed by the one role that has everything.'
      },
      {
        rule: 'similar-name',
        path: 'resources.namespaces.actions.patch',
        reason: 'Both are verbs of the product.'
      }
    ]
  }
})
