// `can` reads a row the fast way and `explain` the slow one: they agree, errors too, on every object of policies of one to
// three containers, wherever a resource has to be, may be and must not be, and whatever the roles held there say.
import { describe, expect, it } from 'vitest'
import {
  compile,
  parsePolicy,
  type ObjectRef,
  type OrgPlacement,
  type Policy,
  type PolicyData
} from 'casemate'
import { orFailure } from '../support/engine.js'

const kinds = ['team', 'project', 'folder']
const placements: readonly OrgPlacement[] = ['never', 'optional', 'required']
const says = { yes: { allow: { '*': ['read'] } }, no: { deny: { '*': ['read'] } }, none: {} } as const
const words = ['yes', 'no', 'none'] as const

/** Every list of as many of these. */
function lists<T>(some: readonly T[], count: number): readonly (readonly T[])[] {
  if (count === 0) return [[]]
  return lists(some, count - 1).flatMap((list) => some.map((one) => [...list, one]))
}

const nameOf = (places: readonly OrgPlacement[]): string => `in_${places.join('_')}`

function policyOf(count: number): Policy {
  const own = kinds.slice(0, count)
  const document = {
    name: 'places',
    containers: own.map((name) => ({ name })),
    resources: Object.fromEntries(
      lists(placements, count).map((places) => [
        nameOf(places),
        { in: Object.fromEntries(own.map((kind, i) => [kind, places[i]])), actions: { read: '' } }
      ])
    ),
    roles: {
      ...Object.fromEntries(
        own.flatMap((kind) =>
          words.flatMap((all) =>
            words.map((mine): [string, object] => [
              `${kind}-${all}-${mine}`,
              { kind, grants: { [kind]: says[all], [`${kind}Member`]: says[mine] } }
            ])
          )
        )
      ),
      member: { kind: 'org', grants: { orgMember: { allow: { '*': ['read'] } } } },
      base: { kind: 'site', grants: { user: { allow: { '*': ['read'] } } } }
    }
  } as PolicyData
  return compile(parsePolicy(document))
}

describe.each([1, 2, 3])('in a policy of %d containers', (count) => {
  const policy = policyOf(count)
  const own = kinds.slice(0, count)
  const ids = [undefined, 'held', 'other']

  function* objects(): Generator<ObjectRef> {
    for (const type of policy.resources.list().map(({ name }) => name))
      for (const places of lists(ids, count))
        for (const [owner, org] of [['me'], ['you', 'o1']])
          yield {
            ...{ type, owner, org },
            ...Object.fromEntries(
              own.flatMap((kind, i) => (places[i] === undefined ? [] : [[kind, places[i]]]))
            )
          }
  }

  it.each(own.map((kind, number) => [kind, number]))('rows are read as they are explained: %s', (kind) => {
    for (const said of ['yes-none', 'none-no']) {
      const subject = policy.subject({
        id: 'me',
        roles: ['base', { role: 'member', org: 'o1' }, { role: `${kind}-${said}`, [kind]: 'held' }]
      })
      let allowed = 0
      for (const object of objects()) {
        const explained = orFailure(() => subject.explain('read', object).allowed)
        expect(
          orFailure(() => subject.can('read', object)),
          JSON.stringify([said, object])
        ).toEqual(explained)
        if (explained === true) allowed++
      }
      expect(allowed).toBeGreaterThan(0)
    }
  })
})
