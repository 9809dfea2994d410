// The one zod schema: the shape of a policy document. `check/` checks what names mean and whether they exist;
// `json-schema.ts` adds the descriptions for editors.
// Imported by name: not every bundler drops the unused parts of a namespace.
import {
  array,
  boolean,
  enum as oneOf,
  literal,
  number,
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

interface Schemas {
  readonly policy: ZodType<PolicyData>
  readonly roles: ZodType<Record<string, RoleDocument>>
}

let schemas: Schemas | undefined

/** Made when the first document is read, because it takes a fifth of the time of importing zod. */
function readSchemas(): Schemas {
  return (schemas ??= makeSchemas())
}

/** The shape of a policy document. Rename `__proto__` keys first: a zod record would drop them. */
export function policySchema(): ZodType<PolicyData> {
  return readSchemas().policy
}

/** The shape of roles added at run time. */
export function rolesSchema(): ZodType<Record<string, RoleDocument>> {
  return readSchemas().roles
}

/** The shape of a policy document as JSON Schema (2020-12), without descriptions. */
export function policyShapeAsJson(): core.JSONSchema.JSONSchema {
  return toJSONSchema(policySchema(), { reused: 'ref' })
}

function makeSchemas(): Schemas {
  // The patterns are for editors: a wrong name is reported once, by `check/names.ts`.
  const catalogueName = string().meta({ pattern: '^[a-z][a-z0-9_]*$' })
  const roleName = string().meta({ pattern: '^[^*:\\u0000-\\u001f\\u007f-\\u009f]+$' })
  const text = string()
  const texts = array(string())
  const title = text.optional()
  const description = text.optional()

  const actionList = union([literal('*'), texts, strict({ except: texts })], {
    error: 'expected `*`, a list of actions or a record with `except`'
  })
  const permissionSet = record(text, actionList)
  const effects = strict({ allow: permissionSet.optional(), deny: permissionSet.optional() })
  const siteGrants = strict({ site: effects.optional(), user: effects.optional() })
  const grants = strict({
    site: effects.optional(),
    org: effects.optional(),
    orgMember: effects.optional(),
    user: effects.optional()
  })

  const optionValue = union([string(), number(), boolean()], {
    error: 'expected a text, a number or a boolean'
  })
  const options = record(
    text,
    strict({ values: array(optionValue), default: optionValue.optional(), description })
  )

  const resource = strict({
    description,
    acl: boolean().optional(),
    org: oneOf(['optional', 'required', 'never']).optional(),
    actions: record(catalogueName, text)
  })

  const role = strict({
    title,
    kind: oneOf(['site', 'org']),
    description,
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
    permissions: texts,
    only: texts.optional(),
    always: texts.optional(),
    relation: text.optional(),
    scope: text.optional(),
    acl: literal(false).optional()
  })

  const assignPermissions = strict({ site: text.optional(), org: text.optional() })

  const policy = strict({
    $schema: text.optional(),
    name: text,
    description,
    ids: oneOf(['uuid', 'string']).optional(),
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
