// The laws of a decision, as properties of the engine itself: they hold whatever the oracle says. Each is stated over
// generated policies and questions that have an answer.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Decision, Level, RoleDocument } from '../../src/index.js'
import { compile, parsePolicy } from '../../src/index.js'
import {
  questionTape,
  rolledMany,
  rollGrants,
  rollQuestion,
  rollWorld,
  worldTape,
  type Dice,
  type RolledQuestion
} from '../arbitraries/index.js'
import { asGiven, policyOf, subjectOf } from '../support/engine.js'
import type { World } from '../model.js'
import { runs } from '../support/depth.js'

type Data = Readonly<Record<string, unknown>>

interface Asked {
  readonly world: World
  readonly question: RolledQuestion
  readonly dice: Dice
}

describe('by default', () => {
  law('denies whoever holds no role and is named by no ACL', ({ world, question }) => {
    if (isSystem(question)) return
    const nobody = { ...withoutAcl(question), subject: { id: question.subject['id'] } }
    expect(decide(world, nobody)).toMatchObject({ allowed: false, reason: 'not_granted' })
  })

  law('denies whoever holds only roles that deny', ({ world, question }) => {
    if (isSystem(question)) return
    const deny: RoleDocument = { kind: 'site', grants: { site: { deny: { '*': '*' } } } }
    const only = { ...withoutAcl(question), subject: { id: question.subject['id'] } }
    expect(decide(...holding(world, only, deny))).toMatchObject({ allowed: false, reason: 'denied' })
  })
})

describe('order', () => {
  law('of keys, grants and actions in the document never matters', ({ world, question }) => {
    const { document, options, customRoles } = world
    const turned = { document: reversed(document), options, customRoles: reversed(customRoles) }
    expect(answer(turned, question)).toEqual(answer(world, question))
  })

  law('of roles, groups, scopes and entries of the subject never matters', ({ world, question }) => {
    const subject = reversed({
      ...question.subject,
      ...given(question.subject, 'roles', (roles) => roles.toReversed())
    })
    expect(answer(world, { ...question, subject })).toEqual(answer(world, question))
  })

  law('of ceilings laid one on another never matters', ({ world, question }) => {
    const turned = { ...question, within: question.within.toReversed() }
    expect(answer(world, turned)).toEqual(answer(world, question))
  })
})

describe('levels', () => {
  law('let a deny win within the site, whatever else is held', ({ world, question }) => {
    if (isSystem(question)) return
    const role: RoleDocument = { kind: 'site', grants: { site: { deny: exactly(question) } } }
    expect(decide(...holding(world, withoutAcl(question), role))).toMatchObject({
      allowed: false,
      reason: 'denied'
    })
  })

  law('let a deny win within an organization, unless the site allows', ({ world, question }) => {
    const org = orgOf(question)
    if (isSystem(question) || org === undefined) return
    const role: RoleDocument = { kind: 'org', grants: { org: { deny: exactly(question) } } }
    const before = decide(world, withoutAcl(withoutCeilings(question)))
    const after = decide(...holding(world, withoutAcl(withoutCeilings(question)), role, org))
    const site = before.votes.find(({ level }) => level === 'site')?.vote
    expect(after.allowed).toBe(site === 'allow')
  })

  law('let a higher one win over what a lower one says', ({ world, question }) => {
    if (isSystem(question)) return
    const before = decide(world, withoutCeilings(question))
    if (before.votes.some(({ level, vote }) => level === 'site' && vote === 'deny')) return
    const role: RoleDocument = { kind: 'site', grants: { site: { allow: exactly(question) } } }
    expect(decide(...holding(world, withoutCeilings(question), role))).toMatchObject({
      allowed: true,
      level: 'site'
    })
  })

  law('of one organization say nothing about the objects of others', ({ world, question, dice }) => {
    if (isSystem(question) || question.object['anyOrg'] === true) return
    const grants = rollGrants(dice, world.document.resources, ['org', 'orgMember'])
    expect(decide(...holding(world, withoutAcl(question), { kind: 'org', grants }, 'another')).allowed).toBe(
      decide(world, withoutAcl(question)).allowed
    )
  })
})

describe('an allow', () => {
  law('added to the site never turns an allow into a deny', ({ world, question, dice }) => {
    if (isSystem(question) || !decide(world, question).allowed) return
    const role = onlyAllowing(dice, world, ['site', 'user'])
    expect(decide(...holding(world, question, { kind: 'site', ...role })).allowed).toBe(true)
  })

  law('added to an organization never turns an allow into a deny', ({ world, question, dice }) => {
    if (isSystem(question) || !decide(world, question).allowed) return
    const role = onlyAllowing(dice, world, ['org', 'orgMember'])
    const org = orgOf(question) ?? 'o1'
    expect(decide(...holding(world, question, { kind: 'org', ...role }, org)).allowed).toBe(true)
  })
})

describe('a ceiling', () => {
  law('never allows what its subject may not do without it', ({ world, question }) => {
    if (decide(world, question).allowed) expect(decide(world, withoutCeilings(question)).allowed).toBe(true)
  })

  law('narrows only, one after the other', ({ world, question }) => {
    const { within } = question
    if (!decide(world, question).allowed) return
    for (const index of within.keys()) {
      expect(decide(world, { ...question, within: within.toSpliced(index, 1) }).allowed).toBe(true)
    }
  })

  law('changes no subject but the one that it returns', ({ world, question }) => {
    const subject = subjectOf(policyOf(world), withoutCeilings(question))
    const ask = (): boolean => subject.can(question.action, asGiven(question.object))
    const before = ask()
    expect(subject.within({ scopes: [] }).can(question.action, asGiven(question.object))).toBe(false)
    expect(ask()).toBe(before)
  })
})

describe('a policy', () => {
  law('means the same after a round trip through JSON', ({ world, question }) => {
    const { document } = policyOf(world)
    const copy: unknown = JSON.parse(JSON.stringify(document))
    expect(copy).toEqual(document)
    const again = compile(parsePolicy(copy), { options: world.options })
    expect(again.document).toEqual(document)
    expect(answer({ ...world, document: again.document }, question)).toEqual(answer(world, question))
  })

  law('is untouched by the roles added to another made from it', ({ world, question, dice }) => {
    const policy = policyOf(world)
    const ask = (): unknown => subjectOf(policy, question).explain(question.action, asGiven(question.object))
    const before = ask()
    const changed = (kind: 'site' | 'org', levels: readonly Level[]): RoleDocument => {
      return { kind, grants: rollGrants(dice, world.document.resources, levels) }
    }
    const { site, orgs } = world.customRoles
    const names = Object.keys(site)
    const replaced = policy.withRoles(
      Object.fromEntries(names.map((name) => [name, changed('site', ['site'])]))
    )
    for (const [org, roles] of Object.entries(orgs)) {
      const entries = Object.keys(roles).map((name) => [name, changed('org', ['org'])] as const)
      replaced.withRoles(Object.fromEntries(entries), { org })
    }
    expect(ask()).toEqual(before)
  })
})

/** States a law about every question of some generated worlds. */
function law(name: string, check: (asked: Asked) => void): void {
  const arbitrary = rolledMany(worldTape, questionTape, 8, (first, rest) => {
    const world = rollWorld(first)
    return rest.map((dice): Asked => ({ world, question: rollQuestion(dice, world), dice }))
  })
  it(name, () => {
    fc.assert(
      fc.property(arbitrary, (all) => {
        for (const each of all) check(each)
      }),
      { numRuns: runs(30, 2_000) }
    )
  })
}

function decide(world: World, question: RolledQuestion): Decision {
  return subjectOf(policyOf(world), question).explain(question.action, asGiven(question.object))
}

/** What was decided, without the order in which the reasons are told. */
function answer(world: World, question: RolledQuestion): unknown {
  const { allowed, reason, level, votes } = decide(world, question)
  return {
    allowed,
    reason,
    level,
    votes: votes.map((vote) => `${vote.level} ${vote.org ?? ''} ${vote.vote}`).sort()
  }
}

function isSystem({ subject }: RolledQuestion): boolean {
  return Object.hasOwn(subject, 'system')
}

function orgOf({ object }: RolledQuestion): string | undefined {
  const { org } = object
  return typeof org === 'string' && org !== '' ? org : undefined
}

/** The permission asked for, and no other, as a permission set. */
function exactly({ object, action }: RolledQuestion): Record<string, string[]> {
  return { [String(object['type'])]: [action] }
}

function withoutCeilings(question: RolledQuestion): RolledQuestion {
  const kept = Object.entries(question.subject).filter(([key]) => key !== 'scopes' && key !== 'allowList')
  return { ...question, subject: Object.fromEntries(kept), within: [] }
}

function withoutAcl(question: RolledQuestion): RolledQuestion {
  return { ...question, object: { ...question.object, acl: undefined } }
}

function onlyAllowing(dice: Dice, world: World, levels: readonly Level[]): Pick<RoleDocument, 'grants'> {
  const grants = Object.entries(rollGrants(dice, world.document.resources, levels))
  return {
    grants: Object.fromEntries(grants.map(([level, effects]) => [level, { allow: effects?.allow ?? {} }]))
  }
}

/** The world with one more custom role, at the site or in an organization, and its holder's question. */
function holding(
  world: World,
  question: RolledQuestion,
  role: RoleDocument,
  org?: string
): [World, RolledQuestion] {
  const name = 'one more role'
  const { site, orgs } = world.customRoles
  const there = org !== undefined && Object.hasOwn(orgs, org) ? orgs[org] : {}
  const customRoles =
    org === undefined
      ? { site: { ...site, [name]: role }, orgs }
      : { site, orgs: Object.fromEntries([...Object.entries(orgs), [org, { ...there, [name]: role }]]) }
  const held = org === undefined ? name : { role: name, org }
  const { roles = [] }: { roles?: unknown } = question.subject
  const subject = {
    ...question.subject,
    roles: [...(Array.isArray(roles) ? (roles as unknown[]) : []), held]
  }
  return [
    { ...world, customRoles },
    { ...question, subject }
  ]
}

/** The same data with the keys of every record, and the texts of every list, in the opposite order. */
function reversed<T>(value: T): T {
  return turn(value) as T
}

function turn(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = value.map(turn)
    return items.every((item) => typeof item === 'string') ? items.toReversed() : items
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [key, turn(item)])
  return Object.fromEntries(entries.toReversed())
}

function given(data: Data, key: string, change: (items: unknown[]) => unknown): Data {
  const items = data[key]
  return Array.isArray(items) ? { [key]: change(items as unknown[]) } : {}
}
