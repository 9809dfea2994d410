// How often somebody may try a password: from one address, for one account, and for one account from one address. Each is a
// bucket that a wrong password fills and time empties, in the database, so that all processes count the same. The bucket of
// an account does not count where its user has signed in before: nobody locks somebody out by trying.
import { createHash } from 'node:crypto'
import { ApiError } from '../api-error.js'
import type { Context } from './context.js'

/** A try, from an address of the network, for what is called so: an address of mail, which nobody may have. */
export interface Attempt {
  readonly account: string
  readonly address: string
}

export interface AttemptStore {
  /** Counts a try before it is made, so that many at once are not more. @throws ApiError 429, and then nothing is counted. */
  countAttempt(attempt: Attempt): Promise<void>
  /** It was right: it does not count, and the user is known at this address from now on. */
  forgiveAttempt(userId: string, attempt: Attempt): Promise<void>
}

/** How many tries a bucket holds, and after how many seconds it has room for one more. */
interface Limit {
  readonly most: number
  readonly seconds: number
}

const limits = {
  // Behind one address there may be an office.
  address: { most: 50, seconds: 5 },
  pair: { most: 10, seconds: 30 },
  account: { most: 30, seconds: 15 }
} as const satisfies Readonly<Record<string, Limit>>

type Bucket = readonly [limit: Limit, name: Buffer]

const knownDays = 90

export function attemptStore({ database }: Pick<Context, 'database'>): AttemptStore {
  const bucketsOf = async ({ account, address }: Attempt): Promise<readonly Bucket[]> => {
    // In the letters in which accounts are looked for: one that is written otherwise has no buckets of its own.
    const { rows } = await database.query<{ who: string; isKnown: boolean }>(
      `SELECT lower($1::text) AS who, EXISTS (
         SELECT FROM sign_in_places AS p JOIN users AS u ON u.id = p.user_id
         WHERE lower(u.email) = lower($1::text) AND u.deleted_at IS NULL AND p.place = $2) AS "isKnown"`,
      [account, nameOf('address', address)]
    )
    const { who = account, isKnown = false } = rows[0] ?? {}
    return [
      [limits.address, nameOf('address', address)],
      [limits.pair, nameOf('pair', address, who)],
      ...(isKnown ? [] : [[limits.account, nameOf('account', who)] as const])
    ]
  }

  const fill = async ([{ most, seconds }, name]: Bucket): Promise<void> => {
    const { rowCount } = await database.query(
      `INSERT INTO sign_in_attempts AS a VALUES ($1, now() + $2::float8 * interval '1 second')
       ON CONFLICT (bucket) DO UPDATE SET empty_at = greatest(a.empty_at, now()) + $2::float8 * interval '1 second'
       WHERE a.empty_at <= now() + $3::float8 * interval '1 second'`,
      [name, seconds, (most - 1) * seconds]
    )
    if (rowCount !== 0) return
    const { rows } = await database.query<{ wait: number }>(
      `SELECT ceil(extract(epoch FROM empty_at - now()) - $2::float8)::integer AS wait
       FROM sign_in_attempts WHERE bucket = $1`,
      [name, (most - 1) * seconds]
    )
    const wait = Math.max(1, rows[0]?.wait ?? seconds)
    throw new ApiError(429, 'This was tried too often.', {
      detail: `Try again in ${wait} seconds.`,
      retryAfter: wait
    })
  }

  return {
    countAttempt: async (attempt) => {
      // What is empty says nothing. A few at a time, so that there are never many.
      await database.query(
        `DELETE FROM sign_in_attempts WHERE bucket IN
           (SELECT bucket FROM sign_in_attempts WHERE empty_at < now() LIMIT 10 FOR UPDATE SKIP LOCKED)`
      )
      // In one order, so that two who wait for each other's rows do not.
      for (const bucket of await bucketsOf(attempt)) await fill(bucket)
    },

    forgiveAttempt: async (userId, attempt) => {
      for (const [{ seconds }, name] of await bucketsOf(attempt))
        await database.query(
          `UPDATE sign_in_attempts SET empty_at = empty_at - $2::float8 * interval '1 second' WHERE bucket = $1`,
          [name, seconds]
        )
      await database.query(
        `DELETE FROM sign_in_places WHERE user_id = $1 AND seen_at < now() - make_interval(days => $2)`,
        [userId, knownDays]
      )
      await database.query(
        `INSERT INTO sign_in_places (user_id, place) VALUES ($1, $2)
         ON CONFLICT (user_id, place) DO UPDATE SET seen_at = now()`,
        [userId, nameOf('address', attempt.address)]
      )
    }
  }
}

/** What a request says may be long, and is nobody's business. */
function nameOf(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}
