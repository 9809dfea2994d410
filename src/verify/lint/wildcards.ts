// What the key `'*'` reaches: today nothing, or tomorrow everything.
import { lineFor, writeSet } from '../../compile/permission-set.js'
import type { CompiledPermission } from '../../compile/catalogue.js'
import type { Path } from '../../document/problem.js'
import { quoteValue } from '../../document/suggest.js'
import type { PermissionSet } from '../../document/types.js'
import { canReach, linesIn, setsIn, setsOfLayers, type LayerSet } from './context.js'
import type { Remark, Rule } from './types.js'

export const futureWildcard: Rule = {
  id: 'future-wildcard',
  severity: 'warning',
  summary:
    'A wildcard in an allow of a role or a system subject: it will reach the resources that are added.',
  help: 'Name the resources, or say in `lint.ignore` why it may have whatever comes.',
  *find(context) {
    for (const { key, effect, at } of linesIn(context))
      if (key === '*' && effect === 'allow')
        yield { at, message: 'the wildcard will allow every resource that is added to the policy, too' }
  }
}

export const emptyWildcard: Rule = {
  id: 'empty-wildcard',
  severity: 'warning',
  summary: 'A wildcard that reaches nothing at its level.',
  help: 'Take it out, or move it to the level that was meant.',
  *find(context) {
    const { document } = context.engine
    for (const layerSet of setsIn(context)) {
      const { level, effect, set, at } = layerSet
      const { permissions } = context.engine.catalogue
      const reached = permissions.filter((permission) => canReach(level, permission))
      const own = effect === 'allow' ? keysBelow(layerSet) : []
      yield* remarksOn(set, at, reached, own, ` at level ${quoteValue(level)}`)
    }
    for (const key of ['scopes', 'scopeTemplates'] as const)
      for (const [name, { allow }] of Object.entries<{ readonly allow: PermissionSet }>(document[key] ?? {}))
        yield* remarksOn(allow, [key, name, 'allow'], context.engine.catalogue.permissions, [], '')
  }
}

/** The keys that layers below have at the same level: in an allow they keep the wildcard from their resources. */
function keysBelow({ voter, layer, level, effect }: LayerSet): readonly string[] {
  return setsOfLayers(voter.layers.slice(0, layer), level, effect).flatMap((set) => Object.keys(set))
}

function* remarksOn(
  set: PermissionSet,
  at: Path,
  permissions: readonly CompiledPermission[],
  others: readonly string[],
  where: string
): Generator<Remark> {
  const wildcard = Object.hasOwn(set, '*') ? set['*'] : undefined
  // An empty list reaches nothing anywhere; that is another rule's.
  if (wildcard === undefined || (Array.isArray(wildcard) && wildcard.length === 0)) return
  const taken = new Set([...Object.keys(set), ...others])
  const written = writeSet({ '*': wildcard }, at)
  const isReached = permissions.some(
    (permission) => !taken.has(permission.resource) && lineFor(written, 'allow', permission) !== undefined
  )
  if (!isReached) yield { at: [...at, '*'], message: `the wildcard reaches nothing${where}` }
}
