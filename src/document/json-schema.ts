// The JSON Schema of a policy document, for editors: the shape of `schema.ts` with a description of each key. The
// descriptions are in a file of their own so that servers, which check documents too, do not load them.
import { kindsOf, levelsOf } from './levels.js'
import { policyShapeAsJson } from './schema.js'

type JsonSchema = ReturnType<typeof policyShapeAsJson>

const title = 'A short name for people.'
const permissions =
  'From resource to actions: `*`, a list, or { except: [...] }; { actions, where } for objects with certain attributes. The key `*` stands for every resource without a key of its own.'
const denied =
  'From resource to actions: `*`, a list, or { except: [...] }; { actions, where } for objects with certain attributes. The key `*` stands for every resource, and adds to the keys of their own.'

/** A name, not an address: the schema is read from the installed package. */
const id = 'urn:casemate:policy'

/** By path in a document, where `*` is any name or position. */
const descriptions: Readonly<Record<string, string>> = {
  ids: 'How ids in allow lists are checked. Default: string.',
  options: 'Settings of a deployment, fixed when the policy is compiled.',
  orgOptions: 'Settings of one organization, given with the subject.',
  publicScopes: 'Scopes that a user may ask for, most often `resource:action` and `resource:*`.',
  defaultScopes: 'What a token request without scopes means.',
  containers:
    'Places for roles besides organizations, at most three: projects, teams, folders. Their levels are asked in this order.',
  'containers.*.name': 'The field of an object, the kind of its roles and the level of their grants.',
  'resources.*.acl':
    'Whether its objects may carry an ACL, and how it counts. Default: false. `true` is a record without keys.',
  'resources.*.acl.levels': 'Names for sets of actions, which entries may name in place of actions.',
  'resources.*.acl.members':
    "Whether an entry for a user counts only if the user belongs to the object's organization. Default: false.",
  'resources.*.acl.requires': 'An action that roles must allow on the same object for any entry to count.',
  'resources.*.acl.overridesDeny': 'Whether an entry beats the deny of a role. Default: true.',
  'resources.*.org': 'Whether its objects belong to an organization. Default: optional.',
  'resources.*.in': 'By container, whether its objects are in one. Default: never.',
  'resources.*.attributes': 'Facts about its objects that grants may ask for, each with a few values.',
  'resources.*.attributes.*.values': '2 to 16 texts, or true and false.',
  'resources.*.attributes.*.default':
    'The value of an object that has none. Without it, an object must have one.',
  'resources.*.actions': 'From action to its description.',
  'resources.*.implies': 'From action to the actions that an allow of it allows too.',
  'roles.*.title': title,
  'roles.*.kind': 'Held everywhere, in one organization, or in one container, by its name.',
  'roles.*.includes': 'Shipped roles of the same kind: it grants and denies whatever they do.',
  'roles.*.grants.site': 'Every object.',
  'roles.*.grants.org': 'Objects of the organization in which the role is held.',
  'roles.*.grants.orgMember': 'Objects of that organization that the subject owns.',
  'roles.*.grants.user': 'Objects that the subject owns and that belong to no organization and no container.',
  'roles.*.grants.*':
    'Of a container `project`: `project`, objects in it; `projectMember`, those that the subject owns.',
  'roles.*.grants.site.allow': permissions,
  'roles.*.grants.site.deny': denied,
  'roles.*.variants':
    'Applied in order where all of `when` holds: the keys they name replace the keys of that level and effect.',
  'roles.*.assigns':
    'Roles that its holder may assign: names, `*`, `custom:site`, `custom:org`, `custom:` and a container.',
  'roles.*.assignable': 'Default: true. False: only code gives it.',
  'systemSubjects.*.title': title,
  'systemSubjects.*.id': 'Without one it owns nothing.',
  'scopes.*.title': title,
  'scopes.*.allow': permissions,
  'scopes.*.public': 'Whether a user may ask for it. Default: false.',
  'scopeTemplates.*.title': title,
  'scopeTemplates.*.allow': permissions,
  'scopeTemplates.*.variants.*.allow': permissions,
  'scopeTemplates.*.allowList': 'Entries `type:id`, `type:*` or `type:{parameter}`.',
  'invariants.*.permissions': '`resource:action` or `resource:*`.',
  'invariants.*.assigns': 'Roles: whoever may assign one of them anywhere holds one of `only`.',
  'invariants.*.ladder':
    'Roles of one kind, the one that may least first: whatever one may do, the next may.',
  'invariants.*.only': 'Whoever is allowed it holds one of these.',
  'invariants.*.always': 'Whoever holds one of these is allowed it.',
  'invariants.*.relation':
    'As in a matrix: `own`, `other, own org`, `no org`, `own project`, `status = draft`, `shared`, `all`.',
  'invariants.*.scope': 'A scope or template that the subject has.',
  'invariants.*.acl': 'Leaves ACL entries out.'
}

/** The JSON Schema (2020-12) of a policy document: what a document's `$schema` may point to. */
export function policyJsonSchema(): object {
  const schema = policyShapeAsJson()
  for (const [path, description] of Object.entries(descriptions))
    nodeAt(schema, path.split('.')).description = description
  const { $schema, ...shape } = schema
  // Of the caller's own: it may be written to.
  const rest = structuredClone(withoutContainers)
  return { $schema, $id: id, title: 'casemate policy', ...asRecord(splitTypes(shape)), ...rest }
}

/** A record of which only these keys are known, as far as they are constrained. */
function only(keys: readonly string[]): object {
  return { type: 'object', propertyNames: { enum: keys } }
}

function each(value: object): object {
  return { type: 'object', additionalProperties: value }
}

function having(properties: Readonly<Record<string, object>>): object {
  return { type: 'object', properties }
}

const plainGrants = only(levelsOf([]).map(({ name }) => name))
const plainRole = having({
  kind: { enum: kindsOf([]) },
  grants: plainGrants,
  variants: { type: 'array', items: having({ grants: plainGrants }) }
})

/** A schema cannot look up the names of containers; but where there are none, it knows all kinds and levels. */
const withoutContainers = {
  if: { ...having({ containers: {} }), required: ['containers'] },
  else: having({
    roles: each(plainRole),
    assignPermissions: only(kindsOf([])),
    unassignPermissions: only(kindsOf([]))
  })
}

/** The schema with one type per node: validators in strict mode refuse a list of types. */
function splitTypes(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(splitTypes)
  if (typeof node !== 'object' || node === null) return node
  const { type, ...rest } = asRecord(node)
  const copy = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, splitTypes(inner)]))
  if (Array.isArray(type)) return { ...copy, anyOf: type.map((one: unknown) => ({ type: one })) }
  // A property may be called `type`; its value is a schema then.
  return type === undefined ? copy : { type: splitTypes(type), ...copy }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function nodeAt(root: JsonSchema, path: readonly string[]): JsonSchema {
  let node = root
  for (const key of path) {
    const next = branchesOf(root, node)
      .map(({ properties, additionalProperties, items }) =>
        key === '*' ? (items ?? additionalProperties) : properties?.[key]
      )
      .find((inner) => inner !== undefined)
    if (typeof next !== 'object' || Array.isArray(next))
      throw new TypeError(`a description of ${path.join('.')}, which the schema does not have`)
    node = next
  }
  return node
}

function branchesOf(root: JsonSchema, node: JsonSchema): readonly JsonSchema[] {
  const resolved = resolve(root, node)
  return [resolved, ...(resolved.anyOf ?? []).map((branch) => resolve(root, branch))]
}

function resolve(root: JsonSchema, node: JsonSchema): JsonSchema {
  const name = node.$ref?.replace('#/$defs/', '')
  const definition = name === undefined ? undefined : root.$defs?.[name]
  return definition === undefined ? node : resolve(root, definition)
}
