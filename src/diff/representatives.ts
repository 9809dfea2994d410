// Where only the answer counts and not who shows it, one role stands for all that neither policy changed and that have
// the same votes: a set of roles that shows a difference shows it with any of them. Two of them held together are as
// one, since their votes are united by OR.
import type { CompiledPolicy } from '../compile/compile.js'
import { OverlaidMap } from '../compile/overlaid-map.js'
import { Remembered } from '../compile/remembered.js'
import { listCustomRoles, listRoles, type RoleIndex } from '../compile/role-index.js'
import type { CompiledRole } from '../compile/roles.js'
import { both, type AskedPermission, type OldNew, type Side } from './sides.js'

/** Past this many permissions, roles are hardly alike in all of them. */
const mostAsked = 64
/** For how many sets of permissions the groups of roles are kept. */
const mostKept = 16

/** Shared roles that are alike, by what they are compared by; kept for comparisons of one policy with many others. */
export class Likeness {
  readonly #groups = new Remembered<readonly (readonly CompiledRole[])[]>(mostKept)
  #shipped: RoleIndex['shipped'] | undefined

  /**
   * The roles of each policy that have to be compared: those that differ, and of those that both policies share and that
   * are alike about all permissions, the first. All of them where none may stand for another.
   */
  representatives(
    policies: OldNew<CompiledPolicy>,
    asked: readonly AskedPermission[]
  ): OldNew<readonly CompiledRole[]> {
    const indexes = indexesOf(asked)
    if (indexes === undefined) return both((side) => listRoles(policies[side].roles))
    const shipped = both((side) => policies[side].roles.shipped)
    const custom = both((side) => listCustomRoles(policies[side].roles))
    const changes = OverlaidMap.changesIn(shipped.new, shipped.old)
    const sharedCustom = new Set(custom.old)
    const isShared = (role: CompiledRole): boolean =>
      role.isCustom ? sharedCustom.has(role) : shipped.old.get(role.name) === role
    const groups =
      changes === undefined
        ? groupsOf(listRoles(policies.new.roles).filter(isShared), indexes)
        : [...this.#groupsOf(shipped.old, indexes), ...groupsOf(custom.new.filter(isShared), indexes)]
    const isChanged = ({ name, isCustom }: CompiledRole): boolean => !isCustom && changes?.has(name) === true
    const shared = groups.flatMap((group) => group.find((role) => !isChanged(role)) ?? [])
    const differing = both((side) => [
      ...(changes === undefined
        ? [...shipped[side].values()].filter(
            (role) => shipped.old.get(role.name) !== shipped.new.get(role.name)
          )
        : [...changes.keys()].flatMap((name) => shipped[side].get(name) ?? [])),
      ...custom[side].filter((role) => !isShared(role))
    ])
    return { old: differing.old, new: [...shared, ...differing.new] }
  }

  #groupsOf(shipped: RoleIndex['shipped'], indexes: readonly number[]): readonly (readonly CompiledRole[])[] {
    if (this.#shipped !== shipped) this.#groups.clear()
    this.#shipped = shipped
    const key = indexes.join()
    return this.#groups.get(key) ?? this.#groups.add(key, groupsOf([...shipped.values()], indexes))
  }
}

/** Where roles have to be alike; `undefined` where the policies number the permissions differently. */
function indexesOf(asked: readonly AskedPermission[]): readonly number[] | undefined {
  if (asked.length > mostAsked) return undefined
  const indexes = new Set<number>()
  for (const { in: found, gates } of asked) {
    if (found.old === undefined || found.old.index !== found.new?.index) return undefined
    if (gates.old?.index !== gates.new?.index) return undefined
    indexes.add(found.old.index)
    if (gates.old !== undefined) indexes.add(gates.old.index)
  }
  return [...indexes]
}

function groupsOf(
  roles: readonly CompiledRole[],
  indexes: readonly number[]
): readonly (readonly CompiledRole[])[] {
  const groups: CompiledRole[][] = []
  const byKey = new Map<string, CompiledRole[]>()
  for (const role of roles) {
    const key = likenessOf(role, indexes)
    const group = key === undefined ? undefined : byKey.get(key)
    if (group !== undefined) group.push(role)
    else {
      groups.push([role])
      if (key !== undefined) byKey.set(key, groups.at(-1) ?? [])
    }
  }
  return groups
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
  const { scopes: others = {} } = policies[side === 'old' ? 'new' : 'old'].document
  const isShared = changedOnly && policies.old.catalogue === policies.new.catalogue
  return Object.entries(scopes)
    .filter(([name, scope]) => !isShared || others[name] !== scope || !Object.hasOwn(others, name))
    .flatMap(([name, { aliases = [] }]) => [name, ...aliases].map((one) => ({ name: one, canonical: name })))
}

/** Equal for roles that one may stand for; none for a role that depends on options. */
function likenessOf(role: CompiledRole, indexes: readonly number[]): string | undefined {
  const { kind, place, document } = role
  const { variants = [], includes = [] } = document
  // What is included may have changed, or depend on options.
  if (variants.length > 0 || includes.length > 0) return undefined
  // Without variants it reads no setting.
  const { table, reachesSite } = role.byDefault ?? role.under([])
  let key = `${kind} ${place === undefined ? '' : JSON.stringify(place)} ${reachesSite ? 1 : 0}`
  for (const index of indexes) key += ` ${table[index] ?? 0}`
  return key
}
