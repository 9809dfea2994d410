// What a key leaves of what its subject may do: the spec's section 2, withinScope, withinAllowList and withinOrgs.
import { grantsAllowing, type ListEntry } from './document.js'
import type { Asked, CheckedSubject } from './request.js'
import type { CheckedObject } from './shape.js'
import { orgsOf } from './votes.js'

/** What refuses among scopes and lists, or nothing. "Asked in that order: scopes (of every ceiling), lists." */
export function refusalByKey(
  { document, subject, object }: Asked,
  action: string
): 'outside_scope' | 'outside_allow_list' | undefined {
  // "No scopes → no ceiling. Else some scope has the permission and, where that scope carries an allow list of its
  // own, its list matches the object."
  const covering = subject.ceilings.map(({ scopes }) =>
    scopes?.filter(
      ({ allow }) => grantsAllowing(document, allow, object.type, action, object.attributes).length > 0
    )
  )
  if (covering.some((scopes) => scopes?.length === 0)) return 'outside_scope'
  const isOutsideScopeLists = covering.some(
    (scopes) => scopes !== undefined && !scopes.some(({ list }) => isListed(list, object))
  )
  const isOutsideOwnList = subject.ceilings.some(({ allowList }) => !isListed(allowList, object))
  return isOutsideScopeLists || isOutsideOwnList ? 'outside_allow_list' : undefined
}

/** "No list → no limit. Else an entry matches: type equal or `*`, and id equal or `*`." */
function isListed(list: readonly ListEntry[] | undefined, object: CheckedObject): boolean {
  if (list === undefined) return true
  // "An object without id matches only `type:*` and `*:*`", also where its id is written as an empty string.
  return list.some(
    ({ type, id }) => (type === '*' || type === object.type) && (id === '*' || id === object.id)
  )
}

/** withinOrgs; under `anyOrg`, whether the lists leave any organization at all. */
export function isWithinOrgs({ subject, object }: Asked): boolean {
  // "Of an empty set nothing is allowed."
  if (object.anyOrg) return orgsLeft(subject)?.size !== 0
  return orgLists(subject).every((list) => {
    // "The list holds `*`, or the object's `org`, or `*none` where it has none; `*` and `*none` are never taken for
    // ids."
    if (list.includes('*')) return true
    return object.org === undefined ? list.includes('*none') : idsIn(list).includes(object.org)
  })
}

/**
 * "The organizations that count are those in which the subject holds an organization role, without those that a list of
 * `onlyOrgs` leaves out."
 */
export function orgsThatCount(subject: CheckedSubject): string[] {
  const left = orgsLeft(subject)
  return orgsOf(subject).filter((org) => left === undefined || left.has(org))
}

/**
 * "The lists that are laid one on another leave everything (each holds `*`) or a set of organizations (`*none` is none
 * of them)"; everything is undefined.
 */
function orgsLeft(subject: CheckedSubject): ReadonlySet<string> | undefined {
  const lists = orgLists(subject).filter((list) => !list.includes('*'))
  const [first, ...others] = lists.map(idsIn)
  if (first === undefined) return undefined
  return new Set(first.filter((org) => others.every((list) => list.includes(org))))
}

/** Every list of organizations that is laid on the subject. */
export function orgLists(subject: CheckedSubject): (readonly string[])[] {
  return subject.ceilings.flatMap(({ onlyOrgs }) => (onlyOrgs === undefined ? [] : [onlyOrgs]))
}

function idsIn(list: readonly string[]): readonly string[] {
  return list.filter((entry) => entry !== '*' && entry !== '*none')
}
