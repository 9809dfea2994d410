// The law of pruning: a role that was written under a larger policy decides, of everything that the smaller one can be asked
// about, as it did under the larger; and what cannot be read so is left unread.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  compile,
  definePolicy,
  isCasemateError,
  parsePolicy,
  type Policy,
  type RoleDocument
} from '../../src/index.js'
import { compiledOf } from '../../src/compile/compile.js'
import { findRole } from '../../src/compile/role-index.js'
import type { PolicyData, ResourceDocument } from '../../src/document/types.js'
import { pruneRole } from '../../src/postgres/prune.js'
import { rolled, rollWorldV2, worldTapeV2, type Dice } from '../arbitraries/index.js'
import type { World } from '../model.js'
import { least } from '../support/depth.js'

/** The document with some resources, actions and values of attributes less. */
function smaller(dice: Dice, document: PolicyData): PolicyData {
  const resources = Object.entries(document.resources).filter(() => dice.chance(75))
  return {
    name: document.name,
    ...(document.containers === undefined ? {} : { containers: document.containers }),
    ...(document.options === undefined ? {} : { options: document.options }),
    ...(document.orgOptions === undefined ? {} : { orgOptions: document.orgOptions }),
    resources: Object.fromEntries(resources.map(([name, resource]) => [name, lessOf(dice, resource)]))
  }
}

function lessOf(dice: Dice, resource: ResourceDocument): ResourceDocument {
  const { attributes = {} } = resource
  const actions = Object.entries(resource.actions)
  const kept = actions.filter(() => dice.chance(75))
  const fewer = Object.entries(attributes).map(([name, { values, description }]) => {
    const left = values.filter((value) => typeof value === 'boolean' || dice.chance(75))
    return [name, { description, values: left.length < 2 ? values : left }] as const
  })
  return {
    ...resource,
    implies: undefined,
    acl: false,
    attributes: Object.fromEntries(fewer),
    actions: Object.fromEntries(kept.length === 0 ? actions : kept)
  }
}

/** The same document without what a smaller one may lack, so that both mean the same by a role. */
function larger(document: PolicyData): PolicyData {
  const { name, containers, options, orgOptions } = document
  const resources = Object.entries(document.resources).map(([key, resource]) => [
    key,
    { ...resource, implies: undefined, acl: false }
  ])
  return {
    name,
    ...(containers === undefined ? {} : { containers }),
    ...(options === undefined ? {} : { options }),
    ...(orgOptions === undefined ? {} : { orgOptions }),
    resources: Object.fromEntries(resources) as PolicyData['resources']
  }
}

function orUndefined<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (isCasemateError(error)) return undefined
    throw error
  }
}

function rolesOf({
  customRoles: { site, orgs, containers = {} }
}: World): [RoleDocument, Record<string, string>][] {
  const inPlaces = (kind: string, places: Readonly<Record<string, Readonly<Record<string, RoleDocument>>>>) =>
    Object.values(places).flatMap((roles) =>
      Object.values(roles).map((role): [RoleDocument, Record<string, string>] => [role, { [kind]: 'x' }])
    )
  return [
    ...Object.values(site).map((role): [RoleDocument, Record<string, string>] => [role, {}]),
    ...inPlaces('org', orgs),
    ...Object.entries(containers).flatMap(([kind, places]) => inPlaces(kind, places))
  ]
}

/** By permission and combination of attributes, the votes of the role `custom`; `undefined` where it needs settings. */
function votesOf(policy: Policy, place: Record<string, string>): ReadonlyMap<string, number> | undefined {
  const compiled = compiledOf(policy)
  const [[kind, id] = ['org', undefined]] = Object.entries(place)
  const table = findRole(compiled.roles, 'custom', id, kind)?.byDefault?.table
  return (
    table &&
    new Map(
      compiled.catalogue.permissions.map(({ name, attributes, index }) => [
        JSON.stringify([name, [...attributes].sort()]),
        table[index] ?? 0
      ])
    )
  )
}

describe('a role that is pruned', () => {
  it('votes on all that there is as it did', () => {
    const seen = { pruned: 0, cells: 0 }
    fc.assert(
      fc.property(
        rolled(worldTapeV2, (dice) => {
          const world = rollWorldV2(dice)
          return { world, less: smaller(dice, world.document) }
        }),
        ({ world, less }) => {
          const options = world.options
          const big = orUndefined(() => compile(parsePolicy(larger(world.document)), { options }))
          const small = orUndefined(() => compile(parsePolicy(less), { options }))
          if (big === undefined || small === undefined) return
          for (const [written, place] of rolesOf(world)) {
            const role = { ...written, includes: undefined }
            const before = orUndefined(() => big.withRoles({ custom: role }, place))
            if (before === undefined) continue
            const { document, leftOut } = pruneRole(compiledOf(small), role)
            const after = small.withRoles({ custom: document as RoleDocument }, place)
            if (leftOut.length > 0) seen.pruned++
            const [was, is] = [votesOf(before, place), votesOf(after, place)]
            for (const [cell, votes] of is ?? []) {
              expect([cell, votes]).toEqual([cell, was?.get(cell)])
              seen.cells++
            }
          }
        }
      )
    )
    expect(seen.pruned).toBeGreaterThan(least(3))
    expect(seen.cells).toBeGreaterThan(least(100))
  })

  const policy = compile(
    definePolicy({
      name: 'p',
      containers: [{ name: 'project' }],
      resources: {
        doc: {
          in: { project: 'optional' },
          attributes: { status: { values: ['draft', 'final'] } },
          actions: { read: 'r', update: 'u' }
        },
        host: { org: 'never', actions: { read: 'r' } },
        note: { org: 'required', actions: { read: 'r' } }
      },
      orgOptions: { plan: { values: ['free', 'paid'], default: 'free' } }
    })
  )
  const prune = (document: unknown): ReturnType<typeof pruneRole> => pruneRole(compiledOf(policy), document)

  it('keeps an empty list, which takes a resource out of a wildcard', () => {
    const grants = {
      org: { allow: { '*': ['read'], doc: ['gone'], note: [{ actions: ['gone'], where: {} }] } }
    }
    expect(prune({ kind: 'org', grants }).document).toEqual({
      kind: 'org',
      grants: { org: { allow: { '*': ['read'], doc: [], note: [] } } }
    })
  })

  it('loses values that its attribute does not have, and with the last one the grant', () => {
    const where = (...status: string[]): object => ({ actions: ['read'], where: { status } })
    const grants = { org: { deny: { doc: [where('draft', 'gone'), where('gone'), 'update'] } } }
    expect(prune({ kind: 'org', grants })).toEqual({
      document: { kind: 'org', grants: { org: { deny: { doc: [where('draft'), 'update'] } } } },
      leftOut: ['grants.org.deny.doc where status = gone', 'grants.org.deny.doc where status = gone']
    })
  })

  it('loses grants where no object is, and variants that are never applied', () => {
    const role = {
      kind: 'org',
      grants: { org: { allow: { host: ['read'], note: ['read'] } }, user: { allow: { note: ['read'] } } },
      variants: [
        { when: { plan: 'gone' }, grants: { org: { allow: { doc: '*' } } } },
        { when: { plan: 'paid' }, grants: { org: { allow: { gone: '*' } } } }
      ]
    }
    expect(prune(role)).toEqual({
      document: {
        kind: 'org',
        grants: { org: { allow: { note: ['read'] } }, user: { allow: {} } },
        variants: [{ when: { plan: 'paid' }, grants: { org: { allow: {} } } }]
      },
      leftOut: [
        'grants.org.allow.host',
        'grants.user.allow.note',
        'variants[0]',
        'variants[1].grants.org.allow.gone'
      ]
    })
  })

  it.each([
    [
      'an attribute that is gone',
      { grants: { org: { deny: { doc: [{ actions: ['read'], where: { colour: 'red' } }] } } } }
    ],
    ['a role that it includes and that is gone', { includes: ['gone'] }],
    ['an option that is gone', { variants: [{ when: { gone: true }, grants: {} }] }],
    ['a key that nobody knows', { denies: {} }]
  ])('is still no role with %s', (_what, more) => {
    const { document } = prune({ kind: 'org', ...more })
    expect(() => policy.withRoles({ custom: document as RoleDocument }, { org: 'o1' })).toThrow('custom.')
  })

  it.each([
    [null],
    [7],
    ['text'],
    [[]],
    [{ grants: 7 }],
    [{ grants: { org: [] } }],
    [{ variants: [7] }],
    [{ grants: { org: { allow: { doc: 7 } } } }]
  ])('is what it was where it is no role at all: %j', (document) => {
    expect(prune(document)).toEqual({ document, leftOut: [] })
  })
})
