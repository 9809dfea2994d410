// What lines say of permissions that are added later: a wildcard in place of a list changes no answer of today, but what
// its holder may grant, replace and mint. It is told as new access, and so is a deny that no longer covers them.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Policy } from 'casemate'
import { areEquivalent, describeNewAccess, diffPolicies, type PolicyDiff } from '../../src/diff/index.js'
import type { PermissionSet } from '../../src/document/types.js'

interface Sets {
  readonly allow?: PermissionSet
  readonly deny?: PermissionSet
  readonly scope?: PermissionSet
  readonly template?: PermissionSet
}

/** The sets of a role, of a service, of a scope and of a template. */
function policy({ allow = {}, deny = {}, scope = {}, template = {} }: Sets, more: object = {}): Policy {
  return compile(
    parsePolicy({
      name: 'p',
      resources: {
        plain: { actions: { read: '', update: '' } },
        note: {
          attributes: { status: { values: ['draft', 'published'], default: 'draft' } },
          actions: { read: '', update: '' }
        }
      },
      orgOptions: { plan: { values: ['free', 'paid'], default: 'free' } },
      roles: { holder: { kind: 'org', grants: { org: { allow, deny } }, ...more } },
      systemSubjects: { cron: { grants: { site: { allow, deny } } } },
      scopes: { key: { allow: scope } },
      scopeTemplates: { one: { params: { wide: 'flag' }, allow: template } }
    })
  )
}
const told = (before: Sets, after: Sets): PolicyDiff => diffPolicies(policy(before), policy(after))

const listed = { plain: ['read', 'update'] }
const changes: readonly (readonly [string, Sets, Sets, readonly string[]])[] = [
  [
    'a wildcard for a list of all actions',
    { allow: listed },
    { allow: { plain: '*' } },
    [
      '`holder` now allows what is added later: `plain:*`',
      '`system:cron` now allows what is added later: `plain:*`'
    ]
  ],
  [
    'all but nothing for a list of all actions',
    { allow: listed },
    { allow: { plain: { except: [] } } },
    [
      '`holder` now allows what is added later: `plain:*`',
      '`system:cron` now allows what is added later: `plain:*`'
    ]
  ],
  [
    'the wildcard of resources for all of them',
    { allow: { plain: ['read'], note: ['read'] } },
    { allow: { '*': ['read'] } },
    [
      '`holder` now allows what is added later: `*:read`',
      '`system:cron` now allows what is added later: `*:read`'
    ]
  ],
  [
    'every object for a list of all values of an attribute',
    { allow: { note: [{ actions: ['read'], where: { status: ['draft', 'published'] } }] } },
    { allow: { note: ['read'] } },
    [
      '`holder` now allows what is added later: `note:read where status = *`',
      '`system:cron` now allows what is added later: `note:read where status = *`'
    ]
  ],
  [
    'a list for a wildcard of a deny',
    { deny: { plain: '*' } },
    { deny: listed },
    [
      '`holder` no longer denies what is added later: `plain:*`',
      '`system:cron` no longer denies what is added later: `plain:*`'
    ]
  ],
  [
    'a wildcard for the list of a scope',
    { allow: listed, scope: listed },
    { allow: listed, scope: { plain: '*' } },
    ['`scope:key` now allows what is added later: `plain:*`']
  ],
  [
    'a wildcard for the list of a template',
    { allow: listed, template: listed },
    { allow: listed, template: { plain: '*' } },
    ['`template:one` now allows what is added later: `plain:*`']
  ]
]

describe('a line that names more of what is added later', () => {
  it.each(changes)('is new access: %s', (_, before, after, messages) => {
    const found = told(before, after)
    expect([...found.gained, ...found.lost, ...found.narrowed, ...found.changes]).toEqual([])
    expect(found.widened.map(({ kind }) => kind)).toEqual(messages.map(() => 'future'))
    expect(describeNewAccess(found)).toEqual(messages)
    expect(areEquivalent(policy(before), policy(after))).toBe(false)
  })

  it.each(changes)('is told and no new access the other way round: %s', (_, before, after, messages) => {
    const found = told(after, before)
    expect(describeNewAccess(found)).toEqual([])
    expect(found.narrowed.map(({ kind }) => kind)).toEqual(messages.map(() => 'future'))
  })

  it('lets its holder grant, replace and mint more', () => {
    const wild = { kind: 'org', grants: { org: { allow: { plain: '*' as const } } } } as const
    const own = { kind: 'org', grants: { org: { allow: { plain: ['read', 'update'] } } } } as const
    const may = (sets: Sets): readonly boolean[] => {
      const holder = policy(sets).subject({ id: 'u', roles: [{ role: 'holder', org: 'o' }] })
      const key = holder.within({ scopes: ['key'] })
      return [
        holder.canGrant(own, 'o'),
        holder.canGrant(wild, 'o'),
        holder.canReplace(own, wild, 'o'),
        key.canMint({ scopes: ['plain:*'] })
      ]
    }
    expect(may({ allow: listed, scope: listed })).toEqual([true, false, false, false])
    expect(may({ allow: { plain: '*' }, scope: { plain: '*' } })).toEqual([true, true, true, true])
  })

  it('is told of a variant', () => {
    const variants = (set: PermissionSet): object => ({
      variants: [{ when: { plan: 'paid' }, grants: { org: { allow: { plain: set } } } }]
    })
    const found = diffPolicies(
      policy({ allow: listed }, variants(listed.plain as never)),
      policy({ allow: listed }, variants('*' as never))
    )
    expect(describeNewAccess(found)).toEqual(['`holder` now allows what is added later: `plain:*`'])
  })

  it('is not said again of a resource of which permissions are gained', () => {
    const found = told({ allow: { plain: ['read'] } }, { allow: { plain: '*' } })
    expect(found.gained.map(({ subject, permission }) => `${subject} ${permission}`)).toEqual([
      'holder plain:update',
      'system:cron plain:update'
    ])
    expect(found.widened).toEqual([])
  })

  it('is none where a wider level or a deny decides it alike', () => {
    const deny = { plain: '*' as const }
    expect(told({ deny, allow: listed }, { deny, allow: { plain: '*' } }).widened).toEqual([])
  })
})
