// Resources and actions → numbered permissions. Numbers run in catalogue order (resources, then their actions), so
// a table over permissions is one byte array. A question about anything else is an error.
import type { PolicyData } from '../document/types.js'
import { nameClass } from '../named-class.js'
import type { OrgPlacement } from '../types.js'

/** A resource of the compiled policy. */
export interface Resource {
  readonly name: string
  readonly description: string | undefined
  /** Whether its objects live in an organization. */
  readonly org: OrgPlacement
  /** Whether its objects may carry an ACL. */
  readonly acl: boolean
  /** By action, in catalogue order. */
  readonly actions: ReadonlyMap<string, Permission>
}

/** A permission resolved once, for `can(permission, object)`. It belongs to the policies of one catalogue. */
export interface Permission<R extends string = string, A extends string = string> {
  /** `resource:action`. */
  readonly name: string
  /** Only the action. */
  readonly action: A
  /** Only the resource. */
  readonly resource: R
  /** Its number in catalogue order, from 0. */
  readonly index: number
}

/** A permission as the tables know it. */
export interface CompiledPermission extends Permission {
  readonly definition: Resource
}

/** Under this key a permission says which catalogue it is of. */
export const catalogueSignature: unique symbol = Symbol.for('casemate.catalogue')

/** A permission as callers get it: it has no reference to the tables. Frozen. */
class GivenPermission implements Permission {
  static {
    nameClass(this, 'Permission')
  }

  readonly name: string
  readonly action: string
  readonly resource: string
  readonly index: number

  constructor({ name, action, resource, index }: CompiledPermission, signature: string) {
    this.name = name
    this.action = action
    this.resource = resource
    this.index = index
    // Not enumerable, so that printed permissions do not show it.
    Object.defineProperty(this, catalogueSignature, { value: signature })
    Object.freeze(this)
  }
}

export interface CompiledResource extends Resource {
  readonly actions: ReadonlyMap<string, CompiledPermission>
}

export interface Catalogue {
  readonly resources: ReadonlyMap<string, CompiledResource>
  /** By number. */
  readonly permissions: readonly CompiledPermission[]
  /** The same, as callers get them. */
  readonly given: readonly Permission[]
  /** From resource and action to a permission's number, by two lookups that a processor can do at the same time. */
  readonly grid: Grid
  /** Equal for catalogues with the same resources, actions, placements and ACLs in the same order. */
  readonly signature: string
}

/** A row for each resource, a column for each action that any resource has. */
export interface Grid {
  readonly rows: ReadonlyMap<string, number>
  readonly columns: ReadonlyMap<string, number>
  /** The number of the permission in a row and a column, at `row * columns.size + column`; -1 where there is none. */
  readonly cells: Int32Array
  /** By permission number, 1 where objects may be in an organization or in none, and 0 where that has to be checked. */
  readonly orgOptional: Uint8Array
}

export function compileCatalogue(document: Pick<PolicyData, 'resources'>): Catalogue {
  const resources = new Map<string, CompiledResource>()
  const permissions: CompiledPermission[] = []
  const signature = JSON.stringify(
    Object.entries(document.resources).map(([name, r]) => [
      name,
      r.org ?? 'optional',
      r.acl === true,
      Object.keys(r.actions)
    ])
  )
  const given: Permission[] = []
  for (const [name, declared] of Object.entries(document.resources)) {
    const actions = new Map<string, CompiledPermission>()
    const resource: CompiledResource = Object.freeze({
      name,
      description: declared.description,
      org: declared.org ?? 'optional',
      acl: declared.acl === true,
      actions
    })
    resources.set(name, resource)
    for (const action of Object.keys(declared.actions)) {
      const index = permissions.length
      const permission = Object.freeze({
        name: `${name}:${action}`,
        action,
        resource: name,
        index,
        definition: resource,
        [catalogueSignature]: signature
      })
      permissions.push(permission)
      given.push(new GivenPermission(permission, signature))
      actions.set(action, permission)
    }
  }
  return Object.freeze({ resources, permissions, given, grid: layOut(document), signature })
}

function layOut({ resources }: Pick<PolicyData, 'resources'>): Grid {
  const declared = Object.values(resources)
  const names = new Set(declared.flatMap(({ actions }) => Object.keys(actions)))
  const rows = new Map(Object.keys(resources).map((name, row) => [name, row]))
  const columns = new Map([...names].map((name, column) => [name, column]))
  const cells = new Int32Array(rows.size * columns.size).fill(-1)
  const orgOptional: number[] = []
  for (const [row, { actions, org = 'optional' }] of declared.entries())
    for (const action of Object.keys(actions)) {
      cells[row * columns.size + (columns.get(action) ?? 0)] = orgOptional.length
      orgOptional.push(org === 'optional' ? 1 : 0)
    }
  return { rows, columns, cells, orgOptional: Uint8Array.from(orgOptional) }
}
