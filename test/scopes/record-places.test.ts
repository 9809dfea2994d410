// What is wrong with a stored record of checks is said at its place; what a held scope of a template lets through is
// judged by the template's own list.
import { describe, expect, it } from 'vitest'
import { compile, definePolicy } from 'casemate'
import { parseRecord, suggestScopes } from 'casemate/scopes'

const policy = compile(
  definePolicy({
    name: 'notes',
    resources: { note: { actions: { read: 'Read', write: 'Write' } } },
    scopeTemplates: {
      one: { params: { id: 'required' }, allow: { note: ['read'] }, allowList: ['note:{id}'] }
    }
  })
)

function saidOf(data: unknown): string[] {
  const parsed = parseRecord(policy, data)
  return parsed.ok ? [] : parsed.problems.map(({ message }) => message)
}

describe('a record that is wrong', () => {
  it.each([
    [7, 'expected a record, `{ checks, scopes }`, not `7`'],
    [{ checks: 7 }, 'checks: expected a list of checks, not `7`'],
    [{ checks: [], scopes: 7 }, 'scopes: expected a list of scopes, not `7`'],
    [{ checks: [7] }, 'checks[0]: expected a check, `{ permission, id }`, not `7`'],
    [
      { checks: [{ permission: 7 }] },
      'checks[0].permission: expected a permission, `resource:action`, not `7`'
    ],
    [
      { checks: [{ permission: 'note' }] },
      'checks[0].permission: expected a permission, `resource:action`, not `note`'
    ]
  ])('%j', (data, message) => {
    expect(saidOf(data).map((said) => said.replace(/^: /, ''))).toEqual([message])
  })
})

describe('a template that was held', () => {
  const held = { template: 'one', params: { id: 'n1' } }
  const isUsed = (check: {
    readonly permission: string
    readonly id?: string
    readonly some?: true
  }): boolean => suggestScopes(policy, { checks: [check], scopes: [held] }).unused.length === 0

  it.each([
    [{ permission: 'note:read', id: 'n1' }, true],
    [{ permission: 'note:read', id: 'n2' }, false],
    [{ permission: 'note:read' }, false],
    [{ permission: 'note:read', some: true as const }, true],
    [{ permission: 'note:write', id: 'n1' }, false]
  ])('for the check %j is used: %j', (check, expected) => {
    expect(isUsed(check)).toBe(expected)
  })
})
