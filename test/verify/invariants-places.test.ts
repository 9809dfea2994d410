// Invariants of policies with containers, attributes, included roles and ACL settings: proved exactly where no set of
// roles and no object refutes them, and the counterexample has as few roles as any.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, parseRequest, type Policy } from 'casemate'
import type { InvariantDocument, PolicyData } from '../../src/document/types.js'
import { verify, type InvariantResult } from '../../src/verify/index.js'
import { rolled, type Dice } from '../arbitraries/index.js'
import { everyRoleSet, everyThing, isMeant, smallPolicies, subjectWith, type Held } from './small-places.js'
import { least, runs } from '../support/depth.js'

const strict = [false, true]

function rollRelation(dice: Dice, hasTeams: boolean): string {
  const place = (kind: string) => `${dice.pick(['own', 'own', 'other', 'no'])} ${kind}`
  const parts = [
    ...(dice.chance(40) ? [dice.pick(['own', 'other'])] : []),
    ...(dice.chance(40) ? [place('org')] : []),
    ...(dice.chance(50) ? [place('project')] : []),
    ...(hasTeams && dice.chance(30) ? [place('team')] : []),
    ...(dice.chance(25) ? [`status = ${dice.pick(['draft', 'live', 'gone'])}`] : []),
    ...(dice.chance(25) ? ['shared'] : [])
  ]
  return parts.length === 0 ? 'all' : parts.join(', ')
}

function rollInvariant(dice: Dice, { roles = {}, resources }: PolicyData, name: string): InvariantDocument {
  const holders = dice.some([...Object.keys(roles), 'system:cron'], 0, 3)
  const isAlways = dice.chance(50) && holders.length > 0
  const relation = rollRelation(dice, resources['doc']?.in?.['team'] === 'optional')
  return {
    name,
    permissions: [`doc:${dice.pick(['read', 'update', 'use'])}`],
    ...(isAlways ? { always: holders } : { only: holders }),
    ...(dice.chance(80) ? { relation } : {}),
    ...(dice.chance(40) && !relation.includes('shared') ? { acl: false as const } : {})
  }
}

const policies = fc.tuple(
  smallPolicies,
  rolled(
    80,
    (dice) => (document: PolicyData) =>
      Array.from({ length: 4 }, (_, index) => rollInvariant(dice, document, `i${index}`))
  )
)

/** The fewest roles that refute the invariant on some object, all subjects tried; a system subject counts as one. */
function refutedByForce(
  document: PolicyData,
  compiled: readonly Policy[],
  invariant: InvariantDocument
): number | undefined {
  const { permissions = [], only, always, relation, acl } = invariant
  const named = new Set(always ?? only)
  const action = permissions[0]?.split(':')[1] ?? ''
  const isShared = relation?.includes('shared') === true
  const withAcl = acl !== false && (always === undefined || isShared)
  const parts = relation?.split(', ') ?? []
  const things = everyThing(document, action).filter((one) => withAcl || one.acl === undefined)
  let fewest = Number.POSITIVE_INFINITY
  const look = (
    subject: ReturnType<Policy['systemSubject']>,
    held: readonly Held[],
    homes: readonly (Held | undefined)[],
    size: number,
    among = things
  ) => {
    if (size >= fewest) return
    for (const thing of among)
      if (
        homes.some((home) => isMeant(parts, thing, held, home)) &&
        subject.can(action, thing) === (only !== undefined)
      ) {
        fewest = size
        return
      }
  }
  for (const policy of compiled) {
    for (const held of everyRoleSet(document)) {
      const holders = held.filter(({ role }) => named.has(role))
      if (always === undefined ? holders.length > 0 : holders.length === 0) continue
      look(subjectWith(policy, held), held, always === undefined ? [undefined] : holders, held.length)
    }
    if (named.has('system:cron') !== (always !== undefined)) continue
    // A service without id owns nothing, and no entry of an ACL names it.
    const others = things.filter(({ owner, acl: entry }) => owner === undefined && entry === undefined)
    look(policy.systemSubject('cron'), [], [undefined], 1, others)
  }
  return Number.isFinite(fewest) ? fewest : undefined
}

/** How many roles the counterexample has; a system subject counts as one. */
function rolesIn({ counterexample }: InvariantResult): number | undefined {
  const subject = counterexample?.request.subject
  return subject === undefined ? undefined : 'system' in subject ? 1 : subject.roles.length
}

/** The counterexample, asked again as data under its options, is answered otherwise than the invariant says. */
function expectToReevaluate(document: PolicyData, { invariant, counterexample }: InvariantResult): void {
  if (counterexample === undefined) return
  const again = compile(document, { options: counterexample.options })
  const data: unknown = JSON.parse(JSON.stringify(counterexample.request))
  const parsed = parseRequest(again, data, { allowSystem: true })
  if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join('\n'))
  const isAllowed = parsed.value.subject.can(parsed.value.action, parsed.value.object)
  expect(isAllowed).toBe(invariant.only !== undefined)
  expect(counterexample.decision.allowed).toBe(isAllowed)
}

describe('on generated policies with containers, attributes and ACL settings', () => {
  it('an invariant is proved exactly where brute force over every role set and object finds nothing', () => {
    let proved = 0
    let refuted = 0
    fc.assert(
      fc.property(policies, ([rolledDocument, roll]) => {
        const document = parsePolicy({ ...rolledDocument, invariants: roll(rolledDocument) })
        const used = Object.values(document.roles ?? {}).some(({ variants }) => variants !== undefined)
        const compiled = strict
          .filter((value) => used || !value)
          .map((value) => compile(document, { options: { strict: value } }))
        for (const result of verify(compiled[0]!).invariants) {
          const fewest = refutedByForce(document, compiled, result.invariant)
          expect([result.invariant, rolesIn(result)]).toEqual([result.invariant, fewest])
          expectToReevaluate(document, result)
          if (result.ok) proved++
          else refuted++
        }
      }),
      { numRuns: runs(24, 240) }
    )
    expect(Math.min(proved, refuted)).toBeGreaterThan(least(3))
  })
})

describe('an entry for members', () => {
  const withRoles = (roles: PolicyData['roles'], only: readonly string[] = []): InvariantResult | undefined =>
    verify(
      compile(
        parsePolicy({
          name: 'p',
          resources: {
            doc: {
              acl: { members: true, requires: 'use', overridesDeny: false },
              actions: { read: '', use: '' }
            }
          },
          roles,
          invariants: [{ name: 'nobody', permissions: ['doc:read'], only }]
        })
      )
    ).invariants[0]

  const opening = {
    kind: 'org',
    grants: { site: { allow: { doc: ['use'] } }, org: { deny: { doc: ['read'] } } }
  } as const

  it('counts in an organization where a second role is held, though the first denies in its own', () => {
    const result = withRoles({ opening, guest: { kind: 'org' } })
    expect(result?.counterexample?.request).toEqual({
      subject: {
        id: 'u1',
        roles: [
          { role: 'opening', org: 'o1' },
          { role: 'guest', org: 'o2' }
        ]
      },
      action: 'read',
      object: { type: 'doc', org: 'o2', acl: { users: { u1: ['read'] } } }
    })
  })

  it('counts nowhere for who belongs to the one organization alone, or is denied in the other one too', () => {
    expect(withRoles({ opening })?.ok).toBe(true)
    const denied = { kind: 'org', grants: { org: { deny: { doc: ['read'] } } } } as const
    expect(withRoles({ opening, denied })?.ok).toBe(true)
    expect(withRoles({ opening, guest: { kind: 'org' } }, ['guest'])?.ok).toBe(true)
  })
})

describe('who may assign', () => {
  const placesFor = (kind: string): Record<string, string>[] => {
    if (kind === 'site') return [{}]
    const orgs = ['o1', 'o2'].map((org) => ({ org }))
    if (kind === 'org') return orgs
    const inside = [`${kind}1`, `${kind}2`].map((id) => ({ [kind]: id }))
    return [...inside, ...orgs.flatMap((org) => inside.map((container) => ({ ...org, ...container })))]
  }

  /** The fewest roles with which somebody outside `only` may assign one of the roles, all subjects and places tried. */
  function assignedByForce(
    { roles = {}, ...document }: PolicyData,
    compiled: readonly Policy[],
    { assigns = [], only = [] }: InvariantDocument
  ): number | undefined {
    let fewest = Number.POSITIVE_INFINITY
    for (const policy of compiled) {
      const may = (subject: ReturnType<Policy['subject']>): boolean =>
        assigns.some((role) =>
          placesFor(roles[role]?.kind ?? '').some((place) => subject.canAssign(role, place))
        )
      for (const held of everyRoleSet({ roles, ...document }))
        if (
          held.length < fewest &&
          !held.some(({ role }) => only.includes(role)) &&
          may(subjectWith(policy, held))
        )
          fewest = held.length
      if (fewest > 1 && !only.includes('system:cron') && may(policy.systemSubject('cron'))) fewest = 1
    }
    return Number.isFinite(fewest) ? fewest : undefined
  }

  it('is proved exactly where brute force over every role set and place finds nobody else', () => {
    let proved = 0
    let refuted = 0
    const rolls = rolled(
      40,
      (dice) =>
        ({ roles = {} }: PolicyData): InvariantDocument[] =>
          Array.from({ length: 4 }, (_, index) => ({
            name: `i${index}`,
            assigns: dice.some(Object.keys(roles), 1, 2),
            only: dice.some([...Object.keys(roles), 'system:cron'], 0, 3)
          }))
    )
    fc.assert(
      fc.property(smallPolicies, rolls, (rolledDocument, roll) => {
        const document = parsePolicy({ ...rolledDocument, invariants: roll(rolledDocument) })
        const compiled = strict.map((value) => compile(document, { options: { strict: value } }))
        for (const { invariant, assignment, ok } of verify(compiled[0]!).invariants) {
          const subject = assignment?.subject
          const size = subject === undefined ? undefined : 'system' in subject ? 1 : subject.roles.length
          expect([invariant, size]).toEqual([invariant, assignedByForce(document, compiled, invariant)])
          expect(ok).toBe(assignment === undefined)
          if (ok) proved++
          else refuted++
          if (assignment === undefined || subject === undefined || 'system' in subject) continue
          const again = compile(document, { options: assignment.options })
          const asked = again.subject(JSON.parse(JSON.stringify(subject)) as never)
          expect(asked.explainAssign(assignment.role as never, assignment.place)).toEqual(assignment.decision)
          expect(assignment.decision.allowed).toBe(true)
        }
      }),
      { numRuns: runs(24, 240) }
    )
    expect(Math.min(proved, refuted)).toBeGreaterThan(least(2))
  })
})

describe('a ladder', () => {
  it('is proved exactly where the next role may whatever one may, each held alone', () => {
    let proved = 0
    let refuted = 0
    fc.assert(
      fc.property(smallPolicies, (rolledDocument) => {
        const roles = Object.entries(rolledDocument.roles ?? {})
        const pairs = roles.flatMap(([low, { kind }]) =>
          roles.flatMap(([high, other]) => (low !== high && other.kind === kind ? [[low, high]] : []))
        )
        const invariants = pairs.map((ladder) => ({ name: ladder.join(' < '), ladder }))
        const document = parsePolicy({ ...rolledDocument, invariants })
        const compiled = strict.map((value) => compile(document, { options: { strict: value } }))
        for (const { invariant, counterexample, ok } of verify(compiled[0]!).invariants) {
          const [low = '', high = ''] = invariant.ladder ?? []
          const kind = document.roles?.[low]?.kind ?? ''
          const alone = (role: string): Held[] => [
            { role, kind, id: kind === 'site' ? undefined : kind === 'org' ? 'o1' : `${kind}1` }
          ]
          const isRefuted = compiled.some((policy) => {
            const [lower, upper] = [low, high].map((role) => subjectWith(policy, alone(role)))
            return ['read', 'update', 'use'].some((action) =>
              everyThing(document, action).some(
                (thing) =>
                  thing.acl === undefined &&
                  lower?.can(action, thing) === true &&
                  upper?.can(action, thing) === false
              )
            )
          })
          expect([invariant, ok]).toEqual([invariant, !isRefuted])
          if (ok) proved++
          else refuted++
          expectToReevaluate(document, { name: '', invariant, ok, isEmpty: false, counterexample })
          if (counterexample === undefined) continue
          expect(counterexample.decision.allowed).toBe(false)
          expect(counterexample.lower?.decision.allowed).toBe(true)
          expect(counterexample.lower?.request.object).toEqual(counterexample.request.object)
        }
      }),
      { numRuns: runs(80, 800) }
    )
    expect(Math.min(proved, refuted)).toBeGreaterThan(least(1))
  })
})
