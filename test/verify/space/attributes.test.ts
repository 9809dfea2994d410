// Which combinations of attributes stand for others: those that decide alike for everybody.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import type { CompiledPermission } from '../../../src/compile/catalogue.js'
import { compiledOf, type CompiledPolicy } from '../../../src/compile/compile.js'
import { conditionsOn, permissionsToldApart, standingFor } from '../../../src/verify/space/attributes.js'
import {
  questionTapeV2,
  rolledMany,
  rollQuestion,
  rollWorldV2,
  worldTapeV2
} from '../../arbitraries/index.js'
import { asGiven, policyOf, subjectOf } from '../../support/engine.js'
import { floor, runs } from '../../support/depth.js'

const worldsWithQuestions = rolledMany(worldTapeV2, questionTapeV2, 8, (first, rest) => {
  const world = rollWorldV2(first)
  return { world, questions: rest.map((dice) => rollQuestion(dice, world, { v2: true })) }
})

describe('combinations of attributes that stand for each other', () => {
  it('get the same answer for the same reason, whoever asks', () => {
    let asked = 0
    let merged = 0
    fc.assert(
      fc.property(worldsWithQuestions, ({ world, questions }) => {
        const policy = policyOf(world)
        const compiled = compiledOf(policy)
        for (const question of questions) {
          const resource = compiled.catalogue.resources.get(String(question.object['type']))
          if (resource === undefined || resource.attributes.length === 0) continue
          const subject = subjectOf(policy, question)
          const answers = new Map<CompiledPermission, string>()
          for (const permission of resource.permissions) {
            if (permission.action !== question.action) continue
            const object = { ...question.object, ...Object.fromEntries(permission.attributes) }
            const { allowed, reason, level } = subject.explain(question.action, asGiven(object))
            const answer = JSON.stringify([allowed, reason, level])
            const stands = standingFor(compiled, permission)
            asked++
            if (stands !== permission) merged++
            expect(answers.get(stands) ?? answer).toBe(answer)
            answers.set(stands, answer)
          }
          const told = permissionsToldApart(compiled, resource, question.action)
          expect(new Set(told)).toEqual(new Set(answers.keys()))
        }
      }),
      { numRuns: runs(100), endOnFailure: true }
    )
    expect(asked).toBeGreaterThan(floor(500))
    expect(merged).toBeGreaterThan(floor(100))
  })

  it('have what is asked for beside the policy both or neither', () => {
    fc.assert(
      fc.property(worldsWithQuestions, fc.nat(), ({ world }, number) => {
        const compiled = compiledOf(policyOf(world))
        for (const resource of compiled.catalogue.resources.values())
          for (const { name, values } of resource.attributes) {
            const value = values[number % values.length] ?? ''
            for (const permission of resource.permissions) {
              const stands = standingFor(compiled, permission, [{ [name]: value }])
              expect(stands.action).toBe(permission.action)
              expect(stands.attributes.get(name) === value).toBe(permission.attributes.get(name) === value)
            }
          }
      }),
      { numRuns: runs(30), endOnFailure: true }
    )
  })
})

describe('the permissions that are told apart', () => {
  const document = definePolicy({
    name: 'paper',
    resources: {
      paper: {
        attributes: {
          status: { values: ['new', 'draft', 'kept', 'old'], default: 'kept' },
          isLocked: { values: [true, false] },
          size: { values: ['s', 'm', 'l'] }
        },
        actions: { read: 'Read', write: 'Write' }
      },
      plain: { actions: { read: 'Read' } }
    },
    roles: {
      editor: {
        kind: 'site',
        grants: {
          site: { allow: { paper: [{ actions: ['read'], where: { status: 'draft', isLocked: false } }] } }
        }
      }
    },
    scopes: { old: { allow: { paper: { actions: '*', where: { status: ['draft', 'old'] } } } } }
  })

  const compiled = compiledOf(compile(document))
  const attributesOf = (
    policy: CompiledPolicy,
    ...asked: Parameters<typeof permissionsToldApart>[3][]
  ): unknown[] => {
    const paper = policy.catalogue.resources.get('paper')
    if (paper === undefined) throw new Error('no paper')
    return permissionsToldApart(policy, paper, 'write', asked[0]).map(({ attributes }) => [
      ...attributes.values()
    ])
  }

  it('have of the values that no condition tells apart the default, else the first; defaults first', () => {
    expect(attributesOf(compiled)).toEqual([
      ['kept', true, 's'],
      ['kept', false, 's'],
      ['draft', true, 's'],
      ['old', true, 's'],
      ['draft', false, 's'],
      ['old', false, 's']
    ])
  })

  it('have those too that only what is asked tells apart', () => {
    expect(attributesOf(compiled, [{ status: 'new' }])).toHaveLength(8)
    expect(attributesOf(compiled, [{ size: 'm' }, { size: 'l' }])).toHaveLength(18)
    expect(attributesOf(compiled, [{ colour: 'red', size: 'xl' }])).toHaveLength(6)
  })

  it('have those too that only a custom role tells apart', () => {
    const policy = compile(document).withRoles({
      guest: {
        kind: 'site',
        grants: { site: { deny: { paper: { except: ['read'], where: { size: 'l' } } } } }
      }
    })
    expect(attributesOf(compiledOf(policy))).toHaveLength(12)
  })

  it('are one for a resource without attributes, and none for an action that it lacks', () => {
    const plain = compiled.catalogue.resources.get('plain')
    if (plain === undefined) throw new Error('no plain')
    expect(permissionsToldApart(compiled, plain, 'read')).toEqual([plain.actions.get('read')])
    expect(permissionsToldApart(compiled, plain, 'write')).toEqual([])
    expect(conditionsOn(compiled, plain)).toEqual([])
  })
})
