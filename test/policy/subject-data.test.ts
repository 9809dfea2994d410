// A subject as data: whoever reads it again answers every question the same; and objects with fields that nothing reads.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, parseRequest, subjectData } from 'casemate'
import { worldsWithCasesV2 } from '../arbitraries/index.js'
import { asGiven, orFailure, policyOf, subjectOf } from '../support/engine.js'
import { floor, runs } from '../support/depth.js'

describe('subjectData', () => {
  it('makes a subject again that answers the same, with every ceiling', () => {
    let asked = 0
    fc.assert(
      fc.property(worldsWithCasesV2, ({ world, cases }) => {
        const policy = policyOf(world)
        for (const { question, defects } of cases) {
          if (defects.length > 0) continue
          const subject = subjectOf(policy, question)
          const data: unknown = JSON.parse(JSON.stringify(subjectData(subject)))
          const { action, object } = question
          const request = {
            ...(data as object),
            action,
            object: JSON.parse(JSON.stringify(object)) as unknown
          }
          const parsed = parseRequest(policy, request, { allowSystem: true })
          if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
          const answer = parsed.value.subject.explain(parsed.value.action, parsed.value.object)
          const before = subject.explain(asGiven(action), asGiven(object))
          expect([answer.allowed, answer.reason]).toEqual([before.allowed, before.reason])
          asked++
        }
      }),
      { numRuns: runs(40, 5_000) }
    )
    expect(asked).toBeGreaterThan(floor(30))
  })
})

describe('a policy with `strictObjects`', () => {
  const document = parsePolicy({
    name: 'strict',
    containers: [{ name: 'project' }],
    resources: {
      note: {
        in: { project: 'optional' },
        attributes: { kind: { values: ['a', 'b'], default: 'a' } },
        actions: { read: '' }
      },
      log: { actions: { read: '' } }
    },
    roles: { member: { kind: 'site', grants: { site: { allow: { '*': '*' } } } } }
  })
  const member = { id: 'ada', roles: ['member'] }
  const strict = compile(document, { strictObjects: true }).subject(member)
  const lax = compile(document).subject(member)

  it.each<[object, string]>([
    [{ type: 'note', ownerId: 'ada' }, 'ownerId'],
    [{ type: 'log', kind: 'a' }, 'kind'],
    [{ type: 'log', projects: ['p1'] }, 'projects']
  ])('refuses %j in every way of asking, and names the field', (object, field) => {
    const asked = asGiven(object)
    expect(lax.can('read', asked)).toBe(true)
    for (const ask of [
      () => strict.can('read', asked),
      () => strict.explain('read', asked),
      () => strict.filter('read', [asked]),
      () => strict.actionsOn(asked)
    ]) {
      expect(orFailure<unknown>(ask)).toEqual({ error: 'invalid_request' })
      expect(ask).toThrow(field)
    }
  })

  it('takes every field that is read', () => {
    const note = { type: 'note', id: 'n1', owner: 'ada', org: 'o1', project: 'p1', kind: 'b' }
    expect(strict.can('read', asGiven(note))).toBe(true)
    expect(strict.can('read', asGiven({ type: 'log', project: null }))).toBe(true)
  })

  it('is asked for by a boolean', () => {
    expect(orFailure(() => compile(document, asGiven({ strictObjects: 'yes' })))).toEqual({
      error: 'invalid_request'
    })
  })
})
