// What a caller says of a key to be made.
import { RequestProblems, shapeError } from '../problems/request-problems.js'
import { isRecord } from '../problems/plain.js'
import type { CeilingInput, TemplateScope } from '../types.js'
import { storable } from './names.js'

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

const mintKeys = new Set(['scopes', 'allowList', 'onlyOrgs', 'lifetime', 'name', 'idle', 'user', 'mintedBy'])
const leastIdle = 120e9

/** The parts of a key to be made. What its ceiling holds, minting checks. */
export function readKey(given: unknown): {
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
