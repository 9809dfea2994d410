// The store: what an application holds. It joins what reads, what changes and what authenticates, and has no logic.
import type { CustomRoleOf, Names, NamesOf, ScopeOf, TemplateScopeOf } from '../document/index.js'
import type { Policy, Subject, WithRoles } from '../policy/types/index.js'
import { quoteValue } from '../problems/quote.js'
import { requireText, shapeError } from '../problems/request-problems.js'
import { settingsError } from '../problems/settings-error.js'
import { Changes, type RoleToAssign, type RoleToSave, type RoleToUnassign } from './changes.js'
import type { StoreDatabase } from './database.js'
import { Follower, longestUnheard, type StoreProblem } from './follower.js'
import type { KeyToMint } from './key-to-mint.js'
import { Keys, type KeyHolder, type MintedKey } from './keys.js'
import type { KeyRecord } from './stored-key.js'
import { pgDatabase, type PgDatabaseSettings } from './pg-database.js'
import type { PgQueryable } from './pg-types.js'
import { type RoleProblem } from './state.js'
import { Subjects, type LoadUser } from './subjects.js'

/** How a store reads. */
export interface StoreSettings<Tx> {
  /**
   * Whether to listen for announcements, on a connection of the pool that is kept. Default: yes. A pooler that changes its
   * sessions delivers none: the store notices, and looks every 250 ms instead.
   */
  readonly listen?: boolean | undefined
  /** Milliseconds between looks of its own. Default: 1,000, and 250 without `listen`. */
  readonly pollEvery?: number | undefined
  /**
   * After so many milliseconds without a look that worked, no policy is given any more: `stale_roles`. `Infinity`: the last
   * one for ever. Default: 60,000.
   */
  readonly maxStale?: number | undefined
  /** Hears what is wrong: roles that cannot be read, a database that does not answer. */
  readonly onProblem?: ((problem: StoreProblem) => void) | undefined
  /** What the application knows of a user: groups, settings, roles from elsewhere, or that they are nobody now. */
  readonly load?: LoadUser<Tx> | undefined
  /** What keys begin with, for those who look for lost ones. Default: `casemate`. */
  readonly keyPrefix?: string | undefined
}

/** Roles, assignments and keys that all processes share. `Tx` is an open transaction of the application. */
export interface RoleStore<N extends Names = Names, Tx = PgQueryable> {
  /** The revision that this process has seen. */
  readonly revision: number

  /** The policy with the custom roles of every place. Ask for it once a request, and do not keep it. */
  policy(): Policy<WithRoles<N>>

  /**
   * The policy once this process has seen a revision, so that a client reads what it wrote, whichever process answers.
   *
   * @throws StoreError `stale_roles` after `timeout` milliseconds (default 2,000), `store_closed`.
   */
  at(revision: number, settings?: { readonly timeout?: number | undefined }): Promise<Policy<WithRoles<N>>>

  /** What is wrong with stored roles. */
  problems(): readonly RoleProblem[]

  /**
   * Writes a custom role, or removes it with `document: null`, and gives its revision. The subject must cover what the role
   * newly allows and what it no longer denies (`canGrant`, `canReplace`), by what it holds while the lock is held. Whether
   * it may edit roles at all is for the application to ask. A role that is held is not removed.
   *
   * The lock is one for all changes and is held until the transaction ends: make this its last step.
   *
   * @throws StoreError `change_refused`, `role_in_use`, `unreadable_role`, `invalid_transaction`; PolicyError for what is no
   * custom role of that place; RequestError `unknown_role` for the removal of none, `invalid_request`.
   */
  save(
    tx: Tx,
    editor: Subject<WithRoles<N>> | Subject<N>,
    role: RoleToSave<CustomRoleOf<Policy<N>>>
  ): Promise<number>

  /**
   * The subject of a user: every role that is assigned and has not expired, and what `load` adds. It is made under the
   * revision at which the assignments were read, so it is as current as the database.
   *
   * @throws StoreError `unreadable_role` where a role that is held means nothing: it might be one that denies;
   * `refused_user` where `load` says that the user is nobody.
   */
  subjectOf(user: string): Promise<Subject<WithRoles<N>>>

  /**
   * The ids of those who are assigned a role that has not expired, each once, after an id or from the first, in an order of
   * the database. They are read in pages, as they are asked for. Who holds nothing is not among them, nor who holds only
   * what `load` adds.
   */
  users(after?: string): AsyncIterable<string>

  /**
   * Gives a role, in place of the same one with another end. The subject must be allowed to (`canAssign`), and to take the
   * role away (`canUnassign`) where it would end sooner than it does.
   *
   * @throws StoreError `change_refused`, `unreadable_role`, `invalid_transaction`; RequestError as `canAssign`.
   */
  assign(tx: Tx, giver: Subject<WithRoles<N>> | Subject<N>, assignment: RoleToAssign): Promise<void>

  /**
   * Takes a role away, if the subject may (`canUnassign`); whether it was held.
   *
   * @throws StoreError `change_refused`, `unreadable_role`, `invalid_transaction`; RequestError as `canUnassign`.
   */
  unassign(tx: Tx, taker: Subject<WithRoles<N>> | Subject<N>, assignment: RoleToUnassign): Promise<boolean>

  /**
   * Makes a key with the roles of the subject, if its own ceilings let it (`canMint`). Whether the subject may mint at all is
   * for the application to ask. A system subject mints for the user that the key names, who has just signed in.
   *
   * A key that was minted with a key ends when that one does. One that was minted in a session (`idle`) ends with what the
   * session was minted by, and with nothing if somebody signed in.
   *
   * @throws StoreError `change_refused`; RequestError for a malformed key, and for a user who names another one.
   */
  mint(
    tx: Tx,
    minter: Subject<WithRoles<N>> | Subject<N>,
    key: KeyToMint<ScopeOf<Policy<N>> | TemplateScopeOf<Policy<N>>>
  ): Promise<MintedKey>

  /**
   * The owner of a key under its ceiling; `undefined` for what is no key, for one that has ended or is revoked, and where
   * `load` says that its owner is nobody.
   *
   * @throws StoreError `unreadable_key` where its ceiling means nothing under this policy; what `subjectOf` throws.
   */
  authenticate(secret: string): Promise<KeyHolder<Subject<WithRoles<N>>> | undefined>

  /**
   * Ends a key for good, with those that were minted with it; whether it was live. Its owner may, with a ceiling only if
   * that lets through what the key does, and a system subject.
   *
   * @throws StoreError `change_refused`.
   */
  revoke(tx: Tx, revoker: Subject<WithRoles<N>> | Subject<N>, key: string): Promise<boolean>

  /** All keys of a user, the newest first, live or not. Their hashes are not among what is told. */
  keys(user: string, tx?: Tx): Promise<readonly KeyRecord[]>

  /** Stops looking and listening, and gives its connection back. The pool stays open. */
  close(): void
}

/** The type of a store over PostgreSQL. `P` is the type of the policy or of its document. */
export type RoleStoreOf<P> = RoleStore<NamesOf<P>>

/**
 * Opens the store of a policy over the tables of `casemate generate store`. It takes one connection of the pool for as long
 * as it listens.
 *
 * @throws what the database throws: a process that never saw the roles must not answer. StoreError `missing_tables`;
 * CasemateError `invalid_settings`.
 */
export function openRoles<N extends Names>(
  policy: Policy<N>,
  settings: StoreSettings<PgQueryable> & PgDatabaseSettings
): Promise<RoleStore<N>>
/** Opens it over another database. */
export function openRoles<N extends Names, Tx>(
  policy: Policy<N>,
  settings: StoreSettings<Tx> & { readonly database: StoreDatabase<Tx> }
): Promise<RoleStore<N, Tx>>
export async function openRoles(
  policy: Policy,
  settings: StoreSettings<PgQueryable> &
    (PgDatabaseSettings | { readonly database: StoreDatabase<PgQueryable> })
): Promise<RoleStore> {
  const { listen = true, maxStale = 60_000, onProblem = () => undefined } = settings
  const {
    pollEvery = listen ? 1000 : longestUnheard,
    load = () => undefined,
    keyPrefix = 'casemate'
  } = settings
  requireAbove0('pollEvery', pollEvery)
  requireAbove0('maxStale', maxStale)
  if (maxStale < pollEvery)
    throw settingsError('maxStale', `${maxStale} is shorter than pollEvery, ${pollEvery}`, maxStale)
  const database = 'database' in settings ? settings.database : await pgDatabase(settings)
  const follower = new Follower(policy, database, { listen, pollEvery, maxStale, onProblem })
  const subjects = new Subjects(database, follower, load)
  const changes = new Changes(database, follower, subjects)
  const failed = (error: unknown): void => {
    onProblem({ code: 'database_failed', message: 'the use of a key was not noted', error })
  }
  const keys = new Keys(database, subjects, { prefix: keyPrefix, failed })
  try {
    await follower.start()
  } catch (error) {
    follower.close()
    throw error
  }
  return Object.freeze<RoleStore>({
    get revision() {
      return follower.state.revision
    },
    policy: () => follower.current().policy,
    at: async (revision, { timeout = 2000 } = {}) => {
      if (!Number.isSafeInteger(revision)) throw shapeError(['revision'], 'a revision', revision)
      return (await follower.at(revision, timeout)).policy
    },
    problems: () => follower.state.problems,
    save: (tx, editor, role) => changes.save(tx, editor, role),
    subjectOf: async (user) => subjects.of(requireText(['user'], 'the id of a user', user)),
    users: (after = '') => subjects.list(after),
    assign: (tx, giver, assignment) => changes.assign(tx, giver, assignment),
    unassign: (tx, taker, assignment) => changes.unassign(tx, taker, assignment),
    mint: (tx, minter, key) => keys.mint(tx, minter, key),
    authenticate: (secret) => keys.authenticate(secret),
    revoke: (tx, revoker, key) => keys.revoke(tx, revoker, key),
    keys: (user, tx) => keys.list(user, tx),
    close: () => {
      follower.close()
    }
  })
}

function requireAbove0(name: string, value: unknown): void {
  if (typeof value !== 'number' || !(value > 0))
    throw settingsError(name, `expected a number of milliseconds above 0, not ${quoteValue(value)}`, value)
}
