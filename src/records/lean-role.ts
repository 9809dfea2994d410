// A role with only those of its allows that a log needed. It never allows more than the role did, and denies all the
// same: a deny that nobody met may be why nobody tried.
import { compiledOf } from '../compile/compile.js'
import type {
  ActionList,
  ActionsWhere,
  Effects,
  Grants,
  PermissionSet,
  RoleDocument
} from '../document/types.js'
import type { Policy } from '../policy/types/index.js'
import { formatPath, type Path } from '../problems/path.js'
import { isList } from '../problems/plain.js'
import type { Level } from '../types.js'

/** The actions that each line of a role was needed for, by the line's path, then by resource. */
export type Needed = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>

/** A line of a role that allows, or a part of it, that nothing needed. */
export interface UnneededGrant {
  /** The role that it is a grant of. */
  readonly role: string
  /** The level at which it grants. */
  readonly level: Level
  /** Where it is written, as `roles.owner.grants.site.allow.boundary_log`. */
  readonly path: string
  /** The actions of the line that were not needed; absent where none of the line was. */
  readonly actions?: readonly string[]
}

/** What is left of a role, and what is not. */
export interface LeanRole {
  readonly left: RoleDocument
  readonly unneeded: readonly UnneededGrant[]
}

type Entries<T> = readonly (readonly [string, T])[]

export function leanRole(policy: Policy, name: string, role: RoleDocument, needed: Needed): LeanRole {
  const unneeded: UnneededGrant[] = []
  const { variants = [] } = role
  const wildcards = new Set(variants.flatMap(({ grants }) => levelsWithWildcard(grants)))
  const lean = (grants: Grants, at: Path, isVariant: boolean): Grants =>
    mapLevels(grants, (effects, level) => {
      if (effects.allow === undefined) return effects
      const path = [...at, 'grants', level, 'allow']
      const line = (key: string): ReadonlyMap<string, ReadonlySet<string>> =>
        needed.get(formatPath([...path, key])) ?? new Map()
      for (const [key, list] of entriesOf(effects.allow)) {
        const told = unneededOf(list, line(key))
        if (told !== undefined)
          unneeded.push({ role: name, level, path: formatPath([...path, key]), ...told })
      }
      // Keys of a variant's wildcard would stand beside those that the wildcard of the role was resolved to.
      if (wildcards.has(level)) return effects
      const allow = entriesOf(effects.allow).flatMap(([key, list]) => linesOf(policy, key, list, line(key)))
      // A key of a variant replaces that of the role, so it has to stay where it is empty.
      const kept = isVariant ? allow : allow.filter(([, list]) => !isList(list) || list.length > 0)
      return { ...effects, allow: Object.fromEntries(kept) }
    })
  const left = {
    ...role,
    ...(role.grants === undefined ? {} : { grants: lean(role.grants, ['roles', name], false) }),
    ...(role.variants === undefined
      ? {}
      : {
          variants: variants.map((one, i) => ({
            ...one,
            grants: lean(one.grants, ['roles', name, 'variants', i], true)
          }))
        })
  }
  return { left, unneeded }
}

function levelsWithWildcard(grants: Grants): string[] {
  return entriesOf<Effects | undefined>({ ...grants }).flatMap(([level, effects]) =>
    Object.hasOwn(effects?.allow ?? {}, '*') ? [level] : []
  )
}

function mapLevels(grants: Grants, map: (effects: Effects, level: Level) => Effects): Grants {
  return Object.fromEntries(
    entriesOf<Effects | undefined>({ ...grants }).flatMap(([level, effects]) =>
      effects === undefined ? [] : [[level, map(effects, level)]]
    )
  )
}

function entriesOf<T>(record: Readonly<Record<string, T>>): Entries<T> {
  return Object.entries(record)
}

type ByResource = ReadonlyMap<string, ReadonlySet<string>>

/** Which actions of a line were not needed; `{}` for all of it, nothing where all were, or where it names none. */
function unneededOf(list: ActionList, used: ByResource): Pick<UnneededGrant, 'actions'> | undefined {
  const names = namesIn(list)
  if (names?.length === 0) return undefined
  if (used.size === 0) return {}
  const all = new Set([...used.values()].flatMap((actions) => [...actions]))
  const actions = names?.filter((name) => !all.has(name)) ?? []
  return actions.length === 0 ? undefined : { actions }
}

/** The actions that a line names one by one; nothing where it names all of them, or all but some. */
function namesIn(list: ActionList): readonly string[] | undefined {
  if (isList(list))
    return [...new Set(list.flatMap((one) => (typeof one === 'string' ? one : (namesIn(one) ?? []))))]
  if (typeof list === 'string' || 'except' in list) return undefined
  return typeof list.actions === 'string' ? undefined : list.actions
}

/** What is left of a line: that of a wildcard becomes one line for each resource that it was needed for. */
function linesOf(
  policy: Policy,
  key: string,
  list: ActionList,
  used: ByResource
): Entries<PermissionSet[string]> {
  if (key !== '*') return [[key, filtered(policy, key, list, used.get(key))]]
  return [...used].map(
    ([resource, actions]) => [resource, filtered(policy, resource, list, actions)] as const
  )
}

function filtered(
  policy: Policy,
  resource: string,
  list: ActionList,
  used: ReadonlySet<string> = new Set()
): ActionList {
  if (used.size === 0) return []
  // An action that the line names only through others that imply it needs those.
  const implying = compiledOf(policy).catalogue.resources.get(resource)?.implying
  const wanted = new Set([...used].flatMap((action) => [action, ...(implying?.get(action) ?? [])]))
  if (isList(list))
    return list.flatMap<string | ActionsWhere>((one) => {
      if (typeof one === 'string') return wanted.has(one) ? [one] : []
      const actions =
        typeof one.actions === 'string' ? [...used] : one.actions.filter((name) => wanted.has(name))
      return actions.length === 0 ? [] : [{ ...one, actions }]
    })
  if (typeof list === 'string') return [...used]
  if ('except' in list)
    return list.where === undefined ? [...used] : { actions: [...used], where: list.where }
  return {
    ...list,
    actions: typeof list.actions === 'string' ? [...used] : list.actions.filter((name) => wanted.has(name))
  }
}
