// Subjects of users, from what is assigned to them and what the application adds. A subject that asks for a change is made
// anew while the lock is held, so that it has what it holds then, and not what it held when its request came in.
import { quoteValue } from '../problems/quote.js'
import { shapeError } from '../problems/request-problems.js'
import { compiledOf } from '../compile/compile.js'
import { isCasemateError } from '../errors.js'
import { provenStateOf, subjectFrom } from '../policy/internals.js'
import { heldFrom, subjectData } from '../policy/subject-data.js'
import type { Policy, Subject } from '../policy/types/index.js'
import type { OrgOptions, RoleHeld } from '../types.js'
import type { StoreDatabase, StoredKey, StoredName } from './database.js'
import type { Follower } from './follower.js'
import { placeGiven } from './place.js'
import { Recent } from './recent.js'
import { problemOf, type RoleState } from './state.js'
import { olderRevision, StoreError } from './store-error.js'

/** What an application knows of a user besides the roles that are assigned in the store. */
export interface UserFacts {
  /** Further roles, from elsewhere. */
  readonly roles?: readonly RoleHeld[] | undefined
  /** The groups that ACL entries may name. */
  readonly groups?: readonly string[] | undefined
  /** Settings by organization. */
  readonly orgOptions?: OrgOptions | undefined
}

/**
 * Asks the application about a user, each time that a subject is made. `null` says that they are nobody now (unknown, locked
 * out, gone): no subject is made, and their keys open nothing. Where there is a transaction, it holds the lock of
 * all changes: ask on it, and not on a pool whose connections may all be waiting for that lock.
 */
export type LoadUser<Tx> = (
  user: string,
  tx: Tx | undefined
) => UserFacts | null | undefined | Promise<UserFacts | null | undefined>

/** Who a subject of the store is, and the key that it came with. */
interface Origin {
  readonly user: string
  readonly key: string | undefined
}

const mostAttempts = 5

/** @throws StoreError `refused_user` where the application says that a user is nobody. */
function requireSomebody(
  user: string,
  facts: UserFacts | null | undefined
): asserts facts is UserFacts | undefined {
  if (facts !== null) return
  throw new StoreError('refused_user', `${quoteValue(user)} is nobody now`, { value: user })
}

export class Subjects<Tx> {
  readonly #database: StoreDatabase<Tx>
  readonly #follower: Follower<Tx>
  readonly #load: LoadUser<Tx>
  readonly #recent = new Recent<Subject>()
  /** By the groups of a subject, which `within` passes on to those that it makes. */
  readonly #origins = new WeakMap<ReadonlySet<string>, Origin>()

  constructor(database: StoreDatabase<Tx>, follower: Follower<Tx>, load: LoadUser<Tx>) {
    this.#database = database
    this.#follower = follower
    this.#load = load
  }

  /**
   * The subject of a user, with what is assigned at this moment: the one of before where nothing has changed.
   *
   * @throws StoreError `refused_user`, `unreadable_role`, `stale_roles`, `older_revision`; RequestError for what the
   * application adds.
   */
  async of(user: string, key?: string): Promise<Subject> {
    for (let attempt = 1; ; attempt++) {
      const seen = this.#follower.state.revision
      const [facts, { revision, roles }] = await Promise.all([
        this.#load(user, undefined),
        this.#database.readUser(user)
      ])
      if (revision < seen) throw olderRevision(revision, seen)
      // Before anything is compared: as text, nobody is like nothing to add.
      requireSomebody(user, facts)
      const state = await this.#follower.at(revision, 2000)
      try {
        const made = { of: state, text: JSON.stringify([roles, facts]) }
        return this.#recent.get(`${key ?? ''} ${user}`, made, () =>
          this.#make(state, { user, key }, roles, facts)
        )
      } catch (error) {
        // A role was removed between the two: what is assigned changed before that.
        if (state.revision === revision || attempt === mostAttempts) throw error
      }
    }
  }

  /** The same; `undefined` where the application says that the user is nobody. */
  async find(user: string, key: string): Promise<Subject | undefined> {
    try {
      return await this.of(user, key)
    } catch (error) {
      if (error instanceof StoreError && error.code === 'refused_user') return undefined
      throw error
    }
  }

  /** Everybody who is assigned a role, page by page. */
  async *list(after: string): AsyncGenerator<string, void, undefined> {
    for (let last: string | undefined = after; last !== undefined;) {
      const users: readonly string[] = await this.#database.listUsers(last)
      yield* users
      last = users.at(-1)
    }
  }

  /**
   * The subject as it is inside a transaction that has the lock: with the roles that are stored and assigned there, and with
   * every ceiling that it has. The roles of one that the store did not make are those that it was made with.
   *
   * @throws StoreError `change_refused` if the key that it came with has ended.
   */
  async again(given: Subject, state: RoleState, tx: Tx): Promise<Subject> {
    const { subject: who, within = [] } = this.data(given)
    const origin = this.originOf(given)
    let subject: Subject
    if (origin !== undefined) {
      if (origin.key !== undefined) await this.requireLive(origin.key, tx)
      // One after the other: a connection has one statement at a time.
      const facts = await this.#load(origin.user, tx)
      requireSomebody(origin.user, facts)
      const { roles } = await this.#database.readUser(origin.user, tx)
      subject = this.#make(state, origin, roles, facts)
    } else
      subject =
        'system' in who
          ? state.policy.systemSubject(who.system)
          : state.policy.subject({ ...who, roles: who.roles.map(heldFrom) })
    return within.reduce((narrowed, ceiling) => narrowed.within(ceiling), subject)
  }

  /** Where a subject of this store comes from. */
  originOf(subject: Subject): Origin | undefined {
    const proven = provenStateOf(this.#follower.state.policy, subject)
    return proven && this.#origins.get(proven.groups)
  }

  /** The request form of a subject of the policy. @throws RequestError `invalid_request` for anything else. */
  data(subject: Subject): ReturnType<typeof subjectData> {
    const { policy } = this.#follower.state
    if (provenStateOf(policy, subject)?.compiled.catalogue !== compiledOf(policy).catalogue)
      throw shapeError(['subject'], 'a subject of the policy of this store', subject)
    return subjectData(subject)
  }

  /** A key that has not ended. @throws StoreError `change_refused` for any other. */
  async requireLive(key: string, tx: Tx): Promise<StoredKey> {
    const stored = await this.#database.readKey(key, tx)
    if (stored?.isLive === true) return stored
    throw new StoreError('change_refused', `the key ${quoteValue(key)} has ended`)
  }

  #make(
    state: RoleState,
    origin: Origin,
    roles: readonly StoredName[],
    { roles: further = [], groups, orgOptions }: UserFacts = {}
  ): Subject {
    const { user } = origin
    for (const role of roles) {
      const problem = problemOf(state, role)
      if (problem?.code === 'unreadable_role')
        throw new StoreError(
          'unreadable_role',
          `${quoteValue(user)} holds a role that is none: ${problem.message}`,
          {
            value: role.name
          }
        )
    }
    const held = roles.map((role) => ({ role: role.name, ...placeGiven(role) }))
    try {
      return this.#remember(
        state.policy,
        state.policy.subject({ id: user, roles: [...held, ...further], groups, orgOptions }),
        origin
      )
    } catch (error) {
      if (!isCasemateError(error) || !roleCodes.has(error.code)) throw error
      throw new StoreError(
        'unreadable_role',
        `${quoteValue(user)} holds a role that is none: ${error.message}`,
        {
          value: error.value,
          hint: error.hint,
          cause: error
        }
      )
    }
  }

  #remember(policy: Policy, subject: Subject, origin: Origin): Subject {
    const state = provenStateOf(policy, subject)
    if (state === undefined) throw new TypeError('a subject was made that is none')
    const groups = new Set(state.groups)
    this.#origins.set(groups, origin)
    return subjectFrom(policy, { ...state, groups })
  }
}

const roleCodes: ReadonlySet<string> = new Set([
  'unknown_role',
  'role_needs_org',
  'role_takes_no_org',
  'role_needs_container',
  'role_takes_no_container'
])
