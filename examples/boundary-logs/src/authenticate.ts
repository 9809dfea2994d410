// A token → who asks. Whatever is wrong with the token or with its row, from an unknown id to a scope that the policy
// no longer has, it is nobody's: no row can turn into more power than it names. Roles and limits are read anew for
// each request.
import { timingSafeEqual } from 'node:crypto'
import { parseSubject } from 'casemate'
import { ceilingOf } from 'casemate/scopes'
import type { Database } from './database.js'
import { policy, type AppSubject } from './policy.js'
import { hashSecret } from './tokens.js'

const header = /^Bearer ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([\w-]{43})$/

// pg does not know lists of a type of our own, hence `::text[]`.
const query = `
  SELECT t.secret_hash, t.agent_id, t.scopes::text[] AS scopes, t.allow_list, u.id AS user_id,
    jsonb_build_object('workspaceId', w.id, 'ownerId', w.owner_id,
      'templateId', w.template_id, 'versionId', w.version_id) AS workspace,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('role', r.role, 'org', r.org_id)), '[]')
      FROM user_roles AS r WHERE r.user_id = u.id) AS roles
  FROM tokens AS t
    LEFT JOIN agents AS a ON a.id = t.agent_id
    LEFT JOIN workspaces AS w ON w.id = a.workspace_id
    JOIN users AS u ON u.id = coalesce(t.user_id, w.owner_id)
  WHERE t.id = $1 AND t.expires_at > now()`

/** What is stored is data from outside until casemate has read it. */
interface TokenRow {
  readonly secret_hash: Buffer
  readonly agent_id: string | null
  readonly user_id: string
  readonly scopes: unknown
  readonly allow_list: unknown
  readonly workspace: unknown
  readonly roles: unknown
}

/**
 * The subject of an `Authorization` header: the token's user under the token's ceiling, or, for an agent, the owner of
 * its workspace under the template `workspace_agent`. `undefined` for nobody.
 */
export async function authenticate(
  database: Database,
  authorization: string | undefined
): Promise<AppSubject | undefined> {
  const [, id, secret] = header.exec(authorization ?? '') ?? []
  if (id === undefined || secret === undefined) return undefined
  const { rows } = await database.query<TokenRow>(query, [id])
  const [row] = rows
  if (row === undefined || !timingSafeEqual(row.secret_hash, hashSecret(secret))) return undefined
  const scopes = row.agent_id === null ? row.scopes : [{ template: 'workspace_agent', params: row.workspace }]
  const limits = ceilingOf(policy, { scopes, allow_list: row.allow_list })
  const user = parseSubject(policy, { id: row.user_id, roles: row.roles })
  return limits.ok && user.ok ? user.value.within(limits.ceiling) : undefined
}
