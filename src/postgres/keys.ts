// Keys: a public id to find one, and a secret of 256 random bits of which only the SHA-256 is stored. With so much chance
// in it a fast hash is enough: there is nothing to guess.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { isCasemateError } from '../errors.js'
import type { Subject } from '../policy/types/index.js'
import { settingsError } from '../problems/settings-error.js'
import { quoteValue } from '../problems/quote.js'
import { RequestProblems, shapeError } from '../problems/request-problems.js'
import { isRecord } from '../problems/plain.js'
import type { CeilingInput, TemplateScope } from '../types.js'
import type { StoreDatabase, StoredKey } from './database.js'
import { storable } from './names.js'
import { StoreError } from './store-error.js'
import type { Subjects } from './subjects.js'

/** A key to be made. */
export interface KeyToMint<Scope = string | TemplateScope> extends CeilingInput<Scope> {
  /** How long it lives, in nanoseconds as in token requests; `null`: until it is revoked. */
  readonly lifetime: number | null
  /** What it is called. */
  readonly name?: string | undefined
  /**
   * Makes it a session: it ends so many nanoseconds after its last use, and when `lifetime` says. At least two minutes,
   * since its use is noted to the minute.
   */
  readonly idle?: number | undefined
  /** For a system subject, whose key it is to be. */
  readonly user?: string | undefined
  /** For a system subject, the key with which it was asked for, if it was. */
  readonly mintedBy?: string | undefined
}

/** A key that was made. */
export interface MintedKey {
  /** Its public part, to name it by. */
  readonly id: string
  /** The whole key, for its holder. It is nowhere else, and cannot be had again. */
  readonly secret: string
  /** When it ends; `null`: never. */
  readonly expiresAt: Date | null
}

/** Who came with a key. */
export interface KeyHolder<S = Subject> {
  /** Its owner, under the ceiling of the key. */
  readonly subject: S
  /** The key. */
  readonly key: Pick<StoredKey, 'id' | 'user' | 'name' | 'idle' | 'mintedBy' | 'expiresAt' | 'lastUsedAt'>
}

/** A key as it is told of. */
export type KeyRecord = Omit<StoredKey, 'hash'>

const idBytes = 12
const secretBytes = 32
const keyForm = /^([A-Za-z0-9]+)_([0-9a-f]{24})_([A-Za-z0-9_-]{43})$/
const mintKeys = new Set(['scopes', 'allowList', 'onlyOrgs', 'lifetime', 'name', 'idle', 'user', 'mintedBy'])
const minute = 60_000
const leastIdle = 120e9

export class Keys<Tx> {
  readonly #database: StoreDatabase<Tx>
  readonly #subjects: Subjects<Tx>
  readonly #prefix: string
  readonly #failed: (error: unknown) => void
  /** By the owner, who is the same one for a key as long as nothing has changed. */
  readonly #narrowed = new WeakMap<Subject, { readonly limits: string; readonly subject: Subject }>()

  constructor(
    database: StoreDatabase<Tx>,
    subjects: Subjects<Tx>,
    { prefix, failed }: { readonly prefix: string; readonly failed: (error: unknown) => void }
  ) {
    if (!/^[A-Za-z0-9]{1,32}$/.test(prefix))
      throw settingsError(
        'keyPrefix',
        `expected 1 to 32 letters and digits, not ${quoteValue(prefix)}`,
        prefix
      )
    this.#database = database
    this.#subjects = subjects
    this.#prefix = prefix
    this.#failed = failed
  }

  async mint(tx: Tx, minter: Subject, given: KeyToMint): Promise<MintedKey> {
    const { ceiling, lifetime, idle, name, ...system } = readKey(given)
    const { subject: who } = this.#subjects.data(minter)
    const user = 'system' in who ? system.user : who.id
    if (user === undefined)
      throw shapeError(
        ['key', 'user'],
        'the user whose key it is to be, as a system subject mints it',
        undefined
      )
    // Whose roles a key has and what it ends with, a user does not choose.
    if ('id' in who && (system.user !== undefined || system.mintedBy !== undefined))
      throw shapeError(['key'], 'neither `user` nor `mintedBy`, which only a system subject names', given)
    const decision = minter.explainMint(ceiling)
    if (!decision.allowed)
      throw new StoreError('change_refused', 'not allowed to mint a key that reaches further', { decision })
    const mintedBy = await this.#parentOf(system.mintedBy ?? this.#subjects.originOf(minter)?.key, tx)
    const id = randomBytes(idBytes).toString('hex')
    const secret = `${this.#prefix}_${id}_${randomBytes(secretBytes).toString('base64url')}`
    const expiresAt = await this.#database.writeKey(tx, {
      id,
      user,
      name,
      hash: hashOf(secret).toString('hex'),
      scopes: ceiling.scopes ?? null,
      allowList: ceiling.allowList ?? null,
      onlyOrgs: ceiling.onlyOrgs ?? null,
      lifetime,
      idle,
      mintedBy
    })
    return { id, secret, expiresAt }
  }

  /** With what a key ends that is minted with this one: a session is a way to come in, and ends alone. */
  async #parentOf(key: string | undefined, tx: Tx): Promise<string | null> {
    if (key === undefined) return null
    const { id, idle, mintedBy } = await this.#subjects.requireLive(key, tx)
    return idle === null ? id : mintedBy
  }

  async authenticate(secret: unknown): Promise<KeyHolder | undefined> {
    const [, prefix, id] = (typeof secret === 'string' && keyForm.exec(secret)) || []
    if (typeof secret !== 'string' || id === undefined || prefix !== this.#prefix) return undefined
    const stored = await this.#database.readKey(id)
    if (stored === undefined || !isSecretOf(secret, stored) || !stored.isLive) return undefined
    const owner = await this.#subjects.find(stored.user, id)
    if (owner === undefined) return undefined
    const { user, name, idle, mintedBy, expiresAt, lastUsedAt } = stored
    const subject = this.#narrow(owner, stored)
    await this.#touch(stored)
    return { subject, key: { id, user, name, idle, mintedBy, expiresAt, lastUsedAt } }
  }

  #narrow(owner: Subject, key: StoredKey): Subject {
    const limits = JSON.stringify(ceilingOfKey(key))
    const known = this.#narrowed.get(owner)
    if (known?.limits === limits) return known.subject
    const subject = withinKey(owner, key)
    this.#narrowed.set(owner, { limits, subject })
    return subject
  }

  async list(user: string, tx?: Tx): Promise<readonly KeyRecord[]> {
    const stored = await this.#database.readKeys(storable(['user'], 'the id of a user', user), tx)
    return stored.map(recordOf)
  }

  async revoke(tx: Tx, revoker: Subject, id: string): Promise<boolean> {
    const { subject: who, within = [] } = this.#subjects.data(revoker)
    const stored = await this.#database.readKey(storable(['key'], 'the id of a key', id), tx)
    if (stored === undefined) return false
    const own = this.#subjects.originOf(revoker)?.key
    if (own !== undefined) await this.#subjects.requireLive(own, tx)
    if ('id' in who && who.id !== stored.user)
      throw new StoreError('change_refused', 'not allowed to revoke a key of somebody else')
    // Without a ceiling it could mint any key; one whose scopes are gone has to be revocable too.
    const decision = within.length === 0 ? undefined : revoker.explainMint(ceilingOfKey(stored))
    if (decision?.allowed === false)
      throw new StoreError('change_refused', 'not allowed to revoke a key that reaches further', { decision })
    await this.#database.revokeKey(tx, id)
    return stored.isLive
  }

  /** That a key was used is worth knowing, and not worth refusing it. */
  async #touch({ id, lastUsedAt }: StoredKey): Promise<void> {
    if (lastUsedAt !== null && Date.now() - lastUsedAt.getTime() < minute) return
    try {
      await this.#database.touchKey(id)
    } catch (error) {
      this.#failed(error)
    }
  }
}

function recordOf(key: StoredKey): KeyRecord {
  const {
    id,
    user,
    name,
    scopes,
    allowList,
    onlyOrgs,
    idle,
    mintedBy,
    createdAt,
    expiresAt,
    lastUsedAt,
    isLive
  } = key
  return {
    id,
    user,
    name,
    scopes,
    allowList,
    onlyOrgs,
    idle,
    mintedBy,
    createdAt,
    expiresAt,
    lastUsedAt,
    isLive
  }
}

/** The owner under the ceiling of a key. @throws StoreError `unreadable_key` for one that the policy does not know. */
export function withinKey(owner: Subject, key: StoredKey): Subject {
  const ceiling = ceilingOfKey(key)
  if (Object.keys(ceiling).length === 0) return owner
  try {
    return owner.within(ceiling)
  } catch (error) {
    if (!isCasemateError(error)) throw error
    throw new StoreError('unreadable_key', `the key ${quoteValue(key.id)} cannot be read: ${error.message}`, {
      value: key.id,
      cause: error
    })
  }
}

function ceilingOfKey({ scopes, allowList, onlyOrgs }: StoredKey): CeilingInput {
  return {
    ...(scopes === null ? {} : { scopes }),
    ...(allowList === null ? {} : { allowList }),
    ...(onlyOrgs === null ? {} : { onlyOrgs })
  }
}

/** The parts of a key to be made. What its ceiling holds, minting checks. */
function readKey(given: unknown): {
  readonly ceiling: CeilingInput
  readonly lifetime: number | null
  readonly idle: number | null
  readonly name: string | null
  readonly user: string | undefined
  readonly mintedBy: string | undefined
} {
  if (!isRecord(given)) throw shapeError(['key'], 'a key, `{ scopes, lifetime }`', given)
  const problems = new RequestProblems()
  for (const key of Object.keys(given)) if (!mintKeys.has(key)) problems.addUnknownKey(['key'], key, mintKeys)
  problems.addInherited(['key'], given, mintKeys)
  problems.throwFirst()
  const { lifetime, name, idle, user, mintedBy, ...ceiling } = given
  if (lifetime !== null && !isTime(lifetime, 1))
    throw shapeError(['key', 'lifetime'], 'a whole number of nanoseconds above 0, or null', lifetime)
  if (idle !== undefined && !isTime(idle, leastIdle))
    throw shapeError(['key', 'idle'], 'a whole number of nanoseconds, at least two minutes', idle)
  const text = (key: string, what: string, value: unknown): string | undefined =>
    value === undefined ? undefined : storable(['key', key], what, value)
  return {
    ceiling,
    lifetime,
    idle: idle ?? null,
    name: text('name', 'a name', name) ?? null,
    user: text('user', 'the id of a user', user),
    mintedBy: text('mintedBy', 'the id of a key', mintedBy)
  }
}

function isTime(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least
}

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function isSecretOf(secret: string, { hash }: StoredKey): boolean {
  const stored = Buffer.from(hash, 'hex')
  const own = hashOf(secret)
  return stored.length === own.length && timingSafeEqual(stored, own)
}
