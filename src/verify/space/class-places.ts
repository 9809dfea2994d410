// The places that relation classes tell apart: organizations, and containers of each kind.
//
// The lemma of unions: an object in several containers of one kind is decided as one in a single container in which
// the union of their roles is held. For the votes of its containers are united before they are read
// (`decide/roles-say.ts`), an explanation names every role that votes in any of them, and nothing else reads the ids. A
// container in which the subject holds nothing adds nothing to a union. So all that tells objects apart in a kind is
// whether they are in none, in containers where nothing is held, or which of the distinct unions is theirs.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { RoleTable } from '../../compile/roles.js'
import { countingOrgs, hasOrgLimit, isWithinOrgs } from '../../decide/counting-orgs.js'
import { canBeInOrg, canBeOutside } from '../../levels.js'
import type { ReadContainers } from '../../request/object-fields.js'
import { noOrgs, type HeldIn, type SubjectState } from '../../request/state.js'
import type { ObjectRef, OrgPlacement } from '../../types.js'
import { tooManyCases } from './settings.js'

/** Where the object is; `own` is an organization in which the subject holds a role, `any` asks `anyOrg`. */
export type OrgClass = 'none' | 'own' | 'foreign' | 'any'

/** Where the object is among containers of a kind; `own`: in one at least where the subject holds a role. */
export type ContainerClass = 'none' | 'own' | 'foreign'

/** A class of organizations. */
export interface OrgPlace {
  readonly kind: OrgClass
  readonly key: string
  /** For `own`: those with the same roles under the same settings. */
  readonly orgs: readonly string[]
  /** For `any`: whether there is an organization that counts. */
  readonly belongs: boolean
  readonly fields: Partial<ObjectRef>
}

/** A class of containers of every kind. */
export interface Inside {
  readonly key: string
  readonly kinds: Readonly<Record<string, ContainerClass>>
  readonly fields: Readonly<Record<string, string | readonly string[]>>
}

// --- organization ---------------------------------------------------------------------------------------------------

/** Every class of organizations of objects with this placement. */
export function orgClasses(state: SubjectState, placement: OrgPlacement): OrgPlace[] {
  const belongs = countingOrgs(state).length > 0
  const none: OrgPlace = { kind: 'none', key: 'none', orgs: [], belongs, fields: {} }
  if (!canBeInOrg(placement)) return [none]
  const own = [...orgSets(state)].map(([key, orgs]): OrgPlace => ({
    kind: 'own',
    key,
    orgs,
    belongs,
    fields: { org: orgs[0] }
  }))
  return [
    ...(canBeOutside(placement) ? [none] : []),
    ...own,
    ...foreignOrgs(state).map((org): OrgPlace => ({
      kind: 'foreign',
      key: foreignKey(state, org),
      orgs: [],
      belongs,
      fields: { org }
    })),
    { kind: 'any', key: 'any', orgs: [], belongs, fields: { anyOrg: true } }
  ]
}

/** The key of the class of organizations that an object is in. */
export function orgKey(state: SubjectState, anyOrg: boolean, org: string | undefined): string {
  if (org === undefined) return anyOrg ? 'any' : 'none'
  for (const [key, orgs] of orgSets(state)) if (orgs.includes(org)) return key
  return foreignKey(state, org)
}

/** One that no list of organizations has, and one that all of them have, if there is any. */
function foreignOrgs({ orgs, ceilings }: SubjectState): string[] {
  const listed = new Set(ceilings.flatMap((ceiling) => [...(ceiling.orgs?.ids ?? [])]))
  const within = [...listed].find((org) => !orgs.has(org) && isWithinOrgs(ceilings, org))
  const unlisted = unlike('o', (name) => orgs.has(name) || listed.has(name))
  return within === undefined || !hasOrgLimit(ceilings) ? [unlisted] : [unlisted, within]
}

function foreignKey({ ceilings }: SubjectState, org: string): string {
  return hasOrgLimit(ceilings) && isWithinOrgs(ceilings, org) ? 'foreign:listed' : 'foreign'
}

/**
 * The subject's organizations by the set of role tables held there, that is the same roles under the same settings, and
 * by whether its lists of organizations have them.
 */
function orgSets(state: SubjectState): ReadonlyMap<string, readonly string[]> {
  const numbers = numberTables(state.orgs)
  const sets = new Map<string, string[]>()
  const isLimited = hasOrgLimit(state.ceilings)
  for (const [org, { members }] of state.orgs) {
    const isUnlisted = isLimited && !isWithinOrgs(state.ceilings, org)
    const key = `own:${setKey(members, numbers)}${isUnlisted ? ':unlisted' : ''}`
    const group = sets.get(key)
    if (group === undefined) sets.set(key, [org])
    else group.push(org)
  }
  return sets
}

function numberTables(held: HeldIn): ReadonlyMap<RoleTable, number> {
  const numbers = new Map<RoleTable, number>()
  for (const { members } of held.values())
    for (const roleTable of members) if (!numbers.has(roleTable)) numbers.set(roleTable, numbers.size)
  return numbers
}

function setKey(members: Iterable<RoleTable>, numbers: ReadonlyMap<RoleTable, number>): string {
  return [...members]
    .map((roleTable) => numbers.get(roleTable) ?? 0)
    .sort((a, b) => a - b)
    .join('+')
}

// --- containers -----------------------------------------------------------------------------------------------------

/** More distinct unions than roles that people hold make. */
const mostUnions = 4096

const noneInside: Inside = { key: '', kinds: {}, fields: {} }

/**
 * Every class of containers of the permission's objects: of each kind in which they can be, one of its classes.
 *
 * @throws CasemateError `too_many_cases`.
 */
export function containerClasses(state: SubjectState, { definition }: CompiledPermission): readonly Inside[] {
  const { containers: kinds } = state.compiled.catalogue
  let all: readonly Inside[] = [noneInside]
  for (const [number, kind] of kinds.entries()) {
    const placement = definition.places[number] ?? 'never'
    const some = classesOfKind(state.containers[number], kind, placement)
    if (all.length * some.length > mostUnions) throw tooMany(kinds, all.length * some.length)
    all = all.flatMap((before) => some.map((more) => withKind(before, kind, placement, more)))
  }
  return all
}

/** The key of the class of containers that an object is in. */
export function containerKey(
  state: SubjectState,
  { definition }: CompiledPermission,
  containers: ReadContainers
): string {
  const { containers: kinds } = state.compiled.catalogue
  return kinds
    .map((kind, number) => {
      if (definition.places[number] === 'never') return ''
      const held = state.containers[number]
      const ids = containers[number] ?? []
      const members = new Set(ids.flatMap((id) => held?.get(id)?.members ?? []))
      if (held === undefined || members.size === 0)
        return partKey(kind, ids.length === 0 ? 'none' : 'foreign')
      return partKey(kind, `own:${setKey(members, numberTables(held))}`)
    })
    .join('')
}

interface OfKind {
  readonly place: ContainerClass
  readonly key: string
  readonly ids: readonly string[]
}

function classesOfKind(held: HeldIn | undefined, kind: string, placement: OrgPlacement): readonly OfKind[] {
  const none: OfKind = { place: 'none', key: 'none', ids: [] }
  if (!canBeInOrg(placement)) return [none]
  const foreign = unlike(kind, (name) => held?.has(name) === true)
  return [
    ...(canBeOutside(placement) ? [none] : []),
    ...unionsOf(held ?? new Map(), kind),
    { place: 'foreign', key: 'foreign', ids: [foreign] }
  ]
}

/** One container of a kind for each set of roles that the subject holds in one, then one in which it holds nothing. */
export function singleContainers(
  state: SubjectState,
  kind: string
): readonly { readonly place: ContainerClass; readonly id: string }[] {
  const held = state.containers[state.compiled.catalogue.containers.indexOf(kind)] ?? noOrgs
  const numbers = numberTables(held)
  const ids = new Map<string, string>()
  for (const [id, { members }] of held) {
    const key = setKey(members, numbers)
    if (!ids.has(key)) ids.set(key, id)
  }
  return [
    ...[...ids.values()].map((id) => ({ place: 'own' as const, id })),
    { place: 'foreign', id: unlike(kind, (name) => held.has(name)) }
  ]
}

/** The distinct unions of what is held in the containers of a kind, those of the fewest containers first. */
function unionsOf(held: HeldIn, kind: string): OfKind[] {
  const numbers = numberTables(held)
  const unions = new Map<
    string,
    { readonly members: ReadonlySet<RoleTable>; readonly ids: readonly string[] }
  >()
  for (const [id, { members }] of held) {
    const key = setKey(members, numbers)
    if (!unions.has(key)) unions.set(key, { members: new Set(members), ids: [id] })
  }
  const single = [...unions.values()]
  // Entries that are added while the map is walked are walked too.
  for (const { members, ids } of unions.values())
    for (const more of single) {
      const both = new Set([...members, ...more.members])
      const key = setKey(both, numbers)
      if (unions.has(key)) continue
      if (unions.size === mostUnions) throw tooMany([kind], `over ${mostUnions}`)
      unions.set(key, { members: both, ids: [...ids, ...more.ids] })
    }
  return [...unions].map(([key, { ids }]) => ({ place: 'own', key: `own:${key}`, ids }))
}

function withKind(before: Inside, kind: string, placement: OrgPlacement, more: OfKind): Inside {
  if (placement === 'never') return before
  const [first, ...others] = more.ids
  return {
    key: before.key + partKey(kind, more.key),
    kinds: { ...before.kinds, [kind]: more.place },
    fields: {
      ...before.fields,
      ...(first === undefined ? {} : { [kind]: others.length === 0 ? first : more.ids })
    }
  }
}

function partKey(kind: string, key: string): string {
  return ` ${kind}=${key}`
}

function tooMany(kinds: readonly string[], count: number | string): Error {
  return tooManyCases('this subject', kinds, `${count} unions of roles in containers`, mostUnions)
}

// --- small things ---------------------------------------------------------------------------------------------------

/** The first of `u1`, `u2`, … that is not taken. */
export function unlike(letter: string, isTaken: (name: string) => boolean): string {
  let number = 1
  while (isTaken(`${letter}${number}`)) number++
  return `${letter}${number}`
}
