// What is private about an account: how it is signed in to, how things look, its key for git.
import { ApiError } from '../api-error.js'
import { createGitSshKey } from '../secrets/git-ssh-key.js'
import { seal } from '../secrets/sealed.js'
import type { Context } from './context.js'
import { endKeys } from './keys.js'
import { refuseAbove } from './standing.js'
import type { LoginType } from './users.js'

export interface GitSshKeyRow {
  readonly user_id: string
  readonly public_key: string
  readonly created_at: Date
  readonly updated_at: Date
}

export interface Parameter {
  readonly name: string
  readonly value: string
}

export type Settings = Readonly<Record<string, unknown>>

export interface PersonalStore {
  loginType(id: string): Promise<LoginType>
  /** What is compared with a password, if there is one. */
  passwordHash(id: string): Promise<string | undefined>
  /** Ends every other session and token. Not of somebody whose roles one could not give and take. */
  setPassword(id: string, hash: string): Promise<void>
  /** What was stored, without defaults. */
  appearance(id: string): Promise<Settings>
  setAppearance(id: string, settings: Settings): Promise<Settings>
  preferences(id: string): Promise<Settings>
  /** Replaces what is given, and leaves the rest. */
  setPreferences(id: string, settings: Settings): Promise<Settings>
  /** What this user chose for a template's parameters, the last time that each was asked. */
  parameters(id: string, templateId: string): Promise<Parameter[]>
  /** The key pair for git, which is made when it is first asked for. The private part is shown to nobody. */
  gitSshKey(id: string): Promise<GitSshKeyRow>
  /** A new pair in place of the old. Not of somebody whose roles one could not give and take. */
  replaceGitSshKey(id: string): Promise<GitSshKeyRow>
}

export function personalStore(context: Context): PersonalStore {
  const { database, sealingKey } = context

  const read = async <T>(column: string, id: string): Promise<T | undefined> => {
    const { rows } = await database.query<{ value: T }>(
      `SELECT ${column} AS value FROM users WHERE id = $1`,
      [id]
    )
    return rows[0]?.value
  }

  const merge = async (column: string, id: string, settings: Settings): Promise<Settings> => {
    const { rows } = await database.query<{ value: Settings }>(
      `UPDATE users SET ${column} = ${column} || $2::jsonb WHERE id = $1 RETURNING ${column} AS value`,
      [id, JSON.stringify(settings)]
    )
    return rows[0]?.value ?? {}
  }

  const writeKey = async (id: string, isReplacing: boolean): Promise<GitSshKeyRow | undefined> => {
    const { publicKey, privateKey } = createGitSshKey()
    const { rows } = await database.query<GitSshKeyRow>(
      `INSERT INTO git_ssh_keys (user_id, public_key, private_key) VALUES ($1, $2, $3)
       ON CONFLICT (user_id) DO ${
         isReplacing
           ? 'UPDATE SET public_key = EXCLUDED.public_key, private_key = EXCLUDED.private_key, updated_at = now()'
           : 'NOTHING'
       } RETURNING user_id, public_key, created_at, updated_at`,
      [id, publicKey, seal(privateKey, sealingKey, `git_ssh_key:${id}`)]
    )
    return rows[0]
  }

  const readKey = async (id: string): Promise<GitSshKeyRow | undefined> => {
    const { rows } = await database.query<GitSshKeyRow>(
      'SELECT user_id, public_key, created_at, updated_at FROM git_ssh_keys WHERE user_id = $1',
      [id]
    )
    return rows[0]
  }

  const required = (row: GitSshKeyRow | undefined): GitSshKeyRow => {
    if (row === undefined) throw new Error('a key for git was neither read nor written')
    return row
  }

  return {
    loginType: async (id) => (await read<LoginType>('login_type', id)) ?? 'none',
    passwordHash: async (id) => (await read<string | null>('password_hash', id)) ?? undefined,

    setPassword: async (id, hash) => {
      await refuseAbove(context, id, true)
      const type = await read<LoginType>('login_type', id)
      if (type !== 'password')
        throw new ApiError(400, 'This user does not sign in with a password.', { detail: `It is ${type}.` })
      await database.query('UPDATE users SET password_hash = $2, updated_at = now() WHERE id = $1', [
        id,
        hash
      ])
      await endKeys(context, id)
    },

    appearance: async (id) => (await read<Settings>('appearance', id)) ?? {},
    setAppearance: (id, settings) => merge('appearance', id, settings),
    preferences: async (id) => (await read<Settings>('preferences', id)) ?? {},
    setPreferences: (id, settings) => merge('preferences', id, settings),

    parameters: async (id, templateId) => {
      const { rows } = await database.query<Parameter>(
        `SELECT DISTINCT ON (p.name) p.name, p.value
         FROM workspaces AS w JOIN workspace_parameters AS p ON p.workspace_id = w.id
         WHERE w.owner_id = $1 AND w.template_id::text = lower($2) ORDER BY p.name, w.updated_at DESC`,
        [id, templateId]
      )
      return rows
    },

    gitSshKey: async (id) =>
      required((await readKey(id)) ?? (await writeKey(id, false)) ?? (await readKey(id))),
    replaceGitSshKey: async (id) => {
      await refuseAbove(context, id)
      return required(await writeKey(id, true))
    }
  }
}
