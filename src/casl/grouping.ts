// Permissions by what they have in common, in the order in which it first came up.
import type { CompiledPermission } from '../compile/catalogue.js'

export class Grouping<T> {
  readonly #groups = new Map<string, readonly [common: T, permissions: CompiledPermission[]]>()

  /**
   * Adds a permission to the group of a key; `common` counts where the group is new. A permission is in a group once, if
   * it is added with all its keys before the next one.
   */
  add(key: string, common: T, permission: CompiledPermission): void {
    const group = this.#groups.get(key)
    if (group === undefined) this.#groups.set(key, [common, [permission]])
    else if (group[1].at(-1) !== permission) group[1].push(permission)
  }

  groups(): Iterable<readonly [common: T, permissions: readonly CompiledPermission[]]> {
    return this.#groups.values()
  }
}
