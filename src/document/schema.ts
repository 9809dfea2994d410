// The one zod schema: the shape of a policy document. `check/` checks what names mean and whether they exist;
// `json-schema.ts` adds the descriptions for editors.
// Imported by name: not every bundler drops the unused parts of a namespace.
import {
  array,
  boolean,
  enum as oneOf,
  literal,
  number,
  object,
  record,
  strictObject,
  string,
  toJSONSchema,
  union,
  type core,
  type ZodObject,
  type ZodRawShape,
  type ZodType
} from 'zod'
import type { PolicyData, RoleDocument } from './types.js'

/** A record of known keys. The message lists them, so that `shape.ts` can suggest the nearest. */
function strict<Shape extends ZodRawShape>(shape: Shape): ZodObject<Shape, core.$strict> {
  const keys = Object.keys(shape).join(' ')
  return strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? keys : undefined) })
}

/** The keys that a record may have, from the message about one that it may not. */
export function knownKeys(message: string): ReadonlySet<string> {
  return new Set(message.split(' '))
}

interface Schemas {
  readonly policy: ZodType<PolicyData>
  readonly roles: ZodType<Record<string, RoleDocument>>
}

/** Made when the first document is read, because it takes a fifth of the time of importing zod. */
let plainSchemas: Schemas | undefined
let openSchemas: Schemas | undefined

/**
 * The shape of a policy document. Rename `__proto__` keys first: a zod record would drop them. With containers, whose
 * names are kinds and levels, any name can be one: `check/` knows which are.
 */
export function policySchema(hasContainers: boolean): ZodType<PolicyData> {
  return schemas(hasContainers).policy
}

/** The shape of roles added at run time to a policy with or without containers. */
export function rolesSchema(hasContainers: boolean): ZodType<Record<string, RoleDocument>> {
  return schemas(hasContainers).roles
}

/** The shape of any policy document as JSON Schema (2020-12), without descriptions. */
export function policyShapeAsJson(): core.JSONSchema.JSONSchema {
  return toJSONSchema(policySchema(true), { reused: 'ref' })
}

function schemas(hasContainers: boolean): Schemas {
  return hasContainers ? (openSchemas ??= makeSchemas(true)) : (plainSchemas ??= makeSchemas(false))
}

// The patterns and lengths are for editors: a wrong name or value is reported once, by `check/`.
const control = '\\u0000-\\u001f\\u007f-\\u009f'
const catalogueName = string().meta({
  pattern: '^[A-Za-z][A-Za-z0-9_-]*([./][A-Za-z0-9_-]+)*$',
  maxLength: 128
})
const fieldPattern = '^[a-z][A-Za-z0-9_]*$'
const fieldName = string().meta({ pattern: fieldPattern })
const roleName = string().meta({
  pattern: `^(?!\\s|(?:system|scope|template|custom):)(?![^]*(?:\\s$| \\+ ))[^*${control}]+$`
})
const attributeText = string().meta({ pattern: `^[^,()|=\`${control}]{1,64}$` })

function makeSchemas(hasContainers: boolean): Schemas {
  const text = string()
  const texts = array(string())
  const title = text.optional()
  const description = text.optional()

  // Where several records fit, `shape.ts` takes the one with the fewest faults, and of equals the first.
  const attributeValue = union([text, boolean()])
  const where = record(
    text,
    union([text, boolean(), array(attributeValue)], {
      error: 'expected a text, true or false, or a list of them'
    })
  )
  const actionsWhere = strict({
    actions: union([literal('*'), texts], { error: 'expected `*` or a list of actions' }),
    where
  })
  const wrongList = { error: 'expected `*`, a list of actions or a record with `except`' }
  const listed = array(union([text, actionsWhere], { error: 'expected a text' }))
  const actionList = union(
    [literal('*'), listed, actionsWhere, strict({ except: texts, where: where.optional() })],
    wrongList
  )
  const plainActionList = union([literal('*'), texts, strict({ except: texts })], wrongList)
  const permissionSet = record(text, actionList)
  const effects = strict({ allow: permissionSet.optional(), deny: permissionSet.optional() })
  const siteGrants = strict({ site: effects.optional(), user: effects.optional() })
  const someGrants = {
    site: effects.optional(),
    org: effects.optional(),
    orgMember: effects.optional(),
    user: effects.optional()
  }
  const grants = hasContainers ? object(someGrants).catchall(effects) : strict(someGrants)
  const kind = hasContainers
    ? string().meta({ anyOf: [{ enum: ['site', 'org'] }, { pattern: fieldPattern }] })
    : oneOf(['site', 'org'])

  const optionValue = union([string(), number(), boolean()], {
    error: 'expected a text, a number or a boolean'
  })
  const options = record(
    text,
    strict({ values: array(optionValue), default: optionValue.optional(), description })
  )

  const placement = oneOf(['optional', 'required', 'never'])
  const attribute = strict({
    values: array(union([attributeText, boolean()], { error: 'expected a text, true or false' })).meta({
      minItems: 2,
      maxItems: 16
    }),
    default: union([text, boolean()], { error: 'expected a text, true or false' }).optional(),
    description
  })
  const acl = strict({
    levels: record(fieldName, plainActionList).optional(),
    members: boolean().optional(),
    requires: text.optional(),
    overridesDeny: boolean().optional()
  })
  const resource = strict({
    description,
    acl: union([boolean(), acl], { error: 'expected true or false' }).optional(),
    org: placement.optional(),
    in: record(fieldName, placement).optional(),
    attributes: record(fieldName, attribute).optional(),
    actions: record(catalogueName, text),
    implies: record(text, texts).optional()
  })

  const role = strict({
    title,
    kind,
    description,
    includes: texts.optional(),
    grants: grants.optional(),
    variants: array(strict({ when: record(text, optionValue), grants })).optional(),
    assigns: texts.optional(),
    assignable: boolean().optional()
  })

  const systemSubject = strict({
    title,
    description,
    id: text.optional(),
    grants: siteGrants.optional(),
    assigns: texts.optional()
  })

  const scope = strict({
    title,
    description,
    allow: permissionSet,
    aliases: texts.optional(),
    public: boolean().optional()
  })

  const scopeTemplate = strict({
    title,
    description,
    params: record(text, oneOf(['required', 'optional', 'flag'])),
    allow: permissionSet,
    variants: array(strict({ when: record(text, boolean()), allow: permissionSet })).optional(),
    allowList: texts.optional()
  })

  const invariant = strict({
    name: text,
    description,
    permissions: texts.optional(),
    assigns: texts.optional(),
    ladder: texts.optional(),
    only: texts.optional(),
    always: texts.optional(),
    relation: text.optional(),
    scope: text.optional(),
    acl: literal(false).optional()
  })

  const byKind = { site: text.optional(), org: text.optional() }
  const assignPermissions = hasContainers ? object(byKind).catchall(text) : strict(byKind)

  const policy = strict({
    $schema: text.optional(),
    name: text,
    description,
    ids: oneOf(['uuid', 'string']).optional(),
    containers: array(strict({ name: fieldName, description }))
      .meta({ maxItems: 3 })
      .optional(),
    resources: record(catalogueName, resource),
    options: options.optional(),
    orgOptions: options.optional(),
    roles: record(roleName, role).optional(),
    assignPermissions: assignPermissions.optional(),
    unassignPermissions: assignPermissions.optional(),
    systemSubjects: record(text, systemSubject).optional(),
    scopes: record(text, scope).optional(),
    publicScopes: texts.optional(),
    defaultScopes: texts.optional(),
    scopeTemplates: record(text, scopeTemplate).optional(),
    invariants: array(invariant).optional(),
    lint: strict({
      ignore: array(strict({ rule: text, path: text, reason: text })).optional()
    }).optional()
  })

  return { policy, roles: record(roleName, role) }
}
