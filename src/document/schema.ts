// The one zod schema: the shape of a policy document. Shapes only; what names mean and whether they exist is checked in
// `check/`, and what editors are told beside it is in `json-schema.ts`.
import * as z from 'zod'
import type { PolicyShape, RoleDocument } from './types.js'

/** A record of known keys; the message lists them, for `shape.ts` to find the nearest. */
function strict<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strict> {
  const keys = Object.keys(shape).join(' ')
  return z.strictObject(shape, { error: (issue) => (issue.code === 'unrecognized_keys' ? keys : undefined) })
}

interface Schemas {
  readonly policy: z.ZodType<PolicyShape>
  readonly roles: z.ZodType<Record<string, RoleDocument>>
}

let schemas: Schemas | undefined

/** Made when the first document is read: it takes a fifth of the time of importing zod. */
function readSchemas(): Schemas {
  return (schemas ??= makeSchemas())
}

/** The shape of a policy document. A `__proto__` key must be renamed before: a zod record would drop it. */
export function policySchema(): z.ZodType<PolicyShape> {
  return readSchemas().policy
}

/** The shape of roles added at run time. */
export function rolesSchema(): z.ZodType<Record<string, RoleDocument>> {
  return readSchemas().roles
}

/** The shape of a policy document as JSON Schema (2020-12), with no word of explanation. */
export function policyShapeAsJson(): z.core.JSONSchema.JSONSchema {
  return z.toJSONSchema(policySchema(), { reused: 'ref' })
}

function makeSchemas(): Schemas {
  // The patterns are for editors: a wrong name is reported once, by `check/names.ts`.
  const catalogueName = z.string().meta({ pattern: '^[a-z][a-z0-9_]*$' })
  const roleName = z.string().meta({ pattern: '^[^*:\\u0000-\\u001f\\u007f-\\u009f]+$' })
  const text = z.string()
  const texts = z.array(z.string())
  const title = text.optional()
  const description = text.optional()

  const actionList = z.union([z.literal('*'), texts, strict({ except: texts })], {
    error: 'expected `*`, a list of actions or a record with `except`'
  })
  const permissionSet = z.record(text, actionList)
  const effects = strict({ allow: permissionSet.optional(), deny: permissionSet.optional() })
  const siteGrants = strict({ site: effects.optional(), user: effects.optional() })
  const grants = strict({
    site: effects.optional(),
    org: effects.optional(),
    orgMember: effects.optional(),
    user: effects.optional()
  })

  const optionValue = z.union([z.string(), z.number(), z.boolean()], {
    error: 'expected a text, a number or a boolean'
  })
  const options = z.record(
    text,
    strict({ values: z.array(optionValue), default: optionValue.optional(), description })
  )

  const resource = strict({
    description,
    acl: z.boolean().optional(),
    org: z.enum(['optional', 'required', 'never']).optional(),
    actions: z.record(catalogueName, text)
  })

  const role = strict({
    title,
    kind: z.enum(['site', 'org']),
    description,
    grants: grants.optional(),
    variants: z.array(strict({ when: z.record(text, optionValue), grants })).optional(),
    assigns: texts.optional(),
    assignable: z.boolean().optional()
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
    public: z.boolean().optional()
  })

  const scopeTemplate = strict({
    title,
    description,
    params: z.record(text, z.enum(['required', 'optional', 'flag'])),
    allow: permissionSet,
    variants: z.array(strict({ when: z.record(text, z.boolean()), allow: permissionSet })).optional(),
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
    acl: z.literal(false).optional()
  })

  const assignPermissions = strict({ site: text.optional(), org: text.optional() })

  const policy = strict({
    $schema: text.optional(),
    name: text,
    description,
    ids: z.enum(['uuid', 'string']).optional(),
    resources: z.record(catalogueName, resource),
    options: options.optional(),
    orgOptions: options.optional(),
    roles: z.record(roleName, role).optional(),
    assignPermissions: assignPermissions.optional(),
    unassignPermissions: assignPermissions.optional(),
    systemSubjects: z.record(text, systemSubject).optional(),
    scopes: z.record(text, scope).optional(),
    publicScopes: texts.optional(),
    defaultScopes: texts.optional(),
    scopeTemplates: z.record(text, scopeTemplate).optional(),
    invariants: z.array(invariant).optional(),
    lint: strict({
      ignore: z.array(strict({ rule: text, path: text, reason: text })).optional()
    }).optional()
  })

  return { policy, roles: z.record(roleName, role) }
}
