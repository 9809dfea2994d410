// Checks roles that are added at run time to a checked policy: what custom roles may not have.
import { entriesOf, fieldOf } from '../read.js'
import { isKind, type Context } from './context.js'
import { checkCustomIncludes } from './includes.js'
import { checkRoleName } from './names.js'
import { customLevelRule, roleOf } from './role-kinds.js'
import { checkRole } from './roles.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'

/** Checks roles that are added in a place for roles of this kind; `context` is that of the policy. */
export function checkCustomRoles(roles: unknown, kind: string, context: Context): void {
  const { problems } = context
  const rule = customLevelRule(kind, context)
  const custom = new Set(entriesOf(roles).map(([name]) => name))
  for (const [name, role] of entriesOf(roles)) {
    const path: Path = [name]
    checkRoleName(name, path, context)
    if (context.roles.has(name)) {
      problems.add('shipped_role', path, `the policy already has a role ${quoteValue(name)}`, name)
    }
    const given = fieldOf(role, 'kind')
    if (isKind(given, context) && given !== kind) {
      problems.add(
        'wrong_place',
        [...path, 'kind'],
        `${roleOf(given)}, added ${placeFor(kind, given)}`,
        given
      )
    }
    for (const key of ['assigns', 'assignable']) {
      const value = fieldOf(role, key)
      if (value !== undefined) {
        problems.add('unknown_key', [...path, key], `${quoteValue(key)} is not allowed in a custom role`, key)
      }
    }
    checkCustomIncludes(fieldOf(role, 'includes'), kind, custom, [...path, 'includes'], context)
    checkRole(role, path, context, rule)
  }
}

/** Where roles of a kind are added, as one says it of a role of another kind. */
function placeFor(kind: string, given: string): string {
  if (kind === 'org') return 'to an organization'
  if (kind !== 'site') return `to a ${quoteValue(kind)}`
  return given === 'org' ? 'without an organization' : `without a ${quoteValue(given)}`
}
