// What guesses of renames share: names in groups by what they say, and the hash that makes the groups.
import type { AskedPermission, Side } from './sides.js'

/** How many removed names are tried for one new name, if none is written the same. */
export const mostTried = 8

/** Things in order by a key that has to be equal; those already taken are skipped. */
export class Groups<T> {
  readonly #groups = new Map<string, { readonly all: T[]; start: number }>()

  add(key: string, one: T): void {
    const group = this.#groups.get(key)
    if (group === undefined) this.#groups.set(key, { all: [one], start: 0 })
    else group.all.push(one)
  }

  first(key: string, taken: ReadonlySet<T>, most: number): T[] {
    const group = this.#groups.get(key)
    const found: T[] = []
    if (group === undefined) return found
    for (let index = group.start; index < group.all.length && found.length < most; index++) {
      const one = group.all[index]
      if (one === undefined) continue
      if (!taken.has(one)) found.push(one)
      // A taken one is never free again, so the search can start after it.
      else if (index === group.start) group.start++
    }
    return found
  }
}

/** The permissions that both policies have. */
export function sharedOf(asked: readonly AskedPermission[]): readonly AskedPermission[] {
  return asked.filter((one) => one.in.old !== undefined && one.in.new !== undefined)
}

/** A hash of a table: equal for equal tables, and hardly ever for others. */
export function hashOf(
  shared: readonly AskedPermission[],
  side: Side,
  table: Uint8Array | undefined
): string {
  let [one, other] = [0x811c9dc5, 0x9e3779b9]
  for (const { in: permissions } of shared) {
    const byte = table?.[permissions[side]?.index ?? -1] ?? 0
    one = Math.imul(one ^ byte, 0x01000193)
    other = Math.imul(other ^ (byte + 1), 0x85ebca6b) ^ (other >>> 13)
  }
  return `${one >>> 0} ${other >>> 0}`
}
