// Tokens, `ID.SECRET`: what a new one may be, and how it is stored. Of the secret only a hash is kept, so whoever reads
// the table can use none of them; the text of a token is seen once, by the one who asked for it.
import { createHash, randomBytes } from 'node:crypto'
import type { ScopeOf } from 'casemate'
import { tokenRequestSchema, type StoredToken } from 'casemate/scopes'
import type { z } from 'zod'
import type { Database } from './database.js'
import { policy } from './policy.js'

const day = 24 * 60 * 60 * 1e9

/** The body of `POST /tokens`; its output is what is stored. */
export const tokenSchema: z.ZodType<StoredToken<ScopeOf<typeof policy>>> = tokenRequestSchema(policy, {
  maxLifetime: 90 * day,
  defaultLifetime: 7 * day
})

/** A hash without salt or delay is enough for 256 random bits; for a password it would not be. */
export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** Stores a token of a person with its limits; the answer is its text. */
export function issueUserToken(database: Database, userId: string, token: StoredToken): Promise<string> {
  return insertToken(database, { ...token, userId })
}

/** Stores the token of an agent, which names no limits: they follow from its workspace, whenever it is used. */
export function issueAgentToken(database: Database, agentId: string): Promise<string> {
  return insertToken(database, { agentId, allow_list: ['*:*'], lifetime: 90 * day })
}

type NewToken = Partial<StoredToken> &
  Pick<StoredToken, 'allow_list' | 'lifetime'> & { readonly userId?: string; readonly agentId?: string }

async function insertToken(database: Database, token: NewToken): Promise<string> {
  const secret = randomBytes(32).toString('base64url')
  const { rows } = await database.query<{ id: string }>(
    `INSERT INTO tokens (name, user_id, agent_id, scopes, allow_list, secret_hash, expires_at)
     VALUES ($1, $2, $3, $4::text[]::api_key_scope[], $5, $6, now() + $7 * interval '1 microsecond')
     RETURNING id`,
    [
      token.token_name,
      token.userId,
      token.agentId,
      token.scopes,
      token.allow_list,
      hashSecret(secret),
      token.lifetime / 1000
    ]
  )
  return rows.map(({ id }) => `${id}.${secret}`).join('')
}
