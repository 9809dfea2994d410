// A rule about organization roles whose grants are not limited to the organization in which they are held.
import { someNamed, writeSet } from '../compile/permission-set.js'
import { canBeInOrg } from '../levels.js'
import type { Rule } from './types.js'
import { setsIn } from './voters.js'

export const crossTenantRole: Rule = {
  id: 'cross-tenant-role',
  severity: 'warning',
  summary:
    'An organization role that allows something at `site`: in every organization, not only in its own.',
  help: 'Allow it at `org`, or in a site role.',
  *find({ compiled: { catalogue }, voters }) {
    for (const { voter, level, effect, set, at } of setsIn(voters)) {
      if (voter.role?.kind !== 'org' || level !== 'site' || effect !== 'allow') continue
      // What is in no organization belongs to no tenant.
      const isCrossing = someNamed(writeSet(set), 'allow', catalogue, ({ definition }) =>
        canBeInOrg(definition.org)
      )
      if (isCrossing)
        yield { at, message: 'it reaches the objects of every organization, wherever the role is held' }
    }
  }
}
