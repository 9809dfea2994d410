// What the linter says is true of every generated policy: lines that it calls idle change no decision when they are
// taken out, and permissions that it calls unheld are exactly those that nobody is proved to be allowed.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, type Policy, type Subject } from 'casemate'
import { classesOf, verify } from 'casemate/verify'
import { lint, type LintFinding } from 'casemate/lint'
import type { PolicyData } from '../../src/document/types.js'
import { listRoles } from '../../src/compile/role-index.js'
import type { OptionValue } from '../../src/types.js'
import { holdersOf } from '../../src/verify/space/holders.js'
import { rolled, rollWorld, worldTape, worldTapeV2 } from '../arbitraries/index.js'
import { rollWideWorld } from '../arbitraries/world.js'
import type { World } from '../model.js'
import { compiledOf } from '../../src/compile/compile.js'
import { floor, least, runs } from '../support/depth.js'

const wideWorlds: fc.Arbitrary<World> = rolled(worldTapeV2, rollWideWorld)
const worlds: fc.Arbitrary<World> = rolled(worldTape, rollWorld)

const idleRules = new Set(['unreachable-grant', 'pointless-deny', 'shadowed-grant', 'empty-wildcard'])

type Segments = LintFinding['at']

/** What stands at a path of a copy. */
function reached(copy: unknown, at: Segments): unknown {
  return at.reduce((value, segment) => (value as Record<string | number, unknown>)[segment], copy)
}

function put(copy: unknown, at: Segments, value: unknown): void {
  Object.defineProperty(reached(copy, at.slice(0, -1)), at.at(-1)!, {
    value,
    enumerable: true,
    configurable: true,
    writable: true
  })
}

/** The document with the line, or the element of a list, that is at a path taken out. */
function without(document: PolicyData, at: Segments): PolicyData {
  const copy: unknown = structuredClone(document)
  const list = at.slice(0, -1)
  const elements = reached(copy, list)
  if (typeof at.at(-1) === 'number' && Array.isArray(elements))
    put(copy, list, elements.toSpliced(Number(at.at(-1)), 1))
  // An empty list, not a missing key: in an allow the wildcard would stand in for that.
  else put(copy, at, [])
  return copy as PolicyData
}

/** The document without the condition on attributes at a path, or without the attribute in one. */
function withoutCondition(document: PolicyData, at: Segments): PolicyData {
  const copy: unknown = structuredClone(document)
  if (at.at(-1) !== 'where') {
    const where = reached(copy, at.slice(0, -1)) as Record<string, unknown>
    Reflect.deleteProperty(where, at.at(-1)!)
    return copy as PolicyData
  }
  const owner = at.slice(0, -1)
  const { actions, except } = reached(copy, owner) as { actions?: '*' | string[]; except?: string[] }
  if (typeof owner.at(-1) !== 'number') {
    put(copy, owner, except === undefined ? actions : { except })
    return copy as PolicyData
  }
  const list = owner.slice(0, -1)
  const [resource] = list.slice(-1)
  const all = Object.keys(document.resources[String(resource)]?.actions ?? {})
  const named = actions === '*' ? all : (actions ?? [])
  const rest = (reached(copy, list) as unknown[]).toSpliced(Number(owner.at(-1)), 1)
  put(copy, list, [...rest, ...named.filter((action) => !rest.includes(action))])
  return copy as PolicyData
}

/**
 * Everybody with one role or two of which one is named, and every system subject, as requests give them; of the other
 * roles only so many.
 */
function* subjects(policy: Policy, name: string, others?: number): Generator<(other: Policy) => Subject> {
  const roles = listRoles(compiledOf(policy).roles).slice(0, others)
  const held = listRoles(compiledOf(policy).roles).filter((role) => role.name === name)
  for (const role of roles)
    for (const { data } of holdersOf(compiledOf(policy), [...new Set([...held, role])]))
      yield (other) => other.subject(data)
  for (const system of compiledOf(policy).systemSubjects.keys()) yield (other) => other.systemSubject(system)
}

/**
 * About all types, or the one under whose key a line stands: about the objects that `finer` tells apart, since a policy
 * without a line may tell fewer apart.
 */
function answers(policy: Policy, finer: Subject, subject: Subject, key?: string | number): string[] {
  const all = policy.resources.list()
  const named = all.filter(({ name }) => name === key)
  return (named.length > 0 ? named : all).flatMap(({ name: type, actions }) =>
    actions.flatMap(({ name: action }) =>
      classesOf(finer, action, type, { acl: false }).map(
        ({ key, object }) => `${type}:${action} ${key} ${String(subject.can(action, object))}`
      )
    )
  )
}

/** Checks on generated policies that what some rules find can be taken out; how many findings it looked at. */
function checkIdle(
  generated: fc.Arbitrary<World>,
  ofRules: ReadonlySet<string>,
  cut: (document: PolicyData, at: Segments) => PolicyData,
  numRuns: number,
  others?: number
): number {
  let seen = 0
  fc.assert(
    fc.property(generated, ({ document, options }) => {
      const before = compile(parsePolicy(document), { options })
      const idle = lint(before).findings.filter(
        ({ rule, at, message }) =>
          ofRules.has(rule) && at[0] === 'roles' && !message.includes('where both apply')
      )
      // One of each rule, and where generated policies are large only those about one resource.
      const byRule = new Map(idle.map((finding) => [finding.rule, finding]))
      for (const { at } of byRule.values()) {
        const after = compile(parsePolicy(cut(document, at)), { options })
        const key = at[2] === 'variants' ? at[7] : at[5]
        seen++
        for (const ask of subjects(before, String(at[1]), others))
          expect(answers(before, ask(before), ask(after), key), JSON.stringify(at)).toEqual(
            answers(before, ask(before), ask(before), key)
          )
      }
    }),
    { numRuns: runs(numRuns, numRuns * 30), endOnFailure: true }
  )
  return seen
}

describe('a line that the linter calls idle', () => {
  it('changes no decision of anybody when it is taken out', () => {
    expect(checkIdle(worlds, idleRules, without, 25)).toBeGreaterThan(floor(10))
  })

  it('nor in a policy with containers, attributes, implied actions and included roles', () => {
    expect(checkIdle(wideWorlds, idleRules, without, 10, 2)).toBeGreaterThan(floor(5))
  })
})

describe('what the linter calls idle in a wide policy', () => {
  it.each([
    ['an included role', 'idle-include', without, 10],
    ['a condition', 'idle-condition', withoutCondition, 6]
  ] as const)('%s: changes no decision when it is taken out', (_, rule, cut, numRuns) => {
    expect(checkIdle(wideWorlds, new Set([rule]), cut, numRuns, 2)).toBeGreaterThan(least(0))
  })
})

describe('a deny that the linter calls overruled', () => {
  it('denies nothing to whoever holds one of the named roles in the same place', () => {
    let seen = 0
    fc.assert(
      fc.property(wideWorlds, ({ document, options }) => {
        const before = compile(parsePolicy(document), { options })
        const shipped = listRoles(compiledOf(before).roles).filter(({ isCustom }) => !isCustom)
        for (const { rule, at, message } of lint(before).findings) {
          if (rule !== 'overruled-deny' || seen > 30) continue
          const after = compile(parsePolicy(without(document, at)), { options })
          const key = at[2] === 'variants' ? at[7] : at[5]
          // An action may be called like a role.
          const [, holders = ''] = (message.split(', which')[0] ?? '').split(' also holds ')
          const named = shipped.filter(({ name }) => holders.includes(`\`${name}\``))
          const denied = shipped.filter(({ name }) => name === at[1])
          for (const role of named.filter(({ name }) => name !== at[1])) {
            seen++
            for (const { data } of holdersOf(compiledOf(before), [...denied, role])) {
              const holder = before.subject(data)
              // A container lies in an organization: of another one, an object of it is in no place of the other role.
              const here = (subject: Subject): string[] =>
                answers(before, holder, subject, key).filter((answer) => !/^\S+ foreign /.test(answer))
              expect(here(after.subject(data)), message).toEqual(here(holder))
            }
          }
        }
      }),
      { numRuns: runs(12, 600) }
    )
    expect(seen).toBeGreaterThan(least(0))
  })
})

describe('a later variant that gives back', () => {
  const variant = fc.record({
    when: fc.dictionary(fc.constantFrom('a', 'b'), fc.boolean(), { maxKeys: 2 }),
    actions: fc.subarray(['read', 'write', 'print'])
  })

  it('leaves nothing of the other one where both apply', () => {
    let seen = 0
    const values = [true, false]
    fc.assert(
      fc.property(fc.array(variant, { minLength: 2, maxLength: 4 }), (rolled) => {
        const variants = rolled.map(({ when, actions }) => ({
          when,
          grants: { site: { allow: { doc: actions } } }
        }))
        const policyOf = (some: typeof variants): PolicyData => ({
          name: 'variants',
          resources: { doc: { actions: { read: '', write: '', print: '' } } },
          options: { a: { values, default: true }, b: { values, default: true } },
          roles: {
            clerk: { kind: 'site', grants: { site: { allow: { doc: ['read'] } } }, variants: some }
          }
        })
        const whole = parsePolicy(policyOf(variants))
        for (const { rule, at, message } of lint(compile(whole)).findings) {
          if (rule !== 'undone-variant') continue
          const index = Number(at.at(-1))
          const later = variants.findIndex(
            (one, other) => other > index && message.includes(`\`${pathOf(variants, other)}\` undoes it`)
          )
          const cut = parsePolicy(policyOf(variants.toSpliced(index, 1)))
          seen++
          for (const a of values)
            for (const b of values) {
              const options = { a, b }
              const isBoth = [variants[index]!, variants[later]!].every(({ when }) =>
                Object.entries(when).every(([name, value]) => options[name as 'a'] === value)
              )
              if (!isBoth && message.includes('where both apply')) continue
              expect(readings(compile(cut, { options })), message).toEqual(
                readings(compile(whole, { options }))
              )
            }
        }
      }),
      { numRuns: runs(300) }
    )
    expect(seen).toBeGreaterThan(floor(20))
  })

  function readings(policy: Policy): readonly string[] {
    return policy.subject({ id: 'u1', roles: ['clerk'] }).actionsOn({ type: 'doc' })
  }

  function pathOf(
    variants: readonly { readonly when: Readonly<Record<string, boolean>> }[],
    index: number
  ): string {
    const said = ({ when }: (typeof variants)[number]): string =>
      Object.entries(when)
        .map(([name, value]) => `${name} = ${String(value)}`)
        .join(', ') || '*'
    const text = said(variants[index]!)
    const count = variants.slice(0, index + 1).filter((one) => said(one) === text).length
    return `roles.clerk.variants[${text}${count === 1 ? '' : ` #${count}`}]`
  }
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
      { numRuns: runs(30, 1_000) }
    )
    expect(unheld).toBeGreaterThan(least(0))
  })

  it('is in a wide policy one that no role and no service alone is allowed on any object', () => {
    let unheld = 0
    fc.assert(
      fc.property(wideWorlds, ({ document: whole, options }) => {
        const roles = Object.fromEntries(
          Object.entries(whole.roles ?? {})
            .slice(0, 2)
            .map(([name, role]) => [name, { ...role, assigns: [], includes: [] }])
        )
        const document: PolicyData = {
          ...whole,
          roles,
          systemSubjects: {},
          assignPermissions: {},
          unassignPermissions: {},
          invariants: []
        }
        const policy = compile(parsePolicy(document), { options })
        const compiled = compiledOf(policy)
        const holders = listRoles(compiled.roles).flatMap((role) => holdersOf(compiled, [role]))
        const { resources } = document
        const allowed = new Set(
          lintSettings(document).flatMap((values) => {
            const one = compile(parsePolicy(document), { options: values })
            return holders.flatMap(({ data }) =>
              Object.entries(resources).flatMap(([type, { actions }]) =>
                Object.keys(actions).flatMap((action) =>
                  classesOf(one.subject(data), action, type, { acl: false }).some(({ object }) =>
                    one.subject(data).can(action, object)
                  )
                    ? [`${type}:${action}`]
                    : []
                )
              )
            )
          })
        )
        for (const {
          rule,
          at: [, resource = '', , action]
        } of lint(policy).findings) {
          if (rule !== 'unheld-permission') continue
          for (const name of Object.keys(resources[String(resource)]!.actions)) {
            if (action !== undefined && name !== action) continue
            unheld++
            expect(allowed.has(`${String(resource)}:${name}`), `${String(resource)}:${name}`).toBe(false)
          }
        }
      }),
      { numRuns: runs(6, 300) }
    )
    expect(unheld).toBeGreaterThan(least(0))
  })
})

/** The values of the deployment's options that one of them at a time has, the others at their defaults. */
function lintSettings({ options = {} }: PolicyData): Readonly<Record<string, OptionValue>>[] {
  const usual = Object.fromEntries(
    Object.entries(options).map(([name, { values, default: standard }]) => [name, standard ?? values[0]!])
  )
  return Object.entries(options).reduce<Readonly<Record<string, OptionValue>>[]>(
    (made, [name, { values }]) => [...made, ...values.map((value) => ({ ...usual, [name]: value }))],
    [usual]
  )
}
