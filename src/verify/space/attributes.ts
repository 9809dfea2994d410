// Which attributes of objects make a difference. A grant asks for attributes one by one: each has to have one of the
// values that its `where` gives. So two values of an attribute, of which every `where` has both or neither, cannot be
// told apart, whatever the other attributes are, and a statement that is checked for one of them is checked for both.
import type { CompiledPermission, CompiledResource } from '../../compile/catalogue.js'
import { partOf } from '../../compile/attributes.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { partsOf } from '../../compile/permission-set.js'
import { listRoles } from '../../compile/role-index.js'
import type { Grants, PermissionSet, Where } from '../../document/types.js'
import type { AttributeValue } from '../../types.js'

/** What is asked of objects' attributes, by several statements: of each the values that it names. */
export type Conditions = readonly Where[]

/**
 * One permission for each kind of attributes that the policy can tell apart: of an action of a resource. Those that
 * differ least from what an object has by default come first; an action that the resource lacks has none. Of values
 * that cannot be told apart the default stands for the others, else the first. What `asked` names is told apart too.
 */
export function permissionsToldApart(
  compiled: CompiledPolicy,
  resource: CompiledResource,
  action: string,
  asked: Conditions = noConditions
): readonly CompiledPermission[] {
  const first = resource.actions.get(action)
  if (first === undefined) return []
  if (resource.attributes.length === 0) return [first]
  const standing = standingValues(compiled, resource, asked)
  const chosen = resource.permissions.filter(
    (one) =>
      one.action === action &&
      [...one.attributes].every(([name, value]) => standing.get(name)?.get(value) === value)
  )
  return chosen.sort((a, b) => deviations(a) - deviations(b))
}

/** The permission that stands for this one among those that are told apart. */
export function standingFor(
  compiled: CompiledPolicy,
  permission: CompiledPermission,
  asked: Conditions = noConditions
): CompiledPermission {
  const { definition: resource, action, attributes } = permission
  if (resource.attributes.length === 0) return permission
  const standing = standingValues(compiled, resource, asked)
  let number = 0
  for (const attribute of resource.attributes) {
    const value = attributes.get(attribute.name)
    const stands = value === undefined ? undefined : standing.get(attribute.name)?.get(value)
    number += partOf(attribute, stands) ?? 0
  }
  // The permissions of one combination stand together, in the order of the actions.
  const place = [...resource.actions.keys()].indexOf(action)
  return resource.permissions[number * resource.actions.size + place] ?? permission
}

/**
 * Every condition on one attribute of a resource that the policy has anywhere, each once; of another policy they can be
 * asked about this one.
 */
export function conditionsOn(compiled: CompiledPolicy, { name }: CompiledResource): Conditions {
  return conditionsOf(compiled).get(name) ?? noConditions
}

const noConditions: Conditions = Object.freeze([])

/** By attribute, the value that stands for each of its values. */
type Standing = ReadonlyMap<string, ReadonlyMap<AttributeValue, AttributeValue>>

const cachedStanding = new WeakMap<CompiledPolicy, Map<CompiledResource, Standing>>()

function standingValues(compiled: CompiledPolicy, resource: CompiledResource, asked: Conditions): Standing {
  if (asked.length > 0) return chooseStanding(resource, [...conditionsOn(compiled, resource), ...asked])
  const cached = cachedStanding.get(compiled) ?? new Map<CompiledResource, Standing>()
  cachedStanding.set(compiled, cached)
  const found = cached.get(resource) ?? chooseStanding(resource, conditionsOn(compiled, resource))
  cached.set(resource, found)
  return found
}

function chooseStanding({ attributes }: CompiledResource, conditions: Conditions): Standing {
  return new Map(
    attributes.map(({ name, values, usual }) => {
      const about = conditions.flatMap((where) => (Object.hasOwn(where, name) ? [wantedIn(where, name)] : []))
      const kindOf = (value: AttributeValue): string =>
        about.map((wanted) => (wanted.includes(value) ? '1' : '0')).join('')
      const firsts = new Map<string, AttributeValue>()
      for (const value of usual === undefined ? values : [usual, ...values])
        if (!firsts.has(kindOf(value))) firsts.set(kindOf(value), value)
      return [name, new Map(values.map((value) => [value, firsts.get(kindOf(value)) ?? value]))]
    })
  )
}

function wantedIn(where: Where, name: string): readonly AttributeValue[] {
  return [where[name] ?? []].flat()
}

/** How many attributes are not at their default. */
function deviations({ definition, attributes }: CompiledPermission): number {
  return definition.attributes.filter(
    ({ name, usual }) => usual !== undefined && attributes.get(name) !== usual
  ).length
}

const cachedConditions = new WeakMap<CompiledPolicy, ReadonlyMap<string, Conditions>>()

/** By resource, every condition on one of its attributes. */
function conditionsOf(compiled: CompiledPolicy): ReadonlyMap<string, Conditions> {
  const cached = cachedConditions.get(compiled)
  if (cached !== undefined) return cached
  const found = new Map<string, Map<string, Where>>()
  const { resources } = compiled.catalogue
  if ([...resources.values()].some(({ attributes }) => attributes.length > 0))
    for (const set of setsIn(compiled))
      for (const [resource, list] of Object.entries(set))
        for (const { where } of partsOf(list)) if (where !== undefined) addConditions(found, resource, where)
  const made = new Map([...found].map(([resource, wheres]) => [resource, [...wheres.values()]]))
  cachedConditions.set(compiled, made)
  return made
}

function addConditions(found: Map<string, Map<string, Where>>, resource: string, where: Where): void {
  const wheres = found.get(resource) ?? new Map<string, Where>()
  found.set(resource, wheres)
  for (const name of Object.keys(where)) {
    const wanted = wantedIn(where, name)
    const key = JSON.stringify([name, ...wanted.map(String).sort()])
    if (!wheres.has(key)) wheres.set(key, Object.fromEntries([[name, wanted]]))
  }
}

/** Every permission set of the policy: of roles, custom ones too, of services, scopes and templates. */
function* setsIn({ document, roles }: CompiledPolicy): Generator<PermissionSet> {
  for (const { document: role } of listRoles(roles))
    for (const { grants } of [role, ...(role.variants ?? [])]) yield* setsOfGrants(grants)
  for (const { grants } of Object.values(document.systemSubjects ?? {})) yield* setsOfGrants(grants)
  for (const { allow } of Object.values(document.scopes ?? {})) yield allow
  for (const { allow, variants = [] } of Object.values(document.scopeTemplates ?? {}))
    for (const one of [{ allow }, ...variants]) yield one.allow
}

function* setsOfGrants(grants: Grants | undefined): Generator<PermissionSet> {
  for (const effects of Object.values(grants ?? {}))
    for (const set of [effects?.allow, effects?.deny]) if (set !== undefined) yield set
}
