// Resources and actions → numbered permissions. Numbers run in catalogue order (resources, then their actions), so
// a table over permissions is one byte array. An action of a resource with attributes is one permission for each
// combination of their values. A question about anything else is an error.
import type { PolicyData, ResourceDocument } from '../document/types.js'
import { nameClass } from '../named-class.js'
import type { OrgPlacement } from '../types.js'
import { compileAcl, type CompiledAcl } from './acl-settings.js'
import { combinationsOf, compileAttributes, type Combination, type CompiledAttribute } from './attributes.js'
import { implyingActions } from './implied.js'
import { fieldsOfRows, formOf, type FieldsOfRows } from './row-fields.js'

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

/** A permission as the tables know it: an action on the objects of a resource that have certain attributes. */
export interface CompiledPermission extends Permission {
  readonly definition: CompiledResource
  /** What its objects have; empty where the resource has no attributes. */
  readonly attributes: Combination
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
  /** By action, the permission of the first combination of attributes. */
  readonly actions: ReadonlyMap<string, CompiledPermission>
  /** Every permission, by number: for each combination of attributes, one for each action. */
  readonly permissions: readonly CompiledPermission[]
  /** Its attributes; the numbers of two permissions of one action differ by the count of actions at least. */
  readonly attributes: readonly CompiledAttribute[]
  /** By the number of a container, whether its objects are in one. */
  readonly places: readonly OrgPlacement[]
  /** What entries of its ACLs say and beat. */
  readonly sharing: CompiledAcl
  /** By action, all that imply it; none where the document has no `implies`. */
  readonly implying: ReadonlyMap<string, readonly string[]>
}

export interface Catalogue {
  readonly resources: ReadonlyMap<string, CompiledResource>
  /** By number. */
  readonly permissions: readonly CompiledPermission[]
  /** The same, as callers get them; for further combinations of attributes, the one of the first. */
  readonly given: readonly Permission[]
  /** The names of the containers, in the order in which their levels are asked. */
  readonly containers: readonly string[]
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
  /** By permission number, what its objects may have (`formOf`). */
  readonly forms: Uint16Array
  readonly fields: FieldsOfRows
}

type Source = Pick<PolicyData, 'resources' | 'containers'>

export function compileCatalogue(document: Source): Catalogue {
  const resources = new Map<string, CompiledResource>()
  const permissions: CompiledPermission[] = []
  const given: Permission[] = []
  // As keys of a record, names are the very texts that rows have as keys: a field is found sooner by those.
  const containers = Object.keys(
    Object.fromEntries((document.containers ?? []).map(({ name }) => [name, true]))
  )
  const signature = signatureOf(document)
  for (const [name, declared] of Object.entries(document.resources)) {
    const resource = compileResource(name, declared, containers, permissions.length, signature)
    resources.set(name, resource)
    for (const permission of resource.permissions) {
      permissions.push(permission)
      const first = resource.actions.get(permission.action)
      given.push(
        first === permission
          ? new GivenPermission(permission, signature)
          : (given[first?.index ?? 0] ?? permission)
      )
    }
  }
  const grid = layOut(resources)
  return Object.freeze({
    resources,
    permissions,
    given,
    containers: Object.freeze(containers),
    grid,
    signature
  })
}

/** One resource, whose permissions are numbered from `first`. */
export function compileResource(
  name: string,
  declared: ResourceDocument,
  containers: readonly string[],
  first: number,
  signature: string
): CompiledResource {
  const actions = new Map<string, CompiledPermission>()
  const permissions: CompiledPermission[] = []
  const attributes = compileAttributes(declared.attributes)
  const implying = implyingActions(declared.implies)
  const resource: CompiledResource = Object.freeze({
    name,
    description: declared.description,
    org: declared.org ?? 'optional',
    acl: declared.acl !== undefined && declared.acl !== false,
    actions,
    permissions,
    attributes,
    places: containers.map((container) => declared.in?.[container] ?? 'never'),
    sharing: compileAcl(declared, implying),
    implying
  })
  for (const combination of combinationsOf(attributes))
    for (const action of Object.keys(declared.actions)) {
      const permission = Object.freeze({
        name: `${name}:${action}`,
        action,
        resource: name,
        index: first + permissions.length,
        definition: resource,
        attributes: combination,
        [catalogueSignature]: signature
      })
      permissions.push(permission)
      if (!actions.has(action)) actions.set(action, permission)
    }
  return resource
}

/** What roles must allow on an object for an ACL entry to grant a permission on it; often nothing. */
export function requiredFor({ definition, attributes }: CompiledPermission): CompiledPermission | undefined {
  const { requires } = definition.sharing
  if (requires === undefined) return undefined
  return definition.permissions.find((one) => one.action === requires && one.attributes === attributes)
}

/** What an equal catalogue has equal; the parts that a document does not have leave no trace. */
function signatureOf({ resources, containers = [] }: Source): string {
  const described = Object.entries(resources).map(([name, declared]) => {
    const { org = 'optional', acl, actions, attributes, implies, in: places } = declared
    // Without the descriptions: a compiled file has none, and permissions of its policy are the same.
    const values =
      attributes &&
      Object.entries(attributes).map(([key, { values, default: usual }]) => [key, values, usual])
    const further = [values, implies, places, typeof acl === 'object' ? acl : undefined]
    return [
      name,
      org,
      acl !== undefined && acl !== false,
      Object.keys(actions),
      ...(further.some((part) => part !== undefined) ? further.map((part) => part ?? null) : [])
    ]
  })
  const names = containers.map(({ name }) => name)
  return JSON.stringify(names.length === 0 ? described : [names, described])
}

function layOut(resources: ReadonlyMap<string, CompiledResource>): Grid {
  const declared = [...resources.values()]
  const names = new Set(declared.flatMap(({ actions }) => [...actions.keys()]))
  const rows = new Map([...resources.keys()].map((name, row) => [name, row]))
  const columns = new Map([...names].map((name, column) => [name, column]))
  const cells = new Int32Array(rows.size * columns.size).fill(-1)
  const fields = fieldsOfRows(declared)
  const forms: number[] = []
  for (const [row, { actions, permissions, attributes, org, places }] of declared.entries()) {
    for (const [action, { index }] of actions) cells[row * columns.size + (columns.get(action) ?? 0)] = index
    const form = formOf(org, places, attributes, fields.names)
    for (let i = 0; i < permissions.length; i++) forms.push(form)
  }
  return { rows, columns, cells, forms: Uint16Array.from(forms), fields }
}
