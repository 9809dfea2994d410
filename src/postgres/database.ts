// What a store needs of a database. `pgDatabase` is this over PostgreSQL; another one is this over another database, and
// `databaseLaws` says whether it keeps what is promised here. Nothing in this file runs.
import type { TemplateScope } from '../types.js'

/** Where a role is stored and held: everywhere, in one organization, or in one container. */
export interface StoredPlace {
  /** `site`, `org`, or the name of a container. */
  readonly kind: string
  /** The id of the organization or container; empty at the site. */
  readonly id: string
}

/** A custom role by its place and name. */
export interface StoredName extends StoredPlace {
  /** The role's name. */
  readonly name: string
}

/** A custom role as it is stored. */
export interface StoredRole extends StoredName {
  /** The role document as JSON; `null` where the role was removed. */
  readonly document: string | null
  /** The revision that wrote it last. */
  readonly revision: number
}

/** The roles of one moment. */
export interface RoleChanges {
  /** The revision of that moment. */
  readonly revision: number
  /** Every role that was written after the revision asked about, removed ones too, each once. */
  readonly roles: readonly StoredRole[]
}

/** What a user holds at one moment. */
export interface UserRoles {
  /** The revision of that moment. */
  readonly revision: number
  /** Every role that is assigned and has not expired by the database's clock. */
  readonly roles: readonly StoredName[]
}

/** An assignment. */
export interface StoredAssignment extends StoredName {
  /** Who holds the role. */
  readonly user: string
  /** When it ends; `null`: never. */
  readonly expiresAt: Date | null
}

/** A key as it is stored: of its secret, only the hash. */
export interface StoredKey {
  /** Its public part. */
  readonly id: string
  /** Whose roles it has. */
  readonly user: string
  /** What it is called. */
  readonly name: string | null
  /** SHA-256 of the secret, as 64 hexadecimal digits. */
  readonly hash: string
  /** Its scopes; `null`: no limit of that kind. */
  readonly scopes: readonly (string | TemplateScope)[] | null
  /** Its allow list; `null`: no limit of that kind. */
  readonly allowList: readonly string[] | null
  /** Where it may act; `null`: no limit of that kind. */
  readonly onlyOrgs: readonly string[] | null
  /** A session ends so many nanoseconds after its last use; `null` for a key that is none. */
  readonly idle: number | null
  /** The key with which it ends; `null`: none. */
  readonly mintedBy: string | null
  /** When it was made. */
  readonly createdAt: Date
  /** When it ends: of a session, if it is not used until then; `null`: never. */
  readonly expiresAt: Date | null
  /** When it was used last, to the minute; `null`: never. */
  readonly lastUsedAt: Date | null
  /** Whether it, and each key by which it was minted, is neither revoked nor past its end by the database's clock. */
  readonly isLive: boolean
}

/** A key to be stored. */
export interface NewStoredKey extends Pick<
  StoredKey,
  'id' | 'user' | 'name' | 'hash' | 'scopes' | 'allowList' | 'onlyOrgs' | 'idle' | 'mintedBy'
> {
  /**
   * How long it lives from now on by the database's clock, in nanoseconds; `null`: for ever. It ends no later than the key
   * `mintedBy`.
   */
  readonly lifetime: number | null
}

/** How many hold a role. */
export interface HeldRole extends StoredName {
  /** How many users hold it. */
  readonly users: number
  /** One of them. */
  readonly example: string
}

/**
 * A database of roles, assignments and keys. `Tx` is what the application has of an open transaction.
 *
 * Every call rejects in bounded time if the database does not answer. A method with `tx` reads and writes inside that
 * transaction; what it writes is seen by others once the application has committed it. Ids and names are compared as
 * exact texts, and what the database cannot hold exactly is refused with a `RequestError` `invalid_request`.
 */
export interface StoreDatabase<Tx> {
  /**
   * The roles written after a revision, and the revision now, as of one moment. Revisions become visible in their order:
   * whoever saw one sees everything of it and of those before.
   */
  readChanges(since: number, tx?: Tx): Promise<RoleChanges>
  /** What a user holds, and the revision, as of one moment. */
  readUser(user: string, tx?: Tx): Promise<UserRoles>
  /**
   * Takes the lock of all changes until the transaction ends, and gives the revision. From then on reads with `tx` see
   * all that was committed before.
   *
   * @throws StoreError `invalid_transaction` for what is no open transaction in which that holds.
   */
  lock(tx: Tx): Promise<number>
  /** The document of a role as JSON; `undefined` where there is none. */
  readRole(tx: Tx, role: StoredName): Promise<string | undefined>
  /** Writes a role, or with `null` removes it, under the next revision, which it gives. */
  writeRole(tx: Tx, role: StoredName, document: string | null, by: string | null): Promise<number>
  /** Whether somebody holds the role, by assignments that have not expired. */
  isHeld(tx: Tx, role: StoredName): Promise<boolean>
  /** An assignment that has not expired. */
  readAssignment(tx: Tx, user: string, role: StoredName): Promise<StoredAssignment | undefined>
  /** Writes an assignment in place of the one that is there. */
  writeAssignment(tx: Tx, assignment: StoredAssignment, by: string | null): Promise<void>
  /** Removes an assignment, expired or not. */
  deleteAssignment(tx: Tx, user: string, role: StoredName): Promise<void>
  /** Stores a key and gives its end. */
  writeKey(tx: Tx, key: NewStoredKey): Promise<Date | null>
  /** A key by its id, live or not. */
  readKey(id: string, tx?: Tx): Promise<StoredKey | undefined>
  /** All keys of a user, live or not. */
  readKeys(user: string, tx?: Tx): Promise<readonly StoredKey[]>
  /** Notes that a live key is used now; once a minute is enough. */
  touchKey(id: string): Promise<void>
  /** Revokes a key for good. */
  revokeKey(tx: Tx, id: string): Promise<void>
  /** What is held, counted, by assignments that have not expired. */
  listHeld(): Promise<readonly HeldRole[]>
  /**
   * Some users who hold a role by assignments that have not expired, each once, in an order of the database, after one of
   * them or from the first (`''`); none at the end.
   */
  listUsers(after: string): Promise<readonly string[]>
  /** Some live keys in the order of their ids, after an id; none at the end. */
  listKeys(after: string): Promise<readonly StoredKey[]>
  /**
   * Calls `heard` soon after each committed revision, until it calls `lost` once or is stopped. A database that cannot
   * announce anything has no such method: the store looks often enough without.
   */
  listen?(heard: () => void, lost: (error?: unknown) => void): Promise<() => void>
}
