// Names that went and names that came with the same grants: compared as one, so that whatever else differs between the
// two is still reported. One name stands for one other, and only where both say the same about everything they share.
import type { Cast, Comparing, Holding } from './casts.js'
import { castHolding, isSaidAlike, votesOf } from './casts.js'
import { both, type Asked, type Both, type Side } from './sides.js'
import type { Rename } from './types.js'

/** Holdings with the renamed ones joined, and their casts. */
export interface RenamedHoldings {
  readonly holdings: readonly Holding[]
  readonly casts: readonly (readonly Cast[])[]
  readonly renamed: readonly Rename[]
}

export function joinHoldings(
  comparing: Comparing,
  holdings: readonly Holding[],
  asked: readonly Asked[]
): RenamedHoldings {
  const gone = holdings.filter(({ roles }) => roles.new === undefined)
  const renamed: Rename[] = []
  const joined = holdings.flatMap((holding) => {
    if (holding.roles.old !== undefined) return [holding]
    const written = JSON.stringify(holding.roles.new?.document)
    const isWrittenSo = ({ roles }: Holding): boolean => JSON.stringify(roles.old?.document) === written
    // Of several that say the same, first the one that is written the same.
    for (const one of [...gone.filter(isWrittenSo), ...gone.filter((other) => !isWrittenSo(other))]) {
      const { kind, place, names, roles } = one
      if (kind !== holding.kind || place !== holding.place) continue
      const whole: Holding = {
        ...holding,
        names: { old: names.old, new: holding.names.new },
        roles: { old: roles.old, new: holding.roles.new }
      }
      if (!isSame(castHolding(comparing, whole), asked)) continue
      gone.splice(gone.indexOf(one), 1)
      const org = place === undefined ? {} : { org: place }
      renamed.push({ kind: 'role', from: names.old, to: holding.names.new, ...org })
      return [whole]
    }
    return [holding]
  })
  const left = joined.filter((holding) => holding.roles.new !== undefined || gone.includes(holding))
  return { holdings: left, casts: left.map((holding) => castHolding(comparing, holding)), renamed }
}

/** Whether a role says something in both policies, and the same about every permission that both have. */
function isSame(casts: readonly Cast[], asked: readonly Asked[]): boolean {
  const shared = asked.filter((one) => one.in.old !== undefined && one.in.new !== undefined)
  return (
    casts.every((cast) => shared.every((one) => isSaidAlike(cast, one))) &&
    casts.some((cast) => shared.some((one) => votesOf(cast, one).new !== 0))
  )
}

/** System subjects by both names, and those of them that were renamed. */
export function joinSystems(
  { engines }: Pick<Comparing, 'engines'>,
  asked: readonly Asked[]
): { readonly systems: readonly Both<string>[]; readonly renamed: readonly Rename[] } {
  const names = both((side) => [...engines[side].systemSubjects.keys()])
  const gone = new Set(names.old.filter((name) => !engines.new.systemSubjects.has(name)))
  const renamed: Rename[] = []
  const systems = names.new.map((to): Both<string> => {
    if (engines.old.systemSubjects.has(to)) return { old: to, new: to }
    const from = [...gone].find((name) => isSameSystem({ engines }, { old: name, new: to }, asked))
    if (from === undefined) return { old: to, new: to }
    gone.delete(from)
    renamed.push({ kind: 'system', from, to })
    return { old: from, new: to }
  })
  return { systems: [...systems, ...[...gone].map((name) => ({ old: name, new: name }))], renamed }
}

function isSameSystem(
  { engines }: Pick<Comparing, 'engines'>,
  names: Both<string>,
  asked: readonly Asked[]
): boolean {
  const found = both((side) => engines[side].systemSubjects.get(names[side]))
  const vote = (side: Side, one: Asked): number => found[side]?.ballot.table[one.in[side]?.index ?? -1] ?? 0
  const shared = asked.filter((one) => one.in.old !== undefined && one.in.new !== undefined)
  return (
    (found.old?.document.id ?? '') === (found.new?.document.id ?? '') &&
    shared.every((one) => vote('old', one) === vote('new', one)) &&
    shared.some((one) => vote('new', one) !== 0)
  )
}

/** A scope's name in one policy, and the name that the other has for it; `undefined` where it has none. */
export interface ScopePair {
  readonly name: string
  readonly other: string | undefined
}

/** The scopes to compare, by the policy whose names they are. */
export interface ScopeNames {
  readonly pairs: Both<readonly ScopePair[]>
  readonly renamed: readonly Rename[]
}

/** Declared scopes by both names, with those low-level ones that may let different permissions through. */
export function joinScopes({ engines }: Pick<Comparing, 'engines'>, asked: readonly Asked[]): ScopeNames {
  const renamed = renamedScopes({ engines }, asked)
  const others = {
    old: new Map(renamed.map(({ from, to }) => [from, to])),
    new: new Map(renamed.map(({ from, to }) => [to, from]))
  }
  const wildcards = [...engines.new.catalogue.resources.keys()].filter((name) => {
    const old = engines.old.catalogue.resources.get(name)
    const actions = engines.new.catalogue.resources.get(name)?.actions
    return (
      old !== undefined &&
      String([...old.actions.keys()].sort()) !== String([...(actions?.keys() ?? [])].sort())
    )
  })
  return {
    renamed,
    pairs: both((side) => [
      ...declaredNames(engines[side].scopes.list()).flatMap(({ name, canonical }): ScopePair[] => {
        const otherSide = side === 'old' ? 'new' : 'old'
        const there = engines[otherSide].scopes
        const isAlias = name !== canonical
        const other = there.find(name) === undefined ? others[side].get(name) : name
        // Another name for a scope that is compared under its own.
        const itself = there.find(others[side].get(canonical) ?? canonical)
        const isKnownOtherwise =
          other === undefined ? side === 'new' || itself === undefined : there.find(other) === itself
        return isAlias && isKnownOtherwise ? [] : [{ name, other }]
      }),
      ...wildcards.map((name) => ({ name: `${name}:*`, other: `${name}:*` }))
    ])
  }
}

function declaredNames(
  scopes: readonly {
    readonly name: string
    readonly document: { readonly aliases?: readonly string[] | undefined } | undefined
  }[]
): { name: string; canonical: string }[] {
  return scopes.flatMap(({ name, document }) =>
    document === undefined
      ? []
      : [name, ...(document.aliases ?? [])].map((one) => ({ name: one, canonical: name }))
  )
}

function renamedScopes({ engines }: Pick<Comparing, 'engines'>, asked: readonly Asked[]): Rename[] {
  const [old, current] = [engines.old.scopes, engines.new.scopes]
  const shared = asked.filter((one) => one.in.old !== undefined && one.in.new !== undefined)
  const taken = new Set<string>()
  const gone = old
    .list()
    .filter(({ document, name }) => document !== undefined && current.find(name) === undefined)
  return current.list().flatMap(({ name: to, document, table }): Rename[] => {
    if (document === undefined || old.find(to) !== undefined) return []
    const aliased = (document.aliases ?? []).flatMap((alias) => old.find(alias) ?? [])
    const isSameScope = (scope: { readonly table: Uint8Array }): boolean =>
      shared.every((one) => scope.table[one.in.old?.index ?? -1] === table[one.in.new?.index ?? -1]) &&
      shared.some((one) => table[one.in.new?.index ?? -1] === 1)
    const from = [...aliased, ...gone].find((scope) => !taken.has(scope.name) && isSameScope(scope))
    if (from === undefined) return []
    taken.add(from.name)
    return [{ kind: 'scope', from: from.name, to }]
  })
}
