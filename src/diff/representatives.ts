// Where only the answer counts and not who shows it, one role stands for all that neither policy changed and that have
// the same votes: a set of roles that shows a difference shows it with any of them. Two of them held together are as
// one, since their votes are united by OR.
import type { Holding } from './role-cases.js'
import type { AskedPermission, OldNew, Side } from './sides.js'
import type { CompiledPolicy } from '../compile/compile.js'

/** Past this many permissions, roles are hardly alike in all of them. */
const mostAsked = 64

/** The holdings without those that a holding before them stands for. */
export function representatives(
  holdings: readonly Holding[],
  asked: readonly AskedPermission[]
): readonly Holding[] {
  if (asked.length > mostAsked) return holdings
  const indexes: number[] = []
  for (const { in: found, gates } of asked) {
    if (found.old === undefined || found.old.index !== found.new?.index) return holdings
    if (gates.old?.index !== gates.new?.index) return holdings
    indexes.push(found.old.index, gates.old?.index ?? found.old.index)
  }
  const seen = new Set<string>()
  return holdings.filter((holding) => {
    const key = likenessOf(holding, indexes)
    if (key === undefined) return true
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/**
 * Whether a scope or template is the same in both policies, down to its document. A key with it only narrows what roles
 * and ACLs allow, so if it lets something new through, somebody without a key is newly allowed it too.
 */
export function isUnchangedScope(
  { old, new: current }: OldNew<CompiledPolicy>,
  kind: 'scopes' | 'scopeTemplates',
  name: string
): boolean {
  if (old.catalogue !== current.catalogue) return false
  const [before, after] = [old.document[kind] ?? {}, current.document[kind] ?? {}]
  return Object.hasOwn(before, name) && Object.hasOwn(after, name) && before[name] === after[name]
}

/** The names of system subjects; with `changedOnly` without those that are the same in both policies. */
export function changedSystems(
  { old, new: current }: OldNew<CompiledPolicy>,
  side: Side,
  changedOnly: boolean
): string[] {
  const names = [...(side === 'old' ? old : current).systemSubjects.keys()]
  if (!changedOnly || old.catalogue !== current.catalogue) return names
  return names.filter((name) => old.systemSubjects.get(name) !== current.systemSubjects.get(name))
}

/** Declared scopes by each of their names; with `changedOnly` without those that are the same in both policies. */
export function declaredNames(
  policies: OldNew<CompiledPolicy>,
  side: Side,
  changedOnly: boolean
): { name: string; canonical: string }[] {
  const { scopes = {} } = policies[side].document
  return Object.keys(scopes)
    .filter((name) => !changedOnly || !isUnchangedScope(policies, 'scopes', name))
    .flatMap((name) =>
      [name, ...(scopes[name]?.aliases ?? [])].map((one) => ({ name: one, canonical: name }))
    )
}

/** Equal for roles that one may stand for; none for a role that changed or that depends on options. */
function likenessOf({ kind, place, roles }: Holding, indexes: readonly number[]): string | undefined {
  const { old: role, new: current } = roles
  if (role === undefined || role !== current) return undefined
  const { variants = [], includes = [] } = role.document
  // What is included may have changed, or depend on options.
  if (variants.length > 0 || includes.length > 0) return undefined
  const { table, reachesSite } = role.under([])
  const votes = indexes.map((index) => table[index]).join()
  return `${kind} ${place === undefined ? '' : JSON.stringify(place)} ${String(reachesSite)} ${votes}`
}
