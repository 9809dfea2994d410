// Changes that let somebody reach more and that no permission shows: delegations, where objects may be, ACLs, scopes
// that may be requested or are the default, aliases, system subjects. They are found in one direction; in the other
// direction the same functions find what was taken away.
import type { CompiledPolicy } from '../compile/compile.js'
import type { CompiledScope } from '../compile/scopes.js'
import { delegationsOf } from './delegations.js'
import { namesThere, type NameThere } from './renamed-names.js'
import type { OldNew, Direction } from './sides.js'
import type { Rename, Widening } from './types.js'
import { quoteValue } from '../problems/quote.js'
import type { OrgPlacement } from '../types.js'

/** All such changes that the documents show. */
export function wideningsOf(
  policies: OldNew<CompiledPolicy>,
  renamed: readonly Rename[],
  direction: Direction
): Widening[] {
  const nameThere = namesThere(renamed, direction)
  return [
    ...placements(policies, direction),
    ...systems(policies, direction, nameThere),
    ...delegationsOf(policies, direction, nameThere),
    ...publicScopes(policies, direction, nameThere),
    ...defaultScopes(policies, direction, nameThere),
    ...aliases(policies, direction, nameThere)
  ]
}

/** `now` of the new policy, `no longer` of the old one. */
function now({ allowing }: Direction): string {
  return allowing === 'new' ? 'now' : 'no longer'
}

// --- objects --------------------------------------------------------------------------------------------------------

const placesIn: Readonly<Record<OrgPlacement, readonly string[]>> = {
  optional: ['an organization', 'no organization'],
  required: ['an organization'],
  never: ['no organization']
}

function placements(policies: OldNew<CompiledPolicy>, direction: Direction): Widening[] {
  const { allowing, refusing } = direction
  return [...policies[allowing].catalogue.resources.values()].flatMap(({ name, org, acl }): Widening[] => {
    const there = policies[refusing].catalogue.resources.get(name)
    if (there === undefined) return []
    const places = placesIn[org].filter((place) => !placesIn[there.org].includes(place))
    const may = `an object of ${quoteValue(name)} may ${now(direction)}`
    const [before, after] = allowing === 'new' ? [there.org, org] : [org, there.org]
    return [
      ...places.map((place): Widening => {
        const message = `${may} be in ${place}: \`org\` was ${quoteValue(before)} and now ${quoteValue(after)}`
        return { kind: 'placement', subject: name, message }
      }),
      ...(acl && !there.acl ? [{ kind: 'acl', subject: name, message: `${may} have an ACL` } as const] : [])
    ]
  })
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
  { allowing, refusing }: Direction,
  nameThere: NameThere
): Widening[] {
  const [here, there] = [policies[allowing], policies[refusing]]
  const known = scopesNamed(there, there.document.defaultScopes)
  const knownNames = new Set(known.map(({ name }) => name))
  const through = new Set(known.flatMap((scope) => [...throughOf(there, scope)]))
  const added = scopesNamed(here, here.document.defaultScopes).filter(
    (scope) =>
      !knownNames.has(nameThere('scope', scope.name)) &&
      throughOf(here, scope).some((permission) => !through.has(permission))
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

/** The permissions that a scope lets through. */
function throughOf({ catalogue }: CompiledPolicy, { table }: CompiledScope): string[] {
  return catalogue.permissions.flatMap(({ name, index }) => (table[index] === 1 ? [name] : []))
}

/** Names that mean a scope here, but nothing or a scope that lets less through there. */
function aliases(policies: OldNew<CompiledPolicy>, direction: Direction, nameThere: NameThere): Widening[] {
  const [here, there] = [policies[direction.allowing], policies[direction.refusing]]
  const through = new Map<CompiledScope, ReadonlySet<string>>()
  const throughThere = (scope: CompiledScope): ReadonlySet<string> => {
    const cached = through.get(scope) ?? new Set(throughOf(there, scope))
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
      if (found === same || throughOf(here, scope).every((permission) => before.has(permission))) return []
      const [was, is] = direction.allowing === 'new' ? [found, scope] : [scope, found]
      const message = `${quoteValue(name)} meant the scope ${quoteValue(was.name)} and now ${quoteValue(is.name)}`
      return [{ kind: 'alias', subject: name, message }]
    })
  })
}
