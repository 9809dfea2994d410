// Custom roles: what may be added at run time, and what may not.
import { describe, expect, it } from 'vitest'
import { parsePolicy, parseRoles, type RolePlace } from '../../src/document/index.js'
import { PolicyError } from '../../src/errors.js'
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
    ['one whose name is none', { 'a:b': { kind: 'site' } }, {}, ['invalid_name ["a:b"]']],
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

function problemsOf(roles: unknown, place?: RolePlace): readonly string[] {
  try {
    parseRoles(document, roles, place)
  } catch (error) {
    if (error instanceof PolicyError) return error.problems.map(({ code, path }) => `${code} ${path}`)
    throw error
  }
  return []
}
