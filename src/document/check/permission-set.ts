// Checks one permission set: every resource and action exists, none is named twice, and none is named where it can
// never match. An empty list, or a wildcard that matches nothing yet, is fine here; the linter reports those.
import { entriesOf, fieldOf, textsOf } from '../read.js'
import { checkRepeats, type Context, type ResourceFacts } from './context.js'
import { quoteValue } from '../../problems/quote.js'
import type { Path } from '../../problems/path.js'
import type { Level } from '../../types.js'
import { canBeInOrg, canReach, placementOf } from '../../levels.js'

/** Checks a set; `level` where it is part of a grant. */
export function checkPermissionSet(set: unknown, path: Path, context: Context, level?: Level): void {
  const { problems, resources } = context
  for (const [name, actions] of entriesOf(set)) {
    const at = [...path, name]
    const resource = resources.get(name)
    if (name === '*') checkActions(actions, at, context.actions, 'no resource has an', context)
    else if (resource === undefined) problems.addUnknown('unknown_resource', at, 'resource', name, resources)
    else {
      if (resource.actions !== undefined)
        checkActions(actions, at, resource.actions, `${quoteValue(name)} has no`, context)
      if (level !== undefined && !isEmptyList(actions)) checkPlacement(name, resource, level, at, context)
    }
  }
}

/** Whether a set grants anything. Empty lists grant nothing: they only exclude a resource from `*`. */
export function hasGrant(set: unknown): boolean {
  return entriesOf(set).some(([, actions]) => !isEmptyList(actions))
}

function checkActions(
  list: unknown,
  path: Path,
  known: ReadonlySet<string>,
  refusal: string,
  context: Context
): void {
  const except = fieldOf(list, 'except')
  const [names, at] = except === undefined ? [list, path] : [except, [...path, 'except']]
  for (const [index, action] of textsOf(names)) {
    if (known.has(action)) continue
    const { problems } = context
    const message = `${refusal} action ${quoteValue(action)}`
    problems.add('unknown_action', [...at, index], message, action, problems.suggest(action, known))
  }
  checkRepeats(names, at, context)
}

function checkPlacement(
  name: string,
  resource: ResourceFacts,
  level: Level,
  path: Path,
  context: Context
): void {
  const placement = placementOf(resource.org)
  if (canReach(level, placement)) return
  const why = `${canBeInOrg(placement) ? 'every' : 'no'} object of ${quoteValue(name)} is in an organization`
  context.problems.add('dead_grant', path, `can never match at level \`${level}\`: ${why}`, name)
}

function isEmptyList(actions: unknown): boolean {
  return Array.isArray(actions) && actions.length === 0
}
