// The statements of a store. Their texts depend on the names of the tables alone; values travel as text.
import type { TableNames } from './names.js'

export type Statements = ReturnType<typeof statementsFor>

const mostKeys = 500
const mostUsers = 500

/** How many roles one answer has: a driver reads all of an answer before anybody else runs. */
export const changesAtOnce = 500

export function statementsFor(
  { revision, roles, assignments, keys, channel }: TableNames,
  ids: 'text' | 'uuid'
): Readonly<Record<StatementName, string>> {
  const at = (first: number): string => `place_kind = $${first}::text AND place_id = $${first + 1}::${ids}`
  const isCurrent = '(expires_at IS NULL OR expires_at > statement_timestamp())'
  const milliseconds = (column: string): string => `floor(extract(epoch FROM ${column}) * 1000)::bigint::text`
  // The lesser of what there is: a session ends without use, and at the latest when it said.
  const end = 'least(expires_at, coalesce(last_used_at, created_at) + idle)'
  const isLive = `(revoked_at IS NULL AND coalesce(${end} > statement_timestamp(), true))`
  const key = `k.id, k.user_id::text AS user_id, k.name, encode(k.hash, 'hex') AS hash,
  k.scopes::text AS scopes, k.allow_list::text AS allow_list, k.only_orgs::text AS only_orgs,
  (extract(epoch FROM k.idle) * 1000000)::bigint::text AS idle, k.minted_by,
  ${milliseconds('k.created_at')} AS created, ${milliseconds(end)} AS expires, ${milliseconds('k.last_used_at')} AS last_used`
  return {
    // A page: the first roles after a place in the order of their revisions, and the revision of the same moment.
    changes: `SELECT c.revision::text AS now, r.place_kind, r.place_id::text AS place_id, r.name,
  r.document::text AS document, r.revision::text AS revision
FROM ${revision} AS c LEFT JOIN LATERAL (SELECT * FROM ${roles}
  WHERE (revision, place_kind, place_id, name) > ($1::bigint, $2::text, $3::${ids}, $4::text)
  ORDER BY revision, place_kind, place_id, name LIMIT ${changesAtOnce}) AS r ON true`,
    user: `SELECT c.revision::text AS now, a.place_kind, a.place_id::text AS place_id, a.role AS name
FROM ${revision} AS c LEFT JOIN ${assignments} AS a ON a.user_id = $1::${ids} AND ${isCurrent}`,
    lock: `SELECT revision::text AS now, txid_current()::text AS tx, current_setting('transaction_isolation') AS isolation
FROM ${revision} FOR UPDATE`,
    role: `SELECT document::text AS document FROM ${roles} WHERE ${at(1)} AND name = $3::text`,
    hasRole: `SELECT 1 FROM ${roles} WHERE ${at(1)} AND name = $3::text`,
    updateRole: `UPDATE ${roles} SET document = $4::jsonb, updated_by = $5::text
WHERE ${at(1)} AND name = $3::text RETURNING revision::text AS revision`,
    insertRole: `INSERT INTO ${roles} (place_kind, place_id, name, document, updated_by)
VALUES ($1::text, $2::${ids}, $3::text, $4::jsonb, $5::text) RETURNING revision::text AS revision`,
    isHeld: `SELECT 1 FROM ${assignments} WHERE ${at(1)} AND role = $3::text AND ${isCurrent} LIMIT 1`,
    assignment: `SELECT ${milliseconds('expires_at')} AS expires FROM ${assignments}
WHERE user_id = $1::${ids} AND ${at(2)} AND role = $4::text AND ${isCurrent}`,
    assign: `INSERT INTO ${assignments} (user_id, place_kind, place_id, role, expires_at, assigned_by)
VALUES ($1::${ids}, $2::text, $3::${ids}, $4::text, $5::timestamptz, $6::text)
ON CONFLICT (user_id, place_kind, place_id, role)
DO UPDATE SET expires_at = EXCLUDED.expires_at, assigned_by = EXCLUDED.assigned_by, assigned_at = now()`,
    unassign: `DELETE FROM ${assignments} WHERE user_id = $1::${ids} AND ${at(2)} AND role = $4::text`,
    writeKey: `INSERT INTO ${keys}
  (id, user_id, name, hash, scopes, allow_list, only_orgs, minted_by, expires_at, idle)
VALUES ($1::text, $2::${ids}, $3::text, decode($4::text, 'hex'), $5::jsonb, $6::jsonb, $7::jsonb, $8::text,
  least(statement_timestamp() + $9::float8 * interval '1 microsecond', (SELECT expires_at FROM ${keys} WHERE id = $8::text)),
  $10::float8 * interval '1 microsecond')
RETURNING ${milliseconds(end)} AS expires`,
    key: `WITH RECURSIVE chain AS (
  SELECT k.* FROM ${keys} AS k WHERE k.id = $1::text
  UNION
  SELECT k.* FROM ${keys} AS k JOIN chain ON k.id = chain.minted_by
)
SELECT ${key}, (SELECT bool_and(${isLive}) FROM chain)::text AS is_live
FROM chain AS k WHERE k.id = $1::text`,
    userKeys: `WITH RECURSIVE chain AS (
  SELECT k.*, k.id AS first FROM ${keys} AS k WHERE k.user_id = $1::${ids}
  UNION
  SELECT k.*, chain.first FROM ${keys} AS k JOIN chain ON k.id = chain.minted_by
)
SELECT ${key}, (SELECT bool_and(${isLive}) FROM chain AS c WHERE c.first = k.id)::text AS is_live
FROM ${keys} AS k WHERE k.user_id = $1::${ids} ORDER BY k.created_at DESC, k.id`,
    touchKey: `UPDATE ${keys} SET last_used_at = statement_timestamp() WHERE id = $1::text AND ${isLive}
AND (last_used_at IS NULL OR last_used_at < statement_timestamp() - interval '1 minute')`,
    revokeKey: `UPDATE ${keys} SET revoked_at = statement_timestamp() WHERE id = $1::text AND revoked_at IS NULL`,
    held: `SELECT place_kind, place_id::text AS place_id, role AS name, count(*)::text AS users, min(user_id::text) AS example
FROM ${assignments} WHERE ${isCurrent} GROUP BY place_kind, place_id, role ORDER BY place_kind, place_id, role`,
    users: `SELECT DISTINCT user_id::text AS user_id, user_id AS id FROM ${assignments}
WHERE ($1::text = '' OR user_id > nullif($1::text, '')::${ids}) AND ${isCurrent} ORDER BY id LIMIT ${mostUsers}`,
    keys: `SELECT ${key}, 'true' AS is_live FROM ${keys} AS k
WHERE k.id > $1::text AND ${isLive} ORDER BY k.id LIMIT ${mostKeys}`,
    listen: `LISTEN "${channel.replaceAll('"', '""')}"`
  }
}

type StatementName =
  | 'changes'
  | 'user'
  | 'lock'
  | 'role'
  | 'hasRole'
  | 'updateRole'
  | 'insertRole'
  | 'isHeld'
  | 'assignment'
  | 'assign'
  | 'unassign'
  | 'writeKey'
  | 'key'
  | 'userKeys'
  | 'touchKey'
  | 'revokeKey'
  | 'held'
  | 'users'
  | 'keys'
  | 'listen'
