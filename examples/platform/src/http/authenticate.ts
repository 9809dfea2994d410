// A key → who asks. Whatever is wrong with the key or with its row, from an unknown id to a scope that the policy no
// longer has, it is nobody's: no row can turn into more power than it names. Roles and limits are read anew for each
// request, and the use of a key is noted at most once a minute.
import { isCasemateError } from 'casemate'
import type { LoadUser, PgQueryable } from 'casemate/postgres'
import { ceilingOf } from 'casemate/scopes'
import type { Database } from '../database/connection.js'
import { policy, type AppRoles, type AppSubject } from '../policy.js'
import type { Caller } from '../store/context.js'
import { isSecret, parseToken } from '../secrets/tokens.js'

/** Asked whenever somebody is to act: who is locked out or gone is nobody. */
export function admits(pool: PgQueryable): LoadUser<PgQueryable> {
  return async (userId, tx = pool) => {
    const { rows } = await tx.query('SELECT is_admitted($1) AS "isAdmitted"', [userId])
    return rows[0]?.['isAdmitted'] === true ? undefined : null
  }
}

/**
 * Who a key stands for: its user under the key's ceiling, or, for an agent, the owner of its workspace under the template
 * `workspace_agent`. `undefined` for nobody.
 */
export async function authenticate(
  database: Database,
  roles: AppRoles,
  token: string | undefined
): Promise<Caller | undefined> {
  try {
    return (await byKey(database, roles, token)) ?? (await byAgentToken(database, roles, token))
  } catch (error) {
    if (isCasemateError(error) && unusable.has(error.code)) return undefined
    throw error
  }
}

/** A row that cannot be read, or a role that means nothing, which might be one that denies. */
const unusable: ReadonlySet<string> = new Set(['unreadable_key', 'unreadable_role', 'refused_user'])
const minute = 60_000

async function byKey(
  database: Database,
  roles: AppRoles,
  token: string | undefined
): Promise<Caller | undefined> {
  const held = await roles.authenticate(token ?? '')
  if (held === undefined) return undefined
  const { id, user, lastUsedAt } = held.key
  if (lastUsedAt === null || Date.now() - lastUsedAt.getTime() > minute)
    await database.query('SELECT note_visit($1)', [user])
  return { subject: held.subject, key: { id } }
}

/** What is stored is data from outside until casemate has read it. */
interface AgentRow {
  readonly secret_hash: Buffer
  readonly owner_id: string
  readonly workspace: unknown
}

const agentQuery = `
  SELECT t.secret_hash, w.owner_id,
    jsonb_build_object('workspaceId', w.id, 'ownerId', w.owner_id,
      'templateId', w.template_id, 'versionId', w.version_id) AS workspace
  FROM agent_tokens AS t JOIN agents AS a ON a.id = t.agent_id JOIN workspaces AS w ON w.id = a.workspace_id
  WHERE t.id = $1 AND t.expires_at > now()`

async function byAgentToken(
  database: Database,
  roles: AppRoles,
  token: string | undefined
): Promise<Caller | undefined> {
  const parts = parseToken(token ?? '')
  if (parts === undefined) return undefined
  const { rows } = await database.query<AgentRow>(agentQuery, [parts.id])
  const [row] = rows
  if (row === undefined || !isSecret(parts.secret, row.secret_hash)) return undefined
  const owner = await roles.subjectOf(row.owner_id)
  const subject = recentAgent(parts.id, owner, row.workspace)
  return subject && { subject, key: { id: parts.id } }
}

interface Agent {
  readonly workspace: string
  readonly subject: AppSubject | undefined
}

/** By the owner, who is the same one for as long as nothing about them has changed, and by the token. */
const agents = new WeakMap<AppSubject, Map<string, Agent>>()

function recentAgent(tokenId: string, owner: AppSubject, row: unknown): AppSubject | undefined {
  const workspace = JSON.stringify(row)
  const known = agents.get(owner) ?? new Map<string, Agent>()
  agents.set(owner, known)
  const found = known.get(tokenId)
  if (found?.workspace === workspace) return found.subject
  const subject = agentOf(owner, row)
  known.set(tokenId, { workspace, subject })
  return subject
}

/** An owner's agent in a workspace; nobody, where the workspace is none that the policy can read. */
function agentOf(owner: AppSubject, workspace: unknown): AppSubject | undefined {
  const limits = ceilingOf(policy, {
    scopes: [{ template: 'workspace_agent', params: workspace }],
    allow_list: ['*:*']
  })
  return limits.ok ? owner.within(limits.ceiling) : undefined
}
