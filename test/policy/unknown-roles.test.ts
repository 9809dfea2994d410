// `parseSubject` with `unknownRoles: 'report'`: where unknown roles are all that is wrong, there is a subject that is denied
// everything beside the problems; in every other case the answer is that of plain parsing.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, definePolicy, parseSubject } from '../../src/index.js'
import { worldsWithCasesV2 } from '../arbitraries/index.js'
import { asGiven, orFailure, policyOf } from '../support/engine.js'

const report = { unknownRoles: 'report' } as const
const policy = compile(
  definePolicy({
    name: 'p',
    resources: { doc: { acl: true, actions: { read: 'r', share: 's' } } },
    roles: {
      owner: {
        kind: 'site',
        grants: { site: { allow: { doc: '*' } }, user: { allow: { doc: '*' } } },
        assigns: ['*']
      },
      member: { kind: 'org', grants: { org: { allow: { doc: '*' } } } }
    }
  })
)

describe('a subject with a role that the policy does not have', () => {
  const data = { id: 'ada', roles: ['owner', { role: 'gone', org: 'o1' }, 'ownr'], groups: ['g1'] }

  it('is denied everything beside the problems: what other roles, ownership and ACLs allow, and giving away', () => {
    const parsed = parseSubject(policy, data, report)
    if (!parsed.ok) throw new Error('refused')
    expect(parsed.problems.map(({ code, path }) => [code, path])).toEqual([
      ['unknown_role', 'roles[1]'],
      ['unknown_role', 'roles[2]']
    ])
    const { value } = parsed
    expect(value.id).toBe('ada')
    for (const object of [
      { type: 'doc' as const },
      { type: 'doc' as const, owner: 'ada' },
      {
        type: 'doc' as const,
        org: 'o1',
        acl: { users: { ada: ['*' as const] }, groups: { g1: ['*' as const] } }
      }
    ]) {
      expect(value.can('read', object)).toBe(false)
      expect(value.actionsOn(object)).toEqual([])
    }
    expect(value.canSome('read', 'doc')).toBe(false)
    expect(value.canAssign('member', 'o1')).toBe(false)
    expect(value.canMint({ scopes: ['doc:read'] })).toBe(false)
    expect(value.within({ scopes: ['doc:read'] }).can('read', { type: 'doc', owner: 'ada' })).toBe(false)
  })

  it('is refused without the setting, and with it where something else is wrong too', () => {
    expect(parseSubject(policy, data)).toMatchObject({ ok: false })
    expect(parseSubject(policy, data, { unknownRoles: 'refuse' })).toMatchObject({ ok: false })
    expect(parseSubject(policy, { ...data, id: '' }, report)).toMatchObject({ ok: false })
    expect(parseSubject(policy, { ...data, scopes: null }, report)).toMatchObject({ ok: false })
    expect(parseSubject(policy, 7, report)).toMatchObject({ ok: false })
  })

  it('is not read with a setting that is none', () => {
    expect(orFailure(() => parseSubject(policy, data, { unknownRoles: asGiven('ignore') }))).toEqual({
      error: 'invalid_settings'
    })
  })
})

describe('any other subject', () => {
  it('is parsed alike with and without the setting', () => {
    fc.assert(
      fc.property(worldsWithCasesV2, ({ world, cases }) => {
        const all = policyOf(world)
        for (const { question } of cases) {
          const { subject, action, object } = question
          const plain = parseSubject(all, subject)
          const reported = parseSubject(all, subject, report)
          const isKnown = plain.ok || plain.problems.some(({ code }) => code !== 'unknown_role')
          expect(reported.ok).toBe(plain.ok || !isKnown)
          expect(reported.ok ? reported.problems : []).toEqual(plain.ok || isKnown ? [] : plain.problems)
          if (!reported.ok) continue
          const answer = orFailure(() => reported.value.can(asGiven(action), asGiven(object)))
          if (plain.ok)
            expect(answer).toEqual(orFailure(() => plain.value.can(asGiven(action), asGiven(object))))
          else expect(answer).not.toBe(true)
        }
      })
    )
  })
})
