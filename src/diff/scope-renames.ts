// Scopes by the names that two policies have for them: a declared rename, an alias, or a guess by what they let through.
import type { CompiledScope } from '../compile/scopes.js'
import { Groups, hashOf, mostTried, sharedOf } from './rename-groups.js'
import { declaredNames } from './representatives.js'
import type { Comparing } from './role-cases.js'
import { both, type AskedPermission, type OldNew } from './sides.js'
import type { Rename } from './types.js'

/** A scope's name in one policy, and the name that the other has for it; `undefined` where it has none. */
export interface ScopePair {
  readonly name: string
  readonly other: string | undefined
}

/** The scopes to compare, by the policy whose names they are. */
export interface ScopeNames {
  readonly pairs: OldNew<readonly ScopePair[]>
  readonly renamed: readonly Rename[]
}

/**
 * Declared scopes by both names, and the low-level wildcard scopes that may let different permissions through.
 * `changedOnly` leaves out those that are the same in both policies, with their aliases.
 */
export function joinScopes(
  { policies }: Pick<Comparing, 'policies'>,
  asked: readonly AskedPermission[],
  declared: ReadonlyMap<string, string>,
  changedOnly: boolean
): ScopeNames {
  const renamed = renamedScopes({ policies }, asked, declared)
  const others = {
    old: new Map(renamed.map(({ from, to }) => [from, to])),
    new: new Map(renamed.map(({ from, to }) => [to, from]))
  }
  const isSameCatalogue = policies.old.catalogue === policies.new.catalogue
  const wildcards = [...(isSameCatalogue ? [] : policies.new.catalogue.resources.keys())].filter((name) => {
    const old = policies.old.catalogue.resources.get(name)
    const actions = policies.new.catalogue.resources.get(name)?.actions
    return (
      old !== undefined &&
      String([...old.actions.keys()].sort()) !== String([...(actions?.keys() ?? [])].sort())
    )
  })
  return {
    renamed,
    pairs: both((side) => [
      ...declaredNames(policies, side, changedOnly).flatMap(({ name, canonical }): ScopePair[] => {
        const otherSide = side === 'old' ? 'new' : 'old'
        const there = policies[otherSide].scopes
        const isAlias = name !== canonical
        const other = there.find(name) === undefined ? others[side].get(name) : name
        // An alias needs no comparison if it means the same scope in both policies.
        const itself = there.find(others[side].get(canonical) ?? canonical)
        const isKnownOtherwise =
          other === undefined ? side === 'new' || itself === undefined : there.find(other) === itself
        return isAlias && isKnownOtherwise ? [] : [{ name, other }]
      }),
      ...wildcards.map((name) => ({ name: `${name}:*`, other: `${name}:*` }))
    ])
  }
}

function renamedScopes(
  { policies }: Pick<Comparing, 'policies'>,
  asked: readonly AskedPermission[],
  said: ReadonlyMap<string, string>
): Rename[] {
  const [old, current] = [policies.old.scopes, policies.new.scopes]
  const isNew = (name: string): boolean => old.find(name) === undefined
  if (!Object.keys(policies.new.document.scopes ?? {}).some(isNew)) return []
  const shared = sharedOf(asked)
  const declared = both((side) =>
    Object.keys(policies[side].document.scopes ?? {}).flatMap(
      (name) => policies[side].scopes.find(name) ?? []
    )
  )
  const came = declared.new.filter(({ name }) => isNew(name))
  const similar = new Groups<CompiledScope>()
  if (came.length > 0)
    for (const scope of declared.old)
      if (current.find(scope.name) === undefined) similar.add(hashOf(shared, 'old', scope.table), scope)
  const taken = new Set(declared.old.filter(({ name }) => said.has(name)))
  const sources = new Map([...said].map(([from, to]) => [to, from]))
  return came.flatMap(({ name: to, document, table }): Rename[] => {
    const source = sources.get(to)
    if (source !== undefined) return [{ kind: 'scope', from: source, to, isDeclared: true }]
    const isSameScope = (scope: { readonly table: Uint8Array }): boolean =>
      shared.every((one) => scope.table[one.in.old?.index ?? -1] === table[one.in.new?.index ?? -1]) &&
      shared.some((one) => table[one.in.new?.index ?? -1] === 1)
    const aliased = (document?.aliases ?? []).flatMap((alias) => old.find(alias) ?? [])
    const from = [...aliased, ...similar.first(hashOf(shared, 'new', table), taken, mostTried)].find(
      (scope) => !taken.has(scope) && isSameScope(scope)
    )
    if (from === undefined) return []
    taken.add(from)
    return [{ kind: 'scope', from: from.name, to }]
  })
}
