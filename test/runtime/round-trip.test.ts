// A policy and what is loaded from its file answer every question of a small space alike, reasons and errors included.
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Policy } from 'casemate'
import { toCompiled } from 'casemate/node'
import { fromCompiled, type RuntimePolicy } from 'casemate/runtime'
import { fullPolicy } from '../fixtures/document/full.js'
import { asGiven, orFailure } from '../support/engine.js'
import { widePolicy } from './wide-places.js'
import { least } from '../support/depth.js'

const full = compile(parsePolicy(fullPolicy()), { options: { strict: true } })
  .withRoles({
    extra: { kind: 'site', includes: ['auditor'], grants: { user: { allow: { '*': ['read'] } } } }
  })
  .withRoles(
    {
      lead: { kind: 'project', includes: ['maintainer'], variants: [{ when: { strict: true }, grants: {} }] }
    },
    { project: 'p1' }
  )
  .withRoles({ lead: { kind: 'folder', grants: { folder: { allow: { '*': '*' } } } } }, { folder: 'p1' })

/** Every combination of one value of each list; `undefined` leaves the key out. */
function combine(lists: Readonly<Record<string, readonly unknown[]>>): Record<string, unknown>[] {
  return Object.entries(lists).reduce<Record<string, unknown>[]>(
    (made, [key, values]) =>
      values.flatMap((value) => made.map((one) => (value === undefined ? one : { ...one, [key]: value }))),
    [{}]
  )
}

/** Each role alone, held in the place `p1` where it needs one. */
function holdings(policy: Policy): unknown[][] {
  return [
    [],
    ...policy.roles.list().map(({ name, kind }) => [kind === 'site' ? name : { role: name, [kind]: 'p1' }])
  ]
}

function objectsOf(policy: Policy, name: string): Record<string, unknown>[] {
  const { attributes = {}, acl } = policy.document.resources[name] ?? {}
  const entries = typeof acl === 'object' ? Object.keys(acl.levels ?? {}).slice(0, 1) : []
  return combine({
    type: [name],
    owner: [undefined, 'ada'],
    org: [undefined, 'p1'],
    project: [undefined, ['p2', 'p1']],
    ...Object.fromEntries(
      Object.entries(attributes).map(([key, { values }]) => [key, [undefined, ...values]])
    ),
    acl: acl === undefined ? [undefined] : [undefined, { users: { ada: [...entries, 'read'] } }]
  })
}

/** The answers of a policy, each as one text. */
function answers(policy: Policy | RuntimePolicy, whole: Policy): string[] {
  return holdings(whole).flatMap((roles) => {
    const made = orFailure(() => policy.subject(asGiven({ id: 'ada', roles })))
    if ('error' in made) return [made.error]
    return whole.resources
      .list()
      .flatMap(({ name, actions }) =>
        objectsOf(whole, name).flatMap((object) =>
          actions.map((action) =>
            JSON.stringify([
              orFailure(() => made.can(asGiven(action.name), asGiven(object))),
              orFailure(() => made.explain(asGiven(action.name), asGiven(object)))
            ])
          )
        )
      )
  })
}

describe.each([
  ['a policy with everything', full],
  ['one that denies and shares', widePolicy()]
])('%s', (_, policy) => {
  it('answers the same from its file', () => {
    const loaded = fromCompiled(JSON.parse(JSON.stringify(toCompiled(policy))))
    const expected = answers(policy, policy)
    const differing = answers(loaded, policy).filter((answer, i) => answer !== expected[i])
    expect(differing).toEqual([])
    expect(expected.filter((answer) => answer.startsWith('[true')).length).toBeGreaterThan(least(50))
    expect(expected.filter((answer) => answer.startsWith('[false')).length).toBeGreaterThan(least(50))
  })

  it('has nothing for people in it', () => {
    expect(JSON.stringify(toCompiled(policy))).not.toMatch(
      /"(?:description|title|assigns|assignable|public)"/
    )
  })
})
