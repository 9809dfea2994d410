// What entries of an ACL allow, as far as it does not depend on what the roles say to the row.
import type { CompiledPermission } from '../../compile/catalogue.js'
import { all, any, never, type Condition } from './condition.js'
import type { Places } from './places.js'

/** The rows with an entry of their ACL that grants an action to the subject, with the resource's settings for it. */
export function sharedWith(places: Places, { action, definition }: CompiledPermission): Condition {
  const { acl } = places.columns
  const { words: byAction, members } = definition.sharing
  const words = [...(byAction.get(action) ?? [action]), '*']
  const user = places.me()
  const groups = places.slots.slot('groups', true, ({ ground }) => [ground.groups])
  const inOrg = places.inOrg('memberOrgs', ({ ground, orgsIn }) => orgsIn(ground.member))
  const hasUsers = acl !== undefined && (acl.form === 'table' || acl.users !== undefined)
  const hasGroups = acl !== undefined && (acl.form === 'table' || acl.groups !== undefined)
  const ofUser: Condition = hasUsers ? { kind: 'userEntry', user, words } : never
  const ofGroup: Condition =
    hasGroups && inOrg.kind === 'org'
      ? all(inOrg, { kind: 'groupEntry', user, groups, orgs: inOrg.slot, words })
      : never
  return any(members ? all(inOrg, ofUser) : ofUser, ofGroup)
}
