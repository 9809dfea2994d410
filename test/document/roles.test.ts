// Custom roles: what may be added at run time, and what may not.
import { describe, expect, it } from 'vitest'
import { parsePolicy, parseRoles, type PolicyDocument, type RolePlace } from '../../src/document/index.js'
import { PolicyError, type Problem } from '../../src/errors.js'
import { smallPolicy } from '../fixtures/document/small.js'

const document = parsePolicy(smallPolicy())
const inO1: RolePlace = { org: 'o1' }

describe('custom roles that are fine', () => {
  it('are returned as a frozen copy', () => {
    const roles = {
      reader: { kind: 'site', title: 'Reader', grants: { site: { allow: { '*': ['read'] } } } }
    }
    const parsed = parseRoles(document, roles)
    expect(parsed).toEqual(roles)
    expect(parsed).not.toBe(roles)
    expect(Object.isFrozen(parsed['reader']?.grants?.site?.allow)).toBe(true)
  })

  it('have variants that read what a shipped role of the kind may read', () => {
    const variants = [
      { when: { sharing: 'none', exec: true }, grants: { org: { deny: { workspace: ['ssh'] } } } }
    ]
    expect(problemsOf({ x: { kind: 'org', variants } }, inO1)).toEqual([])
    expect(problemsOf({ x: { kind: 'site', variants } })).toEqual([
      'org_option_in_site_role x.variants[0].when.sharing',
      'dead_grant x.variants[0].grants.org'
    ])
  })

  it('may be called like a prototype', () => {
    const roles: unknown = JSON.parse('{"__proto__":{"kind":"site"},"constructor":{"kind":"site"}}')
    expect(Object.keys(parseRoles(document, roles))).toEqual(['__proto__', 'constructor'])
  })
})

describe('custom roles of a policy with containers and included roles', () => {
  const full = parsePolicy({
    name: 'full',
    containers: [{ name: 'project' }, { name: 'folder' }],
    resources: { task: { in: { project: 'optional' }, actions: { read: '' } } },
    orgOptions: { mode: { values: [1, 2], default: 1 } },
    roles: {
      owner: { kind: 'site', grants: { site: { allow: { task: '*' } } } },
      auditor: { kind: 'site' },
      service: { kind: 'site', assignable: false },
      member: { kind: 'org', grants: { org: { allow: { task: '*' } } } },
      wide: {
        kind: 'org',
        variants: [{ when: { mode: 2 }, grants: { user: { deny: { '*': ['read'] } } } }]
      },
      wider: { kind: 'org', includes: ['member', 'wide'] },
      narrow: { kind: 'org', grants: { site: { allow: { task: [] } } } },
      reviewer: { kind: 'project' },
      robot: { kind: 'project', assignable: false }
    }
  })
  const grants = { project: { allow: { task: '*' } }, projectMember: { deny: { '*': '*' } } }

  it.each<[string, unknown, RolePlace]>([
    ['a site role that includes one with any grants', { kind: 'site', includes: ['owner', 'auditor'] }, {}],
    ['an organization role', { kind: 'org', includes: ['member', 'narrow'] }, { org: 'o1' }],
    ['a role of a container', { kind: 'project', includes: ['reviewer'], grants }, { project: 'p1' }],
    ['one of another container', { kind: 'folder', includes: [] }, { folder: 'f1', org: undefined }]
  ])('%s is fine', (_, role, place) => {
    expect(problemsOf({ x: role }, place, full)).toEqual([])
  })

  it.each<[string, unknown, RolePlace, readonly string[]]>([
    [
      'one that includes nobody known',
      { kind: 'site', includes: ['ownr'] },
      {},
      ['unknown_role x.includes[0]']
    ],
    ['one that includes itself', { kind: 'site', includes: ['x'] }, {}, ['unknown_role x.includes[0]']],
    ['one of another kind', { kind: 'site', includes: ['member'] }, {}, ['invalid_include x.includes[0]']],
    [
      'one that only code gives',
      { kind: 'site', includes: ['auditor', 'service'] },
      {},
      ['invalid_include x.includes[1]']
    ],
    [
      'the same in a container',
      { kind: 'project', includes: ['robot'] },
      { project: 'p1' },
      ['invalid_include x.includes[0]']
    ],
    [
      'one that reaches further, or includes one that does',
      { kind: 'org', includes: ['wide', 'wider'] },
      { org: 'o1' },
      ['invalid_include x.includes[0]', 'invalid_include x.includes[1]']
    ],
    ['one twice', { kind: 'site', includes: ['owner', 'owner'] }, {}, ['duplicate_value x.includes[1]']],
    ['a kind that is none', { kind: 'projct' }, { project: 'p1' }, ['invalid_value x.kind']],
    ['a site role in a container', { kind: 'site' }, { project: 'p1' }, ['wrong_place x.kind']],
    ['an organization role in a container', { kind: 'org' }, { project: 'p1' }, ['wrong_place x.kind']],
    ["a container's role at the site", { kind: 'project' }, {}, ['wrong_place x.kind']],
    ["a container's role in an organization", { kind: 'project' }, { org: 'o1' }, ['wrong_place x.kind']],
    ['one of another container', { kind: 'folder' }, { project: 'p1' }, ['wrong_place x.kind']],
    [
      'grants that reach further',
      {
        kind: 'project',
        grants: { ...grants, site: { allow: { task: '*' } }, folder: { deny: { '*': '*' } } }
      },
      { project: 'p1' },
      ['dead_grant x.grants.site', 'dead_grant x.grants.folder']
    ],
    [
      'grants of a container in an organization role',
      { kind: 'org', grants: { project: { allow: { task: '*' } } } },
      { org: 'o1' },
      ['dead_grant x.grants.project']
    ],
    [
      'a level that is none',
      { kind: 'project', grants: { projet: {} } },
      { project: 'p1' },
      ['unknown_key x.grants.projet']
    ],
    [
      "an organization's setting in a container",
      { kind: 'project', variants: [{ when: { mode: 1 }, grants: {} }] },
      { project: 'p1' },
      ['org_option_in_container_role x.variants[0].when.mode']
    ],
    ['a place without id', { kind: 'project' }, { project: '' }, ['wrong_place ']],
    ['two places', { kind: 'project' }, { project: 'p1', folder: 'f1' }, ['wrong_place ']],
    ['an organization and a container', { kind: 'org' }, { org: 'o1', project: 'p1' }, ['wrong_place ']],
    ['a place that is none', { kind: 'site' }, { projct: 'p1' }, ['unknown_container ']]
  ])('refused: %s', (_, role, place, problems) => {
    expect(problemsOf({ x: role }, place, full)).toEqual(problems)
  })

  it('says what is wrong in words', () => {
    const added = { x: { kind: 'site', includes: ['y'] }, y: { kind: 'project' }, z: { kind: 'org' } }
    expect(messagesOf(added, {}, full)).toEqual([
      'x.includes[0]: `y` is a custom role; only roles of the policy can be included',
      'y.kind: a role of a `project`, added without a `project`',
      'z.kind: an organization role, added without an organization'
    ])
    expect(messagesOf({ x: { kind: 'org', includes: ['wider'] } }, { org: 'o1' }, full)).toEqual([
      'x.includes[0]: `wider` has grants at `site` or `user`, and a custom role of an organization reaches that alone'
    ])
    expect(messagesOf({ x: { kind: 'project', includes: ['robot'] } }, { project: 'p1' }, full)).toEqual([
      'x.includes[0]: only code gives `robot`, so no custom role includes it'
    ])
    expect(messagesOf({ x: { kind: 'site' } }, { project: 'p1' }, full)).toEqual([
      'x.kind: a site role, added to a `project`'
    ])
    expect(messagesOf({}, { project: '' }, full)).toEqual(["the `project`'s id is empty"])
    expect(messagesOf({}, { project: 'p', org: 'o' }, full)).toEqual([
      'expected one place, not both `project` and `org`'
    ])
    expect(messagesOf({}, { projct: 'p' }, full)).toEqual([
      'unknown container `projct`; did you mean `project`?'
    ])
  })
})

describe('custom roles that are refused', () => {
  it.each<[string, unknown, RolePlace, readonly string[]]>([
    ['one called like a shipped role', { owner: { kind: 'site' } }, {}, ['shipped_role owner']],
    ['one called like it in an organization', { owner: { kind: 'org' } }, inO1, ['shipped_role owner']],
    ['an organization role at the site', { x: { kind: 'org' } }, {}, ['wrong_place x.kind']],
    ['a site role in an organization', { x: { kind: 'site' } }, inO1, ['wrong_place x.kind']],
    ['any in an organization without id', { x: { kind: 'org' } }, { org: '' }, ['wrong_place ']],
    ['one that assigns', { x: { kind: 'site', assigns: ['*'] } }, {}, ['unknown_key x.assigns']],
    [
      'one that says who may have it',
      { x: { kind: 'site', assignable: false } },
      {},
      ['unknown_key x.assignable']
    ],
    [
      'an organization role that reaches the site',
      { x: { kind: 'org', grants: { site: { allow: { '*': '*' } }, user: { deny: { workspace: '*' } } } } },
      inO1,
      ['dead_grant x.grants.site', 'dead_grant x.grants.user']
    ],
    [
      'a variant that reaches the site',
      { x: { kind: 'org', variants: [{ when: {}, grants: { site: { allow: { '*': '*' } } } }] } },
      inO1,
      ['dead_grant x.variants[0].grants.site']
    ],
    [
      'a site role with organization grants',
      { x: { kind: 'site', grants: { org: { allow: { workspace: '*' } } } } },
      {},
      ['dead_grant x.grants.org']
    ],
    [
      'one whose name is none',
      { 'role:': { kind: 'site' }, 'system:b': { kind: 'site' } },
      {},
      ['invalid_name ["system:b"]']
    ],
    ['one with an unknown key', { x: { kind: 'site', grant: {} } }, {}, ['unknown_key x.grant']],
    ['one of another shape', { x: null }, {}, ['invalid_type x']],
    ['a list', [{ kind: 'site' }], {}, ['invalid_type ']],
    [
      'one that names what does not exist',
      { x: { kind: 'site', grants: { site: { allow: { logs: '*', workspace: ['raed'] } } } } },
      {},
      ['unknown_resource x.grants.site.allow.logs', 'unknown_action x.grants.site.allow.workspace[0]']
    ]
  ])('%s', (_, roles, place, problems) => {
    expect(problemsOf(roles, place)).toEqual(problems)
  })

  it('are so all at once', () => {
    expect(problemsOf({ owner: { kind: 'org' }, 'x*': { kind: 'site' }, y: { kind: 'other' } })).toEqual([
      'invalid_value y.kind',
      'shipped_role owner',
      'wrong_place owner.kind',
      'invalid_name x*'
    ])
  })

  it('are so for their size and depth too', () => {
    expect(problemsOf({ x: { kind: 'site', description: 'x'.repeat(2_000_000) } })).toEqual([
      'document_too_large '
    ])
  })
})

function problemsOf(roles: unknown, place?: RolePlace, of = document): readonly string[] {
  return found(roles, place, of).map(({ code, path }) => `${code} ${path}`)
}

function messagesOf(roles: unknown, place?: RolePlace, of = document): readonly string[] {
  return found(roles, place, of).map(({ message }) => message)
}

function found(roles: unknown, place: RolePlace | undefined, of: PolicyDocument): readonly Problem[] {
  try {
    parseRoles(of, roles, place)
  } catch (error) {
    if (error instanceof PolicyError) return error.problems
    throw error
  }
  return []
}
