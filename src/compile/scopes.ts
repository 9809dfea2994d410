// Scope names → ceilings. Declared scopes, their aliases and templates come from the document; the low-level scopes are
// every permission and every resource's wildcard. A scope's table says which permissions it lets through. There are
// more low-level scopes than permissions, so they keep no table: `has` reads their line.
import { splitName } from '../problems/names.js'
import type { PermissionSet, ScopeDocument, ScopeTemplateDocument } from '../document/types.js'
import type { Catalogue, CompiledPermission } from './catalogue.js'
import { lineFor, setBits, someNamed, writeSet, writeSets } from './permission-set.js'
import { Remembered } from './remembered.js'
import type { Tabled } from './tables.js'
import { listedId, type AllowListContext } from './list-context.js'

/** A scope that can be named in a ceiling. */
export interface CompiledScope extends Tabled {
  /** The canonical name. */
  readonly name: string
  readonly kind: 'declared' | 'low-level'
  readonly isPublic: boolean
  /** What it lets through, as written. */
  readonly allow: PermissionSet
  readonly document: ScopeDocument | undefined
  /** Whether it lets a permission through. */
  has(permission: CompiledPermission): boolean
  /** What it lets through, in catalogue order. */
  permissions(): CompiledPermission[]
}

/** An entry of a template's list, with a fixed id or with the parameter that gives the id. */
export interface TemplateEntry {
  readonly type: string
  readonly id: string
  readonly param: string | undefined
}

export interface CompiledTemplate {
  readonly name: string
  readonly document: ScopeTemplateDocument
  readonly params: ReadonlyMap<string, 'required' | 'optional' | 'flag'>
  /** Its own list; `undefined` where it has none. */
  readonly entries: readonly TemplateEntry[] | undefined
  /** The table of what it lets through when exactly these flags are set. */
  tableUnder(flags: ReadonlySet<string>): Uint8Array
}

export interface ScopeIndex {
  /** By canonical name or alias; low-level scopes are made when first asked for. */
  find(name: string): CompiledScope | undefined
  /** Every scope: declared ones in document order, then the low-level ones in catalogue order. */
  list(): CompiledScope[]
  /** Declared scopes in document order. */
  readonly declared: readonly CompiledScope[]
  /** Every name that may stand in a ceiling, aliases included. */
  names(): ReadonlySet<string>
  readonly templates: ReadonlyMap<string, CompiledTemplate>
}

/** The part of a document that scopes are compiled from. */
export interface ScopeSource {
  readonly scopes?: Readonly<Record<string, ScopeDocument>> | undefined
  readonly publicScopes?: readonly string[] | undefined
  readonly scopeTemplates?: Readonly<Record<string, ScopeTemplateDocument>> | undefined
}

export function compileScopes(document: ScopeSource, lists: AllowListContext): ScopeIndex {
  const { catalogue } = lists
  const publicNames = new Set(document.publicScopes)
  const byName = new Map<string, CompiledScope>()
  const declared = Object.entries(document.scopes ?? {}).map(([name, scope]) =>
    compileScope(name, scope, publicNames, catalogue)
  )
  for (const scope of declared)
    for (const name of [scope.name, ...(scope.document?.aliases ?? [])]) byName.set(name, scope)
  const find = (name: string): CompiledScope | undefined => {
    const found = byName.get(name) ?? lowLevelScope(name, publicNames, catalogue)
    if (found !== undefined) byName.set(name, found)
    return found
  }
  const lowLevelNames = (): string[] =>
    [...catalogue.resources.values()].flatMap((resource) => [
      `${resource.name}:*`,
      ...[...resource.actions.values()].map((permission) => permission.name)
    ])
  let names: ReadonlySet<string> | undefined
  const aliases = declared.flatMap((scope) => scope.document?.aliases ?? [])
  const templates = Object.entries(document.scopeTemplates ?? {}).map(
    ([name, template]) => [name, compileTemplate(name, template, lists)] as const
  )
  return Object.freeze({
    find,
    declared,
    list: () => [...declared, ...lowLevelNames().flatMap((name) => find(name) ?? [])],
    names: () =>
      (names ??= new Set([...declared.map((scope) => scope.name), ...aliases, ...lowLevelNames()])),
    templates: new Map(templates)
  })
}

/** Compiles one declared scope. */
export function compileScope(
  name: string,
  document: ScopeDocument,
  publicNames: ReadonlySet<string>,
  catalogue: Catalogue
): CompiledScope {
  return makeScope(catalogue, {
    name,
    kind: 'declared',
    isPublic: document.public === true || [name, ...(document.aliases ?? [])].some((n) => publicNames.has(n)),
    allow: document.allow,
    document
  })
}

/** The scope that a name of a permission, or of all of a resource's, stands for; `undefined` for other names. */
export function lowLevelScope(
  name: string,
  publicNames: ReadonlySet<string>,
  catalogue: Catalogue
): CompiledScope | undefined {
  const [type, action] = splitName(name)
  const resource = type === undefined ? undefined : catalogue.resources.get(type)
  if (resource === undefined || (action !== '*' && !resource.actions.has(action))) return undefined
  const allow = { [resource.name]: action === '*' ? ('*' as const) : [action] }
  return makeScope(catalogue, {
    name,
    kind: 'low-level',
    isPublic: publicNames.has(name),
    allow,
    document: undefined
  })
}

/** A declared scope's table is made when it is first asked for, and kept. */
function makeScope(
  catalogue: Catalogue,
  scope: Pick<CompiledScope, 'name' | 'kind' | 'isPublic' | 'allow' | 'document'>
): CompiledScope {
  const written = writeSet(scope.allow)
  const addTo = (table: Uint8Array): void => {
    setBits(table, 1, written, 'allow', catalogue)
  }
  let table: Uint8Array | undefined
  return Object.freeze({
    ...scope,
    addTo,
    has: (permission: CompiledPermission) => lineFor(written, 'allow', permission) !== undefined,
    permissions: () => {
      const named = new Set<CompiledPermission>()
      someNamed(written, 'allow', catalogue, (permission) => {
        named.add(permission)
        return false
      })
      return [...named].sort((a, b) => a.index - b.index)
    },
    get table() {
      if (table !== undefined) return table
      const made = new Uint8Array(catalogue.permissions.length)
      addTo(made)
      if (scope.kind === 'declared') table = made
      return made
    }
  })
}

/** The most tables that a template keeps, one for each combination of variants. Callers may set any flags. */
const mostTables = 64

/** Compiles one scope template. */
export function compileTemplate(
  name: string,
  document: ScopeTemplateDocument,
  lists: AllowListContext
): CompiledTemplate {
  const tables = new Remembered<Uint8Array>(mostTables)
  const variants = (document.variants ?? []).map(({ when, allow }, index) => ({
    index,
    allow,
    asked: Object.entries(when)
  }))
  const tableUnder = (flags: ReadonlySet<string>): Uint8Array => {
    const applied = variants.filter(({ asked }) => asked.every(([flag, value]) => flags.has(flag) === value))
    const key = applied.map(({ index }) => index).join()
    const cached = tables.get(key)
    if (cached !== undefined) return cached
    const sets = [document.allow, ...applied.map(({ allow }) => allow)]
    return tables.add(key, allowTable(sets, lists.catalogue))
  }
  return Object.freeze({
    name,
    document,
    params: new Map(Object.entries(document.params)),
    entries: document.allowList?.map((entry) => splitEntry(entry, lists)),
    tableUnder
  })
}

function splitEntry(entry: string, lists: AllowListContext): TemplateEntry {
  const [type = '', id] = splitName(entry)
  const param = /^\{([^{}]*)\}$/.exec(id)?.[1]
  return { type, id: param === undefined ? listedId(id, lists) : '', param }
}

/** The permissions of several sets, in which the keys of a later set replace those of an earlier one. */
function allowTable(sets: readonly PermissionSet[], catalogue: Catalogue): Uint8Array {
  const table = new Uint8Array(catalogue.permissions.length)
  setBits(table, 1, writeSets(sets.map((set) => ({ set, at: [] }))), 'allow', catalogue)
  return table
}
