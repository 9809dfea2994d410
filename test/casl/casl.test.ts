// An ability decides as its subject does, whoever reads its rules: laws over generated worlds. What CASL makes hard
// has its own file, casl-traps.test.ts; that abilities agree with the oracle is in conformance.test.ts.
import { createMongoAbility, mongoQueryMatcher } from '@casl/ability'
import { rulesToAST } from '@casl/ability/extra'
import { describe, expect, it } from 'vitest'

import { detectSubjectType } from '../../src/casl/index.js'
import type { ObjectRef } from '../../src/index.js'
import { listableIds } from '../arbitraries/names.js'
import { abilityOf, forAskers, objectsFor, type Asker } from './askers.js'
import { readingsOf, throughJson } from './readings.js'

describe('an ability of a generated subject', () => {
  it('answers as `can` does, in every reading of its rules', () => {
    let allowed = 0
    forAskers((askers) => {
      for (const asker of askers) {
        const { subject, action, type } = asker
        const ability = abilityOf(asker)
        if (ability === undefined) continue
        const readings = Object.entries(readingsOf(ability, action, type))
        for (const object of objectsFor(asker)) {
          const expected = subject.can(action, object)
          if (expected) allowed++
          for (const [name, can] of readings)
            if (can(object) !== expected)
              expect.fail(`${name} says ${!expected} to ${asText(action, object)}`)
        }
      }
    })
    expect(allowed).toBeGreaterThan(1_000)
  })

  it('evaluates each of its rules as CASL reads the conditions', () => {
    forAskers((askers) => {
      for (const asker of askers) {
        const rules = abilityOf(asker)?.rulesFor(asker.action, asker.type) ?? []
        const readings = rules.map(({ conditions }) => mongoQueryMatcher(conditions ?? {}))
        for (const object of objectsFor(asker))
          for (const [i, rule] of rules.entries())
            if (rule.matchesConditions({ ...object }) !== readings[i]?.({ ...object }))
              expect.fail(`${JSON.stringify(rule.conditions)} is not read so for ${JSON.stringify(object)}`)
      }
    })
  })

  it('answers a bare type as `canSome` does', () => {
    forAskers((askers) => {
      for (const asker of askers) {
        const { subject, action, type } = asker
        const ability = abilityOf(asker)
        if (ability === undefined) continue
        const copy = createMongoAbility(throughJson(ability.rules), { detectSubjectType })
        const expected = subject.canSome(action, type)
        expect([ability.can(action, type), copy.can(action, type)]).toEqual([expected, expected])
      }
    })
  })

  it('has at most five rules a permission, and for an ACL one more, one an organization, two a group', () => {
    forAskers((askers) => {
      for (const asker of askers) {
        const { action, type, orgs, groups, hasAcl } = asker
        const rules = abilityOf(asker)?.possibleRulesFor(action, type) ?? []
        const ofAcl = rules.filter(({ conditions = {} }) =>
          Object.keys(conditions).some((path) => path.startsWith('acl.'))
        )
        expect(rules.length - ofAcl.length).toBeLessThanOrEqual(5)
        expect(ofAcl.length).toBeLessThanOrEqual(hasAcl ? 1 + orgs.length + 2 * groups.length : 0)
      }
    })
  })

  it('has plain rules that only allow, name no wildcard and use operators of the default matcher', () => {
    const keys = new Set<unknown>()
    const names = new Set<unknown>()
    const operators = new Set<unknown>()
    forAskers((askers) => {
      for (const rules of askers.map((asker) => abilityOf(asker)?.rules ?? [])) {
        expect(throughJson(rules)).toStrictEqual(rules)
        for (const rule of rules) {
          for (const key of Object.keys(rule)) keys.add(key)
          for (const action of [rule.action].flat()) names.add(`action ${action}`)
          for (const resource of [rule.subject].flat()) names.add(`resource ${String(resource)}`)
          for (const condition of Object.values<unknown>(rule.conditions ?? {}))
            if (typeof condition === 'object' && condition !== null)
              for (const key of Object.keys(condition)) operators.add(key)
        }
      }
    })
    expect([...keys].toSorted()).toEqual(['action', 'conditions', 'subject'])
    expect([...operators].toSorted()).toEqual(['$eq', '$exists', '$in', '$lte', '$ne'])
    expect(names.has('action read')).toBe(true)
    expect(names.has('action manage') || names.has('resource all')).toBe(false)
  })

  it('joins with the rules of another: what either may do, and nothing else', () => {
    forAskers((askers) => {
      for (const [i, asker] of askers.entries()) {
        const { subject, action } = asker
        const other = askers[(i + 1) % askers.length] ?? asker
        const own = abilityOf(asker)
        const others = abilityOf(other)
        if (own === undefined || others === undefined) continue
        const joined = createMongoAbility([...own.rules, ...others.rules], { detectSubjectType })
        const updated = abilityOf(asker)?.update([...others.rules, ...own.rules])
        for (const object of objectsFor(asker)) {
          const expected = subject.can(action, object) || other.subject.can(action, object)
          if (joined.can(action, object) !== expected || updated?.can(action, object) !== expected)
            expect.fail(`joined, they do not say ${expected} to ${asText(action, object)}`)
        }
      }
    })
  })

  it('gives the same syntax tree as a copy of its rules', () => {
    forAskers((askers) => {
      for (const asker of askers) {
        const { action, type } = asker
        const ability = abilityOf(asker)
        if (ability === undefined) continue
        const copy = createMongoAbility(throughJson(ability.rules))
        expect(rulesToAST(ability, action, type)).toEqual(rulesToAST(copy, action, type))
      }
    })
  })

  it('is refused exactly where an ACL entry whose id has a dot could decide', () => {
    const counted = { refused: 0, expressed: 0 }
    forAskers((askers) => {
      for (const asker of askers) {
        if (![asker.id, ...asker.groups, ...asker.orgs].some((id) => id.includes('.'))) continue
        const isRefused = abilityOf(asker) === undefined
        counted[isRefused ? 'refused' : 'expressed']++
        expect(isRefused).toBe(isDottedEntryDeciding(asker))
      }
    }, 3)
    expect(counted.refused).toBeGreaterThan(0)
    expect(counted.expressed).toBeGreaterThan(0)
  })
})

/** Whether some object is allowed for an entry with a dotted id alone, whatever the action. */
function isDottedEntryDeciding(asker: Asker): boolean {
  const { policy, subject } = asker
  const listed = listableIds(policy.document.ids)
  return policy.resources.list().some(
    ({ name: type, acl: hasAcl, actions }) =>
      hasAcl &&
      actions.some(({ name: action }) =>
        objectsFor({ ...asker, type, action, hasAcl, listed }).some((object) => {
          const { acl, ...rest } = object
          const ids = Object.keys({ ...acl?.users, ...acl?.groups })
          return (
            ids.some((id) => id.includes('.')) && subject.can(action, object) && !subject.can(action, rest)
          )
        })
      )
  )
}

function asText(action: string, object: ObjectRef): string {
  return `${action} on ${JSON.stringify(object)}`
}
