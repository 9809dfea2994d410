// Sessions and tokens. Nobody makes a key that may do more, or lives longer, than the one that they came with.
import type { RowFilter } from 'casemate/sql'
import type { StoredToken } from 'casemate/scopes'
import { ApiError, invalidField } from '../api-error.js'
import { createSessionToken } from '../secrets/tokens.js'
import type { Database } from '../database/connection.js'
import type { Context } from './context.js'
import { refuseAbove } from './standing.js'

export type KeyLoginType = 'password' | 'github' | 'oidc' | 'token'

/** A key of a user, without its secret, which is nowhere. */
export interface ApiKey {
  readonly id: string
  readonly user_id: string
  readonly token_name: string
  readonly login_type: KeyLoginType
  readonly scopes: readonly string[]
  readonly allow_list: readonly string[]
  readonly lifetime_seconds: number
  readonly created_at: Date
  readonly updated_at: Date
  readonly last_used: Date
  readonly expires_at: Date
}

export interface KeyStore {
  /** A session of a user, with all of their power; the answer is the text of its key, which cannot be read again. */
  createSession(userId: string, loginType: Exclude<KeyLoginType, 'token'>): Promise<string>
  /** A token of a user, within its limits; the answer is its text. */
  createToken(userId: string, token: StoredToken): Promise<string>
  key(userId: string, keyId: string): Promise<ApiKey | undefined>
  tokenByName(userId: string, name: string): Promise<ApiKey | undefined>
  /** The newest first. */
  tokens(where: RowFilter, userId: string, includesExpired: boolean): Promise<ApiKey[]>
  /** Ends a key, whose row stays. */
  expireKey(userId: string, keyId: string): Promise<void>
  deleteKey(userId: string, keyId: string): Promise<void>
}

/** How long a session lives after its last use. */
export const sessionSeconds = 7 * 24 * 60 * 60

// pg does not know lists of a type of our own, hence `::text[]`.
const columns = `k.id, k.user_id, k.token_name, k.login_type, k.scopes::text[] AS scopes, k.allow_list,
  k.lifetime_seconds::float8 AS lifetime_seconds, k.created_at, k.updated_at, k.last_used, k.expires_at`

export function keyStore(context: Context): KeyStore {
  const { database, subject, key: used } = context

  const mint = async (
    userId: string,
    key: NewKey & { readonly scopes: readonly string[] }
  ): Promise<string> => {
    await refuseAbove(context, userId)
    // The names were read under the policy, when they came in.
    if (!subject.canMint({ scopes: key.scopes as never[], allowList: key.allowList }))
      throw new ApiError(403, 'A key cannot do more than the one that makes it.', {
        detail: 'Ask for scopes and objects that the key of this request has itself.'
      })
    return insertKey(database, { ...key, userId }, used?.endsAt)
  }

  return {
    createSession: (userId, loginType) =>
      mint(userId, {
        loginType,
        scopes: ['coder:all'],
        allowList: ['*:*'],
        lifetimeSeconds: sessionSeconds
      }),
    createToken: (userId, token) => mint(userId, newToken(token)),

    key: async (userId, keyId) => {
      const { rows } = await database.query<ApiKey>(
        `SELECT ${columns} FROM api_keys AS k WHERE k.user_id = $1 AND k.id = $2`,
        [userId, keyId]
      )
      return rows[0]
    },

    tokenByName: async (userId, name) => {
      const { rows } = await database.query<ApiKey>(
        `SELECT ${columns} FROM api_keys AS k WHERE k.user_id = $1 AND k.token_name = $2 AND k.login_type = 'token'`,
        [userId, name]
      )
      return rows[0]
    },

    tokens: async (where, userId, includesExpired) => {
      const condition = where.toPg(3)
      const { rows } = await database.query<ApiKey>(
        `SELECT ${columns} FROM api_keys AS k
         WHERE k.user_id = $1 AND k.login_type = 'token' AND ($2 OR k.expires_at > now()) AND ${condition.text}
         ORDER BY k.created_at DESC, k.id`,
        [userId, includesExpired, ...condition.values]
      )
      return rows
    },

    expireKey: async (userId, keyId) => {
      await database.query(
        `UPDATE api_keys SET expires_at = least(expires_at, now()), updated_at = now()
         WHERE user_id = $1 AND id = $2`,
        [userId, keyId]
      )
    },

    deleteKey: async (userId, keyId) => {
      await database.query('DELETE FROM api_keys WHERE user_id = $1 AND id = $2', [userId, keyId])
    }
  }
}

interface NewKey {
  readonly loginType: KeyLoginType
  readonly tokenName?: string
  readonly scopes: readonly string[] | null
  readonly allowList: readonly string[]
  readonly lifetimeSeconds: number
}

/** What a token request says, as a row. Lifetimes of requests are in nanoseconds. */
export function newToken({
  scopes,
  allow_list: allowList,
  lifetime,
  token_name: tokenName
}: StoredToken): NewKey & { readonly scopes: readonly string[] } {
  return {
    loginType: 'token',
    scopes,
    allowList,
    lifetimeSeconds: Math.floor(lifetime / 1e9),
    ...(tokenName === undefined ? {} : { tokenName })
  }
}

/**
 * Stores a key of a user, or of an agent, whose limits follow from its workspace whenever it is used. With `until`, it ends
 * then at the latest.
 */
export async function insertKey(
  database: Database,
  key: NewKey & { readonly userId?: string; readonly agentId?: string },
  until?: Date
): Promise<string> {
  const { id, token, hash } = createSessionToken()
  try {
    await database.query(
      `INSERT INTO api_keys (id, secret_hash, user_id, agent_id, token_name, login_type, scopes, allow_list,
         lifetime_seconds, expires_at, ends_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7::text[]::api_key_scope[], $8, $9::bigint,
         least(now() + $9::bigint * interval '1 second', $10::timestamptz), $10::timestamptz)`,
      [
        id,
        hash,
        key.userId,
        key.agentId,
        key.tokenName ?? '',
        key.loginType,
        key.scopes,
        key.allowList,
        key.lifetimeSeconds,
        until
      ]
    )
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'api_keys_token_name') throw error
    throw invalidField('token_name', 'You have a token of this name already.', 409)
  }
  return token
}
