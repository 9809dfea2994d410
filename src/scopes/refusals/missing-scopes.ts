// What a key lacks to be let through, computed only from its ceilings, the permission and the object's type and id.
// Roles, ACLs and the rest of the object are not read, so the answer reveals nothing about them.
import type { Subject } from '../../policy/types/index.js'
import type { CompiledPermission, Permission } from '../../compile/catalogue.js'
import type { CompiledPolicy } from '../../compile/compile.js'
import { findPermission } from '../../request/ask.js'
import type { ActionOf, Names, ResourceOf, ScopeOf } from '../../document/index.js'
import { ownField, rowField } from '../../problems/own-fields.js'
import { shapeError } from '../../problems/request-problems.js'
import { findGaps } from '../../decide/ceiling-gaps.js'
import type { ListedObject } from '../allow-lists.js'
import { quoteValue } from '../../problems/quote.js'
import { isRecord } from '../../problems/plain.js'
import { stateOf } from '../../request/state.js'

/**
 * What a key lacks. Adding one of the scopes (if there are any) and the entry (if there is one) lets the action
 * through.
 */
export interface MissingScopes<S extends string = string> {
  /** `resource:action`. */
  readonly permission: string
  /** Whether scopes refuse, including a template's own list. */
  readonly isOutsideScope: boolean
  /**
   * The public scopes that would let it through, smallest first: by how much they let through, those without wildcard
   * before those with one. Empty where scopes do not refuse, and where no public scope has the permission.
   */
  readonly scopes: readonly S[]
  /** Whether an allow list of the subject refuses. */
  readonly isOutsideAllowList: boolean
  /** The narrowest entry that the list lacks; absent where no list refuses, and where it is full (128). */
  readonly allowListEntry?: string
}

/**
 * What the subject's ceilings lack to let the action through on the object; `undefined` where they let it through. It
 * reads only the object's type and id, and does not check whether a role or an ACL grants, so everybody with the same
 * ceilings gets the same answer. With several ceilings, each one that refuses lacks the same.
 *
 * @throws RequestError `unknown_resource`, `unknown_action`; `invalid_request` for a type or an id that is not a text,
 * and for a resolved permission of another resource.
 */
export function missingScopes<N extends Names, R extends ResourceOf<Subject<N>>>(
  subject: Subject<N>,
  action: ActionOf<Subject<N>, R> | Permission<R>,
  object: ListedObject<R>
): MissingScopes<ScopeOf<Subject<N>>> | undefined
export function missingScopes(
  subject: Subject,
  action: string | Permission,
  object: ListedObject
): MissingScopes | undefined {
  const { compiled, ceilings } = stateOf(subject)
  const permission = readPermission(compiled, action, object)
  const gaps = findGaps(compiled, ceilings, permission, readId(object))
  if (gaps.length === 0) return undefined
  const scopes = gaps.find((gap) => gap.scopes !== undefined)?.scopes
  const entries = gaps.flatMap((gap) => (gap.entries === undefined ? [] : [gap.entries]))
  // Every list lacks the same entries, but for one that is full: no entry helps then.
  const [entry] = entries.find((lacking) => lacking.length === 0) ?? entries[0] ?? []
  return {
    permission: permission.name,
    isOutsideScope: scopes !== undefined,
    isOutsideAllowList: entries.length > 0,
    scopes: (scopes ?? []).filter(({ isPublic }) => isPublic).map(({ name }) => name),
    ...(entry === undefined ? {} : { allowListEntry: entry })
  }
}

function readPermission(
  compiled: CompiledPolicy,
  action: string | Permission,
  object: ListedObject
): CompiledPermission {
  if (!isRecord(object)) throw shapeError(['object'], 'an object with a `type`', object)
  const type = rowField(object, 'type')
  if (!isRecord(action)) return findPermission(compiled, action, type)
  const resource = ownField(action, 'resource')
  if (resource !== type) throw shapeError(['object', 'type'], `the type ${quoteValue(resource)}`, type)
  return findPermission(compiled, ownField(action, 'action'), type)
}

function readId(object: ListedObject): string | undefined {
  const id = rowField(object, 'id')
  if (id === undefined || id === null || id === '') return undefined
  if (typeof id === 'string') return id
  throw shapeError(['object', 'id'], 'a text', id)
}
