// Accounts: who there is, and the state of each. What is private about one is in personal.ts.
import { randomUUID } from 'node:crypto'
import type { RowFilter } from 'casemate/sql'
import { invalidField, NotFoundError } from '../api-error.js'
import { standingRoles } from '../policy.js'
import type { Context } from './context.js'
import { giveStanding, type HeldRole } from './roles.js'
import { endKeys } from './keys.js'
import { refuseAbove, refuseSelf } from './standing.js'

export type LoginType = 'password' | 'github' | 'oidc' | 'token' | 'none'
export type UserStatus = 'active' | 'dormant' | 'suspended'

export interface User {
  readonly id: string
  readonly username: string
  readonly email: string
  readonly name: string
  readonly login_type: LoginType
  readonly status: UserStatus
  readonly is_service_account: boolean
  readonly has_ai_seat: boolean
  readonly avatar_url: string
  readonly theme_preference: string
  readonly created_at: Date
  readonly updated_at: Date
  readonly last_seen_at: Date
  /** Every role that is held now, standing ones too. */
  readonly roles: readonly HeldRole[]
}

export interface NewUser {
  readonly username: string
  readonly email: string
  readonly name: string
  readonly avatarUrl?: string | undefined
  readonly loginType: LoginType
  readonly passwordHash?: string | undefined
  readonly status: UserStatus
  readonly isServiceAccount: boolean
}

/** Which users a list has, and which part of them. */
export interface UserSearch {
  /** Each is in the username, the email or the name. */
  readonly texts: readonly string[]
  readonly status?: string | undefined
  readonly loginType?: string | undefined
  readonly role?: string | undefined
  readonly afterId?: string | undefined
  readonly limit: number
  readonly offset: number
}

/** Ids are UUIDs; another text in place of one is an error of the database. */
export interface UserStore {
  /** The id of an account that is not closed, by its id or its name. @throws NotFoundError */
  findUser(idOrName: string): Promise<string>
  user(id: string): Promise<User | undefined>
  /** The same, for those who may see what is private about it. */
  userWithRoles(id: string): Promise<User | undefined>
  /** By their names, in order. */
  users(where: RowFilter, search: UserSearch): Promise<User[]>
  /** How many there are on all pages. */
  countUsers(where: RowFilter, search: UserSearch): Promise<number>
  /** Opens an account with what every account has; the answer is its id. */
  createUser(user: NewUser): Promise<string>
  /** Not of somebody whose roles one could not give or take: a name is who somebody is to others. */
  setProfile(id: string, profile: { readonly username: string; readonly name: string }): Promise<void>
  /** Not one's own, nor that of somebody whose roles one could not give or take. */
  setStatus(id: string, status: UserStatus): Promise<void>
  /** Closes an account, with its roles and keys. Not one's own, nor that of somebody whose roles one could not take. */
  deleteUser(id: string): Promise<void>
}

const columns = `u.id, u.username, u.email, u.name, u.login_type, u.status, u.is_service_account, u.has_ai_seat,
  u.avatar_url, coalesce(u.appearance ->> 'theme_preference', '') AS theme_preference,
  u.created_at, u.updated_at, u.last_seen_at,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('role', a.role, 'kind', a.place_kind, 'id', a.place_id)
      ORDER BY a.role, a.place_id), '[]')
    FROM casemate_assignments AS a
    WHERE a.user_id = u.id AND (a.expires_at IS NULL OR a.expires_at > now())) AS roles`

export function userStore(context: Context): UserStore {
  const { database } = context

  const user = async (id: string): Promise<User | undefined> => {
    const { rows } = await database.query<User>(
      `SELECT ${columns} FROM users AS u WHERE u.id = $1 AND u.deleted_at IS NULL`,
      [id]
    )
    return rows[0]
  }

  return {
    findUser: async (idOrName) => {
      const { rows } = await database.query<{ id: string | null }>('SELECT find_user($1, $2) AS id', [
        idOrName,
        isUuid(idOrName)
      ])
      const id = rows[0]?.id ?? undefined
      if (id === undefined) throw new NotFoundError()
      return id
    },

    user,
    userWithRoles: user,

    users: async (where, { afterId, limit, offset, ...search }) => {
      const condition = where.toPg(8)
      // Where a page begins is found among the rows that may be seen, so that it says nothing of the others.
      const { rows } = await database.query<User>(
        `WITH visible AS (SELECT * FROM users AS u WHERE ${matches} AND ${condition.text})
         SELECT ${columns} FROM visible AS u
         WHERE $5::uuid IS NULL
           OR (lower(u.username), u.id) > (SELECT lower(v.username), v.id FROM visible AS v WHERE v.id = $5::uuid)
         ORDER BY lower(u.username), u.id LIMIT $6 OFFSET $7`,
        [...searched(search), afterId, limit, offset, ...condition.values]
      )
      return rows
    },

    countUsers: async (where, search) => {
      const condition = where.toPg(5)
      const { rows } = await database.query<{ count: number }>(
        `SELECT count(*)::integer AS count FROM users AS u WHERE ${matches} AND ${condition.text}`,
        [...searched(search), ...condition.values]
      )
      return rows[0]?.count ?? 0
    },

    createUser: async (user) => {
      const {
        username,
        email,
        name,
        avatarUrl = '',
        loginType,
        passwordHash,
        status,
        isServiceAccount
      } = user
      // Not by RETURNING, which reads: who opens an account may not be one who sees it.
      const id = randomUUID()
      await unique(() =>
        database.query(
          `INSERT INTO users (id, username, email, name, avatar_url, login_type, password_hash, status, is_service_account)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
          [id, username, email, name, avatarUrl, loginType, passwordHash, status, isServiceAccount]
        )
      )
      await giveStanding(context, id, standingRoles.account)
      return id
    },

    setProfile: async (id, { username, name }) => {
      await refuseAbove(context, id)
      await unique(() =>
        database.query('UPDATE users SET username = $2, name = $3, updated_at = now() WHERE id = $1', [
          id,
          username,
          name
        ])
      )
    },

    setStatus: async (id, status) => {
      refuseSelf(context, id, 'the status of your own account')
      await refuseAbove(context, id)
      await database.query('UPDATE users SET status = $2, updated_at = now() WHERE id = $1', [id, status])
    },

    deleteUser: async (id) => {
      refuseSelf(context, id, 'your own account')
      await refuseAbove(context, id)
      await endKeys(context, id)
      for (const table of ['casemate_assignments', 'user_links', 'git_ssh_keys'])
        await database.query(`DELETE FROM ${table} WHERE user_id = $1`, [id])
      await database.query('UPDATE users SET deleted_at = now(), password_hash = NULL WHERE id = $1', [id])
    }
  }
}

const matches = `u.deleted_at IS NULL
  AND ($1::text IS NULL OR u.status = $1) AND ($2::text IS NULL OR u.login_type = $2)
  AND ($3::text IS NULL OR EXISTS (SELECT FROM casemate_assignments AS a WHERE a.user_id = u.id AND a.role = $3))
  AND NOT EXISTS (SELECT FROM unnest($4::text[]) AS t (text)
    WHERE position(lower(t.text) IN lower(u.username || ' ' || u.email || ' ' || u.name)) = 0)`

function searched({ status, loginType, role, texts }: Omit<UserSearch, 'limit' | 'offset'>): unknown[] {
  return [status, loginType, role, texts]
}

/** A text by which rows are found by their ids, and never by their names, which are shorter. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}

const uniqueFields: Readonly<Record<string, string>> = { users_username: 'username', users_email: 'email' }

/** Says which field is taken. */
async function unique<T>(write: () => Promise<T>): Promise<T> {
  try {
    return await write()
  } catch (error) {
    const { constraint = '' } = error as { readonly constraint?: string }
    const field = uniqueFields[constraint]
    throw field === undefined ? error : invalidField(field, 'This is taken already.', 409)
  }
}
