// The one zod schema: the shape of a policy document, and the JSON Schema that editors get from it. Shapes only;
// what names mean and whether they exist is checked in `check/`. Nothing else in this folder imports zod.
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

/** The JSON Schema (2020-12) of a policy document, for editors: what a document's `$schema` may point to. */
export function policyJsonSchema(): object {
  return { ...z.toJSONSchema(policySchema(), { reused: 'ref' }), title: 'casemate policy' }
}

function makeSchemas(): Schemas {
  // The patterns are for editors: a wrong name is reported once, by `check/names.ts`.
  const catalogueName = z.string().meta({ pattern: '^[a-z][a-z0-9_]*$' })
  const roleName = z.string().meta({ pattern: '^[^*:\\u0000-\\u001f\\u007f-\\u009f]+$' })
  const text = z.string()
  const texts = z.array(z.string())
  const title = text.optional().describe('A short name for people.')
  const description = text.optional()

  const actionList = z.union([z.literal('*'), texts, strict({ except: texts })], {
    error: 'expected `*`, a list of actions or a record with `except`'
  })
  const permissionSet = z
    .record(text, actionList)
    .describe(
      'From resource to actions: `*`, a list, or { except: [...] }. The key `*` stands for all other resources.'
    )
  const effects = strict({ allow: permissionSet.optional(), deny: permissionSet.optional() })
  const siteGrants = strict({ site: effects.optional(), user: effects.optional() })
  const grants = strict({
    site: effects.optional().describe('Every object.'),
    org: effects.optional().describe('Objects of the organization in which the role is held.'),
    orgMember: effects.optional().describe('Objects of that organization that the subject owns.'),
    user: effects.optional().describe('Objects that the subject owns and that belong to no organization.')
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
    acl: z.boolean().optional().describe('Whether its objects may carry an ACL. Default: false.'),
    org: z
      .enum(['optional', 'required', 'never'])
      .optional()
      .describe('Whether its objects belong to an organization. Default: optional.'),
    actions: z.record(catalogueName, text).describe('From action to its description.')
  })

  const role = strict({
    title,
    kind: z.enum(['site', 'org']).describe('Held everywhere, or in one organization.'),
    description,
    grants: grants.optional(),
    variants: z
      .array(strict({ when: z.record(text, optionValue), grants }))
      .optional()
      .describe(
        'Applied in order where all of `when` holds: the keys they name replace the keys of that level and effect.'
      ),
    assigns: texts
      .optional()
      .describe('Roles that its holder may assign: names, `*`, `custom:site`, `custom:org`.'),
    assignable: z.boolean().optional().describe('Default: true. False: only code gives it.')
  })

  const systemSubject = strict({
    title,
    description,
    id: text.optional().describe('Without one it owns nothing.'),
    grants: siteGrants.optional(),
    assigns: texts.optional()
  })

  const scope = strict({
    title,
    description,
    allow: permissionSet,
    aliases: texts.optional(),
    public: z.boolean().optional().describe('Whether a user may ask for it. Default: false.')
  })

  const scopeTemplate = strict({
    title,
    description,
    params: z.record(text, z.enum(['required', 'optional', 'flag'])),
    allow: permissionSet,
    variants: z.array(strict({ when: z.record(text, z.boolean()), allow: permissionSet })).optional(),
    allowList: texts.optional().describe('Entries `type:id`, `type:*` or `type:{parameter}`.')
  })

  const invariant = strict({
    name: text,
    description,
    permissions: texts.describe('`resource:action` or `resource:*`.'),
    only: texts.optional().describe('Whoever is allowed it holds one of these.'),
    always: texts.optional().describe('Whoever holds one of these is allowed it.'),
    relation: text.optional().describe('As in a matrix: `own`, `other, own org`, `no org`, `all`.'),
    scope: text.optional().describe('A scope or template that the subject has.'),
    acl: z.literal(false).optional().describe('Leaves ACL entries out.')
  })

  const assignPermissions = strict({ site: text.optional(), org: text.optional() })

  const policy = strict({
    $schema: text.optional(),
    name: text,
    description,
    ids: z
      .enum(['uuid', 'string'])
      .optional()
      .describe('How ids in allow lists are checked. Default: string.'),
    resources: z.record(catalogueName, resource),
    options: options.optional().describe('Settings of a deployment, fixed when the policy is compiled.'),
    orgOptions: options.optional().describe('Settings of one organization, given with the subject.'),
    roles: z.record(roleName, role).optional(),
    assignPermissions: assignPermissions.optional(),
    unassignPermissions: assignPermissions.optional(),
    systemSubjects: z.record(text, systemSubject).optional(),
    scopes: z.record(text, scope).optional(),
    publicScopes: texts
      .optional()
      .describe('Scopes that a user may ask for, most often `resource:action` and `resource:*`.'),
    defaultScopes: texts.optional().describe('What a token request without scopes means.'),
    scopeTemplates: z.record(text, scopeTemplate).optional(),
    invariants: z.array(invariant).optional(),
    lint: strict({
      ignore: z.array(strict({ rule: text, path: text, reason: text })).optional()
    }).optional()
  })

  return { policy, roles: z.record(roleName, role) }
}
