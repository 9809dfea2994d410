// The ACL entries that relation classes tell apart: none, one for the subject, one for each of its groups, one for
// everyone in the organization. Whether an entry counts depends on the rest of the class: on where the object is, on
// its owner, and on what the roles say of it.
import type { CompiledPermission } from '../../compile/catalogue.js'
import { grantingEntry, type SharedObject } from '../../decide/acl.js'
import { withoutOrgLimits } from '../../decide/counting-orgs.js'
import type { SubjectState } from '../../request/state.js'
import type { Acl } from '../../types.js'
import type { OrgPlace } from './class-places.js'

/** For whom an entry of the object's ACL names the action. */
export type EntryClass = 'user' | 'group' | 'everyone'

/** A class of ACLs. */
export interface Entry {
  readonly kind: EntryClass | undefined
  readonly key: string
  readonly acl?: Acl
  /** The object's organization, where it cannot be the first of the class. */
  readonly org?: string
}

export const noEntry: Entry = { kind: undefined, key: 'no entry' }

/** Every class of ACLs of objects in a place. An entry that can count nowhere there is as good as none. */
export function aclClasses(
  state: SubjectState,
  { action }: CompiledPermission,
  { kind, orgs }: OrgPlace
): Entry[] {
  if (state.id === '') return [noEntry]
  const forId = (id: string): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries([[id, [action]]])
  const entries: Entry[] = [noEntry, { kind: 'user', key: 'user', acl: { users: forId(state.id) } }]
  if (kind !== 'own' && (kind !== 'any' || state.orgs.size === 0)) return entries
  for (const group of state.groups)
    entries.push({ kind: 'group', key: `group:${group}`, acl: { groups: forId(group) } })
  const org = orgs.find((name) => !state.groups.has(name))
  if (org !== undefined) entries.push({ kind: 'everyone', key: 'everyone', org, acl: { groups: forId(org) } })
  return entries
}

/** The key of the class of ACLs that an object is in: the first entry that names the action, whether it counts or not. */
export function aclKey(state: SubjectState, permission: CompiledPermission, object: SharedObject): string {
  if (object.acl === undefined || object.acl === null) return noEntry.key
  // Entries for the subject come first, and what keeps one from counting keeps all others from it too. Where a list of
  // organizations keeps it, that is the reason of the answer, as it is not where there is no entry.
  const entry = grantingEntry(withoutOrgLimits(state), withoutSettings(permission), object)
  if (entry === undefined) return noEntry.key
  if (entry.list === 'users') return 'user'
  return state.groups.has(entry.id) ? `group:${entry.id}` : 'everyone'
}

/** The permission, where no setting keeps an entry from counting. */
function withoutSettings(permission: CompiledPermission): CompiledPermission {
  const { definition } = permission
  if (!definition.sharing.isNarrowed) return permission
  return {
    ...permission,
    definition: { ...definition, sharing: { ...definition.sharing, isNarrowed: false } }
  }
}
