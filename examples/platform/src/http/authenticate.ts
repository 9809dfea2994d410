// A key → who asks. Whatever is wrong with the key or with its row, from an unknown id to a scope that the policy no
// longer has, it is nobody's: no row can turn into more power than it names. Roles and limits are read anew for each
// request, and the use of a key is noted at most once a minute.
import { isCasemateError } from 'casemate'
import { ceilingOf } from 'casemate/scopes'
import type { Database } from '../database/connection.js'
import { policy, type AppRoles } from '../policy.js'
import type { Caller } from '../store/context.js'
import { isSecret, parseToken } from '../secrets/tokens.js'

/** What is stored is data from outside until casemate has read it. */
interface KeyRow {
  readonly secret_hash: Buffer
  readonly agent_id: string | null
  readonly user_id: string
  readonly scopes: unknown
  readonly allow_list: unknown
  readonly ends_at: Date | null
  readonly workspace: unknown
  readonly is_unnoted: boolean
}

const query = `
  SELECT k.secret_hash, k.agent_id, u.id AS user_id, k.scopes::text[] AS scopes, k.allow_list,
    CASE k.login_type WHEN 'token' THEN k.expires_at ELSE k.ends_at END AS ends_at,
    k.last_used < now() - interval '1 minute' AS is_unnoted,
    jsonb_build_object('workspaceId', w.id, 'ownerId', w.owner_id,
      'templateId', w.template_id, 'versionId', w.version_id) AS workspace
  FROM api_keys AS k
    LEFT JOIN agents AS a ON a.id = k.agent_id
    LEFT JOIN workspaces AS w ON w.id = a.workspace_id
    JOIN users AS u ON u.id = coalesce(k.user_id, w.owner_id)
  WHERE k.id = $1 AND k.expires_at > now() AND u.status <> 'suspended' AND u.deleted_at IS NULL`

/** A session begins anew whenever it is used; a token ends when it said it would. Who comes back is active again. */
const noteUse = `
  WITH used AS (
    UPDATE api_keys SET last_used = now(), expires_at = CASE login_type WHEN 'token' THEN expires_at
      ELSE least(ends_at, greatest(expires_at, now() + lifetime_seconds * interval '1 second')) END
    WHERE id = $1 RETURNING user_id)
  UPDATE users SET last_seen_at = now(), status = CASE status WHEN 'dormant' THEN 'active' ELSE status END
  FROM used WHERE users.id = used.user_id`

/**
 * Who a key stands for: its user under the key's ceiling, or, for an agent, the owner of its workspace under the template
 * `workspace_agent`. `undefined` for nobody.
 */
export async function authenticate(
  database: Database,
  roles: AppRoles,
  token: string | undefined
): Promise<Caller | undefined> {
  const parts = parseToken(token ?? '')
  if (parts === undefined) return undefined
  const { rows } = await database.query<KeyRow>(query, [parts.id])
  const [row] = rows
  if (row === undefined || !isSecret(parts.secret, row.secret_hash)) return undefined
  const scopes = row.agent_id === null ? row.scopes : [{ template: 'workspace_agent', params: row.workspace }]
  const limits = ceilingOf(policy, { scopes, allow_list: row.allow_list })
  const user = await subjectOf(roles, row.user_id)
  if (!limits.ok || user === undefined) return undefined
  if (row.is_unnoted) await database.query(noteUse, [parts.id])
  return {
    subject: user.within(limits.ceiling),
    key: { id: parts.id, endsAt: row.ends_at ?? undefined }
  }
}

/** Who holds a role that means nothing, which might be one that denies, is nobody. */
async function subjectOf(roles: AppRoles, userId: string): Promise<Caller['subject'] | undefined> {
  try {
    return await roles.subjectOf(userId)
  } catch (error) {
    if (isCasemateError(error) && error.code === 'unreadable_role') return undefined
    throw error
  }
}
