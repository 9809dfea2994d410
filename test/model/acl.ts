// aclAllows, with every entry that does: the spec's section 2, "aclAllows".
import type { AclDocument } from '../../src/document/types.js'
import { impliersOf, own } from './document.js'
import type { Asked } from './request.js'
import { decideByRoles, orgsOf, votesOn } from './votes.js'

/** An ACL entry that grants, with the action, level or `*` as the entry has it. */
export interface AclGrant {
  readonly list: 'users' | 'groups'
  readonly id: string
  readonly action: string
}

type Whom = 'user' | 'group' | 'everyone'

/** The entries that grant; under `anyOrg`, `orgs` are the organizations that count. */
export function aclGrants(asked: Asked, action: string, orgs: readonly string[]): AclGrant[] {
  const { object, subject } = asked
  const from = (whom: Whom, list: 'users' | 'groups', id: string): (AclGrant & { whom: Whom })[] =>
    (own(object.acl?.[list], id) ?? [])
      .filter((given) => isHolding(asked, given, action))
      .map((given) => ({ whom, list, id, action: given }))
  const entries = [
    ...(subject.id === undefined ? [] : from('user', 'users', subject.id)),
    ...subject.groups.flatMap((group) => from('group', 'groups', group)),
    ...(object.org === undefined ? [] : from('everyone', 'groups', object.org))
  ]
  return entries
    .filter(({ whom }) =>
      object.anyOrg ? isCountingInSome(asked, action, whom, orgs) : isCounting(asked, action, whom)
    )
    .map(({ list, id, action }) => ({ list, id, action }))
}

/**
 * "Holds the action or `*`"; "an entry may name one of the `levels` and then holds that level's actions"; "an allow of
 * the action in an ACL entry is an allow of those that it implies".
 */
function isHolding({ resource }: Asked, given: string, action: string): boolean {
  if (given === '*') return true
  const level = own(settingsOf(resource.acl).levels, given) ?? [given]
  // "An ACL action that the resource lacks matches nothing": it implies nothing either.
  return impliersOf(resource, action).some((named) =>
    level === '*' || !('except' in level)
      ? level === '*' || level.includes(named)
      : !level.except.includes(named)
  )
}

/** Whether an entry counts that holds the action, on an object without `anyOrg`. */
function isCounting(asked: Asked, action: string, whom: Whom): boolean {
  const { object, subject, resource } = asked
  const { members = false, requires, overridesDeny = true } = settingsOf(resource.acl)
  const isMember = object.org !== undefined && orgsOf(subject).includes(object.org)
  // "With `members` an entry for a user counts only where the object has an organization to which the subject
  // belongs." One for a group, or for everyone, always does.
  if ((whom !== 'user' || members) && !isMember) return false
  // "With `requires` no entry counts unless `roleAllows` holds for that action on the same object."
  if (requires !== undefined && rolesSay(asked, requires) !== 'allow') return false
  // "With `overridesDeny: false` no entry counts where the roles' answer was a deny."
  return overridesDeny || rolesSay(asked, action) !== 'deny'
}

function isCountingInSome(asked: Asked, action: string, whom: Whom, orgs: readonly string[]): boolean {
  const { members = false, requires, overridesDeny = true } = settingsOf(asked.resource.acl)
  // "A setting at its default is as if it were not there."
  const hasSettings = members || requires !== undefined || !overridesDeny
  // "`acl.groups[g]` counts if the subject belongs to any organization"; of those that count, "one must count".
  if (!hasSettings) return whom === 'user' || (whom === 'group' && orgs.length > 0)
  // "An entry of a resource with any of these three counts exactly if for one of the organizations that count it would
  // count on the same object with `org` set to it, the entry for everyone left out."
  return (
    whom !== 'everyone' &&
    orgs.some((org) =>
      isCounting({ ...asked, object: { ...asked.object, org, anyOrg: false } }, action, whom)
    )
  )
}

/** What the roles say of an object without `anyOrg`; "ceilings are not asked about that one". */
function rolesSay(asked: Asked, action: string): 'allow' | 'deny' | 'nothing' {
  return decideByRoles(asked, votesOn(asked, action, []), []).says
}

/** "`acl: true` is all of these at their defaults." */
function settingsOf(acl: boolean | AclDocument | undefined): AclDocument {
  return typeof acl === 'object' ? acl : {}
}
