// A policy with projects inside organizations and with teams, for examples of delegation; every kind of entry in
// `assigns`, and givers by what they hold.
import { compile, parsePolicy, type Policy, type PolicyData, type Subject } from '../../src/index.js'

export const documents = {
  name: 'containers',
  containers: [{ name: 'team' }, { name: 'project' }],
  resources: {
    doc: {
      in: { project: 'optional', team: 'optional' },
      attributes: {
        status: { values: ['draft', 'published'], default: 'draft' },
        locked: { values: [true, false] }
      },
      acl: { levels: { viewer: ['read'], editor: { except: ['delete'] }, none: [] } },
      actions: { read: '', update: '', delete: '', share: '' },
      implies: { update: ['read'] }
    },
    seat: { org: 'required', in: { project: 'required' }, actions: { give: '', take: '' } },
    log: { actions: { read: '' } }
  },
  options: { strict: { values: [true, false], default: false } },
  roles: {
    boss: { kind: 'site', grants: { site: { allow: { '*': '*' } } }, assigns: ['*'] },
    founder: { kind: 'site', assigns: ['custom:project', 'lead'] },
    reader: { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } },
    admin: { kind: 'org', grants: { org: { allow: { '*': '*' } } }, assigns: ['*'] },
    own: { kind: 'org', grants: { orgMember: { allow: { doc: '*' } } } },
    mute: { kind: 'org', grants: { orgMember: { deny: { doc: '*' } } } },
    lead: {
      kind: 'project',
      includes: ['viewer'],
      grants: { project: { allow: { doc: ['update', 'delete'] } } },
      assigns: ['viewer', 'custom:project']
    },
    viewer: { kind: 'project', grants: { project: { allow: { doc: ['read'] } } } },
    author: { kind: 'project', grants: { projectMember: { allow: { doc: ['read', 'update'] } } } },
    drafter: {
      kind: 'project',
      grants: { project: { allow: { doc: { actions: ['read', 'update'], where: { status: 'draft' } } } } }
    },
    publisher: {
      kind: 'project',
      grants: { project: { allow: { doc: { actions: ['read', 'update'], where: { status: 'published' } } } } }
    },
    barred: { kind: 'project', grants: { project: { deny: { doc: '*' } } } },
    guest: { kind: 'team', grants: { team: { deny: { doc: '*' } } } }
  },
  systemSubjects: { signup: { assigns: ['viewer'] } }
} satisfies PolicyData

export const policy: Policy = compile(parsePolicy(documents))

type Held = string | Readonly<Record<string, string>>

/** Somebody who holds these roles. */
export function holding(...roles: readonly Held[]): Subject {
  return policy.subject({ id: 'u1', roles: roles as never })
}

export const p1 = { project: 'p1' }
export const inO1 = { org: 'o1', project: 'p1' }
