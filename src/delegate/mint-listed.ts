// The ids that matter when a key is compared with its minter: those that some list names, and one for all others.
import { listMatches, type AllowList } from '../request/allow-list.js'
import type { Ceiling } from '../request/ceiling.js'
import { listedIds } from '../decide/ceilings.js'

/**
 * The ids of a type that both a list and the key's own list admit, in the order in which the ceilings name them. First
 * `undefined`, if admitted: it stands for every id that no list names.
 */
export type Listed = (type: string, list: AllowList | undefined) => readonly (string | undefined)[]

export function createListed(ceilings: readonly Ceiling[], keyList: AllowList | undefined): Listed {
  const placesByType = new Map<string, ReadonlyMap<string | undefined, number>>()
  const placesOf = (type: string): ReadonlyMap<string | undefined, number> => {
    const ids =
      placesByType.get(type) ??
      new Map(
        [undefined, ...listedIds(ceilings, type)].map((id, place): [string | undefined, number] => [
          id,
          place
        ])
      )
    placesByType.set(type, ids)
    return ids
  }
  return (type, list) => {
    const places = placesOf(type)
    const isListed = (id: string | undefined): boolean => isIn(list, type, id) && isIn(keyList, type, id)
    // A list without `*` names all ids that it admits, often few of the thousand that other lists name.
    const naming = [list, keyList].find((one) => one !== undefined && !listMatches(one, type, undefined))
    if (naming === undefined) return [...places.keys()].filter(isListed)
    return idsIn(naming, type)
      .filter(isListed)
      .sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0))
  }
}

function isIn(list: AllowList | undefined, type: string, id: string | undefined): boolean {
  return list === undefined || listMatches(list, type, id)
}

function idsIn({ ids }: AllowList, type: string): string[] {
  return [...new Set([...(ids.get(type) ?? []), ...(ids.get('*') ?? [])])]
}
