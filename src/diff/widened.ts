// Changes that let somebody reach more and that no permission shows: resources (widened-resources.ts), delegations,
// scopes that may be requested or are the default, aliases, system subjects. They are found in one direction; in the
// other direction the same functions find what was taken away.
import type { CompiledPolicy } from '../compile/compile.js'
import type { CompiledScope } from '../compile/scopes.js'
import { delegationsOf } from './delegations.js'
import { namesThere, type NameThere } from './renamed-names.js'
import type { AskedPermission, Direction, OldNew, Side } from './sides.js'
import type { Rename, Widening } from './types.js'
import { resourcesWidened } from './widened-resources.js'
import { now } from './words.js'
import { quoteValue } from '../problems/quote.js'

/** All such changes that the documents show. */
export function wideningsOf(
  policies: OldNew<CompiledPolicy>,
  asked: readonly AskedPermission[],
  renamed: readonly Rename[],
  direction: Direction
): Widening[] {
  const nameThere = namesThere(renamed, direction)
  return [
    ...resourcesWidened(policies, direction),
    ...systems(policies, direction, nameThere),
    ...delegationsOf(policies, direction, nameThere),
    ...publicScopes(policies, direction, nameThere),
    ...defaultScopes(policies, asked, direction, nameThere),
    ...aliases(policies, asked, direction, nameThere)
  ]
}

// --- system subjects ------------------------------------------------------------------------------------------------

function systems(
  policies: OldNew<CompiledPolicy>,
  { allowing, refusing }: Direction,
  nameThere: NameThere
): Widening[] {
  return [...policies[allowing].systemSubjects.keys()].flatMap((name): Widening[] => {
    if (policies[refusing].systemSubjects.has(nameThere('system', name))) return []
    const what = allowing === 'new' ? 'there is now a' : 'there is no longer a'
    return [
      { kind: 'system', subject: `system:${name}`, message: `${what} system subject ${quoteValue(name)}` }
    ]
  })
}

// --- scopes ---------------------------------------------------------------------------------------------------------

function publicScopes(
  policies: OldNew<CompiledPolicy>,
  direction: Direction,
  nameThere: NameThere
): Widening[] {
  const { allowing, refusing } = direction
  const { document, scopes } = policies[allowing]
  const names = [
    ...Object.keys(document.scopes ?? {}).filter((name) => scopes.find(name)?.isPublic === true),
    ...(document.publicScopes ?? []).flatMap((name) => scopes.find(name)?.name ?? [])
  ]
  return [...new Set(names)].flatMap((name): Widening[] => {
    if (policies[refusing].scopes.find(nameThere('scope', name))?.isPublic === true) return []
    const message = `users may ${now(direction)} request the scope ${quoteValue(name)}`
    return [{ kind: 'public-scope', subject: name, message }]
  })
}

function defaultScopes(
  policies: OldNew<CompiledPolicy>,
  asked: readonly AskedPermission[],
  { allowing, refusing }: Direction,
  nameThere: NameThere
): Widening[] {
  const [here, there] = [policies[allowing], policies[refusing]]
  const known = scopesNamed(there, there.document.defaultScopes)
  const knownNames = new Set(known.map(({ name }) => name))
  const through = new Set(known.flatMap((scope) => throughOf(asked, refusing, scope)))
  const added = scopesNamed(here, here.document.defaultScopes).filter(
    (scope) =>
      !knownNames.has(nameThere('scope', scope.name)) &&
      throughOf(asked, allowing, scope).some((permission) => !through.has(permission))
  )
  if (added.length === 0) return []
  const meant = (compiled: CompiledPolicy): string => meaning(compiled.document.defaultScopes)
  const message = `a token request without scopes meant ${meant(policies.old)} and now ${meant(policies.new)}`
  return [{ kind: 'default-scopes', subject: 'defaultScopes', message }]
}

export function meaning(scopes: readonly string[] | undefined): string {
  if (scopes === undefined) return 'an error'
  return scopes.length === 0 ? 'no scope' : scopes.map(quoteValue).join(', ')
}

function scopesNamed({ scopes }: CompiledPolicy, names: readonly string[] = []): CompiledScope[] {
  return names.flatMap((name) => scopes.find(name) ?? [])
}

/** The permissions that a scope of a policy lets through. */
function throughOf(
  asked: readonly AskedPermission[],
  side: Side,
  { table }: CompiledScope
): AskedPermission[] {
  return asked.filter((one) => table[one.in[side]?.index ?? -1] === 1)
}

/** Names that mean a scope here, but nothing or a scope that lets less through there. */
function aliases(
  policies: OldNew<CompiledPolicy>,
  asked: readonly AskedPermission[],
  direction: Direction,
  nameThere: NameThere
): Widening[] {
  const [here, there] = [policies[direction.allowing], policies[direction.refusing]]
  const through = new Map<CompiledScope, ReadonlySet<AskedPermission>>()
  const throughThere = (scope: CompiledScope): ReadonlySet<AskedPermission> => {
    const cached = through.get(scope) ?? new Set(throughOf(asked, direction.refusing, scope))
    through.set(scope, cached)
    return cached
  }
  return Object.entries(here.document.scopes ?? {}).flatMap(([canonical, { aliases: others = [] }]) => {
    const scope = here.scopes.find(canonical)
    const same = there.scopes.find(nameThere('scope', canonical))
    if (scope === undefined) return []
    return [canonical, ...others].flatMap((name): Widening[] => {
      const found = there.scopes.find(name)
      if (found === undefined) {
        // A new scope is reported by what keys with it may do.
        if (name === canonical || same === undefined) return []
        const message = `${quoteValue(name)} is ${now(direction)} another name of the scope ${quoteValue(canonical)}`
        return [{ kind: 'alias', subject: name, message }]
      }
      const before = throughThere(found)
      const isLess = (): boolean =>
        throughOf(asked, direction.allowing, scope).every((permission) => before.has(permission))
      if (found === same || isLess()) return []
      const [was, is] = direction.allowing === 'new' ? [found, scope] : [scope, found]
      const message = `${quoteValue(name)} meant the scope ${quoteValue(was.name)} and now ${quoteValue(is.name)}`
      return [{ kind: 'alias', subject: name, message }]
    })
  })
}
