// A rule about permissions that roles have only because a wildcard reaches whatever there is.
import type { LintContext } from './context.js'
import type { Remark, Rule } from './types.js'
import { permissionsOf, unitsOf } from './units.js'
import { isCastBy, isReachable } from './votes.js'

export const heldByWildcard: Rule = {
  id: 'held-by-wildcard',
  severity: 'info',
  summary: 'A permission that roles allow only through a wildcard: no role names its resource.',
  help: 'Name it in the roles that are meant to have it, or say in `lint.ignore` that the wildcard is meant.',
  *find(context) {
    const { byName, byWildcard } = holdings(context)
    for (const { name, actions } of context.compiled.catalogue.resources.values()) {
      const only = [...actions.values()].filter(
        (permission) => byWildcard.has(permission.name) && !byName.has(permission.name)
      )
      yield* remarksOn(name, only.map(({ action }) => action), actions.size)
    }
  }
}

function* remarksOn(resource: string, actions: readonly string[], all: number): Generator<Remark> {
  const said = 'roles allow it only through the wildcard `*`'
  if (actions.length === all) yield { at: ['resources', resource], message: said }
  else for (const action of actions) yield { at: ['resources', resource, 'actions', action], message: said }
}

/** The names of the permissions that roles allow by a line of the resource, and by one of the wildcard. */
function holdings(context: LintContext): {
  readonly byName: ReadonlySet<string>
  readonly byWildcard: ReadonlySet<string>
} {
  const byName = new Set<string>()
  const byWildcard = new Set<string>()
  for (const line of context.lines) {
    if (line.effect !== 'allow' || line.voter.role === undefined) continue
    const found = line.key === '*' ? byWildcard : byName
    for (const unit of unitsOf(line))
      for (const permission of permissionsOf(context, line, unit)) {
        if (found.has(permission.name)) continue
        if (!isReachable(line.level, permission, context.compiled.catalogue)) continue
        const isCast = line.voter
          .roleCasesAbout(permission, true)
          .some(({ roleTable }) => isCastBy(roleTable, line, permission))
        if (isCast) found.add(permission.name)
      }
  }
  return { byName, byWildcard }
}
