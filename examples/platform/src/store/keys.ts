// Sessions and tokens. Their power, their secrets and their ends are kept by the store of casemate, which makes no key that
// may do more, or lives longer, than the one that somebody came with; here is what else is known of them.
import type { RowFilter } from 'casemate/sql'
import type { StoredToken } from 'casemate/scopes'
import { ApiError, invalidField } from '../api-error.js'
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
  /** Ends a key with those that were made with it; it is still shown. */
  expireKey(userId: string, keyId: string): Promise<void>
  /** The same, and it is shown no more. */
  deleteKey(userId: string, keyId: string): Promise<void>
}

/** How long a session lives after its last use. */
export const sessionSeconds = 7 * 24 * 60 * 60

const columns = `k.id, k.user_id, k.token_name, k.login_type, s.scopes, s.allow_list,
  k.lifetime_seconds::float8 AS lifetime_seconds, s.created_at, k.updated_at,
  coalesce(s.last_used_at, '0001-01-01 00:00:00Z') AS last_used, end_of_key(k.id) AS expires_at`
const joined = 'user_keys AS k JOIN casemate_keys AS s ON s.id = k.id'

export function keyStore(context: Context): KeyStore {
  const { database } = context

  const one = async (condition: string, ...values: readonly string[]): Promise<ApiKey | undefined> => {
    const { rows } = await database.query<ApiKey>(`SELECT ${columns} FROM ${joined} WHERE ${condition}`, [
      ...values
    ])
    return rows[0]
  }

  return {
    createSession: (userId, loginType) =>
      mint(context, userId, {
        loginType,
        tokenName: '',
        scopes: ['coder:all'],
        allowList: ['*:*'],
        lifetime: null,
        idle: sessionSeconds * 1e9
      }),
    createToken: (userId, { scopes, allow_list: allowList, lifetime, token_name: tokenName = '' }) =>
      mint(context, userId, { loginType: 'token', tokenName, scopes, allowList, lifetime }),

    key: (userId, keyId) => one('k.user_id = $1 AND k.id = $2', userId, keyId),
    tokenByName: (userId, name) =>
      one("k.user_id = $1 AND k.token_name = $2 AND k.login_type = 'token'", userId, name),

    tokens: async (where, userId, includesExpired) => {
      const condition = where.toPg(3)
      const { rows } = await database.query<ApiKey>(
        `SELECT ${columns} FROM ${joined}
         WHERE k.user_id = $1 AND k.login_type = 'token' AND ($2 OR end_of_key(k.id) > now()) AND ${condition.text}
         ORDER BY s.created_at DESC, k.id`,
        [userId, includesExpired, ...condition.values]
      )
      return rows
    },

    expireKey: async (userId, keyId) => {
      const { rowCount } = await database.query(
        'UPDATE user_keys SET updated_at = now() WHERE user_id = $1 AND id = $2',
        [userId, keyId]
      )
      if (rowCount === 1) await endKey(context, keyId)
    },

    deleteKey: async (userId, keyId) => {
      const { rowCount } = await database.query('DELETE FROM user_keys WHERE user_id = $1 AND id = $2', [
        userId,
        keyId
      ])
      if (rowCount === 1) await endKey(context, keyId)
    }
  }
}

/** Ends the keys of a user, but for the one of this request. */
export async function endKeys(context: Context, userId: string): Promise<void> {
  const { database, roles, key: used } = context
  for (const { id, isLive } of await roles.keys(userId, database))
    if (isLive && id !== used?.id) await endKey(context, id)
}

/** Whose business it is, the policy has said: the service does it. */
async function endKey({ database, roles }: Context, keyId: string): Promise<void> {
  await roles.revoke(database, roles.policy().systemSubject('system'), keyId)
}

interface NewKey {
  readonly loginType: KeyLoginType
  readonly tokenName: string
  readonly scopes: readonly string[]
  readonly allowList: readonly string[]
  /** In nanoseconds, as requests have it; `null`: as long as it is used. */
  readonly lifetime: number | null
  /** After how many nanoseconds without use it ends. */
  readonly idle?: number
}

async function mint(context: Context, userId: string, key: NewKey): Promise<string> {
  const { database, subject, roles, key: used } = context
  const { loginType, tokenName, allowList, lifetime, idle } = key
  await refuseAbove(context, userId)
  // The names were read under the policy, when they came in.
  const scopes = key.scopes as never[]
  if (!subject.canMint({ scopes, allowList }))
    throw new ApiError(403, 'A key cannot do more than the one that makes it.', {
      detail: 'Ask for scopes and objects that the key of this request has itself.'
    })
  const limits = { scopes, allowList, lifetime, idle }
  // A key of somebody else is made by the service, and ends with the one that asked for it as well.
  const { id, secret } =
    subject.id === userId
      ? await roles.mint(database, subject, limits)
      : await roles.mint(database, roles.policy().systemSubject('system'), {
          ...limits,
          user: userId,
          mintedBy: used?.id
        })
  try {
    await database.query(
      `INSERT INTO user_keys (id, user_id, token_name, login_type, lifetime_seconds)
       VALUES ($1, $2, $3, $4, $5)`,
      [id, userId, tokenName, loginType, lifetime === null ? sessionSeconds : Math.floor(lifetime / 1e9)]
    )
  } catch (error) {
    if ((error as { constraint?: string }).constraint !== 'user_keys_token_name') throw error
    throw invalidField('token_name', 'You have a token of this name already.', 409)
  }
  return secret
}
