// Keys: a public id to find one, and a secret of 256 random bits of which only the SHA-256 is stored. With so much chance
// in it a fast hash is enough: there is nothing to guess.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Subject } from '../policy/types/index.js'
import { settingsError } from '../problems/settings-error.js'
import { quoteValue } from '../problems/quote.js'
import { shapeError } from '../problems/request-problems.js'
import type { StoreDatabase, StoredKey } from './database.js'
import { readKey, type KeyToMint } from './key-to-mint.js'
import { storable } from './names.js'
import { StoreError } from './store-error.js'
import { ceilingOfKey, recordOf, withinKey, type KeyRecord } from './stored-key.js'
import type { Subjects } from './subjects.js'

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

const idBytes = 12
const secretBytes = 32
const keyForm = /^([A-Za-z0-9]+)_([0-9a-f]{24})_([A-Za-z0-9_-]{43})$/
const minute = 60_000

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

function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

function isSecretOf(secret: string, { hash }: StoredKey): boolean {
  const stored = Buffer.from(hash, 'hex')
  const own = hashOf(secret)
  return stored.length === own.length && timingSafeEqual(stored, own)
}
