// Nobody gives more than they hold, as properties over roles alone, without ACL entries: what somebody newly may
// because of a role, an edit or a share that was accepted, whoever gave it may too. Asked in the catalogue as it may be
// tomorrow, whose permissions are all of today's and everything that a wildcard may come to mean.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { ObjectRef, Policy, RoleDocument, Subject } from '../src/index.js'
import { delegationsPerWorld, worldsWithDelegations, type Delegation } from './delegate-cases.js'
import { tomorrow, type Place } from './delegate-model.js'
import { asGiven, policyOf, subjectOf } from './delegate-subjects.js'

const isDeep = process.env['CASEMATE_DEEP'] === '1'
/** Delegations for each property: a good look, or the number that the project promises for a deep run. */
const cases = isDeep ? 100_000 : 1_000
const numRuns = Math.ceil(cases / delegationsPerWorld)

describe('what the receiver newly may, the giver may', () => {
  theorem('by a role that canGrant accepts', ({ giver }, { role, org }) => {
    return giver.canGrant(role, org) ? { after: role } : undefined
  })

  theorem('by an edit that canReplace accepts', ({ giver }, { role, changed, org }) => {
    return giver.canReplace(role, changed, org) ? { before: role, after: changed } : undefined
  })

  theorem('by a custom role that canAssign accepts', ({ policy }, { giver: given, role, org }) => {
    const giver = subjectOf(policy.withRoles({ [roleName]: role }, placeOf(org)), given)
    return giver.canAssign(roleName, org) ? { after: role } : undefined
  })

  it('by an ACL that canShare accepts', () => {
    let gained = 0
    fc.assert(
      fc.property(worldsWithDelegations, ({ world, delegations }) => {
        const policy = policyOf(world)
        for (const { giver: given, receiver: somebody, object: row, acl } of delegations) {
          const resource = policy.resources.get(row.type)
          const object: ObjectRef = { ...row, acl: undefined }
          const giver = subjectOf(policy, given)
          if (resource?.acl !== true || !giver.canShare(object, acl)) continue
          const receiver = subjectOf(policy, { subject: somebody })
          for (const { name } of resource.actions) {
            if (receiver.can(name, object) || !receiver.can(name, { ...object, acl })) continue
            gained++
            if (!giver.can(name, object)) throw new Error(text({ name, object, acl, given, somebody, world }))
          }
        }
      }),
      { numRuns }
    )
    expect(gained).toBeGreaterThan(0.01 * cases)
  })
})

/** No generated role has this name. */
const roleName = 'given role'

function placeOf(org: Place): { readonly org?: string } {
  return org === undefined ? {} : { org }
}

/** A role that somebody holds under one name, before and after it was given or edited. */
interface Change {
  readonly before?: RoleDocument
  readonly after: RoleDocument
}

type Accepted = (
  asked: { readonly policy: Policy; readonly giver: Subject },
  delegation: Delegation
) => Change | undefined

/**
 * Whatever is accepted is given, and every action on every kind of object is asked about. Both must be common: that
 * something is accepted and that it lets the receiver do something new.
 */
function theorem(name: string, accept: Accepted): void {
  it(name, () => {
    const seen = { accepted: 0, gaining: 0 }
    fc.assert(
      fc.property(worldsWithDelegations, ({ world, delegations }) => {
        const today = policyOf(world)
        const policy = policyOf(tomorrow(world))
        for (const delegation of delegations) {
          const { giver: given, receiver, org } = delegation
          const change = accept({ policy: today, giver: subjectOf(today, given) }, delegation)
          if (change === undefined) continue
          seen.accepted++
          const before = holding(policy, delegation, change.before)
          const after = holding(policy, delegation, change.after)
          const giver = subjectOf(policy, given)
          let isGaining = false
          for (const { action, object } of questions(policy, delegation, giver.id)) {
            if (before.can(action, object) || !after.can(action, object)) continue
            isGaining = true
            const owned = { ...object, owner: giver.id }
            const isHeld =
              giver.can(action, object) || (object.owner === receiver.id && giver.can(action, owned))
            if (!isHeld) throw new Error(text({ action, object, change, given, receiver, org, world }))
          }
          if (isGaining) seen.gaining++
        }
      }),
      { numRuns }
    )
    expect(seen.accepted).toBeGreaterThan(0.02 * cases)
    expect(seen.gaining).toBeGreaterThan(0.01 * cases)
  })
}

/** The receiver, with the role where there is one. */
function holding(policy: Policy, { receiver, org }: Delegation, role: RoleDocument | undefined): Subject {
  if (role === undefined) return subjectOf(policy, { subject: receiver })
  const roles = [...receiver.roles, { role: roleName, ...placeOf(org) }]
  return policy.withRoles({ [roleName]: role }, placeOf(org)).subject(asGiven({ ...receiver, roles }))
}

/** Every action on objects of the granted organization; for a site role, on objects anywhere. */
function* questions(
  policy: Policy,
  { org, receiver }: Delegation,
  giver: string
): Generator<{ readonly action: string; readonly object: ObjectRef }> {
  const everywhere = [{}, { org: 'o1' }, { org: 'o2' }, { org: 'elsewhere' }, { anyOrg: true }]
  const places = org === undefined ? everywhere : [{ org }]
  for (const { name: type, org: placement, actions } of policy.resources.list())
    for (const place of places) {
      const isPlaced = Object.keys(place).length > 0
      if (placement !== 'optional' && (placement === 'required') !== isPlaced) continue
      for (const owner of [receiver.id, giver, 'somebody else', ''])
        for (const id of ['i1', ''])
          for (const { name: action } of actions) yield { action, object: { type, id, owner, ...place } }
    }
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (part === undefined ? 'undefined' : part))
}
