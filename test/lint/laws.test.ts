// What the linter says is true of every generated policy: lines that it calls idle change no decision when they are
// taken out, and permissions that it calls unheld are exactly those that nobody is proved to be allowed.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Policy, type Subject } from 'casemate'
import { classesOf, verify } from 'casemate/verify'
import { lint, type LintFinding } from 'casemate/lint'
import type { PolicyData } from '../../src/document/types.js'
import { listRoles } from '../../src/compile/role-index.js'
import { holdersOf } from '../../src/verify/space/holders.js'
import { rolled, rollWorld, worldTape } from '../arbitraries/index.js'
import type { World } from '../model.js'
import { compiledOf } from '../../src/compile/compile.js'

const isDeep = process.env['CASEMATE_DEEP'] === '1'
const worlds: fc.Arbitrary<World> = rolled(worldTape, rollWorld)

const idleRules = new Set(['unreachable-grant', 'pointless-deny', 'shadowed-grant', 'empty-wildcard'])

/** The document with the line, or the action of its list, that is at a path taken out. */
function without(document: PolicyData, at: LintFinding['at']): PolicyData {
  const copy: unknown = structuredClone(document)
  const isAction = typeof at.at(-1) === 'number'
  const line = isAction ? at.slice(0, -1) : at
  let parent = copy as Record<string | number, unknown>
  for (const segment of line.slice(0, -1)) parent = parent[segment] as Record<string | number, unknown>
  const key = line.at(-1)!
  const list = parent[key]
  // An empty list, not a missing key: in an allow the wildcard would stand in for that.
  const left = isAction && Array.isArray(list) ? list.toSpliced(Number(at.at(-1)), 1) : []
  Object.defineProperty(parent, key, { value: left, enumerable: true, configurable: true, writable: true })
  return copy as PolicyData
}

/** Everybody with one role or two of which one is named, and every system subject, as requests give them. */
function* subjects(policy: Policy, name: string): Generator<(other: Policy) => Subject> {
  const roles = listRoles(compiledOf(policy).roles)
  const held = roles.filter((role) => role.name === name)
  for (const role of roles)
    for (const { data } of holdersOf(compiledOf(policy), [...new Set([...held, role])]))
      yield (other) => other.subject(data)
  for (const system of compiledOf(policy).systemSubjects.keys()) yield (other) => other.systemSubject(system)
}

function answers(policy: Policy, subject: Subject): string[] {
  return policy.resources
    .list()
    .flatMap(({ name: type, actions }) =>
      actions.flatMap(({ name: action }) =>
        classesOf(subject, action, type, { acl: false }).map(
          ({ key, object }) => `${type}:${action} ${key} ${String(subject.can(action, object))}`
        )
      )
    )
}

describe('a line that the linter calls idle', () => {
  it('changes no decision of anybody when it is taken out', () => {
    let seen = 0
    fc.assert(
      fc.property(worlds, ({ document, options }) => {
        const before = compile(parsePolicy(document), { options })
        const idle = lint(before).findings.filter(
          ({ rule, at }) => idleRules.has(rule) && at[0] !== 'scopes' && at[0] !== 'scopeTemplates'
        )
        for (const { at } of idle.slice(0, 5)) {
          const after = compile(parsePolicy(without(document, at)), { options })
          seen++
          for (const ask of subjects(before, String(at[1])))
            expect(answers(after, ask(after)), JSON.stringify(at)).toEqual(answers(before, ask(before)))
        }
      }),
      { numRuns: isDeep ? 1_000 : 25 }
    )
    expect(seen).toBeGreaterThan(10)
  })
})

describe('a permission that the linter calls unheld', () => {
  it('is one that nobody is proved to be allowed, and every such one is called so', () => {
    let unheld = 0
    fc.assert(
      fc.property(worlds, ({ document: whole, options }) => {
        // With all of its roles a policy rarely has a permission that nobody holds.
        const roles = Object.fromEntries(Object.entries(whole.roles ?? {}).slice(0, 1))
        const document: PolicyData = { ...whole, roles }
        const permissions = Object.entries(document.resources).flatMap(([resource, { acl, actions }]) =>
          acl === true ? [] : Object.keys(actions).map((action) => `${resource}:${action}`)
        )
        const invariants = permissions.map((name) => ({ name, permissions: [name], only: [] }))
        const policy = compile(parsePolicy({ ...document, invariants }), { options })
        const proved = verify(policy).invariants.flatMap(({ name, ok }) => (ok ? [name] : []))
        const called = lint(policy).findings.flatMap(({ rule, at: [, resource = '', , action] }) => {
          if (rule !== 'unheld-permission') return []
          return permissions.filter((name) =>
            action === undefined ? name.startsWith(`${resource}:`) : name === `${resource}:${action}`
          )
        })
        unheld += proved.length
        expect(called).toEqual(proved)
      }),
      { numRuns: isDeep ? 1_000 : 30 }
    )
    expect(unheld).toBeGreaterThan(0)
  })
})
