// Checks roles that are added at run time to a checked policy: what custom roles may not have.
import { entriesOf, fieldOf } from '../read.js'
import type { Context } from './context.js'
import { checkRoleName } from './names.js'
import { checkRole, type LevelRule } from './roles.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'
import { isOrgLevel } from '../../levels.js'

/** Checks roles that are added at the site or in one organization; `context` is that of the policy. */
export function checkCustomRoles(roles: unknown, kind: 'site' | 'org', context: Context): void {
  const { problems } = context
  for (const [name, role] of entriesOf(roles)) {
    const path: Path = [name]
    checkRoleName(name, path, context)
    if (context.roles.has(name)) {
      problems.add('shipped_role', path, `the policy already has a role ${quoteValue(name)}`, name)
    }
    const given = fieldOf(role, 'kind')
    if ((given === 'site' || given === 'org') && given !== kind) {
      const message =
        kind === 'site'
          ? 'an organization role, added without an organization'
          : 'a site role, added to an organization'
      problems.add('wrong_place', [...path, 'kind'], message, given)
    }
    for (const key of ['assigns', 'assignable']) {
      const value = fieldOf(role, key)
      if (value !== undefined) {
        problems.add('unknown_key', [...path, key], `${quoteValue(key)} is not allowed in a custom role`, key)
      }
    }
    checkRole(role, path, context, levelRules[kind])
  }
}

const levelRules: Readonly<Record<'site' | 'org', LevelRule>> = {
  site: (level) => (isOrgLevel(level) ? 'a site role is held in no organization' : undefined),
  org: (level) => (isOrgLevel(level) ? undefined : 'a custom role of an organization reaches that alone')
}
