// What written lines tell apart of permissions that are added to the catalogue: the actions that the key `'*'` names,
// and the attributes that conditions name. All other names are those of present actions of one resource.
import type { Catalogue } from '../compile/catalogue.js'
import { partsOf, type WrittenSet } from '../compile/permission-set.js'
import type { PermissionSet } from '../document/types.js'

export interface WrittenNames {
  /** The actions that lines of the key `'*'` name. */
  readonly actions: ReadonlySet<string>
  /** By resource, the attributes that its lines have conditions on; under `'*'` there are none. */
  readonly attributes: ReadonlyMap<string, ReadonlySet<string>>
}

export function namesIn(sets: Iterable<PermissionSet | undefined>): WrittenNames {
  const actions = new Set<string>()
  const attributes = new Map<string, Set<string>>()
  for (const set of sets)
    for (const [key, list] of Object.entries(set ?? {}))
      for (const { names, where } of partsOf(list)) {
        if (key === '*' && names !== '*') for (const action of names) actions.add(action)
        for (const attribute of Object.keys(where ?? {}))
          attributes.set(key, (attributes.get(key) ?? new Set()).add(attribute))
      }
  return { actions, attributes }
}

/** The names of both; `undefined` where the second has none that the first lacks. */
export function joinNames(some: WrittenNames, more: WrittenNames): WrittenNames | undefined {
  const actions = new Set([...some.actions, ...more.actions])
  const attributes = new Map(some.attributes)
  let isMore = actions.size > some.actions.size
  for (const [resource, names] of more.attributes) {
    const before = attributes.get(resource)
    const all = new Set([...(before ?? []), ...names])
    if (all.size > (before?.size ?? 0)) isMore = true
    attributes.set(resource, all)
  }
  return isMore ? { actions, attributes } : undefined
}

/**
 * Whether a set may also include permissions that are added to the catalogue later: by a wildcard, or a list for a
 * resource whose objects may get a further value of an attribute or whose actions may come to imply more.
 */
export function isOpen(written: WrittenSet, { resources }: Catalogue): boolean {
  for (const { key, parts } of written.values()) {
    if (key === '*' || parts.some(({ names, isExcept }) => names === '*' || isExcept)) return true
    const resource = resources.get(key)
    if (resource !== undefined && resource.attributes.length + resource.implying.size > 0) return true
  }
  return false
}
