// How far a permission reaches for a subject without a ceiling, as the text of a matrix cell: `yes`, `no`, `own org`,
// `own project; own, own org`. The same reach always gives the same text, however the policy is written.
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { DecidingSubject } from '../../decide/subject.js'
import type { ContainerRelation, Relation } from '../../document/relation.js'
import { stateOf, type SubjectState } from '../../request/state.js'
import { all, coverAllowed, type Box, type BoxRules, type Cell } from './boxes.js'
import { relationClasses, type ContainerClass, type OrgClass, type RelationClass } from './classes.js'
import { vocabularyOf, writeRelation } from './relations.js'

/** A cache of reaches: even thousands of roles have few different answers. */
export class ReachMemory {
  readonly #cached = new Map<string, string>()

  /** As `reachOf`, for a subject without a ceiling. */
  of(subject: DecidingSubject, permission: CompiledPermission): string {
    const key = votesKey(subject, permission)
    if (key === undefined) return reachOf(subject, permission)
    const cached = this.#cached.get(key) ?? reachOf(subject, permission)
    this.#cached.set(key, cached)
    return cached
  }
}

/**
 * Everything that decides how far an action reaches for a subject in at most one place of each kind: its votes at the
 * site, in the organization and in the containers, under every combination of attributes, whether it can own anything,
 * and where objects can be. `undefined` for any other subject.
 */
export function votesKey(subject: DecidingSubject, permission: CompiledPermission): string | undefined {
  const state = stateOf(subject)
  const tables = tablesOf(state)
  if (tables === undefined) return undefined
  const { definition } = permission
  let votes = ''
  for (const { index } of permissionsOf(permission))
    for (const table of tables) votes += `${table?.[index] ?? ''},`
  const about = definition.attributes.length === 0 ? '' : definition.name
  return `${votes} ${String(state.id === '')} ${definition.org} ${definition.places.join()} ${about}`
}

type Tables = readonly (Uint8Array | undefined)[]

/** By subject: there may be thousands of questions about each. */
const cachedTables = new WeakMap<SubjectState, Tables>()

/** The tables at the site and in the only place of each kind; `undefined` for a subject with a ceiling or more places. */
function tablesOf(state: SubjectState): Tables | undefined {
  const cached = cachedTables.get(state)
  if (cached !== undefined) return cached
  const kinds = [state.orgs, ...state.containers]
  if (state.ceilings.length > 0 || kinds.some((held) => held.size > 1)) return undefined
  const tables = [state.site, ...kinds.map((held) => [...held.values()][0])].map((union) => union?.table)
  cachedTables.set(state, tables)
  return tables
}

/**
 * The reach of an action for a subject that holds its roles in at most one organization and one container of each kind.
 * ACL entries are left out. An `anyOrg` object gets the same answer as an object of that organization, so it is not
 * named separately. Every relation of the text is as wide as it can be, and none of them is covered by the others.
 */
export function reachOf(subject: DecidingSubject, permission: CompiledPermission): string {
  const state = stateOf(subject)
  const classes = permissionsOf(permission).flatMap((one) => relationClasses(state, one, { acl: false }))
  const refusedClasses = classes.filter(({ object }) => !subject.can(permission, object))
  if (refusedClasses.length === classes.length) return 'no'
  if (refusedClasses.length === 0) return 'yes'
  const { catalogue } = state.compiled
  const grid = new Grid(permission, catalogue.containers)
  const refused = new Map(refusedClasses.map((one) => keyed(grid.cellOf(one))))
  const allowed = new Map(classes.map((one) => keyed(grid.cellOf(one))).filter(([key]) => !refused.has(key)))
  const inOrder = [...allowed.values()].filter(([, org]) => org !== elsewhere).sort(compareCells)
  const vocabulary = vocabularyOf(catalogue, [permission.definition])
  return coverAllowed(inOrder, [...refused.values()], grid.rules)
    .map((box) => writeRelation(grid.relationOf(box), vocabulary))
    .join('; ')
}

/** The permissions of the same action under every combination of attributes. */
export function permissionsOf(permission: CompiledPermission): readonly CompiledPermission[] {
  const { definition, action } = permission
  if (definition.attributes.length === 0) return [permission]
  return definition.permissions.filter((one) => one.action === action)
}

const owners = ['own', 'other'] as const
const orgs = ['none', 'own', 'other'] as const
const orgsInOrder: readonly OrgClass[] = ['none', 'own', 'foreign']
/** `anyOrg` of a subject that belongs to no organization: it is in none of them. */
const elsewhere = 3
const places: readonly ContainerRelation[] = ['none', 'own', 'other']
const placesInOrder: readonly ContainerClass[] = ['none', 'own', 'foreign']

/** The dimensions of a permission's objects: owner, organization, containers, attributes. */
class Grid {
  readonly rules: BoxRules
  readonly #kinds: readonly string[]
  readonly #kindsOfPolicy: readonly string[]
  readonly #attributes: CompiledPermission['definition']['attributes']

  /** @param kindsOfPolicy the containers of the policy. */
  constructor({ definition }: CompiledPermission, kindsOfPolicy: readonly string[]) {
    this.#kindsOfPolicy = kindsOfPolicy
    this.#kinds = kindsOfPolicy.filter((_, number) => definition.places[number] !== 'never')
    this.#attributes = definition.attributes
    const firstKind = 2
    const firstAttribute = firstKind + this.#kinds.length
    const isInside = (box: Box): boolean =>
      box.slice(firstKind, firstAttribute).some((value) => value !== all)
    this.rules = {
      // An owner alone means objects in no place.
      canBe: (box) => box[0] === all || box[1] !== all || isInside(box),
      isMeant: (box, cell) => cell[1] !== elsewhere || !isInside(box),
      order: [
        0,
        ...this.#attributes.map((_, number) => firstAttribute + number),
        ...this.#kinds.map((_, number) => firstKind + number),
        1
      ]
    }
  }

  cellOf({ owner, org, belongs, containers, attributes }: RelationClass): Cell {
    return [
      owner === 'self' ? 0 : 1,
      org !== 'any' ? orgsInOrder.indexOf(org) : belongs ? orgsInOrder.indexOf('own') : elsewhere,
      ...this.#kinds.map((kind) => placesInOrder.indexOf(containers[kind] ?? 'none')),
      ...this.#attributes.map(({ name, values }) => values.findIndex((value) => value === attributes[name]))
    ]
  }

  relationOf(box: Box): Relation {
    const [owner = all, org = all, ...others] = box
    const isOutside = org === 0 && this.#kinds.every((_, number) => others[number] === 0)
    // An owner's objects in no place are in no container of any kind.
    const kinds = owner !== all && isOutside ? this.#kindsOfPolicy : this.#kinds
    return {
      owner: owners[owner] ?? 'any',
      org: orgs[org] ?? 'any',
      containers: Object.fromEntries(
        kinds.flatMap((kind) => {
          const place = places[isOutside ? 0 : (others[this.#kinds.indexOf(kind)] ?? all)]
          return place === undefined ? [] : [[kind, place] as const]
        })
      ),
      attributes: Object.fromEntries(
        this.#attributes.flatMap(({ name, values }, number) => {
          const value = values[others[this.#kinds.length + number] ?? all]
          return value === undefined ? [] : [[name, value] as const]
        })
      ),
      isShared: false
    }
  }
}

function keyed(cell: Cell): [string, Cell] {
  return [cell.join(), cell]
}

/** Outside organizations first, then own before other ones; what the subject owns first; then by the rest. */
function compareCells(a: Cell, b: Cell): number {
  const [ownerA = 0, orgA = 0, ...restA] = a
  const [ownerB = 0, orgB = 0, ...restB] = b
  const other = [orgB, ownerB, ...restB]
  return [orgA, ownerA, ...restA].reduce((before, one, at) => before || one - (other[at] ?? 0), 0)
}
