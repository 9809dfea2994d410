// Every ballot that a role can cast: one for each combination of the deployment's options and the organization's
// settings that its variants read. No other option changes what it says, so none is ranged over.
import type { CompiledPolicy } from '../../compile/compile.js'
import { listRoles } from '../../compile/role-index.js'
import { compileRole, type Ballot, type CompiledRole } from '../../compile/roles.js'
import type { OptionValue } from '../../document/types.js'
import { combinations, valueIn, type Values } from '../settings.js'

/** A role as somebody holds it: under which options it says what. */
export interface Cast {
  readonly role: CompiledRole
  readonly ballot: Ballot
  /** The deployment's options that the role reads, with the values under which this is its ballot. */
  readonly options: Values
  /** Likewise the settings of the organization in which it is held. */
  readonly settings: Values
}

/** Every ballot of every role, in the order of the roles, with the options' usual values first. */
export function castAll(engine: CompiledPolicy): Cast[] {
  return listRoles(engine.roles).flatMap((role) => castRole(engine, role))
}

function castRole(engine: CompiledPolicy, role: CompiledRole): Cast[] {
  const deployment = new Map(Object.entries(engine.document.options ?? {}))
  const asked = new Set((role.document.variants ?? []).flatMap((variant) => Object.keys(variant.when)))
  const read = [...asked].filter((name) => deployment.has(name) && !engine.context.orgOptions.has(name))
  return combinations(read, deployment).flatMap((options) => {
    const compiled = compileUnder(engine, role, options)
    return combinations(role.reads, engine.context.orgOptions).map((settings): Cast => {
      const values = role.reads.flatMap((name) => valueIn(settings, name) ?? [])
      return { role, ballot: compiled.under(values), options, settings }
    })
  })
}

/** A role under other values of the deployment's options; those that are not named keep the values they have. */
export function compileUnder(engine: CompiledPolicy, role: CompiledRole, options: Values): CompiledRole {
  const isSame = Object.entries(options).every(([name, value]) => engine.options.get(name) === value)
  if (isSame) return role
  const values: ReadonlyMap<string, OptionValue> = new Map([...engine.options, ...Object.entries(options)])
  const at = role.isCustom ? [role.name] : ['roles', role.name]
  const custom = role.isCustom ? { place: role.place } : undefined
  return compileRole(role.name, role.document, at, { ...engine.context, options: values }, custom)
}

/**
 * The casts as one permission sees them: without the options that do not change what a role says about it, and of
 * those that say the same under the same options the first, once for the site and once for organizations.
 */
export function distinctCasts(casts: readonly Cast[], permission: number): Cast[] {
  const known = new Map<string, Cast>()
  for (const cast of relevantCasts(casts, permission)) {
    const key = JSON.stringify([cast.role.kind, cast.ballot.table[permission], cast.options, cast.settings])
    if (!known.has(key)) known.set(key, cast)
  }
  return [...known.values()]
}

/** The casts of each role without the options and settings that do not change what it says about a permission. */
export function relevantCasts(casts: readonly Cast[], permission: number): Cast[] {
  const byRole = new Map<CompiledRole, Cast[]>()
  for (const cast of casts) byRole.set(cast.role, [...(byRole.get(cast.role) ?? []), cast])
  return [...byRole.values()].flatMap((ofRole) =>
    withoutIdle(ofRole, (a, b) => a.ballot.table[permission] === b.ballot.table[permission])
  )
}

/** Under which values of options and settings a role says something. */
interface Conditions {
  readonly options: Values
  readonly settings: Values
}

/** Casts of one role without the options and settings that change nothing of what is compared. */
export function withoutIdle<C extends Conditions>(
  casts: readonly C[],
  isAlike: (a: C, b: C) => boolean
): readonly C[] {
  const [first] = casts
  let left = casts
  for (const kind of ['options', 'settings'] as const)
    for (const name of Object.keys(first?.[kind] ?? {})) left = dropIfIdle(left, kind, name, isAlike)
  return left
}

/** The casts without one option or setting, where none of its values changes anything. */
function dropIfIdle<C extends Conditions>(
  casts: readonly C[],
  kind: keyof Conditions,
  name: string,
  isAlike: (a: C, b: C) => boolean
): readonly C[] {
  const kept = new Map<string, C>()
  for (const cast of casts) {
    const others = Object.fromEntries(Object.entries(cast[kind]).filter(([key]) => key !== name))
    const without = { ...cast, [kind]: others }
    const key = JSON.stringify([without.options, without.settings])
    const known = kept.get(key)
    if (known === undefined) kept.set(key, without)
    else if (!isAlike(known, cast)) return casts
  }
  return [...kept.values()]
}

/** Whether two sets of values agree wherever both have one. */
export function agree(a: Values, b: Values): boolean {
  return Object.entries(a).every(([name, value]) => !Object.hasOwn(b, name) || b[name] === value)
}
