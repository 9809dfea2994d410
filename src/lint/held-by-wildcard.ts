// A rule about wildcards that alone give some permissions: nobody wrote down who is to have these.
import type { CompiledPermission } from '../compile/catalogue.js'
import { quoteValue } from '../problems/quote.js'
import type { LintContext } from './context.js'
import type { Rule } from './types.js'
import { permissionsOf, unitsOf } from './units.js'
import type { Line } from './voters.js'
import { isCastBy, isReachable } from './votes.js'

export const heldByWildcard: Rule = {
  id: 'held-by-wildcard',
  severity: 'info',
  summary: 'A wildcard of a role through which alone roles hold some permissions: no role names them.',
  help: 'Name them in the roles that are meant to have them, or say in `lint.ignore` that the wildcard is meant.',
  *find(context) {
    const byName = new Set<string>()
    const wildcards: Line[] = []
    for (const line of context.lines) {
      if (line.effect !== 'allow' || line.voter.role === undefined) continue
      if (line.key === '*') wildcards.push(line)
      else for (const { name } of allowedBy(context, line, byName)) byName.add(name)
    }
    // Where roles name nothing, wildcards are all that there is to look at.
    if (byName.size === 0) return
    for (const line of wildcards) {
      const only = [...new Set([...allowedBy(context, line, byName)].map(({ name }) => name))]
      if (only.length === 0) continue
      const told = only.slice(0, mostTold).map(quoteValue).join(', ')
      const more = only.length > mostTold ? ` and ${only.length - mostTold} more` : ''
      yield { at: line.at, message: `no role names what the wildcard allows here: ${told}${more}` }
    }
  }
}

const mostTold = 3

/** The permissions that a line gives under some setting, without those of these names. */
function* allowedBy(
  context: LintContext,
  line: Line,
  without: ReadonlySet<string>
): Generator<CompiledPermission> {
  for (const unit of unitsOf(line))
    for (const permission of permissionsOf(context, line, unit)) {
      if (without.has(permission.name)) continue
      if (!isReachable(line.level, permission, context.compiled.catalogue)) continue
      const isGiven = line.voter
        .roleCasesAbout(permission, true)
        .some(({ roleTable }) => isCastBy(roleTable, line, permission))
      if (isGiven) yield permission
    }
}
