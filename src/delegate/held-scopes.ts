// A subject's ceilings as written lines, so that they can be asked about permissions that no table has yet. They must
// say of every permission of the catalogue what a decision about an object without id says.
import { listMatches, type AllowList } from '../compile/allow-list.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import type { Ceiling, FilledTemplate, ScopeCeiling } from '../compile/ceiling.js'
import type { CompiledPolicy } from '../compile/compile.js'
import { lineFor, writeSet, type WrittenSet } from '../compile/permission-set.js'
import type { PermissionSet } from '../document/types.js'

/** A scope as written lines. */
export interface HeldScope {
  /** A template by its name. */
  readonly name: string
  readonly sets: readonly PermissionSet[]
  readonly written: WrittenSet
  /** The list of its own that a template's scope may have. */
  readonly list: AllowList | undefined
}

/** A ceiling whose scopes are written lines. */
export interface WrittenCeiling {
  readonly scopes: readonly HeldScope[] | undefined
  readonly list: AllowList | undefined
}

export function writeCeilings(
  engine: CompiledPolicy,
  ceilings: readonly Ceiling[]
): readonly WrittenCeiling[] {
  return ceilings.map(({ scopes, list }) => ({ scopes: scopes && writeScopes(engine, scopes), list }))
}

/** Every permission set that a scope of the ceilings has. */
export function* setsOfCeilings(ceilings: readonly WrittenCeiling[]): Generator<PermissionSet> {
  for (const { scopes = [] } of ceilings) for (const { sets } of scopes) yield* sets
}

/** What keeps a permission back on objects of every id; `undefined` where nothing does. */
export function ceilingInTheWay(
  ceilings: readonly WrittenCeiling[],
  permission: CompiledPermission
): 'outside_scope' | 'outside_allow_list' | undefined {
  const letting = ceilings.map(({ scopes }) =>
    scopes?.filter(({ written }) => lineFor(written, 'allow', permission) !== undefined)
  )
  if (letting.some((scopes) => scopes?.length === 0)) return 'outside_scope'
  const isListed = (list: AllowList | undefined): boolean =>
    list === undefined || listMatches(list, permission.resource, undefined)
  const isThrough = letting.every(
    (scopes) => scopes === undefined || scopes.some(({ list }) => isListed(list))
  )
  return isThrough && ceilings.every(({ list }) => isListed(list)) ? undefined : 'outside_allow_list'
}

function writeScopes(engine: CompiledPolicy, { named, templates }: ScopeCeiling): readonly HeldScope[] {
  return [
    ...named.members.map(({ name, allow }) => holdScope(name, [allow], undefined)),
    ...templates.map((filled) => holdScope(filled.template, templateSets(engine, filled), filled.list))
  ]
}

function holdScope(name: string, sets: readonly PermissionSet[], list: AllowList | undefined): HeldScope {
  return {
    name,
    sets,
    written: sets.reduce((under, set) => writeSet(set, [], under), writeSet(undefined, [])),
    list
  }
}

/** A template's sets under its flags, later ones on top; a flag not given is false. */
function templateSets(
  engine: CompiledPolicy,
  { template, params }: FilledTemplate
): readonly PermissionSet[] {
  const document = engine.scopes.templates.get(template)?.document
  if (document === undefined) throw new TypeError('a filled template is not in its policy')
  const isSet = (flag: string): boolean => Object.hasOwn(params, flag) && params[flag] === true
  const holding = (document.variants ?? []).filter(({ when }) =>
    Object.entries(when).every(([flag, value]) => isSet(flag) === value)
  )
  return [document.allow, ...holding.map(({ allow }) => allow)]
}
