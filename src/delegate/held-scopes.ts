// A subject's ceilings as written lines, so that they can be checked for future permissions, which are in no table. For
// permissions of the catalogue the answer must be that of a decision about an object without id. A ceiling may have a
// thousand scopes of one template: those with the same lines are checked once, with their lists as one.
import { idsMatch, idsOf, listMatches, type AllowList, type IdsByType } from '../request/allow-list.js'
import type { Catalogue, CompiledPermission } from '../compile/catalogue.js'
import type { Ceiling, FilledTemplate, ScopeCeiling } from '../request/ceiling.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { lineFor, writeSets, type WrittenSet } from '../compile/permission-set.js'
import type { PermissionSet } from '../document/types.js'
import { isFuture } from './future.js'
import { isOpen } from './written-names.js'

/** A scope as written lines. */
export interface HeldScope {
  /** The name of the scope or template. */
  readonly name: string
  readonly sets: readonly PermissionSet[]
  /** The same for scopes of one template under the same flags. */
  readonly written: WrittenSet
  /** The list of its own that a template's scope may have. */
  readonly list: AllowList | undefined
}

/** The objects on which scopes let a permission through: all, or those that a list names. */
export type Admitted = 'all' | IdsByType

/** A ceiling whose scopes are written lines. */
export interface WrittenCeiling {
  readonly scopes: readonly HeldScope[] | undefined
  readonly list: AllowList | undefined
  /** Where its scopes let a permission through; `undefined` for nowhere. The same scopes give the identical value. */
  admits(permission: CompiledPermission): Admitted | undefined
}

export function writeCeilings(
  compiled: CompiledPolicy,
  ceilings: readonly Ceiling[]
): readonly WrittenCeiling[] {
  return ceilings.map(({ scopes, list }) => {
    if (scopes === undefined) return { scopes, list, admits: () => 'all' }
    const written = writeScopes(compiled, scopes)
    return { scopes: written, list, admits: admitting(compiled.catalogue, scopes, written) }
  })
}

/** Every permission set that a scope of the ceilings has. */
export function* setsOfCeilings(ceilings: readonly WrittenCeiling[]): Generator<PermissionSet> {
  for (const { scopes = [] } of ceilings) for (const { sets } of scopes) yield* sets
}

/** Why the ceilings refuse a permission on some objects; `undefined` if they let it through on every id. */
export function ceilingInTheWay(
  ceilings: readonly WrittenCeiling[],
  permission: CompiledPermission
): 'outside_scope' | 'outside_allow_list' | undefined {
  const admitted = ceilings.map((ceiling) => ceiling.admits(permission))
  if (admitted.includes(undefined)) return 'outside_scope'
  const isThrough = admitted.every((ids) => isAdmitted(ids, permission.resource, undefined))
  const isListed = ceilings.every(
    ({ list }) => list === undefined || listMatches(list, permission.resource, undefined)
  )
  return isThrough && isListed ? undefined : 'outside_allow_list'
}

/** Whether an object with this id is among the admitted. */
export function isAdmitted(admitted: Admitted | undefined, type: string, id: string | undefined): boolean {
  return admitted !== undefined && (admitted === 'all' || idsMatch(admitted, type, id))
}

/** Scopes of one ceiling with the same written lines. */
interface Alike {
  readonly written: WrittenSet
  readonly admitted: Admitted
  readonly lists: readonly AllowList[]
}

function admitting(
  catalogue: Catalogue,
  { named }: ScopeCeiling,
  scopes: readonly HeldScope[]
): (permission: CompiledPermission) => Admitted | undefined {
  const openNamed = indexOpen(catalogue, scopes.slice(0, named.members.length))
  const templates = uniteAlike(scopes.slice(named.members.length))
  const cached = new Map<string, Admitted>()
  return (permission) => {
    if (isFuture(permission) ? openNamed(permission) : named.table[permission.index] !== 0) return 'all'
    const letting: Alike[] = []
    let key = ''
    for (const [index, alike] of templates.entries()) {
      if (lineFor(alike.written, 'allow', permission) === undefined) continue
      if (alike.admitted === 'all') return 'all'
      letting.push(alike)
      key += `${index} `
    }
    if (letting.length < 2) return letting[0]?.admitted
    const found = cached.get(key) ?? idsOf(letting.flatMap(({ lists }) => lists))
    cached.set(key, found)
    return found
  }
}

/** Whether one of many scopes includes a future permission. Checks only scopes that may; most do not. */
function indexOpen(
  catalogue: Catalogue,
  scopes: readonly HeldScope[]
): (permission: CompiledPermission) => boolean {
  const byKey = new Map<string, WrittenSet[]>()
  for (const { written } of scopes)
    if (isOpen(written, catalogue))
      for (const key of written.keys()) {
        const sets = byKey.get(key)
        if (sets === undefined) byKey.set(key, [written])
        else sets.push(written)
      }
  return (permission) =>
    [permission.resource, '*'].some((key) =>
      byKey.get(key)?.some((written) => lineFor(written, 'allow', permission) !== undefined)
    )
}

function uniteAlike(scopes: readonly HeldScope[]): readonly Alike[] {
  const byLines = new Map<WrittenSet, HeldScope[]>()
  for (const scope of scopes) {
    const alike = byLines.get(scope.written)
    if (alike === undefined) byLines.set(scope.written, [scope])
    else alike.push(scope)
  }
  return [...byLines].map(([written, alike]) => {
    const lists = alike.flatMap(({ list }) => list ?? [])
    return { written, lists, admitted: lists.length < alike.length ? 'all' : idsOf(lists) }
  })
}

function writeScopes(compiled: CompiledPolicy, { named, templates }: ScopeCeiling): readonly HeldScope[] {
  const cached = new Map<string, Pick<HeldScope, 'sets' | 'written'>>()
  return [
    ...named.members.map(({ name, allow }) => ({ name, ...writeLines([allow]), list: undefined })),
    ...templates.map((filled) => {
      const sets = templateSets(compiled, filled)
      const key = JSON.stringify([filled.template, sets.applied])
      const lines = cached.get(key) ?? writeLines(sets.sets)
      cached.set(key, lines)
      return { name: filled.template, ...lines, list: filled.list }
    })
  ]
}

function writeLines(sets: readonly PermissionSet[]): Pick<HeldScope, 'sets' | 'written'> {
  return { sets, written: writeSets(sets.map((set) => ({ set, at: [] }))) }
}

/** A template's sets under its flags, in order, and the variants that apply; a flag that is not given is false. */
function templateSets(
  compiled: CompiledPolicy,
  { template, params }: FilledTemplate
): { readonly sets: readonly PermissionSet[]; readonly applied: readonly number[] } {
  const document = compiled.scopes.templates.get(template)?.document
  if (document === undefined) throw new TypeError('a filled template is not in its policy')
  const isSet = (flag: string): boolean => Object.hasOwn(params, flag) && params[flag] === true
  const holding = [...(document.variants ?? []).entries()].filter(([, { when }]) =>
    Object.entries(when).every(([flag, value]) => isSet(flag) === value)
  )
  return {
    sets: [document.allow, ...holding.map(([, { allow }]) => allow)],
    applied: holding.map(([index]) => index)
  }
}
