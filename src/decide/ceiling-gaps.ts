// What each ceiling of a subject lacks to let a permission through: a scope, a list entry. Uses only the ceilings, the
// permission and the object's id, so it reveals nothing about roles, ACLs or the object. It imports nothing of the
// proofs, so that code that refuses keys can use this file alone.
import { addEntry, listMatches, AllowListBuilder } from '../request/allow-list.js'
import { type Ceiling } from '../request/ceiling.js'
import type { CompiledPermission } from '../compile/catalogue.js'
import type { CompiledPolicy } from '../compile/compile.js'
import type { CompiledScope } from '../compile/scopes.js'
import { isWithinScopes } from './ceilings.js'
import { longestAllowList } from '../document/ids.js'
import { isList } from '../problems/plain.js'
import { orgListMatches, readOrgList } from '../request/org-list.js'
import { RequestProblems } from '../problems/request-problems.js'

/** One ceiling that refuses. */
export interface CeilingGap {
  /** Its number among the subject's ceilings, from 0. */
  readonly ceiling: number
  /** The scopes of which any one is enough, smallest first; absent where the scopes do not refuse. */
  readonly scopes?: readonly CompiledScope[]
  /**
   * The entries of which any one is enough, narrowest first; empty if the list is full, absent if it does not refuse.
   */
  readonly entries?: readonly string[]
}

/** The gaps of all ceilings, in order; empty where all of them let the permission through. */
export function findGaps(
  compiled: CompiledPolicy,
  ceilings: readonly Ceiling[],
  permission: CompiledPermission,
  id: string | undefined
): CeilingGap[] {
  return ceilings.flatMap(({ scopes, list }, ceiling): CeilingGap[] => {
    const isOutside = scopes !== undefined && !isWithinScopes(scopes, permission, id)
    const isUnlisted = list !== undefined && !listMatches(list, permission.resource, id)
    if (!isOutside && !isUnlisted) return []
    const isFull = list !== undefined && list.targets.length >= longestAllowList
    return [
      {
        ceiling,
        ...(isOutside ? { scopes: scopesWith(compiled, permission) } : {}),
        ...(isUnlisted ? { entries: isFull ? [] : entriesFor(compiled, permission.resource, id) } : {})
      }
    ]
  })
}

/** The scopes that have a permission, those that let through least first; of equal ones the low-level ones first. */
export function scopesWith({ scopes }: CompiledPolicy, permission: CompiledPermission): CompiledScope[] {
  // Any other low-level scope has it only because its action implies it, and lets more through.
  const lowLevel = [`${permission.resource}:*`, permission.name].flatMap((name) => scopes.find(name) ?? [])
  return [...scopes.declared, ...lowLevel]
    .filter((scope) => scope.has(permission))
    .map((scope) => ({ scope, size: sizeOf(scope) }))
    .sort((a, b) => a.size - b.size)
    .map(({ scope }) => scope)
}

/** The number of permissions of a scope, plus a half if a wildcard includes future ones, plus a quarter if declared. */
function sizeOf(scope: CompiledScope): number {
  const { allow, kind } = scope
  const lists = Object.values(allow)
  const isOpen =
    Object.hasOwn(allow, '*') || lists.some((list) => list === '*' || (!isList(list) && 'except' in list))
  return scope.permissions().length + (isOpen ? 0.5 : 0) + (kind === 'low-level' ? 0 : 0.25)
}

/** `type:id` where a list can name the id, then `type:*`. */
export function entriesFor(compiled: CompiledPolicy, type: string, id: string | undefined): string[] {
  const narrow = `${type}:${id ?? '*'}`
  const list = new AllowListBuilder()
  const matches = addEntry(list, narrow, compiled.lists) && listMatches(list, type, id)
  return matches && id !== '*' && id !== undefined ? [narrow, `${type}:*`] : [`${type}:*`]
}

/** A list of organizations that refuses. */
export interface OrgGap {
  /** The number of its ceiling among the subject's, from 0. */
  readonly ceiling: number
  /** The entries of which any one is enough, narrowest first; empty if the list is full. */
  readonly entries: readonly string[]
}

/** The lists of organizations that refuse objects in this one, or in none; in order. */
export function findOrgGaps(
  compiled: CompiledPolicy,
  ceilings: readonly Ceiling[],
  org: string | undefined
): OrgGap[] {
  return ceilings.flatMap(({ orgs }, ceiling): OrgGap[] => {
    if (orgs === undefined || orgListMatches(orgs, org)) return []
    const isFull = orgs.entries.length >= longestAllowList
    return [{ ceiling, entries: isFull ? [] : orgEntriesFor(compiled, org) }]
  })
}

/** The organization where a list can name it, or `*none`; then `*`. */
function orgEntriesFor({ lists }: CompiledPolicy, org: string | undefined): string[] {
  const problems = new RequestProblems()
  const narrow = org ?? '*none'
  const list = readOrgList([narrow], [], lists, problems)
  return !list.isEverywhere && orgListMatches(list, org) ? [narrow, '*'] : ['*']
}
