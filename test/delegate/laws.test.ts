// What holds of delegation whatever the policy: a ceiling only takes away, denies cost nothing, changes compose, and
// what an explanation says is missing really is.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type {
  Effects,
  GrantGap,
  Grants,
  PermissionSet,
  PolicyData,
  RoleDocument,
  Subject
} from '../../src/index.js'
import { delegationsPerWorld, withoutCeiling, worldsWithDelegations, type Delegation } from './cases.js'
import { policyOf, subjectOf } from '../support/engine.js'
import { least, runs } from '../support/depth.js'

/** Delegations that every law is tried on: a good look, or the number that the project promises for a deep run. */
const cases = runs(400, 100_000)

interface Asked extends Delegation {
  readonly subject: Subject
  /** The same subject without its ceilings. */
  readonly unlimited: Subject
  readonly resources: PolicyData['resources']
}

/** Whether the law holds; `undefined` where it says nothing of the case. */
type Law = (asked: Asked) => boolean | undefined

const laws: Readonly<Record<string, Law>> = {
  'a ceiling never lets anybody give more': ({
    subject,
    unlimited,
    role,
    changed,
    place,
    object,
    acl,
    ...asked
  }) => {
    const hasAcl = asked.resources[object.type]?.acl === true
    const questions: ((who: Subject) => boolean)[] = [
      (who) => who.canGrant(role, place),
      (who) => who.canReplace(role, changed, place),
      ...(hasAcl ? [(who: Subject) => who.canShare(object, acl)] : []),
      ...subject.assignableRoles(place).map((name) => (who: Subject) => who.canAssign(name, place))
    ]
    const allowed = questions.filter((question) => question(subject))
    const isLimited =
      JSON.stringify(asked.giver) !== JSON.stringify({ subject: withoutCeiling(asked.giver.subject) })
    return isLimited && allowed.length > 0 ? allowed.every((question) => question(unlimited)) : undefined
  },

  'denies in a role need no cover': ({ subject, role, place }) => {
    const bare = withoutDenies(role)
    if (JSON.stringify(bare) === JSON.stringify(role)) return undefined
    return subject.canGrant(role, place) === subject.canGrant(bare, place)
  },

  'a role is given as a change from nothing': ({ subject, role, place }) =>
    subject.canGrant(role, place) === subject.canReplace({ kind: role.kind }, role, place),

  'a role may stay as it is, whoever asks': ({ subject, role, place }) =>
    subject.canReplace(role, role, place),

  'two changes that may be made may be made at once': ({ subject, role, changed, place }) => {
    const nothing: RoleDocument = { kind: role.kind }
    const isBoth = subject.canReplace(nothing, role, place) && subject.canReplace(role, changed, place)
    return isBoth ? subject.canReplace(nothing, changed, place) : undefined
  },

  'an answer is no exactly where it names a gap': ({ subject, role, place }) => {
    const { allowed, gaps } = subject.explainGrant(role, place)
    return allowed === (gaps.length === 0)
  },

  'a role of nothing but what a gap names may not be given': ({ subject, role, place, resources }) => {
    const alone = subject.explainGrant(role, place).gaps.flatMap((gap) => rolesOf(gap, role, resources))
    return alone.length === 0 ? undefined : alone.every((missing) => !subject.canGrant(missing, place))
  }
}

describe('delegation', () => {
  const seen = new Map(Object.keys(laws).map((name) => [name, 0]))

  it('keeps its laws', () => {
    fc.assert(
      fc.property(worldsWithDelegations, ({ world, delegations }) => {
        const policy = policyOf(world)
        for (const delegation of delegations) {
          const { giver } = delegation
          const subject = subjectOf(policy, giver)
          const unlimited = subjectOf(policy, { subject: withoutCeiling(giver.subject) })
          const asked = { ...delegation, subject, unlimited, resources: world.document.resources }
          for (const [name, law] of Object.entries(laws)) {
            const holds = law(asked)
            if (holds === false) throw new Error(`${name}\nin ${JSON.stringify({ delegation, world })}`)
            if (holds) seen.set(name, (seen.get(name) ?? 0) + 1)
          }
        }
      }),
      { numRuns: Math.ceil(cases / delegationsPerWorld) }
    )
    for (const [name, count] of seen) expect(count, name).toBeGreaterThan(least(0.03 * cases))
  })
})

function withoutDenies({ grants = {}, variants = [], ...role }: RoleDocument): RoleDocument {
  const bare = (all: Grants): Grants =>
    Object.fromEntries(
      Object.entries<Effects | undefined>(all).map(([level, effects]) => {
        return [level, effects?.allow === undefined ? {} : { allow: effects.allow }]
      })
    )
  const kept = variants.map((variant) => ({ when: variant.when, grants: bare(variant.grants) }))
  return { ...role, grants: bare(grants), ...(kept.length > 0 ? { variants: kept } : {}) }
}

/** A role for each permission that a gap names: that permission at that level, and nothing else that exists today. */
function rolesOf(gap: GrantGap, { kind }: RoleDocument, resources: PolicyData['resources']): RoleDocument[] {
  return [...gap.permissions, ...gap.future].flatMap((permission): RoleDocument[] => {
    const [resource = '', action = ''] = permission.split(':')
    // A grant of nothing but what no object can have is a problem of the document.
    const placement = resources[resource]?.org
    if (placement === (gap.level === 'user' ? 'required' : 'never') && gap.level !== 'site') return []
    const known = resource === '*' ? undefined : Object.keys(resources[resource]?.actions ?? {})
    // Of one action that its resource lacks so far, nothing can speak alone.
    if (action !== '*' && known?.includes(action) === false) return []
    const allow: PermissionSet =
      known === undefined
        ? { '*': action === '*' ? '*' : [action], ...nothingOf(resources) }
        : { [resource]: action === '*' ? { except: known } : [action] }
    return [{ kind, grants: { [gap.level]: { allow } } }]
  })
}

/** A line for every resource, which takes it out of the wildcard: what is left are resources added later. */
function nothingOf(resources: PolicyData['resources']): PermissionSet {
  return Object.fromEntries(Object.keys(resources).map((name) => [name, []]))
}
