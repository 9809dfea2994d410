// The names of a compiled file, as the checks of its parts look them up. A part is known once it is checked.
import type { DocumentLevel } from '../document/levels.js'
import type { Fields } from './read-content.js'

/** What can be named in a permission set under one key. */
export interface KnownActions {
  readonly actions: ReadonlySet<string>
  /** From an attribute to its values. */
  readonly attributes: ReadonlyMap<string, readonly unknown[]>
}

export interface KnownResource extends KnownActions {
  readonly org: unknown
  /** By container, whether its objects are in one. */
  readonly in: ReadonlyMap<string, unknown>
  /** By action, all that imply it. */
  readonly implying: ReadonlyMap<string, readonly string[]>
}

export interface Known {
  readonly hasUuids: boolean
  readonly containers: readonly string[]
  readonly levels: readonly DocumentLevel[]
  readonly resources: Map<string, KnownResource>
  /** The actions of any resource. */
  readonly actions: Set<string>
  readonly options: Set<string>
  /** From an option to its values. */
  readonly orgOptions: Map<string, readonly unknown[]>
  /** The roles of the document, by name. */
  readonly roles: Fields
}
