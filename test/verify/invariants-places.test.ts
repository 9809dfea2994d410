// Invariants of policies with containers, attributes, included roles and ACL settings: proved exactly where no set of
// roles and no object refutes them, and the counterexample has as few roles as any.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, parseRequest, type Policy } from 'casemate'
import type { InvariantDocument, PolicyData } from '../../src/document/types.js'
import { verify, type InvariantResult } from '../../src/verify/index.js'
import { rolled, type Dice } from '../arbitraries/index.js'
import { everyRoleSet, everyThing, isMeant, smallPolicies, subjectWith, type Held } from './small-places.js'

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
  rolled(80, (dice) => (document: PolicyData) =>
    Array.from({ length: 4 }, (_, index) => rollInvariant(dice, document, `i${index}`))
  )
)

/** The fewest roles that refute the invariant on some object, all subjects tried; a system subject counts as one. */
function refutedByForce(document: PolicyData, compiled: readonly Policy[], invariant: InvariantDocument): number | undefined {
  const { permissions = [], only, always, relation, acl } = invariant
  const named = new Set(always ?? only)
  const action = permissions[0]?.split(':')[1] ?? ''
  const isShared = relation?.includes('shared') === true
  const withAcl = acl !== false && (always === undefined || isShared)
  const parts = relation?.split(', ') ?? []
  const things = everyThing(document, action, relation).filter((one) => withAcl || one.acl === undefined)
  let fewest = Number.POSITIVE_INFINITY
  const look = (subject: ReturnType<Policy['systemSubject']>, held: readonly Held[], homes: readonly (Held | undefined)[], size: number) => {
    if (size >= fewest) return
    for (const thing of things)
      if (
        homes.some((home) => isMeant(parts, thing, held, home)) &&
        subject.can(action, thing as never) === (only !== undefined)
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
    if (named.has('system:cron') === (always !== undefined))
      // An entry of an ACL never names a service without id.
      look(policy.systemSubject('cron'), [], [undefined], 1)
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
      { numRuns: 12 }
    )
    expect(Math.min(proved, refuted)).toBeGreaterThan(8)
  })
})
