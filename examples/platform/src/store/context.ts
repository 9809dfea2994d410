// What the methods of a store work with: one connection, for one subject.
import type { Database } from '../database/connection.js'
import type { AppRoles, AppSubject } from '../policy.js'

export interface Context {
  /** The connection of the transaction; the pool for a statement outside of one. */
  readonly database: Database
  readonly subject: AppSubject
  /** The key that the subject came with; services of the application have none. */
  readonly key: UsedKey | undefined
  readonly roles: AppRoles
  /** What secrets are sealed under before they are stored. */
  readonly sealingKey: Buffer
}

/** Who asks, and the key that they came with; services of the application have none. */
export interface Caller {
  readonly subject: AppSubject
  readonly key?: UsedKey | undefined
}

export interface UsedKey {
  readonly id: string
}
