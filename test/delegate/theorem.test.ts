// Nobody gives more than they hold, as properties over roles alone, without ACL entries: what somebody newly may
// because of a role, an edit or a share that was accepted, whoever gave it may too. Asked in the catalogue as it may be
// later, whose permissions are all of today's and everything that a wildcard may come to mean.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { ObjectRef, Policy, RoleDocument, Subject } from '../../src/index.js'
import {
  delegationsPerWorld,
  worldsWithDelegations,
  worldsWithDelegationsV2,
  type Delegation
} from './cases.js'
import { partsOf, type Place } from './model-cover.js'
import { questions } from './theorem-questions.js'
import { withAdditions } from './additions.js'
import { asGiven, policyOf, subjectOf } from '../support/engine.js'
import { least, runs } from '../support/depth.js'

/** Delegations, each tried in every way: a good look, or the number that the project promises for a deep run. */
const cases = runs(1_600, 100_000)

/** A role that somebody holds under one name, before and after it was given or edited. */
interface Change {
  readonly before?: RoleDocument
  readonly after: RoleDocument
}

/** What is accepted of a delegation; `undefined` where it is refused. */
const changes: Readonly<Record<string, (policy: Policy, delegation: Delegation) => Change | undefined>> = {
  'a role that canGrant accepts': (policy, { giver, role, place }) =>
    subjectOf(policy, giver).canGrant(role, place) ? { after: role } : undefined,

  'an edit that canReplace accepts': (policy, { giver, role, changed, place }) =>
    subjectOf(policy, giver).canReplace(role, changed, place) ? { before: role, after: changed } : undefined,

  'a custom role that canAssign accepts': (policy, { giver, role, place }) => {
    const given = policy.withRoles({ [roleName]: role }, rolesPlace(place))
    return subjectOf(given, giver).canAssign(roleName, place) ? { after: role } : undefined
  }
}

/** No generated role has this name. */
const roleName = 'given role'

/** Where the roles of a place are held: its container, or its organization. */
function rolesPlace(place: Place): Readonly<Record<string, string>> {
  const { org, container } = partsOf(place)
  if (container !== undefined) return { [container.name]: container.id }
  return org === undefined ? {} : { org }
}

describe('what the receiver newly may, the giver may', () => {
  it.each([
    ['of organizations', worldsWithDelegations, cases],
    ['of all kinds', worldsWithDelegationsV2, cases / 4]
  ] as const)('by a role, an edit or a share that was accepted, in worlds %s', (_, worlds, count) => {
    // Both must be common: that something is accepted, and that it lets the receiver do something new.
    const seen = new Map(
      [...Object.keys(changes), 'an ACL that canShare accepts'].map((name) => [
        name,
        { accepted: 0, gaining: 0 }
      ])
    )
    const note = (name: string, isGaining: boolean): void => {
      const counted = seen.get(name)
      if (counted === undefined) return
      counted.accepted++
      if (isGaining) counted.gaining++
    }
    fc.assert(
      fc.property(worlds, ({ world, delegations }) => {
        const today = policyOf(world)
        const grown = policyOf(withAdditions(world))
        for (const delegation of delegations) {
          for (const [name, accept] of Object.entries(changes)) {
            const change = accept(today, delegation)
            if (change !== undefined) note(name, isGain(grown, delegation, change))
          }
          const share = isGainByShare(today, delegation)
          if (share !== undefined) note('an ACL that canShare accepts', share)
        }
      }),
      { numRuns: Math.ceil(count / delegationsPerWorld) }
    )
    const all = [...seen.values()]
    expect(all.reduce((sum, { accepted }) => sum + accepted, 0)).toBeGreaterThan(least(0.02 * count))
    expect(all.reduce((sum, { gaining }) => sum + gaining, 0)).toBeGreaterThan(least(0.005 * count))
    // In so few questions that one kind of change lets nobody do anything new is chance.
    if (count < cases) return
    for (const [name, { accepted, gaining }] of seen) {
      expect(accepted, `${name}: accepted`).toBeGreaterThan(least(0.01 * count))
      expect(gaining, `${name}: letting the receiver do something new`).toBeGreaterThan(least(0.001 * count))
    }
  })
})

/** Whether a change lets the receiver do something new; throws where the giver may not do it. */
function isGain(policy: Policy, delegation: Delegation, change: Change): boolean {
  const { receiver, place } = delegation
  const before = holding(policy, delegation, change.before)
  const after = holding(policy, delegation, change.after)
  const giver = subjectOf(policy, delegation.giver)
  let isGaining = false
  for (const { action, object } of questions(policy, place, receiver.id, giver.id)) {
    if (before.can(action, object) || !after.can(action, object)) continue
    isGaining = true
    const owned = { ...object, owner: giver.id }
    const isHeld = giver.can(action, object) || (object.owner === receiver.id && giver.can(action, owned))
    if (!isHeld) throw new Error(text({ ...delegation, action, object, change, document: policy.document }))
  }
  return isGaining
}

/** The same of a share; `undefined` where it is refused. */
function isGainByShare(policy: Policy, delegation: Delegation): boolean | undefined {
  const { object: row, acl } = delegation
  const resource = policy.resources.get(row.type)
  // Over roles alone: without the ACL that the object may have.
  const object: ObjectRef = { ...row, acl: undefined }
  const giver = subjectOf(policy, delegation.giver)
  if (resource?.acl !== true || !giver.canShare(object, acl)) return undefined
  const receiver = subjectOf(policy, { subject: delegation.receiver })
  const gained = resource.actions.filter(
    ({ name }) => !receiver.can(name, object) && receiver.can(name, { ...object, acl })
  )
  for (const { name } of gained)
    if (!giver.can(name, object)) throw new Error(text({ ...delegation, name, document: policy.document }))
  return gained.length > 0
}

/** The receiver, with the role where there is one. */
function holding(policy: Policy, { receiver, place }: Delegation, role: RoleDocument | undefined): Subject {
  if (role === undefined) return subjectOf(policy, { subject: receiver })
  const roles = [...receiver.roles, { role: roleName, ...rolesPlace(place) }]
  return policy.withRoles({ [roleName]: role }, rolesPlace(place)).subject(asGiven({ ...receiver, roles }))
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (part === undefined ? 'undefined' : part))
}
