// The oracle about containers, attributes, implied actions, included roles, graded sharing and keys of organizations:
// questions whose answers were worked out by hand from the sentences of the spec's section 2, each beside its nearest
// opposite.
import { describe, expect, it } from 'vitest'

import type { PolicyData } from '../../src/document/types.js'
import { modelActionsOn, modelAnswer, modelCanSome, modelExplain, type World } from '../model.js'

const actions = { read: 'Read', update: 'Update', delete: 'Delete', share: 'Share', use_shared: 'Use' }
const document: PolicyData = {
  name: 'model',
  containers: [{ name: 'project' }, { name: 'team' }],
  options: { strict: { values: [true, false], default: false } },
  orgOptions: { mode: { values: ['open', 'closed'] } },
  resources: {
    doc: {
      in: { project: 'optional', team: 'optional' },
      attributes: {
        status: { values: ['draft', 'review', 'published'], default: 'draft' },
        locked: { values: [true, false], default: false }
      },
      acl: true,
      actions,
      implies: { update: ['read'], delete: ['update'] }
    },
    page: { in: { project: 'required' }, attributes: { hidden: { values: [true, false] } }, actions },
    'site.log/entry': { actions },
    // Shared by levels, with every setting that narrows.
    graded: {
      in: { project: 'optional' },
      acl: { levels: { viewer: ['read'], editor: { except: ['delete'] }, owner: '*' } },
      actions,
      implies: { update: ['read'] }
    },
    members: { acl: { members: true }, actions },
    gated: { acl: { requires: 'use_shared' }, in: { project: 'optional' }, actions },
    bannable: { acl: { overridesDeny: false }, actions }
  },
  roles: {
    everything: { kind: 'site', grants: { site: { allow: { '*': '*' } } } },
    banned: { kind: 'site', grants: { site: { deny: { '*': '*' } } } },
    own: { kind: 'site', grants: { user: { allow: { doc: '*' } } } },
    member: { kind: 'org' },
    'org-reader': { kind: 'org', grants: { org: { allow: { '*': ['read', 'use_shared'] } } } },
    'org-frozen': { kind: 'org', grants: { org: { deny: { '*': '*' } } } },
    'org-owner': { kind: 'org', grants: { orgMember: { allow: { '*': '*' } } } },
    reader: { kind: 'project', grants: { project: { allow: { '*': ['read'] } } } },
    writer: {
      kind: 'project',
      includes: ['reader'],
      grants: {
        project: {
          allow: {
            doc: [{ actions: ['update'], where: { status: ['draft', 'review'], locked: false } }]
          }
        }
      }
    },
    frozen: { kind: 'project', grants: { project: { deny: { doc: ['update'] } } } },
    author: { kind: 'project', grants: { projectMember: { allow: { doc: '*' } } } },
    maintainer: {
      kind: 'project',
      includes: ['writer', 'varying'],
      grants: { project: { allow: { doc: { except: ['delete'], where: { locked: false } } } } }
    },
    varying: {
      kind: 'project',
      grants: { project: { allow: { page: ['share'] } } },
      variants: [{ when: { strict: true }, grants: { project: { allow: { page: [] } } } }]
    },
    shy: {
      kind: 'site',
      grants: { site: { allow: { doc: ['update'] }, deny: { doc: ['read'] } } }
    },
    unlocked: {
      kind: 'site',
      grants: { site: { allow: { '*': ['read'] }, deny: { doc: { actions: '*', where: { locked: true } } } } }
    },
    'team-lead': { kind: 'team', grants: { team: { allow: { doc: '*' } } } },
    'reads-mode': {
      kind: 'org',
      variants: [{ when: { mode: 'open' }, grants: { org: { allow: { doc: ['share'] } } } }]
    },
    'includes-mode': { kind: 'org', includes: ['reads-mode'] }
  },
  systemSubjects: { importer: { grants: { site: { allow: { doc: ['delete'] } } } } },
  scopes: {
    drafts: { allow: { doc: [{ actions: '*', where: { status: 'draft' } }] } },
    updating: { allow: { '*': ['update'] } }
  }
}
const world: World = {
  document,
  options: {},
  customRoles: {
    site: {},
    orgs: { o1: { local: { kind: 'org', includes: ['org-reader'] } } },
    containers: {
      project: { p1: { local: { kind: 'project', includes: ['reader'] } } },
      team: { t1: { local: { kind: 'team', grants: { team: { allow: { doc: ['share'] } } } } } }
    }
  }
}

const held = (role: string, place: object): object => ({ role, ...place })
const o1 = { org: 'o1' }
const o2 = { org: 'o2' }
const p1 = { project: 'p1' }
const p2 = { project: 'p2' }
const doc = { type: 'doc' }

type Asked = [roles: readonly unknown[], action: string, object: object, ceiling?: object]

function answer(...[roles, action, object, ceiling = {}]: Asked): string {
  const given = modelAnswer(world, { subject: { id: 'u1', roles, ...ceiling }, action, object })
  return 'error' in given ? given.error : given.reason
}

describe('containers', () => {
  it('asks the roles held in the project of the object, and no others', () => {
    expect(answer([held('reader', p1)], 'read', { ...doc, ...p1 })).toBe('granted')
    expect(answer([held('reader', p1)], 'read', { ...doc, ...p2 })).toBe('not_granted')
    expect(answer([held('reader', p1)], 'read', doc)).toBe('not_granted')
    expect(answer([held('reader', p1)], 'read', { ...doc, project: [] })).toBe('not_granted')
    // The same id, of another kind of container.
    expect(answer([held('reader', p1)], 'read', { ...doc, team: 'p1' })).toBe('not_granted')
  })
  it("lets an organization's deny win over a project's allow, and a project's allow stand where it abstains", () => {
    const inBoth = { ...doc, ...o1, ...p1 }
    expect(answer([held('org-frozen', o1), held('reader', p1)], 'read', inBoth)).toBe('denied')
    expect(answer([held('member', o1), held('reader', p1)], 'read', inBoth)).toBe('granted')
    // Who does not belong to the organization may still hold a role in a project of it.
    expect(answer([held('reader', p1)], 'read', inBoth)).toBe('granted')
  })
  it("lets an organization's allow win over a project's deny", () => {
    const roles = [held('org-owner', o1), held('frozen', p1)]
    expect(answer(roles, 'update', { ...doc, ...o1, ...p1, owner: 'u1' })).toBe('granted')
    expect(answer(roles, 'update', { ...doc, ...o1, ...p1, owner: 'u2' })).toBe('denied')
  })
  it('lets the roles of all projects of an object vote together, where a deny wins', () => {
    const roles = [held('writer', p1), held('frozen', p2)]
    expect(answer(roles, 'update', { ...doc, ...p1 })).toBe('granted')
    expect(answer(roles, 'update', { ...doc, project: ['p1', 'p2'] })).toBe('denied')
    expect(answer(roles, 'update', { ...doc, project: ['p3', 'p1'] })).toBe('granted')
    expect(answer(roles, 'read', { ...doc, project: ['p1', 'p2'] })).toBe('granted')
  })
  it('asks the containers in the order of the document, the member level after its own', () => {
    const inBoth = { ...doc, ...p1, team: 't1' }
    const lead = held('team-lead', { team: 't1' })
    expect(answer([held('frozen', p1), lead], 'update', inBoth)).toBe('denied')
    expect(answer([held('frozen', p1), lead], 'share', inBoth)).toBe('granted')
    expect(answer([held('frozen', p1), held('author', p1)], 'update', { ...inBoth, owner: 'u1' })).toBe(
      'denied'
    )
    expect(answer([held('author', p1)], 'update', { ...inBoth, owner: 'u1' })).toBe('granted')
    expect(answer([held('author', p1)], 'update', { ...inBoth, owner: 'u2' })).toBe('not_granted')
  })
  it('has no vote of the user level about an own object in a container', () => {
    expect(answer(['own'], 'read', { ...doc, owner: 'u1' })).toBe('granted')
    expect(answer(['own'], 'read', { ...doc, owner: 'u1', project: '' })).toBe('granted')
    expect(answer(['own'], 'read', { ...doc, owner: 'u1', ...p1 })).toBe('not_granted')
    expect(answer(['own'], 'read', { ...doc, owner: 'u1', team: ['t9'] })).toBe('not_granted')
  })
  it('reaches with anyOrg an object in a container only through an organization of the subject', () => {
    const object = { ...doc, ...p1, anyOrg: true }
    // No organization: there is no object "with `org` set to it".
    expect(answer([held('reader', p1)], 'read', object)).toBe('not_granted')
    expect(answer([held('reader', p1), held('member', o1)], 'read', object)).toBe('granted')
    // In the one organization a deny comes first, in the other nothing does.
    const frozen = [held('reader', p1), held('org-frozen', o1)]
    expect(answer(frozen, 'read', object)).toBe('not_granted')
    expect(answer([...frozen, held('member', o2)], 'read', object)).toBe('granted')
    expect(answer(['everything'], 'read', object)).toBe('granted')
  })
  it('holds custom roles of one container in that one alone', () => {
    expect(answer([held('local', p1)], 'read', { ...doc, ...p1 })).toBe('granted')
    expect(answer([held('local', { team: 't1' })], 'share', { ...doc, team: 't1' })).toBe('granted')
    expect(answer([held('local', o1)], 'read', { ...doc, ...o1 })).toBe('granted')
    expect(answer([held('local', p2)], 'read', { ...doc, ...p2 })).toBe('unknown_role')
    expect(answer(['local'], 'read', doc)).toBe('unknown_role')
  })
})

describe('attributes', () => {
  it('matches a grant where every attribute has one of its values', () => {
    const roles = [held('writer', p1)]
    const update = (facts: object): string => answer(roles, 'update', { ...doc, ...p1, ...facts })
    expect(update({ status: 'review', locked: false })).toBe('granted')
    expect(update({ status: 'published', locked: false })).toBe('not_granted')
    expect(update({ status: 'review', locked: true })).toBe('not_granted')
  })
  it('takes the default for a missing or null attribute', () => {
    const roles = [held('writer', p1)]
    expect(answer(roles, 'update', { ...doc, ...p1 })).toBe('granted')
    expect(answer(roles, 'update', { ...doc, ...p1, status: null, locked: undefined })).toBe('granted')
  })
  it('matches a deny in the same way', () => {
    expect(answer(['unlocked'], 'read', { ...doc, locked: true })).toBe('denied')
    expect(answer(['unlocked'], 'read', { ...doc, locked: false })).toBe('granted')
  })
  it('matches all but a list where the condition holds', () => {
    const roles = [held('maintainer', p1)]
    expect(answer(roles, 'share', { ...doc, ...p1 })).toBe('granted')
    expect(answer(roles, 'share', { ...doc, ...p1, locked: true })).toBe('not_granted')
    expect(answer(roles, 'delete', { ...doc, ...p1 })).toBe('not_granted')
  })
  it('asks a scope with a condition about the object too', () => {
    expect(answer(['everything'], 'read', doc, { scopes: ['drafts'] })).toBe('granted')
    expect(answer(['everything'], 'read', { ...doc, status: 'review' }, { scopes: ['drafts'] })).toBe(
      'outside_scope'
    )
  })
  it('reports an attribute that is missing before one that has another value', () => {
    const page = { type: 'page', ...p1 }
    expect(answer(['everything'], 'read', { ...page, hidden: false })).toBe('granted')
    expect(answer(['everything'], 'read', page)).toBe('missing_attribute')
    expect(answer(['everything'], 'read', { ...page, hidden: null })).toBe('missing_attribute')
    for (const hidden of ['', 'true', 0, [], {}]) {
      expect(answer(['everything'], 'read', { ...page, hidden })).toBe('invalid_attribute')
    }
  })
})

describe('implied actions', () => {
  it('lets an allow through that implies the action, through others too, and never the other way', () => {
    const delegate = { id: 'u1', roles: [held('author', p1)] }
    expect(modelActionsOn(world, { subject: delegate, object: { ...doc, ...p1, owner: 'u2' } })).toEqual([])
    const importer = { system: 'importer' }
    expect(modelActionsOn(world, { subject: importer, object: doc })).toEqual(['read', 'update', 'delete'])
    expect(answer([held('reader', p1)], 'update', { ...doc, ...p1 })).toBe('not_granted')
  })
  it('implies under the same condition', () => {
    const asked = { subject: { id: 'u1', roles: [held('writer', p1)] }, action: 'read' }
    const judged = modelExplain(world, { ...asked, object: { ...doc, ...p1 } })
    const other = modelExplain(world, { ...asked, object: { ...doc, ...p1, locked: true } })
    expect(judged).toMatchObject({
      deciding: [
        { role: 'writer', permission: 'doc:update where status = draft | review, locked = false' },
        { role: 'writer', included: 'reader', permission: '*:read' }
      ]
    })
    expect(other).toMatchObject({ deciding: [{ role: 'writer', included: 'reader', permission: '*:read' }] })
  })
  it('implies nothing by a deny, and a deny of what is implied wins', () => {
    expect(answer(['shy'], 'read', doc)).toBe('denied')
    expect(answer(['shy'], 'update', doc)).toBe('granted')
    expect(answer([held('frozen', p1), held('reader', p1)], 'read', { ...doc, ...p1 })).toBe('granted')
    // A deny of `update` does not deny `delete`, which implies it.
    const lead = held('team-lead', { team: 't1' })
    expect(answer([held('frozen', p1), lead], 'delete', { ...doc, ...p1, team: 't1' })).toBe('granted')
  })
  it('implies by a scope, low-level or declared', () => {
    expect(answer(['everything'], 'read', doc, { scopes: ['doc:update'] })).toBe('granted')
    expect(answer(['everything'], 'read', doc, { scopes: ['doc:delete'] })).toBe('granted')
    expect(answer(['everything'], 'delete', doc, { scopes: ['doc:update'] })).toBe('outside_scope')
    expect(answer(['everything'], 'read', doc, { scopes: ['updating'] })).toBe('granted')
    // Another resource, in which nothing implies anything.
    const page = { type: 'page', ...p1, hidden: false }
    expect(answer(['everything'], 'read', page, { scopes: ['updating'] })).toBe('outside_scope')
  })
  it('implies after the exceptions of a set', () => {
    // All but `delete` of an unlocked one: `update` is left, and implies `read`, which is left too.
    expect(answer([held('maintainer', p1)], 'update', { ...doc, ...p1, status: 'published' })).toBe('granted')
    expect(answer([held('maintainer', p1)], 'delete', { ...doc, ...p1, status: 'published' })).toBe(
      'not_granted'
    )
  })
  it('implies by an ACL entry', () => {
    const shared = (...given: string[]): object => ({ ...doc, acl: { users: { u1: given } } })
    expect(answer([], 'read', shared('update'))).toBe('granted_by_acl')
    expect(answer([], 'update', shared('read'))).toBe('not_granted')
    expect(answer([], 'read', shared('nope'))).toBe('not_granted')
  })
})

describe('included roles', () => {
  it('grants and denies what the roles do that it includes, through others too', () => {
    expect(answer([held('maintainer', p1)], 'read', { type: 'site.log/entry' })).toBe('not_granted')
    expect(answer([held('maintainer', p1)], 'read', { type: 'page', ...p1, hidden: true })).toBe('granted')
    expect(answer([held('maintainer', p1)], 'read', { type: 'page', ...p2, hidden: true })).toBe(
      'not_granted'
    )
  })
  it('varies the included role under the same settings', () => {
    const page = { type: 'page', ...p1, hidden: true }
    expect(answer([held('maintainer', p1)], 'share', page)).toBe('granted')
    const given = { subject: { id: 'u1', roles: [held('maintainer', p1)] }, action: 'share', object: page }
    expect(modelAnswer({ ...world, options: { strict: true } }, given)).toMatchObject({
      reason: 'not_granted'
    })
  })
  it('reads a setting that an included role reads', () => {
    const roles = [held('includes-mode', o1)]
    const object = { ...doc, ...o1 }
    expect(answer(roles, 'share', object)).toBe('missing_option')
    expect(answer(roles, 'share', object, { orgOptions: { o1: { mode: 'open' } } })).toBe('granted')
    expect(answer(roles, 'share', object, { orgOptions: { o1: { mode: 'closed' } } })).toBe('not_granted')
    expect(answer(roles, 'share', object, { orgOptions: { o2: { mode: 'open' } } })).toBe('missing_option')
  })
})

describe('graded sharing', () => {
  const shared = (type: string, ...given: string[]): object => ({ type, acl: { users: { u1: given } } })
  const toGroup = (type: string, ...given: string[]): object => ({ type, acl: { groups: { g1: given } } })
  const groups = { groups: ['g1'] }

  it("holds a level's actions and what they imply", () => {
    expect(answer([], 'read', shared('graded', 'viewer'))).toBe('granted_by_acl')
    expect(answer([], 'update', shared('graded', 'viewer'))).toBe('not_granted')
    expect(answer([], 'update', shared('graded', 'editor'))).toBe('granted_by_acl')
    expect(answer([], 'delete', shared('graded', 'editor'))).toBe('not_granted')
    expect(answer([], 'delete', shared('graded', 'owner'))).toBe('granted_by_acl')
    // A name of another resource's levels is an action that this one lacks.
    expect(answer([], 'read', shared('doc', 'owner'))).toBe('not_granted')
  })
  it('counts an entry for a user only in an organization of the subject where members alone count', () => {
    const object = shared('members', 'read')
    expect(answer([held('member', o1)], 'read', { ...object, ...o1 })).toBe('granted_by_acl')
    expect(answer([held('member', o1)], 'read', { ...object, ...o2 })).toBe('not_granted')
    expect(answer([held('member', o1)], 'read', object)).toBe('not_granted')
    expect(answer([held('member', o1)], 'read', { ...object, anyOrg: true })).toBe('granted_by_acl')
    expect(answer([], 'read', { ...object, anyOrg: true })).toBe('not_granted')
  })
  it('counts no entry unless the roles allow the required action on the same object', () => {
    const object = shared('gated', 'delete')
    expect(answer([held('org-reader', o1)], 'delete', { ...object, ...o1 })).toBe('granted_by_acl')
    expect(answer([held('org-reader', o1)], 'delete', { ...object, ...o2 })).toBe('not_granted')
    expect(answer([], 'delete', object)).toBe('not_granted')
    // The gate itself is passed by roles alone.
    expect(answer([], 'use_shared', shared('gated', 'use_shared'))).toBe('not_granted')
    // "Ceilings are not asked about that one."
    const key = { scopes: ['gated:delete'] }
    expect(answer([held('org-reader', o1)], 'delete', { ...object, ...o1 }, key)).toBe('granted_by_acl')
  })
  it('counts no entry against a deny where entries do not override one', () => {
    const object = shared('bannable', 'read')
    expect(answer(['banned'], 'read', object)).toBe('denied')
    expect(answer(['banned'], 'read', shared('graded', 'read'))).toBe('granted_by_acl')
    expect(answer([], 'read', object)).toBe('granted_by_acl')
    expect(answer([held('org-frozen', o1)], 'read', { ...object, ...o1 })).toBe('denied')
    expect(answer([held('org-frozen', o1)], 'read', object)).toBe('granted_by_acl')
  })
  it('asks under anyOrg for one organization in which an entry counts, the entry for everyone left out', () => {
    const any = { anyOrg: true }
    const object = { ...toGroup('bannable', 'read'), ...any }
    const frozen = held('org-frozen', o1)
    expect(answer([held('member', o1)], 'read', object, groups)).toBe('granted_by_acl')
    expect(answer([frozen], 'read', object, groups)).toBe('not_granted')
    expect(answer([frozen, held('member', o2)], 'read', object, groups)).toBe('granted_by_acl')
    expect(answer([], 'read', object, groups)).toBe('not_granted')
    expect(answer([held('member', o1), 'banned'], 'read', object, groups)).toBe('denied')
    // An entry for a user needs one too, as soon as there is a setting.
    expect(answer([], 'read', { ...shared('bannable', 'read'), ...any })).toBe('not_granted')
    expect(answer([], 'read', { ...shared('graded', 'read'), ...any })).toBe('granted_by_acl')
    const everyone = { type: 'bannable', acl: { groups: { o1: ['read'] } } }
    expect(answer([held('member', o1)], 'read', { ...everyone, ...o1 })).toBe('granted_by_acl')
    expect(answer([held('member', o1)], 'read', { ...everyone, ...any })).toBe('not_granted')
    // The gate is asked in each organization by itself.
    const gated = { ...toGroup('gated', 'delete'), ...any }
    expect(answer([held('member', o1)], 'delete', gated, groups)).toBe('not_granted')
    expect(answer([held('member', o1), held('org-reader', o2)], 'delete', gated, groups)).toBe(
      'granted_by_acl'
    )
  })
})

describe('organizations of a key', () => {
  const roles = [held('org-reader', o1), held('org-reader', o2)]
  const only = (...onlyOrgs: string[]): object => ({ onlyOrgs })

  it('acts in the organizations of the list alone, and with `*none` in none', () => {
    expect(answer(roles, 'read', { ...doc, ...o1 }, only('o1'))).toBe('granted')
    expect(answer(roles, 'read', { ...doc, ...o2 }, only('o1'))).toBe('outside_org')
    expect(answer(['everything'], 'read', doc, only('o1'))).toBe('outside_org')
    expect(answer(['everything'], 'read', doc, only('*none'))).toBe('granted')
    expect(answer(['everything'], 'read', { ...doc, ...o1 }, only('*none'))).toBe('outside_org')
    expect(answer(['everything'], 'read', doc, only('*'))).toBe('granted')
    expect(answer(['everything'], 'read', doc, only())).toBe('outside_org')
  })
  it('never takes `*` and `*none` for ids', () => {
    expect(answer(['everything'], 'read', { ...doc, org: '*none' }, only('*none'))).toBe('outside_org')
    const held1 = [held('org-reader', { org: '*none' })]
    expect(answer(held1, 'read', { ...doc, anyOrg: true }, only('*none'))).toBe('outside_org')
    expect(answer(held1, 'read', { ...doc, org: '*none' }, only('*'))).toBe('granted')
  })
  it('is asked last', () => {
    expect(answer([], 'read', { ...doc, ...o1 }, only())).toBe('not_granted')
    expect(answer(roles, 'read', { ...doc, ...o1 }, { ...only(), scopes: [] })).toBe('outside_scope')
    expect(answer(roles, 'read', { ...doc, ...o1 }, { ...only(), allowList: [] })).toBe('outside_allow_list')
  })
  it('leaves under anyOrg the organizations that every list has', () => {
    const any = { ...doc, anyOrg: true }
    const both = (first: readonly string[], second: readonly string[], who: readonly unknown[]): string => {
      const subject = { id: 'u1', roles: who, onlyOrgs: first }
      const given = modelAnswer(world, {
        subject,
        within: [{ onlyOrgs: second }],
        action: 'read',
        object: any
      })
      return 'error' in given ? given.error : given.reason
    }
    expect(both(['o1', 'o2'], ['o2', 'o3'], roles)).toBe('granted')
    expect(both(['o1', 'o2'], ['o2', 'o3'], [held('org-reader', o1)])).toBe('outside_org')
    expect(both(['o1'], ['o2'], roles)).toBe('outside_org')
    expect(both(['*', 'o1'], ['o2'], roles)).toBe('granted')
    expect(both(['*'], ['*'], roles)).toBe('granted')
    // A site allow suffices where any organization is left, of the subject or not.
    expect(both(['o8', 'o9'], ['o9'], ['everything'])).toBe('granted')
    expect(both(['o8'], ['o9'], ['everything'])).toBe('outside_org')
    expect(both(['*none'], ['*'], ['everything'])).toBe('outside_org')
    // Without the lists it would have been no, too.
    expect(both(['o1'], ['o2'], [held('member', o1)])).toBe('not_granted')
    expect(both(['o9'], ['*'], ['banned'])).toBe('denied')
  })
  it('counts a group under anyOrg only in an organization that is left', () => {
    const shared = { ...doc, anyOrg: true, acl: { groups: { g1: ['read'] }, users: {} } }
    const member = [held('member', o1)]
    expect(answer(member, 'read', shared, { ...only('o1'), groups: ['g1'] })).toBe('granted_by_acl')
    expect(answer(member, 'read', shared, { ...only('o2'), groups: ['g1'] })).toBe('outside_org')
    const toUser = { ...doc, anyOrg: true, acl: { users: { u1: ['read'] } } }
    expect(answer(member, 'read', toUser, only('o2'))).toBe('granted_by_acl')
    expect(answer(member, 'read', toUser, only('*none'))).toBe('outside_org')
  })
  it('reads UUIDs in any case', () => {
    const org = '00000000-0000-4000-a000-00000000000a'
    const ofUuids = { ...world, document: { ...document, ids: 'uuid' as const } }
    const ask = (...onlyOrgs: unknown[]): unknown =>
      modelAnswer(ofUuids, {
        subject: { id: 'u1', roles: ['everything'], onlyOrgs },
        action: 'read',
        object: { ...doc, org }
      })
    expect(ask(org.toUpperCase())).toMatchObject({ reason: 'granted' })
    expect(ask('o1')).toEqual({ error: 'invalid_org_list_entry' })
    expect(ask('*none')).toMatchObject({ reason: 'outside_org' })
  })
})

describe('errors', () => {
  it('looks at each role in turn: what it needs, the organization, other containers', () => {
    const ask = (place: object, role = 'reader'): string => answer([held(role, place)], 'read', doc)
    expect(ask({})).toBe('role_needs_container')
    expect(ask({ project: '' })).toBe('role_needs_container')
    expect(ask({ ...o1, team: 't1' })).toBe('role_needs_container')
    expect(ask({ ...o1, ...p1, team: 't1' })).toBe('role_takes_no_org')
    expect(ask({ ...p1, team: 't1' })).toBe('role_takes_no_container')
    expect(ask(p1, 'own')).toBe('role_takes_no_container')
    expect(ask({ ...o1, ...p1 }, 'own')).toBe('role_takes_no_org')
    expect(ask(p1, 'member')).toBe('role_needs_org')
    expect(ask({ ...o1, ...p1 }, 'member')).toBe('role_takes_no_container')
    expect(ask(p1, 'nobody')).toBe('unknown_role')
    expect(answer([held('own', p1), 'nobody'], 'read', doc)).toBe('role_takes_no_container')
  })
  it('looks at the organization of an object, its containers, its attributes and its ACL in that order', () => {
    const page = { type: 'page', hidden: 'no', acl: {} }
    const ask = (object: object): string => answer([], 'nope', object)
    expect(ask({ ...page, ...o1, anyOrg: true })).toBe('any_org_with_org')
    expect(ask({ ...page, team: 't1' })).toBe('missing_container')
    expect(ask({ ...page, ...p1, team: 't1' })).toBe('unexpected_container')
    expect(ask({ ...page, ...p1 })).toBe('invalid_attribute')
    expect(ask({ ...page, ...p1, hidden: undefined })).toBe('missing_attribute')
    expect(ask({ ...page, ...p1, hidden: true })).toBe('acl_not_supported')
    expect(ask({ ...page, ...p1, hidden: true, acl: null })).toBe('unknown_action')
  })
  it('looks at the scopes, the list and the organizations of each ceiling in turn', () => {
    const long = Array.from({ length: 129 }, () => '')
    expect(answer([], 'read', doc, { scopes: ['x'], onlyOrgs: long })).toBe('unknown_scope')
    expect(answer([], 'read', doc, { allowList: ['x'], onlyOrgs: long })).toBe('invalid_allow_list_entry')
    expect(answer([], 'read', doc, { onlyOrgs: long })).toBe('org_list_too_long')
    expect(answer([], 'read', doc, { onlyOrgs: long.slice(1) })).toBe('invalid_org_list_entry')
    for (const entry of ['', 5, null, undefined, ['o1']]) {
      expect(answer([], 'read', doc, { onlyOrgs: ['*', entry] })).toBe('invalid_org_list_entry')
    }
    for (const onlyOrgs of [null, undefined, 'o1', {}]) {
      expect(answer([], 'read', doc, { onlyOrgs })).toBe('invalid_request')
    }
  })
  it('knows the fields of the resource, and those of no other', () => {
    const ask = (object: object, ...roles: unknown[]): string => answer(roles, 'read', object)
    expect(ask({ ...doc, hidden: true })).toBe('invalid_request')
    expect(ask({ type: 'nope', status: 'draft' })).toBe('invalid_request')
    expect(ask({ type: 'nope', ...p1 })).toBe('unknown_resource')
    expect(ask({ type: 'site.log/entry', ...p1 })).toBe('unexpected_container')
    expect(ask({ type: 'site.log/entry', project: [] })).toBe('not_granted')
    expect(ask({ ...doc, folder: 'f1' })).toBe('invalid_request')
    expect(ask(doc, { role: 'reader', folder: 'f1' })).toBe('invalid_request')
    expect(ask(doc, { role: 'reader', project: ['p1'] })).toBe('invalid_request')
    for (const project of [5, true, {}, [null], [''], ['p1', 5], [['p1']]]) {
      expect(ask({ ...doc, project })).toBe('invalid_request')
    }
  })
})

describe('explanations and other ways of asking', () => {
  it('names the container in which a role is held, one vote for all projects of the object', () => {
    const roles = [held('reader', p1), held('frozen', p2), held('maintainer', p2), held('member', o1), 'own']
    const object = { ...doc, ...o1, project: ['p1', 'p2'], owner: 'u1' }
    expect(modelExplain(world, { subject: { id: 'u1', roles }, action: 'read', object })).toMatchObject({
      reason: 'granted',
      votes: [
        { level: 'site', vote: 'abstain' },
        { level: 'org', org: 'o1', vote: 'abstain' },
        { level: 'orgMember', org: 'o1', vote: 'abstain' },
        { level: 'project', vote: 'allow' },
        { level: 'projectMember', vote: 'abstain' }
      ],
      deciding: [
        { role: 'reader', container: 'p1', level: 'project', permission: '*:read' },
        { role: 'maintainer', container: 'p2', permission: 'doc:* except delete where locked = false' },
        {
          role: 'maintainer',
          included: 'writer',
          permission: 'doc:update where status = draft | review, locked = false'
        },
        { role: 'maintainer', included: 'reader', container: 'p2', permission: '*:read' }
      ]
    })
  })
  it('names under anyOrg the widest level first, and a container vote once', () => {
    const roles = [held('reader', p1), held('member', o2), held('org-reader', o1)]
    const object = { ...doc, ...p1, anyOrg: true }
    const asked = { subject: { id: 'u1', roles }, action: 'read', object }
    expect(modelExplain(world, asked)).toMatchObject({
      reason: 'granted',
      deciding: [
        { role: 'org-reader', org: 'o1', level: 'org' },
        { role: 'reader', container: 'p1', level: 'project' }
      ],
      votes: [
        { level: 'site', vote: 'abstain' },
        { level: 'org', org: 'o2', vote: 'abstain' },
        { level: 'org', org: 'o1', vote: 'allow' },
        { level: 'project', vote: 'allow' }
      ]
    })
  })
  it('finds some object that has the given fields', () => {
    const some = (roles: readonly unknown[], action: string, type: string, fields?: object): unknown =>
      modelCanSome(world, { subject: { id: 'u1', roles }, action, type, ...(fields && { fields }) })
    expect(some([held('reader', p1)], 'read', 'page')).toBe(true)
    expect(some([held('reader', p1)], 'read', 'page', p1)).toBe(true)
    expect(some([held('reader', p1)], 'read', 'page', p2)).toBe(false)
    expect(some([held('reader', p1)], 'read', 'site.log/entry')).toBe(false)
    expect(some([held('org-reader', o1)], 'read', 'page', o1)).toBe(true)
    expect(some([held('org-reader', o1)], 'read', 'page', o2)).toBe(false)
    expect(some([held('org-reader', o1)], 'read', 'page', { org: null })).toBe(false)
    expect(some([held('org-reader', o1)], 'read', 'page', { org: undefined })).toBe(true)
    expect(some([held('writer', p1)], 'update', 'doc', { acl: null, status: 'published' })).toBe(false)
    expect(some([held('writer', p1)], 'update', 'doc', { acl: null, status: 'review' })).toBe(true)
    expect(some([], 'update', 'doc')).toBe(true)
    expect(some([], 'update', 'gated')).toBe(false)
    expect(some([held('org-reader', o1)], 'update', 'gated')).toBe(true)
    expect(some([], 'read', 'page', { hidden: 'no' })).toEqual({ error: 'invalid_attribute' })
    expect(some([], 'read', 'page', { team: 't1' })).toEqual({ error: 'unexpected_container' })
    expect(some([], 'read', 'page', { project: [] })).toEqual({ error: 'missing_container' })
    expect(some([], 'read', 'page', { colour: 'red' })).toEqual({ error: 'invalid_request' })
  })
})
