// Delegation in the engine against the oracle, on generated policies, subjects and roles.
import { isDeepStrictEqual } from 'node:util'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isCasemateError, type Subject } from '../../src/index.js'
import {
  delegationsPerWorld,
  worldsWithDelegations,
  worldsWithDelegationsV2,
  type Delegation
} from './cases.js'
import {
  modelAssignableRoles,
  modelCanAssign,
  modelCanGrant,
  modelCanReplace,
  modelCanShare
} from './model.js'
import type { World } from '../model.js'
import { policyOf, subjectOf } from '../support/engine.js'
import { least, runs } from '../support/depth.js'
import { untraced } from '../support/untraced.js'

/** Delegations for each question: a good look, or the number that the project promises for a deep run. */
const cases = runs(400, 100_000)

type Answers = (
  subject: Subject,
  world: World,
  delegation: Delegation
) => readonly (readonly [ours: unknown, theirs: unknown])[]

/** Every way of asking, with what the oracle says. */
const questions: Readonly<Record<string, Answers>> = {
  'canAssign and canUnassign': (subject, world, { giver, place }) => {
    const { site, orgs, containers = {} } = world.customRoles
    const inContainers = Object.values(containers).flatMap((places) => Object.values(places))
    const custom = [site, ...Object.values(orgs), ...inContainers].flatMap((roles) => Object.keys(roles))
    const names = new Set([...Object.keys(world.document.roles ?? {}), ...custom, 'nope'])
    return [...names].flatMap((name) => [
      [answer(() => subject.canAssign(name, place)), modelCanAssign(world, giver, name, place)],
      [
        answer(() => subject.canUnassign(name, place)),
        modelCanAssign(world, giver, name, place, 'unassignPermissions')
      ]
    ])
  },

  assignableRoles: (subject, world, { giver, place }) => {
    const ours = [...subject.assignableRoles(place)].sort()
    const theirs = [...modelAssignableRoles(world, giver, place)].sort()
    return [
      [ours, theirs],
      // No role at all is a no.
      [ours.length > 0, theirs.length > 0]
    ]
  },

  canGrant: (subject, world, { giver, role, place }) => [
    [answer(() => subject.canGrant(role, place)), modelCanGrant(world, giver, role, place)]
  ],

  canReplace: (subject, world, { giver, role, changed, place }) => [
    [
      answer(() => subject.canReplace(role, changed, place)),
      modelCanReplace(world, giver, role, changed, place)
    ]
  ],

  canShare: (subject, world, { giver, object, acl }) => {
    if ((world.document.resources[object.type]?.acl ?? false) === false) return []
    return [[answer(() => subject.canShare(object, acl)), modelCanShare(world, giver, object, acl)]]
  }
}

const worlds = [
  ['of organizations', worldsWithDelegations, cases],
  ['of all kinds', worldsWithDelegationsV2, runs(240, 25_000)]
] as const

describe('the engine', () => {
  it.each(worlds)(
    'answers every question about delegation as the oracle does, in worlds %s',
    (_, arbitrary, count) => {
      const seen = new Map(Object.keys(questions).map((name) => [name, { yes: 0, no: 0 }]))
      fc.assert(
        fc.property(arbitrary, ({ world, delegations }) => {
          const policy = policyOf(world)
          for (const delegation of delegations) {
            const subject = subjectOf(policy, delegation.giver)
            for (const [name, answers] of Object.entries(questions))
              for (const [ours, theirs] of answers(subject, world, delegation)) {
                if (!isDeepStrictEqual(ours, theirs))
                  throw new Error(
                    `${name}: ${text(ours)} and not ${text(theirs)}\nin ${text({ ...delegation, world })}`
                  )
                const counted = seen.get(name)
                if (counted !== undefined && ours === true) counted.yes++
                if (counted !== undefined && ours === false) counted.no++
              }
          }
        }),
        { numRuns: Math.ceil(count / delegationsPerWorld) }
      )
      // A yes and a no must both be common, or the comparison would say little.
      for (const [name, { yes, no }] of seen) {
        expect(yes, `${name}: yes`).toBeGreaterThan(least(0.03 * count))
        expect(no, `${name}: no`).toBeGreaterThan(least(0.03 * count))
      }
    }
  )
})

function answer<T>(ask: () => T): T | { error: string } {
  try {
    return untraced(ask)
  } catch (error) {
    if (isCasemateError(error)) return { error: error.code }
    throw error
  }
}

function text(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) => (part === undefined ? 'undefined' : part))
}
