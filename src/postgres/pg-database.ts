// `StoreDatabase` over PostgreSQL. Everything travels as text with explicit casts, so that no setting of the driver
// changes what comes back.
import { olderRevision, StoreError } from './store-error.js'
import { connectInTime, inTime, run, runOnce } from './connection.js'
import type {
  NewStoredKey,
  RoleChanges,
  StoreDatabase,
  StoredAssignment,
  StoredKey,
  StoredName,
  StoredRole,
  UserRoles
} from './database.js'
import { noUuid, storable, tableNames, type TableNames, type TableSettings } from './names.js'
import { keyOf } from './place.js'
import type { PgAnswer, PgPool, PgQueryable } from './pg-types.js'
import { dateIn, keyIn, nameIn, numberIn, textIn, type Row } from './pg-rows.js'
import { changesAtOnce, statementsFor, type Statements } from './pg-statements.js'

/** Where the tables are, and how long to wait for an answer. */
export interface PgDatabaseSettings extends TableSettings {
  /** The pool of the application. */
  readonly pool: PgPool
  /** How many milliseconds a question of the store's own may take. Default: 5,000. */
  readonly timeout?: number | undefined
}

const uuidType = 2950

/**
 * Stored roles in PostgreSQL, in the tables of `casemate generate store`. Its transactions are those of `pg`: a client
 * after `BEGIN`.
 *
 * @throws StoreError `missing_tables`.
 */
export async function pgDatabase(settings: PgDatabaseSettings): Promise<StoreDatabase<PgQueryable>> {
  const { pool, timeout = 5000 } = settings
  const names = tableNames(settings)
  const { fields } = await runOnce(pool, timeout, `SELECT user_id FROM ${names.assignments} LIMIT 0`, [])
  return new PgDatabase(pool, timeout, names, fields[0]?.dataTypeID === uuidType)
}

class PgDatabase implements StoreDatabase<PgQueryable> {
  readonly #pool: PgPool
  readonly #timeout: number
  readonly #names: TableNames
  readonly #isUuid: boolean
  readonly #sql: Statements

  constructor(pool: PgPool, timeout: number, names: TableNames, isUuid: boolean) {
    this.#pool = pool
    this.#timeout = timeout
    this.#names = names
    this.#isUuid = isUuid
    this.#sql = statementsFor(names, isUuid ? 'uuid' : 'text')
  }

  // In pages, so that ten thousand roles hold up nobody else of the process. What is written meanwhile has a higher
  // revision, and is on a later page: together they are the roles of the moment of the last page.
  async readChanges(since: number, tx?: PgQueryable): Promise<RoleChanges> {
    const roles = new Map<string, StoredRole>()
    let [revision, isLast] = [0, false]
    // Every kind and every name comes after the empty text.
    let after = [String(since + 1), '', this.#nowhere, '']
    while (!isLast) {
      const rows = await this.#rows(this.#sql.changes, after, tx)
      const now = this.#revision(rows)
      if (now < revision) throw olderRevision(now, revision)
      revision = now
      const page = rows.filter((row) => typeof row['name'] === 'string')
      for (const row of page) {
        const name = nameIn(row)
        roles.set(`${name.name}\n${keyOf(name)}`, {
          ...name,
          document: documentIn(row),
          revision: numberIn(row, 'revision')
        })
      }
      const last = page.at(-1)
      if (last !== undefined) after = changesAfter(last)
      isLast = page.length < changesAtOnce
    }
    return { revision, roles: [...roles.values()] }
  }

  async readUser(user: string, tx?: PgQueryable): Promise<UserRoles> {
    const rows = await this.#rows(this.#sql.user, [this.#user(user)], tx)
    return {
      revision: this.#revision(rows),
      roles: rows.flatMap((row) => (typeof row['name'] === 'string' ? [nameIn(row)] : []))
    }
  }

  async lock(tx: PgQueryable): Promise<number> {
    const rows = await this.#rows(this.#sql.lock, [], tx)
    const [after] = await this.#rows('SELECT txid_current()::text AS tx', [], tx)
    const [first] = rows
    if (first !== undefined && after?.['tx'] !== first['tx'])
      throw new StoreError('invalid_transaction', 'expected a client in a transaction: send `BEGIN` first')
    if (first !== undefined && first['isolation'] !== 'read committed') {
      // What was committed while this waited for the lock would not be seen.
      const message = `expected a transaction that is \`read committed\`, not \`${textIn(first, 'isolation')}\``
      throw new StoreError('invalid_transaction', message)
    }
    return this.#revision(rows)
  }

  async readRole(tx: PgQueryable, role: StoredName): Promise<string | undefined> {
    const [row] = await this.#rows(this.#sql.role, this.#at(role), tx)
    return row === undefined ? undefined : (documentIn(row) ?? undefined)
  }

  async writeRole(
    tx: PgQueryable,
    role: StoredName,
    document: string | null,
    by: string | null
  ): Promise<number> {
    const values = [...this.#at(role), document, by]
    // With the lock held nobody comes in between. A statement that writes no row takes a revision too.
    const [there] = await this.#rows(this.#sql.hasRole, this.#at(role), tx)
    const statement = there === undefined ? this.#sql.insertRole : this.#sql.updateRole
    const [row] = await this.#rows(statement, values, tx)
    if (row === undefined) throw new TypeError('a role was not written')
    return numberIn(row, 'revision')
  }

  async isHeld(tx: PgQueryable, role: StoredName): Promise<boolean> {
    return (await this.#rows(this.#sql.isHeld, this.#at(role), tx)).length > 0
  }

  async readAssignment(
    tx: PgQueryable,
    user: string,
    role: StoredName
  ): Promise<StoredAssignment | undefined> {
    const [row] = await this.#rows(this.#sql.assignment, [this.#user(user), ...this.#at(role)], tx)
    return row && { user, ...role, expiresAt: dateIn(row, 'expires') }
  }

  async writeAssignment(tx: PgQueryable, assignment: StoredAssignment, by: string | null): Promise<void> {
    const { user, expiresAt } = assignment
    const values = [this.#user(user), ...this.#at(assignment), expiresAt?.toISOString() ?? null, by]
    await this.#rows(this.#sql.assign, values, tx)
  }

  async deleteAssignment(tx: PgQueryable, user: string, role: StoredName): Promise<void> {
    await this.#rows(this.#sql.unassign, [this.#user(user), ...this.#at(role)], tx)
  }

  async writeKey(tx: PgQueryable, key: NewStoredKey): Promise<Date | null> {
    const { id, user, name, hash, scopes, allowList, onlyOrgs, lifetime, idle, mintedBy } = key
    const limits = [scopes, allowList, onlyOrgs].map((limit) => JSON.stringify(limit))
    const times = [lifetime, idle].map((time) => (time === null ? null : String(Math.floor(time / 1000))))
    const values = [id, this.#user(user), name, hash, ...limits, mintedBy, ...times]
    const [row] = await this.#rows(this.#sql.writeKey, values, tx)
    if (row === undefined) throw new TypeError('a key was not written')
    return dateIn(row, 'expires')
  }

  async readKey(id: string, tx?: PgQueryable): Promise<StoredKey | undefined> {
    const [row] = await this.#rows(this.#sql.key, [storable(['key'], 'the id of a key', id)], tx)
    return row && keyIn(row)
  }

  async readKeys(user: string, tx?: PgQueryable): Promise<readonly StoredKey[]> {
    return (await this.#rows(this.#sql.userKeys, [this.#user(user)], tx)).map(keyIn)
  }

  async touchKey(id: string): Promise<void> {
    await this.#rows(this.#sql.touchKey, [id])
  }

  async revokeKey(tx: PgQueryable, id: string): Promise<void> {
    await this.#rows(this.#sql.revokeKey, [id], tx)
  }

  async listHeld(): ReturnType<StoreDatabase<PgQueryable>['listHeld']> {
    const rows = await this.#rows(this.#sql.held, [])
    return rows.map((row) => ({
      ...nameIn(row),
      users: numberIn(row, 'users'),
      example: textIn(row, 'example')
    }))
  }

  async listUsers(after: string): Promise<readonly string[]> {
    const rows = await this.#rows(this.#sql.users, [after === '' ? '' : this.#user(after)])
    return rows.map((row) => textIn(row, 'user_id'))
  }

  async listKeys(after: string): Promise<readonly StoredKey[]> {
    return (await this.#rows(this.#sql.keys, [after])).map(keyIn)
  }

  async listen(heard: () => void, lost: (error?: unknown) => void): Promise<() => void> {
    const client = await connectInTime(this.#pool, this.#timeout)
    let isOver = false
    const end = (): void => {
      if (isOver) return
      isOver = true
      client.release(true)
    }
    const lose = (error?: unknown): void => {
      if (isOver) return
      end()
      lost(error)
    }
    client.on('error', lose)
    client.on('end', lose)
    client.on('notification', heard)
    try {
      await inTime(this.#timeout, run(client, this.#sql.listen, []))
    } catch (error) {
      end()
      throw error
    }
    return end
  }

  async #rows(text: string, values: unknown[], tx?: PgQueryable): Promise<readonly Row[]> {
    const answer: PgAnswer =
      tx === undefined ? await runOnce(this.#pool, this.#timeout, text, values) : await run(tx, text, values)
    return answer.rows
  }

  #revision(rows: readonly Row[]): number {
    const [first] = rows
    if (first !== undefined) return numberIn(first, 'now')
    throw new StoreError('missing_tables', `${this.#names.revision} has no row: run its migration again`)
  }

  #user(user: string): string {
    return storable(['user'], 'the id of a user', user, this.#isUuid)
  }

  get #nowhere(): string {
    return this.#isUuid ? noUuid : ''
  }

  #at({ kind, id, name }: StoredName): [kind: string, id: string, name: string] {
    return [
      storable(['place'], 'a kind of place', kind),
      kind === 'site' ? this.#nowhere : storable(['place', kind], 'the id of a place', id, this.#isUuid),
      storable(['name'], 'the name of a role', name)
    ]
  }
}

function documentIn(row: Row): string | null {
  return row['document'] === null ? null : textIn(row, 'document')
}

/** Where the page after this role begins. */
function changesAfter(row: Row): string[] {
  return ['revision', 'place_kind', 'place_id', 'name'].map((column) => textIn(row, column))
}
