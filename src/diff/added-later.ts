// What written lines say of permissions that are added to the catalogue later. A list and a wildcard that names the same
// today decide today's requests alike, but only a wildcard covers a wildcard where somebody grants, replaces or mints.
import { lineFor, writeSets, type WrittenSet } from '../compile/permission-set.js'
import { includedRoles, type RoleTable } from '../compile/roles.js'
import { futurePermissions, hasAdded, star, type FuturePermission } from '../delegate/future.js'
import { namePermissions } from '../delegate/name-permissions.js'
import { joinNames, namesIn, type WrittenNames } from '../delegate/written-names.js'
import type { PermissionSet, RoleDocument, RoleKind, ScopeTemplateDocument } from '../document/types.js'
import { bitsAt, levelsOfKind } from '../levels.js'
import { quoteValue } from '../problems/quote.js'
import { allowsMore, deniesLess } from './denies.js'
import type { RoleCaseHolding } from './role-case-holding.js'
import { nameOf, type Comparing } from './role-cases.js'
import { both, type Direction, type OldNew, type Side } from './sides.js'
import type { Widening } from './types.js'
import { namesText } from './words.js'
import type { Effect } from '../types.js'

/** Whether a difference of a subject about a resource was reported already. */
export type IsToldAbout = (subject: string, resource: string) => boolean

/** Something written that both policies have. */
interface Written {
  readonly subject: string
  readonly sets: OldNew<readonly (PermissionSet | undefined)[]>
  /** All that decides what it says; where it is the same in both policies, nothing has to be asked. */
  readonly source: OldNew<unknown>
  /** What it says of a permission, in each case that is told apart. */
  readonly says: (permission: FuturePermission) => readonly Said[]
}

interface Said {
  readonly isMore: boolean
  readonly isLessDenied: boolean
}

/**
 * Roles, system subjects, scopes and templates that name more of what is added later than in the other policy, or deny
 * less of it. Of a resource of which somebody gains a permission anyway nothing more is said.
 */
export function addedLater(
  comparing: Comparing,
  {
    holdings,
    systems
  }: { readonly holdings: readonly RoleCaseHolding[]; readonly systems: readonly OldNew<string>[] },
  scopeThere: (name: string) => string,
  direction: Direction,
  isToldAbout: IsToldAbout
): Widening[] {
  const written = [
    ...holdings.flatMap((holding) => writtenRole(comparing, holding, direction)),
    ...systems.flatMap((names) => writtenSystem(comparing, names, direction)),
    ...writtenScopes(comparing, scopeThere, direction)
  ].filter(({ source }) => JSON.stringify(source.old) !== JSON.stringify(source.new))
  if (written.length === 0) return []
  const standIns = standInsFor(comparing, written, direction)
  return written.flatMap(({ subject, sets, says }): Widening[] => {
    const keys = new Set([...sets.old, ...sets.new].flatMap((set) => Object.keys(set ?? {})))
    const asked = standIns.filter(
      ({ resource }) =>
        (keys.has(resource) && !isToldAbout(subject, resource)) || (keys.has('*') && star(resource) === '*')
    )
    comparing.work.spend(100 * asked.length, () => ({ about: quoteValue(subject), names: [] }))
    const answers = asked.map((one) => [one, says(one)] as const)
    const those = (what: keyof Said): FuturePermission[] =>
      withoutNamed(answers.flatMap(([one, said]) => (said.some((each) => each[what]) ? [one] : [])))
    return [
      ...widening(subject, direction.allowing === 'new' ? 'now allows' : 'no longer allows', those('isMore')),
      ...widening(
        subject,
        direction.allowing === 'new' ? 'no longer denies' : 'now denies',
        those('isLessDenied')
      )
    ]
  })
}

function widening(subject: string, does: string, permissions: readonly FuturePermission[]): Widening[] {
  if (permissions.length === 0) return []
  const message = `${quoteValue(subject)} ${does} what is added later: ${namesText(namePermissions(permissions))}`
  return [{ kind: 'future', subject, message }]
}

/** Stand-ins of the policy that allows, for resources that the other has too, and for an added one. */
function standInsFor(
  { policies }: Comparing,
  written: readonly Written[],
  { allowing, refusing }: Direction
): FuturePermission[] {
  const nothing: WrittenNames = { actions: new Set(), attributes: new Map() }
  const names = written
    .flatMap(({ sets }) => [namesIn(sets.old), namesIn(sets.new)])
    .reduce((some, more) => joinNames(some, more) ?? some, nothing)
  const known = policies[refusing].catalogue.resources
  return futurePermissions(policies[allowing].catalogue, names).filter(
    // What a present action comes to imply goes with that action, which both policies have or a difference is about.
    ({ resource, isImplied }) => !isImplied && (known.has(resource) || star(resource) === '*')
  )
}

/**
 * Without the actions that a resource gets by name where it gets any action, and without the values of attributes that an
 * action gets where it gets some that it has.
 */
function withoutNamed(all: readonly FuturePermission[]): FuturePermission[] {
  const plain = new Set(all.flatMap(({ name, attributes }) => (hasAdded(attributes) ? [] : [name])))
  const permissions = all.filter(({ name, attributes }) => !hasAdded(attributes) || !plain.has(name))
  const whole = new Set(
    permissions.flatMap(({ resource, action }) => (star(action) === '*' ? [resource] : []))
  )
  return permissions.filter(({ resource, action }) => star(action) === '*' || !whole.has(resource))
}

// --- what is written ------------------------------------------------------------------------------------------------

function writtenRole(comparing: Comparing, roleCases: RoleCaseHolding, direction: Direction): Written[] {
  const { holding } = roleCases
  const { old, new: current } = holding.roles
  if (old === undefined || current === undefined) return []
  const source = both((side) => {
    const { document } = side === 'old' ? old : current
    const included = includedRoles(document, comparing.policies[side].context.shipped)
    return [document, ...included.values()].map(({ grants, variants }) => ({ grants, variants }))
  })
  const says = (permission: FuturePermission): readonly Said[] =>
    roleCases.roleTablesFor(permission).flatMap((roleTables) => {
      const { old: before, new: after } = roleTables
      if (before === undefined || after === undefined) return []
      return [compare({ old: before, new: after }, holding.kind, permission, direction)]
    })
  const sets = both((side) => source[side].flatMap(setsOf))
  return [{ subject: nameOf(holding, direction.allowing), sets, source, says }]
}

function writtenSystem({ policies }: Comparing, names: OldNew<string>, direction: Direction): Written[] {
  const old = policies.old.systemSubjects.get(names.old)
  const current = policies.new.systemSubjects.get(names.new)
  if (old === undefined || current === undefined) return []
  const source = { old: old.document.grants, new: current.document.grants }
  return [
    {
      subject: `system:${names[direction.allowing]}`,
      sets: both((side) => setsOf({ grants: source[side] })),
      source,
      says: (permission) => [
        compare({ old: old.roleTable, new: current.roleTable }, 'site', permission, direction)
      ]
    }
  ]
}

/** Every permission set of a role or system subject. */
function setsOf({
  grants,
  variants = []
}: Pick<RoleDocument, 'grants' | 'variants'>): (PermissionSet | undefined)[] {
  return [grants, ...variants.map((variant) => variant.grants)].flatMap((levels) =>
    Object.values(levels ?? {}).flatMap((effects) => [effects?.allow, effects?.deny])
  )
}

function compare(
  roleTables: OldNew<RoleTable>,
  kind: RoleKind,
  permission: FuturePermission,
  { allowing, refusing }: Direction
): Said {
  const votes = both((side) => votesOn(roleTables[side], kind, permission))
  return {
    isMore: allowsMore(votes[refusing], votes[allowing], permission, kind),
    isLessDenied: deniesLess(votes[refusing], votes[allowing], permission, kind)
  }
}

/** The votes of a role by its lines, since stand-ins are in no table. */
function votesOn(roleTable: RoleTable, kind: RoleKind, permission: FuturePermission): number {
  const writers = [roleTable, ...roleTable.included]
  return levelsOfKind(kind).reduce((votes, level) => {
    const bits = bitsAt(level)
    const cast = (effect: Effect): number =>
      writers.some((writer) => writer.line(level, effect, permission) !== undefined) ? bits[effect] : 0
    return votes | cast('allow') | cast('deny')
  }, 0)
}

/** Declared scopes, and templates without flags and under those of each of their variants. */
function writtenScopes(
  { policies }: Comparing,
  scopeThere: (name: string) => string,
  { allowing, refusing }: Direction
): Written[] {
  const [here, there] = [policies[allowing], policies[refusing]]
  const scopes = here.scopes.declared.flatMap(({ name, allow }): Written[] => {
    const other = there.scopes.find(scopeThere(name))
    return other === undefined ? [] : [writtenSets(`scope:${name}`, [[allow]], [[other.allow]], allowing)]
  })
  const templates = [...here.scopes.templates.values()].flatMap(({ name, document }): Written[] => {
    const other = there.scopes.templates.get(name)?.document
    if (other === undefined) return []
    const flags = [{}, ...[document, other].flatMap(({ variants = [] }) => variants.map(({ when }) => when))]
    const [mine, its] = [document, other].map((one) => flags.map((when) => setsUnder(one, when)))
    return [writtenSets(`template:${name}`, mine ?? [], its ?? [], allowing)]
  })
  return [...scopes, ...templates]
}

/** What a template lets through when exactly these flags are set. */
function setsUnder(
  { allow, variants = [] }: ScopeTemplateDocument,
  flags: Readonly<Record<string, boolean>>
): readonly PermissionSet[] {
  const isApplied = (when: Readonly<Record<string, boolean>>): boolean =>
    Object.entries(when).every(([flag, value]) => (Object.hasOwn(flags, flag) && flags[flag]) === value)
  return [allow, ...variants.flatMap((variant) => (isApplied(variant.when) ? [variant.allow] : []))]
}

function writtenSets(
  subject: string,
  mine: readonly (readonly PermissionSet[])[],
  its: readonly (readonly PermissionSet[])[],
  allowing: Side
): Written {
  const write = (sets: readonly PermissionSet[]): WrittenSet =>
    writeSets(sets.map((set) => ({ set, at: [] })))
  const [here, there] = [mine.map(write), its.map(write)]
  const source = allowing === 'new' ? { old: its, new: mine } : { old: mine, new: its }
  const has = (written: WrittenSet | undefined, permission: FuturePermission): boolean =>
    written !== undefined && lineFor(written, 'allow', permission) !== undefined
  return {
    subject,
    sets: both((side) => source[side].flat()),
    source,
    says: (permission) =>
      here.map((written, index) => ({
        isMore: has(written, permission) && !has(there[index], permission),
        isLessDenied: false
      }))
  }
}
