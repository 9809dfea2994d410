// An ability decides as its subject does, whoever reads its rules: laws over generated worlds. What CASL makes hard
// has its own file, casl-traps.test.ts; that abilities agree with the oracle is in conformance.test.ts.
import { createMongoAbility, mongoQueryMatcher } from '@casl/ability'
import { rulesToAST } from '@casl/ability/extra'
import { describe, expect, it } from 'vitest'

import { abilityOptions, toAbilityObject } from '../../src/casl/client/index.js'
import type { ObjectRef } from '../../src/index.js'
import { abilityOf, forAskers, objectsFor } from './askers.js'
import { readingsOf, throughJson } from './readings.js'
import { floor, least, seenOf } from '../support/depth.js'

describe('an ability of a generated subject', () => {
  it('answers as `can` does, in every reading of its rules', () => {
    let allowed = 0
    forAskers((askers) => {
      for (const asker of askers) {
        const { subject, action, type } = asker
        const ability = abilityOf(asker)
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
    expect(allowed).toBeGreaterThan(floor(1_000))
  })

  it('evaluates each of its rules as CASL reads the conditions', () => {
    forAskers((askers) => {
      for (const asker of askers) {
        const rules = abilityOf(asker).rulesFor(asker.action, asker.type)
        const readings = rules.map(({ conditions }) => mongoQueryMatcher(conditions ?? {}))
        for (const object of objectsFor(asker))
          for (const [i, rule] of rules.entries())
            if (rule.matchesConditions({ ...object }) !== readings[i]?.({ ...toAbilityObject(object) }))
              expect.fail(`${JSON.stringify(rule.conditions)} is not read so for ${JSON.stringify(object)}`)
      }
    })
  })

  it('answers a bare type as `canSome` does', () => {
    forAskers((askers) => {
      for (const asker of askers) {
        const { subject, action, type } = asker
        const ability = abilityOf(asker)
        const copy = createMongoAbility(throughJson(ability.rules), abilityOptions)
        const expected = subject.canSome(action, type)
        expect([ability.can(action, type), copy.can(action, type)]).toEqual([expected, expected])
      }
    })
  })

  it('has at most four rules a permission, and three more for an ACL', () => {
    forAskers((askers) => {
      for (const asker of askers) {
        const { action, type, hasAcl } = asker
        const rules = abilityOf(asker).possibleRulesFor(action, type)
        const ofAcl = rules.filter(({ conditions }) => conditions?.['acl'] !== undefined)
        expect(rules.length - ofAcl.length).toBeLessThanOrEqual(4)
        expect(ofAcl.length).toBeLessThanOrEqual(hasAcl ? 3 : 0)
      }
    })
  })

  it('has plain rules that only allow, name no wildcard and use operators of the default matcher', () => {
    const keys = new Set<string>()
    const names = new Set<string>()
    const operators = new Set<string>()
    forAskers((askers) => {
      for (const rules of askers.map((asker) => abilityOf(asker).rules)) {
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
    const ofRules = ['action', 'conditions', 'subject']
    expect(seenOf(ofRules, keys)).toEqual(ofRules)
    const ofConditions = ['$elemMatch', '$eq', '$exists', '$in', '$ne']
    expect(seenOf(ofConditions, operators)).toEqual(ofConditions)
    expect(names.size).toBeGreaterThan(least(5))
    expect(names.has('action manage') || names.has('resource all')).toBe(false)
  })

  it('joins with the rules of another: what either may do, and nothing else', () => {
    forAskers((askers) => {
      for (const [i, asker] of askers.entries()) {
        const { subject, action } = asker
        const other = askers[(i + 1) % askers.length] ?? asker
        const own = abilityOf(asker)
        const others = abilityOf(other)
        const joined = createMongoAbility([...own.rules, ...others.rules], abilityOptions)
        const updated = abilityOf(asker).update([...others.rules, ...own.rules])
        for (const object of objectsFor(asker)) {
          const expected = subject.can(action, object) || other.subject.can(action, object)
          if (
            joined.can(action, toAbilityObject(object)) !== expected ||
            updated.can(action, object) !== expected
          )
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
        const copy = createMongoAbility(throughJson(ability.rules))
        expect(rulesToAST(ability, action, type)).toEqual(rulesToAST(copy, action, type))
      }
    })
  })
})

function asText(action: string, object: ObjectRef): string {
  return `${action} on ${JSON.stringify(object)}`
}
