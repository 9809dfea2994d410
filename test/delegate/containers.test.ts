// Delegation inside containers: each rule's yes stands beside its nearest no.
import { describe, expect, it } from 'vitest'

import {
  compile,
  isCasemateError,
  parsePolicy,
  type PermissionSet,
  type RoleDocument
} from '../../src/index.js'
import { documents, holding, inO1, p1, policy } from './containers.js'

const role = (allow: PermissionSet, level = 'project'): RoleDocument => ({
  kind: 'project',
  grants: { [level]: { allow } }
})
const reading = role({ doc: ['read'] })

describe('a place', () => {
  it('of nothing is the site, however it is written', () => {
    for (const place of [undefined, null, '', {}, { org: '' }, { org: null, project: undefined }])
      expect(holding('boss').canAssign('reader', place)).toBe(true)
    expect(holding('boss').canAssign('admin', { org: 'o1' })).toBe(true)
    expect(holding('boss').canAssign('admin', 'o1')).toBe(true)
  })

  it('is where the role is held, or an error', () => {
    const boss = holding('boss')
    const codes = (name: string) =>
      [undefined, 'o1', p1, inO1, { team: 't1' }].map((place) => codeOf(() => boss.canAssign(name, place)))
    expect(codes('viewer')).toEqual([
      'role_needs_container',
      'role_needs_container',
      'none',
      'none',
      'role_needs_container'
    ])
    expect(codes('admin')).toEqual([
      'role_needs_org',
      'none',
      'role_needs_org',
      'role_takes_no_container',
      'role_needs_org'
    ])
    expect(codes('reader')).toEqual([
      'none',
      'role_takes_no_org',
      'role_takes_no_container',
      'role_takes_no_org',
      'role_takes_no_container'
    ])
  })

  it('has no other parts, one container, and texts', () => {
    const boss = holding('boss')
    const said = (place: unknown): string => messageOf(() => boss.canAssign('viewer', place as never))
    expect(said({ projct: 'p1' })).toBe('place.projct: unknown key `projct`; did you mean `project`?')
    expect(said({ project: 5 })).toBe('place.project: expected the id of a project, not `5`')
    expect(said({ org: ['o1'], project: 'p1' })).toMatch(/^place\.org: expected an organization, not /)
    expect(said({ team: 't1', project: 'p1' })).toBe(
      'place.project: expected one container, not both `team` and `project`'
    )
    expect(said(5)).toBe('org: expected an organization, not `5`')
  })
})

describe('a delegation', () => {
  it('of a site role and of a system subject reaches roles of every container', () => {
    expect(holding('founder').canAssign('lead', p1)).toBe(true)
    expect(holding('founder').canAssign('lead', { org: 'o7', project: 'p7' })).toBe(true)
    expect(holding('founder').canAssign('viewer', p1)).toBe(false)
    expect(policy.systemSubject('signup').canAssign('viewer', p1)).toBe(true)
    expect(policy.systemSubject('signup').canAssign('lead', p1)).toBe(false)
  })

  it('of an organization role reaches containers that are said to lie in it', () => {
    const admin = holding({ role: 'admin', org: 'o1' })
    expect(admin.canAssign('viewer', inO1)).toBe(true)
    expect(admin.canAssign('viewer', p1)).toBe(false)
    expect(admin.canAssign('viewer', { org: 'o2', project: 'p1' })).toBe(false)
  })

  it('of a container’s role reaches roles of the same container alone', () => {
    const lead = holding({ role: 'lead', project: 'p1' })
    expect(lead.canAssign('viewer', p1)).toBe(true)
    expect(lead.canAssign('viewer', inO1)).toBe(true)
    expect(lead.canAssign('viewer', { project: 'p2' })).toBe(false)
    expect(lead.canAssign('lead', p1)).toBe(false)
    expect(lead.explainAssign('viewer', inO1)).toEqual({
      allowed: true,
      reason: 'delegated',
      role: 'viewer',
      org: 'o1',
      container: 'p1',
      delegations: [{ role: 'lead', container: 'p1', assigns: 'viewer', path: 'roles.lead.assigns[0]' }]
    })
    expect(lead.assignableRoles(p1)).toEqual(['viewer'])
    expect(lead.assignableRoles('o1')).toEqual([])
  })

  it('of custom roles of a container also needs cover', () => {
    const custom = policy
      .withRoles({ mine: reading, wide: role({ doc: ['share'] }) }, p1)
      .subject({ id: 'u1', roles: [{ role: 'lead', project: 'p1' }] })
    expect(custom.canAssign('mine', p1)).toBe(true)
    expect(custom.canAssign('wide', p1)).toBe(false)
    expect(codeOf(() => custom.canAssign('mine', { project: 'p2' }))).toBe('unknown_role')
    expect(custom.assignableRoles(p1)).toEqual(['viewer', 'mine'])
  })
})

describe('the permission that is needed', () => {
  const needing = compile(
    parsePolicy({
      ...documents,
      roles: {
        ...documents.roles,
        giver: { kind: 'project', grants: { project: { allow: { seat: ['give'] } } }, assigns: ['viewer'] },
        sharer: {
          kind: 'project',
          grants: { project: { allow: { doc: { actions: ['share'], where: { locked: true } } } } },
          assigns: ['viewer']
        }
      },
      assignPermissions: { project: 'seat:give' },
      unassignPermissions: { project: 'doc:share' }
    })
  )
  const who = (name: string) => needing.subject({ id: 'u1', roles: [{ role: name, project: 'p1' }] as never })

  it('is asked on an object in exactly that container and organization', () => {
    expect(who('giver').canAssign('viewer', inO1)).toBe(true)
    expect(who('sharer').canAssign('viewer', inO1)).toBe(false)
    expect(who('giver').explainAssign('viewer', p1).reason).toBe('permission_has_no_object')
    expect(who('giver').explainAssign('viewer', inO1).permission?.object).toEqual({
      type: 'seat',
      org: 'o1',
      project: 'p1'
    })
  })

  it('is asked with every attribute at its default, else at its first value', () => {
    expect(who('sharer').canUnassign('viewer', p1)).toBe(true)
    expect(who('sharer').explainUnassign('viewer', p1).permission?.object).toEqual({
      type: 'doc',
      project: 'p1',
      locked: true
    })
  })
})

describe('a grant in a container', () => {
  it('is covered at the same or a wider level, and by no other', () => {
    const own = role({ doc: ['read'] }, 'projectMember')
    const covers = (given: RoleDocument, place: typeof inO1 | typeof p1 = inO1) => [
      holding('reader').canGrant(given, place),
      holding({ role: 'admin', org: 'o1' }).canGrant(given, place),
      holding({ role: 'own', org: 'o1' }).canGrant(given, place),
      holding({ role: 'viewer', project: 'p1' }).canGrant(given, place),
      holding({ role: 'author', project: 'p1' }).canGrant(given, place),
      holding({ role: 'viewer', project: 'p2' }).canGrant(given, place)
    ]
    expect(covers(reading)).toEqual([true, true, false, true, false, false])
    expect(covers(own)).toEqual([true, true, true, true, true, false])
    // A container that is said to lie in no organization.
    expect(covers(own, p1 as never)).toEqual([true, false, false, true, true, false])
  })

  it('is not covered where a level down to its own denies it', () => {
    const viewer = { role: 'viewer', project: 'p1' }
    expect(holding(viewer, { role: 'mute', org: 'o2' }).canGrant(reading, inO1)).toBe(true)
    expect(holding(viewer, { role: 'mute', org: 'o1' }).canGrant(reading, inO1)).toBe(false)
  })

  it('is not covered where a further container that its objects may be in denies it', () => {
    const viewer = { role: 'viewer', project: 'p1' }
    const { gaps } = holding(viewer, { role: 'barred', project: 'p2' }).explainGrant(reading, inO1)
    expect(gaps).toMatchObject([
      { reason: 'denied', level: 'project', denies: [{ role: 'barred', container: 'p2', level: 'project' }] }
    ])
    expect(holding(viewer, { role: 'guest', team: 't1' }).canGrant(reading, inO1)).toBe(false)
    // Teams are asked before projects; what is asked after the grant's own level does not matter.
    const team: RoleDocument = { kind: 'team', grants: { team: { allow: { doc: ['read'] } } } }
    expect(
      holding('reader', { role: 'barred', project: 'p1' }).canGrant(team, { org: 'o1', team: 't1' })
    ).toBe(true)
  })

  it('needs cover for what it includes and implies', () => {
    const lead = holding({ role: 'lead', project: 'p1' })
    const drafter = holding({ role: 'drafter', project: 'p1' })
    const including: RoleDocument = { kind: 'project', includes: ['viewer'] }
    expect(lead.canGrant(including, p1)).toBe(true)
    expect(drafter.explainGrant(including, p1).gaps).toMatchObject([
      {
        included: 'viewer',
        path: 'roles.viewer.grants.project.allow.doc',
        permissions: ['doc:read where status = published'],
        future: ['doc:read where status = *']
      }
    ])
    expect(lead.canGrant(role({ doc: ['update'] }), p1)).toBe(true)
    expect(
      holding({ role: 'author', project: 'p1' }).canGrant(role({ doc: ['update'] }, 'projectMember'), p1)
    ).toBe(true)
  })
})

describe('a grant under attributes', () => {
  const draft = { actions: ['read'], where: { status: 'draft' } }

  it('is covered for at least the same attributes', () => {
    const drafter = holding({ role: 'drafter', project: 'p1' })
    expect(drafter.canGrant(role({ doc: draft }), p1)).toBe(true)
    expect(drafter.canGrant(role({ doc: { ...draft, where: { status: 'draft', locked: true } } }), p1)).toBe(
      true
    )
    expect(drafter.canGrant(role({ doc: { ...draft, where: { status: ['draft', 'published'] } } }), p1)).toBe(
      false
    )
  })

  it('for all attributes is not covered by one for each value of today', () => {
    const both = holding({ role: 'drafter', project: 'p1' }, { role: 'publisher', project: 'p1' })
    expect(both.canGrant(role({ doc: { ...draft, where: { status: ['draft', 'published'] } } }), p1)).toBe(
      true
    )
    expect(both.explainGrant(reading, p1).gaps).toMatchObject([
      { reason: 'not_held', permissions: [], future: ['doc:read where status = *'] }
    ])
    expect(holding({ role: 'viewer', project: 'p1' }).canGrant(reading, p1)).toBe(true)
  })
})

describe('a key', () => {
  const boss = holding('boss')

  it('grants where its organizations reach all objects that the grant is about', () => {
    const gives = (onlyOrgs: readonly string[], place: string | object | undefined, given: RoleDocument) =>
      boss.within({ onlyOrgs }).canGrant(given, place as never)
    const site: RoleDocument = { kind: 'site', grants: { site: { allow: { doc: ['read'] } } } }
    const user: RoleDocument = { kind: 'site', grants: { user: { allow: { doc: ['read'] } } } }
    const org: RoleDocument = { kind: 'org', grants: { org: { allow: { doc: ['read'] } } } }
    expect(gives(['*'], undefined, site)).toBe(true)
    expect(gives(['o1', '*none'], undefined, site)).toBe(false)
    expect(gives(['*none'], undefined, user)).toBe(true)
    expect(gives(['o1'], undefined, user)).toBe(false)
    expect(gives(['o1'], 'o1', org)).toBe(true)
    expect(gives(['o1'], 'o2', org)).toBe(false)
    expect(gives(['o1'], inO1, reading)).toBe(true)
    expect(gives(['o1'], p1, reading)).toBe(false)
    expect(gives(['*none'], p1, reading)).toBe(true)
    expect(boss.within({ onlyOrgs: ['o1'] }).explainGrant(site).gaps).toMatchObject([
      { reason: 'outside_org' }
    ])
  })

  it('may be minted where each list of its minter has its organizations', () => {
    const mints = (held: readonly string[], key: object): boolean =>
      boss.within({ onlyOrgs: held }).canMint(key)
    expect(boss.canMint({ onlyOrgs: ['o1'] })).toBe(true)
    expect(mints(['o1', '*none'], { onlyOrgs: ['*none'] })).toBe(true)
    expect(mints(['o1'], { onlyOrgs: ['o1', 'o2'] })).toBe(false)
    expect(mints(['o1'], { onlyOrgs: ['*'] })).toBe(false)
    expect(mints(['o1'], {})).toBe(false)
    expect(mints(['*'], {})).toBe(true)
    expect(mints(['o1'], { onlyOrgs: [] })).toBe(true)
    expect(
      boss
        .within({ onlyOrgs: ['o1', 'o2'] })
        .within({ onlyOrgs: ['o2'] })
        .explainMint({
          scopes: ['log:read'],
          onlyOrgs: ['o1', 'o2', '*none']
        })
    ).toEqual({
      allowed: false,
      reason: 'exceeds_ceiling',
      excess: [
        { reason: 'outside_org', permissions: [], future: [], allowList: [], onlyOrgs: ['o1', '*none'] }
      ]
    })
  })
})

describe('an ACL to be shared', () => {
  const object = { type: 'doc', project: 'p1', locked: false }
  const lead = holding({ role: 'lead', project: 'p1' })
  const shares = (...words: readonly string[]): boolean => lead.canShare(object, { users: { u2: words } })

  it('means by a level its actions, and by an action what it implies', () => {
    expect(shares('viewer')).toBe(true)
    expect(shares('update')).toBe(true)
    expect(shares('none')).toBe(true)
    expect(shares('editor')).toBe(false)
    expect(shares('*')).toBe(false)
    expect(lead.explainShare(object, { users: { u2: ['editor', 'nope'] as never } }).gaps).toMatchObject([
      { action: 'share', reason: 'not_granted', entries: [{ action: 'editor' }] },
      { action: 'nope', reason: 'unknown_action' }
    ])
  })

  it('is compared under the attributes of the object', () => {
    const drafter = holding({ role: 'drafter', project: 'p1' })
    const acl = { users: { u2: ['viewer'] as never } }
    expect(drafter.canShare(object, acl)).toBe(true)
    expect(drafter.canShare({ ...object, status: 'published' }, acl)).toBe(false)
  })
})

function errorOf(ask: () => unknown): { readonly code: string; readonly message: string } | undefined {
  try {
    ask()
  } catch (error) {
    if (isCasemateError(error)) return error
    throw error
  }
  return undefined
}

function codeOf(ask: () => unknown): string {
  return errorOf(ask)?.code ?? 'none'
}

function messageOf(ask: () => unknown): string {
  return errorOf(ask)?.message ?? 'no error'
}
