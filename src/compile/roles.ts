// Roles → their tables. For each combination of the organization settings that a role reads, one table with an allow
// and a deny bit per level. Variants and included roles are applied here, once; later code has only the tables.
import type { Grants, OptionDocument, RoleDocument, RoleKind } from '../document/types.js'
import type { Catalogue, CompiledPermission } from './catalogue.js'
import {
  emptySet,
  lineFor,
  setBits,
  someNamed,
  writeSets,
  type WrittenLine,
  type WrittenSet
} from './permission-set.js'
import { Remembered } from './remembered.js'
import { type Tabled } from './tables.js'
import type { Effect, Level, OptionValue } from '../types.js'
import { bitsAt, levelsOfKind } from '../levels.js'

/** The most tables that a role keeps, one for each combination of organization settings. Callers may give any. */
const mostSettings = 256

/** The votes of a role (or system subject) under one combination of settings, and the lines that cast them. */
export interface RoleTable extends Tabled {
  /** The role's name, or `system:NAME`. */
  readonly role: string
  /** The role itself; a system subject has none. */
  readonly document: RoleDocument | undefined
  /** Whether it votes at `site` or `user`, where the organization in which it is held does not matter. */
  readonly reachesSite: boolean
  /** The tables of the roles that it includes, directly or through others. Its own table has their votes too. */
  readonly included: readonly RoleTable[]
  /** The lines of a level, without those of the roles that it includes. */
  lines(level: Level, effect: Effect): WrittenSet
  /** The values of the role's `reads` under which it holds, in their order. */
  readonly values: readonly OptionValue[]
  /** The line of its own that casts a vote, or `undefined` where there is none. */
  line(level: Level, effect: Effect, permission: CompiledPermission): WrittenLine | undefined
}

/** A role with the organization settings it reads. */
export interface CompiledRole {
  readonly name: string
  readonly kind: RoleKind
  readonly document: RoleDocument
  /** The organization or container that a custom role of one belongs to; of a shipped or site role none. */
  readonly place: string | undefined
  readonly isCustom: boolean
  /** The names of the organization options that its variants read, or those of roles that it includes. */
  readonly reads: readonly string[]
  /** Its role table where no setting is given; `undefined` where it reads an option without default. */
  readonly byDefault: RoleTable | undefined
  /** Its role table under values of `reads`, in their order; each must be one of the option's values. */
  under(values: readonly OptionValue[]): RoleTable
}

/** What a role is compiled against. */
export interface RoleContext {
  readonly catalogue: Catalogue
  /** The deployment's options, with their defaults filled in. */
  readonly options: ReadonlyMap<string, OptionValue>
  readonly orgOptions: ReadonlyMap<string, OptionDocument>
  /** The shipped roles, which others may include. */
  readonly shipped: Readonly<Record<string, RoleDocument>>
}

/** The place of a role in its document, for paths in reasons. */
export type At = readonly (string | number)[]

export function compileRole(
  name: string,
  document: RoleDocument,
  at: At,
  context: RoleContext,
  custom?: { readonly place: string | undefined }
): CompiledRole {
  const included = includedRoles(document, context.shipped)
  const reads = optionsRead([document, ...included.values()]).filter((option) =>
    context.orgOptions.has(option)
  )
  const defaults = reads.map((option) => context.orgOptions.get(option)?.default)
  const tables = new Remembered<RoleTable>(mostSettings)
  const under = (values: readonly OptionValue[]): RoleTable => {
    const key = values.map((value, i) => optionValues(context, reads[i]).indexOf(value)).join()
    const found = tables.get(key)
    if (found !== undefined) return found
    const settings = new Map([
      ...context.options,
      ...values.map((value, i) => [reads[i] ?? '', value] as const)
    ])
    const tableOf = (name: string, one: RoleDocument, at: At, more?: TableOptions): RoleTable =>
      createRoleTable(name, one, variantGrants(one, at, settings), context.catalogue, more)
    const parts = [...included].map(([name, one]) => tableOf(name, one, ['roles', name]))
    return tables.add(key, tableOf(name, document, at, { values, included: parts }))
  }
  const settled = defaults.every((value) => value !== undefined) ? defaults : undefined
  let byDefault: RoleTable | undefined
  const isCustom = custom !== undefined
  return Object.freeze({
    name,
    kind: document.kind,
    document,
    place: custom?.place,
    isCustom,
    reads,
    // Made when the role is first held: a process that has just started asks about few roles.
    get byDefault() {
      return (byDefault ??= settled && under(settled))
    },
    under
  })
}

/** The roles that a role includes, directly or through others, each once. */
export function includedRoles(
  document: Pick<RoleDocument, 'includes'>,
  shipped: RoleContext['shipped']
): ReadonlyMap<string, RoleDocument> {
  const found = new Map<string, RoleDocument>()
  const open = [...(document.includes ?? [])].reverse()
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const role = Object.hasOwn(shipped, name) ? shipped[name] : undefined
    if (role === undefined || found.has(name)) continue
    found.set(name, role)
    open.push(...[...(role.includes ?? [])].reverse())
  }
  return found
}

/** A system subject's role table; it has no variants. */
export function compileSystemTable(
  name: string,
  grants: Grants | undefined,
  catalogue: Catalogue
): RoleTable {
  const at = ['systemSubjects', name, 'grants']
  return createRoleTable(`system:${name}`, undefined, stackGrants('site', [{ grants, at }]), catalogue)
}

function optionValues(context: RoleContext, option: string | undefined): readonly OptionValue[] {
  return (option === undefined ? undefined : context.orgOptions.get(option)?.values) ?? []
}

/** Grants and their place in the document: a role's own, or those of one of its variants. */
export interface GrantLayer {
  readonly grants: Grants | undefined
  readonly at: At
}

/**
 * A role table of several layers of grants, in which later layers replace keys of earlier ones, with the tables of the
 * roles that it includes. It votes only on the given permissions: proofs ask about one permission at a time under many
 * settings.
 */
export function stackLayers(
  name: string,
  document: RoleDocument,
  layers: readonly GrantLayer[],
  catalogue: Catalogue,
  permissions: readonly CompiledPermission[],
  included: readonly RoleTable[] = noTables
): RoleTable {
  const grants = stackGrants(document.kind, layers)
  return createRoleTable(name, document, grants, catalogue, { permissions, included })
}

/** The lines of each level that a kind of role has. */
type Stacked = ReadonlyMap<Level, Readonly<Record<Effect, WrittenSet>>>

/** Every option that the variants of documents read, in the order in which they name them. */
export function optionsRead(documents: readonly RoleDocument[]): readonly string[] {
  const read = documents.map(optionsOf).filter(({ length }) => length > 0)
  return read.length > 1 ? [...new Set(read.flat())] : (read[0] ?? noOptions)
}

const noOptions: readonly string[] = Object.freeze([])

/** Kept with each document: one with thousands of variants is compiled under many choices. */
const optionsRemembered = new WeakMap<RoleDocument, readonly string[]>()

function optionsOf(document: RoleDocument): readonly string[] {
  const { variants } = document
  if (variants === undefined) return noOptions
  const remembered = optionsRemembered.get(document)
  if (remembered !== undefined) return remembered
  const options = new Set<string>()
  for (const { when } of variants) for (const option of Object.keys(when)) options.add(option)
  const made = Object.freeze([...options])
  optionsRemembered.set(document, made)
  return made
}

function variantGrants(document: RoleDocument, at: At, settings: ReadonlyMap<string, OptionValue>): Stacked {
  const layers: GrantLayer[] = [{ grants: document.grants, at: [...at, 'grants'] }]
  document.variants?.forEach((variant, index) => {
    if (Object.entries(variant.when).every(([option, value]) => settings.get(option) === value))
      layers.push({ grants: variant.grants, at: [...at, 'variants', index, 'grants'] })
  })
  return stackGrants(document.kind, layers)
}

/** Merges layers of grants: the keys of a later layer replace those of the same level and effect. */
function stackGrants(kind: RoleKind, layers: readonly GrantLayer[]): Stacked {
  const stack = (level: Level, effect: Effect): WrittenSet =>
    writeSets(
      layers.map(({ grants, at }) => ({ set: grants?.[level]?.[effect], at: [...at, level, effect] }))
    )
  return new Map(
    levelsOfKind(kind).map((level) => [level, { allow: stack(level, 'allow'), deny: stack(level, 'deny') }])
  )
}

const effects: readonly Effect[] = ['allow', 'deny']

interface TableOptions {
  /** The values of the settings that the role reads. */
  readonly values?: readonly OptionValue[]
  /** The only permissions that it votes on; without them it votes on all. */
  readonly permissions?: readonly CompiledPermission[]
  /** The tables of the roles that it includes. */
  readonly included?: readonly RoleTable[]
}

const noTables: readonly RoleTable[] = Object.freeze([])

/**
 * Its own table is made on demand: most roles are held with others, and then only the united table is needed.
 */
function createRoleTable(
  role: string,
  document: RoleDocument | undefined,
  grants: Stacked,
  catalogue: Catalogue,
  { values = [], permissions, included = noTables }: TableOptions = {}
): RoleTable {
  const addTo = (table: Uint8Array): void => {
    for (const [level, sets] of grants)
      for (const effect of effects) {
        const bit = bitsAt(level)[effect]
        const set = sets[effect]
        if (permissions === undefined) setBits(table, bit, set, effect, catalogue)
        else
          for (const permission of permissions)
            if (lineFor(set, effect, permission) !== undefined)
              table[permission.index] = (table[permission.index] ?? 0) | bit
      }
    for (const one of included) one.addTo(table)
  }
  let table: Uint8Array | undefined
  const linesAt = (level: Level, effect: Effect): WrittenSet => grants.get(level)?.[effect] ?? emptySet
  const names = (level: Level, effect: Effect): boolean =>
    someNamed(linesAt(level, effect), effect, catalogue, () => true)
  return {
    role,
    document,
    values,
    included,
    addTo,
    get table() {
      if (table === undefined) addTo((table = new Uint8Array(catalogue.permissions.length)))
      return table
    },
    reachesSite:
      effects.some((effect) => names('site', effect) || names('user', effect)) ||
      included.some(({ reachesSite }) => reachesSite),
    lines: linesAt,
    line: (level, effect, permission) => lineFor(linesAt(level, effect), effect, permission)
  }
}
