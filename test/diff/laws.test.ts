// Differences against brute force: on random edits of random policies, the same permissions, nothing unexplained, and
// every witness answered differently by the two policies when it is asked again as data.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, parsePolicy, parseRequest, type Policy } from 'casemate'
import type { PolicyData } from '../../src/document/types.js'
import type { PolicyDocument } from '../../src/document/index.js'
import {
  parseRelation,
  type ContainerRelation,
  type OrgRelation,
  type Relation,
  type RelationVocabulary
} from '../../src/document/relation.js'
import { compiledOf } from '../../src/compile/compile.js'
import { vocabularyOf } from '../../src/verify/space/relations.js'
import { areEquivalent, diffPolicies, type Difference, type PolicyDiff } from '../../src/diff/index.js'
import { rolled, rollWorld, worldTape, worldTapeV2 } from '../arbitraries/index.js'
import { rollWideWorld } from '../arbitraries/world.js'
import type { World } from '../model.js'
import { gainsByForce, keyGainsByForce, type Gain, type Held } from './force.js'
import { edits } from './worlds.js'
import { editsV2, sharedEdits } from './worlds-v2.js'
import type { ObjectRef, OptionValue } from '../../src/types.js'
import { policyOf } from '../support/engine.js'
import { runs } from '../support/depth.js'
import { untraced } from '../support/untraced.js'

type Options = Readonly<Record<string, OptionValue>>

/** Values for every option of a policy: those given that it has, else its defaults, else any. */
function optionsFor({ options: declared = {} }: PolicyData, given: Options): Options {
  return Object.fromEntries(
    Object.entries(declared).flatMap(([name, { values, default: usual }]) => {
      const value = Object.hasOwn(given, name) ? given[name] : undefined
      const [first] = values
      const chosen = value !== undefined && values.includes(value) ? value : (usual ?? first)
      return chosen === undefined ? [] : [[name, chosen] as const]
    })
  )
}

/** A policy under any options: a comparison ranges over them. */
function compiled(document: PolicyDocument, options: Options = {}): Policy {
  return compile(document, { options: optionsFor(document, options) })
}

function knownOf({ document }: Policy, object: ObjectRef): object {
  const known = [
    ...['type', 'id', 'owner', 'org', 'anyOrg', 'acl'],
    ...(document.containers ?? []).map(({ name }) => name),
    ...Object.keys(document.resources[object.type]?.attributes ?? {})
  ]
  return Object.fromEntries(Object.entries(object).filter(([name]) => known.includes(name)))
}

function answer(policy: Policy, { witness }: Difference): boolean {
  // What a policy does not have of an object's containers and attributes it is not told.
  const object = knownOf(policy, witness.object)
  const data: unknown = JSON.parse(JSON.stringify({ ...witness, object }))
  const request = parseRequest(policy, data, { allowSystem: true })
  if (!request.ok) return false
  try {
    return untraced(() => request.value.subject.can(request.value.action, request.value.object))
  } catch {
    return false
  }
}

function isAllowed(document: PolicyDocument, difference: Difference): boolean {
  return answer(compiled(document, difference.options), difference)
}

/** The roles that have to be held for a difference to show, or the system subject. */
function needed({ kind, subject, witness }: Difference): readonly string[] {
  if (kind === 'system') return [subject]
  if (kind === 'nobody') return []
  if (kind === 'role' || kind === 'roles') return subject.replace(' in another organization', '').split(' + ')
  return 'system' in witness.subject ? ['?'] : []
}

/** A difference as it is compared with what brute force finds. */
interface Explaining {
  readonly difference: Difference
  readonly relation: Relation
  readonly roles: readonly string[]
}

function explaining(difference: Difference, vocabulary: RelationVocabulary): Explaining[] {
  const relation = parseRelation(difference.relation, vocabulary)
  return relation === undefined ? [] : [{ difference, relation, roles: needed(difference) }]
}

function explains({ difference, relation, roles }: Explaining, gain: Gain): boolean {
  if (difference.permission !== gain.permission) return false
  if (difference.byAcl && !gain.byAcl) return false
  const isKey = difference.kind === 'scope' || difference.kind === 'template'
  if (
    isKey
      ? difference.subject !== gain.scope
      : !roles.every((name) => gain.who.some(({ role }) => role === name))
  )
    return false
  if (difference.kind === 'nobody' && gain.who.some(({ role }) => role.startsWith('system:'))) return false
  const isOwner = relation.owner === 'any' || (relation.owner === 'own') === (gain.owner === 'self')
  return (
    isOwner &&
    (relation.org === 'any' || orgsOf(gain, roles).includes(relation.org)) &&
    Object.entries(relation.containers).every(([kind, place]) =>
      containersOf(gain, kind, roles).includes(place)
    ) &&
    // Values of `tier` may stand for others.
    Object.entries(relation.attributes).every(
      ([name, value]) => name === 'tier' || gain.attributes[name] === value
    )
  )
}

/** What an object's containers of a kind are to whoever holds some of the roles. */
function containersOf(
  { who, inside }: Gain,
  kind: string,
  roles: readonly string[]
): readonly ContainerRelation[] {
  const ids = inside[kind] ?? []
  if (ids.length === 0) return ['none']
  const held = who.filter((one) => one[kind] !== undefined)
  const needed = held.filter((one) => roles.includes(one.role))
  const isOwn = (one: Held): boolean => ids.includes(one[kind] ?? '')
  if (needed.length === 0) return [held.some(isOwn) ? 'own' : 'other']
  return needed.map((one) => (isOwn(one) ? 'own' : 'other'))
}

/** What an object's organization is to whoever holds some of the roles: own is where one of them is held. */
function orgsOf({ who, org, at }: Gain, roles: readonly string[]): readonly OrgRelation[] {
  if (org === 'none') return ['none']
  // An `anyOrg` object goes with those in the organizations that it stands for.
  if (org === 'any') return ['own', 'other']
  const held = who.filter((one) => roles.includes(one.role) && one.org !== undefined)
  if (held.length === 0) return [org === 'own' ? 'own' : 'other']
  // A role may be held twice, and one of the two be what allows.
  return held.map((one) => (one.org === at ? 'own' : 'other'))
}

function checkAgainst(
  found: readonly Difference[],
  allowing: PolicyDocument,
  refusing: PolicyDocument,
  gains: readonly Gain[]
): void {
  const [here, there] = [allowing, refusing].map((one) => vocabularyOf(compiledOf(compiled(one)).catalogue))
  const attributes = new Map(here?.attributes)
  for (const [name, values] of there?.attributes ?? [])
    attributes.set(name, [...new Set([...(attributes.get(name) ?? []), ...values])])
  const vocabulary: RelationVocabulary = { containers: here?.containers ?? [], attributes }
  for (const difference of found)
    expect([difference, isAllowed(allowing, difference), isAllowed(refusing, difference)]).toEqual([
      difference,
      true,
      false
    ])
  const all = found.flatMap((difference) => explaining(difference, vocabulary))
  for (const gain of gains)
    if (!all.some((one) => explains(one, gain)))
      expect([gain, ...found.map((one) => `${one.subject}: ${one.permission} (${one.relation})`)]).toEqual([])
}

const permissionsOf = (all: readonly { readonly permission: string }[]): string[] =>
  [...new Set(all.map(({ permission }) => permission))].sort()

const isOfRoles = ({ kind }: Difference): boolean => ['role', 'roles', 'nobody', 'system'].includes(kind)

describe('the random edits', () => {
  it('show every kind of difference, and none', () => {
    // Always the same edits: a rare kind may be missing from some others.
    const seen = new Set<string>()
    for (const { old, current } of fc.sample(edits, { seed: 1, numRuns: 120 })) {
      const { gained, lost, renamed } = diffPolicies(compiled(old), compiled(current))
      for (const [what, all] of Object.entries({ gained, lost }))
        for (const { kind, options } of all) {
          seen.add(`${what} ${kind}`)
          if (Object.keys(options).length > 0) seen.add(`${what} under options`)
        }
      if (gained.length + lost.length === 0) seen.add('nothing')
      if (renamed.length > 0) seen.add('a rename')
    }
    const kinds = ['role', 'roles', 'nobody', 'system', 'scope', 'template', 'under options']
    expect([...seen].sort()).toEqual(
      ['nothing', 'a rename', ...kinds.flatMap((kind) => [`gained ${kind}`, `lost ${kind}`])].sort()
    )
  })
})

describe('differences on random edits of random policies', () => {
  it('are those that brute force over every set of roles, option, setting and object finds', () => {
    fc.assert(
      fc.property(edits, ({ old, current }) => {
        const diff = diffPolicies(compiled(old), compiled(current))
        if (diff.renamed.length > 0) return
        const gained = gainsByForce(current, old)
        const lost = gainsByForce(old, current)
        checkAgainst(diff.gained, current, old, gained)
        checkAgainst(diff.lost, old, current, lost)
        expect(permissionsOf(diff.gained.filter(isOfRoles))).toEqual(permissionsOf(gained))
        expect(permissionsOf(diff.lost.filter(isOfRoles))).toEqual(permissionsOf(lost))
        const all = [...diff.gained, ...diff.lost, ...diff.widened, ...diff.narrowed]
        expect(areEquivalent(compiled(old), compiled(current))).toBe(all.length === 0)
      }),
      { numRuns: runs(45, 10_000), endOnFailure: true }
    )
  })

  it('leave no key of anybody unexplained', () => {
    fc.assert(
      fc.property(edits, ({ old, current }) => {
        const diff: PolicyDiff = diffPolicies(compiled(old), compiled(current))
        if (diff.renamed.length > 0) return
        checkAgainst(diff.gained, current, old, keyGainsByForce(current, old))
        checkAgainst(diff.lost, old, current, keyGainsByForce(old, current))
      }),
      { numRuns: runs(9, 1_000), endOnFailure: true }
    )
  })

  it('are the same the other way round, gains for losses', () => {
    const told = (all: readonly Difference[]): string[] =>
      all.map(({ subject, permission, relation }) => `${subject} ${permission} ${relation}`).sort()
    fc.assert(
      fc.property(edits, ({ old, current }) => {
        const there = diffPolicies(compiled(old), compiled(current))
        const back = diffPolicies(compiled(current), compiled(old))
        if (there.renamed.length > 0) return
        expect([told(back.gained), told(back.lost)]).toEqual([told(there.lost), told(there.gained)])
      }),
      { numRuns: runs(60, 2_000), endOnFailure: true }
    )
  })

  it('are the same where a role that the edit left alone has another name besides, and none are hidden', () => {
    const told = (all: readonly Difference[]): string[] =>
      all
        .map(({ subject, permission, relation }) => `${subject} ${permission} ${relation}`)
        .map((line) => line.replaceAll('renamed', 's1'))
        .sort()
    fc.assert(
      fc.property(edits, ({ old, current }) => {
        const [before, after] = [old, current].map(({ roles = {} }) => JSON.stringify(roles['s1']))
        const plain = diffPolicies(compiled(old), compiled(current))
        if (before === undefined || before !== after || plain.renamed.length > 0) return
        const roles = Object.fromEntries(
          Object.entries(current.roles ?? {}).map(([name, role]) => [name === 's1' ? 'renamed' : name, role])
        )
        const moved = diffPolicies(compiled(old), compiled(parsePolicy({ ...current, roles })))
        // Another role that is gone and said the same may be told as the one that was renamed: as true, in other words.
        if (!moved.renamed.some(({ from, to }) => from === 's1' && to === 'renamed')) return
        expect([told(moved.gained), told(moved.lost)]).toEqual([told(plain.gained), told(plain.lost)])
      }),
      { numRuns: runs(60, 2_000), endOnFailure: true }
    )
  })

  it('are none between a document and itself, its keys in any order; with its wildcards spelled out, none of today', () => {
    fc.assert(
      fc.property(edits, ({ old }) => {
        checkSpelledOut(old)
      }),
      { numRuns: runs(60, 2_000), endOnFailure: true }
    )
  })
})

describe('differences on random edits of policies with containers, attributes and the rest', () => {
  it('are those that brute force over every set of roles, option and object finds', () => {
    fc.assert(
      fc.property(editsV2, ({ old, current }) => {
        const diff = diffPolicies(compiled(old), compiled(current))
        if (diff.renamed.length > 0) return
        const gained = gainsByForce(current, old)
        const lost = gainsByForce(old, current)
        checkAgainst(diff.gained, current, old, gained)
        checkAgainst(diff.lost, old, current, lost)
        const all = [...diff.gained, ...diff.lost, ...diff.widened, ...diff.narrowed]
        expect(areEquivalent(compiled(old), compiled(current))).toBe(all.length === 0)
      }),
      { numRuns: runs(10, 3_000), endOnFailure: true }
    )
  })

  it('are those by ACL entries too that depend on what several roles allow and deny', () => {
    fc.assert(
      fc.property(sharedEdits, ({ old, current }) => {
        const diff = diffPolicies(compiled(old), compiled(current))
        checkAgainst(diff.gained, current, old, diff.renamed.length > 0 ? [] : gainsByForce(current, old))
        checkAgainst(diff.lost, old, current, diff.renamed.length > 0 ? [] : gainsByForce(old, current))
      }),
      { numRuns: runs(25, 5_000), endOnFailure: true }
    )
  })

  it('leave no key of anybody unexplained', () => {
    fc.assert(
      fc.property(editsV2, ({ old, current }) => {
        const diff: PolicyDiff = diffPolicies(compiled(old), compiled(current))
        if (diff.renamed.length > 0) return
        checkAgainst(diff.gained, current, old, keyGainsByForce(current, old))
        checkAgainst(diff.lost, old, current, keyGainsByForce(old, current))
      }),
      { numRuns: runs(6, 500), endOnFailure: true }
    )
  })

  it('are the same the other way round, gains for losses and wider for narrower', () => {
    const told = (all: readonly Difference[]): string[] =>
      all.map(({ subject, permission, relation }) => `${subject} ${permission} ${relation}`).sort()
    const kindsOf = (all: PolicyDiff['widened']): string[] =>
      all.map(({ kind, subject }) => `${kind} ${subject}`).sort()
    fc.assert(
      fc.property(editsV2, ({ old, current }) => {
        const there = diffPolicies(compiled(old), compiled(current))
        const back = diffPolicies(compiled(current), compiled(old))
        if (there.renamed.length > 0) return
        expect([told(back.gained), told(back.lost)]).toEqual([told(there.lost), told(there.gained)])
        expect(kindsOf(back.narrowed)).toEqual(kindsOf(there.widened))
      }),
      { numRuns: runs(60, 2_000), endOnFailure: true }
    )
  })

  it('are none between a document and itself, its keys in any order; with its wildcards spelled out, none of today', () => {
    fc.assert(
      fc.property(editsV2, ({ old }) => {
        checkSpelledOut(old)
      }),
      { numRuns: runs(60, 2_000), endOnFailure: true }
    )
  })
})

describe('differences between policies that have little in common', () => {
  const plain = rolled(2 * worldTape, (dice) => ({ old: rollWorld(dice), current: rollWorld(dice) }))
  const wide = rolled(2 * worldTapeV2, (dice) => ({ old: rollWideWorld(dice), current: rollWideWorld(dice) }))

  it.each([
    ['custom roles', plain],
    ['containers and attributes', wide]
  ])('have witnesses that re-evaluate, whatever the names and options, with %s', (_, worlds) => {
    const policies = new WeakMap<World, Map<string, Policy>>()
    const policyIn = (world: World, { options }: Pick<Difference, 'options'>): Policy => {
      const known = policies.get(world) ?? new Map<string, Policy>()
      policies.set(world, known)
      const values = optionsFor(world.document, options)
      const key = JSON.stringify(values)
      const policy = known.get(key) ?? policyOf({ ...world, options: values })
      known.set(key, policy)
      return policy
    }
    fc.assert(
      fc.property(worlds, ({ old, current }) => {
        const { gained, lost } = diffPolicies(
          policyIn(old, { options: {} }),
          policyIn(current, { options: {} })
        )
        for (const [all, allowing, refusing] of [
          [gained, current, old],
          [lost, old, current]
        ] as const)
          for (const difference of all) {
            const answers = [allowing, refusing].map((world) =>
              answer(policyIn(world, difference), difference)
            )
            expect([difference, answers]).toEqual([difference, [true, false]])
          }
      }),
      { numRuns: runs(worlds === wide ? 3 : 8, 500), endOnFailure: true }
    )
  })
})

function checkSpelledOut(old: PolicyDocument): void {
  const data: unknown = JSON.parse(JSON.stringify(old))
  const same = diffPolicies(compiled(old), compiled(parsePolicy(reversed(data))))
  expect(Object.values(same).flat()).toEqual([])
  const spelled = spelledOut(data, old.resources)
  const { widened, narrowed, ...today } = diffPolicies(compiled(old), compiled(parsePolicy(spelled)))
  expect(Object.values(today).flat()).toEqual([])
  expect([...widened, ...narrowed].filter(({ kind }) => kind !== 'future')).toEqual([])
  if (JSON.stringify(spelled) === JSON.stringify(reversed(data)))
    expect([...widened, ...narrowed]).toEqual([])
}

/** The same document with every record's keys the other way round. */
function reversed(value: unknown): unknown {
  return spelledOut(value, {})
}

/** The same document with every record's keys the other way round, and with lists for `'*'` under named resources. */
function spelledOut(value: unknown, resources: PolicyDocument['resources'], key?: string): unknown {
  if (value === '*' && key !== undefined && Object.hasOwn(resources, key))
    return Object.keys(resources[key]?.actions ?? {})
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, one]): [string, unknown] => [name, spelledOut(one, resources, name)])
      .toReversed()
  )
}
