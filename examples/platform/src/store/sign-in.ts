// What signing in asks of the store, before anybody has signed in: the service asks it as itself.
import { standingRoles } from '../policy.js'
import type { Context } from './context.js'
import type { User } from './users.js'

/** Who somebody is at an identity provider. */
export interface Link {
  readonly provider: 'github' | 'oidc'
  readonly subject: string
  readonly claims: Readonly<Record<string, unknown>>
}

/** Somebody who wants to sign in. */
export interface SigningIn extends Pick<User, 'id' | 'status' | 'login_type'> {
  /** Whether some identity is known to be theirs. */
  readonly is_linked: boolean
}

export interface SignInStore {
  /** Whether there is any account. With `lock`, nobody opens one until the transaction ends. */
  hasUsers(lock?: boolean): Promise<boolean>
  userByEmail(email: string): Promise<SigningIn | undefined>
  userByLink(link: Link): Promise<SigningIn | undefined>
  /** Remembers who a user is there, and what was last said of them. */
  link(userId: string, link: Link): Promise<void>
  /** What the identity provider last said of a user; nothing of one who did not come from there. */
  claims(userId: string, provider: Link['provider']): Promise<Link['claims']>
  /** Gives the first account every power, whoever could give it. */
  giveFirstRoles(userId: string): Promise<void>
}

const columns = `u.id, u.status, u.login_type,
  EXISTS (SELECT FROM user_links AS o WHERE o.user_id = u.id) AS is_linked`

export function signInStore({ database, subject, roles }: Context): SignInStore {
  return {
    hasUsers: async (lock = false) => {
      if (lock) await database.query('LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE')
      const { rowCount } = await database.query('SELECT FROM users WHERE deleted_at IS NULL LIMIT 1')
      return rowCount !== 0
    },

    userByEmail: async (email) => {
      const { rows } = await database.query<SigningIn>(
        `SELECT ${columns} FROM users AS u WHERE lower(u.email) = lower($1) AND u.deleted_at IS NULL`,
        [email]
      )
      return rows[0]
    },

    userByLink: async ({ provider, subject: id }) => {
      const { rows } = await database.query<SigningIn>(
        `SELECT ${columns} FROM user_links AS l JOIN users AS u ON u.id = l.user_id
         WHERE l.provider = $1 AND l.subject = $2 AND u.deleted_at IS NULL`,
        [provider, id]
      )
      return rows[0]
    },

    link: async (userId, { provider, subject: id, claims }) => {
      await database.query(
        `INSERT INTO user_links (provider, subject, user_id, claims) VALUES ($1, $2, $3, $4)
         ON CONFLICT (provider, subject) DO UPDATE SET claims = EXCLUDED.claims`,
        [provider, id, userId, JSON.stringify(claims)]
      )
    },

    claims: async (userId, provider) => {
      const { rows } = await database.query<{ claims: Link['claims'] }>(
        'SELECT claims FROM user_links WHERE user_id = $1 AND provider = $2',
        [userId, provider]
      )
      return rows[0]?.claims ?? {}
    },

    giveFirstRoles: async (userId) => {
      await roles.assign(database, subject, { user: userId, role: standingRoles.firstAccount })
    }
  }
}
