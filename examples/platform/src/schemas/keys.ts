// Keys as requests and answers have them. What a token request may ask for is read by `casemate/scopes`.
import { toAllowListTargets, tokenRequestSchema } from 'casemate/scopes'
import { policy } from '../policy.js'
import type { ApiKey } from '../store/keys.js'
import { dateTime, uuid, z } from './common.js'

const day = 24 * 60 * 60 * 1e9

/** What a token may be; the result is what is stored. */
export const createTokenSchema = tokenRequestSchema(policy, {
  maxLifetime: 90 * day,
  defaultLifetime: 7 * day
})

export const resourceSchema = z
  .enum(['*', ...policy.resources.list().map(({ name }) => name)] as [string, ...string[]])
  .openapi('RBACResource')

export const scopeSchema = z
  .enum(policy.scopes.list().flatMap(({ name, aliases }) => [name, ...aliases]) as [string, ...string[]])
  .openapi('APIKeyScope')

/** The scopes that there were before there were several. */
const oldScopes = ['all', 'application_connect'] as const

export const keySchema = z
  .object({
    id: z.string(),
    user_id: uuid,
    token_name: z.string(),
    login_type: z.enum(['github', 'oidc', 'password', 'token']),
    scope: z.enum(oldScopes).optional().openapi({
      deprecated: true,
      description: 'The one scope of a key that has one of these; see `scopes`.'
    }),
    scopes: z.array(scopeSchema).optional(),
    allow_list: z
      .array(
        z.object({ type: resourceSchema.optional(), id: z.string().optional() }).openapi('APIAllowListTarget')
      )
      .optional(),
    lifetime_seconds: z.int(),
    created_at: dateTime,
    updated_at: dateTime,
    last_used: dateTime,
    expires_at: dateTime
  })
  .openapi('APIKey')

export const newKeySchema = z.object({ key: z.string() }).openapi('GenerateAPIKeyResponse')

export const tokenListQuery = z.object({
  include_expired: z
    .enum(['true', 'false'])
    .default('false')
    .transform((value) => value === 'true')
    .openapi({ type: 'boolean', description: 'Whether tokens are listed that have ended.' })
})

/** What is shown of a key. */
export function showKey({ scopes, allow_list, ...key }: ApiKey): z.infer<typeof keySchema> {
  const scope = oldScopes.find((old) => scopes.length === 1 && scopes[0] === `coder:${old}`)
  return {
    ...key,
    ...(scope === undefined ? {} : { scope }),
    scopes: [...scopes],
    allow_list: [...toAllowListTargets(allow_list)],
    created_at: key.created_at.toISOString(),
    updated_at: key.updated_at.toISOString(),
    last_used: key.last_used.toISOString(),
    expires_at: key.expires_at.toISOString()
  }
}
